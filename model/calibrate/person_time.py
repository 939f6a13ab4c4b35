"""Events and time at risk by time in stage and age: what rates are made of.

A stay counts from its entry, or from when the returns begin to speak of it (delayed entry), to its
end, or to the day of the extract (censoring). Stays that were over before the returns begin are
not in them and are not needed. (Andersen, Borgan, Gill and Keiding 1993; Kalbfleisch and Prentice
2002.) Averages of closed stays are never taken: they leave out the long ones that are still open.

It knows no parameter and no stage.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import Resamples
from model.network import AGE_LIMITS_YEARS
from model.returns.chains import Stays
from model.returns.linking import NEVER, UNKNOWN, Days, Flags, Ints

Floats = NDArray[np.float64]
DAYS_A_YEAR = 365.25
ADULT_YEARS = 18.0
AGE_STARTS_DAYS = np.array([-np.inf, *(years * DAYS_A_YEAR for years in AGE_LIMITS_YEARS)])
AGE_ENDS_DAYS = np.array([*AGE_STARTS_DAYS[1:], ADULT_YEARS * DAYS_A_YEAR])


@dataclass(frozen=True)
class Risk:
    """The part of each stay that the returns show.

    Attributes
    ----------
    child, entered : of each stay. start, stop : days at risk, from the first to before the
        second. ended : whether its end was seen.
    """

    child: Ints = field(repr=False)
    entered: Days = field(repr=False)
    start: Days = field(repr=False)
    stop: Days = field(repr=False)
    ended: Flags = field(repr=False)


def at_risk(stays: Stays) -> Risk:
    """The time at risk of stays: from entry or the first day spoken of, to the last day told."""
    last = min(stays.told_until, stays.seen_until)
    start = np.maximum(stays.entered, stays.seen_from)
    left = np.where(stays.left == UNKNOWN, NEVER, stays.left)
    ended = (left >= start) & (left <= last)
    stop = np.maximum(np.minimum(left, last + 1), start)
    there = (left >= start) & (start <= last)
    stop = np.where(there, stop, start)
    return Risk(stays.child, stays.entered, start, stop, ended & there)


@dataclass(frozen=True)
class Cells:
    """Which cell of (age band, time band) the time and the events of stays fall in.

    Attributes
    ----------
    stay, cell, days : time at risk, one entry for each stay and cell that it touches.
    event_cell : of each stay, the cell of its end; -1 where none was seen, or at no known age.
    """

    stay: Ints = field(repr=False)
    cell: Ints = field(repr=False)
    days: Floats = field(repr=False)
    event_cell: Ints = field(repr=False)


def cells_of(risk: Risk, edges_days: Floats, birth: Days | None = None) -> Cells:
    """Split stays at the edges of time in stage and, where birth is given, at birthdays.

    Parameters
    ----------
    risk : the stays. edges_days : lower edges of the time bands, from 0; the last has no end.
    birth : day of birth of each *stay's* child, UNKNOWN where no return says; such stays count in
        no cell. None for one age band.

    Returns
    -------
    Cells numbered age band x number of time bands + time band.
    """
    upper = np.append(edges_days[1:], np.inf)
    by_age = list(zip(AGE_STARTS_DAYS, AGE_ENDS_DAYS, strict=True))
    ages = [(-np.inf, np.inf)] if birth is None else by_age
    known = np.ones(len(risk.child), bool) if birth is None else birth != UNKNOWN
    born = np.zeros(len(risk.child)) if birth is None else np.where(known, birth, 0)
    parts = []
    for age, (youngest, oldest) in enumerate(ages):
        least = np.maximum(risk.start, born + youngest)
        most = np.minimum(risk.stop, born + oldest)
        for time, (low, high) in enumerate(zip(edges_days, upper, strict=True)):
            days = np.minimum(most, risk.entered + high) - np.maximum(least, risk.entered + low)
            there = np.flatnonzero((days > 0) & known)
            number = np.full(len(there), age * len(edges_days) + time)
            parts.append((there, number, days[there]))
    stay, cell, days = (np.concatenate(part) for part in zip(*parts, strict=True))
    spent = np.where(risk.ended, risk.stop - risk.entered, 0)
    band = np.searchsorted(edges_days, spent, side="right") - 1
    old = np.where(risk.ended, risk.stop - born, 0)
    age_band = (
        np.zeros(len(band), np.int64)
        if birth is None
        else np.searchsorted(AGE_STARTS_DAYS, old, side="right") - 1
    )
    counted = risk.ended & known & ((old < ADULT_YEARS * DAYS_A_YEAR) | (birth is None))
    event_cell = np.where(counted, age_band * len(edges_days) + band, -1)
    return Cells(stay, cell, days.astype(np.float64), event_cell)


def exposure(
    resamples: Resamples, risk: Risk, cells: Cells, group: Ints, groups: int, per_group: int
) -> Floats:
    """Days at risk by group and cell, in the data and every resample.

    Returns
    -------
    Shape (1 + resamples, groups, per_group).
    """
    number = group[cells.stay] * per_group + cells.cell
    total = resamples.sums(risk.child[cells.stay], number, cells.days, groups * per_group)
    return total.reshape(-1, groups, per_group)


def events(
    resamples: Resamples,
    child: Ints,
    cell: Ints,
    outcome: Ints,
    group: Ints,
    sizes: tuple[int, int, int],
) -> Floats:
    """Events by group, cell and outcome, in the data and every resample.

    Parameters
    ----------
    child, cell, outcome, group : of each event; cell or outcome below 0 is left out.
    sizes : (groups, cells, outcomes).

    Returns
    -------
    Shape (1 + resamples, groups, cells, outcomes).
    """
    kept = np.flatnonzero((cell >= 0) & (outcome >= 0))
    number = np.ravel_multi_index((group[kept], cell[kept], outcome[kept]), sizes)
    total = resamples.counts(child[kept], number, int(np.prod(sizes)))
    return total.reshape(-1, *sizes)
