"""Ways of counting that look further: back to an earlier referral, ahead to care, into queues.

They stand beside those of `model.measures.countings` and are used in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.episodes import CASES_PER_FAMILY, STAGE_CODE
from model.measures.caseloads import POOL_CODE, held
from model.measures.countings import AVERAGE, FLOW, STOCK, OfRows
from model.measures.linked_log import NEVER, Flags, Ints, first_of_each, spells
from model.measures.rereferrals import rereferrals
from model.measures.tallies import CHILDREN, FAMILIES, CountsWorkingDays, Floats, View, stock
from model.measures.waits import summary, waiting_stock, waits_over


@dataclass(frozen=True)
class ReReferred:
    """Referrals of families referred before, within twelve months (`measures.rereferrals`)."""

    kind: str = FLOW
    stages: tuple[str, ...] = ("referral",)

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Re-referrals, or their children; shape (groups, periods)."""
        row, again = rereferrals(view.linked, calendar)
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
