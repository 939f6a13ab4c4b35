"""What every reader turns its return into: the same few tables, whatever the return.

Each row is about one child and keeps the file and line it came from. Dates are days without a
clock (datetime64, NaT where unknown), yes/no is pandas' nullable boolean, everything else text
("" where unknown). Sources, placements and outcomes are already in the words of `model.pathway`.

Child-level: these tables live in memory only. Printing one shows counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from model.returns.faults import Fault

# Columns by table. `on` and names that end in `_on` are days; see YES_NO for yes and no.
RECORD_COLUMNS: dict[str, tuple[str, ...]] = {
    # One row a child and file: what is known of the child. birth may be an expected birth.
    "children": ("child", "birth_on", "disabled", "asylum_seeking"),
    "contacts": ("child", "on", "source"),
    # lead: council, partner or "". ended_on: as the council means it (see the question asked).
    "early_help": ("child", "began_on", "ended_on", "lead"),
    "referrals": ("child", "on", "source", "no_further_action"),
    # in_need: assessed as requiring social care support (unknown where the return does not ask).
    "assessments": ("child", "began_on", "ended_on", "in_need"),
    # on: strategy discussion; conference_on: initial conference; plan: whether it made a plan.
    "section_47": ("child", "on", "conference_on", "conference_unnecessary", "plan"),
    # The whole episode of need (every open statutory case), reason: RC1 to RC9, need: N1 to N0.
    "in_need": ("child", "began_on", "ended_on", "reason", "need", "status"),
    "in_need_plans": ("child", "began_on", "ended_on"),
    # category: NEG PHY SAB EMO MUL; previous: number of earlier plans as text.
    "protection_plans": ("child", "began_on", "ended_on", "category", "previous"),
    "pre_proceedings": ("child", "began_on", "ended_on", "outcome"),
    # One row an episode of care (a period is the episodes that follow on each other).
    # began: RNE code, ended: REC code; legal: legal status code; placement: a value of
    # pathway.ATTRIBUTES["placement"]; provider: PR code; period_began_on: where the return says.
    "care": (
        "child",
        "began_on",
        "ended_on",
        "period_began_on",
        "began",
        "ended",
        "legal",
        "need",
        "placement",
        "provider",
    ),
    "care_leavers": ("child", "eligibility"),
    "adoptions": ("child", "entered_care_on", "decision_on", "placed_on", "order_on"),
}
YES_NO = {
    "children": ("disabled", "asylum_seeking"),
    "referrals": ("no_further_action",),
    "assessments": ("in_need",),
    "section_47": ("conference_unnecessary", "plan"),
}
PLACE_COLUMNS = ("file", "line")


@dataclass(frozen=True)
class Covered:
    """Which days a part of a return speaks of.

    Attributes
    ----------
    table : of `RECORD_COLUMNS`. file : where. first, last : days, both included.
    every_spell : True where every spell that touches those days is there; False where only the
        latest of each child is (Annex A lists 6 to 8), or only the cases open on the last day.
    """

    table: str
    file: str
    first: pd.Timestamp
    last: pd.Timestamp
    every_spell: bool = True


@dataclass(frozen=True)
class Recognised:
    """A file, or a part of it, and what it was taken for.

    Attributes
    ----------
    file, part : where. what : in plain English, such as "Annex A list 3, referrals".
    rows : read. used : of them, those that became a record.
    """

    file: str
    part: str
    what: str
    rows: int
    used: int


@dataclass
class Records:
    """Everything read out of one or more returns.

    Attributes
    ----------
    tables : by name, with the columns of `RECORD_COLUMNS` and `PLACE_COLUMNS`.
    covered, recognised, faults : what they speak of, what was read, what was wrong.
    council : code or name of the council as the return states it; empty where it does not.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    covered: list[Covered] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list, repr=False)
    council: str = ""

    def __post_init__(self) -> None:
        """Every table is there, empty where nothing was read."""
        for name in RECORD_COLUMNS:
            self.tables.setdefault(name, empty(name))

    def __repr__(self) -> str:
        """Counts alone: a record must not leave through a traceback."""
        counts = {name: len(table) for name, table in self.tables.items() if len(table)}
        return f"Records({counts}, {len(self.faults)} faults)"

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The table of this name."""
        return self.tables[table]


def empty(table: str) -> pd.DataFrame:
    """A table without rows, its columns and their kinds right."""
    return _without_rows(table).copy()


@cache
def _without_rows(table: str) -> pd.DataFrame:
    return typed(table, pd.DataFrame(columns=[*RECORD_COLUMNS[table], *PLACE_COLUMNS]))


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with every column, each of its own kind; a missing column is unknown throughout."""
    columns = {}
    for name in (*RECORD_COLUMNS[table], *PLACE_COLUMNS):
        given = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
        columns[name] = _of_kind(table, name, given)
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _of_kind(table: str, name: str, given: pd.Series) -> pd.Series:
    if name == "line":
        return given.fillna(0).astype("int64")
    if name == "on" or name.endswith("_on"):
        return pd.to_datetime(given).astype("datetime64[s]")
    if name in YES_NO.get(table, ()):
        return given.astype("boolean")
    return given.fillna("").astype(str)


def joined(parts: list[Records]) -> Records:
    """Several returns, or parts of one, below each other; nothing is linked or removed."""
    tables = {
        name: typed(
            name,
            pd.concat([part.tables[name] for part in parts] or [empty(name)], ignore_index=True),
        )
        for name in RECORD_COLUMNS
    }
    return Records(
        tables,
        [one for part in parts for one in part.covered],
        [one for part in parts for one in part.recognised],
        [one for part in parts for one in part.faults],
        next((part.council for part in parts if part.council), ""),
    )
