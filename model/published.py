"""Published statistics that the model is checked against and fitted to.

One table, `parameters/published.csv`: area, measure, year (of the 31 March that ends it), value,
unit, source_title, publisher, table, used_for_fitting, note. Crown copyright, Open Government
Licence v3.0. It knows no model.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from model.errors import InputError, Where, listed
from model.root import PARAMETERS, find

COLUMNS = (
    "area",
    "measure",
    "year",
    "value",
    "unit",
    "source_title",
    "publisher",
    "table",
    "used_for_fitting",
    "note",
)
FILE = f"{PARAMETERS}/published.csv"


def load(root: str | Path | None = None) -> pd.DataFrame:
    """The whole table of published statistics.

    Raises
    ------
    InputError when a column is missing, a value is no number, or a row stands twice.
    """
    path = find(root) / PARAMETERS / "published.csv"
    if not path.is_file():
        raise InputError(Where(FILE), "no such file", "the table of published statistics")
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    if tuple(table.columns) != COLUMNS:
        raise InputError(Where(FILE, "columns"), listed(table.columns), listed(COLUMNS))
    for column in ("year", "value"):
        numbers = pd.to_numeric(table[column], errors="coerce")
        if numbers.isna().any():
            line = int(numbers.isna().to_numpy().argmax()) + 2
            found = table[column].iloc[line - 2]
            raise InputError(Where(FILE, f"line {line}, {column}"), repr(found), "a number")
        table[column] = numbers.astype(int if column == "year" else float)
    double = table.duplicated(["area", "measure", "year"])
    if double.any():
        line = int(double.to_numpy().argmax()) + 2
        raise InputError(Where(FILE, f"line {line}"), "a second row", "one for area, measure, year")
    return table


def of_area(table: pd.DataFrame, area: str) -> pd.DataFrame:
    """One area's statistics: rows measure, columns year, values; missing where not published."""
    rows = table[table["area"] == area]
    return rows.pivot(index="measure", columns="year", values="value")
