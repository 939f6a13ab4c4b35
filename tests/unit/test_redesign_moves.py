"""Levers moved place by place, staff that must be paid for, the command for the same figures."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import date

import pytest

from model import __main__ as command_line
from model import asking, charts, parameters, scenarios
from model.enough import Rule
from model.pictures_schedule import CHANGED, PAID, schedule
from model.questions import Question
from model.redesigns import drafts, levers, moves, staffing, telling
from model.redesigns.command import command_of
from model.results import Sampling

START = date(2025, 4, 1)
OCTOBER, APRIL = "2025-10-01", "2026-04-01"


@pytest.fixture(scope="module")
def sefton():
    return parameters.load("sefton")


@pytest.fixture
def key_workers():
    return levers.lever_named("key_workers")


def test_each_place_has_a_value_and_a_date_of_its_own(sefton, key_workers):
    draft = moves.moved(drafts.blank(), key_workers, "Bootle", [(OCTOBER, 6)], sefton)
    draft = moves.moved(draft, key_workers, "Central", [(APRIL, 2)], sefton)
    stands = moves.standing(draft, key_workers, sefton)
    assert stands.by_place == {"Southport": (), "Central": ((APRIL, 2),), "Bootle": ((OCTOBER, 6),)}
    assert [row["localities"] for row in draft.changes] == [["Bootle"], ["Central"]]


def test_places_that_are_moved_alike_are_one_change_and_part_again(sefton, key_workers):
    draft = drafts.blank()
    for place in sefton.area.localities:
        draft = moves.moved(draft, key_workers, place, [(OCTOBER, 6)], sefton)
    (row,) = draft.changes
    assert "localities" not in row
    draft = moves.moved(draft, key_workers, "Central", [], sefton)
    (row,) = draft.changes
    assert row["localities"] == ["Southport", "Bootle"]


def test_a_lever_at_todays_value_is_no_change(sefton):
    share = levers.lever_named("partner_share")
    now = levers.today(share, sefton).value
    draft = moves.moved(drafts.blank(), share, "", [(OCTOBER, now)], sefton)
    assert draft.empty
    draft = moves.moved(draft, share, "", [(OCTOBER, now), (APRIL, 0.4)], sefton)
    assert moves.standing(draft, share, sefton).by_place == {"": ((APRIL, 0.4),)}


def test_another_date_keeps_the_evidence_and_another_value_does_not(sefton):
    pilot = drafts.started_from("bootle_pilot")
    lever = levers.lever_named("plans_step_down")
    known = next(row for row in pilot.changes if levers.matches(lever, row))
    later = moves.moved(pilot, lever, "Bootle", [("2026-09-01", 1.3)], sefton)
    row = later.changes[pilot.changes.index(known)]
    assert row == {**known, "from": "2026-09-01"}
    more = moves.moved(pilot, lever, "Bootle", [("2026-04-13", 1.5)], sefton)
    row = more.changes[pilot.changes.index(known)]
    assert (row["grade"], row["source"]) == ("assumption", ["own_judgement"])
    assert row["uncertainty"]["low"] == 1.0
    elsewhere = moves.moved(pilot, lever, "Central", [(OCTOBER, 1.1)], sefton)
    assert known in elsewhere.changes


def test_the_whole_is_graded_as_its_weakest_part(sefton):
    library = drafts.started_from("stockport_pathway")
    assert library.table["evidence"] == "weak"
    lever = levers.lever_named("universal_uptake")
    guessed = moves.moved(library, lever, "", [(OCTOBER, 0.7)], sefton)
    assert guessed.table["evidence"] == "assumption"


@pytest.mark.parametrize("name", [one for one in scenarios.names() if one != scenarios.BASELINE])
def test_every_change_of_the_library_is_at_a_lever_or_listed(name):
    plan = scenarios.load(name)
    area = parameters.load(plan.areas[0] if plan.areas else "sefton")
    draft = drafts.started_from(name)
    listed = {place for place, _ in moves.others(draft, area)}
    moved = [levers.lever_named(one) for one in moves.moved_levers(draft, area)]
    at_levers = [
        place
        for place, row in enumerate(draft.changes)
        if any(levers.matches(lever, row) for lever in moved)
    ]
    assert listed | set(at_levers) == set(range(len(draft.changes)))
    assert not listed & set(at_levers)


def test_added_staff_are_paid_for_by_one_click_from_their_first_day(sefton, key_workers):
    steps = [(OCTOBER, 2), (APRIL, 6)]
    draft = moves.moved(drafts.blank(), key_workers, "Bootle", steps, sefton)
    (unpaid,) = staffing.added_staff(draft, sefton, START)
    assert (unpaid.added, unpaid.missing) == (6, 6)
    assert unpaid.gbp_per_year == 6 * unpaid.post.gbp_per_year
    paid = staffing.with_pay(draft, unpaid)
    assert [(row["staff"]["wte"], row["from"]) for row in paid.costs] == [(2, OCTOBER), (4, APRIL)]
    (now,) = staffing.added_staff(paid, sefton, START)
    assert now.missing == 0
    assert staffing.with_pay(paid, now) == paid
    drafts.scenario_of(paid)
    half = drafts.without_cost(paid, 1)
    (rest,) = staffing.added_staff(half, sefton, START)
    assert rest.steps == ((APRIL, 4),)


def test_fewer_staff_and_places_of_carers_ask_for_no_pay(sefton, key_workers):
    draft = moves.moved(drafts.blank(), key_workers, "Bootle", [(OCTOBER, -2)], sefton)
    foster = levers.lever_named("foster_places")
    draft = moves.moved(draft, foster, "", [(OCTOBER, 20)], sefton)
    assert staffing.added_staff(draft, sefton, START) == []


def test_a_timeline_shows_every_step_and_every_cost_within_the_run(sefton):
    picture = schedule(scenarios.load("stockport_pathway"), START, 4)
    officers = picture.table[picture.table["what"] == "Officers who screen below the threshold"]
    assert list(officers["from"]) == [date(2025, month, 1) for month in range(5, 10)]
    assert set(picture.table["kind"]) == {CHANGED, PAID}
    assert picture.table["until"].max() == date(2029, 4, 1)
    assert "5 officers" in picture.alt
    assert charts.drawn_as(picture, "svg").startswith(b"<svg")


def test_a_sentence_says_todays_number_of_the_place_and_shares_in_percent(sefton, key_workers):
    draft = moves.moved(drafts.blank(), key_workers, "Bootle", [(OCTOBER, 6)], sefton)
    share = levers.lever_named("conferences")
    draft = moves.moved(draft, share, "", [(OCTOBER, 0.5)], sefton)
    first, second = telling.sentences(drafts.scenario_of(draft), sefton)
    assert first.endswith("(today 17).")
    assert "50% of families from 1 October 2025 (today 33% of families)" in second


@pytest.mark.parametrize(
    ("sampling", "until_enough"),
    [
        (Rule().sampling(True, 1), True),
        (Rule().sampling(False, 1), True),
        (Sampling.drawn(48), False),
        (Sampling(2, 32, 1), False),
        (Sampling(64, 0, 1), False),
    ],
)
def test_the_command_asks_for_the_same_futures(sampling, until_enough):
    asked = Question("sefton", "mine", START, 4, sampling, until_enough, text="title = 'x'")
    _, _, _, *words = shlex.split(command_of(asked))
    assert words[-1] == "mine.toml"
    chosen = command_line.parser().parse_args(words)
    theirs, rule = asking.sampling_of(chosen)
    assert (theirs, rule is not None) == (sampling, until_enough)
    assert (chosen.area, chosen.years, chosen.start) == ("sefton", 4, START)
    assert command_of(replace(asked, text="")).endswith("baseline mine")
