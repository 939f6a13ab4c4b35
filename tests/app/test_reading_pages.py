"""Evidence and assumptions, Flow and Today without a browser: what a person reads is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model import worked_example
from model.errors import InputError
from model.glossary import terms
from model.jobs import Board
from model.parameters.register import register
from model.runs import Standing
from model.service import Reached, Refused
from pages.parts import asking

ROOT = Path(__file__).resolve().parents[2]


class DoesErrands:
    """A service that does errands in this process and never answers a question."""

    engine, memory_bytes = "compiled", 0

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        """Do an errand at once."""
        if not hasattr(request, "bring"):
            return Reached(None, Standing(0, 500, False), 0)
        try:
            return Reached(None, Standing(0, 0, True), 0, request.bring())
        except InputError as error:
            return Refused(error)

    def end(self) -> None:
        """Nothing to end."""


@pytest.fixture(scope="module")
def board():
    """A board that knows the worked example."""
    found = Board(DoesErrands())
    found.keep(worked_example.load())
    return found


@pytest.fixture
def open_at(monkeypatch, board):
    """Opens the app at a page."""
    monkeypatch.setattr(asking, "board", lambda: board)
    monkeypatch.setattr(asking, "FIRST_WAIT_SECONDS", 60)

    def opened(page: str, **state: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
        for key, value in state.items():
            app.session_state[key] = value
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert not app.error
        return app

    return opened


def words(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(str(part.value) for part in parts)


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def turned_to(app: AppTest, tabs: str, name: str) -> str:
    """What a page says once one of its tabs is open."""
    app.session_state[tabs] = name
    app.run()
    assert not app.exception
    assert not app.error
    return words(app)


def test_numbers_are_found_by_word_grade_and_part_and_one_is_looked_at_closely(open_at):
    app = open_at("evidence")
    every = len(register("sefton"))
    assert f"{every:,} of {every:,} numbers" in words(app)
    app.multiselect(key="grades").set_value(["weak"])
    app.text_input(key="search").set_value("effect.early_help_on_step-up").run()
    assert not app.exception
    said = words(app)
    assert f"of {every:,} numbers" in said
    assert f"{every:,} of" not in said
    assert "Effect of early help on step-up to social care" in said
    assert "**Evidence**: Weak" in said
    assert "measured in" in said
    app.text_input(key="search").set_value("no such thing").run()
    assert "Nothing is found" in words(app)


def test_each_part_of_the_evidence_opens_and_the_glossary_is_searched(open_at):
    app = open_at("evidence")
    for tab, says in (
        ("Look at first", "This is a list of what to check, not a measure"),
        ("What was changed", "numbers are not those of the template"),
        ("Unit costs", "whether it can be banked"),
        ("Sources", "sources stand behind the numbers"),
        ("Measures", "What each measure counts"),
        ("Glossary", f"{len(terms())} of {len(terms())} terms"),
    ):
        assert says in turned_to(app, "evidence_tab", tab), tab
    app.text_input(key="glossary_search").set_value("mash").run()
    assert "MASH: multi-agency safeguarding hub" in html(app)
    assert "Payback" not in html(app)


def test_families_are_followed_said_to_be_invented_and_listed_by_month(open_at):
    app = open_at("flow")
    said = words(app)
    assert "Every family here is invented" in said
    assert "One simulated future" in said
    assert "A sample: 240 of" in html(app)
    table = app.dataframe[-1].value
    assert "In early help" in set(table["place"])
    app.selectbox(key="flow_group").set_value("care").run()
    assert not app.exception
    assert "families with a child in care" in html(app)


def test_today_says_what_agrees_what_set_a_parameter_and_what_is_around_the_map(open_at):
    app = open_at("today")
    said = words(app)
    assert "figures set a parameter" in said
    assert "Would it have forecast the past?" in said
    rows = worked_example.load_check("sefton").rows
    table = next(one.value for one in app.dataframe if "agrees" in one.value)
    assert (table["agrees"] == "✗ misses").sum() == (~rows["inside"]).sum()
    tests = table["what it set"] == "nothing: a test of the model"
    assert tests.sum() == (~rows["used_as_input"]).sum()
    for tab, says in (
        ("By locality", "Money is not known by locality"),
        ("How full", "A case is a family, or one child in care"),
        ("Today's caseload", "Open cases on **31 March 2025**"),
    ):
        assert says in turned_to(app, "today_tabs", tab), tab
