"""Who begins, ends and is open in every stage, counted in one pass over the log.

The arithmetic under the three tables of `model.measures.flows`. The pass is compiled where Numba
is installed; elsewhere it runs as it is written and gives the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compiling import compiled
from model.episodes import OUTCOME_CODES, STAGE_CODES
from model.measures.linked_log import NEVER, ONE_AT_A_TIME, Flags, Ints
from model.measures.periods import MINUTES_PER_DAY
from model.measures.tallies import View

STAGES, OUTCOMES = len(STAGE_CODES), len(OUTCOME_CODES)
FAMILY, CHILD, ROW = 0, 1, 2  # places on the last axis of every count
ALONE = np.array([name in ONE_AT_A_TIME for name in STAGE_CODES])


class Rows(NamedTuple):
    """What the pass reads of each row of the log; arrays of one shape (rows,)."""

    stage: Ints
    outcome: Ints
    group: Ints
    start: Ints
    stop: Ints
    children: Ints
    continued: Flags
    goes_on: Flags
    open_at_start: Flags


class Counts(NamedTuple):
    """Counts by cell (stage and group), period and what is counted.

    The last axis counts families, children and rows; families only where one is in the stage once
    at a time.

    Attributes
    ----------
    started : stays that began; shape (cells, periods, 3).
    ended : stays that ended; shape (endings x groups, periods, 3).
    endings : of each place on that axis, stage x number of outcomes + outcome; ascending.
    there : rows open when the run began; shape (cells, 3).
    change : rows that began less those that stopped; shape as `started`.
    minutes : that the rows of `change` last to the period's end; shape as `started`.
    """

    started: Ints
    ended: Ints
    endings: Ints
    there: Ints
    change: Ints
    minutes: Ints


def counted(view: View) -> Counts:
    """Every stay of a log counted by stage, group and period; made once for a log."""
    return view.linked.once((counted, view.by, view.periods.kind), lambda: _counted(view))


def _counted(view: View) -> Counts:
    """What `counted` returns."""
    log, cells, periods = view.linked, STAGES * view.groups, len(view.periods)
    rows = Rows(
        log.stage,
        log.outcome,
        view.group,
        log.start,
        log.stop,
        log.children,
        log.continued,
        log.goes_on,
        log.open_at_start,
    )
    seen = np.zeros(STAGES * OUTCOMES, np.int64)
    mark_endings(rows, seen)
    endings = np.flatnonzero(seen)
    seen[endings] = np.arange(len(endings))

    def nothing(size: int) -> Ints:
        """A count that has not begun."""
        return np.zeros((size, periods, 3), np.int64)

    counts = Counts(
        started=nothing(cells),
        ended=nothing(len(endings) * view.groups),
        endings=endings,
        there=np.zeros((cells, 3), np.int64),
        change=nothing(cells),
        minutes=nothing(cells),
    )
    count_rows(rows, ALONE, view.groups, seen, view.periods.by_day, view.periods.edges, counts)
    return counts


@compiled
def mark_endings(rows: Rows, seen: Ints) -> None:
    """Mark in `seen` which outcomes of which stages occur; shape (stages x outcomes,)."""
    for i in range(len(rows.stage)):
        if rows.stop[i] != NEVER:
            seen[rows.stage[i] * OUTCOMES + rows.outcome[i]] = 1


@compiled
def count_rows(
    rows: Rows,
    alone: Flags,
    groups: int,
    ending_at: Ints,
    by_day: Ints,
    edges: Ints,
    counts: Counts,
) -> None:
    """Add every row to the counts; `ending_at` says where in `endings` each of them is."""
    last_day = len(by_day) - 1
    for i in range(len(rows.start)):
        stage, children = rows.stage[i], rows.children[i]
        families = 1 if alone[stage] else 0
        cell = stage * groups + rows.group[i]
        if rows.open_at_start[i]:
            counts.there[cell, FAMILY] += families
            counts.there[cell, CHILD] += children
            counts.there[cell, ROW] += 1
        else:
            day = rows.start[i] // MINUTES_PER_DAY
            period = by_day[day if day < last_day else last_day]
            left = edges[period + 1] - rows.start[i]
            counts.change[cell, period, FAMILY] += families
            counts.change[cell, period, CHILD] += children
            counts.change[cell, period, ROW] += 1
            counts.minutes[cell, period, FAMILY] += families * left
            counts.minutes[cell, period, CHILD] += children * left
            if not rows.continued[i]:
                counts.started[cell, period, FAMILY] += families
                counts.started[cell, period, CHILD] += children
                counts.started[cell, period, ROW] += 1
        if rows.stop[i] != NEVER:
            day = rows.stop[i] // MINUTES_PER_DAY
            period = by_day[day if day < last_day else last_day]
            left = edges[period + 1] - rows.stop[i]
            counts.change[cell, period, FAMILY] -= families
            counts.change[cell, period, CHILD] -= children
            counts.minutes[cell, period, FAMILY] -= families * left
            counts.minutes[cell, period, CHILD] -= children * left
            if not rows.goes_on[i]:
                place = ending_at[stage * OUTCOMES + rows.outcome[i]] * groups + rows.group[i]
                counts.ended[place, period, FAMILY] += families
                counts.ended[place, period, CHILD] += children
                counts.ended[place, period, ROW] += 1
