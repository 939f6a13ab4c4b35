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
    Spells,
    spells,
)
from model.measures.tallies import (
    CHILDREN,
    FAMILIES,
    CountsWorkingDays,
    Floats,
    View,
    codes_of,
    share,
    stock,
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
    key = (counting, counted_in, id(calendar))
    if key not in view.kept:
        view.kept[key] = counting.tally(view, calendar, counted_in)
    return view.kept[key]


@dataclass(frozen=True)
class Rows:
    """Stays in some stages, if need be only those with some values of an attribute.

    `also` adds stays chosen in another way.
    """

    stages: tuple[str, ...]
    attribute: str = ""
    values: tuple[str, ...] = ()
    also: Rows | None = None

    def chosen(self, linked_log: LinkedLog) -> Flags:
        """Which rows are meant; shape (rows,)."""
        flags = linked_log.in_stages(self.stages)
        if self.attribute:
            names = values_of(linked_log, self.attribute)
            wanted = [names.index(value) for value in self.values]
            here = np.flatnonzero(flags)
            flags[here] = np.isin(codes_of(linked_log, self.attribute)[here], wanted)
        return flags if self.also is None else flags | self.also.chosen(linked_log)

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
class Began(OfRows):
    """Who came into the stages from outside them; those there at the run's start did not.

    began_in : count only those who came in through these stages; empty for any.
    """

    began_in: tuple[str, ...] = ()
    kind: str = FLOW

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Spells in the stages that began; shape (groups, periods)."""
        found = spells(view.linked, self.rows.chosen(view.linked), counted_in)
        counts = ~found.open_at_start & _is_in(view, found.first, self.began_in)
        return view.count(view.group[found.first[counts]], found.start[counts])


@dataclass(frozen=True)
class Ended(OfRows):
    """Who left the stages for a place outside them.

    began_in : count only those who came in through these stages, or were there at the start.
    """

    began_in: tuple[str, ...] = ()
    kind: str = FLOW

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Spells in the stages that ended; shape (groups, periods)."""
        found = spells(view.linked, self.rows.chosen(view.linked), counted_in)
        counts = found.open_at_start | _is_in(view, found.first, self.began_in)
        counts &= found.stop != NEVER
        return view.count(view.group[found.last[counts]], found.stop[counts])


@dataclass(frozen=True)
class Open(OfRows):
    """Who is in the stages at the end of the period."""

    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Open at the end of each period; shape (groups, periods)."""
        return self.with_start(view, counted_in)[:, 1:]

    def with_start(self, view: View, counted_in: str) -> Floats:
        """Open at the run's start and at the end of each period; shape (groups, 1 + periods)."""
        rows = view.linked
        chosen = self.rows.chosen(rows)
        if counted_in == FAMILIES and not set(self.stages) <= set(ONE_AT_A_TIME):
            found = spells(rows, chosen, FAMILIES, within=view.group)
            return _stock_with_start(view, found, view.group[found.first])
        row = np.flatnonzero(chosen)
        weight = rows.children[row] if counted_in == CHILDREN else np.ones(len(row), np.int64)
        counted = stock(
            view.periods,
            view.group[row],
            rows.start[row],
            rows.stop[row],
            rows.open_at_start[row],
            view.groups,
            weight,
        )
        return np.hstack([counted.at_start[:, None], counted.at_end])


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
class Completed:
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

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Stays that ended, or their children; shape (groups, periods)."""
        stays = view.linked.stays
        stay = np.flatnonzero((stays.stage == STAGE_CODE[self.stage]) & (stays.stop != NEVER))
        if self.outcomes:
            codes = [OUTCOME_CODE[outcome] for outcome in self.outcomes]
            stay = stay[np.isin(stays.outcome[stay], codes)]
        if self.straight_from:
            before = stays.before[stay]
            came = stays.stage[before] == STAGE_CODE[self.straight_from]
            stay = stay[(before != NONE) & came]
        if self.within_working_days:
            days = clock_working_days(view.linked, calendar, stay, self.straight_from)
            stay = stay[days <= self.within_working_days]
        last = stays.last[stay]
        weight = view.linked.children[last] if counted_in == CHILDREN else None
        return view.count(view.group[last], stays.stop[stay], weight)


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


def _stock_with_start(view: View, found: Spells, group: Ints) -> Floats:
    """Spells open at the run's start and at the end of each period."""
    each = np.ones(len(group), np.int64)
    counted = stock(
        view.periods, group, found.start, found.stop, found.open_at_start, view.groups, each
    )
    return np.hstack([counted.at_start[:, None], counted.at_end])


def _is_in(view: View, row: Ints, stages: Sequence[str]) -> Flags:
    """Which rows are in any of these stages; all of them when none is named."""
    if not stages:
        return np.ones(len(row), bool)
    return np.isin(view.linked.stage[row], [STAGE_CODE[name] for name in stages])
