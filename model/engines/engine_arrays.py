"""What the compiled kernel works on: a network, its cases and a run's state as flat arrays.

Every array has a fixed type and number of dimensions, whatever the network, so that the kernel is
compiled once. Rows have named fields (those of `model.network`), so that the kernel reads like the
reference engine. Nothing is decided here, and no number of the model is kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.engines.cases import MOST_STAYS, NOT_YET, Cases
from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    CHILD_COMES_HOME,
    COLUMNS,
    COMPLETED,
    GROWN_UP,
    HOUSEHOLD_CHANGED,
    OUTCOME_CODE,
)
from model.luck import run_key
from model.network import (
    BESIDE_FIELDS,
    DRAW_FIELDS,
    EFFECT_FIELDS,
    END_FIELDS,
    ENDS_AT_AGE,
    NONE,
    STAGE_FIELDS,
    TABLE_FIELDS,
    TIME_CODE,
    TO_FAMILY,
    TO_SAME,
    WAIT_CODE,
    Network,
)
from model.pathway import Time, Wait

FAR = 2**62
NEEDS = 16  # values of a four-bit attribute: one line of those who wait for each
SCOPE_BITS = 16  # of a child's position, for each Scope
KEY_BITS = 63  # of an event's place in the order
ROWS_PER_CASE = 8  # of the log, to begin with; room is made when it is not enough


def record(*fields: str, kind: type = np.int64) -> list[tuple[str, type]]:
    """Fields of one kind, by name."""
    return [(name, kind) for name in fields]


# What holds for the whole run and is one number: the network's own, the codes by which the model
# calls things, and where the parts of the joined arrays start. Never compiled in.
RULES = np.dtype(
    [
        ("key", np.uint64),  # of the replication's luck
        *record(
            "horizon",
            "adult_age",  # minutes
            "return_stage",
            "step_down_stage",
            "rejoin_clear",
            "rejoin_set",
            "opens_minute",
            "day_minutes",
            "age_shift",
            "need_shift",
            "placement_shift",
            "at_once",
            "effort",
            "duration",
            "hazards",
            "blocks",
            "waiting_stage",
            "clock_runs",
            "ends_at_age",
            "to_same",
            "to_family",
            "household_changed",
            "grown_up",
            "child_comes_home",
            "completed",
            "first_epoch",  # in `whole`, and so on
            "epochs",
            "first_capacity",
            "first_spill",
            "spill_length",
            "first_age_limit",
            "age_limits",
            "first_day",
            "days",
            "first_working_date",
            "working_dates",
            "first_quantile",  # in `numbers`
            "first_exponential",
            "cells",  # of a quantile table
            "minute_shift",  # where the parts of an event's key start
            "phase_shift",
            "stage_shift",
            "most_stays",  # of one case
            "rows_at_once",  # the most rows of the log that one step can begin
        ),
    ],
    align=True,
)

# What changes as the run goes on and is one number.
CLOCK = np.dtype(
    record(
        "now",
        "epoch",
        "next_change",  # of the dates on which something changes
        "next_case",  # of those who are still to appear
        "children_to_come",  # of these, how many are a child's
        "current",  # who is on their way just now, or NOT_YET
        "step",  # what they do next
        "enter_care",  # the children who enter care at this end, as bits; the stage they enter
        "care_stage",
        "comes_home",  # 1 when a child does
        "freed",  # the pool of a place just given up or opened, or NOT_YET
        "changing",  # the next pool whose places change today, or NOT_YET
        "first_pending",  # who is set on their way by the present event
        "last_pending",
        "waiting",  # how many wait for a place
        "events",  # in the heap
        "rows",  # of the log
        "people",
    ),
    align=True,
)

# The rows of a network's tables, with the fields that `model.network` names.
STAGE, END, DRAW, BESIDE, EFFECT, TABLE = (
    np.dtype(record(*fields), align=True)
    for fields in (
        STAGE_FIELDS,
        END_FIELDS,
        DRAW_FIELDS,
        BESIDE_FIELDS,
        EFFECT_FIELDS,
        TABLE_FIELDS,
    )
)
STEP = np.dtype([("at", np.int64), ("ratio", np.float64)], align=True)  # of an effect
POOL = np.dtype(record("capacity", "in_use", "waiting", "placement"), align=True)

# A row of `Cases`: the bits of each Scope stand SCOPE_BITS apart; `rank` is the family's by id.
ARRIVAL = np.dtype(
    [
        ("floor", np.float64),
        *record("minute", "case", "stage", "state", "household", "scopes", "spent", "rank"),
    ],
    align=True,
)

# The fields of `model.engines.cases.Case`, and what the kernel needs to find its way among them.
PERSON = np.dtype(
    [
        ("key", np.uint64),
        ("floor", np.float64),
        *record(
            "id",
            "order",  # the rank of the case by id
            "state",
            "usual_state",
            "scopes",
            "birth",
            "alarm",  # the key of the event that will wake the case; 0 for none
            "exit_at",
            "next_adult_at",
            "clock_start",
            "row_start",
            "row_spent",
            "served",
            "helped_at",
            "asked",
        ),
        *record(
            "row",  # of the log
            "nth",
            "stage",  # NONE when the case is over
            "exit_end",
            "pool",
            "stage_pool",
            "placement_pool",
            "line",  # where the case waits: pool x NEEDS + need, or NOT_YET
            "ahead",  # who waits just before
            "behind",
            "home",
            "mask",
            "family",  # a child's family; a family's own place
            "child",  # a child's position in the family
            "sibling",  # the next of the family's children who have a case
            "pending",  # who is set on their way next
            "same_stage",
            "active",
            kind=np.int32,
        ),
    ],
    align=True,
)


class World(NamedTuple):
    """Everything that the kernel reads and writes.

    Attributes
    ----------
    rules : RULES, one row. clock : CLOCK, one row.
    stages, ends, draws, besides, tables : of the network. effects : those of each end in turn.
    steps : of all effects. numbers : tables' values, quantiles, the unit exponential.
    whole : bands' edges, dates of change, capacity, spill, age limits, the calendar.
    arrivals : the cases in the order in which they appear. births : of their children.
    family_at : the place of the k-th family by id.
    people : families in the order of `arrivals`, then the children who have had a case.
    lines : the first and the last of each line of those who wait.
    events : a heap of keys; those that are nobody's alarm any more are passed over.
    rows : the log, each row in its place from the minute in which it begins.
    """

    rules: NDArray[Any]
    clock: NDArray[Any]
    stages: NDArray[Any]
    ends: NDArray[Any]
    draws: NDArray[Any]
    besides: NDArray[Any]
    tables: NDArray[Any]
    effects: NDArray[Any]
    steps: NDArray[Any]
    numbers: NDArray[np.float64]
    whole: NDArray[np.int64]
    arrivals: NDArray[Any]
    births: NDArray[np.int64]
    family_at: NDArray[np.int64]
    people: NDArray[Any]
    pools: NDArray[Any]
    lines: NDArray[np.int64]
    events: NDArray[np.int64]
    rows: NDArray[np.int64]


def rows_of(array: NDArray[np.int64], kind: np.dtype) -> NDArray[Any]:
    """A table of whole numbers as rows with named fields; shape (rows,)."""
    whole = np.require(array, np.int64, ["C", "W", "A"])
    return whole.reshape(-1).view(kind)


def first_row(kind: np.dtype, **fields: int) -> NDArray[Any]:
    """One row with these fields, as an array of one."""
    row = np.zeros(1, kind)
    for name, value in fields.items():
        row[name] = value
    return row


def joined(kind: type, **parts: NDArray[Any]) -> tuple[NDArray[Any], dict[str, int]]:
    """Arrays one after another as one, and where each starts, by name."""
    flat: dict[str, NDArray[Any]] = {
        name: np.asarray(part, kind).reshape(-1) for name, part in parts.items()
    }
    ends = np.cumsum([part.size for part in flat.values()]).tolist()
    return np.concatenate(list(flat.values())), dict(zip(flat, [0, *ends], strict=False))


def adult_age(network: Network) -> int:
    """The age in minutes at which a child leaves the family: the limit of being looked after."""
    stages = rows_of(network.stages, STAGE)
    limited = (stages["is_child"] != 0) & (stages["limit"] != NONE) & (stages["placement"] != 0)
    if not limited.any():
        return FAR
    table = rows_of(network.tables, TABLE)[stages["limit"][limited.argmax()]]
    return int(network.values[table["offset"]])


def order_shifts(network: Network, cases: Cases) -> dict[str, int]:
    """Where the parts of an event's key start: (minute, phase, stage, rank of the case)."""
    order_bits = (len(cases.case) * CASES_PER_FAMILY).bit_length()
    phase_shift = order_bits + len(network.stages).bit_length()
    if phase_shift + 1 + int(network.horizon).bit_length() > KEY_BITS:
        raise ValueError(
            f"{len(cases.case)} cases over {network.horizon} minutes are more than the compiled "
            "engine can put in order. Run fewer years or a smaller area, or use SimPy."
        )
    return {
        "minute_shift": phase_shift + 1,
        "phase_shift": phase_shift,
        "stage_shift": order_bits,
    }


def codes() -> dict[str, int]:
    """What the model calls things, in numbers."""
    return {
        "age_shift": ATTRIBUTE_SHIFT["age"],
        "need_shift": ATTRIBUTE_SHIFT["need"],
        "placement_shift": ATTRIBUTE_SHIFT["placement"],
        "at_once": TIME_CODE[Time.AT_ONCE],
        "effort": TIME_CODE[Time.EFFORT],
        "duration": TIME_CODE[Time.DURATION],
        "hazards": TIME_CODE[Time.HAZARDS],
        "blocks": WAIT_CODE[Wait.BLOCKS],
        "waiting_stage": WAIT_CODE[Wait.WAITING_STAGE],
        "clock_runs": WAIT_CODE[Wait.CLOCK_RUNS],
        "ends_at_age": ENDS_AT_AGE,
        "to_same": TO_SAME,
        "to_family": TO_FAMILY,
        "household_changed": OUTCOME_CODE[HOUSEHOLD_CHANGED],
        "grown_up": OUTCOME_CODE[GROWN_UP],
        "child_comes_home": OUTCOME_CODE[CHILD_COMES_HOME],
        "completed": OUTCOME_CODE[COMPLETED],
    }


def network_arrays(network: Network) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
    """The arrays of `World` that are the network's, and its single numbers."""
    calendar = network.calendar
    numbers, starts = joined(
        np.float64,
        values=network.values,
        first_quantile=network.quantiles,
        first_exponential=network.exponential,
    )
    whole, more_starts = joined(
        np.int64,
        edges=network.edges,
        first_epoch=network.epochs,
        first_capacity=network.capacity,
        first_spill=network.spill,
        first_age_limit=network.age_limits,
        first_day=calendar.days_before,
        first_working_date=calendar.working_dates,
    )
    single = {
        **{name: at for name, at in {**starts, **more_starts}.items() if name.startswith("first")},
        "horizon": network.horizon,
        "adult_age": adult_age(network),
        "return_stage": network.return_stage,
        "step_down_stage": network.step_down_stage,
        "rejoin_clear": network.rejoin_clear,
        "rejoin_set": network.rejoin_set,
        "opens_minute": calendar.opens_minute,
        "day_minutes": calendar.day_minutes,
        "epochs": len(network.epochs),
        "spill_length": network.spill.shape[1],
        "age_limits": len(network.age_limits),
        "days": len(calendar.days_before) - 1,
        "working_dates": len(calendar.working_dates),
        "cells": network.quantiles.shape[1] - 1,
        "rows_at_once": int(network.stage_field("besides").max(initial=0)) + 4,
    }
    steps = np.zeros(len(network.effect_steps), STEP)
    steps["at"], steps["ratio"] = network.effect_steps, network.effect_ratios
    arrays = {
        "stages": rows_of(network.stages, STAGE),
        "ends": rows_of(network.ends, END),
        "draws": rows_of(network.draws, DRAW),
        "besides": rows_of(network.besides, BESIDE),
        "tables": rows_of(network.tables, TABLE),
        "effects": rows_of(network.effects[network.effect_ids], EFFECT),
        "steps": steps,
        "numbers": numbers,
        "whole": whole,
    }
    return arrays, single


def arrivals_of(cases: Cases, family_at: NDArray[np.int64]) -> NDArray[Any]:
    """The cases in the order in which they appear.

    Parameters
    ----------
    family_at : which family has each rank by id, shape (cases,).
    """
    arrivals = np.empty(len(cases.case), ARRIVAL)
    for name in ("minute", "case", "stage", "state", "household", "spent", "floor"):
        arrivals[name] = getattr(cases, name)
    scopes = cases.scopes[:, 0].copy()
    for scope in range(1, cases.scopes.shape[1]):
        scopes |= cases.scopes[:, scope] << SCOPE_BITS * scope
    arrivals["scopes"] = scopes
    arrivals["rank"][family_at] = np.arange(len(family_at))
    return arrivals


def pools_of(network: Network) -> NDArray[Any]:
    """The pools with the places they have on the first day, all free."""
    pools = np.zeros(network.capacity.shape[1], POOL)
    pools["capacity"] = network.capacity[0]
    pools["placement"] = network.pool_placement
    return pools


def world_of(network: Network, cases: Cases, seed: int, replication: int) -> World:
    """Everything that one replication needs, before its first minute."""
    arrays, single = network_arrays(network)
    count = len(cases.case)
    children = int(np.count_nonzero(cases.case & (CASES_PER_FAMILY - 1)))
    room = count + children + count // 16 + 64
    family_at = np.argsort(cases.case).astype(np.int64, copy=False)
    return World(
        rules=first_row(
            RULES,
            key=run_key(seed, replication),
            most_stays=MOST_STAYS,
            **single,
            **codes(),
            **order_shifts(network, cases),
        ),
        clock=first_row(
            CLOCK,
            next_change=1,
            children_to_come=children,
            current=NOT_YET,
            freed=NOT_YET,
            changing=NOT_YET,
            first_pending=NOT_YET,
            last_pending=NOT_YET,
            people=count,
        ),
        **arrays,
        arrivals=arrivals_of(cases, family_at),
        births=np.require(cases.births, np.int64, ["C", "W", "A"]),
        family_at=family_at,
        people=np.zeros(room, PERSON),
        pools=pools_of(network),
        lines=np.full((network.capacity.shape[1] * NEEDS, 2), NOT_YET, np.int64),
        events=np.empty(2 * room + 64, np.int64),
        rows=np.empty((ROWS_PER_CASE * count + 1024, len(COLUMNS)), np.int64),
    )


def with_more(array: NDArray[Any], used: int) -> NDArray[Any]:
    """The same array with twice the room, zero where nothing is yet."""
    more = np.zeros((2 * len(array) + 64, *array.shape[1:]), array.dtype)
    more[:used] = array[:used]
    return more
