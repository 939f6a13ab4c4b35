"""Published figures of a council as a template reads them: means, shares, and how they compare.

A template's numbers were fitted to the published figures of its own area. What a council's figures
say is taken relative to those, so that the level of the template's years goes out again. It knows
no parameter and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

POPULATION = "population_0_17"
REFERENCE_YEARS = 3  # a shipped area file is fitted to the latest three years
# Counted at 30 September after the 31 March of their year, so not known then.
AFTER_MARCH = (
    "social_workers_fte",
    "social_worker_vacancy_share",
    "agency_share",
    "cases_held",
    "cases_per_social_worker",
    "case_holders_fte",
)
ASYLUM_STARTS, ASYLUM_CHILDREN = "asylum_seeking_start_share", "asylum_seeking_share"


def known_to(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The published rows of figures that were counted by the 31 March of a year: nothing later.

    Everything that a template or a forecast reads of an area passes through here. Social workers
    are counted in September, so those of the year itself are left out.

    Parameters
    ----------
    rows : in the shape of parameters/published.csv.
    """
    late = rows["measure"].isin(AFTER_MARCH) & (rows["year"] == year)
    return rows[(rows["year"] <= year) & ~late].reset_index(drop=True)


@dataclass(frozen=True)
class KnownFigures:
    """One area's published figures over some years.

    Attributes
    ----------
    rows : in the shape of parameters/published.csv, already cut to what is known.
    years : whose mean stands for the area today.
    """

    rows: pd.DataFrame
    years: tuple[int, ...]

    def by_year(self, measure: str) -> pd.Series:
        """One figure by year, in order."""
        found = self.rows[self.rows["measure"] == measure].set_index("year")["value"]
        return found.sort_index().astype(float)

    def mean(self, measure: str) -> float:
        """Mean over the years; the latest earlier one where none is published; else missing."""
        found = self.by_year(measure)
        own = found[found.index.isin(self.years)]
        if len(own):
            return float(own.mean())
        earlier = found[found.index < min(self.years)]
        return float(earlier.iloc[-1]) if len(earlier) else float("nan")

    def at(self, measure: str, year: int) -> float:
        """The figure of one year; missing where it is not published."""
        return float(self.by_year(measure).get(year, np.nan))

    def latest(self, measure: str, not_after: int, oldest: int) -> float:
        """The latest figure of the years from `oldest` to `not_after`; else missing."""
        found = self.by_year(measure)
        found = found[(found.index <= not_after) & (found.index >= oldest)]
        return float(found.iloc[-1]) if len(found) else float("nan")

    def per(self, measure: str, over: str) -> float:
        """One figure over another, sums over the years in which both are published."""
        top, bottom = self.by_year(measure), self.by_year(over)
        years = [y for y in self.years if y in top.index and y in bottom.index]
        if not years:
            return float("nan")
        whole = float(bottom[years].sum())
        return float(top[years].sum()) / whole if whole > 0 else float("nan")


def latest_years(rows: pd.DataFrame) -> tuple[int, ...]:
    """The three latest years in which the children looked after are published."""
    found = sorted(rows.loc[rows["measure"] == "looked_after", "year"].unique())
    return tuple(int(year) for year in found[-REFERENCE_YEARS:])


def relative(own: KnownFigures, reference: KnownFigures, measure: str, over: str = "") -> float:
    """A council's figure, or ratio of two, over that of the template's area; 1 where unknown."""
    if over:
        ratio = own.per(measure, over) / reference.per(measure, over)
    else:
        ratio = own.mean(measure) / reference.mean(measure)
    return ratio if np.isfinite(ratio) and ratio > 0 else 1.0


def mean_growth(own: KnownFigures, years: int = REFERENCE_YEARS) -> float:
    """Mean yearly growth of children aged 0 to 17 over the last years known; 0 where unknown."""
    found = own.by_year(POPULATION)
    if len(found) < 2:
        return 0.0
    first = found.iloc[-min(years + 1, len(found))]
    steps = int(found.index[-1] - found.index[-min(years + 1, len(found))])
    return float((found.iloc[-1] / first) ** (1 / steps) - 1)


def asylum_start_share(own: KnownFigures, national: KnownFigures | None) -> float:
    """Share of children starting who seek asylum alone.

    Where it is withheld: from the share of children looked after and the national relation of the
    two; where that is withheld too, missing.
    """
    found = own.mean(ASYLUM_STARTS)
    if np.isfinite(found):
        return found
    if national is not None:
        stock = own.mean(ASYLUM_CHILDREN)
        ratio = national.mean(ASYLUM_STARTS) / national.mean(ASYLUM_CHILDREN)
        return stock * ratio
    return float("nan")


def asylum_stock_share(own: KnownFigures, national: KnownFigures | None, year: int) -> float:
    """Share of children looked after on a day who seek asylum alone; missing where unknown."""
    found = own.latest(ASYLUM_CHILDREN, year, year - REFERENCE_YEARS)
    if np.isfinite(found):
        return found
    if national is not None:
        ratio = national.mean(ASYLUM_CHILDREN) / national.mean(ASYLUM_STARTS)
        return own.mean(ASYLUM_STARTS) * ratio
    return float("nan")


def in_years(rows: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """The rows of some years."""
    return rows[rows["year"].isin(list(years))].reset_index(drop=True)
