"""What the kernel looks up and works out: luck, tables, durations, working time, the heap.

Each function has the name, and does the arithmetic in the order, of its fellow in `model.luck`,
`model.engines.rules`, `model.working_days` or `model.engines.simpy_engine`: with + - x / alone,
and nothing fused or regrouped, two engines agree to the last bit. Like the kernel, it holds no
number that a network, an area or a scenario could change.
"""
# mypy: allow-untyped-defs, no-check-untyped-defs

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from model.compiling import OPTIONS

# Numbers that are handed to functions have NumPy's type: Numba compiles a function once more for
# every plain number that it meets as an argument.
NONE = np.int64(-1)
FIRST_DAY = np.int64(0)  # the epoch of the run's start
ATTRIBUTE = 15  # the bits of one attribute
DAY = 1440  # minutes

# Of the hash by which luck is addressed (model/luck.py).
CASE_STEP = np.uint64(0x9E3779B97F4A7C15)
PURPOSE_STEP = np.uint64(0xD1B54A32D192ED03)
NTH_STEP = np.uint64(0xABC98388FB8FAC03)
FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
BY_27, BY_30, BY_31, TO_53_BITS = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
TO_UNIT = 2.0**-53

INNER: dict[str, Any] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    **OPTIONS,
}  # no way in from Python
part = njit(forceinline=True, **INNER)  # a part of one large function, written apart to be read
apart = njit(**INNER)  # large, or called from several places


# --- luck and lookups -----------------------------------------------------------------------------


@part
def mix(z):
    """Scramble a 64-bit number."""
    z = (z ^ (z >> BY_30)) * FIRST_FACTOR
    z = (z ^ (z >> BY_27)) * SECOND_FACTOR
    return z ^ (z >> BY_31)


@part
def case_key(key, case):
    """The key of one case in a replication."""
    return mix(key + np.uint64(case) * CASE_STEP)


@part
def uniform(key, purpose, nth):
    """The luck of a case for a purpose on its nth stay."""
    z = mix(key + np.uint64(purpose) * PURPOSE_STEP + np.uint64(nth) * NTH_STEP)
    return np.float64(z >> TO_53_BITS) * TO_UNIT


@part
def entry(table, state, epoch):
    """Where a table's numbers of a case in this state start."""
    return (
        table.offset
        + table.epoch * epoch
        + table.by1 * ((state >> table.shift1) & ATTRIBUTE)
        + table.by2 * ((state >> table.shift2) & ATTRIBUTE)
        + table.by3 * ((state >> table.shift3) & ATTRIBUTE)
    )


@part
def value(world, table, state, epoch):
    """A table's number for a case in this state."""
    return world.numbers[entry(world.tables[table], state, epoch)]


@part
def written(state, shift, code):
    """The state with one attribute written into it."""
    return state & ~(ATTRIBUTE << shift) | code << shift


@part
def pick(numbers, u, first, count):
    """The first of `count` shares whose running total passes u; the last takes the rest."""
    reached = 0.0
    for position in range(count - 1):
        reached += numbers[first + position]
        if u < reached:
            return position
    return count - 1


@part
def steps_passed(array, first, count, at):
    """How many of the `count` entries from `first` are at or before a moment."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if at < array[first + middle]:
            high = middle
        else:
            low = middle + 1
    return low


@part
def effect_at(world, effect, passed):
    """How many steps of an effect have begun so long after help did."""
    low, high = 0, effect.steps
    while low < high:
        middle = (low + high) // 2
        if passed < world.steps[effect.first_step + middle].at:
            high = middle
        else:
            low = middle + 1
    return low


@part
def in_cell(numbers, first, position, cell):
    """The number so far along a row of numbers, linear within a cell."""
    low = numbers[first + cell]
    return low + (numbers[first + cell + 1] - low) * (position - cell)


@part
def quantile(world, row, u):
    """A duration's quantile at u, from its table of equal cells."""
    rules = world.rules[0]
    position = u * rules.cells
    cell = min(np.int64(position), rules.cells - 1)
    first = rules.first_quantile + row * (rules.cells + 1)
    return in_cell(world.numbers, first, position, cell)


@part
def unit_exponential(world, u):
    """The unit exponential's quantile, from a table whose last cell is refined."""
    rules = world.rules[0]
    first, cells = rules.first_exponential, rules.cells
    position = u * cells
    if position >= cells - 1:
        position = (position - (cells - 1)) * cells
        first += cells + 1
    return in_cell(world.numbers, first, position, np.int64(position))


@part
def age_band(world, case, minute):
    """A child's age band at a moment; the unborn count as under one."""
    rules = world.rules[0]
    return steps_passed(world.whole, rules.first_age_limit, rules.age_limits, minute - case.birth)


# --- working time ---------------------------------------------------------------------------------


@part
def worked_by(world, minute):
    """Working minutes between the start of the calendar and a moment."""
    rules = world.rules[0]
    day, rest = minute // DAY, minute % DAY
    if day >= rules.days:
        return world.whole[rules.first_day + rules.days] * rules.day_minutes
    before, after = world.whole[rules.first_day + day], world.whole[rules.first_day + day + 1]
    worked = before * rules.day_minutes
    if after > before:
        worked += min(max(rest - rules.opens_minute, 0), rules.day_minutes)
    return worked


@part
def add_working(world, minute, minutes):
    """The moment by which so many working minutes have passed."""
    if minutes == 0:
        return minute
    rules = world.rules[0]
    last = worked_by(world, minute) + minutes - 1
    nth_day, rest = last // rules.day_minutes, last % rules.day_minutes
    if nth_day >= rules.working_dates:
        return rules.days * DAY + minutes
    date = world.whole[rules.first_working_date + nth_day]
    return date * DAY + rules.opens_minute + rest + 1


# --- the heap of events ---------------------------------------------------------------------------


@part
def push(events, count, key):
    """Put a key into a heap of four branches; `count` are there before."""
    at = count
    while at > 0:
        above = (at - 1) >> 2
        if events[above] <= key:
            break
        events[at] = events[above]
        at = above
    events[at] = key


@part
def pop(events, count):
    """Take the least key out of a heap; `count` are there before."""
    last = count - 1
    key = events[last]
    at, first = 0, 1
    while first < last:
        least, found = first, events[first]
        for branch in range(first + 1, min(first + 4, last)):
            if events[branch] < found:
                least, found = branch, events[branch]
        if key <= found:
            break
        events[at] = found
        at, first = least, 4 * least + 1
    events[at] = key
