"""What the compiled kernel works on: a network, its cases and a run's state as flat arrays.

Every array has a fixed type and number of dimensions, whatever the network, so that the kernel is
compiled once. Rows have named fields (those of `model.network`), so that the kernel reads like the
reference engine. Nothing is decided here, and no number of the model is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.engines.cases import NOT_YET, Cases
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
ROOM_PER_CASE = 8  # rows of the log to begin with; room is made when it is not enough


def record(fields: Sequence[str], kind: type = np.int64) -> np.dtype:
    """A row whose fields are all of one kind."""
    return np.dtype([(name, kind) for name in fields])


# What holds for the whole run and is no array: the network's single numbers, and the codes by
# which the model calls things. They are given at run time, never compiled in.
RULES = np.dtype(
    [
        ("key", np.uint64),  # of the replication's luck
        *(
            (name, np.int64)
            for name in (
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
                "minute_shift",  # where the parts of an event's key start
                "phase_shift",
                "stage_shift",
                "rows_at_once",  # the most rows that one step can begin
            )
        ),
    ]
)

# What changes as the run goes on and is no array.
CLOCK = record(
    (
        "now",
        "epoch",
        "next_change",  # of the dates on which something changes
        "next_case",  # of those who are still to appear
        "current",  # who is on their way just now, or NOT_YET
        "ending",  # 1 when their stay ends now, 0 when one begins
        "first_pending",  # who is set on their way by the present event
        "last_pending",
        "waiting",  # how many wait for a place
        "events",  # in the heap
        "rows",  # of the log
        "people",
        "children_to_come",  # cases still to appear that are a child's
    )
)

POOL = record(("capacity", "in_use", "waiting", "placement"))  # the kind of placement it gives

# When a hazard ratio of an effect begins to hold, minutes since help began.
STEP = np.dtype([("at", np.int64), ("ratio", np.float64)])

# A row of `Cases`, with the rank of the family among all families by id.
ARRIVAL = np.dtype(
    [
        ("floor", np.float64),
        *(
            (name, np.int64)
            for name in (
                "minute",
                "case",
                "stage",
                "state",
                "household",
                "scopes",  # the bits of each Scope, 16 bits apart
                "spent",
                "rank",
            )
        ),
    ]
)

# The fields of `model.engines.cases.Case`, and what the kernel needs to find one's way among them.
PERSON = np.dtype(
    [
        ("key", np.uint64),
        ("floor", np.float64),
        *(
            (name, np.int64)
            for name in (
                "id",
                "order",  # the place of the case among all, by its id
                "state",
                "usual_state",
                "scopes",  # the bits of each Scope, 16 bits apart
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
            )
        ),
        *(
            (name, np.int32)
            for name in (
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
            )
        ),
    ],
    align=True,
)


class World(NamedTuple):
    """Everything that the kernel reads and writes. See `Network` and `Cases` for most of it.

    `effects` are those of each end in turn, with their `steps`; `family_at` gives the place of the k-th family by id; `lines` the first and the last of each
    line of those who wait; `events` a heap of keys, of which those that are nobody's alarm any
    more are passed over; `rows` the log, each row in its place from the minute in which it begins.
    """

    rules: NDArray[Any]
    stages: NDArray[Any]
    ends: NDArray[Any]
    draws: NDArray[Any]
    besides: NDArray[Any]
    effects: NDArray[Any]
    tables: NDArray[Any]
    values: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    exponential: NDArray[np.float64]
    edges: NDArray[np.int64]
    steps: NDArray[Any]
    epochs: NDArray[np.int64]
    capacity: NDArray[np.int64]
    spill: NDArray[np.int64]
    age_limits: NDArray[np.int64]
    days_before: NDArray[np.int64]
    working_dates: NDArray[np.int64]
    arrivals: NDArray[Any]
    births: NDArray[np.int64]
    family_at: NDArray[np.int64]
    clock: NDArray[Any]
    people: NDArray[Any]
    pools: NDArray[Any]
    lines: NDArray[np.int64]
    events: NDArray[np.int64]
    rows: NDArray[np.int64]


def flat(array: NDArray[Any], kind: type, dimensions: int = 1) -> NDArray[Any]:
    """The array as the kernel takes it: of this kind, contiguous and writable, else a copy."""
    found = np.require(array, kind, ["C", "W", "A"])
    if found.ndim != dimensions:
        raise ValueError(f"an array of {found.ndim} dimensions where {dimensions} are expected")
    return found


def named(array: NDArray[np.int64], fields: Sequence[str]) -> NDArray[Any]:
    """A table of whole numbers as rows with named fields; shape (rows,)."""
    whole = flat(array, np.int64, 2)
    if whole.shape[1] != len(fields):
        raise ValueError(f"{whole.shape[1]} columns for the fields {', '.join(fields)}")
    return whole.view(record(fields))[:, 0]


def first_row(kind: np.dtype, **fields: int) -> NDArray[Any]:
    """One row with these fields, as an array of one."""
    row = np.zeros(1, kind)
    for name, value in fields.items():
        row[name] = value
    return row


def adult_age(network: Network) -> int:
    """The age in minutes at which a child leaves the family: the limit of being looked after."""
    field = dict(zip(STAGE_FIELDS, network.stages.T, strict=True))
    found = np.flatnonzero((field["is_child"] != 0) & (field["limit"] != NONE) & field["placement"])
    if not len(found):
        return FAR
    offset = network.tables[field["limit"][found[0]], TABLE_FIELDS.index("offset")]
    return int(network.values[offset])


def rules_of(network: Network, cases: Cases, seed: int, replication: int) -> NDArray[Any]:
    """The numbers and codes that hold for the whole run."""
    order_bits = (len(cases.case) * CASES_PER_FAMILY).bit_length()
    stage_bits = len(network.stages).bit_length()
    minute_shift = order_bits + stage_bits + 1
    if minute_shift + int(network.horizon).bit_length() > KEY_BITS:
        raise ValueError(
            f"{len(cases.case)} cases over {network.horizon} minutes are more than the compiled "
            "engine can put in order. Run a shorter time or a smaller area, or use SimPy."
        )
    return first_row(
        RULES,
        key=run_key(seed, replication),
        horizon=network.horizon,
        adult_age=adult_age(network),
        return_stage=network.return_stage,
        step_down_stage=network.step_down_stage,
        rejoin_clear=network.rejoin_clear,
        rejoin_set=network.rejoin_set,
        opens_minute=network.calendar.opens_minute,
        day_minutes=network.calendar.day_minutes,
        age_shift=ATTRIBUTE_SHIFT["age"],
        need_shift=ATTRIBUTE_SHIFT["need"],
        placement_shift=ATTRIBUTE_SHIFT["placement"],
        at_once=TIME_CODE[Time.AT_ONCE],
        effort=TIME_CODE[Time.EFFORT],
        duration=TIME_CODE[Time.DURATION],
        hazards=TIME_CODE[Time.HAZARDS],
        blocks=WAIT_CODE[Wait.BLOCKS],
        waiting_stage=WAIT_CODE[Wait.WAITING_STAGE],
        clock_runs=WAIT_CODE[Wait.CLOCK_RUNS],
        ends_at_age=ENDS_AT_AGE,
        to_same=TO_SAME,
        to_family=TO_FAMILY,
        household_changed=OUTCOME_CODE[HOUSEHOLD_CHANGED],
        grown_up=OUTCOME_CODE[GROWN_UP],
        child_comes_home=OUTCOME_CODE[CHILD_COMES_HOME],
        completed=OUTCOME_CODE[COMPLETED],
        minute_shift=minute_shift,
        phase_shift=order_bits + stage_bits,
        stage_shift=order_bits,
        rows_at_once=int(network.stage_field("besides").max(initial=0)) + 4,
    )


def effects_of(network: Network) -> NDArray[Any]:
    """The effects of each end in turn, in the order in which the ends count them."""
    return named(network.effects[network.effect_ids], EFFECT_FIELDS)


def steps_of(network: Network) -> NDArray[Any]:
    """The steps of every effect."""
    steps = np.zeros(len(network.effect_steps), STEP)
    steps["at"], steps["ratio"] = network.effect_steps, network.effect_ratios
    return steps


def pools_of(network: Network) -> NDArray[Any]:
    """The pools with the places they have on the first day, all free."""
    pools = np.zeros(network.capacity.shape[1], POOL)
    pools["capacity"] = network.capacity[0]
    pools["placement"] = network.pool_placement
    return pools


def arrivals_of(cases: Cases, family_at: NDArray[np.int64]) -> NDArray[Any]:
    """The cases in the order in which they appear.

    Parameters
    ----------
    family_at : which family has each rank by id, shape (cases,).
    """
    arrivals = np.empty(len(cases.case), ARRIVAL)
    for name in ("minute", "case", "stage", "state", "household", "spent", "floor"):
        arrivals[name] = getattr(cases, name)
    arrivals["scopes"] = (cases.scopes << SCOPE_BITS * np.arange(cases.scopes.shape[1])).sum(axis=1)
    arrivals["rank"][family_at] = np.arange(len(family_at))
    return arrivals


def world_of(network: Network, cases: Cases, seed: int, replication: int) -> World:
    """Everything that one replication needs, before its first minute."""
    count = len(cases.case)
    family_at = np.argsort(cases.case, kind="stable").astype(np.int64)
    children = int((cases.case % CASES_PER_FAMILY != 0).sum())
    room = count + children + count // 16 + 64
    return World(
        rules=rules_of(network, cases, seed, replication),
        stages=named(network.stages, STAGE_FIELDS),
        ends=named(network.ends, END_FIELDS),
        draws=named(network.draws, DRAW_FIELDS),
        besides=named(network.besides, BESIDE_FIELDS),
        effects=effects_of(network),
        tables=named(network.tables, TABLE_FIELDS),
        values=flat(network.values, np.float64),
        quantiles=flat(network.quantiles, np.float64, 2),
        exponential=flat(network.exponential, np.float64),
        edges=flat(network.edges, np.int64),
        steps=steps_of(network),
        epochs=flat(network.epochs, np.int64),
        capacity=flat(network.capacity, np.int64, 2),
        spill=flat(network.spill, np.int64, 2),
        age_limits=flat(network.age_limits, np.int64),
        days_before=flat(network.calendar.days_before, np.int64),
        working_dates=flat(network.calendar.working_dates, np.int64),
        arrivals=arrivals_of(cases, family_at),
        births=flat(cases.births, np.int64, 2),
        family_at=family_at,
        clock=first_row(
            CLOCK,
            next_change=1,
            current=NOT_YET,
            first_pending=NOT_YET,
            last_pending=NOT_YET,
            people=count,
            children_to_come=children,
        ),
        people=np.zeros(room, PERSON),
        pools=pools_of(network),
        lines=np.full((network.capacity.shape[1] * NEEDS, 2), NOT_YET, np.int64),
        events=np.empty(2 * room + 64, np.int64),
        rows=np.empty((ROOM_PER_CASE * count + 1024, len(COLUMNS)), np.int64),
    )


def with_more(array: NDArray[Any], used: int) -> NDArray[Any]:
    """The same array with twice the room, zero where nothing is yet."""
    more = np.zeros((2 * len(array) + 64, *array.shape[1:]), array.dtype)
    more[:used] = array[:used]
    return more
