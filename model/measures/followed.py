"""Ways of counting that follow families: first contacts, step-downs that held, repeat plans.

The log of a run knows nothing of a family before the run started, save where it stood on day 0,
and nothing after the run's end: what is too recent to tell is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY, OUTCOME_CODE
from model.measures.countings import (
    FLOW,
    STOCK,
    CountsEvents,
    OfRows,
    came_in_through,
    ended_stays,
    stages,
)
from model.measures.linked_log import NEVER, NONE, Flags, Ints, LinkedLog, LinkedStays
from model.measures.rereferrals import TWELVE_MONTHS_MINUTES
from model.measures.spells import Spells, spells
from model.measures.tallies import (
    CHILDREN,
    CountsWorkingDays,
    Events,
    Floats,
    Stretches,
    View,
    among,
    codes_of,
)
from model.pathway import ATTRIBUTES

HELD, RETURNED, TOO_RECENT = "held", "returned", "too recent to tell"
RESULTS = (HELD, RETURNED, TOO_RECENT)
MOVED_IN = ("moved_in_with_plan", "moved_in_with_protection_plan")
HIGHEST_NEED = ATTRIBUTES["need"][-1]


@dataclass(frozen=True)
class FirstPresented(CountsEvents):
    """Contacts of families that the council did not know, by when they made contact.

    Families that moved in with a plan are known to services, and left out. at_high_need : only
    those at the highest level of need, or whose first contact was screened as a referral.
    """

    at_high_need: bool = False
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return ("contact", "screening") if self.at_high_need else ("contact",)

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """First contacts, or their children."""
        row = rows.once(FirstPresented, lambda: _first_contacts(rows))
        if self.at_high_need:
            highest = codes_of(rows, "need", row) == ATTRIBUTES["need"].index(HIGHEST_NEED)
            row = row[highest | _led_to_referral(rows)[row]]
        return Events(row, rows.start[row], rows.children[row] if counted_in == CHILDREN else None)


def _first_contacts(rows: LinkedLog) -> Ints:
    """The first contact of each family that is new to the council and not moved in with a plan."""
    row = rows.rows_in(("contact",))
    row = row[~rows.seen_before[row]]
    row = row[rows.case[row] >= FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY]
    return row[~among([OUTCOME_CODE[name] for name in MOVED_IN], rows.outcome[row])]


def _led_to_referral(rows: LinkedLog) -> Flags:
    """For each row, whether a screening that followed straight from it ended in a referral."""
    screened = ended_stays(rows, "screening")
    before = screened.chosen(screened.outcome == OUTCOME_CODE["referral"]).before
    flags = np.zeros(len(rows.start), bool)
    flags[before[before != NONE]] = True
    return flags


@dataclass(frozen=True)
class SteppedDown(CountsEvents):
    """Families handed from social care to early help, by what was seen in the 12 months after.

    result : "held" when no referral and no child's care began; "returned" when one did; "too
    recent to tell" when the run ended before 12 months had passed, whatever was seen; empty for
    all.
    """

    result: str = ""
    kind: str = FLOW

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        followed = self.result in (HELD, RETURNED)
        return ("step_down", "referral", "looked_after") if followed else ("step_down",)

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Step-downs to early help, or their children, by when early help was asked to take on."""
        stays, result = rows.once(SteppedDown, lambda: _step_downs(rows))
        if self.result:
            stays = stays.chosen(result == RESULTS.index(self.result))
        weight = rows.children[stays.last] if counted_in == CHILDREN else None
        return Events(stays.last, stays.stop, weight)


def _step_downs(rows: LinkedLog) -> tuple[LinkedStays, Ints]:
    """The stays that ended in a step-down to early help, and the result of each."""
    stays = ended_stays(rows, "step_down")
    stays = stays.chosen(stays.outcome == OUTCOME_CODE["early_help"])
    too_recent = stays.stop > rows.log.horizon_minutes - TWELVE_MONTHS_MINUTES
    returned = _returned(rows, rows.family[stays.last], stays.stop)
    result = np.where(returned, RESULTS.index(RETURNED), RESULTS.index(HELD))
    return stays, np.where(too_recent, RESULTS.index(TOO_RECENT), result)


def _returned(rows: LinkedLog, family: Ints, since: Ints) -> Flags:
    """Which of these families were referred, or had a child enter care, in the 12 months since."""
    referral = rows.rows_in(("referral",))
    referral = referral[~rows.continued[referral] & ~rows.open_at_start[referral]]
    care = stages("looked_after").spells(rows, CHILDREN)
    entries = ~care.open_at_start
    span = rows.log.horizon_minutes + 1
    began = np.concatenate(
        [
            rows.family[referral] * span + rows.start[referral],
            care.person[entries] // CASES_PER_FAMILY * span + care.start[entries],
            [NEVER],
        ]
    )
    began.sort()
    following = began[np.searchsorted(began, family * span + since)]
    return following <= family * span + np.minimum(since + TWELVE_MONTHS_MINUTES, span - 1)


@dataclass(frozen=True)
class BeganAgain(OfRows, CountsEvents):
    """Who came into the stages, by certain of them, after an earlier time there.

    began_in : the stages that a time must have begun in to count, as a further one or as an
    earlier one; one that was open at the run's start counts as an earlier one.
    """

    began_in: tuple[str, ...] = ()
    kind: str = FLOW

    def events(self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str) -> Events:
        """Spells that were not the first of that child, or family."""
        found = self.rows.spells(rows, counted_in)
        counts = found.open_at_start | came_in_through(rows, found.first, self.began_in)
        first, start, person = found.first[counts], found.start[counts], found.person[counts]
        again = np.append(False, person[1:] == person[:-1])[: len(person)]
        return Events(first[again], start[again])


@dataclass(frozen=True)
class InLastYear:
    """How many events there were in the 12 months up to the end of the period.

    In the first 12 months of a run, those since it started.
    """

    of: CountsEvents
    kind: str = STOCK

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return self.of.stages

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Events in the 12 months up to the end of each period; shape (groups, periods)."""
        rows = view.linked
        key = (self, counted_in, calendar)
        found = rows.once(key, lambda: self._stretches(rows, calendar, counted_in))
        return view.stock(found)[:, 1:]

    def _stretches(
        self, rows: LinkedLog, calendar: CountsWorkingDays, counted_in: str
    ) -> Stretches:
        """The 12 months for which each event counts."""
        events = self.of.found(rows, calendar, counted_in)
        until = _a_year_after(rows, events.minute)
        never_open = np.zeros(len(until), bool)
        return Stretches(events.row, events.minute, until, never_open, events.weight)


@dataclass(frozen=True)
class ThereInLastYear(OfRows):
    """Who was in the stages at any time in the 12 months up to the end of the period.

    Each counts once, however often they were there.
    """

    kind: str = STOCK

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """There in the 12 months up to the end of each period; shape (groups, periods)."""
        rows = view.linked
        key = (self, counted_in, view.by)
        return view.stock(rows.once(key, lambda: self._stretches(view, counted_in)))[:, 1:]

    def _stretches(self, view: View, counted_in: str) -> Stretches:
        """The time for which each spell counts: 12 months more, or until the next one begins."""
        rows = view.linked
        found = self._spells(view, counted_in)
        until = np.where(found.stop == NEVER, NEVER, _a_year_after(rows, found.stop))
        same = found.person[1:] == found.person[:-1]
        until[:-1][same] = np.minimum(until[:-1], found.start[1:])[same]
        return Stretches(found.first, found.start, until, found.open_at_start)

    def _spells(self, view: View, counted_in: str) -> Spells:
        """The spells in the stages, apart in each group."""
        if not view.by:
            return self.rows.spells(view.linked, counted_in)
        chosen = self.rows.chosen(view.linked)
        return spells(view.linked, chosen, counted_in, within=view.group)


def _a_year_after(rows: LinkedLog, minute: Ints) -> Ints:
    """When 12 months have passed; NEVER when that is not before the run's end."""
    after = np.minimum(minute, rows.log.horizon_minutes) + TWELVE_MONTHS_MINUTES
    return np.where(after < rows.log.horizon_minutes, after, NEVER)
