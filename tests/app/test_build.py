"""Build a redesign, without a browser: controls, refusals, who pays, undo, files, the shelf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model import worked_example
from model.jobs import Board
from model.redesigns import drafts, links, shelf
from model.runs import Standing
from model.service import Advance, Reached
from pages.parts import asking, choices

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/build.py"
SIX, WHEN = "build_key_workers_Bootle_0_value", "build_key_workers_Bootle_0_from"


class Ready:
    """A service that answers at once, with the figures of the worked example."""

    engine, memory_bytes = "compiled", 0

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        """The worked example, whatever is asked."""
        if not isinstance(request, Advance):
            return Reached(None, Standing(0, 0, True), 0)
        answer = replace(worked_example.load(), question=request.question)
        return Reached(answer, Standing(32, 32, True), 0)

    def end(self) -> None:
        """Nothing to end."""


@pytest.fixture(autouse=True)
def ready_board(monkeypatch, tmp_path):
    """A board whose service answers at once, and a shelf of its own."""
    board = Board(Ready())
    monkeypatch.setattr(asking, "board", lambda: board)
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path / "redesigns"))
    return board


@pytest.fixture
def app():
    """The page as it opens, on the part with key workers."""
    found = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    found.session_state["build_group"] = "Early help"
    return found.switch_page(PAGE).run()


def words(app: AppTest) -> str:
    """Everything that the page says."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(str(part.value) for part in [*parts, *app.error, *app.success, *app.code])


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    return next(one for one in app.button if one.label == label).click().run()


def now(app: AppTest) -> drafts.Draft:
    """The redesign that every page shows."""
    text = app.session_state[choices.DRAFT_KEY]
    return drafts.from_toml(text, "now", unfinished=True)


def with_six(app: AppTest) -> AppTest:
    """Six more key workers in Bootle."""
    return app.number_input(key=SIX).set_value(6.0).run()


def test_the_page_opens_with_nothing_changed_and_says_what_to_do(app):
    assert not app.exception and not app.error
    assert app.title[0].value == "Build a redesign"
    assert "Nothing is changed yet" in words(app)
    assert "Move something under **What changes**" in words(app)


def test_every_lever_shows_todays_value_and_its_evidence(app):
    for group in ("Front door", "Social care", "Care", "What early help does", "The world outside"):
        app.button_group(key="build_group").set_value(group).run()
        assert not app.exception
        today = [one.value for one in app.caption if "Today: **" in one.value]
        assert today and all("evidence: " in one for one in today)


def test_a_move_shows_its_figures_on_every_page_and_nobody_pays_until_somebody_does(app):
    with_six(app)
    assert not app.exception
    assert "Nobody pays for 6 key workers yet" in words(app)
    assert "More key workers, in Bootle: +6 full-time equivalents from 1 October 2025" in words(app)
    assert app.selectbox(key="scenario").value == choices.DRAFT
    press(app, "Add the pay of 6 key workers")
    assert "The pay of 6 key workers is in the costs." in words(app)
    assert now(app).costs[0]["staff"] == {"grade": "key_worker", "wte": 6.0}
    app.switch_page("pages/compare.py").run()
    assert not app.exception


def test_the_answer_says_money_payback_families_and_children_in_care(app):
    with_six(app)
    app.run()
    said = words(app) + str([one.body for one in app.get("html")])
    for part in ("Pays back within 5 years", "money over 5 years", "Years are counted from"):
        assert part in said


def test_undo_redo_and_blank_lose_nothing(app):
    with_six(app)
    app.selectbox(key=WHEN).set_value("2026-10-01").run()
    assert now(app).changes[0]["from"] == "2026-10-01"
    press(app, "Undo")
    assert now(app).changes[0]["from"] == "2025-10-01"
    press(app, "Undo")
    assert now(app).empty and not app.exception
    assert app.number_input(key=SIX).value == 0
    press(app, "Redo")
    assert app.number_input(key=SIX).value == 6
    press(app, "As today")
    assert now(app).empty


def test_a_date_is_remembered_before_the_lever_is_moved(app):
    app.selectbox(key=WHEN).set_value("2026-01-01").run()
    with_six(app)
    assert now(app).changes[0]["from"] == "2026-01-01"


def test_steps_in_the_wrong_order_are_refused_beside_the_control_and_nothing_is_lost(app):
    with_six(app)
    press(app, "Add a later step")
    assert [value for _, value in now(app).changes[0]["ramp"]] == [6.0, 7.0]
    app.selectbox(key="build_key_workers_Bootle_1_from").set_value("2025-06-01").run()
    assert "dates in rising order" in app.error[0].value
    assert now(app).changes[0]["ramp"][1][0] == "2025-11-01"
    press(app, "Take out the last step")
    assert not app.error
    assert now(app).changes[0]["value"] == 6.0


def test_more_officers_than_there_are_is_refused_in_words(app):
    app.button_group(key="build_group").set_value("Front door").run()
    app.number_input(key="build_officers_adopting__0_value").set_value(6.0).run()
    app.number_input(key="build_screening_officers__0_value").set_value(-3.0).run()
    assert "That cannot be" in app.error[0].value
    assert len(now(app).changes) == 1


def test_a_cost_has_a_name_a_payer_pounds_and_dates(app):
    with_six(app)
    press(app, "Add a sum once")
    app.text_input(key="build_cost_0_name").set_value("Training").run()
    app.number_input(key="build_cost_0_gbp").set_value(40_000.0).run()
    app.number_input(key="build_cost_0_spread").set_value(25.0).run()
    app.selectbox(key="build_cost_0_funder").set_value("schools").run()
    (row,) = now(app).costs
    assert (row["name"], row["funder"], row["gbp_once"]) == ("Training", "schools", 40_000)
    assert (row["low"], row["high"]) == (30_000, 50_000)
    press(app, "Add a sum each year")
    app.number_input(key="build_cost_1_years").set_value(2.0).run()
    assert now(app).costs[1]["years"] == 2
    press(app, "Remove this cost")
    assert [one["name"] for one in now(app).costs] == ["Running cost (2)"]


def test_a_redesign_of_the_library_is_a_start_with_what_no_lever_shows_listed(app):
    app.radio(key="build_source").set_value("A redesign of the library").run()
    app.selectbox(key="build_from_library").set_value("bootle_pilot").run()
    press(app, "Start from this one")
    assert now(app).title == "Bootle pilot: Family Help pods, changed"
    assert "Other changes" in words(app)
    press(app, "Take out")
    assert len(now(app).changes) == 4 and not app.error


def test_save_load_replace_and_delete(app):
    with_six(app)
    app.text_input(key="build_name").set_value("Six in Bootle").run()
    press(app, "Save")
    assert shelf.kept() == ["Six in Bootle"]
    press(app, "As today")
    press(app, "Save")
    assert "already" in words(app) or "There is a saved redesign" in words(app)
    app.radio(key="build_source").set_value("A saved redesign").run()
    press(app, "Load")
    assert now(app).changes[0]["value"] == 6.0
    press(app, "Delete")
    press(app, "Yes, delete 'Six in Bootle' for everyone")
    assert shelf.kept() == []
    assert not app.exception


def test_a_link_opens_the_same_redesign_in_another_session(app):
    with_six(app)
    press(app, "Add the pay of 6 key workers")
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    other.query_params[choices.LINK] = links.packed(now(app))
    other.switch_page(PAGE).run()
    assert not other.exception
    assert "Pay of 6 key workers from 1 October 2025" in words(other)


def test_a_damaged_link_is_said_and_the_page_goes_on_without_it(app):
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    other.query_params[choices.LINK] = "damaged"
    other.switch_page(PAGE).run()
    assert "a damaged link" in other.error[0].value
    assert not other.exception
    other.run()
    assert not other.error and "Nothing is changed yet" in words(other)


def test_a_change_after_the_end_of_the_run_is_said_and_can_be_put_right(app):
    with_six(app)
    app.selectbox(key=WHEN).set_value("2027-10-01").run()
    app.slider(key="years").set_value(2).run()
    assert not app.exception
    assert "a date before the end" in words(app)
    app.selectbox(key=WHEN).set_value("2026-10-01").run()
    assert not app.error


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "no text"),
        (b"title = ", "no TOML"),
        (b"title = 'x'\nrationale = 'r'\nevidence = 'weak'\n", "no change at all"),
        (b"x" * 200_001, "scenario file is small"),
        (b"titel = 'x'", "titel"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(content, says):
    from model.errors import InputError
    from pages.parts import build_start, build_state

    where = build_state.Site(None, None, 0)
    with pytest.raises(InputError) as caught:
        build_start.imported("mine.toml", content, where)
    assert says in build_state.in_words(caught.value)
