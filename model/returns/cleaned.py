"""Records of several returns without the repeats: one row an event, one row a plan.

A referral stands in Annex A list 3 and in the census, a plan in list 7 and in the census, an
episode of care in three years' SSDA903 and in list 8. The rules: records of a child on the same
day, or in different files at most `SAME_EVENT_DAYS` apart, are one; the earliest day holds; whether
it has ended is said by the file that reaches furthest, a return of every spell before one of each
child's latest, and where several do, an end beats no end; a stated value beats a blank. Children
become numbers that mean nothing outside the memory of this run.

Not known here: two children with one id, or one child with two.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.returns.linking import NEVER, UNKNOWN, Days, Ints, as_days, same_event
from model.returns.records import RECORD_COLUMNS, YES_NO, Records

BEGAN = {
    "contacts": "on",
    "early_help": "began_on",
    "referrals": "on",
    "assessments": "began_on",
    "section_47": "on",
    "in_need": "began_on",
    "in_need_plans": "began_on",
    "protection_plans": "began_on",
    "pre_proceedings": "began_on",
}
NO, YES, NOT_SAID = 0, 1, -1
# Lists of what came in, on the day it came: what stands before the days asked for is no remnant.
# (A census keeps the referrals of the years before whose cases are still open: those are remnants.)
IN_FULL = ("contacts",)
EVEN_SHARE = 0.5  # of a usual month; a month below it is where a list begins to be complete
MONTH_DAYS = 30
DISABILITY = "N2"


@dataclass(frozen=True)
class Cleaned:
    """Records without repeats, as arrays.

    Attributes
    ----------
    tables : by table of `RECORD_COLUMNS`, its columns as arrays: `child` a number, days as whole
        days, yes/no as 1, 0 or -1 for not said, the rest text.
    birth : day of birth of each child, UNKNOWN where no return says. stream : "ordinary",
        "disabled" or "asylum_seeking". disabled : 1, 0 or -1 as the returns flag it.
    windows : by table the first and last day that the returns speak of, the latest unbroken span.
    latest_only : tables of which a return holds only each child's latest spell.
    longer : tables that go back evenly beyond the days that their return is asked for, and are
        taken as complete from there.
    repeats : by table how many records told of an event that another told of already.
    """

    tables: dict[str, dict[str, NDArray]] = field(repr=False)
    birth: Days = field(repr=False)
    stream: NDArray[np.str_] = field(repr=False)
    disabled: Ints = field(repr=False)
    windows: dict[str, tuple[int, int]]
    latest_only: frozenset[str]
    longer: frozenset[str]
    repeats: dict[str, int]

    def __getitem__(self, table: str) -> dict[str, NDArray]:
        """The columns of a table."""
        return self.tables[table]

    def last(self, *tables: str) -> int:
        """The last day that all of these tables speak of; UNKNOWN where one is not there."""
        return min(self.windows.get(table, (UNKNOWN, UNKNOWN))[1] for table in tables)

    def has(self, table: str) -> bool:
        """Whether the returns speak of this table at all."""
        return table in self.windows


def cleaned(records: Records) -> Cleaned:
    """Number the children, put days into whole numbers, and make repeats one."""
    ids = pd.concat([records[table]["child"] for table in RECORD_COLUMNS], ignore_index=True)
    every, names = pd.factorize(ids, sort=False)
    at, tables, repeats, files = 0, {}, {}, _reach_of_files(records)
    for table in RECORD_COLUMNS:
        rows = records[table]
        columns = _columns(table, rows, every[at : at + len(rows)].astype(np.int64))
        at += len(rows)
        reach = rows["file"].map(files.get(table, {})).fillna(0).to_numpy(np.int64)
        file = pd.factorize(rows["file"])[0].astype(np.int64)
        if table in BEGAN:
            columns = _without_repeats(table, columns, file, reach)
        tables[table] = columns
        repeats[table] = len(rows) - len(columns["child"])
    tables["care"] = {**tables["care"], "file": pd.factorize(records["care"]["file"])[0]}
    birth, flagged, alone = _of_children(tables["children"], len(names))
    stream = _streams(tables["in_need"], flagged, alone)
    windows = _windows(records, tables)
    longer = {t: _reaching_back(windows, tables, t) for t in IN_FULL if t in windows}
    reach_back = frozenset(t for t, first in longer.items() if first < windows[t][0])
    windows |= {t: (longer[t], windows[t][1]) for t in reach_back}
    latest = frozenset(one.table for one in records.covered if not one.every_spell)
    return Cleaned(tables, birth, stream, flagged, windows, latest, reach_back, repeats)


def _columns(table: str, rows: pd.DataFrame, child: Ints) -> dict[str, NDArray]:
    """The columns of a table as arrays."""
    columns: dict[str, NDArray] = {"child": child}
    for name in RECORD_COLUMNS[table][1:]:
        if name == "on" or name.endswith("_on"):
            columns[name] = as_days(rows[name])
        elif name in YES_NO.get(table, ()):
            columns[name] = rows[name].astype("Int8").fillna(NOT_SAID).to_numpy(np.int64)
        else:
            columns[name] = rows[name].to_numpy(dtype=object)
    return columns


def _reach_of_files(records: Records) -> dict[str, dict[str, int]]:
    """How far each file reaches, by table: twice its last day, and one more if of every spell."""
    reach: dict[str, dict[str, int]] = {}
    for one in records.covered:
        last = 2 * int(as_days(pd.Series([one.last]))[0]) + one.every_spell
        of_table = reach.setdefault(one.table, {})
        of_table[one.file] = max(of_table.get(one.file, UNKNOWN), last)
    return reach


def _without_repeats(
    table: str, columns: dict[str, NDArray], file: Ints, reach: Ints
) -> dict[str, NDArray]:
    """One row an event: the earliest day, and the latest file's value where it states one."""
    began = columns[BEGAN[table]]
    if table == "section_47":  # an initial conference may stand alone
        began = np.where(began == UNKNOWN, columns["conference_on"], began)
    known = np.flatnonzero(began != UNKNOWN)
    columns = {name: column[known] for name, column in columns.items()}
    began, file, reach = began[known], file[known], reach[known]
    number = same_event(columns["child"], began, file)
    # Rows of one event together, the file that reaches furthest last.
    order = np.lexsort((file, reach, number))
    starts = np.flatnonzero(np.append(True, np.diff(number[order]) != 0)[: len(order)])
    found = {}
    for name, column in columns.items():
        if name == BEGAN[table]:
            found[name] = _earliest(column[order], starts)
        elif name == "ended_on" and len(starts):
            furthest = np.maximum.reduceat(reach[order], starts)
            of_row = np.repeat(furthest, np.diff(np.append(starts, len(order))))
            said = np.where(reach[order] == of_row, column[order], UNKNOWN)
            found[name] = _last_stated(said, starts)
        else:
            found[name] = _last_stated(column[order], starts)
    return found


def _earliest(column: Days, starts: Ints) -> Days:
    """Of each group of rows the earliest day that is stated; UNKNOWN where none is."""
    if not len(starts):
        return column
    least = np.minimum.reduceat(np.where(column == UNKNOWN, NEVER, column), starts)
    return np.where(least == NEVER, UNKNOWN, least)


def _last_stated(column: NDArray, starts: Ints) -> NDArray:
    """Of each group of rows the last value that is stated; the blank where none is."""
    if not len(starts):
        return column
    text = column.dtype == object
    stated = column != "" if text else (column != UNKNOWN) & (column != NOT_SAID)
    place = np.where(stated, np.arange(len(column)), -1)
    last = np.maximum.reduceat(place, starts)
    return column[np.where(last >= 0, last, starts)]


def _of_children(rows: dict[str, NDArray], count: int) -> tuple[Days, Ints, NDArray[np.bool_]]:
    """Day of birth, disability flag and whether asylum-seeking, of each child."""
    birth = np.full(count, UNKNOWN)
    disabled = np.full(count, NOT_SAID)
    alone = np.zeros(count, bool)
    known = rows["birth_on"] != UNKNOWN
    birth[rows["child"][known]] = rows["birth_on"][known]
    for answer in (NO, YES):  # one yes outweighs any no
        disabled[rows["child"][rows["disabled"] == answer]] = answer
    alone[rows["child"][rows["asylum_seeking"] == YES]] = True
    return birth, disabled, alone


def _streams(in_need: dict[str, NDArray], flagged: Ints, alone: NDArray) -> NDArray[np.str_]:
    """The stream of each child: need code N2 where a return states a need, else the flag."""
    need = in_need["need"].astype(str)
    stated = np.zeros(len(flagged), bool)
    by_need = np.zeros(len(flagged), bool)
    stated[in_need["child"][need != ""]] = True
    by_need[in_need["child"][need == DISABILITY]] = True
    disabled = np.where(stated, by_need, flagged == YES)
    stream = np.where(disabled, "disabled", "ordinary").astype("U16")
    stream[alone] = "asylum_seeking"
    return stream


def _windows(records: Records, tables: dict[str, dict[str, NDArray]]) -> dict[str, tuple[int, int]]:
    """By table the latest unbroken span that the returns speak of.

    Where no return says, it is from the first to the last day that any record of the table names.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in records.covered:
        first, last = as_days(pd.Series([one.first, one.last]))
        spans.setdefault(one.table, []).append((int(first), int(last)))
    found = {table: _latest_unbroken(span) for table, span in spans.items()}
    for table, columns in tables.items():
        if table not in found and table != "children" and len(columns["child"]):
            named = [c for name, c in columns.items() if name == "on" or name.endswith("_on")]
            days = np.concatenate([*named, [UNKNOWN]])
            days = days[(days != UNKNOWN) & (days != NEVER)]
            if len(days):
                found[table] = (int(days.min()), int(days.max()))
    return found


def _reaching_back(
    windows: dict[str, tuple[int, int]], tables: dict[str, dict[str, NDArray]], table: str
) -> int:
    """The first day of a list: that of the return, or earlier where it goes back as evenly.

    Thirty days at a time, back from the first day asked for, while as many came in as in half of
    a usual thirty days since.
    """
    first, last = windows[table]
    on = tables[table]["on"]
    usual = ((on >= first) & (on <= last)).sum() / max(last - first + 1, MONTH_DAYS) * MONTH_DAYS
    while usual >= 1:
        earlier = on[(on >= first - MONTH_DAYS) & (on < first)]
        if len(earlier) < EVEN_SHARE * usual:
            part = first - int(earlier.min(initial=first))
            return first - part if len(earlier) >= EVEN_SHARE * usual * part / MONTH_DAYS else first
        first -= MONTH_DAYS
    return first


def _latest_unbroken(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The latest of the spans, joined with those that touch it."""
    ordered = sorted(spans)
    first, last = ordered[0]
    for begins, ends in ordered[1:]:
        first = begins if begins > last + 1 else first
        last = max(last, ends)
    return first, last
