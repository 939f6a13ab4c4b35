"""A case: a family, or one child in care, on its way through the pathway.

Only what the pathway needs to know: who is at home, what is settled about them, where they are,
and what will happen next unless something else comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.episodes import CASES_PER_FAMILY
from model.errors import InputError, Where
from model.luck import case_keys

NOT_YET = -1
FAR = 2**62
CASES_AT_A_TIME = 1024
# Of one case. The order of events has twelve bits for the rows it writes; the 95 numbers left are
# room for what one stay can add: changes of the household, and what runs beside.
MOST_STAYS = 4000


@dataclass(frozen=True)
class Cases:
    """Everyone a run will meet, fixed before it starts; one row each, sorted by (minute, case).

    Attributes
    ----------
    minute : when the case appears; 0 for cases open, or lately left, at the start. Minutes.
    case : family x 16, or + 1 to 15 for a child who is looked after from the first.
    stage : where it starts, index in the pathway.
    state : packed attributes.
    household : bits of the children at home (0 for a child's case).
    scopes : which of the children each Scope counts, shape (cases, 4), bits.
    births : birth of each child, minutes from the run's start, shape (cases, children).
    spent : time already spent in the stage: minutes, or working minutes for plain durations.
    floor : share of the stage's duration already passed, 0 to 1 (plain durations).
    """

    minute: NDArray[np.int64]
    case: NDArray[np.int64]
    stage: NDArray[np.int64]
    state: NDArray[np.int64]
    household: NDArray[np.int64]
    scopes: NDArray[np.int64]
    births: NDArray[np.int64]
    spent: NDArray[np.int64]
    floor: NDArray[np.float64]

    def in_order(self, key: int, adult_minutes: int) -> Iterator[tuple]:
        """The cases one after another, as plain numbers, which Python reads faster.

        Yields minute, case, stage, state, household, scopes, when the first child at home grows
        up (FAR for never), spent, floor, the key of the family's luck and the row here.

        Parameters
        ----------
        key : of the replication's luck.
        adult_minutes : age at which a child leaves the family's case.
        """
        at_home = self.household[:, None] >> np.arange(self.births.shape[1]) & 1 == 1
        adult_at = np.where(at_home, self.births + adult_minutes, FAR).min(axis=1)
        columns = self.minute, self.case, self.stage, self.state, self.household
        keys = case_keys(key, self.case - self.case % CASES_PER_FAMILY)
        rest = adult_at, self.spent, self.floor, keys, np.arange(len(self.case))
        for first in range(0, len(self.case), CASES_AT_A_TIME):
            part = slice(first, first + CASES_AT_A_TIME)
            yield from zip(
                *(column[part].tolist() for column in columns),
                map(tuple, self.scopes[part].tolist()),
                *(column[part].tolist() for column in rest),
                strict=True,
            )


class Case:
    """One case on its way; the engine writes its fields, in the order of the pathway."""

    __slots__ = (
        "alarm",
        "asked",
        "birth",
        "children",
        "clock_start",
        "exit_at",
        "exit_end",
        "family",
        "floor",
        "helped_at",
        "home",
        "id",
        "key",
        "mask",
        "next_adult_at",
        "nth",
        "placement_pool",
        "pool",
        "requests",
        "row",
        "row_spent",
        "row_start",
        "rules",
        "same_stage",
        "scopes",
        "served",
        "stage_pool",
        "state",
        "usual_state",
        "waiting",
    )

    def __init__(self, case_id: int, key: int, state: int) -> None:
        self.id = case_id
        self.key = key
        self.state = state
        self.usual_state = state
        self.rules: Any = None
        self.family: Case | None = None
        self.children: dict[int, Case] = {}
        self.home = 0
        self.scopes: tuple[int, ...] = (0, 0, 0, 0)
        self.row = NOT_YET
        self.birth = 0
        self.next_adult_at = 0
        self.mask = 0
        self.nth = 0
        self.row_start = 0
        self.row_spent = 0
        self.clock_start = 0
        self.same_stage = False
        self.floor = 0.0
        self.served = NOT_YET
        self.pool = NOT_YET
        self.stage_pool = NOT_YET
        self.placement_pool = NOT_YET
        self.waiting = 0
        self.requests = 0
        self.asked = 0
        self.exit_at = 0
        self.exit_end = NOT_YET
        self.helped_at = NOT_YET
        self.alarm: Any = None


def lowest_bit(bits: int) -> int:
    """The lowest set bit of a mask, as a mask; 0 for none."""
    return bits & -bits


def set_bits(bits: int) -> list[int]:
    """The positions of the set bits, lowest first."""
    return [position for position in range(bits.bit_length()) if bits >> position & 1]


def too_many_stays(case_id: int, stage: str) -> InputError:
    """The complaint about a case that goes round in circles.

    Parameters
    ----------
    stage : the name of the one that it was about to begin.
    """
    return InputError(
        Where("model/pathway.py"),
        f"case {case_id} has begun {MOST_STAYS} stays and comes to stage {stage!r} once more",
        "stages that take time",
        "Look for stages that lead to each other and that a case leaves at once.",
    )
