"""Ways of counting that look further: back to an earlier referral, ahead to care, into queues.

They stand beside those of `model.measures.countings` and are used in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.episodes import CASES_PER_FAMILY, OUTCOME_CODE
from model.measures.caseloads import POOL_CODE, held
from model.measures.countings import AVERAGE, FLOW, STOCK, CountsEvents, OfRows, ended_stays, stages
from model.measures.linked_log import NEVER, Flags, Ints, LinkedLog, LinkedStays
from model.measures.periods import MINUTES_PER_DAY
from model.measures.rereferrals import rereferrals
from model.measures.spells import first_of_each
from model.measures.tallies import (
    CHILDREN,
    FAMILIES,
    CountsWorkingDays,
    Events,
    Floats,
    Stretches,
    View,
    among,
    spent_before,
)
from model.measures.waits import clock_working_days, summary, waiting_stretches, waits_over


@dataclass(frozen=True)
class ReReferred(CountsEvents):
    """Referrals of families referred before, within twelve months (`measures.rereferrals`)."""

    kind: str = FLOW
    stages: tuple[str, ...] = ("referral",)

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Re-referrals, or their children."""
        row, again = rereferrals(rows, calendar)
        weight = again * rows.children[row] if counted_in == CHILDREN else again
        return Events(row, rows.start[row], weight)


@dataclass(frozen=True)
class CameBack(OfRows, CountsEvents):
    """Children's stays in the stages that began after an earlier time in care of that child."""

    kind: str = FLOW

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Spells that began again."""
        found = self.rows.spells(rows, CHILDREN)
        again = ~found.open_at_start & rows.seen_before[found.first]
        first, start = found.first[again], found.start[again]
        if counted_in == FAMILIES:
            once = first_of_each(rows.family[first], start)
            first, start = first[once], start[once]
        return Events(first, start)


@dataclass(frozen=True)
class FollowedUp(CountsEvents):
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

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Children (or families with such a child) by when the stay began."""
        row, child = self._followed(rows)
        if self.into:
            reached = self._reached(rows, child, rows.start[row])
            row, child = row[reached], child[reached]
        if counted_in == FAMILIES:
            row = row[first_of_each(row)]
        return Events(row, rows.start[row])

    def _followed(self, rows: LinkedLog) -> tuple[Ints, Ints]:
        """The first row of each stay that is followed, once for each of its children."""
        stays = rows.stays_in((self.stage,))
        in_time = stays.start <= rows.log.horizon_minutes - self._minutes
        first = stays.first[in_time & ~stays.open_at_start]
        has_child = rows.mask[first][:, None] >> np.arange(CASES_PER_FAMILY) & 1
        place, bit = np.nonzero(has_child)
        return first[place], rows.family[first[place]] * CASES_PER_FAMILY + bit

    def _reached(self, rows: LinkedLog, child: Ints, since: Ints) -> Flags:
        """Which of these children came into the other stage in the time they are followed."""
        found = stages(self.into).spells(rows, CHILDREN)
        began = ~found.open_at_start
        span = rows.log.horizon_minutes + 1
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
        in_minutes = self.minutes_per_unit > 0
        key = (self.stage, in_minutes, counted_in, calendar)
        if key not in view.kept:
            view.kept[key] = self._summary(view, calendar, counted_in, in_minutes)
        return view.kept[key][self.statistic] / (self.minutes_per_unit or 1)

    def _summary(
        self, view: View, calendar: CountsWorkingDays, counted_in: str, in_minutes: bool
    ) -> dict[str, Floats]:
        """Every statistic of these waits, in minutes or in working days."""
        over = waits_over(view.linked, calendar, (self.stage,))
        at = np.flatnonzero(over.served)
        if counted_in == CHILDREN:
            at = np.repeat(at, view.linked.children[over.row[at]])
        group, period = view.group_of(over.row[at]), view.periods.of(over.over_at[at])
        length = over.minutes[at] if in_minutes else over.working_days[at]
        cell = group * len(view.periods) + period
        return summary(cell, length, (view.groups, len(view.periods)))


@dataclass(frozen=True)
class Lasted:
    """How long stays of a stage lasted, by when they ended; those still open are not counted.

    statistic : "mean", "median" or "p90". outcomes : ways of ending; empty for any.
    clock_from : the stage whose start is the clock's, where it led straight to the stay.
    in_calendar_days : days by the calendar; else working days. The clock then is the stay's own.
    """

    stage: str
    statistic: str
    outcomes: tuple[str, ...] = ()
    clock_from: str = ""
    in_calendar_days: bool = False
    kind: str = AVERAGE

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return (self.stage, self.clock_from) if self.clock_from else (self.stage,)

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """How long, over families or over children; NaN where none ended."""
        key = (replace(self, statistic=""), counted_in, calendar)
        if key not in view.kept:
            view.kept[key] = self._summary(view, calendar, counted_in)
        return view.kept[key][self.statistic] / (MINUTES_PER_DAY if self.in_calendar_days else 1)

    def _summary(
        self, view: View, calendar: CountsWorkingDays, counted_in: str
    ) -> dict[str, Floats]:
        """Every statistic of these stays, in minutes or in working days."""
        rows = view.linked
        key = (Lasted, self.stage, self.outcomes, self.clock_from, self.in_calendar_days, calendar)
        stays, length = rows.once(key, lambda: self._ended(rows, calendar))
        at = np.arange(len(length))
        if counted_in == CHILDREN:
            at = np.repeat(at, rows.children[stays.last])
        group, period = view.group_of(stays.last[at]), view.periods.of(stays.stop[at])
        cell = group * len(view.periods) + period
        return summary(cell, length[at], (view.groups, len(view.periods)))

    def _ended(self, rows: LinkedLog, calendar: CountsWorkingDays) -> tuple[LinkedStays, Ints]:
        """The stays that ended so, and how long each lasted."""
        stays = ended_stays(rows, self.stage)
        if self.outcomes:
            codes = [OUTCOME_CODE[name] for name in self.outcomes]
            stays = stays.chosen(among(codes, stays.outcome))
        if not self.in_calendar_days:
            return stays, clock_working_days(calendar, stays, self.clock_from)
        spent, _ = spent_before(rows, calendar, stays.first)
        return stays, stays.stop - stays.start + np.rint(spent).astype(np.int64)


@dataclass(frozen=True)
class StillWaiting:
    """Who is in the stages without the place or worker that they wait for."""

    stages: tuple[str, ...]
    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Waiting at the end of each period; shape (groups, periods)."""
        return view.stock(waiting_stretches(view.linked, self.stages, counted_in))[:, 1:]


@dataclass(frozen=True)
class Held:
    """Who holds a worker or a place of a pool at the end of the period."""

    pool: str
    stages: tuple[str, ...]
    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Cases, or children, that hold one; shape (groups, periods)."""
        rows = view.linked
        found = rows.once((self, counted_in), lambda: self._stretches(rows, counted_in))
        return view.stock(found)[:, 1:]

    def _stretches(self, rows: LinkedLog, counted_in: str) -> Stretches:
        """The time for which each row holds one."""
        row, pool, start = held(rows, self.pool)
        here = np.flatnonzero(pool == POOL_CODE[self.pool])
        row, start = row[here], start[here]
        weight = rows.children[row] if counted_in == CHILDREN else None
        was_held = rows.open_at_start[row] & (start == 0)
        return Stretches(row, start, rows.stop[row], was_held, weight)
