"""Three simpler forecasts that the model must be compared with.

No change, a straight line, and the daily-rate stock-and-flow method that the sector's existing
tool uses. Each reads published figures up to the origin and nothing else; none knows the model.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.backtest.series import Series, by_year, known_to, last_value
from model.errors import InputError, Where

Array = NDArray[np.float64]
NO_CHANGE, TREND, DAILY_RATES = "no change", "linear trend", "daily rates"
RIVALS = (NO_CHANGE, TREND, DAILY_RATES)
TREND_YEARS, FEWEST_YEARS = 5, 3
RATE_YEARS = 3
DAYS_A_YEAR = 365


def forecasts(
    rows: pd.DataFrame, series: Series, origin: int, years: int
) -> dict[str, list[float]]:
    """What each rival says for the years after the origin.

    Parameters
    ----------
    rows : published rows of one area. origin : year of the last 31 March known.
    years : how many after it are forecast.

    Returns
    -------
    By rival, a figure for each year, the first after the origin first.
    """
    known = known_to(rows, origin)
    return {
        NO_CHANGE: no_change(known, series, origin, years),
        TREND: linear_trend(known, series, origin, years),
        DAILY_RATES: by_daily_rates(known, series, origin, years),
    }


def no_change(known: pd.DataFrame, series: Series, origin: int, years: int) -> list[float]:
    """The last figure, for ever."""
    return [last_value(known, series, origin)] * years


def linear_trend(known: pd.DataFrame, series: Series, origin: int, years: int) -> list[float]:
    """A straight line by least squares through the last five years, not below nought.

    Raises
    ------
    InputError when fewer than three of those years are published.
    """
    found = by_year(known, series.measure)
    found = found[(found.index > origin - TREND_YEARS) & (found.index <= origin)]
    if len(found) < FEWEST_YEARS:
        raise InputError(
            Where("the published figures", series.measure),
            f"{len(found)} of the {TREND_YEARS} years to March {origin}",
            f"at least {FEWEST_YEARS} for a trend",
        )
    slope, level = np.polyfit(found.index.to_numpy(float) - origin, found.to_numpy(), 1)
    return [max(float(level + slope * (k + 1)), 0.0) for k in range(years)]


def by_daily_rates(known: pd.DataFrame, series: Series, origin: int, years: int) -> list[float]:
    """Daily entries and chances to leave stay as in the last three years (one group).

    The method of the sector's existing tool works with groups by age and placement from a
    council's own records; published figures give one group for each series.
    """
    starts = recent(known, series.starts, origin)
    if not series.is_stock:
        return [float(starts.mean())] * years
    stock = by_year(known, series.measure)
    ends = recent(known, series.ends, origin)
    open_days = sum(
        DAYS_A_YEAR * (stock[year] + stock.get(year - 1, stock[year])) / 2 for year in ends.index
    )
    leaving = np.array([ends.sum() / open_days])
    entries = np.array([starts.mean() / DAYS_A_YEAR])
    path = daily_rates(
        np.array([last_value(known, series, origin)]),
        entries,
        leaving,
        np.zeros((1, 1)),
        DAYS_A_YEAR * years,
    )
    return [float(path[DAYS_A_YEAR * (k + 1)].sum()) for k in range(years)]


def recent(known: pd.DataFrame, measure: str, origin: int) -> pd.Series:
    """A flow in the last three years, where its stock is published too."""
    found = by_year(known, measure)
    found = found[(found.index > origin - RATE_YEARS) & (found.index <= origin)]
    if found.empty:
        raise InputError(
            Where("the published figures", measure),
            f"none of the {RATE_YEARS} years to March {origin}",
            "at least one",
        )
    return found


def daily_rates(
    stock: Array, entries: Array, leaving: Array, moves: Array, days: int
) -> NDArray[np.float64]:
    """Stocks day by day when daily entries and chances stay the same.

    Parameters
    ----------
    stock : in each group at first, shape (groups,). entries : into each on a day.
    leaving : chance to leave each group on a day. moves : chance to move from group (row) to
        group (column) on a day, shape (groups, groups); the diagonal is not read.
    days : how many.

    Returns
    -------
    Shape (days + 1, groups): the stock at first, then at the end of each day.

    Raises
    ------
    ValueError when more would leave a group on a day than are in it.
    """
    across = moves * (1 - np.eye(len(stock)))
    stay = 1 - leaving - across.sum(axis=1)
    if (stay < 0).any():
        raise ValueError("chances to leave or move on a day add up to more than 1")
    step = across + np.diag(stay)
    path = np.empty((days + 1, len(stock)))
    path[0] = stock
    for day in range(days):
        path[day + 1] = path[day] @ step + entries
    return path
