"""One group of elements of a children in need census as it was read, and where faults go."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from model.errors import InputError, Where
from model.returns.faults import Fault, Severity
from model.returns.xml_guard import Element

MOST_FAULTS = 200_000
MOST_LISTED = 2_000  # lines of one kind, place and column


@dataclass
class Notebook:
    """Where faults of one file are written down while it is read."""

    file: str
    faults: list[Fault] = field(default_factory=list, repr=False)
    times: dict[tuple[str, str, Severity, str], int] = field(default_factory=dict, repr=False)

    def write(
        self,
        part: str,
        line: int,
        kind: str,
        severity: Severity,
        *,
        column: str = "",
        found: str = "",
        done: str = "",
        allowed: str = "",
    ) -> None:
        """Keep one fault.

        Raises
        ------
        InputError : there are so many that the file cannot be what it claims.
        """
        key = (part, kind, severity, column)
        self.times[key] = self.times.get(key, 0) + 1
        if self.times[key] > MOST_LISTED:
            return
        if len(self.faults) >= MOST_FAULTS:
            raise InputError(
                Where(self.file),
                f"more than {MOST_FAULTS:,} faults",
                remedy="Nothing was read from it: the first faults say what is wrong throughout.",
            )
        self.faults.append(
            Fault(self.file, part, line, kind, severity, column, found, done, allowed)
        )

    def every_fault(self) -> list[Fault]:
        """The faults, line by line; of one kind beyond `MOST_LISTED`, one fault for the rest."""
        more = [
            Fault(
                self.file,
                part,
                0,
                kind,
                severity,
                column,
                done="As above.",
                times=times - MOST_LISTED,
            )
            for (part, kind, severity, column), times in self.times.items()
            if times > MOST_LISTED
        ]
        return [*self.faults, *more]


@dataclass(frozen=True)
class Group:
    """What a group of elements holds, checked.

    Attributes
    ----------
    element : the group. days, codes, flags, texts : values by tag, where they can be read.
    codes_all : every code of a repeated element. groups : the groups inside, by tag.
    lines : line of each element, by tag. lost : ends of spells that cannot be read.
    """

    element: Element
    days: dict[str, datetime.date] = field(default_factory=dict, repr=False)
    codes: dict[str, str] = field(default_factory=dict, repr=False)
    codes_all: dict[str, list[str]] = field(default_factory=dict, repr=False)
    flags: dict[str, bool] = field(default_factory=dict, repr=False)
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    groups: dict[str, list[Element]] = field(default_factory=dict, repr=False)
    lines: dict[str, int] = field(default_factory=dict, repr=False)
    lost: set[str] = field(default_factory=set, repr=False)

    def line_of(self, tag: str) -> int:
        """Line of an element; of the group where the element is not there."""
        return self.lines.get(tag, self.element.line)
