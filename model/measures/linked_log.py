"""The log's rows linked into stays and spells, once, for every measure to share.

A *row* is what the engine wrote. A *stay* is one or more rows of a case in one stage, joined
where only the children counted changed. A *spell* is the time that one child, or one family,
spends without a gap in a set of stages, whichever cases and rows that took.

This module counts nothing by period and knows no measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.episodes import (
    CASES_PER_FAMILY,
    COLUMNS,
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

NEVER = np.iinfo(np.int64).max  # when something stops that had not stopped by the run's end
NONE = -1
MOST_STAGES = 32  # a power of two above the number of stages

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

    Attributes
    ----------
    log : the log.
    start, case, stage, outcome, mask, state, spent : columns of the log.
    stop : the log's `end`, NEVER while open.
    children : how many children each row counts.
    family : the family's position among the families of this log (not its id).
    seen_before : whether an earlier row of the same case stands in the log.
    open_at_start : whether the row was open when the run started.
    served : minutes when the row's stay was given a place or worker; NEVER if it was not.
    continued : whether the row goes on from one that ended because the household changed.
    changed_from, changed_to : positions of the rows before and after each household change.
    stays : the stays.
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
    children: Ints
    family: Ints
    seen_before: Flags
    open_at_start: Flags
    served: Ints
    continued: Flags
    changed_from: Ints
    changed_to: Ints
    stays: LinkedStays

    def in_stages(self, stages: tuple[str, ...]) -> Flags:
        """Which rows are in any of these stages."""
        wanted = np.zeros(len(STAGE_CODES), bool)
        wanted[[STAGE_CODE[name] for name in stages]] = True
        return wanted[self.stage]


@dataclass(frozen=True)
class Spells:
    """Time without a gap that a child or a family spends in a set of stages.

    Attributes
    ----------
    first, last : positions of the first and last row.
    start, stop : minutes; NEVER while open.
    open_at_start : whether it was open when the run started.
    person : whose it is: a number for each family, or for each child of a family.
    """

    first: Ints
    last: Ints
    start: Ints
    stop: Ints
    open_at_start: Flags
    person: Ints


def linked(log: EpisodeLog | LinkedLog) -> LinkedLog:
    """Link the rows of a log into stays; a log that is linked already is returned as it is.

    Open at the start is the first row of a case whose family was there before the run
    (`FIRST_ARRIVAL_FAMILY`) and which starts in minute 0. Rows are joined into one stay where
    the first ended because the household changed and the second goes on in the same stage and
    minute. What runs beside a stage is linked apart and is never in the way.
    """
    if isinstance(log, LinkedLog):
        return log
    column = dict(zip(COLUMNS, np.ascontiguousarray(log.rows.T), strict=True))
    start, case, stage = column["start"], column["case"], column["stage"]
    stop = np.where(column["end"] == OPEN, NEVER, column["end"])
    beside = np.where(stage >= len(PATHWAY), stage, 0)
    key = case * MOST_STAGES + beside
    order = np.argsort(key, kind="stable")  # the log is sorted by start, so this is case, start

    in_order = key[order]
    same_case = in_order[1:] == in_order[:-1]
    touching = same_case & (start[order[1:]] == stop[order[:-1]])
    joined = touching & (stage[order[1:]] == stage[order[:-1]])
    joined &= column["outcome"][order[:-1]] == OUTCOME_CODE[HOUSEHOLD_CHANGED]
    seen_before = _scattered(order, same_case)
    was_there = case // CASES_PER_FAMILY < FIRST_ARRIVAL_FAMILY
    open_at_start = was_there & (start == 0) & ~seen_before & (beside == 0)
    stays, served = _stays(column, stop, open_at_start, order, joined, touching)
    return LinkedLog(
        log=log,
        start=start,
        case=case,
        stage=stage,
        outcome=column["outcome"],
        mask=column["mask"],
        state=column["state"],
        spent=column["spent"],
        stop=stop,
        children=np.bitwise_count(column["mask"].astype(np.uint64)).astype(np.int64),
        family=_family_positions(case, order),
        seen_before=seen_before,
        open_at_start=open_at_start,
        served=served,
        continued=_scattered(order, joined),
        changed_from=order[:-1][joined],
        changed_to=order[1:][joined],
        stays=stays,
    )


def _scattered(order: Ints, follows: Flags) -> Flags:
    """Flags of each row but the first, in sorted order, put back in the order of the log."""
    flags = np.zeros(len(order), bool)
    flags[order[1:]] = follows
    return flags


def _family_positions(case: Ints, order: Ints) -> Ints:
    """Number the families of a log from 0, in the order of their ids."""
    family = case[order] // CASES_PER_FAMILY
    positions = np.empty(len(order), np.int64)
    positions[order] = np.cumsum(np.diff(family, prepend=family[:1]) != 0)
    return positions


def _stays(
    column: dict[str, Ints],
    stop: Ints,
    open_at_start: Flags,
    order: Ints,
    joined: Flags,
    touching: Flags,
) -> tuple[LinkedStays, Ints]:
    """The stays, and when each row's stay was served; `order` is by case and time."""
    begins = np.append(True, ~joined)[: len(order)]
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(order))[: len(firsts)] - 1
    first, last = order[firsts], order[lasts]
    served = column["served"][order]
    served = np.minimum.reduceat(np.where(served == NONE, NEVER, served), firsts)
    of_row = np.empty(len(order), np.int64)
    of_row[order] = served[np.cumsum(begins) - 1]
    led_here = np.append(False, touching)[firsts]
    return LinkedStays(
        first=first,
        last=last,
        before=np.where(led_here, np.arange(len(firsts)) - 1, NONE),
        stage=column["stage"][first],
        outcome=column["outcome"][last],
        start=column["start"][first],
        stop=stop[last],
        served=served,
        spent=column["spent"][first],
        open_at_start=open_at_start[first],
    ), of_row


def spells(
    linked_log: LinkedLog, chosen: Flags, counted_in: str, within: Ints | None = None
) -> Spells:
    """The time without a gap that each child, or each family, spends in the chosen rows.

    Children are told apart by the bits of `mask`, so that a child keeps its spell when the
    family's case hands it to a case of its own.

    Parameters
    ----------
    linked_log : the log. chosen : bool, shape (rows,).
    counted_in : "children" or "families".
    within : int, shape (rows,), values from 0; a spell also ends where this value changes.

    Notes
    -----
    Rows are sorted by person and start. A row begins a spell when it starts after everything
    before it of the same person has stopped (a running maximum).
    """
    row, person = _persons(linked_log, np.flatnonzero(chosen), counted_in)
    if within is not None:
        person = person * (int(within.max(initial=0)) + 1) + within[row]
    rows = max(len(linked_log.start), 1)
    person, row = np.divmod(np.sort(person * rows + row), rows)
    far = linked_log.log.horizon_minutes + 1
    start, stop = linked_log.start[row], np.minimum(linked_log.stop[row], far)
    offset = person * (far + 1)
    reach = np.maximum.accumulate(offset + stop)
    begins = np.ones(len(row), bool)
    begins[1:] = offset[1:] + start[1:] > reach[:-1]
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(row))[: len(firsts)] - 1
    until = reach[lasts] - offset[lasts]
    open_rows = linked_log.open_at_start[row]
    return Spells(
        first=row[firsts],
        last=row[lasts],
        start=start[firsts],
        stop=np.where(until >= far, NEVER, until),
        open_at_start=np.logical_or.reduceat(open_rows, firsts) & (start[firsts] == 0),
        person=person[firsts],
    )


def _persons(linked_log: LinkedLog, rows: Ints, counted_in: str) -> tuple[Ints, Ints]:
    """Each chosen row once for the family, or once for each child that it counts."""
    family = linked_log.family[rows]
    if counted_in == "families":
        return rows, family
    mask = linked_log.mask[rows]
    row = [np.zeros(0, np.int64)]
    child = [np.zeros(0, np.int64)]
    for bit in range(int(mask.max(initial=0)).bit_length()):
        has_it = (mask >> bit & 1).astype(bool)
        row.append(rows[has_it])
        child.append(family[has_it] * CASES_PER_FAMILY + bit)
    return np.concatenate(row), np.concatenate(child)


def first_of_each(*keys: Ints) -> Flags:
    """Which entries are the first with their combination of values; shape as each key.

    Used to count a family once when several of its children do the same in the same minute.
    """
    order = np.lexsort(keys)
    fresh = np.ones(len(order), bool)
    fresh[1:] = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    flags = np.zeros(len(order), bool)
    flags[order[fresh]] = True
    return flags
