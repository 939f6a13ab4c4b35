"""How far forecasts were from what happened, and whether no change was beaten.

It compares tables of figures and knows neither the model nor where they come from. Scaled errors
after Hyndman and Koehler (2006), binomial intervals after Clopper and Pearson (1934).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import beta

from model.backtest.rivals import NO_CHANGE
from model.backtest.series import SERIES, Series, by_year, known_to
from model.errors import InputError, Where

METHOD_COLUMNS = ("area", "origin", "horizon", "year", "measure", "method", "forecast")
SCORE_COLUMNS = (*METHOD_COLUMNS, "low", "high", "actual", "error", "percent", "scaled", "inside")
LEVEL = 0.95
DECIDING_HORIZON = 3


@dataclass(frozen=True)
class Coverage:
    """How many figures lay in their interval.

    Attributes
    ----------
    inside, of : counts. low, high : binomial interval of the share.
    """

    inside: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share inside."""
        return self.inside / self.of if self.of else float("nan")


def scored(forecasts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of one area beside what was published.

    Parameters
    ----------
    forecasts : columns `METHOD_COLUMNS`, low and high (missing for methods without an interval).
    rows : published rows of the area, the later years too.

    Returns
    -------
    DataFrame with `SCORE_COLUMNS`, one row for each forecast whose figure is published: error
    (forecast less actual), percent (absolute, as a share of the actual), scaled (absolute, over
    the mean absolute yearly change up to the origin), inside (whether low to high holds it).
    """
    actual = rows.set_index(["measure", "year"])["value"]
    keys = list(zip(forecasts["measure"], forecasts["year"], strict=True))
    found = forecasts.assign(actual=[actual.get(key, np.nan) for key in keys])
    found = found.dropna(subset=["actual"]).reset_index(drop=True)
    usual = {
        (one.measure, origin): usual_change(rows, one, int(origin))
        for one in SERIES
        for origin in found["origin"].unique()
    }
    error = found["forecast"] - found["actual"]
    over = [usual[key] for key in zip(found["measure"], found["origin"], strict=True)]
    inside = (found["low"] <= found["actual"]) & (found["actual"] <= found["high"])
    found = found.assign(
        error=error,
        percent=error.abs() / found["actual"].where(found["actual"] > 0),
        scaled=error.abs() / np.array(over, float),
        inside=inside.where(found["low"].notna()),
    )
    return found[list(SCORE_COLUMNS)]


def usual_change(rows: pd.DataFrame, series: Series, origin: int) -> float:
    """Mean absolute yearly change of a figure up to the origin.

    Raises
    ------
    InputError when no two years in a row are published up to the origin, or nothing ever changed.
    """
    found = by_year(known_to(rows, origin), series.measure)
    changes = found.diff()[found.index.to_series().diff() == 1].abs()
    if changes.empty or changes.mean() == 0:
        raise InputError(
            Where("the published figures", series.measure),
            f"no yearly change up to March {origin}",
            "at least two years in a row that differ",
        )
    return float(changes.mean())


def mean_errors(scores: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean absolute percentage error, mean scaled error and its ratio to no change.

    Parameters
    ----------
    scores : from `scored`. by : columns to split by, besides the method; such as area, horizon.

    Returns
    -------
    DataFrame: `by`, method, percent, scaled, to_no_change, comparisons.
    """
    grouped = scores.groupby([*by, "method"], sort=False)
    found = grouped.agg(
        percent=("percent", "mean"), scaled=("scaled", "mean"), comparisons=("scaled", "size")
    ).reset_index()
    usual = found[found["method"] == NO_CHANGE].set_index(by)["scaled"]
    keys = pd.MultiIndex.from_frame(found[by]) if len(by) > 1 else pd.Index(found[by[0]])
    return found.assign(to_no_change=found["scaled"].to_numpy() / usual.reindex(keys).to_numpy())


def coverage(scores: pd.DataFrame) -> Coverage:
    """How many of the figures lay inside their interval, pooled; rows without one are left out."""
    told = scores["inside"].dropna().astype(bool)
    return covered(int(told.sum()), len(told))


def covered(inside: int, of: int) -> Coverage:
    """A count with the exact binomial interval of its share (Clopper and Pearson 1934)."""
    tail = (1 - LEVEL) / 2
    low = float(beta.ppf(tail, inside, of - inside + 1)) if inside else 0.0
    high = float(beta.ppf(1 - tail, inside + 1, of - inside)) if inside < of else 1.0
    return Coverage(inside, of, low, high)


def deciding(scores: pd.DataFrame) -> pd.DataFrame:
    """The comparisons that decide whether no change is beaten: those at three years."""
    return scores[scores["horizon"] == DECIDING_HORIZON]


def no_change_is_beaten(scores: pd.DataFrame, method: str) -> bool | None:
    """Whether a method's mean scaled error at three years is below that of no change.

    None where no third year is published.
    """
    found = deciding(scores)
    own = found.loc[found["method"] == method, "scaled"]
    usual = found.loc[found["method"] == NO_CHANGE, "scaled"]
    return None if own.empty else bool(own.mean() < usual.mean())
