"""What is wrong in a return, line by line, in words that give nobody away.

A fault says where it stands, what kind it is, how bad it is and what was done. Of the value that
was found it says the shape alone (`shape_of`): digits become 9, letters become a, so that no id,
name or date of birth can leave through a report. Codes of a published list may be shown whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

LONGEST_SHAPE = 40
FIRST_LINES = 5


class Severity(StrEnum):
    """How bad a fault is, worst first."""

    REFUSED = "refused"  # the file, or a list of it, is not used
    DROPPED = "dropped"  # the row is not used
    BLANKED = "blanked"  # the row is used without this value
    REPAIRED = "repaired"  # the value is used after a stated repair
    NOTED = "noted"  # used as it is; an analyst should know


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place.

    Attributes
    ----------
    file : name of the file, without its folder. part : list, sheet, table or element; may be
        empty. line : of the file as a person counts, from 1; 0 for the part as a whole.
    kind : short plain English, the same for every fault of the kind: "a date that cannot be read".
    severity : how bad. column : as the return names it; may be empty.
    found : shape of the value (`shape_of`), or a code of a published list; never a child's value.
    done : what was done about it, in plain English. allowed : what would be right; may be empty.
    times : how many faults it stands for; more than one where not every line is listed.
    """

    file: str
    part: str
    line: int
    kind: str
    severity: Severity
    column: str = ""
    found: str = ""
    done: str = ""
    allowed: str = ""
    times: int = 1

    def __str__(self) -> str:
        """One line: where, what, what would be right, what was done."""
        where = ", ".join(
            text
            for text in (
                self.file,
                self.part,
                f"line {self.line}" if self.line else "",
                self.column,
            )
            if text
        )
        found = f" ({self.found})" if self.found else ""
        found += f", {self.times:,} times" if self.times > 1 else ""
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        done = f" {self.done}" if self.done else ""
        return f"{where}: {self.kind}{found}.{allowed}{done}"


def shape_of(value: object) -> str:
    """The shape of a value: 9 for digits, a for letters, the rest as it is, cut short.

    `shape_of("31/02/2019")` is "99/99/9999".
    """
    text = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", str(value)))
    text = "".join(one if one.isprintable() else "?" for one in text)
    return text if len(text) <= LONGEST_SHAPE else text[: LONGEST_SHAPE - 3] + "..."


COLUMNS = ("file", "part", "kind", "severity", "column", "count", "first_lines", "allowed", "done")


def counted(faults: Iterable[Fault]) -> pd.DataFrame:
    """Faults of one kind, place and column as one row, the worst first.

    Returns
    -------
    DataFrame with `COLUMNS`: count is how many, first_lines the first few lines as text.
    """
    rows: dict[tuple[str, ...], list[Fault]] = {}
    for one in faults:
        rows.setdefault((one.file, one.part, one.kind, one.severity, one.column), []).append(one)
    table = [
        {
            "file": file,
            "part": part,
            "kind": kind,
            "severity": str(severity),
            "column": column,
            "count": sum(one.times for one in found),
            "first_lines": ", ".join(str(one.line) for one in found[:FIRST_LINES] if one.line),
            "allowed": found[0].allowed,
            "done": found[0].done,
        }
        for (file, part, kind, severity, column), found in rows.items()
    ]
    order = {str(severity): place for place, severity in enumerate(Severity)}
    found_table = pd.DataFrame(table, columns=list(COLUMNS))
    worst_first = found_table["severity"].map(order)
    return found_table.loc[worst_first.sort_values(kind="stable").index].reset_index(drop=True)
