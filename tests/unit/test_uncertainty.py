"""Draws: evenly spread, within their ranges, possible, the same wherever they are made."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model import parameters, scenarios
from model.costs.unit_costs import load_unit_costs
from model.errors import Where
from model.inputs import resolve
from model.parameters.catalogue import Kind, spec_named
from model.parameters.evidence import Uncertainty
from model.parameters.values import Bands, Shape, check_value, leaves, numbers
from model.results import Sampling, spread, standard_error
from model.uncertainty import (
    Draw,
    changes_of,
    drawn_parameters,
    drawn_scenario,
    drawn_unit_costs,
)
from model.uncertainty.distributions import quantile
from model.uncertainty.stratified import reversed_digits, scrambled, stratified
from model.uncertainty.values import drawn, tilted

START = date(2025, 4, 1)
NAMES = tuple(f"number {k}" for k in range(40))


# --- numbers from 0 to 1 --------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [1, 2, 4, 8, 64, 256])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_first_draws_of_a_name_fall_one_into_each_slice(seed, draws):
    found = np.array([stratified(seed, NAMES, k) for k in range(draws)])
    slices = np.sort((found * draws).astype(int), axis=0)
    assert (slices == np.arange(draws)[:, None]).all()


def test_names_are_independent_of_each_other():
    found = np.array([stratified(1, NAMES, k) for k in range(512)])
    correlation = np.corrcoef(found.T) - np.eye(len(NAMES))
    assert abs(correlation).max() < 5 / np.sqrt(512)
    pairs = (found[:, 0] * 4).astype(int) * 4 + (found[:, 1] * 4).astype(int)
    assert stats.chisquare(np.bincount(pairs, minlength=16)).pvalue > 0.001


def test_a_number_hangs_on_its_name_and_seed_and_draw_alone():
    together = dict(zip(NAMES, stratified(7, NAMES, 5), strict=True))
    for name in NAMES:
        assert stratified(7, [name], 5)[0] == together[name]
        assert stratified(8, [name], 5)[0] != together[name]
        assert stratified(7, [name], 6)[0] != together[name]
    assert len(set(together.values())) == len(NAMES)
    assert stratified(7, ["a", "b", "a"], 3)[0] == stratified(7, ["a", "b", "a"], 3)[2]


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**63))
def test_scrambling_only_mixes(word, key):
    words = np.array([word, word ^ 1], np.uint64)
    mixed = scrambled(words, np.full(2, key, np.uint64))
    assert mixed[0] ^ mixed[1] == 1  # they part at the last digit only
    assert (reversed_digits(reversed_digits(words)) == words).all()


# --- distributions --------------------------------------------------------------------------------

RANGES = {
    "uniform": (Uncertainty("uniform", 2.0, 5.0), 3.0),
    "triangular": (Uncertainty("triangular", 2.0, 5.0), 2.5),
    "normal": (Uncertainty("normal", 2.0, 5.0), 3.5),
    "lognormal": (Uncertainty("lognormal", 0.5, 2.0), 1.0),
    "beta": (Uncertainty("beta", 0.065, 0.45), 0.2),
}


@pytest.mark.parametrize("kind", RANGES)
def test_low_and_high_are_the_ends_or_the_5th_and_95th_percentile(kind):
    uncertainty, value = RANGES[kind]
    ends = (0.0, 1.0) if kind in ("uniform", "triangular") else (0.05, 0.95)
    found = [quantile(uncertainty, u, value) for u in ends]
    assert found == pytest.approx([uncertainty.low, uncertainty.high], rel=1e-6)
    inside = [quantile(uncertainty, u, value) for u in np.linspace(0.001, 0.999, 200)]
    assert all(b > a for a, b in pairwise(inside))


def test_a_triangle_peaks_at_the_value_in_force():
    uncertainty, value = RANGES["triangular"]
    expected = stats.triang((value - 2) / 3, loc=2, scale=3)
    for u in (0.01, 0.1, 0.3, 0.9):
        assert quantile(uncertainty, u, value) == pytest.approx(expected.ppf(u))
    assert quantile(Uncertainty("triangular", 2.0, 5.0), 0.0, 2.0) == 2.0
    assert quantile(Uncertainty("triangular", 2.0, 5.0), 1.0, 5.0) == 5.0


# --- values by kind -------------------------------------------------------------------------------

WIDE = Uncertainty("lognormal", 0.2, 5.0, relative=True)


@cache
def spec_of(kind: Kind):
    names = [name for name in parameters.load("sefton") if (spec_named(name) or 0).kind is kind]
    return spec_named(names[0])


@given(st.floats(0.0005, 0.9995), st.floats(0.0, 0.999))
def test_a_share_stays_a_share(u, share):
    found = drawn("x", share, 0, spec_of(Kind.SHARE), WIDE, lambda _: u)
    assert 0.0 <= found <= 1.0
    factor = quantile(WIDE, u, 1.0)
    assert found / (1 - found) == pytest.approx(share / (1 - share) * factor, rel=1e-6)


@given(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3), st.integers(0, 1000))
def test_a_split_adds_up_and_none_of_it_vanishes(weights, number):
    split = {name: w / sum(weights) for name, w in zip("abc", weights, strict=True)}
    at = Draw(3, number).at([f"x.{name}" for name in "abc"])
    found = drawn("x", split, 0, spec_of(Kind.SPLIT), WIDE, at)
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(0 < share < 1 for share in found.values())


def test_durations_stretch_and_shapes_tilt():
    bands = Bands((0.0, 10.0, 45.0), "working_days", (0.3, 0.5, 0.2), 20.0)
    double = drawn("x", bands, 0, spec_of(Kind.BANDS), WIDE, lambda _: 0.5)
    assert double == bands
    at = next(u for u in np.linspace(0.5, 1, 1000) if quantile(WIDE, u, 1.0) > 2)
    longer = drawn("x", bands, 0, spec_of(Kind.BANDS), WIDE, lambda _: float(at))
    assert longer.edges[1] == pytest.approx(20.0, rel=0.02) and longer.shares == bands.shares
    assert longer.beyond == pytest.approx(40.0, rel=0.02)
    shape = Shape((0.0, 1.0, 2.0), "years", {"returns": (1.0, 1.0, 1.0)})
    assert tilted(shape, 2.0).factors["returns"] == pytest.approx((2.0, 1.0, 0.5))


def test_what_holds_for_many_attribute_values_moves_together():
    value = {"north": 0.2, "south": 0.4}
    found = drawn("x", value, 1, spec_of(Kind.SHARE), WIDE, lambda _: 0.8)
    before, after = ([share / (1 - share) for share in one.values()] for one in (value, found))
    assert after[0] / before[0] == pytest.approx(after[1] / before[1])


# --- whole worlds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["sefton", "stockport", "england"])
def test_every_drawn_value_is_one_that_its_kind_allows(area):
    known = parameters.load(area)
    for number in range(24):
        world = drawn_parameters(known, Draw(1, number))
        for name, one in world.items():
            spec = spec_named(name)
            if one.uncertainty.distribution == "fixed":
                assert one.value == known[name].value
                continue
            assert one.value != known[name].value, name
            check_value(one.value, spec, one.by, known.area.localities, Where("a draw", name))


def test_numbers_of_one_group_move_together():
    known = parameters.load("sefton")
    group = [name for name, one in known.items() if one.uncertainty.group == "early_help_effect"]
    assert len(group) == 3
    worlds = [drawn_parameters(known, Draw(1, k)) for k in range(40)]
    ratios = np.array([[world[name].value["ratio"] for name in group] for world in worlds])
    ranks = ratios.argsort(axis=0)
    assert (ranks == ranks[:, :1]).all()


def test_every_draw_of_every_scenario_is_possible():
    for name in scenarios.names()[1:]:
        plan = scenarios.load(name)
        for area in plan.areas or ("sefton",):
            known = parameters.load(area)
            for number in range(16):
                draw = Draw(2, number)
                inputs = resolve(
                    area,
                    drawn_scenario(plan, draw),
                    start=START,
                    years=5,
                    parameters=drawn_parameters(known, draw),
                    held=True,
                )
                for array in inputs.arrays.values():
                    assert np.isfinite(array[~np.isnan(array)]).all()


def test_the_last_step_of_a_ramp_lies_in_the_range_and_earlier_ones_follow():
    plan = scenarios.load("stockport_pathway")
    adopting = "screening.officers_adopting"
    place = [one.parameter for one in plan.changes].index(adopting)
    ramp = plan.changes[place]
    steps = [value for _, value in ramp.steps]
    finals = []
    for number in range(64):
        moved = [value for _, value in drawn_scenario(plan, Draw(1, number)).changes[place].steps]
        assert np.array(moved) / moved[-1] == pytest.approx(np.array(steps) / steps[-1])
        finals.append(moved[-1])
    assert min(finals) >= 1 and max(finals) <= 5
    assert np.quantile(finals, 0.5) == pytest.approx(3.0, abs=0.1)


def test_a_change_shared_by_two_scenarios_is_drawn_the_same():
    plan = scenarios.load("stockport_pathway")
    other = replace(plan, name="copy", changes=plan.changes[::-1])
    one, two = (drawn_scenario(each, Draw(4, 9)) for each in (plan, other))
    assert one.changes == two.changes[::-1]
    assert changes_of(plan) != changes_of(replace(plan, changes=plan.changes[:1]))


def test_prices_move_within_their_ranges_and_fixed_ones_stay():
    known = load_unit_costs("sefton")
    for number in range(32):
        found = drawn_unit_costs(known, Draw(1, number))
        for name, cost in found.costs.items():
            uncertainty, stated = cost.evidence.uncertainty, known.costs[name].gbp_published
            if uncertainty.distribution == "fixed":
                assert cost == known.costs[name]
            else:
                factor = cost.gbp_published / (stated if uncertainty.relative else 1.0)
                assert uncertainty.low <= factor <= uncertainty.high


def test_a_drawn_number_stays_a_number():
    for one in drawn_parameters(parameters.load("sefton"), Draw(1, 0)).values():
        for _, leaf in leaves(one.value, len(one.by)):
            assert all(type(number) is float for _, number in numbers(leaf))


# --- chance and ignorance -------------------------------------------------------------------------


def test_chance_and_ignorance_are_told_apart_and_add_up():
    random = np.random.default_rng(1)
    draws, replications = 2000, 4
    worlds = random.normal(10.0, 3.0, draws)[:, None]
    values = (worlds + random.normal(0.0, 2.0, (draws, replications))).reshape(-1)
    found = spread(values, Sampling(replications, draws))
    assert found.ignorance == pytest.approx(9.0, rel=0.1)
    assert found.chance == pytest.approx(4.0, rel=0.1)
    assert found.chance + found.ignorance == pytest.approx(values.var(ddof=1), rel=0.01)
    assert found.ignorance_share == pytest.approx(9 / 13, abs=0.03)


def test_without_draws_all_of_the_spread_is_chance():
    values = np.arange(10.0)
    found = spread(values, Sampling(10))
    assert (found.chance, found.ignorance) == (values.var(ddof=1), 0.0)
    assert spread(np.array([3.0]), Sampling(1)).ignorance_share == 0.0


def test_the_standard_error_counts_the_futures_of_a_draw_as_one():
    values = np.repeat(np.arange(8.0), 2)
    expected = np.arange(8.0).std(ddof=1) / np.sqrt(8)
    assert standard_error(values, Sampling(2, 8)) == pytest.approx(expected)
    assert standard_error(values, Sampling(16)) < expected
    assert standard_error(values[:2], Sampling(2, 1)) == float("inf")
