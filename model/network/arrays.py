"""The network's arrays: what an engine is given, and the names of their columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.episodes import ATTRIBUTE_SHIFT, BITS_PER_ATTRIBUTE
from model.pathway import ATTRIBUTES, Scope, Time, Wait
from model.working_days import WorkingCalendar

NONE = -1
TO_GONE, TO_SAME, TO_FAMILY = -1, -2, -3
TIME_CODE = {time: code for code, time in enumerate(Time)}
WAIT_CODE = {wait: code for code, wait in enumerate(Wait)}
SCOPE_CODE = {scope: code for code, scope in enumerate(Scope)}
ATTRIBUTE_MASK = (1 << BITS_PER_ATTRIBUTE) - 1
ENDS_AT_AGE, ENDS_AT_TIME = 0, 1

STAGE_FIELDS = (
    "time",  # index in Time
    "is_child",  # 1 for a child's stage
    "scope",  # index in Scope
    "first_end",
    "ends",
    "shares",  # table of shares by end (decided stages)
    "usual_shares",  # the same under today's arrangements, or -1
    "duration",  # table that gives the row of `quantiles`, or -1
    "duration_ratio",  # table
    "in_days",  # 1 when the duration is in working days, 0 in working minutes
    "first_edge",  # index in `edges` of the first band (hazard stages)
    "bands",
    "pace",  # table (hazard stages)
    "pool",  # table that gives the pool, or -1
    "wait",  # index in Wait, or -1
    "overload",  # table: share longer for each 100% of caseload over plan, or -1
    "first_draw",
    "draws",
    "first_beside",
    "besides",
    "placement",  # 1 when a placement is needed
    "limit",  # table that gives the limit in minutes of age or of time in stage, or -1
    "limit_kind",  # ENDS_AT_AGE or ENDS_AT_TIME
    "marks_help",
    "uses_age",  # 1 when a rate depends on age
)
END_FIELDS = (
    "outcome",
    "to",  # stage, or TO_GONE, TO_SAME, TO_FAMILY
    "clear",  # bits of the state to clear
    "set",  # bits of the state to set
    "clear_if_new",
    "set_if_new",
    "help_begins",
    "splits",
    "rest",  # where the other children go: stage or TO_SAME
    "rates",  # table of rates per minute by band, or -1
    "ratio",  # table of hazard ratios, or -1
    "purpose",
    "first_effect",
    "effects",
    "first_draw",
    "draws",
    "is_limit",  # 1 for the ending by age or by time in stage
)
DRAW_FIELDS = ("shift", "values", "shares", "usual_shares", "purpose")
BESIDE_FIELDS = ("stage", "chance", "quantiles", "in_working_time", "purpose")
EFFECT_FIELDS = ("mask", "value", "first_step", "steps")  # acts when state & mask == value
TABLE_FIELDS = ("offset", "epoch", "shift1", "by1", "shift2", "by2", "shift3", "by3")


AGE_LIMITS_YEARS = (1, 5, 10, 16)  # the upper ends of `pathway.ATTRIBUTES["age"]`, by their names


@dataclass(frozen=True)
class Network:
    """A pathway with numbers, ready for an engine.

    Attributes
    ----------
    stages, ends, draws, besides, effects, tables : int64 arrays, one row each, with the columns
        named in STAGE_FIELDS, END_FIELDS, DRAW_FIELDS, BESIDE_FIELDS, EFFECT_FIELDS, TABLE_FIELDS.
    values : float64, what the tables point into.
    quantiles : float64, shape (durations, CELLS + 1): working days, or minutes.
    exponential : float64, quantiles of the unit exponential.
    edges : int64 minutes, lower edges of the bands of hazard stages.
    effect_ids : int64, effects of each end. effect_steps : int64 minutes since help began.
    effect_ratios : float64, the hazard ratio from each step on.
    epochs : int64 minutes, when something changes; the first is 0.
    capacity : int64, shape (epochs, pools); NONE is unlimited.
    spill : int64, shape (placements, longest), pools tried in turn; NONE ends, or is unlimited.
    pool_placement : int64, the placement that each pool gives, or NONE.
    age_limits : int64 minutes, upper limits of the age bands.
    horizon : int, minutes of the run.
    calendar : the working calendar.
    return_stage, step_down_stage : stages that a child's coming home ends and opens, or NONE.
    stage_names : the stages in order, what the log's `stage` points to.
    places : names of the pools, in order; what the log's `place` points to.
    """

    stages: NDArray[np.int64]
    ends: NDArray[np.int64]
    draws: NDArray[np.int64]
    besides: NDArray[np.int64]
    effects: NDArray[np.int64]
    tables: NDArray[np.int64]
    values: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    exponential: NDArray[np.float64]
    edges: NDArray[np.int64]
    effect_ids: NDArray[np.int64]
    effect_steps: NDArray[np.int64]
    effect_ratios: NDArray[np.float64]
    epochs: NDArray[np.int64]
    capacity: NDArray[np.int64]
    spill: NDArray[np.int64]
    pool_placement: NDArray[np.int64]
    age_limits: NDArray[np.int64]
    rejoin_clear: int
    rejoin_set: int
    return_stage: int
    step_down_stage: int
    stage_names: tuple[str, ...]
    horizon: int
    calendar: WorkingCalendar
    places: tuple[str, ...]
    localities: tuple[str, ...]

    def stage_field(self, name: str) -> NDArray[np.int64]:
        """One column of `stages`, by name."""
        return self.stages[:, STAGE_FIELDS.index(name)]


def bits(assignments: dict[str, str]) -> tuple[int, int]:
    """The bits of the state to clear and to set for attribute values given by name."""
    clear = to_set = 0
    for attribute, value in assignments.items():
        clear |= ATTRIBUTE_MASK << ATTRIBUTE_SHIFT[attribute]
        to_set |= ATTRIBUTES[attribute].index(value) << ATTRIBUTE_SHIFT[attribute]
    return clear, to_set
