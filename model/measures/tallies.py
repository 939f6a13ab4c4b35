"""Counting: how many of what, in which period, for which locality, source, need or stream.

The arithmetic under every table of measures. A tally is an array [groups, periods]; a stock is
what was open at the start, plus what began, less what ended. This module knows neither what is
counted nor why.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.episodes import ATTRIBUTE_SHIFT, BITS_PER_ATTRIBUTE, EpisodeLog
from model.measures.linked_log import NEVER, Flags, Ints, LinkedLog, linked
from model.measures.periods import Periods, check_name, periods_of
from model.pathway import ATTRIBUTES, BESIDE, PATHWAY, Time

Floats = NDArray[np.float64]

AT_START = "at start"  # the name of day 0 in tables of stocks
FAMILIES, CHILDREN = "families", "children"
COUNTED_IN = (FAMILIES, CHILDREN)
# Stages whose time already spent is in working minutes; what runs beside is never open before.
PLAIN_DURATION = np.array(
    [stage.time in (Time.EFFORT, Time.DURATION) for stage in PATHWAY] + [False] * len(BESIDE)
)
NOT_IN_THE_LOG = ("age",)  # worked out when asked for, and not kept up to date in the log


class CountsWorkingDays(Protocol):
    """The part of `model.working_days.WorkingCalendar` that measures need.

    Attributes
    ----------
    day_minutes : working minutes in a working day.
    """

    day_minutes: int

    def working_day_number(self, minutes: Ints) -> Ints:
        """Working days up to and including the day of each moment; same shape as `minutes`."""


@dataclass(frozen=True)
class View:
    """A linked log seen by period and by group.

    Attributes
    ----------
    linked : the linked log. periods : the periods.
    by : the attributes that make the groups; none is one group.
    labels : the values of each of those attributes, in order.
    group : int64, shape (rows,): the group of each row.
    kept : tallies made before for this view, by what was counted; filled as it is used.
    """

    linked: LinkedLog
    periods: Periods
    by: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    group: Ints
    kept: dict[Hashable, Floats] = field(default_factory=dict, repr=False, compare=False)

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(np.prod([len(values) for values in self.labels], dtype=int))

    def count(self, group: Ints, minute: Ints, weight: Ints | Floats | None = None) -> Floats:
        """How many events fall in each group and period; shape (groups, periods)."""
        return tally(self.periods, group, minute, self.groups, weight)


@dataclass(frozen=True)
class Stock:
    """How much is open: at the run's start, at the end of each period, and on average in it.

    Attributes
    ----------
    at_start : shape (groups,). at_end, mean : shape (groups, periods).
    """

    at_start: Floats
    at_end: Floats
    mean: Floats


def view_of(log: EpisodeLog | LinkedLog, by: Sequence[str] = (), period: str = "month") -> View:
    """Link a log if need be, and sort its rows into groups.

    Parameters
    ----------
    log : the log. by : attributes, such as ("locality", "need"). period : see `periods.PERIODS`.

    Raises
    ------
    ValueError for an unknown attribute or period.
    """
    linked_log = linked(log)
    group = np.zeros(len(linked_log.start), np.int64)
    labels = []
    for attribute in by:
        check_name(attribute, [a for a in ATTRIBUTES if a not in NOT_IN_THE_LOG], "attribute")
        values = values_of(linked_log, attribute)
        labels.append(values)
        group = group * len(values) + codes_of(linked_log, attribute)
    periods = periods_of(linked_log.log, period)
    return View(linked_log, periods, tuple(by), tuple(labels), group)


def values_of(linked_log: LinkedLog, attribute: str) -> tuple[str, ...]:
    """The names of an attribute's values, in the order of their codes."""
    if attribute == "locality":
        return linked_log.log.localities
    return ATTRIBUTES[attribute]


def codes_of(linked_log: LinkedLog, attribute: str) -> Ints:
    """The code of an attribute's value for each row."""
    return linked_log.state >> ATTRIBUTE_SHIFT[attribute] & (1 << BITS_PER_ATTRIBUTE) - 1


def spent_before(
    linked_log: LinkedLog, calendar: CountsWorkingDays, row: Ints
) -> tuple[Floats, Floats]:
    """Time that rows open at the run's start had already lasted; 0 for all others.

    The log has it in minutes, and in working minutes where the stage is a plain duration. One is
    turned into the other at the run's own share of working days.

    Returns
    -------
    Minutes by the clock, and working days; each of the shape of `row`.
    """
    horizon = linked_log.log.horizon_minutes
    first, last = calendar.working_day_number(np.array([0, horizon], np.int64))
    working_days_per_minute = max(float(last - first), 1.0) / horizon
    spent = np.where(linked_log.open_at_start[row], linked_log.spent[row], 0)
    in_working_minutes = PLAIN_DURATION[linked_log.stage[row]]
    days = np.where(
        in_working_minutes, spent / calendar.day_minutes, spent * working_days_per_minute
    )
    return np.where(in_working_minutes, days / working_days_per_minute, spent), days


def tally(
    periods: Periods, group: Ints, minute: Ints, groups: int, weight: NDArray | None = None
) -> Floats:
    """How many events fall in each group and period; shape (groups, periods)."""
    cell = group * len(periods) + periods.of(minute)
    counted = np.bincount(cell, weight, minlength=groups * len(periods))
    return counted.astype(np.float64).reshape(groups, len(periods))


def stock(
    periods: Periods,
    group: Ints,
    start: Ints,
    stop: Ints,
    open_at_start: Flags,
    groups: int,
    weight: Ints,
) -> Stock:
    """What is open in each group, at the start, at the end of each period and on average.

    Open at the end of a period is whatever began before its end and had not stopped before it:
    what was open at the start, plus what began, less what ended, to the last one.

    Parameters
    ----------
    group, start, stop, weight : one entry for each stretch of time; minutes, NEVER while open.
    open_at_start : whether the stretch was open when the run started.
    """
    came, went = ~open_at_start, stop != NEVER
    ends_at = periods.edges[1:]
    began = tally(periods, group[came], start[came], groups, weight[came])
    ended = tally(periods, group[went], stop[went], groups, weight[went])
    opening = np.bincount(group[open_at_start], weight[open_at_start], minlength=groups)
    at_start = opening.astype(np.float64)
    at_end = at_start[:, None] + np.cumsum(began - ended, axis=1)
    minutes = np.diff(periods.edges)
    before = np.concatenate([at_start[:, None], at_end[:, :-1]], axis=1)
    began_left = weight[came] * (ends_at[periods.of(start[came])] - start[came])
    ended_left = weight[went] * (ends_at[periods.of(stop[went])] - stop[went])
    change = tally(periods, group[came], start[came], groups, began_left)
    change -= tally(periods, group[went], stop[went], groups, ended_left)
    return Stock(at_start, at_end, before + change / minutes)


def grouped_quantiles(
    cell: Ints, value: Ints, cells: int, quantiles: Sequence[float]
) -> tuple[Floats, ...]:
    """Quantiles of whole numbers in each cell, NaN where a cell is empty; each of shape (cells,).

    Linear between neighbours, as `numpy.quantile` has it (Hyndman and Fan 1996, definition 7).
    """
    span = int(value.max(initial=0)) + 1
    in_order = np.sort(cell * span + value) % span
    number = np.bincount(cell, minlength=cells)
    first = np.cumsum(number) - number
    filled = number > 0
    found = []
    for quantile in quantiles:
        result = np.full(cells, np.nan)
        rank = (number[filled] - 1) * quantile
        low = np.floor(rank).astype(np.int64)
        high = np.minimum(low + 1, number[filled] - 1)
        below, above = in_order[first[filled] + low], in_order[first[filled] + high]
        result[filled] = below + (above - below) * (rank - low)
        found.append(result)
    return tuple(found)


def condensed(code: Ints, size: int) -> tuple[Ints, Ints]:
    """The codes that occur, in order, and each entry's position among them."""
    present = np.flatnonzero(np.bincount(code, minlength=size))
    position = np.zeros(max(size, 1), np.int64)
    position[present] = np.arange(len(present))
    return present, position[code]


def table(
    period_names: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    present: Ints,
    values: Mapping[str, NDArray],
) -> pd.DataFrame:
    """A long table: one row for each period and each combination that occurs.

    Parameters
    ----------
    period_names : names, in order.
    columns : the values of each naming column; a combination's code counts them off, the last
        fastest.
    present : codes of the combinations, in order.
    values : arrays of shape (len(present), len(period_names)), by column.
    """
    code = np.tile(present, len(period_names))
    names: dict[str, object] = {}
    for name, labels in reversed(list(columns.items())):
        code, place = np.divmod(code, len(labels))
        names[name] = np.array(labels, object)[place]
    periods = np.repeat(np.array(period_names, object), len(present))
    ordered = {name: names[name] for name in columns}
    flat = {name: np.asarray(array).T.ravel() for name, array in values.items()}
    return pd.DataFrame({"period": periods, **ordered, **flat})


def whole(values: Floats) -> Ints:
    """Counts as whole numbers."""
    return np.rint(values).astype(np.int64)


def share(of: Floats, out_of: Floats) -> Floats:
    """One count as a share of another; NaN where there is nothing to share."""
    return np.divide(of, out_of, out=np.full(np.shape(out_of), np.nan), where=out_of > 0)
