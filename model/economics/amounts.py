"""Both runs as lines of money: one line for each stage, cost and payer, by future and year.

Everything later in the package works on these arrays; `reconciliation` ties them to the episodes
behind them. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import check_pair
from model.costs.prices import first_day
from model.results import FUTURE, Results
from model.scenarios.run_dates import on

ABOUT = ["source", "stage", "cost", "payer", "kind", "cashability"]
SERVICE, PROGRAMME = "service", "programme"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Amounts:
    """What both runs cost, line by line, in constant prices of the base year.

    Attributes
    ----------
    lines : source ("service" or "programme"), stage, cost, payer, kind, cashability.
    years : financial years. shares : the part of each that lies in the run, above 0 to 1.
    baseline, scenario : GBP, shape (futures, lines, years).
    """

    lines: pd.DataFrame
    years: tuple[str, ...]
    baseline: Array
    scenario: Array
    shares: Array

    @property
    def saved(self) -> Array:
        """What the redesign spends less, GBP; shape (futures, lines, years)."""
        return self.baseline - self.scenario

    def of_payers(self, payers: Iterable[str]) -> NDArray[np.bool_]:
        """Which lines some budget holders pay; all for none named."""
        wanted = set(payers)
        if not wanted:
            return np.ones(len(self.lines), bool)
        return self.lines["payer"].isin(wanted).to_numpy()

    @property
    def is_programme(self) -> NDArray[np.bool_]:
        """Which lines are programme costs."""
        return (self.lines["source"] == PROGRAMME).to_numpy()


def amounts(baseline: Results, scenario: Results) -> Amounts:
    """The money of two runs of the same futures.

    Raises
    ------
    ValueError when the two did not meet the same families, or were priced differently.
    """
    check_pair(baseline, scenario)
    tables = []
    for which, one in enumerate((baseline, scenario)):
        for source, table in ((SERVICE, one.costs), (PROGRAMME, one.programme)):
            if len(table):
                columns = table[[*ABOUT[1:], "financial_year", FUTURE, "gbp"]]
                tables.append(columns.assign(source=source, which=which))
    both = pd.concat(tables, ignore_index=True)
    grouped = both.groupby(ABOUT, sort=False, observed=True)
    line = grouped.ngroup().to_numpy()
    lines = grouped.size().reset_index()[ABOUT]
    years = tuple(sorted(both["financial_year"].unique()))
    year = pd.Categorical(both["financial_year"], years).codes.astype(np.int64)
    shape = (2, baseline.futures, len(lines), len(years))
    index = (both["which"].to_numpy(), both[FUTURE].to_numpy(np.int64), line, year)
    flat = np.ravel_multi_index(index, shape)
    gbp = np.bincount(flat, both["gbp"].to_numpy(float), int(np.prod(shape))).reshape(shape)
    return Amounts(lines, years, gbp[0], gbp[1], shares_of_years(years, baseline))


def shares_of_years(years: Iterable[str], results: Results) -> Array:
    """The part of each financial year that lies in a run; less than 1 at a run's ends.

    Raises
    ------
    ValueError for a year outside the run.
    """
    end = on(f"start + {12 * results.years} months", results.start)
    found = []
    for year in years:
        opens = first_day(year)
        closes = opens.replace(year=opens.year + 1)
        days = (min(closes, end) - max(opens, results.start)).days
        if days <= 0:
            raise ValueError(f"money in {year}, for a run from {results.start} to {end}")
        found.append(days / (closes - opens).days)
    return np.array(found)
