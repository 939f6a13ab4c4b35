"""Ofsted's Annex A (lists 1 to 10), read into records.

A workbook with a sheet a list, or a file a list; several extracts joined. Every list covers the
six months before its extract (adoption twelve); lists 6 to 8 hold each child's latest spell alone.

What Annex A does not know: plans of children in need (list 6 is the whole episode of need), what
came before the six months, earlier placements of a period of care, and whether early help's
completion date ends the assessment or the help: that is the council's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from model.errors import InputError, Where
from model.returns.annex_a_checks import check_days, check_rows, note_before
from model.returns.annex_a_children import children_of
from model.returns.annex_a_extracts import grouped, latest_day, newest_says
from model.returns.annex_a_header import Found, find_list
from model.returns.annex_a_rows import ListRows, read_rows
from model.returns.faults import Fault, Severity
from model.returns.limits import Deadline
from model.returns.records import RECORD_COLUMNS, Covered, Recognised, Records, typed
from model.returns.sheets import Sheet, open_sheets


class _Extract(NamedTuple):
    """The lists of one extract and its day; None where nothing in it has a day."""

    lists: list[ListRows]
    on: pd.Timestamp | None


def recognise(sheets: Sequence[Sheet]) -> bool:
    """Whether any sheet of a file is a list of Annex A, or claims to be."""
    return any(find_list(sheet) is not None for sheet in sheets)


def read(
    paths: Sequence[Path], extract_date: date | None = None, deadline: Deadline | None = None
) -> Records:
    """Read the files of one or more extracts; see `read_sheets`.

    Parameters
    ----------
    paths : of workbooks or text tables. extract_date : of the newest extract.
    deadline : for all of them; a fresh one a file when absent.
    """
    sheets = [sheet for path in paths for sheet in open_sheets(Path(path), deadline=deadline)]
    return read_sheets(sheets, extract_date, deadline)


def read_sheets(
    sheets: Sequence[Sheet], extract_date: date | None = None, deadline: Deadline | None = None
) -> Records:
    """Every list of Annex A among sheets of one or more files.

    Parameters
    ----------
    sheets : of any number of files. extract_date : of the newest extract; the latest day on which
        anything in it happened when absent, which is noted. deadline : for the whole.

    Raises
    ------
    InputError
        Where no sheet is a list, or every day of the newest extract lies after `extract_date`.
    """
    deadline = deadline or Deadline()
    found = [(sheet, find_list(sheet)) for sheet in sheets]
    lists = [one for _, one in found if one is not None]
    if not lists:
        file = sheets[0].file if sheets else "no file"
        raise InputError(Where(file), "no list of Annex A", "sheets with the lists' headings")
    records = Records()
    for sheet, one in found:
        if one is None:
            records.recognised.append(
                Recognised(sheet.file, sheet.name, "no list of Annex A", len(sheet.rows), 0)
            )
    extracts = _extracts([_read_usable(group, records, deadline) for group in grouped(lists)])
    extracts = _dated(extracts, extract_date, records)
    for extract in extracts:
        _check(extract, records)
    _join(extracts, records)
    return records


def _read_usable(group: list[Found], records: Records, deadline: Deadline) -> list[ListRows]:
    """The rows of the lists of an extract that can be used; the others' faults are kept."""
    usable = []
    for one in group:
        if one.annex_list.table and one.usable:
            rows = read_rows(one, deadline)
            check_rows(rows)
            usable.append(rows)
            continue
        body = max(0, len(one.sheet.rows) - one.header - 1)
        used = "" if one.annex_list.table else " (not needed)"
        what = f"Annex A {one.annex_list.name}{used}"
        records.recognised.append(Recognised(one.sheet.file, one.part, what, body, 0))
        if one.annex_list.table:
            records.faults.extend([*one.sheet.faults, *one.faults])
    return usable


def _extracts(groups: list[list[ListRows]]) -> list[_Extract]:
    """Extracts with their own days, oldest first."""
    extracts = [_Extract(group, latest_day(group)) for group in groups if group]
    return sorted(extracts, key=lambda one: one.on if one.on is not None else pd.Timestamp.min)


def _dated(extracts: list[_Extract], extract_date: date | None, records: Records) -> list[_Extract]:
    """The newest extract gets the day that was given; every other day is noted."""
    dated = []
    for place, one in enumerate(extracts):
        given = extract_date is not None and place == len(extracts) - 1
        on = pd.Timestamp(extract_date) if given and extract_date else one.on
        dated.append(_Extract(one.lists, on))
        if on is not None and not given:
            records.faults.append(
                Fault(
                    one.lists[0].file,
                    "",
                    0,
                    "an extract without its date",
                    Severity.NOTED,
                    found=f"latest event {on:%d/%m/%Y}",
                    done="The latest day on which anything happened was taken as the extract's.",
                    allowed="the date of the extract, given with --extract-date",
                )
            )
    return dated


def _check(extract: _Extract, records: Records) -> None:
    """Compare days, say what was used and which days are covered."""
    for rows in extract.lists:
        if extract.on is not None:
            check_days(rows, extract.on)
        annex_list = rows.annex_list
        what = f"Annex A {annex_list.name}"
        used = int(rows.kept.sum())
        records.recognised.append(Recognised(rows.file, rows.part, what, len(rows.lines), used))
        if not len(rows.lines):
            rows.faults.append(
                Fault(
                    rows.file,
                    rows.part,
                    0,
                    "a list without a row",
                    Severity.NOTED,
                    done="Taken as not filled in, not as nothing having happened.",
                )
            )
        elif extract.on is not None:
            first = extract.on - pd.DateOffset(months=annex_list.months)
            note_before(rows, first)
            if used:
                records.covered.append(
                    Covered(annex_list.table, rows.file, first, extract.on, annex_list.every_spell)
                )


def _join(extracts: list[_Extract], records: Records) -> None:
    """The records of every extract, the newest word on each spell."""
    for table in RECORD_COLUMNS:
        if table == "children":
            continue
        held = [
            [rows for rows in extract.lists if rows.annex_list.table == table]
            for extract in extracts
        ]
        frames = [pd.concat([_record_rows(rows) for rows in lists]) for lists in held if lists]
        if not frames:
            continue
        parts = [{rows.file: rows.part for rows in lists} for lists in held if lists]
        joined, faults = newest_says(table, frames, parts)
        records.tables[table] = typed(table, joined)
        records.faults.extend(faults)
    every = [rows for extract in extracts for rows in extract.lists]
    records.tables["children"] = children_of(every)
    for rows in every:
        records.faults.extend(rows.faults)


def _record_rows(rows: ListRows) -> pd.DataFrame:
    """The rows in use, with the columns of the record."""
    table = rows.annex_list.table
    values = rows.values.loc[rows.kept].assign(file=rows.file, line=rows.lines[rows.kept])
    if table == "care":
        began = values["placed_on"].fillna(values["period_began_on"])
        values = values.assign(
            began_on=began, began=(began == values["period_began_on"]).map({True: "S", False: "P"})
        )
    return typed(table, values.reindex(columns=[*RECORD_COLUMNS[table], "file", "line"]))
