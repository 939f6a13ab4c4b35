"""One way to open whatever a council sends: every sheet as rows of plain cells.

Workbooks (xlsx, xlsm, xls, ods) and text tables (csv, tsv; comma, semicolon, tab or bar; UTF-8
with or without mark, UTF-16, Windows-1252) become the same thing: rows that hold something,
each with its line in the file. Formulas count by the value that was kept when the workbook was
saved; macros never run; nothing outside the file is read.

This module does not know which return a sheet belongs to. It cannot tell a csv in Windows-1252
from one in another old single-byte encoding; accents may come out wrong, digits never.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine

from model.errors import InputError, Where
from model.returns.faults import Fault, Severity
from model.returns.guard import UTF_16_MARKS, Content, Kind, decoded_utf_16, let_in
from model.returns.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Deadline,
    check_table,
)

Cell = str | int | float | bool | date | datetime | None

DELIMITERS = (",", ";", "\t", "|")
LINES_TO_JUDGE = 60
ROWS_BETWEEN_CHECKS = 4096
EXACT_FLOAT = 2**53
BLANKS = frozenset(
    {"", "-", "--", "n/a", "na", "#n/a", "n.a.", "null", "none", "nan", "nil", "blank", "(blank)"}
)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or one text table.

    Attributes
    ----------
    file, name : where; the name is empty for a text table.
    rows : those that hold something, without the empty cells at their end. Never shown.
    lines : the line of each row in the file, as a person counts, from 1.
    hidden : whether the workbook hides it. from_1904 : whether its day numbers count from 1904.
    faults : found while opening it.
    """

    file: str
    name: str
    rows: list[list[Cell]] = field(repr=False)
    lines: list[int] = field(repr=False)
    hidden: bool = False
    from_1904: bool = False
    faults: tuple[Fault, ...] = ()


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, or one of the ways to write that (N/A, -, NULL)."""
    if cell is None or cell != cell:  # not a number
        return True
    return isinstance(cell, str) and cell.strip().lower() in BLANKS


def open_sheets(path: Path, file: str = "", deadline: Deadline | None = None) -> list[Sheet]:
    """Every sheet of a workbook or text table.

    Parameters
    ----------
    path : of the file. file : name to give it in faults. deadline : for the whole file.

    Raises
    ------
    InputError
        For a file that is refused (`model.returns.guard`) or cannot be parsed.
    """
    deadline = deadline or Deadline()
    return sheets_of(let_in(path, file, deadline), deadline)


def sheets_of(content: Content, deadline: Deadline | None = None) -> list[Sheet]:
    """Every sheet of a file that was let in; raises InputError where it cannot be parsed."""
    deadline = deadline or Deadline()
    if content.kind is Kind.TEXT:
        return [_text_table(content, deadline)]
    if content.kind is Kind.XML:
        raise InputError(Where(content.file), "an XML file", "a workbook or a csv")
    return list(_workbook_sheets(content, deadline))


def _workbook_sheets(content: Content, deadline: Deadline) -> Iterator[Sheet]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        listed = book.sheets_metadata
    except BaseException as error:  # the parser's panics are no Exception
        raise _unreadable(content.file, "", error) from None
    for one in listed:
        if one.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(one.name)
            check_table(content.file, one.name, sheet.total_height, sheet.total_width)
            given: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        except InputError:
            raise
        except BaseException as error:
            raise _unreadable(content.file, one.name, error) from None
        rows, lines = _plain_rows(content.file, given, deadline)
        yield Sheet(
            content.file,
            one.name,
            rows,
            lines,
            one.visible != python_calamine.SheetVisibleEnum.Visible,
            content.looked.from_1904,
            _uncalculated(content, one.name),
        )


def _unreadable(file: str, part: str, error: BaseException) -> BaseException:
    """The error to raise: an interruption as it is, anything else without what the parser saw."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        return error
    return InputError(
        Where(file, part),
        "a workbook that cannot be read",
        "a whole workbook",
        "Open it in Excel and save it again as xlsx.",
    )


def _plain_rows(
    file: str, given: list[list[Any]], deadline: Deadline
) -> tuple[list[list[Cell]], list[int]]:
    rows: list[list[Cell]] = []
    lines: list[int] = []
    for number, row in enumerate(given, 1):
        if number % ROWS_BETWEEN_CHECKS == 0:
            deadline.check(file)
        plain: list[Cell] = []
        for cell in row:
            if type(cell) is not str:
                plain.append(_plain_cell(cell))
            elif len(cell) > LONGEST_CELL:
                raise _long_cell(file)
            else:
                plain.append(cell if cell and not cell.isspace() else None)
        while plain and plain[-1] is None:
            plain.pop()
        if plain:
            rows.append(plain)
            lines.append(number)
    return rows, lines


def distinct(cells: Sequence[Cell]) -> tuple[list[Cell], np.ndarray]:
    """The distinct values of a column (1, 1.0, True and "1" apart), and which each cell is."""
    order: dict[tuple[type, Cell], int] = {}
    which = [order.setdefault((type(cell), cell), len(order)) for cell in cells]
    return [cell for _, cell in order], np.array(which, dtype=np.int64)


def _plain_cell(cell: Any) -> Cell:
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            return None
        return int(cell) if cell.is_integer() and abs(cell) < EXACT_FLOAT else cell
    if isinstance(cell, bool | int | datetime | date):
        return cell
    return str(cell)  # times and durations, which no column of a return holds


def _uncalculated(content: Content, name: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            content.file,
            name,
            line,
            "a formula without a value",
            Severity.BLANKED,
            f"column {column}",
            done="The cell was taken as blank. Open the workbook in Excel, save it, try again.",
        )
        for line, column in content.looked.uncalculated.get(name, ())
    )


def _text_table(content: Content, deadline: Deadline) -> Sheet:
    text = decoded(content)
    delimiter = delimiter_of(text)
    csv.field_size_limit(LONGEST_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if line % ROWS_BETWEEN_CHECKS == 0:
                deadline.check(content.file)
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                check_table(content.file, "", len(rows), len(row))
            plain: list[Cell] = [cell if cell and not cell.isspace() else None for cell in row]
            while plain and plain[-1] is None:
                plain.pop()
            if plain:
                if max(map(len, row)) > LONGEST_CELL:
                    raise _long_cell(content.file)
                rows.append(plain)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise _long_cell(content.file) from None
    return Sheet(content.file, "", rows, lines)


def _long_cell(file: str) -> InputError:
    return InputError(
        Where(file),
        f"a cell of more than {LONGEST_CELL:,} characters",
        f"up to {LONGEST_CELL:,} characters",
        "A quotation mark may be missing.",
    )


def decoded(content: Content) -> str:
    """The text of a file: UTF-8 with or without mark, UTF-16, else Windows-1252.

    Raises
    ------
    InputError
        For bytes that are none of these.
    """
    data = content.data
    where = Where(content.file)
    if data.startswith(UTF_16_MARKS) or b"\x00" in data:
        text = decoded_utf_16(data)
        if text is None or "\x00" in text:
            raise InputError(where, "bytes that are not text", "text in UTF-8 or UTF-16")
        return text.removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(where, "text in no encoding that is read", "UTF-8, UTF-16 or Windows-1252")


def delimiter_of(text: str) -> str:
    """What stands between the cells: the sign that gives the widest rows most often.

    The first lines are read with each in turn; a comma where none of them splits anything.
    """
    start = "".join(text[: LONGEST_CELL * 2].splitlines(keepends=True)[:LINES_TO_JUDGE])
    best, best_cells = DELIMITERS[0], 0
    for one in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=one)]
        except csv.Error:
            continue
        cells = sum(width for width in widths if width > 1)
        if cells > best_cells:
            best, best_cells = one, cells
    return best
