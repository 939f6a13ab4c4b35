"""Faults of rows and cells: what is typed, exported or copied wrongly, kind by kind.

Each function puts one kind into every table that can have it. This module knows the columns of
the returns, and nothing of how files are written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from model.synthesise.returns import is_list

SERIAL_ZERO = date(1899, 12, 30)  # the day before Excel's first, as it counts
YEARS_AHEAD = 10
NOT_A_DATE = ("31/02/2023", "not known", "99/99/9999")
UNKNOWN = "QQ9"


class Work(Protocol):
    """What these functions need of `faults.Work`."""

    tables: dict[str, pd.DataFrame]

    def rows(self, kind: str, table: str, possible: pd.Series) -> list[int]:
        """Some rows that could have the fault."""

    def luck(self, kind: str, table: str) -> np.random.Generator:
        """The luck of a kind in a table."""

    def note(self, kind: str, table: str, column: str, count: int) -> None:
        """Count what was put in."""


# Days that mean something, by the last part of a table's name.
DAYS = {
    "list 1": ("Date of Contact", "Date of Birth"),
    "list 2": ("Assessment start date", "Assessment completion date"),
    "list 3": ("Date of referral", "Date of Birth"),
    "list 4": (
        "Continuous Assessment Start Date",
        "Continuous Assessment Date of Authorisation",
    ),
    "list 5": ("Strategy discussion initiating Section 47 Enquiry Start Date",),
    "list 6": ("CIN Start Date", "CIN Closure Date"),
    "list 7": ("Child Protection Plan Start Date", "Child Protection Plan End Date"),
    "list 8": ("Date Started to be Looked After", "Date Ceased to be Looked After"),
}
DAYS_903 = {"episodes": ("DECOM", "DEC"), "header": ("DOB",)}
STARTS_AND_ENDS = {
    "list 4": DAYS["list 4"],
    "list 6": DAYS["list 6"],
    "list 7": DAYS["list 7"],
    "list 8": DAYS["list 8"],
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "CINPlanDates": ("CINPlanStartDate", "CINPlanEndDate"),
    "ChildProtectionPlans": ("CPPstartDate", "CPPendDate"),
    "episodes": ("DECOM", "DEC"),
}
ENDS_WITH_REASON = {
    "list 6": ("CIN Closure Date", "Reason for Closure"),
    "list 8": ("Date Ceased to be Looked After", "Reason Ceased to be Looked After"),
    "CINdetails": ("CINclosureDate", "ReasonForClosure"),
    "episodes": ("DEC", "REC"),
}
CODED = {
    "list 1": "Contact Source",
    "list 3": "Referral Source",
    "list 6": "Reason for Closure",
    "list 8": "Placement Type",
    "CINdetails": "ReasonForClosure",
    "ChildProtectionPlans": "InitialCategoryOfAbuse",
    "episodes": "PLACE",
}
WITH_LETTERS = {
    "list 1": "Contact Source",
    "list 3": "Referral NFA?",
    "list 6": "Case status",
    "list 7": "Initial Category of Abuse",
}
WRONG_TAGS = {"CINclosureDate": "CINClosureDate"}


def key_of(name: str) -> str:
    """What tables of a kind are known by: `list 3`, or the part of a return."""
    part = name.split("/")[1]
    return f"list {part}" if is_list(name) else part


def id_column(table: pd.DataFrame) -> str:
    """The column that holds the child's id; "" where none does."""
    return next((one for one in ("Child Unique ID", "CHILD") if one in table), "")


def is_day(column: pd.Series) -> pd.Series:
    """Which cells are days."""
    return column.map(lambda cell: isinstance(cell, date))


def change(
    work: Work, kind: str, name: str, column: str, possible: pd.Series, new: Callable[[Any], Any]
) -> None:
    """Change some cells of a column, and count them."""
    table = work.tables[name]
    rows = work.rows(kind, name, possible)
    position = table.columns.get_loc(column)
    cells = table[column].to_numpy(object, copy=True)
    places = table.index.get_indexer(rows)
    for place in places:
        cells[place] = new(cells[place])
    work.tables[name] = table.drop(columns=column)
    work.tables[name].insert(position, column, pd.Series(cells, index=table.index, dtype=object))
    work.note(kind, name, column, len(rows))


def days_written(kind: str, new: Callable[[Any], Any], census: bool = False) -> Callable:
    """A kind of fault: some days written in another way."""

    def put_in(work: Work) -> None:
        for name in list(work.tables):
            columns = DAYS.get(key_of(name), ())
            if name.startswith("ssda903"):
                columns = DAYS_903.get(key_of(name), ())
            elif census and name.startswith("cin_census"):
                columns = STARTS_AND_ENDS.get(key_of(name), ())
            for column in columns:
                change(work, kind, name, column, is_day(work.tables[name][column]), new)

    return put_in


def ids_written(kind: str, new: Callable[[str], str | None]) -> Callable:
    """A kind of fault: some ids written in another way."""

    def put_in(work: Work) -> None:
        for name in list(work.tables):
            table = work.tables[name]
            column = id_column(table)
            if column and key_of(name) not in ("header", "uasc"):
                change(work, kind, name, column, table[column].notna(), new)

    return put_in


def days_swapped(work: Work) -> None:
    """Some spells end before they begin."""
    kind = "end before the start"
    for name in list(work.tables):
        if key_of(name) not in STARTS_AND_ENDS:
            continue
        start, end = STARTS_AND_ENDS[key_of(name)]
        table = work.tables[name]
        both = is_day(table[start]) & is_day(table[end])
        ends_later = both & pd.Series(
            [b and e > s for s, e, b in zip(table[start], table[end], both, strict=True)],
            index=table.index,
            dtype=bool,
        )
        rows = work.rows(kind, name, ends_later)
        begun = table.loc[rows, start].copy()
        table.loc[rows, start] = table.loc[rows, end]
        table.loc[rows, end] = begun
        work.note(kind, name, end, len(rows))


def ends_missing(work: Work) -> None:
    """Some ends have a reason and no day."""
    kind = "reason for an end without its day"
    for name in list(work.tables):
        if key_of(name) not in ENDS_WITH_REASON:
            continue
        end, reason = ENDS_WITH_REASON[key_of(name)]
        table = work.tables[name]
        possible = is_day(table[end]) & table[reason].notna() & (table[reason] != "X1")
        change(work, kind, name, end, possible, lambda _: None)


def codes_unknown(work: Work) -> None:
    """Some codes that no list has."""
    kind = "code that is not in the list"
    for name in list(work.tables):
        if key_of(name) in CODED:
            column = CODED[key_of(name)]
            change(work, kind, name, column, work.tables[name][column].notna(), lambda _: UNKNOWN)


def letters_left_out(work: Work) -> None:
    """Some codes of Annex A without the letter before them: Police for q) 6: Police."""
    kind = "code without its letter"
    for name in list(work.tables):
        column = WITH_LETTERS.get(key_of(name), "")
        if column:
            possible = work.tables[name][column].notna()
            change(work, kind, name, column, possible, lambda cell: cell.split(") ", 1)[1])


def future_days(work: Work) -> None:
    """Some events after the day of the extract."""
    kind = "day after the extract"
    for name in list(work.tables):
        columns = DAYS.get(key_of(name), ())
        if columns and key_of(name) != "list 2":
            possible = is_day(work.tables[name][columns[0]])
            change(work, kind, name, columns[0], possible, ahead)


def episodes_open_with_x1(work: Work) -> None:
    """Some open episodes of care say that another follows."""
    kind = "X1 on an open episode"
    for name in list(work.tables):
        if key_of(name) == "episodes":
            table = work.tables[name]
            change(
                work, kind, name, "REC", table["DEC"].isna() & table["REC"].isna(), lambda _: "X1"
            )


def episodes_left_out(work: Work) -> None:
    """Some episodes that last the whole year are not in its return."""
    kind = "episode of the whole year left out"
    for name in list(work.tables):
        if key_of(name) != "episodes":
            continue
        table = work.tables[name]
        first = date(int(name.split("/")[0].rsplit("_", 1)[1]) - 1, 4, 1)
        before = table["DECOM"].map(lambda day, first=first: isinstance(day, date) and day < first)
        rows = work.rows(kind, name, before & table["DEC"].isna())
        work.tables[name] = table.drop(index=rows)
        work.note(kind, name, "", len(rows))


def tags_wrong(work: Work) -> None:
    """Some elements of the census under a tag that the schema does not have."""
    kind = "tag that the schema does not have"
    for name in list(work.tables):
        if key_of(name) != "CINdetails":
            continue
        table = work.tables[name]
        for right, wrong in WRONG_TAGS.items():
            rows = work.rows(kind, name, is_day(table[right]))
            table[wrong] = pd.Series(None, index=table.index, dtype=object)
            table.loc[rows, wrong] = table.loc[rows, right]
            table.loc[rows, right] = None
            work.note(kind, name, right, len(rows))


def rows_twice(work: Work) -> None:
    """Some rows stand there twice, the second time at the end."""
    kind = "row twice"
    for name in list(work.tables):
        table = work.tables[name]
        if id_column(table) and len(table) and key_of(name) not in ("header", "uasc"):
            rows = work.rows(kind, name, table[id_column(table)].notna())
            work.tables[name] = pd.concat([table, table.loc[rows]], ignore_index=True)
            work.note(kind, name, "", len(rows))


def rows_shuffled(work: Work) -> None:
    """Rows of lists and of episodes in no order."""
    kind = "rows out of order"
    for name in list(work.tables):
        if key_of(name) in ("list 3", "list 8", "episodes"):
            table = work.tables[name]
            order = work.luck(kind, name).permutation(len(table))
            work.tables[name] = table.iloc[order].reset_index(drop=True)
            work.note(kind, name, "", len(table))


def serial(day: date) -> int:
    """A day as Excel counts it."""
    return (day - SERIAL_ZERO).days


def ahead(day: date) -> date:
    """The same month, years later."""
    return day.replace(day=1, year=day.year + YEARS_AHEAD)


def unreadable(day: date) -> str:
    """Something in place of a day that is none."""
    return NOT_A_DATE[day.day % len(NOT_A_DATE)]


# What removes or adds rows comes last, so that what was counted stays where it was.
IN_ORDER: tuple[Callable[[Any], None], ...] = (
    days_written("day as text", lambda day: f"{day:%d/%m/%Y}"),
    days_written("day as text in ISO form", lambda day: day.isoformat()),
    days_written("day as a serial number of Excel", serial),
    days_written("year in two digits", lambda day: f"{day:%d/%m/%y}"),
    days_written("day that cannot be read", unreadable, census=True),
    ids_written("id with .0", lambda one: f"{one}.0"),
    ids_written("id with leading zeros", lambda one: f"00{one}"),
    ids_written("id left empty", lambda _: None),
    days_swapped,
    ends_missing,
    codes_unknown,
    letters_left_out,
    future_days,
    episodes_open_with_x1,
    tags_wrong,
    episodes_left_out,
    rows_twice,
    rows_shuffled,
)
