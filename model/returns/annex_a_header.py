"""Which list of Annex A a sheet is, and where its header stands.

A list is known by its headings, wherever they stand in the first rows (a title, a date or empty
rows may come before them). The sheet's name decides only between lists whose headings fit equally,
and says what a sheet was meant to be where its headings fit none.

This module reads no child's row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from model.errors import nearest
from model.returns.annex_a_lists import LISTS, AnnexList, Column, folded
from model.returns.faults import Fault, Severity
from model.returns.sheets import Cell, Sheet

ROWS_TO_SEARCH = 30
SURE_SCORE = 2.0  # a key column, or a good many of the others
CLAIMED_SCORE = 1.5  # where the sheet's name says that it is this list
MOST_HEADING_CHARACTERS = 200
UNNAMED = re.compile(r"(?:sheet|table|worksheet|data|export)?\s*\d*", re.IGNORECASE)
LIST_NAME = re.compile(r"\b(?:list|l)[\s_\-.]*0*(1[01]|[1-9])(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A sheet that is a list.

    Attributes
    ----------
    sheet : where. annex_list : which. header : place of the header among the sheet's rows.
    at : name of each column that was found -> its place in the rows.
    faults : about the headings. usable : whether every key column is there.
    """

    sheet: Sheet
    annex_list: AnnexList
    header: int
    at: dict[str, int]
    faults: tuple[Fault, ...] = ()
    usable: bool = True

    @property
    def part(self) -> str:
        """The sheet's name, or the list's where the file has no sheets."""
        return self.sheet.name or f"list {self.annex_list.number}"


def find_list(sheet: Sheet) -> Found | None:
    """The list that a sheet is; None where it is none and does not claim to be one."""
    best: tuple[float, int, AnnexList] | None = None
    claimed = claimed_number(sheet)
    for place, row in enumerate(sheet.rows[:ROWS_TO_SEARCH]):
        headings = _headings(row)
        if len(headings) < 2:
            continue
        for one in LISTS:
            score = _score(one, headings, one.number == claimed)
            enough = SURE_SCORE if one.number != claimed else CLAIMED_SCORE
            if score >= enough and (best is None or score > best[0]):
                best = (score, place, one)
    if best is not None:
        return _found(sheet, best[2], best[1], claimed)
    if claimed is None or not sheet.rows:
        return None
    return _without_headings(sheet, LISTS[claimed - 1])


def claimed_number(sheet: Sheet) -> int | None:
    """The number of the list that the sheet's name gives, or its file's where it has none."""
    unnamed = UNNAMED.fullmatch(sheet.name)
    for text in (sheet.name, PurePath(sheet.file).stem if unnamed else ""):
        found = LIST_NAME.search(text.replace("_", " "))
        if found:
            return int(found[1])
    return None


def _headings(row: list[Cell]) -> dict[str, int]:
    """Folded heading -> its first place."""
    headings: dict[str, int] = {}
    for place, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) <= MOST_HEADING_CHARACTERS * 2:
            headings.setdefault(folded(cell), place)
    headings.pop("", None)
    return headings


def _column_at(column: Column, headings: dict[str, int]) -> int | None:
    places = (headings.get(one) for one in column.folded_headings)
    return next((place for place in places if place is not None), None)


def _score(one: AnnexList, headings: dict[str, int], claimed: bool) -> float:
    """How well headings fit a list: key columns and signs count, what all lists have hardly."""
    keys = [column for column in one.columns if column.key and column.name != "child"]
    found = sum(_column_at(column, headings) is not None for column in keys)
    child = any(
        column.name == "child" and _column_at(column, headings) is not None
        for column in one.columns
    )
    others = sum(
        _column_at(column, headings) is not None
        for column in one.columns
        if not column.key and column.name not in ("birth_on", "disabled")
    )
    own = {
        place for heading in one.headings_of_signs if (place := headings.get(heading)) is not None
    }
    if not (child or claimed) or not (found or own or others):
        return 0.0
    return 2.0 * found + child + 0.3 * others + 0.2 * len(own) + 0.5 * claimed


def _found(sheet: Sheet, one: AnnexList, place: int, claimed: int | None) -> Found:
    headings = _headings(sheet.rows[place])
    line = sheet.lines[place]
    part = sheet.name or f"list {one.number}"
    at: dict[str, int] = {}
    faults: list[Fault] = []
    usable = True
    for column in one.columns:
        found = _column_at(column, headings)
        if found is not None:
            at[column.name] = found
            continue
        usable &= not column.key
        faults.append(_missing(sheet, part, line, column, headings))
    repeated = [
        cell
        for number, cell in enumerate(sheet.rows[place])
        if isinstance(cell, str) and headings.get(folded(cell), number) != number
    ]
    faults.extend(_repeated(sheet, part, line, one, repeated))
    if claimed is not None and claimed != one.number:
        faults.append(
            Fault(
                sheet.file,
                part,
                line,
                "a sheet that is not the list that its name says",
                Severity.NOTED,
                found=f"named list {claimed}, headings of list {one.number}",
                done=f"It was read as list {one.number}.",
            )
        )
    return Found(sheet, one, place, at, tuple(faults), usable)


def _missing(sheet: Sheet, part: str, line: int, column: Column, headings: dict[str, int]) -> Fault:
    """The fault of a column that is not there, with the heading that comes nearest."""
    near = nearest(folded(column.headings[0]), headings)
    shown = f"; the nearest heading stands in column {headings[near] + 1}" if near else ""
    return Fault(
        sheet.file,
        part,
        line,
        "a list without a column that it needs" if column.key else "a column that is missing",
        Severity.REFUSED if column.key else Severity.NOTED,
        column.headings[0],
        done="The list was not used." if column.key else "Taken as blank throughout.",
        allowed=f"the heading {column.headings[0]!r}{shown}",
    )


def _repeated(
    sheet: Sheet, part: str, line: int, one: AnnexList, repeated: list[str]
) -> list[Fault]:
    known = {folded(heading): c.headings[0] for c in one.columns for heading in c.headings}
    return [
        Fault(
            sheet.file,
            part,
            line,
            "a heading that stands twice",
            Severity.NOTED,
            known[folded(cell)],
            done="The first of the two columns was used.",
        )
        for cell in repeated
        if folded(cell) in known
    ]


def _without_headings(sheet: Sheet, one: AnnexList) -> Found:
    part = sheet.name or f"list {one.number}"
    keys = " and ".join(repr(column.headings[0]) for column in one.columns if column.key)
    fault = Fault(
        sheet.file,
        part,
        0,
        "a list without its headings",
        Severity.REFUSED,
        done="The list was not used.",
        allowed=f"a row with {keys} within the first {ROWS_TO_SEARCH} rows",
    )
    return Found(sheet, one, 0, {}, (fault,), usable=False)
