"""What a fit aims at: published or counted figures, each with its year and its error.

A figure is compared on a scale on which factors add up and errors are even: counts as logarithms,
shares as log odds. It knows measures and their years; it runs and fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import published
from model.calibrate.knobs import Discrepancy
from model.errors import InputError, Where, listed, unknown
from model.measures import MEASURES

COLUMNS = ("measure", "year", "value", "sd", "unit")
RUN = "run"  # the period of a figure that is compared with all of a run
FLOW, STOCK, SHARE, AVERAGE = "flow", "stock", "share", "average"
FEWEST_CASES = 0.5  # added to a count, so that none at all has a logarithm
FURTHEST_LOG = 500.0  # so that an error without bounds has an end that can be written
ROUNDED_TO = 5  # children: published counts of councils are rounded so, or their small ones are
UNIFORM_SD = 12**-0.5  # of a number that was rounded to 1

# The published measures that tell about the knobs, in the order of the pathway.
FITTED: tuple[str, ...] = (
    "referrals",
    "rereferral_share",
    "assessments",
    "children_in_need",
    "child_in_need_plans_open",
    "section_47_enquiries",
    "initial_conferences",
    "child_protection_plans_started",
    "child_protection_plans_open",
    "looked_after_started",
    "looked_after_ceased",
    "looked_after",
)


@dataclass(frozen=True)
class Targets:
    """Figures to be met, on the scale of the fit.

    Attributes
    ----------
    table : rows as given, with the columns measure, year, value, sd, unit, kind, period.
    aim, error : value and standard deviation on the scale of the fit; shape (rows,).
    """

    table: pd.DataFrame
    aim: NDArray[np.float64]
    error: NDArray[np.float64]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, each once."""
        return tuple(dict.fromkeys(self.table["measure"]))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of measure that occur, each once, in order: each has a discrepancy of its own."""
        present = set(self.table["kind"])
        return tuple(kind for kind in (FLOW, STOCK, SHARE) if kind in present)

    def kind_places(self) -> NDArray[np.int64]:
        """Which of `kinds` each row is; shape (rows,)."""
        return np.array([self.kinds.index(kind) for kind in self.table["kind"]], dtype=np.int64)

    def on_scale(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of the rows' measures on the scale of the fit; rows along the last axis."""
        shares = (self.table["kind"] == SHARE).to_numpy()
        held = np.clip(values, 1e-4, 1 - 1e-4)
        odds = np.log(held) - np.log1p(-held)
        return np.where(shares, odds, np.log(np.maximum(values, 0.0) + FEWEST_CASES))

    def from_scale(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """The way back: values in the measures' own units."""
        shares = (self.table["kind"] == SHARE).to_numpy()
        held = np.clip(scaled, -FURTHEST_LOG, FURTHEST_LOG)
        return np.where(shares, 1 / (1 + np.exp(-held)), np.exp(held) - FEWEST_CASES)


def targets_of(
    table: pd.DataFrame, first_year: int, years: int, whole_run: bool = False
) -> Targets:
    """The targets of a table, checked, in the order of measures and years.

    Parameters
    ----------
    table : columns measure, year (of the 31 March that ends it), value, sd (of the figure's own
        sampling and reporting error, in its unit), unit.
    first_year : the year whose 31 March ends the first year of the run. years : of the run.
    whole_run : each figure is compared with all of the run, whatever its year.

    Raises
    ------
    InputError for a measure that the model does not count, a year outside the run, a figure that
    is no number or below 0, a share above 1, a row that stands twice, or no row at all.
    """
    where = Where("the targets")
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise InputError(where, f"no column {listed(missing)}", listed(COLUMNS))
    if table.empty:
        raise InputError(where, "no figure", "at least one figure to be met")
    rows = table.loc[:, list(COLUMNS)].reset_index(drop=True)
    for row in rows.itertuples():
        _check_row(row, where, range(first_year, first_year + years), whole_run)
    double = rows.duplicated(["measure", "year"])
    if double.any():
        twice = rows[double].iloc[0]
        raise InputError(where.at(f"{twice.measure}, {twice.year}"), "twice", "once")
    kinds = [MEASURES[name].kind.replace(AVERAGE, STOCK) for name in rows["measure"]]
    periods = [RUN if whole_run else f"{year - 1}-{year % 100:02d}" for year in rows["year"]]
    rows = rows.assign(kind=kinds, period=periods)
    order = {name: place for place, name in enumerate(MEASURES)}
    rows = rows.sort_values(
        ["measure", "year"],
        key=lambda found: found.map(order) if found.name == "measure" else found,
    ).reset_index(drop=True)
    bare = Targets(rows, np.zeros(len(rows)), np.zeros(len(rows)))
    values, sd = rows["value"].to_numpy(float), rows["sd"].to_numpy(float)
    shares = (rows["kind"] == SHARE).to_numpy()
    slope = np.where(shares, np.maximum(values * (1 - values), 1e-4), values + FEWEST_CASES)
    return Targets(rows, bare.on_scale(values), sd / slope)


def _check_row(row: object, where: Where, run: range, whole_run: bool) -> None:
    measure, year, value, sd = row.measure, row.year, row.value, row.sd  # type: ignore[attr-defined]
    here = where.at(f"{measure}, {year}")
    if measure not in MEASURES:
        raise unknown(here, str(measure), MEASURES, "measure")
    if not whole_run and (int(year) != year or int(year) not in run):
        allowed = f"a year of the run: {run[0]} to {run[-1]}"
        raise InputError(here.at("year"), str(year), allowed)
    most = 1.0 if MEASURES[measure].kind == SHARE else np.inf
    if not 0 <= value <= most:
        raise InputError(here.at("value"), str(value), "a number from 0" + " to 1" * (most == 1))
    if not 0 <= sd < np.inf:
        raise InputError(here.at("sd"), str(sd), "a number from 0")


def published_targets(
    area: str, years: tuple[int, ...], root: str | Path | None = None
) -> pd.DataFrame:
    """An area's figures in the project's table of published statistics, as targets.

    Parameters
    ----------
    area : as named there. years : of the 31 March that ends each; what is not published is left
        out, so years can be hidden by leaving them out.

    Returns
    -------
    DataFrame with the columns measure, year, value, sd and unit; the measures are `FITTED`.
    """
    table = published.load(root)
    rows = table[
        (table["area"] == area) & table["measure"].isin(FITTED) & table["year"].isin(years)
    ]
    return with_rounding(rows[["measure", "year", "value", "unit"]])


def with_rounding(rows: pd.DataFrame) -> pd.DataFrame:
    """Published rows with the error that rounding alone leaves: of counts, and of shares of them.

    A published figure is a full count of what councils returned, so it has no sampling error. How
    far a return is from what happened is not known, and is part of the discrepancy.
    """
    shares = rows["measure"].map(lambda name: MEASURES[name].kind == SHARE)
    sd = np.where(shares, 0.01 * UNIFORM_SD, ROUNDED_TO * UNIFORM_SD)
    return rows.assign(sd=sd)[list(COLUMNS)].reset_index(drop=True)


def discrepancies_of(
    targets: Targets, stated: dict[str, Discrepancy]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of the logarithm of each kind's discrepancy, before the fit."""
    found = [stated[kind] for kind in targets.kinds]
    return np.array([one.middle for one in found]), np.array([one.spread for one in found])


__all__ = ["FITTED", "Targets", "discrepancies_of", "published_targets", "targets_of"]
