"""A run's log read child by child, in days: when each was in some stages, and since when.

A child's time in some stages without a gap is a spell, whichever case of the log it stands in.
What was open when the run started began before it, by the time already spent. This module knows
no return, no code and no table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, OPEN, OUTCOME_CODES, STAGE_CODES, attribute_of
from model.measures.linked_log import NEVER, NONE, Ints, LinkedLog
from model.measures.periods import MINUTES_PER_DAY
from model.measures.spells import spells
from model.pathway import ATTRIBUTES, PATHWAY, Time
from model.simulate import Prepared
from model.synthesise.people import Days, People, people
from model.working_days import working_days

CHILDREN = "children"
UNBORN_DAYS = 110  # how long before its birth a child is known at most (`population`: 0.3 years)
YEARS_BEFORE = 20  # of working days kept before the run's start
PLAIN = tuple(stage.name for stage in PATHWAY if stage.time is Time.DURATION)


@dataclass(frozen=True)
class Simulated:
    """A run with everyone in it, ready to be written as returns.

    Attributes
    ----------
    prepared, cases : of the run. rows : its log, linked. seed : of what is made up.
    """

    prepared: Prepared
    cases: Cases = field(repr=False)
    rows: LinkedLog = field(repr=False)
    seed: int

    @cached_property
    def start(self) -> np.datetime64:
        """The run's first day."""
        return np.datetime64(self.rows.log.start_date, "D")

    @cached_property
    def end(self) -> np.datetime64:
        """The first day after the run."""
        return self.start + np.timedelta64(self.rows.log.horizon_minutes // MINUTES_PER_DAY, "D")

    @cached_property
    def everyone(self) -> People:
        """Every child who stands in the log."""
        numbers = [self.each_child(np.arange(len(self.rows.start)))[1]]
        return people(np.concatenate(numbers), self.cases, self.start, self.seed)

    def each_child(self, row: Ints) -> tuple[Ints, Ints]:
        """Rows once for each child that they count, and the child's number."""
        mask = self.rows.mask[row]
        found, number = [], []
        for bit in range(int(mask.max(initial=0)).bit_length()):
            some = row[mask >> bit & 1 == 1]
            found.append(some)
            number.append(self.rows.case[some] // CASES_PER_FAMILY * CASES_PER_FAMILY + 1 + bit)
        nothing = np.zeros(0, np.int64)
        return np.concatenate([nothing, *found]), np.concatenate([nothing, *number])

    def days(self, minutes: Ints) -> Days:
        """The day of each moment; NaT for never."""
        day = self.start + np.floor_divide(minutes, MINUTES_PER_DAY).astype("timedelta64[D]")
        return np.where(minutes == NEVER, np.datetime64("NaT", "D"), day)

    def rows_in(self, *stages: str) -> Ints:
        """Positions of the rows in these stages."""
        return self.rows.rows_in(stages)

    def spans(self, chosen: Ints) -> pd.DataFrame:
        """Every child's spells in the chosen rows, in order of child and time.

        Returns
        -------
        DataFrame with the columns child (position in `everyone`), began, ended (days; NaT while
        open), from_before (open when the run started), first and last (rows of the log), start
        and stop (minutes).
        """
        found = spells(self.rows, chosen, CHILDREN)
        family = self.rows.case[found.first] // CASES_PER_FAMILY * CASES_PER_FAMILY
        number = family + 1 + found.person % CASES_PER_FAMILY
        child = self.everyone.at(number)
        before = found.open_at_start
        began = np.where(before, self.began_before(found.first), self.days(found.start))
        earliest = self.everyone.born[child] - np.timedelta64(UNBORN_DAYS, "D")
        began = np.where(before, np.maximum(began, np.minimum(earliest, self.start - 1)), began)
        table = pd.DataFrame(
            {
                "child": child,
                "began": began.astype("datetime64[s]"),
                "ended": self.days(found.stop).astype("datetime64[s]"),
                "from_before": before,
                "first": found.first,
                "last": found.last,
                "start": found.start,
                "stop": found.stop,
            }
        )
        return table.sort_values(["child", "start"], kind="stable").reset_index(drop=True)

    def began_before(self, row: Ints) -> Days:
        """The day on which stays open at the start had begun, always before the run.

        Time already spent is in minutes, in stages of plain durations in working minutes.
        """
        spent = self.rows.spent[row]
        plain = np.isin(self.rows.stage[row], [STAGE_CODES.index(name) for name in PLAIN])
        by_clock = -np.maximum(-(-spent // MINUTES_PER_DAY), 1).astype("timedelta64[D]")
        calendar = self.prepared.network.calendar
        worked = np.maximum(-(-spent // calendar.day_minutes), 1)
        return self.start + np.where(plain, self._working_days_back(worked), by_clock)

    def _working_days_back(self, count: Ints) -> NDArray[np.timedelta64]:
        """Days to go back from the start for so many working days."""
        back = -np.flatnonzero(self._working[: self._at_start][::-1]) - 1
        return back[np.minimum(count, len(back)) - 1].astype("timedelta64[D]")

    @cached_property
    def _at_start(self) -> int:
        """Days kept before the run's start."""
        first = self._first
        return int((self.start - first).astype(int))

    @cached_property
    def _first(self) -> np.datetime64:
        """The first day of which it is known whether people work on it."""
        return self.start.astype("datetime64[Y]").astype("datetime64[D]") - 366 * YEARS_BEFORE

    @cached_property
    def _working(self) -> NDArray[np.bool_]:
        """Which days from `_first` on are working days."""
        length = int((self.end - self._first).astype(int)) + 366
        return working_days(self._first.astype(object), length)

    def working_days_after(self, day: Days, count: int) -> Days:
        """The day that is so many working days after each day (before, for a negative count)."""
        position = np.clip((day - self._first).astype(int), 0, len(self._working) - 1)
        dates = np.flatnonzero(self._working)
        nth = np.searchsorted(dates, position, side="right") - 1
        return self._first + dates[np.clip(nth + count, 0, len(dates) - 1)]

    def outcome(self, row: Ints) -> NDArray[np.object_]:
        """How rows ended, in words; "" while open."""
        names = np.array([*OUTCOME_CODES, ""], object)
        return names[self.rows.outcome[row]]  # OPEN is -1: the last

    def stage(self, row: Ints) -> NDArray[np.object_]:
        """The stage of rows, in words."""
        return np.array(STAGE_CODES, object)[self.rows.stage[row]]

    def attribute(self, row: Ints, name: str) -> NDArray[np.object_]:
        """An attribute as rows began, in words."""
        return np.array(ATTRIBUTES[name], object)[attribute_of(self.rows.state[row], name)]

    def led_here(self, row: Ints) -> NDArray[np.object_]:
        """The stage that led straight to the stay of each row; "" for none."""
        order = self.rows.by_case
        stay = np.empty(len(order), np.int64)
        stay[order] = np.cumsum(~self.rows.continued[order]) - 1
        before = self.rows.stays.before[stay[row]]
        return np.where(before == NONE, "", self.stage(before))


assert OPEN == -1
