"""Faults that real returns have, put in on purpose, addressed by seed and counted.

No row has two of them, so that what is counted is what a reader can find. Faults of files (a
title above the heading, another encoding) are in the shape of the returns, faults of rows and
cells in their tables (`row_faults`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from model.synthesise import row_faults
from model.synthesise.returns import Injected, Shape, SyntheticReturns, file_of, is_list

NONE, FEW, MANY = "none", "few", "many"
LEVELS = (NONE, FEW, MANY)
SHARES = {FEW: 0.001, MANY: 0.01}  # of the rows that could have a fault, for each kind
AT_LEAST = {FEW: 2, MANY: 8}

# Headings as councils write them, by list and column.
HEADINGS: dict[tuple[int, str], str] = {
    (1, "Child Unique ID"): "Child Unique Identifier",
    (1, "Date of Contact"): " date of contact ",
    (2, "Assessment completion date"): "Assessment Completion Date",
    (3, "Date of referral"): "Date of Referral",
    (4, "Continuous Assessment Date of Authorisation"): (
        "Continuous Assessment\nDate of Authorisation"
    ),
    (5, "Was an Initial Child Protection Conference deemed unnecessary?"): (
        "Was an Initial Child Protection Conference deemed unnecessary"
    ),
    (6, "CIN Start Date"): "CIN  Start Date",
    (8, "Child's Legal Status"): "Child’s Legal Status",
    (10, "Date of Adoption Order"): "Date of Adoption Order ",
}
SHEETS = {3: "List 3", 5: "list_5", 7: "List 7 "}
TITLED = (1, 4, 8)  # lists with a title above the heading
EXTRA_SHEETS = ("Front_Sheet", "Guidance")


@dataclass
class Work:
    """Returns in the making: tables by name, which rows are taken, and what was put in.

    Attributes
    ----------
    tables : by name. level, seed : how many, and of which luck.
    taken : by table, the labels of rows that have a fault.
    """

    tables: dict[str, pd.DataFrame]
    level: str
    seed: int
    injected: list[Injected] = field(default_factory=list)
    taken: dict[str, set[int]] = field(default_factory=dict)

    def luck(self, kind: str, table: str) -> np.random.Generator:
        """The luck of one kind of fault in one table."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{kind} {table}".encode())])

    def rows(self, kind: str, table: str, possible: pd.Series) -> list[int]:
        """Some rows of a table that could have the fault and have no other; now taken."""
        taken = self.taken.setdefault(table, set())
        free = [int(label) for label in possible.index[possible.to_numpy(bool)]]
        free = [label for label in free if label not in taken]
        count = min(max(round(len(free) * SHARES[self.level]), AT_LEAST[self.level]), len(free))
        chosen = sorted(self.luck(kind, table).choice(len(free), count, replace=False).tolist())
        found = [free[k] for k in chosen]
        taken.update(found)
        return found

    def note(self, kind: str, table: str, column: str, count: int) -> None:
        """Count what was put in."""
        if count:
            part = table.split("/")[1]
            part = f"List {part}" if is_list(table) else part
            self.injected.append(Injected(kind, file_of(table), part, column, count))

    def note_file(self, kind: str, file: str, count: int) -> None:
        """Count what was done to a file."""
        self.injected.append(Injected(kind, file, "", "", count))


def inject(returns: SyntheticReturns, level: str, seed: int) -> SyntheticReturns:
    """The same returns with faults of every kind.

    Parameters
    ----------
    level : few or many. seed : of which rows have them.
    """
    tables = {name: table.copy() for name, table in returns.tables.items()}
    work = Work(tables, level, seed)
    for put_in in row_faults.IN_ORDER:
        put_in(work)
    shape = shaped(work, returns)
    return replace(
        returns, **returns.with_tables(work.tables), shape=shape, injected=tuple(work.injected)
    )


def shaped(work: Work, returns: SyntheticReturns) -> Shape:
    """Faults of whole files, each counted."""
    episodes = [f"ssda903_{year}_episodes.csv" for year in returns.ssda903]
    encodings = dict(zip(episodes, ("utf-16", "utf-8-sig"), strict=False))
    years = sorted(returns.census)
    lists = {name: int(name.split("/")[1]) for name in work.tables if is_list(name)}
    headings = {
        (name, column): heading
        for name, number in lists.items()
        for (of, column), heading in HEADINGS.items()
        if of == number
    }
    shape = Shape(
        titles=frozenset(name for name, number in lists.items() if number in TITLED),
        headings=headings,
        sheets={name: SHEETS[number] for name, number in lists.items() if number in SHEETS},
        extra_sheets=EXTRA_SHEETS,
        encodings=encodings,
        namespaces=frozenset(years[:1]),
        true_false=frozenset(years[-1:]),
    )
    for name in sorted(shape.titles):
        work.note("title above the heading", name, "", 1)
    for name, column in shape.headings:
        work.note("heading written another way", name, column, 1)
    for name in shape.sheets:
        work.note("sheet named another way", name, "", 1)
    for file in sorted({file_of(name) for name in lists}):
        work.note_file("sheet without data", file, len(shape.extra_sheets))
    for file, encoding in encodings.items():
        work.note_file(f"file in {encoding}", file, 1)
    for year in sorted(shape.namespaces):
        work.note_file("elements in a namespace", f"cin_census_{year}.xml", 1)
    for year in sorted(shape.true_false):
        work.note_file("true and false for 1 and 0", f"cin_census_{year}.xml", 1)
    return shape
