"""Errors, ratios, coverage and the verdict of a back-test, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.backtest import scoring
from model.backtest.series import SERIES
from model.errors import InputError

MODEL = "model"
MEASURES = [one.measure for one in SERIES]


def published():
    """Each figure 100, 110, 100 to 2020 (usual change 10), then 120, 130 and 140."""
    values = {2018: 100, 2019: 110, 2020: 100, 2021: 120, 2022: 130, 2023: 140}
    return pd.DataFrame(
        [
            {"measure": measure, "year": year, "value": float(value)}
            for measure in MEASURES
            for year, value in values.items()
        ]
    )


def forecast(method, values, low=np.nan, high=np.nan):
    """One method's forecasts of every series from 2020."""
    return pd.DataFrame(
        [
            {
                "area": "here",
                "origin": 2020,
                "horizon": k + 1,
                "year": 2021 + k,
                "measure": measure,
                "method": method,
                "forecast": float(value),
                "low": low,
                "high": high,
            }
            for measure in MEASURES
            for k, value in enumerate(values)
        ]
    )


def scores(model=(114, 120, 126), low=100.0, high=125.0):
    both = pd.concat([forecast(MODEL, model, low, high), forecast("no change", (100, 100, 100))])
    return scoring.scored(both, published())


def test_errors_of_a_forecast():
    found = scores().set_index(["method", "measure", "horizon"]).loc[MODEL, "looked_after", :]
    assert found["error"].tolist() == [-6, -10, -14]
    assert found["percent"].tolist() == pytest.approx([6 / 120, 10 / 130, 14 / 140])
    assert found["scaled"].tolist() == pytest.approx([0.6, 1.0, 1.4])  # usual change: 10


def test_means_and_the_ratio_to_no_change():
    found = scoring.mean_errors(scores(), ["area"]).set_index("method")
    assert found.loc[MODEL, "scaled"] == pytest.approx((0.6 + 1.0 + 1.4) / 3)
    assert found.loc["no change", "scaled"] == pytest.approx((2 + 3 + 4) / 3)
    assert found.loc[MODEL, "to_no_change"] == pytest.approx(3 / 9)
    assert found.loc["no change", "to_no_change"] == 1
    assert found.loc[MODEL, "comparisons"] == 12


def test_the_ratio_by_area_and_horizon():
    found = scoring.mean_errors(scores(), ["area", "horizon"]).set_index(["horizon", "method"])
    assert found.loc[(3, MODEL), "to_no_change"] == pytest.approx(1.4 / 4)


def test_coverage_counts_the_ends_and_only_forecasts_with_an_interval():
    found = scoring.coverage(scores(high=130.0))
    assert (found.inside, found.of) == (8, 12)  # 120 and 130 are inside, 140 is not


def test_binomial_interval_of_none_and_of_all():
    # With none of n inside, the upper end solves (1 - p)^n = 0.025.
    assert scoring.covered(0, 10).high == pytest.approx(1 - 0.025**0.1)
    assert scoring.covered(0, 10).low == 0
    assert scoring.covered(10, 10).low == pytest.approx(0.025**0.1)


def test_no_change_is_beaten_at_three_years():
    assert scoring.no_change_is_beaten(scores(), MODEL) is True
    assert scoring.no_change_is_beaten(scores(model=(120, 130, 190)), MODEL) is False


def test_as_good_is_not_better():
    assert scoring.no_change_is_beaten(scores(model=(0, 0, 100)), MODEL) is False


def test_without_a_third_year_nothing_is_said():
    two = scores()
    assert scoring.no_change_is_beaten(two[two["horizon"] < 3], MODEL) is None


def test_a_year_that_is_not_published_is_not_scored():
    rows = published()
    found = scoring.scored(forecast(MODEL, (1, 2, 3)), rows[rows["year"] < 2023])
    assert set(found["horizon"]) == {1, 2}


def test_a_figure_that_never_changed_cannot_scale_an_error():
    rows = published().assign(value=5.0)
    with pytest.raises(InputError, match="no yearly change"):
        scoring.scored(forecast(MODEL, (1, 2, 3)), rows)
