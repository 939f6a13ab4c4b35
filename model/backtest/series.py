"""The figures that a back-test forecasts, and which published rows say how they flow.

It holds names only. What the model sums for each is the measure's own list of stages.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.calibrate.known_figures import known_to
from model.errors import InputError, Where, listed


@dataclass(frozen=True)
class Series:
    """One figure that is forecast.

    Attributes
    ----------
    measure : its name in published figures and in the model. title : as people say it.
    starts, ends : published measures of who comes and who leaves in a year; no ends where the
        figure is itself a count of a year.
    """

    measure: str
    title: str
    starts: str
    ends: str = ""

    @property
    def is_stock(self) -> bool:
        """Whether it is counted on a day, not over a year."""
        return bool(self.ends)


SERIES: tuple[Series, ...] = (
    Series(
        "child_protection_plans_open",
        "child protection plans open at 31 March",
        "child_protection_plans_started",
        "child_protection_plans_ended",
    ),
    Series(
        "children_in_need",
        "children in need at 31 March",
        "children_in_need_started",
        "children_in_need_ended",
    ),
    Series("looked_after_started", "starts of care in the year", "looked_after_started"),
    Series(
        "looked_after",
        "children looked after at 31 March",
        "looked_after_started",
        "looked_after_ceased",
    ),
)


def by_year(rows: pd.DataFrame, measure: str) -> pd.Series:
    """One published figure by year, in order; empty where it is not published."""
    found = rows[rows["measure"] == measure].set_index("year")["value"]
    return found.sort_index().astype(float)


def last_value(rows: pd.DataFrame, series: Series, origin: int) -> float:
    """The figure of the origin.

    Raises
    ------
    InputError when it is not published for the origin.
    """
    found = by_year(rows, series.measure)
    if origin not in found.index:
        raise InputError(
            Where("the published figures", series.measure),
            f"no figure for the year to March {origin}",
            f"one of the years {listed(str(year) for year in found.index) or 'published'}",
            "Choose another origin (--hide), or supply the missing row.",
        )
    return float(found[origin])


__all__ = ["SERIES", "Series", "by_year", "known_to", "last_value"]
