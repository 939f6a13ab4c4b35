"""Price levels: what a sum of one financial year is worth in the prices of another.

The GDP deflator by financial year is in `parameters/prices.toml`, with its sources. Carrying a
price forward is always an explicit call that names both years; a year outside the table is an
error, never a guess. Years that are no outturn stand in groups marked as forecasts, and
`Deflator.is_forecast` tells them. The module knows no unit cost and no discount rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import root as project
from model.errors import InputError, Where
from model.parameters.evidence import (
    Evidence,
    check_evidence,
    check_keys,
    check_number,
    check_text,
    read_toml,
    said,
    sources,
)

FILE = "prices.toml"
TABLE = "gdp_deflator"
MINUTES_PER_DAY = 24 * 60
FIRST_MONTH = 4  # a financial year runs from 1 April to 31 March
GROWTH = "placement_growth"  # the other table of the file, read by `model.costs.growth`
EVIDENCE_TABLE_KEYS = ("grade", "source", "uncertainty")
INDEX, RATE, LAST_YEAR, FORECAST = "index", "yearly_rate", "last_year", "forecast"


def financial_year(day: date) -> str:
    """The financial year of a day, such as 2024-25.

    >>> financial_year(date(2025, 3, 31)), financial_year(date(2025, 4, 1))
    ('2024-25', '2025-26')
    """
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def first_day(year: str, where: Where | None = None) -> date:
    """The 1 April on which a financial year begins; "2024/25" is read as "2024-25".

    Raises
    ------
    InputError
        For anything that is not two years running, written like 2024-25.

    >>> first_day("2024-25")
    datetime.date(2024, 4, 1)
    """
    before, dash, after = str(year).replace("/", "-").partition("-")
    digits = len(before) == 4 and len(after) == 2 and (before + after).isdecimal()
    if not (digits and dash and (int(before) + 1) % 100 == int(after)):
        raise InputError(where or Where("a financial year"), said(year), "a year such as '2024-25'")
    return date(int(before), FIRST_MONTH, 1)


@dataclass(frozen=True)
class FinancialYears:
    """The financial years that a run touches, on the run's own clock.

    Attributes
    ----------
    names : such as 2024-25, in order.
    edges : minutes, shape (years + 1,): the run's start, each 1 April in it, and its end.
    """

    names: tuple[str, ...]
    edges: NDArray[np.int64]

    @classmethod
    def of_run(cls, start: date, horizon_minutes: int) -> FinancialYears:
        """The financial years from a start date for so many minutes."""
        names, edges = [financial_year(start)], [0]
        while True:
            opens = first_day(names[-1])
            april = opens.replace(year=opens.year + 1)
            minute = (april - start).days * MINUTES_PER_DAY
            if minute >= horizon_minutes:
                return cls(tuple(names), np.array([*edges, horizon_minutes], np.int64))
            names.append(financial_year(april))
            edges.append(minute)

    @cached_property
    def by_day(self) -> NDArray[np.int64]:
        """The financial year of each day of the run, and of the day after, from 0."""
        days = np.arange(self.edges[-1] // MINUTES_PER_DAY + 1)
        return np.searchsorted(self.edges[1:-1], days * MINUTES_PER_DAY, side="right")


@dataclass(frozen=True)
class Deflator:
    """The GDP deflator by financial year.

    Attributes
    ----------
    index : level by financial year, in order; only ratios of levels have a meaning.
    base_year : the financial year in whose prices results are stated unless another is asked for.
    evidence : what stands behind the levels, by the group of years that shares it.
    file : where it stands, from the project's root.
    forecasts : the years of which no outturn is known: forecast or assumed.
    """

    index: Mapping[str, float]
    base_year: str
    evidence: Mapping[str, Evidence]
    file: str
    forecasts: frozenset[str] = frozenset()

    def level(self, year: str) -> float:
        """The price level of a financial year.

        Raises
        ------
        InputError
            For a year outside the table, naming the years that it covers.
        """
        name = financial_year(first_day(year))
        if name not in self.index:
            years = tuple(self.index)
            raise InputError(
                Where(self.file, f"{TABLE}.index"),
                f"no price level for {name}",
                f"{years[0]} to {years[-1]}",
                "Choose a year in the table, or add the published level for this one.",
            )
        return self.index[name]

    def is_forecast(self, year: str) -> bool:
        """Whether the level of a year is a forecast or an assumption, and no outturn.

        Raises
        ------
        InputError for a year outside the table.
        """
        self.level(year)
        return financial_year(first_day(year)) in self.forecasts

    def factor(self, from_year: str, to_year: str) -> float:
        """What a sum in the prices of one year is multiplied by to state it in those of another."""
        return self.level(to_year) / self.level(from_year)

    def to_prices(self, gbp: float, from_year: str, to_year: str) -> float:
        """A sum of money of one year's prices in another year's prices (general inflation only)."""
        return gbp * self.factor(from_year, to_year)


def to_prices(gbp: float, from_year: str, to_year: str, root: str | Path | None = None) -> float:
    """A sum of money of one financial year's prices in another year's prices.

    Parameters
    ----------
    gbp : the sum, in the prices of `from_year`.
    from_year, to_year : financial years, such as "2010-11" and "2024-25".
    root : the project's folder; None for the usual one.

    Raises
    ------
    InputError
        For a year outside the table of price levels, naming the range.
    """
    return load_deflator(root).to_prices(gbp, from_year, to_year)


def load_deflator(root: str | Path | None = None) -> Deflator:
    """The GDP deflator of parameters/prices.toml, checked.

    Raises
    ------
    InputError
        For a missing or unknown key, a year given twice or left out, a level that is not above 0.
    """
    folder = project.find(root)
    file = f"{project.PARAMETERS}/{FILE}"
    groups = read_toml(folder / project.PARAMETERS / FILE, folder)
    check_keys(groups, Where(file), (TABLE,), (GROWTH,))
    where = Where(file, TABLE)
    table = dict(groups[TABLE])
    for key in ("unit", "base_year"):
        if key not in table:
            raise InputError(where, f"no key {key!r}", remedy=f"Add {key!r}.")
    check_text(table.pop("unit"), where.at("unit"))
    base_year = financial_year(first_day(table.pop("base_year"), where.at("base_year")))
    known = sources(folder)
    levels: dict[str, float] = {}
    evidence, forecasts, rates = {}, set(), []
    for group, entry in table.items():
        here = where.at(group)
        check_keys(entry, here, EVIDENCE_TABLE_KEYS, (INDEX, RATE, LAST_YEAR, FORECAST, "note"))
        evidence[group] = check_evidence(entry, here, known)
        if RATE in entry:
            rates.append((entry, here))
            continue
        before = set(levels)
        _add_levels(levels, entry.get(INDEX), here.at(INDEX))
        if _is_forecast(entry, here):
            forecasts |= set(levels) - before
    levels = _in_order(levels, where)
    for entry, here in rates:
        forecasts |= _carry_on(levels, entry, here)
    deflator = Deflator(levels, base_year, evidence, file, frozenset(forecasts))
    deflator.level(base_year)
    return deflator


def _is_forecast(entry: Mapping[str, object], where: Where) -> bool:
    found = entry.get(FORECAST, False)
    if not isinstance(found, bool):
        raise InputError(where.at(FORECAST), said(found), "true or false")
    return found


def _carry_on(levels: dict[str, float], entry: Mapping[str, object], where: Where) -> set[str]:
    """Add the years after the last one at a stated yearly rate; which they are."""
    check_keys(entry, where, (*EVIDENCE_TABLE_KEYS, RATE, LAST_YEAR, FORECAST), ("note",))
    if not _is_forecast(entry, where):
        raise InputError(where.at(FORECAST), "false", "true: an assumed rate is no outturn")
    rate = check_number(entry[RATE], where.at(RATE), -0.5)
    last = first_day(str(entry[LAST_YEAR]), where.at(LAST_YEAR))
    year = next(reversed(levels))
    added = set()
    while first_day(year) < last:
        level = levels[year] * (1 + rate)
        opens = first_day(year)
        year = financial_year(opens.replace(year=opens.year + 1))
        levels[year] = level
        added.add(year)
    return added


def _add_levels(levels: dict[str, float], index: object, where: Where) -> None:
    """Put the levels of one group of years with the others."""
    if not isinstance(index, dict) or not index:
        raise InputError(where, said(index), "a level for each financial year")
    for written, level in index.items():
        here = where.at(written)
        year = financial_year(first_day(written, here))
        if year in levels:
            raise InputError(here, f"{year} for the second time", "each year once")
        levels[year] = check_number(level, here, 0.0)
        if levels[year] == 0:
            raise InputError(here, "0", "a level above 0")


def _in_order(levels: Mapping[str, float], where: Where) -> dict[str, float]:
    """The levels in the order of their years, with no year left out between them."""
    years = sorted(levels)
    for before, after in pairwise(years):
        if int(after[:4]) != int(before[:4]) + 1:
            raise InputError(where, f"no year between {before} and {after}", "every year in turn")
    return {year: levels[year] for year in years}
