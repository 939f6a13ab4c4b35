"""What is open is what comes in times how long it stays (Little 1961).

First where theory gives the number: families arrive evenly and stay as long as published bands
say. Then on a whole council, where it must hold to the last minute whatever the bands.
"""

from datetime import date

import numpy as np
import pytest

from model import luck, measures, network
from model.engines import simpy_engine
from model.episodes import OPEN, STAGE_CODES
from model.inputs import Bands, resolve
from model.measures.linked_log import linked
from model.pathway import STAGE_NAMES, Unit, stage_named
from model.starting import Opening
from tests.small_networks import (
    DAY,
    WEEK,
    arriving,
    days,
    ending_in,
    leads,
    poisson_minutes,
    rows_of,
    run,
    same_as,
    small_network,
)

REPLICATIONS = 10
FAMILIES_PER_DAY = 2.0
YEARS = 24
WARM_UP_YEARS = 12  # an empty start is forgotten: the longest stays are a few years

# A large mass in the first weeks and a long tail, as stays in help and on plans have.
EDGES = (0, 13, 26, 52, 104)
SHARES = (0.25, 0.30, 0.25, 0.15, 0.05)
BEYOND = 60


def families_open(stage, numbers, replication):
    """Families open on average once the empty start is forgotten."""
    net = small_network((stage,), numbers, run_days=YEARS * 365)
    random = np.random.default_rng(replication)
    minutes = poisson_minutes(random, FAMILIES_PER_DAY / DAY, net.horizon)
    rows = rows_of(run(net, arriving(minutes, age_years=-9.0), 1, replication), stage.name, net)
    first = WARM_UP_YEARS * 365 * DAY
    end = np.where(rows["end"] == OPEN, net.horizon, rows["end"])
    inside = np.maximum(end - np.maximum(rows["start"], first), 0)
    return inside.sum() / (net.horizon - first)


def mean_of_bands_weeks() -> float:
    """Mean stay when the chance of ending is even within each band, from the bands alone."""
    left = 1.0 - np.concatenate(([0.0], np.cumsum(SHARES)))
    lost = -np.diff(left[:-1])
    closed = lost * np.diff(EDGES) / np.log(left[:-2] / left[1:-1])
    return closed.sum() + left[-2] * BEYOND


def test_a_stage_of_competing_risks_holds_arrivals_times_mean_stay():
    stage = ending_in("child_protection_plan", by=())
    bands = Bands(EDGES, "weeks", SHARES, BEYOND)
    numbers = {
        "child_protection_plan.ended_by_band": bands,
        "child_protection_plan.ends": {"steps_down": 0.6, "care_entry": 0.3, "moves_away": 0.1},
    }
    found = [families_open(stage, numbers, replication) for replication in range(REPLICATIONS)]
    same_as(found, FAMILIES_PER_DAY * mean_of_bands_weeks() * WEEK / DAY, no_wider_than=0.01)


def test_a_stage_of_plain_duration_holds_arrivals_times_mean_stay():
    stage = ending_in("assessment", by=(), ends=(leads("not_in_need"),))
    numbers = {
        "assessment.duration": days(*EDGES, shares=SHARES, beyond=BEYOND),
        "assessment.ends": {"not_in_need": 1.0},
    }
    middles = (np.array(EDGES[:-1]) + np.array(EDGES[1:])) / 2
    mean_days = (middles * SHARES[:-1]).sum() + SHARES[-1] * (EDGES[-1] + BEYOND)
    found = [families_open(stage, numbers, replication) for replication in range(REPLICATIONS)]
    same_as(found, FAMILIES_PER_DAY * mean_days, no_wider_than=0.01)


# --- a whole council ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sefton():
    """Three years of Sefton, from today's caseload."""
    inputs = resolve("sefton", start=date(2025, 4, 1), years=3)
    net = network.build(inputs)
    cases = Opening(inputs, net).cases(inputs, net, luck.run_key(1, 0))
    return linked(simpy_engine.run(net, cases, 1, 0))


def test_family_minutes_in_every_stage_are_the_number_present_added_up(sefton):
    """The number present comes from what began and ended; the minutes come from the stays."""
    horizon = sefton.log.horizon_minutes
    until = np.minimum(sefton.stop, horizon)
    stays = np.bincount(sefton.stage, until - sefton.start, minlength=len(STAGE_CODES))
    for code, name in enumerate(STAGE_CODES):
        here = np.flatnonzero(sefton.stage == code)
        assert len(here) or name == "early_help_wait", f"nobody was ever in {name}"
        minute = np.concatenate([sefton.start[here], until[here]])
        change = np.repeat([1, -1], len(here))
        order = np.argsort(minute, kind="stable")
        present = np.cumsum(change[order])
        assert (present * np.diff(minute[order], append=horizon)).sum() == stays[code], name


def test_children_open_on_average_are_child_minutes_over_the_run(sefton):
    horizon = sefton.log.horizon_minutes
    child_minutes = (np.minimum(sefton.stop, horizon) - sefton.start) * sefton.children
    table = measures.stocks(sefton, (), "run")
    table = table[table.period != "at start"].set_index("stage")
    for code, name in enumerate(STAGE_CODES):
        if name in table.index:
            expected = child_minutes[sefton.stage == code].sum() / horizon
            assert table.mean_children[name] == pytest.approx(expected, rel=1e-9), name


def test_number_present_is_arrival_rate_times_mean_stay_in_every_stage(sefton):
    """L = lambda W, each from its own table: stocks, starts and stays."""
    horizon, stays = sefton.log.horizon_minutes, sefton.stays
    stocks = measures.stocks(sefton, (), "run").set_index(["period", "stage"])
    started = measures.starts(sefton, (), "run").set_index("stage").families
    for name in STAGE_NAMES:
        if stage_named(name).unit is Unit.CHILD or name not in started.index:
            continue  # children in care are counted above
        here = sefton.stage[stays.first] == STAGE_NAMES.index(name)
        stay_minutes = (np.minimum(stays.stop, horizon) - stays.start)[here]
        families = stocks.families["at start", name] + started[name]
        assert families == here.sum(), name
        present = stocks.mean_families["run", name]
        assert present * horizon == pytest.approx(families * stay_minutes.mean(), rel=1e-9), name


def test_what_is_open_at_the_end_is_what_was_open_plus_what_came_less_what_went(sefton):
    stocks = measures.stocks(sefton, (), "run").set_index(["period", "stage"])
    came = measures.starts(sefton, (), "run").set_index("stage")
    went = measures.flows(sefton, (), "run").groupby("stage").sum(numeric_only=True)
    for name in STAGE_CODES:
        if ("run", name) not in stocks.index:
            continue
        at_start = stocks.children["at start", name]
        more = came.children.get(name, 0) + came.children_joining.get(name, 0)
        less = went.children.get(name, 0)
        assert stocks.children["run", name] == at_start + more - less, name
