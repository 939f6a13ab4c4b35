"""Hidden years stay hidden: whatever happened later, the forecast is the same to the last digit."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.backtest import UNCONDITIONAL, fits, forecast_from, rivals
from model.backtest.drift import step_sizes
from model.backtest.series import SERIES
from model.calibrate import from_published
from model.parameters import load
from tests.backtest import small_council

ORIGIN = 2021
YEARS = range(ORIGIN - 2, ORIGIN + 1)


def template_of(rows, start_year):
    found = from_published.template(rows, start_year=start_year, years=YEARS, known=ORIGIN)
    return {name: repr(entry.value) for name, entry in found.items()}


@settings(derandomize=True, deadline=None, max_examples=3)
@given(st.integers(0, 2**32 - 1))
def test_nothing_that_a_forecast_is_made_of_sees_a_later_figure(seed):
    rows = small_council.rows()
    other = small_council.changed_after(rows, ORIGIN, seed)
    assert not rows[rows["year"] > ORIGIN].equals(other[other["year"] > ORIGIN])
    start_year = ORIGIN - 3 * (seed % 2)  # of the fit, or of the forecast
    assert template_of(rows, start_year) == template_of(other, start_year)
    aims = [from_published.targets(table, YEARS, ORIGIN) for table in (rows, other)]
    pd.testing.assert_frame_equal(*aims)
    assert step_sizes(rows, ORIGIN) == step_sizes(other, ORIGIN)
    for series in SERIES:
        known, changed = (rivals.forecasts(table, series, ORIGIN, 3) for table in (rows, other))
        assert known == changed


def test_the_whole_forecast_is_the_same_whatever_happened_later(monkeypatch):
    monkeypatch.setattr(fits, "fit", small_council.posterior_without_a_fit)
    rows = small_council.rows()
    forecasts = [
        forecast_from(small_council.subject(table), ORIGIN, 2, given_referrals=False, futures=3)
        for table in (rows, small_council.changed_after(rows, ORIGIN, 5))
    ]
    pd.testing.assert_frame_equal(forecasts[0].table, forecasts[1].table)
    model = forecasts[0].table[forecasts[0].table["method"] == UNCONDITIONAL]
    assert (model["low"] < model["high"]).any()


def test_workers_counted_in_the_september_after_the_origin_are_not_known():
    rows = small_council.rows()
    late = (rows["measure"] == "case_holders_fte") & (rows["year"] == ORIGIN)
    assert late.any()
    assert template_of(rows, ORIGIN) == template_of(
        rows.assign(value=rows["value"].where(~late, 9999.0)), ORIGIN
    )


def test_the_shipped_file_of_the_council_is_not_read():
    # Sefton's own file says 136.7 workers, mean of the years that a back-test hides.
    rows = small_council.rows()
    found = from_published.template(rows, start_year=ORIGIN, years=YEARS, known=ORIGIN)
    mean = rows[(rows["measure"] == "case_holders_fte") & rows["year"].isin((2019, 2020))]
    assert found["capacity.social_workers"].value == pytest.approx(mean["value"].mean(), abs=0.06)
    stockport = load("stockport")
    same = [
        name
        for name in ("population.contacts_per_10000", "section_47.ends", "looked_after.pace")
        if repr(found[name].value) == repr(stockport[name].value)
    ]
    assert same == []
