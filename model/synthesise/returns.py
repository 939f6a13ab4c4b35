"""Synthetic returns as tables, with how they are to be written and what was done to them.

Knows the names of files and parts, and nothing of how they came about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

ANNEX_A = "annex_a"
PARTS_903 = ("header", "episodes", "uasc")


@dataclass(frozen=True)
class Injected:
    """So many faults of one kind in one place, put in on purpose.

    Attributes
    ----------
    kind : short and plain. file, part, column : where; column empty for whole rows and files.
    count : how many rows, cells or files.
    """

    kind: str
    file: str
    part: str
    column: str
    count: int


@dataclass(frozen=True)
class Shape:
    """How files are written, where that is not the plain way.

    Attributes
    ----------
    titles : names of tables above whose heading a title stands.
    headings : other headings of columns, by (name of table, column).
    sheets : other names of sheets, by name of table. extra_sheets : sheets without data, before
    the lists of every extract.
    encodings : of csv files, by name; UTF-8 otherwise.
    namespaces : census years whose elements are in a namespace. true_false : census years that
    write true and false for 1 and 0.
    """

    titles: frozenset[str] = frozenset()
    headings: dict[tuple[str, str], str] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    extra_sheets: tuple[str, ...] = ()
    encodings: dict[str, str] = field(default_factory=dict)
    namespaces: frozenset[int] = frozenset()
    true_false: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SyntheticReturns:
    """The returns of a run.

    Attributes
    ----------
    annex_a : by day of the extract (ISO), then by list, 1 to 10.
    census : by census year, then by element.
    ssda903 : by return year, then header, episodes, uasc. Years are named by their March.
    notes : what they are. shape : how to write them. injected : what was put in on purpose.
    """

    annex_a: dict[str, dict[int, pd.DataFrame]] = field(repr=False)
    census: dict[int, dict[str, pd.DataFrame]] = field(repr=False)
    ssda903: dict[int, dict[str, pd.DataFrame]] = field(repr=False)
    notes: dict[str, Any]
    shape: Shape = field(default_factory=Shape)
    injected: tuple[Injected, ...] = ()

    @property
    def newest(self) -> dict[int, pd.DataFrame]:
        """The lists of the newest extract of Annex A."""
        return self.annex_a[max(self.annex_a)]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name.

        annex_a_2025-03-31/3, cin_census_2025/CINdetails, ssda903_2025/episodes.
        """
        found: dict[str, pd.DataFrame] = {}
        for day, lists in self.annex_a.items():
            found |= {f"{ANNEX_A}_{day}/{number}": table for number, table in lists.items()}
        for year, parts in self.census.items():
            found |= {f"cin_census_{year}/{part}": table for part, table in parts.items()}
        for year, parts in self.ssda903.items():
            found |= {f"ssda903_{year}/{part}": table for part, table in parts.items()}
        return found

    def with_tables(self, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
        """The three returns made of tables named as in `tables`, for `dataclasses.replace`."""
        annex_a = {
            day: {number: tables[f"{ANNEX_A}_{day}/{number}"] for number in lists}
            for day, lists in self.annex_a.items()
        }
        census = {
            year: {part: tables[f"cin_census_{year}/{part}"] for part in parts}
            for year, parts in self.census.items()
        }
        ssda903 = {
            year: {part: tables[f"ssda903_{year}/{part}"] for part in parts}
            for year, parts in self.ssda903.items()
        }
        return {"annex_a": annex_a, "census": census, "ssda903": ssda903}


def is_list(table: str) -> bool:
    """Whether a table, named as in `SyntheticReturns.tables`, is a list of Annex A."""
    return table.startswith(ANNEX_A)


def file_of(table: str) -> str:
    """The file in which a table, named as in `SyntheticReturns.tables`, is written."""
    book, part = table.split("/")
    if is_list(table):
        return f"{book}.xlsx"
    if book.startswith("cin_census"):
        return f"{book}.xml"
    return f"{book}_{part}.csv"
