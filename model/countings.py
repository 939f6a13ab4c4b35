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

from model.caseloads import POOL_CODE, held
from model.episodes import CASES_PER_FAMILY, OUTCOME_CODE, STAGE_CODE
from model.rereferrals import rereferrals
from model.stays import (
    NEVER,
    NONE,
    ONE_AT_A_TIME,
    Flags,
    Ints,
    LinkedLog,
    Spells,
    first_of_each,
    spells,
)
from model.tallies import (
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
from model.waits import clock_working_days, summary, waiting_stock, waits_over

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
        of = self.of.tally(view, calendar, counted_in)
        return self.per * share(of, self.out_of.tally(view, calendar, counted_in))


@dataclass(frozen=True)
class ReReferred:
    """Referrals of families referred before, within twelve months; see `model.rereferrals`."""

    kind: str = FLOW
    stages: tuple[str, ...] = ("referral",)

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Re-referrals, or their children; shape (groups, periods)."""
        row, again = rereferrals(view.linked)
        weight = again * view.linked.children[row] if counted_in == CHILDREN else again
        return view.count(view.group[row], view.linked.start[row], weight)


@dataclass(frozen=True)
class CameBack(OfRows):
    """Children's stays in the stages that began after an earlier time in care of that child."""

    kind: str = FLOW

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Spells that began again; shape (groups, periods)."""
        found = spells(view.linked, self.rows.chosen(view.linked), CHILDREN)
        again = ~found.open_at_start & view.linked.seen_before[found.first]
        first, start = found.first[again], found.start[again]
        if counted_in == FAMILIES:
            once = first_of_each(view.linked.family[first], start)
            first, start = first[once], start[once]
        return view.count(view.group[first], start)


@dataclass(frozen=True)
class FollowedUp:
    """Children in stays of one stage that began long enough before the run's end to be followed.

    days : how long each is followed. into : count only those who came into this stage
    meanwhile; empty for all.
    """

    stage: str
    days: int
    into: str = ""
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return (self.stage, self.into) if self.into else (self.stage,)

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Children (or families with such a child) by when the stay began."""
        row, child = self._followed(view)
        if self.into:
            reached = self._reached(view, child, view.linked.start[row])
            row, child = row[reached], child[reached]
        if counted_in == FAMILIES:
            row = row[first_of_each(row)]
        return view.count(view.group[row], view.linked.start[row])

    def _followed(self, view: View) -> tuple[Ints, Ints]:
        """The first row of each stay that is followed, once for each of its children."""
        rows, stays = view.linked, view.linked.stays
        latest = rows.log.horizon_minutes - self._minutes
        chosen = (stays.stage == STAGE_CODE[self.stage]) & ~stays.open_at_start
        first = stays.first[chosen & (stays.start <= latest)]
        has_child = rows.mask[first][:, None] >> np.arange(CASES_PER_FAMILY) & 1
        place, bit = np.nonzero(has_child)
        return first[place], rows.family[first[place]] * CASES_PER_FAMILY + bit

    def _reached(self, view: View, child: Ints, since: Ints) -> Flags:
        """Which of these children came into the other stage in the time they are followed."""
        found = spells(view.linked, view.linked.in_stages((self.into,)), CHILDREN)
        began = ~found.open_at_start
        span = view.linked.log.horizon_minutes + 1
        entries = np.append(found.person[began] * span + found.start[began], NEVER)
        following = entries[np.searchsorted(entries, child * span + since)]
        return following <= child * span + np.minimum(since + self._minutes, span - 1)

    @property
    def _minutes(self) -> int:
        """How long each is followed."""
        return self.days * 24 * 60


@dataclass(frozen=True)
class Waited:
    """How long families waited in a stage for a place or a worker, by when the wait ended.

    statistic : "mean", "median" or "p90". minutes_per_unit : 0 for working days.
    """

    stage: str
    statistic: str
    minutes_per_unit: int = 0
    kind: str = AVERAGE

    @property
    def stages(self) -> tuple[str, ...]:
        """The stage that it looks at."""
        return (self.stage,)

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The wait, over families or over children; NaN where none ended."""
        over = waits_over(view, calendar, (self.stage,))
        at = np.flatnonzero(over.served)
        if counted_in == CHILDREN:
            at = np.repeat(at, view.linked.children[over.row[at]])
        cell = view.group[over.row[at]] * len(view.periods) + view.periods.of(over.over_at[at])
        length = over.minutes[at] if self.minutes_per_unit else over.working_days[at]
        found = summary(cell, length, (view.groups, len(view.periods)))[self.statistic]
        return found / (self.minutes_per_unit or 1)


@dataclass(frozen=True)
class StillWaiting:
    """Who is in the stages without the place or worker that they wait for."""

    stages: tuple[str, ...]
    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Waiting at the end of each period; shape (groups, periods)."""
        row = np.flatnonzero(view.linked.in_stages(self.stages))
        children = counted_in == CHILDREN
        weight = view.linked.children[row] if children else np.ones(len(row), np.int64)
        return waiting_stock(view, row, view.group[row], view.groups, weight)[:, 1:]


@dataclass(frozen=True)
class Held:
    """Who holds a worker or a place of a pool at the end of the period."""

    pool: str
    stages: tuple[str, ...]
    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Cases, or children, that hold one; shape (groups, periods)."""
        rows = view.linked
        row, pool, start = held(rows)
        here = pool == POOL_CODE[self.pool]
        row, start = row[here], start[here]
        children = counted_in == CHILDREN
        weight = rows.children[row] if children else np.ones(len(row), np.int64)
        was_held = rows.open_at_start[row] & (start == 0)
        group, stop = view.group[row], rows.stop[row]
        return stock(view.periods, group, start, stop, was_held, view.groups, weight).at_end


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
