"""Tables as text, as JSON and as files; files are written whole or not at all."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError, Where

LONGEST_SHEET_NAME = 31
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_text(table: pd.DataFrame) -> str:
    """A table for reading in a terminal: thousands separated, no more digits than matter."""
    named = any(name is not None for name in table.index.names)
    return table.to_string(index=named, float_format=figure, na_rep="-")


def figure(value: float) -> str:
    """A number as people write it: 12,345; 45.6; 0.789."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.3f}"


def written(value: float) -> str:
    """A number as people write it, to three digits and whole where it is whole or large.

    >>> written(5.0), written(0.95), written(0.1234), written(1604.2)
    ('5', '0.95', '0.123', '1,604')
    """
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:.3g}"


def heading(column: object) -> str:
    """The name of a column as people read it.

    >>> heading("families_there"), heading("gbp"), heading("net_gbp"), heading("gbp_per_year")
    ('families there', '£', 'net (£)', '£ per year')
    """
    return str(column).replace("_gbp", " (£)").replace("gbp", "£").replace("_", " ")


def as_json(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of records that JSON can hold; a missing number is null."""
    return [
        {str(key): plain(value) for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def safe_text(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, list):
        return json.dumps(plain(value))
    return value


def write_tables(folder: Path, tables: dict[str, pd.DataFrame], document: dict[str, Any]) -> Path:
    """Write tables as CSV files, one Excel workbook and a JSON document, all or nothing.

    Parameters
    ----------
    folder : is made; must not exist yet, or hold only such results.
    tables : by name. document : what the command would print with --json.

    Raises
    ------
    InputError when the folder holds anything else.
    """
    ours = {f"{name}.csv" for name in tables} | {"tables.xlsx", "result.json"}
    if folder.exists():
        foreign = {path.name for path in folder.iterdir()} - ours if folder.is_dir() else {"a file"}
        if foreign:
            where = Where(f"--out {folder}")
            raise InputError(where, f"{sorted(foreign)[0]} is there", "a new or empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fill(made, tables, document)
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return folder


def fill(folder: Path, tables: dict[str, pd.DataFrame], document: dict[str, Any]) -> None:
    """Write every file of a result into a folder."""
    (folder / "result.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    with pd.ExcelWriter(folder / "tables.xlsx", engine="openpyxl") as workbook:
        for name, table in tables.items():
            safe = table.map(safe_text)
            safe.to_csv(folder / f"{name}.csv", index=False)
            safe.to_excel(workbook, sheet_name=name[:LONGEST_SHEET_NAME], index=False)
