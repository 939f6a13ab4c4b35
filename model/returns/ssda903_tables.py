"""Sheets of a workbook, csv files or the XML form of the return, as the same few tables.

A table is recognised by its columns, never by the name of its file alone. Columns may stand in
any order, in small letters, below a title row; one with an unknown name is passed over and said.

This module does not know what the values mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.errors import InputError, Where, listed, nearest
from model.returns.faults import Fault, Severity, shape_of
from model.returns.given import Given
from model.returns.limits import Deadline
from model.returns.sheets import Cell, Sheet
from model.returns.ssda903_codes import OTHER_NAMES, TABLES
from model.returns.xml_guard import LIMITS, Element, Limits, read_records, tags_at_start

ROWS_TO_JUDGE = 10
ROOT = "EXPSSDA903"
# Without these columns nothing can be made of a table.
ESSENTIAL = {"episodes": ("CHILD", "DECOM", "DEC"), "header": ("CHILD", "DOB"), "uasc": ("CHILD",)}
# A name is shown only where it can be one: a long number may be somebody's.
COLUMN_NAME = re.compile(r"(?!.*\d{3})[A-Za-z][A-Za-z0-9_ ]{0,30}")
# Groups and marks of the XML form's HEADER that are no column of any table.
HEADER_TAGS = ("UASC", "AREVIEW", "AMISSING", "PERMANENCE", "OC2", "OC3", "AD_PLACED", "AD1")
EVERY_COLUMN = (
    *dict.fromkeys(column for shape in TABLES.values() for column in shape.columns),
    *HEADER_TAGS,
)


@dataclass(frozen=True)
class Table:
    """One table of one return.

    Attributes
    ----------
    name : of `TABLES`. file : where; part : sheet, or the table's name.
    columns : cells by column, each as long as `lines`. lines : in the file, from 1.
    from_1904 : whether day numbers count from 1904. faults : of its columns.
    """

    name: str
    file: str
    part: str
    columns: dict[str, list[Cell]] = field(repr=False)
    lines: list[int] = field(repr=False)
    from_1904: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def group(self) -> str:
        """What the tables of one return have in common: the file name without the table's."""
        stem = Path(self.file).with_suffix("").as_posix().lower()
        for name in sorted(
            (word for one, shape in TABLES.items() for word in (one, *shape.names)), key=len
        )[::-1]:
            folder, _, last = stem.rpartition("/")
            if name in last:
                stem = f"{folder}/{last.replace(name, '', 1)}"
                break
        return re.sub(r"[^a-z0-9/]", "", stem)


def column_name(cell: Cell) -> str:
    """The department's name of a column, from what stands at its head."""
    plain = re.sub(r"[^A-Z0-9]+", "_", str(cell or "").strip().upper()).strip("_")
    return OTHER_NAMES.get(plain, plain)


def recognise_sheet(sheet: Sheet) -> str:
    """Which table of the return a sheet is, by its columns; "" where none."""
    return _head(sheet)[0]


def _head(sheet: Sheet) -> tuple[str, int]:
    """The table's name and which row holds its columns."""
    for at, row in enumerate(sheet.rows[:ROWS_TO_JUDGE]):
        found = {column_name(cell) for cell in row if isinstance(cell, str)}
        if "CHILD" not in found:
            continue
        scores = {
            name: sum(one in found for one in shape.telling) / len(shape.telling)
            for name, shape in TABLES.items()
        }
        best = max(scores, key=lambda name: (scores[name], len(TABLES[name].telling)))
        if scores[best] >= 0.5:
            return best, at
    return "", 0


def recognise_xml(path: Given) -> bool:
    """Whether a file looks like the return's XML form, from its first characters."""
    tags = tags_at_start(path)
    return bool(tags) and (
        tags[0].upper().startswith(ROOT) or {"HEADER", "CHILDID"} <= set(tags[:12])
    )


def table_of(sheet: Sheet) -> Table:
    """The table that a recognised sheet holds.

    Raises
    ------
    InputError : it is none, or a column is missing without which nothing can be made of it.
    """
    name, at = _head(sheet)
    where = Where(sheet.file, sheet.name)
    if not name:
        raise InputError(
            where,
            "no table of the return of looked-after children",
            listed(f"{one} ({shape.words})" for one, shape in TABLES.items()),
            "Its columns must be named as the department names them.",
        )
    heads = [column_name(cell) for cell in sheet.rows[at]]
    part = sheet.name or name
    faults = [*sheet.faults, *_column_faults(name, sheet, at, part, heads)]
    for essential in ESSENTIAL.get(name, ()):
        if essential not in heads:
            close = nearest(essential, [head for head in heads if head not in TABLES[name].columns])
            raise InputError(
                where.at(essential),
                f"no column {essential} in the {TABLES[name].words}",
                listed(TABLES[name].columns),
                f"Is it {close}? Give it its right name." if close else "",
            )
    rows = [
        (row, line)
        for row, line in zip(sheet.rows[at + 1 :], sheet.lines[at + 1 :], strict=True)
        # Files that were put one below the other repeat their heads.
        if [column_name(cell) for cell in row] != heads
    ]
    columns: dict[str, list[Cell]] = {}
    for place, head in enumerate(heads):
        if head in TABLES[name].columns and head not in columns:
            columns[head] = [row[place] if place < len(row) else None for row, _ in rows]
    return Table(
        name,
        sheet.file,
        part,
        columns,
        [line for _, line in rows],
        sheet.from_1904,
        tuple(faults),
    )


def _column_faults(name: str, sheet: Sheet, at: int, part: str, heads: list[str]) -> list[Fault]:
    """Columns that the table does not have, has twice, or lacks."""
    shape, line = TABLES[name], sheet.lines[at]
    faults = []
    for place, head in enumerate(heads):
        if head in shape.columns and head not in heads[:place]:
            continue
        twice = head in shape.columns
        close = "" if twice else nearest(head, [one for one in shape.columns if one not in heads])
        if head:
            faults.append(
                Fault(
                    sheet.file,
                    part,
                    line,
                    "a column that is there twice" if twice else "a column that the table has not",
                    Severity.NOTED,
                    found=head if twice or COLUMN_NAME.fullmatch(head) else shape_of(head),
                    done="The first was used." if twice else "It was passed over.",
                    allowed=f"the nearest right name is {close}" if close else "",
                )
            )
    if shape.needed:
        faults += [
            Fault(
                sheet.file,
                part,
                line,
                "a column is missing",
                Severity.BLANKED,
                column=one,
                done="It is unknown throughout.",
                allowed=one,
            )
            for one in shape.telling
            if one not in heads and one not in ESSENTIAL.get(name, ())
        ]
    return faults


def tables_of_xml(
    path: Given, deadline: Deadline | None = None, *, limits: Limits = LIMITS
) -> list[Table]:
    """Header, episodes and asylum-seeking children out of the return's XML form.

    Raises
    ------
    InputError : it is no such file, or goes beyond a limit.
    """
    tags = tags_at_start(path)
    root = tags[0] if tags else ROOT
    rows: dict[str, list[tuple[dict[str, Cell], int]]] = {"header": [], "episodes": [], "uasc": []}
    faults: list[Fault] = []

    def stray(tag: str, parents: Sequence[str], line: int) -> None:
        faults.append(_strange(path.name, tag, line, ("CHILD",)))

    def child(element: Element) -> None:
        _read_child(path.name, element, rows, faults)

    found = read_records(
        path, {(root, "CHILD"): child}, limits=limits, deadline=deadline, stray=stray
    )
    if not rows["header"]:
        raise InputError(
            Where(path.name),
            f"XML of another kind ({shape_of(found)})",
            f"{ROOT} with one CHILD a child, and in it a HEADER and EPISODEs",
        )
    return [
        _table(name, path.name, found_rows, tuple(faults) if name == "header" else ())
        for name, found_rows in rows.items()
    ]


def _read_child(
    file: str,
    element: Element,
    rows: dict[str, list[tuple[dict[str, Cell], int]]],
    faults: list[Fault],
) -> None:
    header: dict[str, Cell] = {}
    line = element.line
    for inside in element.inside:
        if inside.tag == "HEADER":
            line = inside.line
            header |= _cells(inside.inside)
            _look_for_strangers(file, inside, EVERY_COLUMN, faults)
    for inside in element.inside:
        if inside.tag == "EPISODE":
            cells = _cells(inside.inside)
            _look_for_strangers(file, inside, TABLES["episodes"].columns, faults)
            rows["episodes"].append(({**cells, "CHILD": header.get("CHILD")}, inside.line))
        elif inside.tag != "HEADER":
            faults.append(_strange(file, inside.tag, inside.line, ("HEADER", "EPISODE")))
    rows["header"].append((header, line))
    asylum = str(header.get("UASC") or "").strip().lower()
    if header.get("DUC") or asylum in ("1", "true", "y", "yes"):
        rows["uasc"].append((header, line))


def _look_for_strangers(
    file: str, group: Element, known: Sequence[str], faults: list[Fault]
) -> None:
    """A fault for every element of a HEADER or EPISODE that the return does not have."""
    faults += [
        _strange(file, one.tag, one.line, known)
        for one in group.inside
        if column_name(one.tag) not in known
    ]


def _cells(elements: Iterable[Element]) -> dict[str, Cell]:
    return {column_name(one.tag): one.text or None for one in elements if not one.inside}


def _strange(file: str, tag: str, line: int, known: Sequence[str]) -> Fault:
    close = nearest(tag, known)
    return Fault(
        file,
        "XML",
        line,
        "an element that the return has not",
        Severity.BLANKED,
        found=tag if close and COLUMN_NAME.fullmatch(tag) else shape_of(tag),
        done="It was not used, nor what stands inside it.",
        allowed=f"the nearest right name is {close}" if close else listed(known),
    )


def _table(
    name: str, file: str, rows: list[tuple[dict[str, Cell], int]], faults: tuple[Fault, ...]
) -> Table:
    columns: dict[str, list[Cell]] = {
        column: [cells.get(column) for cells, _ in rows] for column in TABLES[name].columns
    }
    return Table(name, file, name, columns, [line for _, line in rows], faults=faults)
