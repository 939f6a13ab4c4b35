"""The working calendar: working days, English bank holidays and office hours.

Time in the model is whole minutes from the run's start. Statutory limits and practitioners'
effort count working time; this module turns one into the other by looking up an array. It knows
no stage and no limit. Bank holidays come from the `holidays` library (England).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled

MINUTES_PER_DAY = 24 * 60


@lru_cache(maxsize=16)
def working_days(start: date, days: int) -> NDArray[np.bool_]:
    """Which of the days from `start` are working days in England; shape (days,)."""
    years = range(start.year, (start + timedelta(days=days)).year + 1)
    off = holidays.country_holidays("GB", subdiv="ENG", years=years)
    each = (start + timedelta(days=day) for day in range(days))
    found = np.array([day.weekday() < 5 and day not in off for day in each])
    found.flags.writeable = False  # kept for the next run of the same dates
    return found


class WorkingCalendar:
    """Working time from a start date on.

    Parameters
    ----------
    start_date : the date of minute 0.
    days : how many days the calendar covers; later moments count as its end.
    opens_minute, closes_minute : office hours, minutes after midnight.
    every_day : every day and hour is working time (for checks against queueing theory).
    """

    def __init__(
        self,
        start_date: date,
        days: int,
        opens_minute: int,
        closes_minute: int,
        every_day: bool = False,
    ) -> None:
        self.start_date = start_date
        self.opens_minute = 0 if every_day else opens_minute
        self.day_minutes = MINUTES_PER_DAY if every_day else closes_minute - opens_minute
        open_days = np.ones(days, bool) if every_day else working_days(start_date, days)
        self.is_working_day = open_days
        self.days_before = np.concatenate(([0], np.cumsum(open_days))).astype(np.int64)
        self.working_dates = np.flatnonzero(open_days).astype(np.int64)
        self._working_dates = self.working_dates.tolist()
        self._days_before = self.days_before.tolist()

    def worked_by(self, minute: int) -> int:
        """Working minutes between the start of the calendar and a moment."""
        day, rest = divmod(minute, MINUTES_PER_DAY)
        if day >= len(self._days_before) - 1:
            return self._days_before[-1] * self.day_minutes
        worked = self._days_before[day] * self.day_minutes
        if self._days_before[day + 1] > self._days_before[day]:
            worked += min(max(rest - self.opens_minute, 0), self.day_minutes)
        return worked

    def add_working(self, minute: int, working_minutes: int) -> int:
        """The moment by which so many working minutes have passed; the first such minute."""
        target = self.worked_by(minute) + working_minutes
        if working_minutes == 0:
            return minute
        nth_day, rest = divmod(target - 1, self.day_minutes)
        if nth_day >= len(self._working_dates):
            return (len(self._days_before) - 1) * MINUTES_PER_DAY + working_minutes
        return self._working_dates[nth_day] * MINUTES_PER_DAY + self.opens_minute + rest + 1

    def working_day_number(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Working days up to and including the day of each moment; same shape as `minutes`.

        The difference between two moments is the number of working days that passed.
        """
        found = np.empty(minutes.shape, np.int64)
        number_working_days(self.days_before, minutes.ravel(), found.ravel())
        return found

    def date_of(self, minute: int) -> date:
        """The calendar date of a moment."""
        return self.start_date + timedelta(days=minute // MINUTES_PER_DAY)

    def minute_of(self, day: date) -> int:
        """The first minute of a date."""
        return (day - self.start_date).days * MINUTES_PER_DAY

    def month_starts(self, months: int) -> NDArray[np.int64]:
        """First minute of each calendar month from the start, and of the one after the last.

        Shape (months + 1,). The first entry is 0 even when the run starts within a month.
        """
        first = self.start_date.year * 12 + self.start_date.month - 1
        starts = [date((first + k) // 12, (first + k) % 12 + 1, 1) for k in range(months + 1)]
        return np.array([max(0, self.minute_of(day)) for day in starts], np.int64)


@compiled
def number_working_days(
    days_before: NDArray[np.int64], minutes: NDArray[np.int64], found: NDArray[np.int64]
) -> None:
    """Write down how many working days there are up to and including the day of each moment."""
    last = len(days_before) - 2
    for i in range(len(minutes)):
        day = min(max(minutes[i] // MINUTES_PER_DAY, 0), last)
        found[i] = days_before[day + 1]


def months_between(start: date, end: date) -> int:
    """Calendar months begun between two dates; a whole year is 12."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + (1 if end.day > start.day else 0)


def years_after(start: date, years: int) -> date:
    """The same day so many years later (29 February becomes 28 February)."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def epoch_at(change_minutes: list[int], minute: int) -> int:
    """Which epoch a moment falls in: the last change at or before it."""
    return bisect_right(change_minutes, minute) - 1
