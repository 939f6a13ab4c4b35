"""Spells: the time that a child, or a family, spends without a gap in a set of stages.

A spell is one whichever cases and rows of the log it took. This module counts nothing by period
and knows no measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.episodes import CASES_PER_FAMILY
from model.measures.linked_log import NEVER, Flags, Ints, LinkedLog


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


def spells(
    linked_log: LinkedLog, chosen: Ints, counted_in: str, within: Ints | None = None
) -> Spells:
    """The time without a gap that each child, or each family, spends in the chosen rows.

    Children are told apart by the bits of `mask`, so that a child keeps its spell when the
    family's case hands it to a case of its own.

    Parameters
    ----------
    linked_log : the log. chosen : positions of rows, each once, in any order.
    counted_in : "children" or "families".
    within : int, shape (rows,), values from 0; a spell also ends where this value changes.

    Notes
    -----
    Rows are sorted by person and start. A row begins a spell when it starts after everything
    before it of the same person has stopped (a running maximum).
    """
    row, person = _persons(linked_log, chosen, counted_in)
    if within is not None:
        person = person * (int(within.max(initial=0)) + 1) + within[row]
    bits = len(linked_log.start).bit_length()
    in_order = np.sort(person << bits | row)
    person, row = in_order >> bits, in_order & (1 << bits) - 1
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
        has_it = np.flatnonzero(mask & 1 << bit)
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
