"""A redesign on the drawing board: levers, edits, undo, links, the shelf."""

from __future__ import annotations

from datetime import date

import pytest

from model import explain, inputs, parameters, scenarios
from model.errors import InputError
from model.parameters.catalogue import SPECS
from model.redesigns import drafts, levers, links, shelf, telling
from model.scenarios import BASELINE

LIBRARY = [name for name in scenarios.names() if name != BASELINE]


@pytest.fixture(scope="module")
def sefton():
    return parameters.load("sefton")


@pytest.fixture
def bootle(sefton):
    """Six more key workers in Bootle from October."""
    lever = levers.lever_named("key_workers")
    return drafts.with_lever(drafts.blank(), lever, [("2026-10-01", 6.0)], sefton, ["Bootle"])


@pytest.mark.parametrize("lever", levers.levers(), ids=lambda one: one.name)
@pytest.mark.parametrize("area", ["sefton", "stockport", "england"])
def test_every_lever_moves_a_number_of_every_area(lever, area):
    known = parameters.load(area)
    assert lever.parameter in SPECS
    now = levers.today(lever, known)
    assert now.low < now.high
    assert now.sources and now.says
    neutral = levers.NEUTRAL.get(lever.how, now.value)
    moved = next(one for one in (now.high, now.low) if one != neutral)
    draft = drafts.with_lever(drafts.blank(), lever, [("start", moved)], known)
    resolved = inputs.resolve(area, drafts.scenario_of(draft), start=date(2025, 4, 1), years=1)
    usual = inputs.resolve(area, start=date(2025, 4, 1), years=1)
    assert resolved.digest() != usual.digest()


def test_a_guess_has_a_range_from_no_change_to_twice_the_change(sefton):
    lever = levers.lever_named("plans_step_down")
    row = levers.row_of(lever, [("start", 1.3)], sefton)
    assert row["uncertainty"] == {"distribution": "triangular", "low": 1.0, "high": 1.69}
    down = levers.row_of(lever, [("start", 0.8)], sefton)
    assert down["uncertainty"]["low"] == pytest.approx(0.64)
    assert down["uncertainty"]["high"] == 1.0


def test_an_effect_stays_within_its_evidence(sefton):
    lever = levers.lever_named("effect_step_up")
    now = levers.today(lever, sefton)
    evidence = sefton["effect.early_help_on_step_up"].uncertainty
    assert (now.low, now.high) == (evidence.low, evidence.high)
    draft = drafts.with_lever(drafts.blank(), lever, [("start", evidence.low / 2)], sefton)
    with pytest.raises(InputError, match="outside"):
        drafts.scenario_of(draft)


def test_moving_a_lever_again_replaces_the_first_move(sefton, bootle):
    lever = levers.lever_named("key_workers")
    again = drafts.with_lever(bootle, lever, [("2027-01-01", 4.0)], sefton, ["Bootle"])
    assert drafts.steps_of(again, lever, "Bootle") == [("2027-01-01", 4.0)]
    assert len(again.changes) == 1
    elsewhere = drafts.with_lever(again, lever, [("2027-01-01", 1.0)], sefton, ["Central"])
    assert len(elsewhere.changes) == 2
    everywhere = drafts.with_lever(elsewhere, lever, [("2027-01-01", 9.0)], sefton)
    assert len(everywhere.changes) == 1
    assert drafts.with_lever(everywhere, lever, [], sefton).empty


def test_undo_goes_back_and_forth_and_an_edit_forgets_what_was_undone(sefton, bootle):
    lever = levers.lever_named("social_workers")
    more = drafts.with_lever(bootle, lever, [("start", 5.0)], sefton)
    history = drafts.History(drafts.blank()).then(bootle).then(more).then(more)
    assert len(history.before) == 2
    assert history.undone().now == bootle
    assert history.undone().redone().now == more
    assert history.undone().undone().undone().now.empty
    assert not history.undone().then(drafts.blank("Other")).after


@pytest.mark.parametrize("name", LIBRARY)
def test_a_scenario_of_the_library_is_the_same_on_the_drawing_board(name):
    """Its numbers, on every date, are those of the file, whatever the file extends."""
    known = scenarios.load(name)
    draft = drafts.started_from(name)
    again = drafts.from_toml(draft.toml, "exported.toml")
    assert again.table == draft.table
    area = known.areas[0] if known.areas else "sefton"
    first = inputs.resolve(area, known, start=date(2025, 4, 1), years=5)
    second = inputs.resolve(area, drafts.scenario_of(again), start=date(2025, 4, 1), years=5)
    assert first.digest() == second.digest()
    assert links.unpacked(links.packed(draft)).table == draft.table


def test_text_that_extends_another_scenario_is_made_whole():
    text = 'title = "More"\nrationale = "r"\nevidence = "weak"\nextends = ["step_down"]\n'
    draft = drafts.from_toml(text, "more.toml")
    assert draft.changes == drafts.started_from("step_down").changes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "no TOML"),
        ("titel = 'x'", "titel"),
        ("title = 'x'\nrationale='r'\nevidence='weak'\n[[change]]\nparameter='x'", "parameter"),
    ],
)
def test_text_that_is_no_scenario_is_refused(text, says):
    with pytest.raises(InputError, match=says):
        drafts.from_toml(text, "mine.toml")


@pytest.mark.parametrize("text", ["", "a", "!!!!", "A" * 7000, "eJwDAAAAAAE", "eJzLSM3JyQcABiwCFQ"])
def test_a_damaged_link_is_refused(text):
    with pytest.raises(InputError):
        links.unpacked(text)


def test_a_link_that_would_open_to_something_huge_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 3_000_000)).decode().rstrip("=")
    with pytest.raises(InputError, match="more than a redesign"):
        links.unpacked(bomb)


def test_the_shelf_keeps_a_redesign_under_its_name(tmp_path, monkeypatch, bootle):
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path / "redesigns"))
    assert shelf.kept() == []
    assert shelf.keep(bootle, "  Six  in Bootle ") == "Six in Bootle"
    assert shelf.taken("Six in Bootle").table == bootle.table
    with pytest.raises(InputError, match="taken"):
        shelf.keep(bootle, "Six in Bootle")
    shelf.keep(drafts.with_words(bootle, "Other"), "Six in Bootle", replace=True)
    assert shelf.taken("Six in Bootle").title == "Other"
    with pytest.raises(InputError, match="Six in Bootle"):
        shelf.taken("Six in Botle")
    shelf.thrown_away("Six in Bootle")
    assert list((tmp_path / "redesigns").iterdir()) == []


@pytest.mark.parametrize("name", ["", "../away", "a/b", ".hidden", "x" * 61, "a\nb\x00"])
def test_a_name_that_no_file_should_have_is_refused(name, tmp_path, monkeypatch, bootle):
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match="letters"):
        shelf.keep(bootle, name)


def test_a_redesign_tells_what_it_changes(sefton, bootle):
    paid = drafts.with_cost(
        bootle,
        drafts.staff_row("Their pay", "council_childrens_services", "key_worker", 6, "start"),
    )
    first, second = telling.sentences(drafts.scenario_of(paid), sefton)
    assert first.startswith("More key workers, in Bootle: +6 full-time equivalents")
    assert "from 1 October 2026" in first
    assert second.startswith("Their pay: £") and second.endswith("prices).")
    assert telling.sentences(scenarios.load(BASELINE), sefton) == [telling.NOTHING]
    assert "Bootle" in explain.explain(drafts.scenario_of(paid), "sefton")
    begins = list(telling.schedule(drafts.scenario_of(paid)))
    assert begins[0] == (date(2026, 10, 1), "More key workers, in Bootle: 6")


def test_an_unknown_lever_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="key_workers"):
        levers.lever_named("key_worker")


def test_a_draft_that_changes_nothing_yet_comes_back_from_its_link_and_is_no_file_to_import():
    draft = drafts.with_words(drafts.blank(), "Thinking about it")
    assert links.unpacked(links.packed(draft)).title == "Thinking about it"
    with pytest.raises(InputError, match="no change at all"):
        drafts.from_toml(draft.toml, "thinking.toml")
