"""Who comes first, and that nothing else decides: queues, changing places, runs in any order."""

import heapq
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import luck, network
from model.engines import simpy_engine
from model.engines.cases import Cases
from model.episodes import OPEN, EpisodeLog
from model.inputs import Bands, resolve
from model.network import Network
from model.pathway import ATTRIBUTES, SAME_STAGE, stage_named
from model.simulate import Prepared, replicate
from model.starting import Opening
from tests.small_networks import (
    DAY,
    START,
    arriving,
    chosen,
    days,
    ending_in,
    invented,
    invented_area,
    invented_cases,
    leads,
    rows_of,
    run,
    small_network,
    with_effort,
)
from tests.synthetic import AREA, write_synthetic_root

SCREENING = ending_in("screening", by=(), duration_by=(), ends=(leads("advice_only"),))
ASSESSMENT = ending_in("assessment", by=(), ends=(leads("not_in_need"),))
EFFORT_MINUTES = 100
OFFICERS = "capacity.screening_officers"
MOST_URGENT = 3


def screening_network(officers: int, dated: dict | None = None, run_days: int = 60) -> Network:
    """Screening alone, every effort the same."""
    numbers = {
        "screening.effort": days(1),  # replaced by the minutes below
        "screening.ends": {"advice_only": 1.0},
        OFFICERS: officers,
    }
    net = small_network((SCREENING,), numbers, dated=dated, run_days=run_days)
    return with_effort(net, EFFORT_MINUTES)


def served_by_hand(minutes: list[int], needs: list[int], officers: int) -> list[int]:
    """When each family is served, with pencil and paper; families come in the order of their ids.

    An officer who comes free takes the most urgent of those who wait, then the one who has waited
    longest, then the first by id. Only then are those who come in the same minute looked at.
    """
    served = [OPEN] * len(minutes)
    coming = list(enumerate(minutes))
    queue: list[tuple[int, int, int]] = []
    busy_until: list[int] = []
    while coming or queue:
        now = min([minute for _, minute in coming[:1]] + sorted(busy_until)[:1])
        busy_until = [minute for minute in busy_until if minute > now]
        while queue and len(busy_until) < officers:
            family = heapq.heappop(queue)[2]
            served[family] = now
            busy_until.append(now + EFFORT_MINUTES)
        while coming and coming[0][1] == now:
            family, _ = coming.pop(0)
            if len(busy_until) < officers:
                served[family] = now
                busy_until.append(now + EFFORT_MINUTES)
            else:
                heapq.heappush(queue, (MOST_URGENT - needs[family], now, family))
    return served


contacts = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 3)), min_size=1, max_size=25)


@settings(max_examples=60)
@given(contacts, st.integers(1, 3))
def test_queues_serve_by_urgency_then_by_who_asked_first_then_by_case(came, officers):
    came = sorted(came)
    minutes, needs = [minute for minute, _ in came], [need for _, need in came]
    net = screening_network(officers)
    rows = rows_of(run(net, arriving(minutes, need=needs)), "screening", net)
    by_case = np.argsort(rows["case"])
    assert rows["served"][by_case].tolist() == served_by_hand(minutes, needs, officers)
    assert (rows["end"] - rows["served"] == EFFORT_MINUTES).all()


# --- places open and close ------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 10_000))
def test_a_cut_evicts_nobody_and_a_rise_serves_the_queue_in_that_minute(before, after, seed):
    """Officers go, or come, after ten days; every effort takes three days."""
    changed, effort = 10 * DAY, 3 * DAY
    dated = {START + timedelta(days=10): {OFFICERS: after}}
    net = with_effort(screening_network(before, dated), effort)
    minutes = np.sort(np.random.default_rng(seed).integers(0, 20 * DAY, 40))
    rows = rows_of(run(net, arriving(minutes)), "screening", net)
    never = net.horizon + 1
    served = np.where(rows["served"] == OPEN, never, rows["served"])
    end = np.where(rows["end"] == OPEN, never, rows["end"])
    ended = end < never
    assert (end[ended] - served[ended] == effort).all(), "an effort was cut short"
    for minute in np.unique(np.concatenate([rows["start"], served, end, [changed]])):
        if minute < never:
            held = ((served <= minute) & (end > minute)).sum()
            waiting = ((rows["start"] <= minute) & (served > minute)).sum()
            officers = before if minute < changed else after
            not_yet_gone = before if minute < changed + effort else 0
            assert held <= max(officers, not_yet_gone)
            assert waiting == 0 or held >= officers, "an officer was free while a family waited"


def test_a_family_that_gives_up_waiting_is_passed_over():
    """Of two who wait for a key worker the first disengages; the place goes to the second."""
    wait = ending_in("early_help_wait", by=())
    wait = replace(wait, ends=(leads("allocated", "early_help_plan"), *wait.ends[1:]))
    plan = ending_in("early_help_plan", by=(), pace_by=(), ends=(leads("outcomes_met"),))
    numbers = {
        "early_help_wait.yearly_rates": {"disengages": 8.0, "escalates": 0.0},
        "early_help_plan.ended_by_band": Bands((0, 2), "weeks", (0.5, 0.5), 2),
        "early_help_plan.ends": {"outcomes_met": 1.0},
        "capacity.key_workers": 1,
    }
    net = small_network((wait, plan), numbers, run_days=365)
    log = run(net, arriving(np.arange(60) * DAY // 4))
    waits, plans = rows_of(log, "early_help_wait", net), rows_of(log, "early_help_plan", net)
    gave_up = (waits["end"] != OPEN) & (waits["served"] == OPEN)
    helped = np.isin(waits["case"], plans["case"])
    assert gave_up.sum() > 5
    assert helped.sum() > 5
    assert not (gave_up & helped).any()
    in_turn = np.argsort(waits["case"][helped])
    assert (np.diff(waits["served"][helped][in_turn]) > 0).all()
    order = np.argsort(plans["start"])
    assert (plans["start"][order][1:] >= plans["end"][order][:-1]).all()


@settings(max_examples=20)
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 10_000))
def test_children_spill_to_the_next_kind_only_while_homes_are_full(in_house, agency, seed):
    """All are meant for in-house foster carers; a home that comes free takes the next child."""
    draw = replace(stage_named("looked_after").draws[0], by=())
    ends = (leads("moves", SAME_STAGE), leads("returns_home"))
    care = ending_in("looked_after", by=(), pace_by=(), draws=(draw,), ends_at="", ends=ends)
    numbers = {
        "looked_after.yearly_rates": {"moves": 2.0, "returns_home": 4.0},
        "looked_after.placement": {"in_house_foster": 1.0},
        "capacity.in_house_foster": in_house,
        "capacity.agency_foster": agency,
    }
    net = small_network((care,), numbers)
    minutes = np.sort(np.random.default_rng(seed).integers(0, net.horizon, 60))
    families = arriving(minutes)
    log = run(net, replace(families, case=families.case + 1), seed)
    start = log.column("start")
    end = np.where(log.column("end") == OPEN, net.horizon, log.column("end"))
    kinds = ATTRIBUTES["placement"]
    placement = np.array(kinds)[log.attribute("placement")]
    assert set(placement) <= {"in_house_foster", "agency_foster", "childrens_home"}
    for minute, got in zip(start.tolist(), placement.tolist(), strict=True):
        there = placement[(start <= minute) & (end > minute)]
        if got != "in_house_foster":
            assert (there == "in_house_foster").sum() == in_house
        if got == "childrens_home":
            assert (there == "agency_foster").sum() == agency


def test_of_two_who_ask_in_the_same_minute_the_lower_case_is_served():
    """However they came to ask then: the second to come is done as early, but lives elsewhere."""
    offer = ending_in("early_help_offer", "screening", by=())
    numbers = {
        "early_help_offer.duration": days(0, 1, shares=(1.0,)),
        "early_help_offer.ends": {},
        "screening.effort": days(1),
        "screening.ends": {},
        "duration_ratio.early_help_offer": {"Here": 1.0, "There": 0.5},
        OFFICERS: 1,
    }
    places = {"localities": ("Here", "There")}
    net = with_effort(small_network((offer, SCREENING), numbers, **places), EFFORT_MINUTES)
    cases = arriving([EFFORT_MINUTES // 2, 0], locality=[1, 0])
    late, early = sorted(cases.case.tolist())
    screened = rows_of(run(net, cases), "screening", net)
    assert screened["start"].tolist() == [EFFORT_MINUTES, EFFORT_MINUTES]
    served = dict(zip(screened["case"].tolist(), screened["served"].tolist(), strict=True))
    assert served == {late: EFFORT_MINUTES, early: 2 * EFFORT_MINUTES}


# --- runs in any order ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """An invented area, ready to run."""
    root = write_synthetic_root(
        tmp_path_factory.mktemp("order"), **{"population.children_0_17": 3_000}
    )
    inputs = resolve(AREA, start=date(2025, 4, 1), years=1, root=root)
    return Opening(inputs, network.build(inputs))


def log_of(opening: Opening, seed: int, replication: int) -> EpisodeLog:
    """One replication, here."""
    net = opening.network
    cases = opening.cases(opening.inputs, net, luck.run_key(seed, replication))
    return simpy_engine.run(net, cases, seed, replication)


def fingerprint(opening: Opening, seed: int, replication: int) -> str:
    """One replication's log, as a hash."""
    return log_of(opening, seed, replication).fingerprint()


def test_the_same_logs_in_any_order_of_replications(area):
    alone = {replication: fingerprint(area, 1, replication) for replication in range(3)}
    assert len(set(alone.values())) == 3
    for order in [(2, 1, 0), (1, 2, 0)]:
        assert {replication: fingerprint(area, 1, replication) for replication in order} == alone


def test_another_seed_is_another_log_and_the_same_seed_the_same(area):
    assert fingerprint(area, 1, 0) == fingerprint(area, 1, 0)
    assert fingerprint(area, 1, 0) != fingerprint(area, 2, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_logs_for_any_number_of_processes(area, workers):
    """A worker is a new process: it gets arrays, reads no file, and shares no state."""
    here = [log_of(area, 1, replication).fingerprint() for replication in range(3)]
    ready = Prepared(area.inputs, area.network, area, unit_costs=None, partners=None)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = {number: pool.submit(replicate, ready, 1, number) for number in (2, 0, 1)}
        assert [tasks[number].result().fingerprint() for number in range(3)] == here


# --- cases do not touch each other but through places ---------------------------------------------


def rows_of_families(log: EpisodeLog, families: np.ndarray) -> np.ndarray:
    """The whole rows of some families."""
    return log.rows[np.isin(log.column("case") // 16, families)]


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_where_places_never_run_out_a_family_fares_the_same_with_others_or_alone(seed):
    net = network.build(invented(invented_area(), seed, roomy=True))
    cases: Cases = invented_cases(np.random.default_rng(seed), net.horizon, len(net.localities))
    whole = run(net, cases, seed)
    some = np.random.default_rng(seed).random(len(cases.case)) < 0.3
    fewer = run(net, chosen(cases, some), seed)
    families = np.unique(cases.case[some] // 16)
    assert np.array_equal(fewer.rows, rows_of_families(whole, families))
