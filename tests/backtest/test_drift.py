"""How far rates wander, by hand; and a future in which they do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from model import inputs
from model.backtest import drift
from model.errors import InputError
from tests.backtest import small_council

START = date(2025, 4, 1)


def rows(**figures):
    return pd.DataFrame(
        [
            {"measure": measure, "year": year, "value": float(value)}
            for measure, values in figures.items()
            for year, value in zip(range(2015, 2030), values, strict=False)
        ]
    )


def test_the_step_is_the_mean_square_of_log_changes_less_chance():
    demand = drift.WANDERING[0]
    known = rows(referrals=(1000, 1100, 1000, 1100))
    change = np.log(1.1) ** 2 - (1 / 1000 + 1 / 1100)
    assert drift.squared_step(known, demand, 2018) == pytest.approx(change)


def test_a_rate_is_taken_of_the_mean_stock():
    leaving = next(one for one in drift.WANDERING if one.name == "leaving")
    known = rows(looked_after=(90, 110, 90, 110, 90), looked_after_ceased=(0, 100, 50, 100, 50))
    # Stocks of 100 on average: rates 1, 1/2, 1, 1/2.
    expected = np.log(2) ** 2 - (1 / 100 + 1 / 50)
    assert drift.squared_step(known, leaving, 2019) == pytest.approx(expected)


def test_what_chance_alone_gives_is_no_drift():
    same = {one.measure: (100, 104, 99, 101, 100) for one in drift.WANDERING}
    known = rows(**same, looked_after=(500,) * 5, children_in_need=(900,) * 5)
    assert set(drift.step_sizes(known, 2019).values()) == {0.0}


def test_too_few_years_say_nothing():
    known = rows(referrals=(1, 2, 3))
    with pytest.raises(InputError, match="2 yearly changes up to March 2017"):
        drift.squared_step(known, drift.WANDERING[0], 2017)


def test_paths_wander_as_far_as_their_step_and_further_each_year():
    sizes = {one.name: 0.1 for one in drift.WANDERING}
    found = np.log([drift.paths(sizes, 4, np.random.default_rng(k))["care"] for k in range(2000)])
    assert found.mean() == pytest.approx(0, abs=0.01)
    assert found.std(axis=0) == pytest.approx(0.1 * np.sqrt([1, 2, 3, 4]), rel=0.06)


def test_a_path_is_a_scenario_that_acts_year_by_year():
    plan = drift.as_scenario({"demand": np.array([1.1, 1.3]), "care": np.array([0.8, 0.9])}, "one")
    run = inputs.resolve("stockport", plan, start=START, years=2, held=True)
    police = [run.shares("demand.ratio", k).ravel()[0] for k in range(2)]
    assert police == pytest.approx([1.1, 1.3])
    place = run.outcomes("hazard_ratio.pre_proceedings").index("care_entry")
    entry = [run.shares("hazard_ratio.pre_proceedings", k)[..., place].mean() for k in range(2)]
    assert entry == pytest.approx([0.8, 0.9])
    sources = run.shares("demand.ratio", 1)
    assert 1.0 in sources  # children who seek asylum are not contacts of the council


def test_no_drift_is_the_baseline():
    still = {one.name: np.ones(3) for one in drift.WANDERING}
    assert drift.as_scenario(still, "still").changes == ()


def test_every_council_of_the_project_has_years_enough():
    sizes = drift.step_sizes(small_council.rows(), 2021)
    assert set(sizes) == {one.name for one in drift.WANDERING}
