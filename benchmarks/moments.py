"""A clock whose one number is minute and order: for simulators that settle ties their own way.

Events of one minute run in an order that our engines agree on (docs/engines.md). A simulator that
knows only a time gets that order as part of it: no two events then happen at the same moment.
"""

from __future__ import annotations

from benchmarks.families import STAGE
from model.engines.cases import Cases
from model.engines.simpy_engine import ARRIVAL, ENDING
from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY

RANK_BITS, STAGE_BITS, PHASE_BITS = 20, 3, 2  # and 23 for ten years' minutes: exact as a float
MINUTE_SHIFT = RANK_BITS + STAGE_BITS + PHASE_BITS
FIRST_CASE = FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY


def moment(minute: int, phase: int = 0, stage: str = "contact", case: int = FIRST_CASE) -> int:
    """When something happens: in a minute, and where in the order of that minute."""
    order = phase << STAGE_BITS | STAGE[stage]
    return minute << MINUTE_SHIFT | order << RANK_BITS | (case - FIRST_CASE) // CASES_PER_FAMILY


def minute_of(at: float) -> int:
    """The minute of a moment."""
    return int(at) >> MINUTE_SHIFT


def ending(minute: int, stage: str, case: int) -> int:
    """The moment in which a stay ends."""
    return moment(minute, ENDING, stage, case)


def arrivals(cases: Cases) -> list[int]:
    """The moments in which families appear."""
    pairs = zip(cases.minute.tolist(), cases.case.tolist(), strict=True)
    return [moment(minute, ARRIVAL, "contact", case) for minute, case in pairs]
