"""Months, financial years and statistics years of a run, and which one a minute falls in.

Periods follow the calendar. A run that starts or stops within one has a first or last period
that is not complete: `Periods.complete` says so, and whoever shows a yearly count has to look.
This module knows no stage and no working day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.episodes import EpisodeLog
from model.errors import listed, nearest

MINUTES_PER_DAY = 24 * 60
MONTHS_PER_YEAR = 12
EPOCH_YEAR = 1970  # NumPy counts months from January 1970
MONTHS_BEFORE_APRIL = 3  # financial and statistics years run from April to March

PERIODS: dict[str, str] = {
    "month": "a calendar month, such as 2025-04",
    "financial_year": "April to March, such as 2025-26",
    "statistics_year": "the year ending 31 March, as published statistics name it, such as 2026",
    "run": "the whole run",
}


@dataclass(frozen=True)
class Periods:
    """The periods of a run, in order.

    Attributes
    ----------
    kind : one of `PERIODS`.
    names : such as "2025-04", "2025-26", "2026" or "run".
    edges : int64 minutes, shape (periods + 1,): where each begins, and the run's end.
    complete : bool, shape (periods,): whether the run covers all of it.
    by_day : int64, the position of the period that each day of the run falls in.
    """

    kind: str
    names: tuple[str, ...]
    edges: NDArray[np.int64]
    complete: NDArray[np.bool_]
    by_day: NDArray[np.int64]

    def of(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The position of the period that each minute falls in; the run's end is in the last."""
        return self.by_day[np.minimum(minutes // MINUTES_PER_DAY, len(self.by_day) - 1)]

    def __len__(self) -> int:
        """How many periods the run touches."""
        return len(self.names)


def periods_of(log: EpisodeLog, kind: str = "month") -> Periods:
    """The months, financial years or statistics years that a run covers, in order.

    Parameters
    ----------
    log : the run. kind : one of `PERIODS`.

    Raises
    ------
    ValueError for an unknown kind of period, and for a run of no length.
    """
    check_name(kind, PERIODS, "period")
    if log.horizon_minutes <= 0:
        raise ValueError(f"a run of {log.horizon_minutes} minutes has no periods")
    days = -(-log.horizon_minutes // MINUTES_PER_DAY)
    first_day = np.datetime64(log.start_date, "D")
    months = (first_day + np.arange(days + 1)).astype("datetime64[M]").astype(np.int64)
    each_day = _number_of(months, kind)
    numbers, first_days = np.unique(each_day[:days], return_index=True)
    edges = np.append(first_days * MINUTES_PER_DAY, log.horizon_minutes).astype(np.int64)
    complete = np.ones(len(numbers), bool)
    day_before = (first_day - 1).astype("datetime64[M]").astype(np.int64)
    before = _number_of(np.array([day_before]), kind)[0]
    complete[0] &= kind == "run" or before != numbers[0]
    whole_days = log.horizon_minutes == days * MINUTES_PER_DAY
    complete[-1] &= kind == "run" or bool(whole_days and each_day[days] != numbers[-1])
    names = tuple(_name(int(number), kind) for number in numbers)
    return Periods(kind, names, edges, complete, np.searchsorted(numbers, each_day[:days]))


def check_name(found: str, allowed: Iterable[str], what: str) -> None:
    """Refuse a name that is not allowed, with the nearest that is.

    Raises ValueError.
    """
    names = list(allowed)
    if found not in names:
        close = nearest(found, names)
        hint = f" Did you mean {close!r}?" if close else ""
        raise ValueError(f"unknown {what} {found!r}. Allowed: {listed(names)}.{hint}")


def _number_of(months: NDArray[np.int64], kind: str) -> NDArray[np.int64]:
    """The number of the period that each month (counted from January 1970) belongs to."""
    if kind == "month":
        return months
    if kind == "run":
        return np.zeros_like(months)
    return (months - MONTHS_BEFORE_APRIL) // MONTHS_PER_YEAR


def _name(number: int, kind: str) -> str:
    """A period's name."""
    if kind == "run":
        return "run"
    if kind == "month":
        year, month = divmod(number, MONTHS_PER_YEAR)
        return f"{EPOCH_YEAR + year}-{month + 1:02d}"
    begins = EPOCH_YEAR + number
    if kind == "statistics_year":
        return str(begins + 1)
    return f"{begins}-{(begins + 1) % 100:02d}"
