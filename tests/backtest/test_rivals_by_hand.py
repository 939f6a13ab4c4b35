"""The rivals of a back-test give what a person works out on paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.backtest import rivals
from model.backtest.series import SERIES, known_to
from model.errors import InputError

LOOKED_AFTER = next(one for one in SERIES if one.measure == "looked_after")
CARE_STARTS = next(one for one in SERIES if one.measure == "looked_after_started")


def rows(**figures):
    """Published rows of one area: by measure, a figure for each year."""
    return pd.DataFrame(
        [
            {"measure": measure, "year": year, "value": float(value)}
            for measure, by_year in figures.items()
            for year, value in by_year.items()
        ]
    )


def test_no_change_is_the_last_figure_for_ever():
    known = rows(looked_after={2020: 90, 2021: 100, 2022: 120})
    assert rivals.no_change(known, LOOKED_AFTER, 2021, 3) == [100, 100, 100]


def test_a_straight_line_goes_on():
    known = rows(looked_after={year: 100 + 10 * (year - 2015) for year in range(2015, 2021)})
    found = rivals.linear_trend(known, LOOKED_AFTER, 2020, 2)
    assert found == pytest.approx([160, 170])


def test_the_line_is_that_of_least_squares_over_five_years():
    # 2016 is outside the window. About the middle (2019, mean 14): slope (-20 - 12 + 0 + 14 + 36)
    # / 10 = 1.8; so 14 + 1.8 * 3 in 2022.
    known = rows(looked_after={2016: 500, 2017: 10, 2018: 12, 2019: 16, 2020: 14, 2021: 18})
    assert rivals.linear_trend(known, LOOKED_AFTER, 2021, 1) == pytest.approx([19.4])


def test_a_falling_line_stops_at_nought():
    known = rows(looked_after={2018: 30, 2019: 20, 2020: 10})
    assert rivals.linear_trend(known, LOOKED_AFTER, 2020, 3) == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_line_through_two_years_is_refused():
    known = rows(looked_after={2019: 20, 2020: 10})
    with pytest.raises(InputError, match="2 of the 5 years to March 2020"):
        rivals.linear_trend(known, LOOKED_AFTER, 2020, 3)


def test_daily_rates_go_to_entries_over_the_chance_to_leave():
    # 365 start a year, one a day; 365 end a year out of 100 open: each leaves with chance 1/100 a
    # day. One in, one out: 100 stays.
    flat = dict.fromkeys(range(2018, 2021), 365)
    known = rows(
        looked_after=dict.fromkeys(range(2017, 2021), 100),
        looked_after_started=flat,
        looked_after_ceased=flat,
    )
    assert rivals.by_daily_rates(known, LOOKED_AFTER, 2020, 2) == pytest.approx([100, 100])


def test_daily_rates_of_two_days_by_hand():
    # Day 1: 100 - 10 + 4 = 94. Day 2: 94 - 9.4 + 4 = 88.6.
    path = rivals.daily_rates(
        np.array([100.0]), np.array([4.0]), np.array([0.1]), np.zeros((1, 1)), 2
    )
    assert path[:, 0].tolist() == pytest.approx([100, 94, 88.6])


def test_daily_rates_move_children_between_groups():
    # From fostering 10% move to a home and 10% leave; from a home 20% leave; two enter a home.
    moves = np.array([[0.0, 0.1], [0.0, 0.0]])
    path = rivals.daily_rates(
        np.array([50.0, 10.0]), np.array([0.0, 2.0]), np.array([0.1, 0.2]), moves, 1
    )
    assert path[1].tolist() == pytest.approx([40, 10 * 0.8 + 5 + 2])


def test_daily_chances_of_more_than_one_are_refused():
    with pytest.raises(ValueError, match="add up to more than 1"):
        rivals.daily_rates(np.ones(1), np.ones(1), np.array([1.2]), np.zeros((1, 1)), 1)


def test_a_flow_goes_on_at_the_mean_of_three_years():
    known = rows(looked_after_started={2017: 900, 2018: 90, 2019: 120, 2020: 150})
    assert rivals.by_daily_rates(known, CARE_STARTS, 2020, 2) == [120, 120]


def test_no_rival_sees_a_hidden_year():
    every = {
        measure: {year: 100 + year % 7 for year in range(2014, 2022)}
        for measure in ("looked_after", "looked_after_started", "looked_after_ceased")
    }
    shown = rows(**every)
    other = shown.assign(value=shown["value"].where(shown["year"] <= 2020, 1e6))
    for series in (LOOKED_AFTER, CARE_STARTS):
        assert rivals.forecasts(shown, series, 2020, 2) == rivals.forecasts(other, series, 2020, 2)
    assert known_to(other, 2020)["value"].max() < 1e6
