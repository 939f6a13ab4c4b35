"""Rows of a return of looked-after children with every value read, and faults by line.

A row without a child id or without a day on which it began is not used. Codes that no year's list
has are blanked; codes of another year are used and noted. A reason for ending on a row that has
not ended (X1 stands on nearly every open row of some systems) is taken away.

This module looks at one row at a time: `ssda903_order` compares the rows of a child.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.errors import InputError, Where
from model.returns.dates import PLACEHOLDER, days_of
from model.returns.faults import Fault, Severity, shape_of
from model.returns.identity import ids_of
from model.returns.sheets import Cell, is_blank
from model.returns.ssda903_codes import EPISODE_CODES, GOES_ON
from model.returns.ssda903_tables import Table

COLUMNS = {
    "RNE": "began",
    "LS": "legal",
    "CIN": "need",
    "PLACE": "place",
    "PLACE_PROVIDER": "provider",
    "REC": "ended",
}
ADULT_YEARS = 18
DAYS_A_YEAR = 365.25
MOST_FAULTS = 1_000_000


@dataclass
class Book:
    """Where faults of a return are written down, row by row."""

    faults: list[Fault] = field(default_factory=list, repr=False)

    def rows(
        self,
        rows: pd.DataFrame,
        kind: str,
        severity: Severity,
        column: str = "",
        *,
        done: str = "",
        allowed: str = "",
        found: str | pd.Series = "",
    ) -> None:
        """One fault for each of these rows, which have a file, a part and a line.

        Parameters
        ----------
        found : a code for all, or shapes by row.
        """
        if rows.empty:
            return
        if len(self.faults) + len(rows) > MOST_FAULTS:
            raise InputError(
                Where(str(rows["file"].iloc[0])),
                f"more than {MOST_FAULTS:,} faults",
                remedy="Nothing was read: the first faults say what is wrong throughout.",
            )
        shapes = found if isinstance(found, pd.Series) else [found] * len(rows)
        self.faults.extend(
            Fault(file, part, int(line), kind, severity, column, shape, done, allowed)
            for file, part, line, shape in zip(
                rows["file"], rows["part"], rows["line"], shapes, strict=True
            )
        )


def _cells(table: Table, column: str) -> list[Cell]:
    return table.columns.get(column, [None] * len(table.lines))


def _place(table: Table) -> pd.DataFrame:
    return pd.DataFrame({"file": table.file, "part": table.part, "line": table.lines})


def _shapes(cells: list[Cell], mask: np.ndarray) -> pd.Series:
    return pd.Series([shape_of(cells[at]) for at in np.flatnonzero(mask)], dtype=object)


def _read_ids(table: Table, rows: pd.DataFrame, book: Book) -> None:
    cells = _cells(table, "CHILD")
    ids = ids_of(cells)
    rows["child"] = ids.child
    for kind in dict.fromkeys(ids.kind):
        if kind:
            mask = ids.kind == kind
            book.rows(
                rows[mask],
                kind,
                Severity.DROPPED,
                "CHILD",
                done="The row was not used.",
                found=_shapes(cells, mask),
            )
    if ids.zeros_differ:
        book.faults.append(
            Fault(
                table.file,
                table.part,
                0,
                "ids with and without leading zeros",
                Severity.REPAIRED,
                "CHILD",
                f"{ids.zeros_differ} children",
                "They were taken for the same children.",
            )
        )


def _read_days(
    table: Table, rows: pd.DataFrame, column: str, name: str, severity: Severity, book: Book
) -> np.ndarray:
    """One column of days; returns which rows hold something that is no day."""
    cells = _cells(table, column)
    days = days_of(cells, from_1904=table.from_1904)
    rows[name] = days.day.astype("datetime64[s]")
    done = "The row was not used." if severity is Severity.DROPPED else "It is unknown."
    lost = np.zeros(len(rows), dtype=bool)
    for kind in dict.fromkeys(days.kind):
        if kind:
            mask = days.kind == kind
            no_end = kind == PLACEHOLDER and column == "DEC"
            lost |= mask & (not no_end)
            book.rows(
                rows[mask],
                kind,
                Severity.BLANKED if no_end else severity,
                column,
                done="It was taken as no end." if no_end else done,
                found=_shapes(cells, mask),
                allowed="a day as dd/mm/yyyy or yyyy-mm-dd",
            )
    return lost


def _read_codes(
    table: Table, rows: pd.DataFrame, column: str, name: str, year: int, book: Book
) -> None:
    """One column of codes: capitals, known, of this year."""
    known = EPISODE_CODES[column]
    cells = _cells(table, column)
    texts = pd.Series(
        ["" if is_blank(cell) else str(cell).strip().upper() for cell in cells], dtype=object
    )
    unknown = ((texts != "") & ~texts.isin(list(known))).to_numpy()
    book.rows(
        rows[unknown],
        "a code that is not in the published list",
        Severity.BLANKED,
        column,
        done="It is unknown.",
        allowed=", ".join(known),
        found=_shapes(cells, unknown),
    )
    texts[unknown] = ""
    for code, (first, last) in known.items():
        if (first and year < first) or (last and year > last):
            book.rows(
                rows[(texts == code).to_numpy()],
                "a code of another year",
                Severity.NOTED,
                column,
                done="It was used.",
                found=code,
                allowed=f"from {first}" if first else f"until {last}",
            )
    rows[name] = texts


def read_episodes(table: Table, book: Book) -> pd.DataFrame:
    """The days and children of an episodes table, before its year is known.

    Returns
    -------
    DataFrame with file, part, line, child, began_on, ended_on and at (row of the table); rows
        without a child or a begin are left out.
    """
    rows = _place(table)
    rows["at"] = np.arange(len(rows))
    _read_ids(table, rows, book)
    _read_days(table, rows, "DECOM", "began_on", Severity.DROPPED, book)
    # An end that cannot be read is not an open episode: the row would be counted for ever.
    lost = _read_days(table, rows, "DEC", "ended_on", Severity.DROPPED, book)
    blank = (rows["child"] != "") & pd.Series([is_blank(one) for one in _cells(table, "DECOM")])
    book.rows(
        rows[blank],
        "an episode without the day on which it began",
        Severity.DROPPED,
        "DECOM",
        done="The row was not used.",
    )
    backwards = rows["ended_on"] < rows["began_on"]
    book.rows(
        rows[backwards],
        "an end before its begin",
        Severity.DROPPED,
        "DEC",
        done="The row was not used: either day may be the wrong one.",
        allowed="the day of DECOM or later",
    )
    kept = (rows["child"] != "") & rows["began_on"].notna() & ~backwards
    return rows[kept & ~lost]


def read_episode_codes(table: Table, rows: pd.DataFrame, year: int, book: Book) -> pd.DataFrame:
    """Add the codes to the rows of an episodes table, as the return of a year has them."""
    every = _place(table)
    for column, name in COLUMNS.items():
        if column in table.columns:
            _read_codes(table, every, column, name, year, book)
        else:
            every[name] = ""
    rows = rows.join(every[list(COLUMNS.values())], on="at")
    going_on = rows["ended_on"].isna() & (rows["ended"] == GOES_ON)
    book.rows(
        rows[going_on],
        "X1 on an episode that has not ended",
        Severity.REPAIRED,
        "REC",
        done="The episode is open; the X1 was taken away.",
        allowed="nothing, until there is a DEC",
        found=GOES_ON,
    )
    other = rows["ended_on"].isna() & (rows["ended"] != "") & ~going_on
    book.rows(
        rows[other],
        "a reason for ending without a day",
        Severity.BLANKED,
        "REC",
        done="The episode was taken as still open.",
        allowed="a DEC beside the REC",
        found=rows.loc[other, "ended"],
    )
    book.rows(
        rows[rows["ended_on"].notna() & (rows["ended"] == "")],
        "an end without its reason",
        Severity.NOTED,
        "REC",
        done="The reason is unknown.",
    )
    rows.loc[rows["ended_on"].isna(), "ended"] = ""
    return rows


def read_children(tables: list[Table], book: Book) -> pd.DataFrame:
    """Children of the headers and asylum tables of one return, one row each.

    Returns
    -------
    DataFrame with file, part, line, child, birth_on, asylum_seeking; asylum_seeking is unknown
        where the return has no table of asylum-seeking children.
    """
    read = {"header": [], "uasc": []}  # type: dict[str, list[pd.DataFrame]]
    for table in tables:
        if table.name not in read:
            continue
        rows = _place(table)
        _read_ids(table, rows, book)
        _read_days(table, rows, "DOB", "birth_on", Severity.BLANKED, book)
        rows = rows[rows["child"] != ""]
        twice = rows["child"].duplicated()
        book.rows(
            rows[twice],
            "a child that is there twice",
            Severity.DROPPED,
            "CHILD",
            done="The first row was used.",
        )
        read[table.name].append(rows[~twice])
    asylum = pd.concat(read["uasc"]) if read["uasc"] else None
    if not read["header"] and asylum is None:
        return pd.DataFrame(columns=["file", "part", "line", "child", "birth_on", "asylum_seeking"])
    every = pd.concat([*read["header"], *read["uasc"]]).drop_duplicates("child")
    if asylum is not None:
        every["asylum_seeking"] = every["child"].isin(asylum["child"])
        _births_differ(every, asylum, book)
    else:
        every["asylum_seeking"] = None
    return every


def _births_differ(every: pd.DataFrame, asylum: pd.DataFrame, book: Book) -> None:
    both = asylum.merge(every[["child", "birth_on"]], on="child", suffixes=("", "_header"))
    differ = both["birth_on"].notna() & both["birth_on_header"].notna()
    book.rows(
        both[differ & (both["birth_on"] != both["birth_on_header"])],
        "another birth than in the header",
        Severity.NOTED,
        "DOB",
        done="The header's was used.",
    )
