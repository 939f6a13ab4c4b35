"""The rows of one list of Annex A, every column turned into ids, days, codes or counts.

A value that cannot be read is blanked and reported with its line; nothing is compared with
anything yet (see `annex_a_checks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.returns.annex_a_codes import codes_of
from model.returns.annex_a_header import Found
from model.returns.annex_a_lists import AnnexList, Column, Holds
from model.returns.annex_a_words import CODE_SETS
from model.returns.dates import days_of
from model.returns.faults import Fault, Severity, shape_of
from model.returns.identity import ids_of
from model.returns.limits import Deadline
from model.returns.sheets import Cell, is_blank

LARGEST_COUNT = 30


@dataclass
class ListRows:
    """The rows of a list while they are read and checked.

    Attributes
    ----------
    annex_list, file, part : what and where. values : a column for each that the list reads, by
        name; days as datetime64, yes/no as nullable boolean, the rest text; a row a row.
    lines : of the file. kept : rows that are used. faults : found so far. read : rows read.
    """

    annex_list: AnnexList
    file: str
    part: str
    values: pd.DataFrame = field(repr=False)
    lines: np.ndarray = field(repr=False)
    kept: np.ndarray = field(repr=False)
    faults: list[Fault] = field(repr=False)

    def note(
        self,
        rows: np.ndarray,
        kind: str,
        severity: Severity,
        column: str = "",
        *,
        done: str,
        allowed: str = "",
    ) -> None:
        """Report a kind of fault for every marked row that is still used."""
        heading = self.heading(column)
        self.faults.extend(
            Fault(
                self.file, self.part, int(line), kind, severity, heading, done=done, allowed=allowed
            )
            for line in self.lines[rows & self.kept]
        )

    def blank(
        self, rows: np.ndarray, kind: str, column: str, *, done: str = "", allowed: str = ""
    ) -> None:
        """Report and take as blank a column of every marked row that is still used."""
        done = done or "The value was taken as blank."
        self.note(rows, kind, Severity.BLANKED, column, done=done, allowed=allowed)
        self.values.loc[rows & self.kept, column] = (
            pd.NaT if self.values[column].dtype.kind == "M" else _nothing(self.values[column])
        )

    def drop(self, rows: np.ndarray, kind: str, column: str = "", *, done: str = "") -> None:
        """Report every marked row that is still used, and leave it out."""
        self.note(rows, kind, Severity.DROPPED, column, done=done or "The row was not used.")
        self.kept &= ~rows

    def heading(self, column: str) -> str:
        """Ofsted's heading of a column."""
        found = self.annex_list.column(column)
        return found.headings[0] if found else ""


def _nothing(column: pd.Series) -> object:
    return pd.NA if column.dtype == "boolean" else ""


def read_rows(found: Found, deadline: Deadline) -> ListRows:
    """Every row below the header of a usable list."""
    sheet = found.sheet
    body = sheet.rows[found.header + 1 :]
    lines = np.array(sheet.lines[found.header + 1 :], dtype=np.int64)
    repeated = _repeats_header(body, found)
    rows = ListRows(
        found.annex_list,
        sheet.file,
        found.part,
        pd.DataFrame(index=range(len(body))),
        lines,
        np.ones(len(body), dtype=bool),
        [*sheet.faults, *found.faults],
    )
    if sheet.hidden and len(body):
        rows.faults.append(
            Fault(sheet.file, found.part, 0, "a hidden sheet", Severity.NOTED, done="It was read.")
        )
    rows.drop(repeated, "a header in the middle of the rows")
    columns = {}
    for column in found.annex_list.columns:
        deadline.check(sheet.file)
        place = found.at.get(column.name)
        cells = [row[place] if place is not None and place < len(row) else None for row in body]
        columns[column.name] = _read_column(rows, column, cells, sheet.from_1904)
        if place is not None and len(body) and all(map(is_blank, cells)):
            _note_empty(rows, column)
    rows.values = pd.DataFrame(columns, index=range(len(body)))
    return rows


def _repeats_header(body: Sequence[list[Cell]], found: Found) -> np.ndarray:
    """Rows that give the headings again, as joined files do."""
    place = next(iter(found.at.values()))
    heading = str(found.sheet.rows[found.header][place]).strip().lower()
    return np.array(
        [place < len(row) and str(row[place]).strip().lower() == heading for row in body],
        dtype=bool,
    )


def _note_empty(rows: ListRows, column: Column) -> None:
    if column.key:
        return
    rows.faults.append(
        Fault(
            rows.file,
            rows.part,
            0,
            "a column without a value",
            Severity.NOTED,
            column.headings[0],
            done="What it would say is unknown throughout.",
        )
    )


def _read_column(
    rows: ListRows, column: Column, cells: list[Cell], from_1904: bool
) -> np.ndarray | pd.Series:
    if column.holds is Holds.ID:
        return _read_ids(rows, cells)
    if column.holds is Holds.DAY:
        days = days_of(cells, from_1904=from_1904)
        _faults_of(rows, column, cells, days.kind, Severity.BLANKED, "a day such as 09/04/2019")
        return days.day.astype("datetime64[s]")
    if column.holds in (Holds.CODE, Holds.YES_NO):
        codes = codes_of(cells, CODE_SETS[column.codes])
        _faults_of(rows, column, cells, codes.kind, Severity.BLANKED, codes.allowed)
        if column.holds is Holds.YES_NO:
            said = {"yes": True, "no": False}
            return pd.Series([said.get(one, pd.NA) for one in codes.value], dtype="boolean")
        return codes.value
    if column.holds is Holds.COUNT:
        return _read_counts(rows, column, cells)
    return np.array(["" if cell is None else "x" for cell in cells], dtype=object)


def _read_ids(rows: ListRows, cells: list[Cell]) -> np.ndarray:
    ids = ids_of(cells)
    for kind in sorted({kind for kind in ids.kind if kind}):
        rows.drop(ids.kind == kind, kind, "child")
    if ids.zeros_differ:
        rows.faults.append(
            Fault(
                rows.file,
                rows.part,
                0,
                "child ids with and without leading zeros",
                Severity.REPAIRED,
                rows.heading("child"),
                done="Ids that differ by leading zeros alone were taken as one child's.",
            )
        )
    return ids.child


def _faults_of(
    rows: ListRows,
    column: Column,
    cells: list[Cell],
    kinds: np.ndarray,
    severity: Severity,
    allowed: str | dict[int, str],
) -> None:
    """A fault for every cell of a row in use that could not be read."""
    for at in np.flatnonzero((kinds != "") & rows.kept):
        rows.faults.append(
            Fault(
                rows.file,
                rows.part,
                int(rows.lines[at]),
                str(kinds[at]),
                severity,
                column.headings[0],
                shape_of(cells[at]),
                "The value was taken as blank.",
                allowed if isinstance(allowed, str) else allowed[int(at)],
            )
        )


def _read_counts(rows: ListRows, column: Column, cells: list[Cell]) -> np.ndarray:
    values = np.full(len(cells), "", dtype=object)
    kinds = np.full(len(cells), "", dtype=object)
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        text = str(cell).strip().removesuffix(".0")
        if text.isdecimal() and len(text) < 4 and int(text) <= LARGEST_COUNT:
            values[at] = str(int(text))
        else:
            kinds[at] = "a number that cannot be right"
    _faults_of(
        rows, column, cells, kinds, Severity.BLANKED, f"a whole number from 0 to {LARGEST_COUNT}"
    )
    return values
