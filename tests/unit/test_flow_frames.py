"""A sample of families followed through two logs: nobody is lost, doubled or made up."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from model import flow_frames as flows
from model import flow_pictures
from model.episodes import CASES_PER_FAMILY, OPEN, STAGE_CODE, STAGE_CODES
from model.flow_frames import AWAY, GROUPS, PLACES
from model.futures import ready
from model.pathway import BESIDE
from model.questions import Question
from model.results import Sampling
from model.simulate import replicate

QUESTION = Question("sefton", "stockport_pathway", date(2025, 4, 1), 2, Sampling(2, 32))
TITLES = ("today", "redesign")
MINUTES = 24 * 60


@pytest.fixture(scope="module")
def logs():
    """One future under both arrangements."""
    return [replicate(plan, 1, 0) for plan in ready(QUESTION)]


@pytest.fixture(scope="module")
def every(logs):
    """The samples of all groups."""
    return {group: flows.flow_of(logs, TITLES, group, 1, 80) for group in GROUPS}


def rows_of(log, families):
    """The rows of these families that are in a place."""
    beside = [STAGE_CODE[name] for name in BESIDE]
    case, stage = log.column("case"), log.column("stage")
    return np.isin(case // CASES_PER_FAMILY, families) & ~np.isin(stage, beside)


def chosen(logs, group):
    return flows.sampled(flows.families_in(logs, group), 1, 80)


def test_every_stage_is_in_one_place_and_what_runs_beside_is_in_none():
    there = [stage for place in PLACES for stage in place.stages]
    assert sorted(there) == sorted(set(STAGE_CODES) - set(BESIDE))


@pytest.mark.parametrize("group", GROUPS)
def test_the_counts_of_a_month_are_those_of_the_log(logs, every, group):
    """At every month's end, place by place, under both arrangements."""
    families, flow = chosen(logs, group), every[group]
    table = flows.by_month(flow).set_index(["arrangement", "month", "place"])
    for title, log in zip(TITLES, logs, strict=True):
        rows = rows_of(log, families)
        start, end, case = (log.column(name)[rows] for name in ("start", "end", "case"))
        stage = log.column("stage")[rows]
        for month in flows.month_ends(flow)[::5]:
            minute = ((month - flow.start).days + 1) * MINUTES
            there = (start < minute) & ((end == OPEN) | (end >= minute))
            for place in PLACES:
                here = there & np.isin(stage, [STAGE_CODE[name] for name in place.stages])
                found = table.loc[(title, month, place.title)]
                assert found["families"] == (here & (case % CASES_PER_FAMILY == 0)).sum()
                assert found["children"] == (here & (case % CASES_PER_FAMILY > 0)).sum()


@pytest.mark.parametrize("group", GROUPS)
def test_a_family_once_known_is_in_one_place_until_it_is_gone_unless_children_are_in_care(
    every, group
):
    flow = every[group]
    days = np.arange(flow.days)
    for moves in flow.moves:
        by_family: dict[int, list[np.ndarray]] = {}
        for family, one in zip(flow.family, moves, strict=True):
            by_family.setdefault(family, []).append(flows.places_at(one, days))
        for places in by_family.values():
            seen = np.any([at != AWAY for at in places], axis=0)
            if seen.any():
                known = np.flatnonzero(seen)
                assert seen[known[0] : known[-1] + 1].all()


def test_moves_are_in_order_and_lead_somewhere_else(every):
    for flow in every.values():
        for moves in (one for arrangement in flow.moves for one in arrangement):
            assert all(a[0] <= b[0] and a[1] != b[1] for a, b in pairwise(moves))
            assert all(0 <= day <= flow.days for day, _ in moves)


def test_both_arrangements_follow_the_same_families_and_a_larger_sample_keeps_the_smaller(logs):
    families = flows.families_in(logs, flows.BEYOND)
    small, large = flows.sampled(families, 1, 40), flows.sampled(families, 1, 80)
    assert set(small) < set(large) <= set(families)
    assert len(small) == 40
    assert set(flows.sampled(families, 2, 40)) != set(small)


def test_families_whose_path_is_the_same_are_told_from_those_whose_is_not(logs):
    assert len(flows.families_in([logs[0], logs[0]], flows.DIFFERENT)) == 0
    different = set(flows.families_in(logs, flows.DIFFERENT))
    tables = []
    for log in logs:
        rows = rows_of(log, np.unique(log.column("case") // CASES_PER_FAMILY))
        stays: dict[int, list[tuple[int, ...]]] = {}
        columns = [log.column(name)[rows].tolist() for name in ("case", "start", "stage", "end")]
        for stay in zip(*columns, strict=True):
            stays.setdefault(stay[0] // CASES_PER_FAMILY, []).append(stay)
        tables.append(stays)
    assert different == {
        family
        for family in tables[0].keys() | tables[1].keys()
        if sorted(tables[0].get(family, [])) != sorted(tables[1].get(family, []))
    }


def test_a_child_in_care_is_counted_beside_its_family(every):
    flow = every[flows.IN_CARE]
    last = flows.by_month(flow)
    assert last[last["place"] == "Looked after"]["children"].sum() > 0
    assert last[last["place"] == "Looked after"]["families"].sum() == 0
    homes = {family for family, child in zip(flow.family, flow.child, strict=True) if not child}
    assert homes <= set(range(flow.families))


def test_what_goes_to_the_browser_is_small_and_says_the_same(every):
    for flow in every.values():
        sent = json.loads(json.dumps(flows.as_json(flow)))
        assert len(json.dumps(sent)) < 500_000
        back = [[tuple(zip(one[::2], one[1::2], strict=True)) for one in m] for m in sent["moves"]]
        assert back == [[tuple(one) for one in arrangement] for arrangement in flow.moves]


def test_an_errand_brings_every_group_whatever_number_of_futures_is_asked_for(every):
    asked = flows.request(QUESTION, "digest")
    assert asked == flows.request(
        Question("sefton", "stockport_pathway", date(2025, 4, 1), 2, Sampling(2, 200), True),
        "digest",
    )
    found = asked.bring()
    assert list(found) == list(GROUPS)
    assert found[flows.EVERYONE].families == flows.MOST_FAMILIES
    assert found[flows.EVERYONE].start == date(2025, 4, 1)
    assert flows.month_ends(found[flows.EVERYONE])[-1] == date(2027, 3, 31)
    assert found[flows.EVERYONE].start + timedelta(days=found[flows.EVERYONE].days) == date(
        2027, 4, 1
    )


def test_the_small_pictures_say_in_words_what_they_draw(every):
    flow = every[flows.BEYOND]
    table = flow_pictures.side_by_side(flows.by_month(flow))
    last = table[(table["month"] == date(2027, 3, 31)) & (table["place"] == "In early help")]
    said = f"In early help: {last['today'].item()} families and {last['redesign'].item()}"
    assert said in flow_pictures.alt(flow)
    drawn = flow_pictures.small_multiples(flow, 4)
    assert drawn.count("<polyline") == 2 * len(PLACES)
    assert said in drawn
