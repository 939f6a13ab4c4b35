"""Nobody is lost, nobody is in two places, nobody jumps the queue: whatever the council.

Councils are invented: splits, rates, paces and places at random, on the real pathway, with open
cases in every stage and children of every age. What must hold is replayed from the log and from
the families that came, by other means than the engine's.
"""

from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import network
from model.engines.cases import Cases
from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    CHILD_COMES_HOME,
    COLUMNS,
    GROWN_UP,
    HOUSEHOLD_CHANGED,
    OPEN,
    OUTCOME_CODES,
    STAGE_CODES,
    EpisodeLog,
)
from model.network import Network
from model.pathway import (
    ATTRIBUTES,
    GONE,
    PATHWAY,
    REJOINS_FAMILY,
    SAME_STAGE,
    SETS_ON_REJOINING,
    STAGE_NAMES,
    STEP_DOWN,
    Scope,
    Unit,
    Wait,
)
from tests.small_networks import YEAR, invented, invented_area, invented_cases, run

COUNCILS = 40
ADULT_YEARS = 18
councils = st.integers(0, COUNCILS - 1)
each_council = settings(max_examples=COUNCILS)


class Row(NamedTuple):
    """One row of the log."""

    start: int
    case: int
    nth: int
    stage: int
    served: int
    end: int
    outcome: int
    place: int
    mask: int
    state: int
    spent: int

    @property
    def ending(self) -> str:
        """How the stay ended; empty while it is open."""
        return OUTCOME_CODES[self.outcome] if self.end != OPEN else ""


class Story(NamedTuple):
    """What happened in an invented council."""

    network: Network
    cases: Cases
    log: EpisodeLog
    stays: dict[int, list[Row]]  # by case, in order; what runs beside a stage is left out


@cache
def council(seed: int, roomy: bool = False) -> Story:
    """An invented council and three years of it."""
    net = network.build(invented(invented_area(), seed, roomy))
    random = np.random.default_rng(seed)
    cases = invented_cases(random, net.horizon, len(net.localities))
    log = run(net, cases, seed)
    stays: dict[int, list[Row]] = defaultdict(list)
    for row in log.rows[np.lexsort((log.column("nth"), log.column("case")))].tolist():
        if row[COLUMNS.index("stage")] < len(PATHWAY):
            stays[row[COLUMNS.index("case")]].append(Row(*row))
    return Story(net, cases, log, stays)


def until(row: Row, story: Story) -> int:
    """When a stay ended, or the run did."""
    return story.log.horizon_minutes if row.end == OPEN else row.end


def declared_end(row: Row):
    """The end of the stage by which a stay ended; None for endings that belong to no stage."""
    return next((end for end in PATHWAY[row.stage].ends if end.outcome == row.ending), None)


# --- the log --------------------------------------------------------------------------------------


@each_council
@given(councils)
def test_no_two_rows_share_start_case_and_nth_and_they_are_in_order(seed):
    log = council(seed).log
    keys = list(zip(*(log.column(name).tolist() for name in ("start", "case", "nth")), strict=True))
    assert keys == sorted(set(keys))
    numbered = defaultdict(list)
    for _, case, nth in keys:
        numbered[case].append(nth)
    assert all(sorted(found) == list(range(len(found))) for found in numbered.values())


@each_council
@given(councils)
def test_everyone_who_comes_begins_where_and_when_they_came(seed):
    """But for families whose children had all grown up before."""
    story = council(seed)
    cases, adult = story.cases, ADULT_YEARS * YEAR
    for position, case in enumerate(cases.case.tolist()):
        minute, births = int(cases.minute[position]), cases.births[position]
        at_home = [k for k in bits_of(int(cases.household[position])) if births[k] + adult > minute]
        if not at_home and case % CASES_PER_FAMILY == 0:
            assert case not in story.stays
            continue
        first = story.stays[case][0]
        assert (first.start, first.stage) == (minute, cases.stage[position])
    came = set(cases.case.tolist()) | {c - c % CASES_PER_FAMILY for c in cases.case.tolist()}
    assert {case - case % CASES_PER_FAMILY for case in story.stays} <= came


# --- stays ----------------------------------------------------------------------------------------


@each_council
@given(councils)
def test_a_case_is_in_one_stage_at_a_time_and_goes_where_the_pathway_leads(seed):
    story = council(seed)
    for stays in story.stays.values():
        for before, after in pairwise(stays):
            assert before.end != OPEN, "an open stay is the last"
            assert before.end <= after.start, "two stages at once"
            if before.end == after.start:
                assert STAGE_NAMES[after.stage] in leads_to(before)
            else:
                assert ends_the_case(before), "a gap in the middle of the pathway"
                is_child = PATHWAY[after.stage].unit is Unit.CHILD
                assert STAGE_NAMES[after.stage] == ("looked_after" if is_child else STEP_DOWN)


def leads_to(row: Row) -> set[str]:
    """The stages to which a stay's ending can lead in the same minute."""
    if row.ending == HOUSEHOLD_CHANGED:
        return {STAGE_NAMES[row.stage]}
    if row.ending == CHILD_COMES_HOME:
        return {STEP_DOWN}
    if row.ending == GROWN_UP:
        return set()
    end = declared_end(row)
    to = end.rest if end.splits else end.to
    if to == REJOINS_FAMILY:
        return {"looked_after"}  # and enters care again in the minute in which it came home
    return {STAGE_NAMES[row.stage] if to == SAME_STAGE else to}


def ends_the_case(row: Row) -> bool:
    """Whether a stay's ending can be the end of the case."""
    if row.ending == GROWN_UP:
        return True
    end = declared_end(row)
    return end is not None and (end.to in (GONE, REJOINS_FAMILY) or end.splits)


@each_council
@given(councils)
def test_a_case_whose_stay_ended_goes_on_unless_the_pathway_ends_or_nobody_is_left(seed):
    story = council(seed)
    for case, stays in story.stays.items():
        last = stays[-1]
        if last.end != OPEN and not ends_the_case(last):
            assert case % CASES_PER_FAMILY == 0
            home = children_at_home(story, case, last.end)
            assert not home, f"{bits_of(home)} at home, and the family's stay led nowhere"


@each_council
@given(councils)
def test_time_spent_runs_on_while_a_stay_goes_on(seed):
    for stays in council(seed).stays.values():
        for before, after in pairwise(stays):
            end = declared_end(before)
            goes_on = before.ending == HOUSEHOLD_CHANGED or (
                end is not None and SAME_STAGE in (end.to, end.rest)
            )
            if goes_on and before.end == after.start:
                assert after.spent == before.spent + before.end - before.start
            else:
                assert after.spent == 0


def attributes(state: int) -> dict[str, int]:
    """The code of each attribute in a packed state."""
    return {name: state >> shift & 15 for name, shift in ATTRIBUTE_SHIFT.items()}


def codes(values: dict[str, str]) -> dict[str, int]:
    """The codes of attribute values given by name."""
    return {name: ATTRIBUTES[name].index(value) for name, value in values.items()}


@each_council
@given(councils)
def test_attributes_change_only_as_the_pathway_declares(seed):
    """By the ending, by draws of luck, by a child's birthday, or because a child comes home."""
    story = council(seed)
    for case, stays in story.stays.items():
        back = {back for child in range(6) for _, back in times_in_care(story, case, child)}
        for before, after in pairwise(stays):
            end, stage = declared_end(before), PATHWAY[after.stage]
            settled, free = {}, {"age", "placement"}
            if end is not None:
                settled = codes(end.sets)
                free |= set(end.sets_if_new) | {draw.attribute for draw in end.draws}
            if before.ending != HOUSEHOLD_CHANGED:
                free |= {draw.attribute for draw in stage.draws}
            if case % CASES_PER_FAMILY == 0 and after.start in back:
                settled |= codes(SETS_ON_REJOINING)
            elif before.end != after.start:
                continue  # a child who was at home meanwhile brings its family's attributes
            expected = attributes(before.state) | settled
            found = attributes(after.state)
            for name in set(expected) - free:
                assert found[name] == expected[name], name


# --- children -------------------------------------------------------------------------------------


def bits_of(mask: int) -> list[int]:
    """The children in a mask."""
    return [k for k in range(mask.bit_length()) if mask >> k & 1]


def times_in_care(story: Story, family: int, child: int) -> list[tuple[int, int]]:
    """When a child left home and when it came back; the run's end and more for never."""
    never = story.log.horizon_minutes + 1
    found: list[tuple[int, int]] = []
    stays = story.stays.get(family + 1 + child, [])
    for place, row in enumerate(stays):
        if place == 0 or stays[place - 1].ending == "returns_home":
            found.append((row.start, never))
        if row.ending == "returns_home":
            found[-1] = (found[-1][0], row.end)
    return found


def came(story: Story, family: int) -> tuple[int, np.ndarray, np.ndarray]:
    """A family's household, births and scopes, as it or its child came."""
    ids = story.cases.case - story.cases.case % CASES_PER_FAMILY
    position = int(np.flatnonzero(ids == family)[0])
    household = int(story.cases.household[position])
    return household, story.cases.births[position], story.cases.scopes[position]


def children_at_home(story: Story, family: int, minute: int) -> int:
    """The children under 18 who are at home at a moment: not in care, not gone from there."""
    household, births, _ = came(story, family)
    home = 0
    for child in range(len(births)):
        away = times_in_care(story, family, child)
        lives_here = household >> child & 1 or (away and minute >= away[0][1])
        in_care = any(left <= minute < back for left, back in away)
        if lives_here and not in_care and births[child] + ADULT_YEARS * YEAR > minute:
            home |= 1 << child
    return home


@each_council
@given(councils)
def test_no_child_is_at_home_and_in_care_at_once(seed):
    story = council(seed)
    for case, stays in story.stays.items():
        if case % CASES_PER_FAMILY:
            assert all(row.mask == 1 << (case % CASES_PER_FAMILY - 1) for row in stays)
            continue
        in_care = {child: times_in_care(story, case, child) for child in range(6)}
        for row in stays:
            assert row.mask > 0
            for child in bits_of(row.mask):
                for left, back in in_care[child]:
                    assert until(row, story) <= left or row.start >= back


@each_council
@given(councils)
def test_a_stage_counts_the_children_at_home_whom_it_is_about(seed):
    """Every new stay of a family counts its scope's children at home, or the eldest of the rest."""
    story = council(seed)
    for case, stays in story.stays.items():
        if case % CASES_PER_FAMILY:
            continue
        _, births, scopes = came(story, case)
        for place, row in enumerate(stays):
            home = children_at_home(story, case, row.start)
            assert row.mask & ~home == 0, "a child is counted that is not at home"
            if place and stays[place - 1].ending == HOUSEHOLD_CHANGED:
                continue
            scope = int(scopes[list(Scope).index(PATHWAY[row.stage].scope)])
            assert row.mask == (home & scope or home & -home)
            for child in bits_of(row.mask):
                assert until(row, story) <= births[child] + ADULT_YEARS * YEAR


@each_council
@given(councils)
def test_every_child_in_care_came_from_home_or_was_there_from_the_first(seed):
    story = council(seed)
    first = dict(zip(story.cases.case.tolist(), story.cases.minute.tolist(), strict=True))
    splits = set()
    for case, stays in story.stays.items():
        if case % CASES_PER_FAMILY == 0:
            for row in stays:
                end = declared_end(row)
                if end is not None and end.splits:
                    splits |= {(case, child, row.end) for child in bits_of(row.mask)}
    for case in story.stays:
        family, child = case - case % CASES_PER_FAMILY, case % CASES_PER_FAMILY - 1
        if child < 0:
            continue
        for number, (left, _) in enumerate(times_in_care(story, family, child)):
            from_home = (family, child, left) in splits
            assert from_home or (number == 0 and first.get(case) == left)


@each_council
@given(councils)
def test_those_who_enter_care_are_the_scopes_children_and_the_others_stay(seed):
    story = council(seed)
    entered = defaultdict(int)
    for case, stays in story.stays.items():
        if case % CASES_PER_FAMILY:
            for row in stays:
                if STAGE_NAMES[row.stage] == "looked_after":
                    entered[case - case % CASES_PER_FAMILY, row.start] |= row.mask
    for case, stays in story.stays.items():
        if case % CASES_PER_FAMILY:
            continue
        scopes = came(story, case)[2]
        for place, row in enumerate(stays):
            end = declared_end(row)
            if end is None or not end.splits:
                continue
            chosen = row.mask & int(scopes[-1]) or row.mask & -row.mask
            assert entered[case, row.end] & row.mask == chosen
            follows = place + 1 < len(stays) and stays[place + 1].start == row.end
            assert follows == bool(row.mask & ~chosen)


@each_council
@given(councils)
def test_a_child_who_comes_home_is_with_its_family_again(seed):
    story = council(seed)
    for case, stays in story.stays.items():
        family, child = case - case % CASES_PER_FAMILY, case % CASES_PER_FAMILY - 1
        if child < 0:
            continue
        for row in stays:
            if row.ending == "returns_home" and row.end < story.log.horizon_minutes:
                here = [one for one in story.stays[family] if one.start == row.end]
                assert here, "a child came home to no open case"
                assert children_at_home(story, family, row.end) >> child & 1


# --- places ---------------------------------------------------------------------------------------


def number_at_end_of_minute(start, end, minutes) -> np.ndarray:
    """How many stretches of time go on as each minute ends; all arrays of minutes."""
    begun = np.searchsorted(np.sort(start), minutes, side="right")
    return begun - np.searchsorted(np.sort(end), minutes, side="right")


def pools(story: Story):
    """Each pool that is asked: number, capacity; start, place given, end, stage of its rows."""
    rows, horizon = story.log, story.log.horizon_minutes
    end = np.where(rows.column("end") == OPEN, horizon, rows.column("end"))
    for pool, capacity in enumerate(story.network.capacity[0].tolist()):
        here = rows.column("place") == pool
        if here.any():
            served = rows.column("served")[here]
            start, stop = rows.column("start")[here], end[here]
            since = np.where(served == OPEN, stop, np.maximum(served, start))
            yield pool, capacity, start, since, stop, rows.column("stage")[here]


@each_council
@given(councils)
def test_no_place_is_free_while_a_family_waits_for_it(seed):
    story = council(seed)
    for _, capacity, start, since, stop, _ in pools(story):
        minutes = np.unique(np.concatenate([start, since, stop]))
        minutes = minutes[minutes < story.log.horizon_minutes]
        held = number_at_end_of_minute(since, stop, minutes)
        waiting = number_at_end_of_minute(start, since, minutes)
        assert not ((held < capacity) & (waiting > 0)).any()


def places_given(story: Story, pool: int) -> tuple[list[int], list[int]]:
    """Minutes in which a case that held no place of a pool was given one: in turn, or at once."""
    in_turn, at_once = [], []
    for stays in story.stays.values():
        held_until = OPEN
        for row in stays:
            if row.place != pool or row.served == OPEN:
                continue
            if held_until != row.start:
                waits = PATHWAY[row.stage].wait is not Wait.AT_ONCE
                (in_turn if waits else at_once).append(max(row.served, row.start))
            held_until = row.end
    return in_turn, at_once


@each_council
@given(councils)
def test_places_are_exceeded_only_by_what_is_allocated_at_once(seed):
    """In any minute in which a family was given a place in turn, there was room for it."""
    story = council(seed)
    for pool, capacity, _, since, stop, _ in pools(story):
        in_turn, at_once = (np.array(sorted(given_at)) for given_at in places_given(story, pool))
        minutes = np.unique(in_turn[in_turn > 0]) if len(in_turn) else in_turn
        if len(minutes):
            over = np.isin(at_once, minutes)
            newly = np.array([(at_once[over] == minute).sum() for minute in minutes])
            held = number_at_end_of_minute(since, stop, minutes)
            assert (held <= capacity + newly).all()


@each_council
@given(councils)
def test_screening_never_uses_more_officers_than_there_are(seed):
    story = council(seed)
    for _, capacity, start, since, stop, stage in pools(story):
        if (stage == STAGE_NAMES.index("screening")).all():
            minutes = np.unique(np.concatenate([start, since, stop]))
            assert number_at_end_of_minute(since, stop, minutes).max() <= capacity


@each_council
@given(councils)
def test_in_house_and_agency_homes_are_never_over_full(seed):
    """Children spill to the next kind of placement instead."""
    story = council(seed)
    log = story.log
    in_care = log.column("stage") == STAGE_NAMES.index("looked_after")
    start = log.column("start")[in_care]
    end = np.where(log.column("end") == OPEN, log.horizon_minutes, log.column("end"))[in_care]
    placement = log.attribute("placement")[in_care]
    minutes = np.unique(np.concatenate([start, end]))
    for pool, kind in enumerate(story.network.pool_placement.tolist()):
        capacity = story.network.capacity[0, pool]
        if kind >= 0 and capacity >= 0:
            here = placement == kind
            assert number_at_end_of_minute(start[here], end[here], minutes).max() <= capacity


@each_council
@given(councils)
@pytest.mark.parametrize("name", ["section_47", "child_protection_plan", "looked_after"])
def test_statutory_protection_never_waits_for_a_place(name, seed):
    story = council(seed)
    for stays in story.stays.values():
        for place, row in enumerate(stays):
            if STAGE_NAMES[row.stage] == name:
                goes_on = place and stays[place - 1].ending == HOUSEHOLD_CHANGED
                assert row.served == row.start or (goes_on and 0 <= row.served < row.start)


@each_council
@given(councils)
def test_whoever_waits_for_early_help_is_allocated_when_a_place_is_given_and_not_else(seed):
    story = council(seed)
    for stays in story.stays.values():
        for row in stays:
            if STAGE_NAMES[row.stage] == "early_help_wait" and row.ending:
                assert (row.ending == "allocated") == (row.served == row.end)


@each_council
@given(councils)
def test_where_places_never_run_out_nobody_waits(seed):
    story = council(seed, roomy=True)
    for stays in story.stays.values():
        for place, row in enumerate(stays):
            goes_on = place and stays[place - 1].ending == HOUSEHOLD_CHANGED
            if row.place != OPEN and not goes_on:
                assert row.served == row.start
            if STAGE_NAMES[row.stage] == "early_help_wait":
                assert row.end == row.start


def test_between_them_the_councils_visit_every_stage_and_every_way_of_ending():
    visited, ended, waited = set(), set(), 0
    for seed in range(COUNCILS):
        story = council(seed)
        visited |= set(np.unique(story.log.column("stage")).tolist())
        done = story.log.column("end") != OPEN
        ended |= {OUTCOME_CODES[code] for code in np.unique(story.log.column("outcome")[done])}
        waited += int((story.log.column("served") > story.log.column("start")).sum())
    assert visited == set(range(len(STAGE_CODES)))
    never = {"moved_in_with_plan", "moved_in_with_protection_plan"}  # only for those who moved in
    assert set(OUTCOME_CODES) - ended <= never
    assert waited > 300, "too few families wait for these tests to say much"
