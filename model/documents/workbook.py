"""Every table of a comparison as one Excel file.

The first sheet says what was asked, of what, by which version, and what each sheet holds. No text,
whoever wrote it, can become a formula: each is written as text, and one that begins like a formula
gets an apostrophe before it.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from model.tables import LONGEST_SHEET_NAME, heading, safe_text

README = "README"
FACE = "Calibri"  # Excel's own
HEAD_FILL, HEAD_INK = "12436D", "FFFFFF"
NARROWEST, WIDEST, ROWS_MEASURED = 10, 60, 200
POUNDS, SHARE, WHOLE, PLAIN = "£#,##0;[Red]-£#,##0", "0.0%", "#,##0.0", "#,##0.000"
SHARES = ("chance", "share", "strength", "correlation")
PEOPLE = ("families", "children", "cases", "places", "baseline", "scenario", "difference")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def workbook(
    title: str,
    about: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
    says: Mapping[str, str] | None = None,
) -> bytes:
    """An Excel file: a README sheet and one sheet for each table.

    Parameters
    ----------
    title : of the file. about : lines of the README: question, headline, sources, units, versions.
    tables : by name, in order. says : what each holds.

    Returns
    -------
    The bytes of an .xlsx file.
    """
    book = Workbook()
    book.properties.title, book.properties.creator = safe(title), "Family Pathways"
    book.properties.language = "en-GB"
    names = sheet_names(tables)
    first = book.active
    first.title = README
    _readme(first, title, about, tables, names, says or {})
    for name, table in tables.items():
        _fill(book.create_sheet(names[name]), table)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_names(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """A sheet's name for each table: allowed in Excel, at most 31 characters, each once."""
    found: dict[str, str] = {}
    for name in tables:
        plain = NOT_IN_A_NAME.sub(" ", name).strip("' ")[:LONGEST_SHEET_NAME] or "table"
        number, taken = 2, {README.lower(), *(one.lower() for one in found.values())}
        chosen = plain
        while chosen.lower() in taken:
            end = f" {number}"
            chosen, number = plain[: LONGEST_SHEET_NAME - len(end)] + end, number + 1
        found[name] = chosen
    return found


def safe(value: Any) -> Any:
    """A value that a cell can hold and no spreadsheet takes for a formula."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple, dict)):
        value = safe_text(list(value) if not isinstance(value, dict) else [value])
    return safe_text(ILLEGAL_CHARACTERS_RE.sub("", str(value)))


def number_format(column: str) -> str:
    """How the figures of a column are shown: pounds, shares, people, or three decimals."""
    name = column.lower()
    if "gbp" in name:
        return POUNDS
    if any(word in name for word in SHARES):
        return SHARE
    if any(name == word or name.startswith(f"{word}_") for word in PEOPLE):
        return WHOLE
    return PLAIN


def _readme(
    sheet: Worksheet,
    title: str,
    about: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    says: Mapping[str, str],
) -> None:
    """The first sheet: title, lines, and a list of the sheets."""
    _write(sheet.cell(1, 1), title).font = Font(name=FACE, bold=True, size=16)
    row = 3
    for line in about:
        _write(sheet.cell(row, 1), line).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
        sheet.row_dimensions[row].height = 15 * math.ceil(max(len(line), 1) / 115)
        row += 1
    row += 1
    for column, words in enumerate(("Sheet", "What it holds", "Rows"), 1):
        _head(_write(sheet.cell(row, column), words))
    for name, table in tables.items():
        row += 1
        cell = _write(sheet.cell(row, 1), names[name])
        cell.hyperlink = f"#'{names[name]}'!A1"
        cell.font = Font(name=FACE, color="12436D", underline="single")
        _write(sheet.cell(row, 2), says.get(name, "")).alignment = Alignment(wrap_text=True)
        sheet.cell(row, 3, len(table))
    for letter, width in zip("ABC", (32, 84, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    _printed(sheet)


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    """One table: head, rows, formats, widths, a frozen head and a filter."""
    for column, name in enumerate(table.columns, 1):
        _head(_write(sheet.cell(1, column), heading(name)))
    units = table["unit"].astype(str) if "unit" in table else [""] * len(table)
    for place, name in enumerate(table.columns, 1):
        numeric = pd.api.types.is_numeric_dtype(table[name]) and table[name].dtype != bool
        shown = number_format(str(name)) if numeric else "General"
        whole = numeric and pd.api.types.is_integer_dtype(table[name])
        for row, (value, unit) in enumerate(zip(table[name], units, strict=True), 2):
            cell = _write(sheet.cell(row, place), value)
            of_people = SHARE if unit.startswith("share") and shown == WHOLE else shown
            cell.number_format = "#,##0" if whole else of_people
        longest = max(
            [len(str(name)) + 2, *(len(_shown(value)) for value in table[name][:ROWS_MEASURED])]
        )
        width = min(max(longest + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B2"
    last = get_column_letter(max(len(table.columns), 1))
    sheet.auto_filter.ref = f"A1:{last}{len(table) + 1}"
    sheet.print_title_rows = "1:1"
    _printed(sheet)


def _printed(sheet: Worksheet) -> None:
    """On paper: across, as wide as the page, as long as it takes."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(cell: Cell, value: Any) -> Cell:
    """Write a value; a text stays a text, whatever it looks like."""
    found = safe(value)
    cell.value = found
    if isinstance(found, str):
        cell.data_type = "s"
    return cell


def _head(cell: Cell) -> None:
    cell.font = Font(name=FACE, bold=True, color=HEAD_INK)
    cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _shown(value: Any) -> str:
    return f"{value:,.0f}" if isinstance(value, float) and math.isfinite(value) else str(value)
