"""Scenarios compose: the order of names tells nothing, and dates and places hold to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import luck, network, parameters, scenarios
from model.engines.choice import AUTO, engine_named
from model.episodes import EpisodeLog
from model.errors import InputError
from model.inputs import Inputs, resolve
from model.starting import Opening
from tests.synthetic import AREA, add_scenario, change, write_synthetic_root

START, YEARS = date(2025, 4, 1), 3
NAMES = scenarios.names()[1:]
IN_SEFTON = [one for one in NAMES if "sefton" in (scenarios.load(one).areas or ("sefton",))]
ENDS = "early_help_plan.ends"
SAME_ROUNDING = 1e-12


@cache
def synthetic_root() -> Path:
    """An invented area that stays for as long as the tests."""
    folder = TemporaryDirectory()
    KEPT.append(folder)
    return write_synthetic_root(Path(folder.name))


KEPT: list[TemporaryDirectory[str]] = []


def same_numbers(one: Inputs, other: Inputs) -> bool:
    """Whether two runs are told the same on every date, but for rounding."""
    pairs = ((one.arrays[name], other.arrays[name]) for name in one.arrays)
    alike = all(
        mine.shape == theirs.shape
        and np.allclose(mine, theirs, rtol=SAME_ROUNDING, atol=0, equal_nan=True)
        for mine, theirs in pairs
    )
    return one.change_dates == other.change_dates and alike


# --- order ---------------------------------------------------------------------------------------

NUMBERS = {
    "multiply": st.sampled_from([0.5, 0.9, 1.2, 2.0]),
    "add": st.sampled_from([-3.0, 2.0, 7.0]),
    "odds_ratio": st.sampled_from([0.5, 0.9, 1.2, 2.0]),
}
OF_A_NUMBER = [("capacity.key_workers", how, {}) for how in ("multiply", "add")]
OF_A_SHARE = [("early_help_wait.lead", how, {}) for how in ("multiply", "odds_ratio")]
OF_A_SPLIT = [
    (ENDS, "odds_ratio", {"at": {"outcome": outcome}}) for outcome in ("step_up", "disengaged")
]
KINDS = st.sampled_from([*OF_A_NUMBER, *OF_A_SHARE, *OF_A_SPLIT])


@st.composite
def a_change(draw: st.DrawFn) -> dict[str, Any]:
    """A change that composes: no `set`, and no share that it would take beyond 1."""
    parameter, how, keys = draw(KINDS)
    value = draw(NUMBERS[how])
    if parameter == "early_help_wait.lead" and how == "multiply":
        value = min(value, 1.2)
    months = draw(st.integers(0, 20))
    where = draw(st.sampled_from([(), ("North",), ("South",)])) if "key" in parameter else ()
    more = {"localities": list(where)} if where else {}
    when = f"start + {months} months"
    return change(parameter, value, how=how, from_=when, **keys, **more)


@settings(max_examples=30)
@given(st.lists(a_change(), min_size=3, max_size=3), st.permutations(["one", "two", "three"]))
def test_the_order_in_which_scenarios_are_named_changes_nothing(changes, order) -> None:
    root = synthetic_root()
    for name, row in zip(("one", "two", "three"), changes, strict=True):
        add_scenario(root, name, [row])
    found = []
    for names in (["one", "two", "three"], order):
        add_scenario(root, "plan", [], extends=names)
        try:
            found.append(resolve(AREA, "plan", start=START, years=YEARS, root=root))
        except InputError as refused:  # such as two that undo each other, or a share above 1
            found.append(type(refused))
    refused = [one for one in found if not isinstance(one, Inputs)]
    assert len(refused) in (0, 2)
    assert refused or same_numbers(*found)


def test_what_is_set_comes_before_what_is_multiplied_whoever_is_named_first() -> None:
    root = synthetic_root()
    add_scenario(root, "one", [change("capacity.social_workers", 2, how="multiply")])
    add_scenario(root, "two", [change("capacity.social_workers", 60)])
    add_scenario(root, "three", [change("capacity.social_workers", -10, how="add")])
    for names in (["one", "two", "three"], ["three", "one", "two"], ["two", "three", "one"]):
        add_scenario(root, "plan", [], extends=names)
        found = resolve(AREA, "plan", start=START, years=YEARS, root=root)
        assert float(found.number("capacity.social_workers")) == 60 * 2 - 10


def test_two_that_set_the_same_are_a_conflict_and_so_are_different_shares_of_a_split() -> None:
    root = synthetic_root()
    add_scenario(root, "one", [change("capacity.social_workers", 50)])
    add_scenario(root, "two", [change("capacity.social_workers", 60)])
    with pytest.raises(InputError, match="and also set in 'one'"):
        resolve(AREA, "one+two", start=START, years=YEARS, root=root)
    more = {"how": "multiply"}
    add_scenario(root, "one", [change(ENDS, 1.2, at={"outcome": "step_up"}, **more)])
    add_scenario(root, "two", [change(ENDS, 1.2, at={"outcome": "disengaged"}, **more)])
    with pytest.raises(InputError, match="Write odds ratios"):
        resolve(AREA, "one+two", start=START, years=YEARS, root=root)
    add_scenario(root, "two", [change(ENDS, 1.1, at={"outcome": "step_up"}, **more)])
    resolve(AREA, "one+two", start=START, years=YEARS, root=root)


def test_a_parent_reached_twice_applies_once() -> None:
    root = synthetic_root()
    add_scenario(root, "base", [change("capacity.social_workers", 2, how="multiply")])
    add_scenario(root, "left", [change("return.pace", 1.5)], extends=["base"])
    add_scenario(root, "right", [change("demand.ratio", 1.1)], extends=["base"])
    add_scenario(root, "plan", [], extends=["left", "right"])
    twice = resolve(AREA, "plan", start=START, years=YEARS, root=root)
    once = resolve(AREA, "base", start=START, years=YEARS, root=root)
    workers = "capacity.social_workers"
    assert twice.number(workers) == once.number(workers)
    pathway = resolve("sefton", "stockport_pathway+step_down", start=START, years=YEARS)
    alone = resolve("sefton", "stockport_pathway", start=START, years=YEARS)
    assert same_numbers(pathway, alone)


@pytest.mark.parametrize("one", ["domestic_incidents", "sefton_early_help_2019", "step_down"])
def test_shipped_scenarios_compose_in_any_order(one: str) -> None:
    other = "sefton_pathway_2014"
    found = [
        resolve("sefton", f"{names}", start=START, years=5)
        for names in (f"{one}+{other}", f"{other}+{one}")
    ]
    assert same_numbers(*found)


# --- every change does something -----------------------------------------------------------------


@pytest.mark.parametrize("name", IN_SEFTON)
def test_a_scenario_without_one_of_its_changes_is_another(name: str) -> None:
    plan, known = scenarios.load(name), parameters.load("sefton")
    whole = resolve("sefton", plan, start=START, years=5, parameters=known)
    for place, left_out in enumerate(plan.changes):
        rest = replace(plan, changes=plan.changes[:place] + plan.changes[place + 1 :])
        without = resolve("sefton", rest, start=START, years=5, parameters=known, held=True)
        different = [
            parameter
            for parameter, array in whole.arrays.items()
            if not equal(array, without.arrays[parameter], whole, without)
        ]
        assert left_out.parameter in different


def equal(mine: np.ndarray, theirs: np.ndarray, one: Inputs, other: Inputs) -> bool:
    """Whether a parameter is the same on every date of either run."""
    days = sorted({*one.change_dates, *other.change_dates})
    return all(
        np.array_equal(at(mine, one, day), at(theirs, other, day), equal_nan=True) for day in days
    )


def at(array: np.ndarray, run: Inputs, day: date) -> np.ndarray:
    """A parameter's values in force on a day."""
    epoch = sum(since <= day for since in run.change_dates) - 1
    return array[epoch if len(array) > 1 else 0]


# --- days and places -----------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(1, 3 * 365 - 40), st.integers(1, 30), st.sampled_from(["North", "South"]))
def test_a_ramp_acts_on_its_days_and_in_its_locality(days: int, apart: int, where: str) -> None:
    root, name = synthetic_root(), "capacity.key_workers"
    first = START + timedelta(days=days)
    second = first + timedelta(days=apart)
    ramp = [[first.isoformat(), 12], [second.isoformat(), 15]]
    add_scenario(root, "plan", [change(name, None, ramp=ramp, localities=[where])])
    found = resolve(AREA, "plan", start=START, years=YEARS, root=root)
    usual = resolve(AREA, start=START, years=YEARS, root=root)
    here = found.localities.index(where)
    one_day = timedelta(days=1)
    for day, places in [(first - one_day, 10), (first, 12), (second - one_day, 12), (second, 15)]:
        numbers = at(found.arrays[name], found, day)
        assert numbers[here] == places
        assert numbers[1 - here] == usual.number(name)[1 - here]


@pytest.mark.parametrize("name", ["bootle_pilot", "family_help_rollout", "family_support_plan"])
def test_nothing_changes_in_a_locality_before_its_day(name: str) -> None:
    found = resolve("sefton", name, start=START, years=5)
    usual = resolve("sefton", start=START, years=5)
    begins = {place: date.max for place in found.localities}
    for one in found.scenario.changes:
        for place in one.localities:
            begins[place] = min(begins[place], one.steps[0][0])
    changed = {one.parameter for one in found.scenario.changes}
    for place, day in begins.items():
        column = found.localities.index(place)
        for epoch, since in enumerate(found.change_dates):
            same = all(
                np.array_equal(
                    locality_of(found, one, epoch, column), locality_of(usual, one, 0, column)
                )
                for one in changed
            )
            assert same == (since < day), (place, since)


def locality_of(run: Inputs, parameter: str, epoch: int, column: int) -> np.ndarray:
    """The part of a parameter that is about one locality."""
    axis = run.dimensions(parameter).index("locality")
    return np.take(run.shares(parameter, epoch), column, axis=axis)


WIDE = {
    "capacity.in_house_foster": 5000,
    "capacity.agency_foster": 5000,
    "capacity.partner_lead_practitioners": 5000,
    "capacity.screening_officers": 500,
}


@cache
def log_under(name: str, years: int = 2) -> EpisodeLog:
    """The log of one replication in Sefton, with places that localities share in plenty."""
    known = parameters.load("sefton").with_values(WIDE)
    usual = resolve("sefton", start=START, years=years, parameters=known)
    found = resolve("sefton", name, start=START, years=years, parameters=known)
    opening = Opening(usual, network.build(usual))
    built = network.build(found, usual)
    cases = opening.cases(found, built, luck.run_key(1, 0))
    return engine_named(AUTO)(built, cases, 1, 0)


def test_the_pilot_touches_no_family_elsewhere_and_nobody_before_its_day() -> None:
    """Where localities share no place that is full, a family elsewhere lives the same life."""
    usual, pilot = log_under("baseline"), log_under("bootle_pilot")
    bootle = usual.localities.index("Bootle")
    lives = [log.rows[log.attribute("locality") != bootle] for log in (usual, pilot)]
    assert np.array_equal(*lives)
    here = [log.rows[log.attribute("locality") == bootle] for log in (usual, pilot)]
    assert not np.array_equal(*here)
    day = (date(2026, 4, 13) - START).days * 1440
    before = [rows[rows[:, 0] < day] for rows in here]
    begun = [rows[:, :5] for rows in before]
    assert len(before[0]) == len(before[1]) and np.array_equal(begun[0][:, :3], begun[1][:, :3])


def test_a_rollout_is_the_pilot_until_the_next_locality_begins() -> None:
    pilot, rollout = log_under("bootle_pilot", 3), log_under("family_help_rollout", 3)
    day = (date(2027, 4, 5) - START).days * 1440
    before = [log.rows[log.rows[:, 0] < day][:, :3] for log in (pilot, rollout)]
    assert np.array_equal(*before)
    later = [log.rows[log.rows[:, 0] >= day][:, :3] for log in (pilot, rollout)]
    assert not np.array_equal(*later)


def test_a_rollout_that_is_moved_begins_on_its_new_day() -> None:
    plan = scenarios.moved(scenarios.load("family_help_rollout"), "Central", date(2028, 1, 10))
    found = resolve("sefton", plan, start=START, years=5)
    assert date(2028, 1, 10) in found.change_dates and date(2027, 10, 4) not in found.change_dates
