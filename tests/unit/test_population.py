"""Who a run meets: worked out for all at once, it is what one after another would be."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import poisson

from model import luck, network
from model.arrivals import FAMILIES_PER_MONTH, MONTHS_KEPT, SOURCES, monthly_means
from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY
from model.inputs import Inputs, resolve
from model.population import choose
from model.starting import Opening
from model.steady_state import minutes_in_bands
from model.time_spent import age_of_stay
from tests.synthetic import AREA, add_scenario, change, write_synthetic_root

START, YEARS = date(2025, 4, 1), 2
KEY = luck.run_key(1, 0)
EDGES = np.array([0.0, 100.0, 300.0])
RATES = np.array([0.01, 0.0, 0.002])
WHOLE_RUN = ("population.households", "population.need_at_contact", "population.disabled_share")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_synthetic_root(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def opening(root) -> Opening:
    inputs = resolve(AREA, start=START, years=YEARS, root=root)
    return Opening(inputs, network.build(inputs))


def cases(opening: Opening, inputs: Inputs | None = None) -> Cases:
    inputs = inputs or opening.inputs
    return opening.cases(inputs, network.build(inputs, opening.inputs), KEY)


def changed(inputs: Inputs, name: str, array: np.ndarray) -> Inputs:
    return replace(inputs, arrays={**inputs.arrays, name: array})


def test_newcomers_are_those_of_one_stream_after_another(opening):
    means = monthly_means(opening.inputs, opening.new_families)
    starts = opening.network.calendar.month_starts(means.shape[2]).tolist()
    expected = []
    for (locality, source, month), mean in np.ndenumerate(means):
        stream = (locality * len(SOURCES) + source) * MONTHS_KEPT + month
        u = luck.uniform(luck.case_key(KEY, stream), luck.purpose("arrivals"), 0)
        for nth in range(int(poisson.ppf(u, mean))):
            number = FIRST_ARRIVAL_FAMILY + stream * FAMILIES_PER_MONTH + nth
            own = luck.case_key(KEY, number * CASES_PER_FAMILY)
            u = luck.uniform(own, luck.purpose("minute"), 0)
            minute = starts[month] + int(u * (starts[month + 1] - starts[month]))
            expected.append((minute, number))
    found = cases(opening)
    new = found.case >= FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY
    came = zip(found.minute[new], found.case[new] // CASES_PER_FAMILY, strict=True)
    assert list(came) == sorted(expected)


def test_higher_demand_only_adds_families(opening):
    usual = cases(opening)
    more = cases(
        opening,
        changed(opening.inputs, "demand.ratio", opening.inputs.arrays["demand.ratio"] * 1.3),
    )
    stay = np.isin(more.case, usual.case)
    assert len(more.case) > len(usual.case)
    for name in vars(usual):
        assert np.array_equal(getattr(more, name)[stay], getattr(usual, name)), name


def test_a_choice_by_row_is_the_choice_from_that_row():
    generator = np.random.default_rng(1)
    shares, row = generator.dirichlet(np.ones(5), 3), generator.integers(0, 3, 500)
    u = generator.random(500)
    one_by_one = [choose(u[[k]], shares[row[k]])[0] for k in range(500)]
    assert choose(u, shares, row).tolist() == choose(u, shares[row]).tolist() == one_by_one


@pytest.mark.parametrize("limit", [0.0, 50.0, 250.0, 1e4, np.inf])
def test_stays_at_once_are_the_stays_one_by_one(limit):
    minutes, left = minutes_in_bands(EDGES, RATES, limit)
    first = (1 - np.exp(-0.01 * min(limit, 100))) / 0.01
    reaching = np.exp(-1.0)
    second = reaching * np.clip(limit - 100, 0, 200)
    third = reaching * (1 - np.exp(-0.002 * max(limit - 300, 0))) / 0.002
    assert minutes == pytest.approx([first, second, third])
    together, shares = minutes_in_bands(EDGES, np.tile(RATES, (3, 1)), np.array([9, limit, 120]))
    assert np.array_equal(together[1], minutes)
    assert shares[1] == left


def test_open_stays_with_one_rate_are_as_old_as_stays_are_long():
    u = np.linspace(0.001, 0.999, 999)
    never = np.array([np.inf])
    of_one_kind = np.zeros(999, np.int64)
    found = age_of_stay(EDGES, np.full((1, 3), 1e-3), never, of_one_kind, u)
    assert found == pytest.approx(-np.log1p(-u) / 1e-3, abs=1)


def test_no_open_stay_is_older_than_its_limit():
    u, limits = np.linspace(0, 0.999, 400), np.array([1.0, 99.0, 150.0, 301.0])
    kind = np.arange(400) % 4
    found = age_of_stay(EDGES, np.tile(RATES, (4, 1)), limits, kind, u)
    assert (found >= 0).all()
    assert (found <= limits[kind]).all()


# --- sharing the cases of two scenarios ----------------------------------------------------------


def test_a_scenario_about_help_meets_the_same_cases(root, opening):
    add_scenario(root, "keener", [change("early_help_wait.lead", 0.7, from_="start + 2 months")])
    other = resolve(AREA, "keener", start=START, years=YEARS, root=root)
    assert opening.same_cases(opening.inputs, other)
    usual, found = cases(opening), cases(opening, other)
    assert all(np.array_equal(getattr(usual, name), getattr(found, name)) for name in vars(usual))


def test_a_scenario_with_other_families_dates_or_demand_does_not(root, opening):
    usual = opening.inputs
    longer = resolve(AREA, start=START, years=YEARS + 1, root=root)
    assert not opening.same_cases(usual, longer)
    for name in WHOLE_RUN:
        assert not opening.same_cases(usual, changed(usual, name, usual.arrays[name] * 0.9))
    add_scenario(root, "busier", [change("demand.ratio", 1.1, from_="start + 6 months")])
    assert not opening.same_cases(
        usual, resolve(AREA, "busier", start=START, years=YEARS, root=root)
    )


def test_cases_read_nothing_that_the_comparison_leaves_out(root, opening, monkeypatch):
    run_inputs = resolve(AREA, start=START, years=YEARS, root=root)
    built = network.build(run_inputs)
    asked: set[str] = set()
    original = Inputs._spec

    def watched(self, name, *rest, **more):
        if self is run_inputs:
            asked.add(name)
        return original(self, name, *rest, **more)

    monkeypatch.setattr(Inputs, "_spec", watched)
    opening.cases(run_inputs, built, KEY)
    monkeypatch.undo()
    assert asked
    assert {name for name in asked if not name.startswith("population.")} == {"demand.ratio"}
    assert all(len(run_inputs.arrays[name]) == 1 for name in asked)


def test_an_opening_is_small_enough_to_send_to_workers():
    inputs = resolve("sefton", start=START, years=5)
    assert len(pickle.dumps(Opening(inputs, network.build(inputs)))) < 2**20
