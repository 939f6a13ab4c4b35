"""Counting: how many of what, in which period, for which locality, source, need or stream.

The arithmetic under every table of measures. A tally is an array [groups, periods]; a stock is
what was open at the start, plus what began, less what ended. This module knows neither what is
counted nor why.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.episodes import EpisodeLog, attribute_of
from model.measures.event_counts import ONE_EACH, ONE_GROUP, count_events, count_stretches
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
class Events:
    """What happened, one entry each.

    Attributes
    ----------
    row : of the log, to which it happened. minute : when.
    weight : how much it counts; None where each counts one.
    """

    row: Ints
    minute: Ints
    weight: Ints | Floats | None = None


@dataclass(frozen=True)
class Stretches:
    """Stretches of time, one entry each.

    Attributes
    ----------
    row : of the log. start, stop : minutes; NEVER while open.
    open_at_start : whether it was open when the run started.
    weight : how much it counts; None where each counts one.
    """

    row: Ints
    start: Ints
    stop: Ints
    open_at_start: Flags
    weight: Ints | Floats | None = None


@dataclass(frozen=True)
class View:
    """A linked log seen by period and by group.

    Attributes
    ----------
    linked : the linked log. periods : the periods.
    by : the attributes that make the groups; none is one group.
    labels : the values of each of those attributes, in order.
    kept : tallies made before for this view, by what was counted; filled as it is used.
    """

    linked: LinkedLog
    periods: Periods
    by: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def groups(self) -> int:
        """How many groups there are."""
        return math.prod(len(values) for values in self.labels)

    @cached_property
    def group(self) -> Ints:
        """The group of each row of the log; int64, shape (rows,)."""
        group = np.zeros(len(self.linked.start), np.int64)
        for attribute, values in zip(self.by, self.labels, strict=True):
            group = group * len(values) + attribute_of(self.linked.state, attribute)
        return group

    def group_of(self, row: Ints) -> Ints:
        """The group of each of these rows."""
        return self.group[row] if self.by else np.zeros(len(row), np.int64)

    def count(self, events: Events) -> Floats:
        """How many events fall in each group and period; shape (groups, periods)."""
        group = self.group_of(events.row)
        return tally(self.periods, group, events.minute, self.groups, events.weight)

    def stock(self, stretches: Stretches) -> Floats:
        """What is open at the start and at each period's end; shape (groups, 1 + periods)."""
        return stock(self.periods, stretches, self.group_of, self.groups)


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
    for attribute in by:
        check_name(attribute, [a for a in ATTRIBUTES if a not in NOT_IN_THE_LOG], "attribute")
    labels = tuple(values_of(linked_log, attribute) for attribute in by)
    periods = linked_log.once(("periods", period), lambda: periods_of(linked_log.log, period))
    return View(linked_log, periods, tuple(by), labels)


def values_of(linked_log: LinkedLog, attribute: str) -> tuple[str, ...]:
    """The names of an attribute's values, in the order of their codes."""
    if attribute == "locality":
        return linked_log.log.localities
    return ATTRIBUTES[attribute]


def codes_of(linked_log: LinkedLog, attribute: str, row: Ints) -> Ints:
    """The code of an attribute's value for each of these rows."""
    return attribute_of(linked_log.state[row], attribute)


def among(codes: Sequence[int], found: Ints) -> Flags:
    """Which of the values found, of -1 and above, are among these codes of 0 and above."""
    size = max(int(found.max(initial=0)), *codes) + 2  # the last for -1
    wanted = np.zeros(size, bool)
    wanted[list(codes)] = True
    return wanted[found]


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
    minutes, days = np.zeros(len(row)), np.zeros(len(row))
    was_open = np.flatnonzero(linked_log.open_at_start[row])
    spent = linked_log.spent[row[was_open]]
    in_working_minutes = PLAIN_DURATION[linked_log.stage[row[was_open]]]
    days[was_open] = np.where(
        in_working_minutes, spent / calendar.day_minutes, spent * working_days_per_minute
    )
    minutes[was_open] = np.where(
        in_working_minutes, days[was_open] / working_days_per_minute, spent
    )
    return minutes, days


def tally(
    periods: Periods, group: Ints, minute: Ints, groups: int, weight: NDArray | None = None
) -> Floats:
    """How many events fall in each group and period; shape (groups, periods)."""
    return tallies(periods, group, minute, groups, {"": weight})[""]


def tallies(
    periods: Periods,
    group: Ints,
    minute: Ints,
    groups: int,
    weights: Mapping[str, NDArray | None],
) -> dict[str, Floats]:
    """The same events counted by several weights, under their names; None counts each one."""
    of_each, found = group if groups > 1 else ONE_GROUP, {}
    for name, weight in weights.items():
        found[name] = np.zeros((groups, len(periods)))
        count_events(periods.by_day, of_each, minute, weight_of_each(weight), found[name])
    return found


def weight_of_each(weight: NDArray | None) -> Floats:
    """Weights as a pass over events takes them."""
    return ONE_EACH if weight is None else weight.astype(np.float64, copy=False)


def stock(
    periods: Periods, stretches: Stretches, group_of: Callable[[Ints], Ints], groups: int
) -> Floats:
    """What is open in each group at the start and at each period's end.

    Open at the end of a period is whatever began before its end and had not stopped before it:
    what was open at the start, plus what began, less what ended, to the last one.

    Parameters
    ----------
    group_of : gives the group of each row. groups : how many there are.

    Returns
    -------
    float64, shape (groups, 1 + periods).
    """
    there, came, went = np.zeros(groups), *np.zeros((2, groups, len(periods)))
    count_stretches(
        periods.by_day,
        group_of(stretches.row) if groups > 1 else ONE_GROUP,
        stretches.start,
        stretches.stop,
        stretches.open_at_start,
        weight_of_each(stretches.weight),
        there,
        came,
        went,
    )
    return np.cumsum(np.hstack([there[:, None], came - went]), axis=1)


def mean_stock(
    periods: Periods,
    stretches: Stretches,
    group_of: Callable[[Ints], Ints],
    groups: int,
    open_then: Floats,
) -> Floats:
    """What is open on average over each period's minutes; `open_then` is from `stock`."""
    group, change = group_of(stretches.row), np.zeros((groups, len(periods)))
    came, went = ~stretches.open_at_start, stretches.stop != NEVER
    for sign, minute, chosen in ((1, stretches.start, came), (-1, stretches.stop, went)):
        left = periods.edges[1:][periods.of(minute[chosen])] - minute[chosen]
        left = left if stretches.weight is None else left * stretches.weight[chosen]
        change += sign * tally(periods, group[chosen], minute[chosen], groups, left)
    return open_then[:, :-1] + change / np.diff(periods.edges)


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
        names[name] = strings(labels, place)
    periods = strings(period_names, np.repeat(np.arange(len(period_names)), len(present)))
    ordered = {name: names[name] for name in columns}
    flat = {name: np.asarray(array).T.ravel() for name, array in values.items()}
    return pd.DataFrame({"period": periods, **ordered, **flat})


def strings(labels: Sequence[str], code: Ints) -> pd.api.extensions.ExtensionArray:
    """The label of each code as a column of strings."""
    return pd.array(list(labels), dtype="str").take(code)


def whole(values: Floats) -> Ints:
    """Counts as whole numbers."""
    return np.rint(values).astype(np.int64)


def share(of: Floats, out_of: Floats) -> Floats:
    """One count as a share of another; NaN where there is nothing to share."""
    return np.divide(of, out_of, out=np.full(np.shape(out_of), np.nan), where=out_of > 0)
