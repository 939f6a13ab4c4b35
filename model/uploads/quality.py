"""What a report on uploaded returns says: what was recognised, what is wrong, how much is used.

Counts of rows and records are suppressed below five and rounded to five; of a fault only its
place, kind and column are said, never what stood there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from model.returns.faults import COLUMNS, Fault, Severity, counted
from model.returns.folder import UNRECOGNISED, usable
from model.returns.records import Records

SMALLEST, STEP = 5, 5
MOST_LINES = 20_000
LINE_COLUMNS = ("severity", "file", "part", "line", "column", "kind", "done", "allowed", "times")
BY_KIND = ["severity", "kind", "times", "done"]


@dataclass(frozen=True)
class Quality:
    """What is known of uploaded returns, in aggregates.

    Attributes
    ----------
    usable : whether anything can be used. council : that the files name; may be empty.
    recognised : file, part, what, rows, used. by_kind : severity, kind, times, done.
    by_place : faults of one kind, place and column as one row. lines : one row a fault, up to
        `MOST_LINES`. records : what became records, and how many.
    covered : which days each table covers.
    not_recognised : names of files that are no return. other_sheets : names of sheets that hold no
    list, in workbooks that hold some. refused : files that were refused, and why.
    """

    usable: bool
    council: str
    recognised: pd.DataFrame
    by_kind: pd.DataFrame
    by_place: pd.DataFrame
    lines: pd.DataFrame
    records: pd.DataFrame
    covered: pd.DataFrame
    not_recognised: tuple[str, ...]
    other_sheets: tuple[str, ...]
    refused: tuple[str, ...]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by the name of its sheet."""
        return {
            "recognised": self.recognised,
            "faults_by_kind": self.by_kind,
            "faults_by_place": self.by_place,
            "faults_by_line": self.lines,
            "records": self.records,
            "days_covered": self.covered,
        }


def quality_of(records: Records) -> Quality:
    """The report on what was read."""
    known = [one for one in records.recognised if one.what != UNRECOGNISED]
    rows = [asdict(one) for one in known]
    table = pd.DataFrame(rows, columns=["file", "part", "what", "rows", "used"])
    table = table.assign(rows=table["rows"].map(rounded), used=table["used"].map(rounded))
    returns = {one.file for one in known}
    strange = [one for one in records.recognised if one.what == UNRECOGNISED]
    refused = [one for one in records.faults if one.severity is Severity.REFUSED]
    places = counted(records.faults)
    held = {name: len(one) for name, one in records.tables.items() if len(one)}
    return Quality(
        usable(records),
        records.council,
        table,
        by_kind(places),
        places[list(COLUMNS)],
        line_by_line(records.faults),
        pd.DataFrame(
            {
                "records": [name.replace("_", " ") for name in held],
                "how many": [rounded(count) for count in held.values()],
            }
        ),
        covered_of(records),
        tuple(dict.fromkeys(one.file for one in strange if one.file not in returns)),
        tuple(dict.fromkeys(one.part for one in strange if one.file in returns)),
        tuple(str(one) for one in refused),
    )


def rounded(count: int) -> str:
    """A count that gives nobody away: under 5, or to the nearest 5.

    >>> rounded(0), rounded(3), rounded(128)
    ('0', 'under 5', '130')
    """
    if count == 0:
        return "0"
    return f"under {SMALLEST}" if count < SMALLEST else f"{STEP * round(count / STEP):,}"


def by_kind(places: pd.DataFrame) -> pd.DataFrame:
    """Faults by severity and kind, the worst first."""
    if places.empty:
        return pd.DataFrame(columns=BY_KIND)
    groups = places.groupby(["severity", "kind"], sort=False)
    found = groups.agg(times=("count", "sum"), done=("done", "first")).reset_index()
    order = [str(one) for one in Severity]
    found = found.sort_values(
        ["severity", "times"],
        key=lambda column: column.map(order.index) if column.name == "severity" else -column,
        kind="stable",
    )
    return found[BY_KIND].reset_index(drop=True)


def line_by_line(faults: list[Fault]) -> pd.DataFrame:
    """One row a fault, without what was found there."""
    order = {severity: place for place, severity in enumerate(Severity)}
    chosen = sorted(faults, key=lambda one: order[one.severity])[:MOST_LINES]
    rows = [{name: getattr(one, name) for name in LINE_COLUMNS} for one in chosen]
    table = pd.DataFrame(rows, columns=list(LINE_COLUMNS))
    return table.assign(severity=table["severity"].map(str))


def covered_of(records: Records) -> pd.DataFrame:
    """Which days each kind of record covers."""
    rows = [
        {
            "records": one.table.replace("_", " "),
            "file": one.file,
            "from": f"{one.first:%d %B %Y}",
            "to": f"{one.last:%d %B %Y}",
        }
        for one in records.covered
        if pd.notna(one.first) and pd.notna(one.last)
    ]
    return pd.DataFrame(rows, columns=["records", "file", "from", "to"])
