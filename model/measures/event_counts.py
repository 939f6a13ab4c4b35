"""Passes over many events that count each into its group and period.

They are compiled where Numba is installed; elsewhere they run as they are written and give the
same. Every pass adds to arrays that it is given, event by event in their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.measures.linked_log import NEVER, Flags, Ints
from model.measures.periods import MINUTES_PER_DAY

Floats = NDArray[np.float64]
ONE_GROUP: Ints = np.zeros(0, np.int64)  # in place of a group for each event
ONE_EACH: Floats = np.zeros(0)  # in place of a weight for each event


@compiled
def count_events(by_day: Ints, group: Ints, minute: Ints, weight: Floats, counts: Floats) -> None:
    """Add events to `counts`, of shape (groups, periods)."""
    last_day, grouped, weighted = len(by_day) - 1, len(group) > 0, len(weight) > 0
    for i in range(len(minute)):
        day = minute[i] // MINUTES_PER_DAY
        period = by_day[day if day < last_day else last_day]
        counts[group[i] if grouped else 0, period] += weight[i] if weighted else 1.0


@compiled
def count_stretches(
    by_day: Ints,
    group: Ints,
    start: Ints,
    stop: Ints,
    open_at_start: Flags,
    weight: Floats,
    there: Floats,
    came: Floats,
    went: Floats,
) -> None:
    """Add stretches of time to what is there at the start (groups,), comes and goes.

    `came` and `went` are of shape (groups, periods).
    """
    last_day, grouped, weighted = len(by_day) - 1, len(group) > 0, len(weight) > 0
    for i in range(len(start)):
        here = group[i] if grouped else 0
        much = weight[i] if weighted else 1.0
        if open_at_start[i]:
            there[here] += much
        else:
            day = start[i] // MINUTES_PER_DAY
            came[here, by_day[day if day < last_day else last_day]] += much
        if stop[i] != NEVER:
            day = stop[i] // MINUTES_PER_DAY
            went[here, by_day[day if day < last_day else last_day]] += much


@compiled
def count_time(
    by_day: Ints,
    edges: Ints,
    group: Ints,
    start: Ints,
    stop: Ints,
    heads: Ints,
    came: Floats,
    went: Floats,
    minutes: Floats,
) -> None:
    """Add stretches of time to what comes and goes in each period, and to their minutes in it.

    Every array is of shape (periods, groups). `minutes` are those from a period's start to a
    stretch's stop in it, less those from the period's start to a stretch's start in it.
    """
    last_day = len(by_day) - 1
    for i in range(len(start)):
        first, last = start[i] // MINUTES_PER_DAY, stop[i] // MINUTES_PER_DAY
        began = by_day[first if first < last_day else last_day]
        ended = by_day[last if last < last_day else last_day]
        came[began, group[i]] += heads[i]
        went[ended, group[i]] += heads[i]
        minutes[began, group[i]] -= heads[i] * (start[i] - edges[began])
        minutes[ended, group[i]] += heads[i] * (stop[i] - edges[ended])
