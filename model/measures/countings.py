"""Ways of counting: what begins, what ends, what is open, shares and waits.

Each is a small record that names stages and says how to count them; `model.measure_list` puts
them to work. `tally` gives an array [groups, periods], in families or in children. No measure,
council or published figure is known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from model.episodes import OUTCOME_CODE, STAGE_CODE
from model.measures.linked_log import (
    NEVER,
    NONE,
    ONE_AT_A_TIME,
    Flags,
    Ints,
    LinkedLog,
    LinkedStays,
)
from model.measures.spells import Spells, spells
from model.measures.tallies import (
    CHILDREN,
    FAMILIES,
    CountsWorkingDays,
    Events,
    Floats,
    Stretches,
    View,
    among,
    codes_of,
    share,
    values_of,
)
from model.measures.waits import clock_working_days

FLOW, STOCK, SHARE, AVERAGE = "flow", "stock", "share", "average"


class Counting(Protocol):
    """A way of counting.

    Attributes
    ----------
    kind : "flow" (adds up over periods), "stock" (at a period's end), "share" or "average".
    stages : the names of the stages that it looks at.
    """

    @property
    def kind(self) -> str:
        """What kind of number it gives."""

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The number for each group and period; shape (groups, periods)."""


def tally_once(
    counting: Counting, view: View, calendar: CountsWorkingDays, counted_in: str
) -> Floats:
    """A counting's tally, made once for a view however many measures share it."""
    key = (counting, counted_in, calendar)
    if key not in view.kept:
        view.kept[key] = counting.tally(view, calendar, counted_in)
    return view.kept[key]


class CountsEvents:
    """A counting of events, which are found once for a log however many views count them."""

    kind: str

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        raise NotImplementedError

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """What is counted."""
        raise NotImplementedError

    def found(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """What is counted, found once for a log."""
        key = (self, counted_in, calendar)
        return rows.once(key, lambda: self.events(rows, calendar, counted_in))

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """How many in each group and period; shape (groups, periods)."""
        return view.count(self.found(view.linked, calendar, counted_in))


@dataclass(frozen=True)
class Rows:
    """Stays in some stages, if need be only those with some values of an attribute.

    `also` adds stays chosen in another way.
    """

    stages: tuple[str, ...]
    attribute: str = ""
    values: tuple[str, ...] = ()
    also: Rows | None = None

    def chosen(self, linked_log: LinkedLog) -> Ints:
        """Positions of the rows that are meant."""
        row = linked_log.rows_in(self.stages)
        if self.attribute:
            names = values_of(linked_log, self.attribute)
            codes = [names.index(value) for value in self.values]
            row = row[among(codes, codes_of(linked_log, self.attribute, row))]
        if self.also is None:
            return row
        flags = np.zeros(len(linked_log.start), bool)
        flags[row] = flags[self.also.chosen(linked_log)] = True
        return np.flatnonzero(flags)

    def spells(self, linked_log: LinkedLog, counted_in: str) -> Spells:
        """The spells of children or families in these stays, found once for a log."""
        return linked_log.once(
            (self, counted_in), lambda: spells(linked_log, self.chosen(linked_log), counted_in)
        )

    def all_stages(self) -> tuple[str, ...]:
        """The stages named, here and in `also`."""
        return self.stages + (self.also.all_stages() if self.also else ())


def stages(*names: str) -> Rows:
    """Stays in these stages."""
    return Rows(names)


@dataclass(frozen=True)
class OfRows:
    """A counting of chosen rows; `kind` is said by those that follow."""

    rows: Rows

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return self.rows.all_stages()


@dataclass(frozen=True)
class Began(OfRows, CountsEvents):
    """Who came into the stages from outside them; those there at the run's start did not.

    began_in : count only those who came in through these stages; empty for any.
    """

    began_in: tuple[str, ...] = ()
    kind: str = FLOW

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Spells in the stages that began."""
        found = self.rows.spells(rows, counted_in)
        counts = ~found.open_at_start & came_in_through(rows, found.first, self.began_in)
        return Events(found.first[counts], found.start[counts])


@dataclass(frozen=True)
class Ended(OfRows, CountsEvents):
    """Who left the stages for a place outside them.

    began_in : count only those who came in through these stages, or were there at the start.
    """

    began_in: tuple[str, ...] = ()
    kind: str = FLOW

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Spells in the stages that ended."""
        found = self.rows.spells(rows, counted_in)
        counts = found.open_at_start | came_in_through(rows, found.first, self.began_in)
        counts &= found.stop != NEVER
        return Events(found.last[counts], found.stop[counts])


@dataclass(frozen=True)
class Open(OfRows):
    """Who is in the stages at the end of the period."""

    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Open at the end of each period; shape (groups, periods)."""
        return self.with_start(view, counted_in)[:, 1:]

    def with_start(self, view: View, counted_in: str) -> Floats:
        """Open at the run's start and at the end of each period; shape (groups, 1 + periods)."""
        return view.stock(self.found(view, counted_in))

    def found(self, view: View, counted_in: str) -> Stretches:
        """The time that each is in the stages, found once for a log."""
        once_a_family = counted_in == FAMILIES and not set(self.stages) <= set(ONE_AT_A_TIME)
        key = (self, counted_in, view.by if once_a_family else ())
        make = self._families if once_a_family else self._rows
        return view.linked.once(key, lambda: make(view, counted_in))

    def _rows(self, view: View, counted_in: str) -> Stretches:
        """The stays, each for the family or for the children that it counts."""
        rows = view.linked
        row = self.rows.chosen(rows)
        weight = rows.children[row] if counted_in == CHILDREN else None
        return Stretches(row, rows.start[row], rows.stop[row], rows.open_at_start[row], weight)

    def _families(self, view: View, counted_in: str) -> Stretches:
        """The families' spells, apart in each group."""
        chosen = self.rows.chosen(view.linked)
        found = spells(view.linked, chosen, FAMILIES, within=view.group if view.by else None)
        return Stretches(found.first, found.start, found.stop, found.open_at_start)


@dataclass(frozen=True)
class Change:
    """How much a stock changed over the period."""

    of: Open
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return self.of.stages

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The stock at the period's end less that at its start; shape (groups, periods)."""
        return np.diff(self.of.with_start(view, counted_in), axis=1)


@dataclass(frozen=True)
class Completed(CountsEvents):
    """Stays of a stage that ended in some ways, and if need be within so many working days.

    outcomes : ways of ending; empty for any.
    straight_from : count only stays that this stage led straight to; empty for any.
    within_working_days : a limit that belongs to the definition of the statistic; 0 for none.
    """

    stage: str
    outcomes: tuple[str, ...] = ()
    straight_from: str = ""
    within_working_days: int = 0
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return (self.stage, self.straight_from) if self.straight_from else (self.stage,)

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Stays that ended, or their children."""
        stays = ended_stays(rows, self.stage)
        if self.outcomes:
            codes = [OUTCOME_CODE[outcome] for outcome in self.outcomes]
            stays = stays.chosen(among(codes, stays.outcome))
        if self.straight_from:
            came_from = rows.stage[stays.before] == STAGE_CODE[self.straight_from]
            stays = stays.chosen((stays.before != NONE) & came_from)
        if self.within_working_days:
            days = clock_working_days(calendar, stays, self.straight_from)
            stays = stays.chosen(days <= self.within_working_days)
        weight = rows.children[stays.last] if counted_in == CHILDREN else None
        return Events(stays.last, stays.stop, weight)


@dataclass(frozen=True)
class Sum:
    """Several countings added up."""

    parts: tuple[Counting, ...]
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that its parts look at."""
        return tuple(dict.fromkeys(stage for part in self.parts for stage in part.stages))

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The sum of the parts; shape (groups, periods)."""
        return sum(
            (part.tally(view, calendar, counted_in) for part in self.parts),
            np.zeros((view.groups, len(view.periods))),
        )


@dataclass(frozen=True)
class Share:
    """One counting for each of another; NaN where the other is none.

    per : 1 for a share, 100 for so many in a hundred.
    """

    of: Counting
    out_of: Counting
    per: int = 1
    kind: str = SHARE

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that its parts look at."""
        return tuple(dict.fromkeys(self.of.stages + self.out_of.stages))

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The share in each group and period; shape (groups, periods)."""
        of = tally_once(self.of, view, calendar, counted_in)
        return self.per * share(of, tally_once(self.out_of, view, calendar, counted_in))


def ended_stays(rows: LinkedLog, stage: str) -> LinkedStays:
    """The stays of a stage that ended, found once for a log."""

    def found() -> LinkedStays:
        """Those of the stage that stopped."""
        stays = rows.stays_in((stage,))
        return stays.chosen(stays.stop != NEVER)

    return rows.once((ended_stays, stage), found)


def came_in_through(rows: LinkedLog, row: Ints, stages: Sequence[str]) -> Flags:
    """Which of these rows are in any of these stages; all of them when none is named."""
    if not stages:
        return np.ones(len(row), bool)
    return among([STAGE_CODE[name] for name in stages], rows.stage[row])
