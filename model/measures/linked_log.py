"""The log's rows linked into stays, once, for every measure to share.

A *row* is what the engine wrote. A *stay* is one or more rows of a case in one stage, joined
where only the children counted changed.

This module counts nothing by period and knows no measure.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.episodes import (
    CASES_PER_FAMILY,
    FIRST_ARRIVAL_FAMILY,
    HOUSEHOLD_CHANGED,
    OPEN,
    OUTCOME_CODE,
    STAGE_CODE,
    STAGE_CODES,
    EpisodeLog,
)
from model.pathway import PATHWAY, Unit

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Found = TypeVar("Found")

NEVER = np.iinfo(np.int64).max  # when something stops that had not stopped by the run's end
NONE = -1
STAGE_BITS = 5  # enough for the number of any stage
LONGEST_KEY_BITS = 63

# Stages of which a family has one at a time; the others are a child's, or run beside a stage.
ONE_AT_A_TIME: tuple[str, ...] = tuple(s.name for s in PATHWAY if s.unit is Unit.FAMILY)


@dataclass(frozen=True)
class LinkedStays:
    """One entry for each stay, sorted by case and time.

    Attributes
    ----------
    first, last : positions of its first and last row.
    before : position of the stay that led straight to it, -1 for none.
    stage : code. outcome : code of how it ended; -1 while open.
    start, stop : minutes; NEVER while open.
    served : minutes when a place or worker was given; NEVER if none was.
    spent : minutes already spent when it starts (open cases at the start).
    open_at_start : whether it was open when the run started.
    """

    first: Ints
    last: Ints
    before: Ints
    stage: Ints
    outcome: Ints
    start: Ints
    stop: Ints
    served: Ints
    spent: Ints
    open_at_start: Flags


@dataclass(frozen=True)
class LinkedLog:
    """An episode log with its rows linked; every measure takes it in place of the log.

    What only some measures need is worked out when first asked for, and kept for the others.

    Attributes
    ----------
    log : the log.
    start, case, stage, outcome, mask, state, spent : columns of the log.
    stop : the log's `end`, NEVER while open.
    by_case : positions of the rows by case, what runs beside a stage apart, and time.
    same_case, touching, joined : for each row of `by_case` but the first, whether it is of the
        same case as the one before, goes on from it without a gap, and in the same stay.
    kept : what was worked out for one measure or table and serves others; filled as it is used.
    """

    log: EpisodeLog
    start: Ints
    case: Ints
    stage: Ints
    outcome: Ints
    mask: Ints
    state: Ints
    spent: Ints
    stop: Ints
    by_case: Ints
    same_case: Flags
    touching: Flags
    joined: Flags
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, what: Hashable, found: Callable[[], Found]) -> Found:
        """What was kept under this name, or else what is found now, which is then kept."""
        if what not in self.kept:
            self.kept[what] = found()
        return self.kept[what]

    def in_stages(self, stages: tuple[str, ...]) -> Flags:
        """Which rows are in any of these stages."""
        wanted = np.zeros(len(STAGE_CODES), bool)
        wanted[[STAGE_CODE[name] for name in stages]] = True
        return wanted[self.stage]

    def rows_in(self, stages: tuple[str, ...]) -> Ints:
        """Positions of the rows in these stages: stage by stage, each by case and time."""
        return _of_stages(self._by_stage, stages)

    def stays_in(self, stages: tuple[str, ...]) -> Ints:
        """Positions of the stays in these stages: stage by stage, each by case and time."""
        return _of_stages(self._stays_by_stage, stages)

    @cached_property
    def children(self) -> Ints:
        """How many children each row counts."""
        return np.bitwise_count(self.mask.view(np.uint64)).astype(np.int64)

    @cached_property
    def family(self) -> Ints:
        """The family's position among the families of this log (not its id)."""
        family = self.case[self.by_case] // CASES_PER_FAMILY
        positions = np.empty(len(family), np.int64)
        positions[self.by_case] = np.cumsum(np.diff(family, prepend=family[:1]) != 0)
        return positions

    @cached_property
    def seen_before(self) -> Flags:
        """Whether an earlier row of the same case stands in the log."""
        return _scattered(self.by_case, self.same_case)

    @cached_property
    def open_at_start(self) -> Flags:
        """Whether the row was open when the run started."""
        was_there = self.case < FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY
        no_beside = self.stage < len(PATHWAY)
        return was_there & (self.start == 0) & ~self.seen_before & no_beside

    @cached_property
    def continued(self) -> Flags:
        """Whether the row goes on from one that ended because the household changed."""
        return _scattered(self.by_case, self.joined)

    @cached_property
    def changed_from(self) -> Ints:
        """Positions of the rows before each household change."""
        return self.by_case[:-1][self.joined]

    @cached_property
    def changed_to(self) -> Ints:
        """Positions of the rows after each household change."""
        return self.by_case[1:][self.joined]

    @cached_property
    def stays(self) -> LinkedStays:
        """The stays."""
        return _stays(self)

    @cached_property
    def served(self) -> Ints:
        """When the row's stay was given a place or worker; NEVER if it was not."""
        of_row = np.empty(len(self.start), np.int64)
        stay = np.cumsum(np.append(0, ~self.joined)[: len(of_row)])
        of_row[self.by_case] = self.stays.served[stay]
        return of_row

    @cached_property
    def _by_stage(self) -> list[Ints]:
        """Positions of the rows of each stage, by case and time."""
        return _sorted_into_stages(self.stage[self.by_case], self.by_case)

    @cached_property
    def _stays_by_stage(self) -> list[Ints]:
        """Positions of the stays of each stage, by case and time."""
        return _sorted_into_stages(self.stays.stage)


def linked(log: EpisodeLog | LinkedLog) -> LinkedLog:
    """Link the rows of a log into stays; a log that is linked already is returned as it is.

    Open at the start is the first row of a case whose family was there before the run
    (`FIRST_ARRIVAL_FAMILY`) and which starts in minute 0. Rows are joined into one stay where
    the first ended because the household changed and the second goes on in the same stage and
    minute. What runs beside a stage is linked apart and is never in the way.
    """
    if isinstance(log, LinkedLog):
        return log
    wanted = ("start", "case", "stage", "outcome", "mask", "state", "spent")
    column = {name: np.ascontiguousarray(log.column(name)) for name in wanted}
    stage, end = column["stage"], log.column("end")
    stop = np.where(end == OPEN, NEVER, end)
    key = column["case"] << STAGE_BITS | np.where(stage >= len(PATHWAY), stage, 0)
    order = stable_order(key)  # the log is sorted by start, so this is case, start
    in_order, stage = key[order], stage[order]
    same_case = in_order[1:] == in_order[:-1]
    touching = same_case & (column["start"][order[1:]] == stop[order[:-1]])
    joined = touching & (stage[1:] == stage[:-1])
    joined &= column["outcome"][order[:-1]] == OUTCOME_CODE[HOUSEHOLD_CHANGED]
    return LinkedLog(
        log=log,
        **column,
        stop=stop,
        by_case=order,
        same_case=same_case,
        touching=touching,
        joined=joined,
    )


def stable_order(key: Ints) -> Ints:
    """The positions that sort keys of 0 and above, equal keys in the order in which they stand.

    What `numpy.argsort` gives, several times as fast: key and position are sorted as one number.
    """
    bits = len(key).bit_length()
    if int(key.max(initial=0)).bit_length() + bits > LONGEST_KEY_BITS:
        return np.argsort(key, kind="stable")
    return np.sort(key << bits | np.arange(len(key))) & (1 << bits) - 1


def _scattered(order: Ints, follows: Flags) -> Flags:
    """Flags of each row but the first, in sorted order, put back in the order of the log."""
    flags = np.zeros(len(order), bool)
    flags[order[1:]] = follows
    return flags


def _sorted_into_stages(stage: Ints, positions: Ints | None = None) -> list[Ints]:
    """Positions of the entries of each stage, in the order in which they stand."""
    order = np.argsort(stage.astype(np.uint8), kind="stable")
    ends = np.cumsum(np.bincount(stage, minlength=len(STAGE_CODES)))
    return np.split(order if positions is None else positions[order], ends[:-1])


def _of_stages(positions: list[Ints], stages: tuple[str, ...]) -> Ints:
    """The positions of some stages, under each other."""
    if len(stages) == 1:
        return positions[STAGE_CODE[stages[0]]]
    return np.concatenate(
        [np.zeros(0, np.int64), *(positions[STAGE_CODE[name]] for name in stages)]
    )


def _stays(rows: LinkedLog) -> LinkedStays:
    """The stays, by case and time."""
    order = rows.by_case
    firsts = np.flatnonzero(np.append(True, ~rows.joined)[: len(order)])
    lasts = np.append(firsts[1:], len(order))[: len(firsts)] - 1
    first, last = order[firsts], order[lasts]
    served = rows.log.column("served")
    served = np.where(served == NONE, NEVER, served)[order]
    led_here = np.append(False, rows.touching)[firsts]
    return LinkedStays(
        first=first,
        last=last,
        before=np.where(led_here, np.arange(len(firsts)) - 1, NONE),
        stage=rows.stage[first],
        outcome=rows.outcome[last],
        start=rows.start[first],
        stop=rows.stop[last],
        served=np.minimum.reduceat(served, firsts),
        spent=rows.spent[first],
        open_at_start=rows.open_at_start[first],
    )
