"""The register of assumptions: every number of the model in one table, with what stands behind it.

For an area's own analysts, for auditors, and for a spreadsheet. It reads `model.parameters` and
knows no scenario, no unit cost and no result.

| column       | meaning |
|--------------|---------|
| area         | the area whose file states it; "all areas" for a number that holds everywhere |
| name         | the parameter |
| key          | where in its value: attribute values, then outcome or time band |
| value        | the number |
| unit         | of the number; a band of time has a share, and says its own in `key` |
| distribution | of the uncertainty |
| low, high    | ends, or 5th and 95th percentile; factors on the value where `relative` |
| relative     | yes where low and high multiply the value |
| grade        | of the evidence |
| price_year   | for money |
| source, publisher, year, place | what it comes from; several are separated by "; " |
| file         | where to change it |
| fitted_to    | published measures that set it |
| note         | |
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from model import parameters
from model.errors import InputError, Where
from model.parameters import Parameter, Parameters
from model.parameters.catalogue import spec_named
from model.parameters.values import BEYOND, Bands, leaves, numbers

IN_A_BAND = "share of stays"
ALL_AREAS = "all areas"
COLUMNS: dict[str, str] = {
    "area": "The area whose file states it; 'all areas' for a number that holds everywhere",
    "name": "The parameter",
    "key": "Where in its value: attribute values, then outcome or time band",
    "value": "The number, in `unit`",
    "unit": "Unit of the number; a band of time has a share, and says its own in `key`",
    "distribution": "Distribution of the uncertainty",
    "low": "Lower end, or 5th percentile; a factor on the value where `relative` is yes",
    "high": "Upper end, or 95th percentile; a factor on the value where `relative` is yes",
    "relative": "Yes where low and high multiply the value",
    "grade": "Grade of the evidence",
    "price_year": "Financial year of the prices, for money",
    "source": "Title; several sources are separated by '; '",
    "publisher": "Publisher of each source",
    "year": "Year of each source",
    "place": "Place where each source measured it",
    "file": "Where to change it",
    "fitted_to": "Published measures that set it",
    "note": "Note",
}
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def register(area: str | None = None, root: str | Path | None = None) -> pd.DataFrame:
    """Every number with what stands behind it: one row for each number.

    Parameters
    ----------
    area : the numbers in force there; None for those of every area, each number once.
    root : the project's folder; None for the usual one.

    Returns
    -------
    pandas.DataFrame
        Columns as in this module's docstring, in the catalogue's order.
    """
    names = [area] if area is not None else list(parameters.areas(root))
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name in names:
        known = parameters.load(name, root)
        for entry in known.values():
            for row in _rows(entry, known):
                rows.setdefault((row["area"], row["name"], row["key"]), row)
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS))


def export(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a register to a file for a spreadsheet, whole or not at all.

    A text that a spreadsheet would run as a formula gets an apostrophe in front. A workbook has a
    second sheet that explains the columns.

    Parameters
    ----------
    frame : from `register`.
    path : ends in .csv or .xlsx.

    Returns
    -------
    pathlib.Path, the file.
    """
    target = Path(path)
    if target.suffix.lower() not in (".csv", ".xlsx"):
        found = f"the ending {target.suffix!r}"
        raise InputError(Where(target.name), found, "a file that ends in .csv or .xlsx")
    safe = frame.map(without_formula)
    unfinished = target.with_name(f".unfinished-{target.name}")
    try:
        if target.suffix.lower() == ".csv":
            safe.to_csv(unfinished, index=False, encoding="utf-8-sig")
        else:
            _write_workbook(safe, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def without_formula(cell: Any) -> Any:
    """A cell that no spreadsheet runs: text that starts like a formula gets an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def _write_workbook(frame: pd.DataFrame, path: Path) -> None:
    about = pd.DataFrame({"column": list(COLUMNS), "meaning": list(COLUMNS.values())})
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        frame.to_excel(book, sheet_name="register", index=False, freeze_panes=(1, 3))
        about.to_excel(book, sheet_name="columns", index=False)
        sheet = book.sheets["register"]
        sheet.auto_filter.ref = sheet.dimensions


def _rows(entry: Parameter, known: Parameters) -> Iterator[dict[str, Any]]:
    """A row for each number of a parameter."""
    spec = spec_named(entry.name)
    assert spec is not None
    cited = [known.sources[name] for name in entry.sources]
    about = {
        "area": entry.area or ALL_AREAS,
        "name": entry.name,
        "unit": entry.unit,
        "distribution": entry.uncertainty.distribution,
        "relative": "yes" if entry.uncertainty.relative else "no",
        "grade": entry.grade,
        "price_year": entry.price_year,
        "source": "; ".join(source.title for source in cited),
        "publisher": "; ".join(source.publisher for source in cited),
        "year": "; ".join(source.year for source in cited),
        "place": "; ".join(source.place for source in cited),
        "file": entry.file,
        "fitted_to": "; ".join(entry.fitted_to),
        "note": entry.note,
    }
    for path, leaf in leaves(entry.value, len(entry.by)):
        for name, number in numbers(leaf):
            spoken_of = entry.uncertainty.relative or name == spec.range_of
            yield about | {
                "key": ".".join(filter(None, (*path, name))),
                "unit": IN_A_BAND if of_a_band(leaf, name) else entry.unit,
                "value": number,
                "low": entry.uncertainty.low if spoken_of else math.nan,
                "high": entry.uncertainty.high if spoken_of else math.nan,
            }


def of_a_band(leaf: Any, name: str) -> bool:
    """Whether a number of a leaf is the share of stays that last as long as a band of time."""
    return isinstance(leaf, Bands) and not name.startswith(BEYOND)
