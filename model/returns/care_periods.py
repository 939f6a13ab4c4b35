"""Episodes of care into periods, and what the codes of the return say in the pathway's words.

A period of being looked after is the episodes that follow on each other; a move is an episode
that begins with a new placement. Codes are those of the return for looked-after children.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.returns.cleaned import Cleaned
from model.returns.linking import (
    NEVER,
    NOT_ASKED,
    OPEN,
    SAME_CARE_DAYS,
    SAME_EVENT_DAYS,
    UNKNOWN,
    Days,
    Ints,
)

# Reason a period ended, in the words of the pathway; any other reason is another reason.
ENDS_OF_CARE: dict[str, str] = {
    "E11": "adopted",
    "E12": "adopted",
    "E13": "returns_home",
    "E4A": "returns_home",
    "E4B": "returns_home",
    "E4": "returns_home",
    "E41": "returns_home",
    "E43": "special_guardianship",
    "E44": "special_guardianship",
    "E45": "special_guardianship",
    "E46": "special_guardianship",
    "E47": "special_guardianship",
    "E48": "special_guardianship",
    "E17": "turns_18",
}
OTHER_REASON = "leaves_for_other_reasons"
GOES_ON = "X1"
MOVES = ("P", "B")  # a new placement, alone or with a new legal status
SHORT_BREAKS = ("V3", "V4")  # legal statuses of agreed short breaks: no period of care
ADULT_DAYS = 18 * 365.25 - 15  # a period that ends about the birthday ended with it


@dataclass(frozen=True)
class CarePeriods:
    """Periods of being looked after.

    Attributes
    ----------
    child, began, ended : of each period; NEVER while it goes on.
    outcome : how it ended, in the pathway's words; empty while it goes on, or not said.
    placement : of its latest episode. first_placement : of its first.
    moved_child, moved_on, moved_to : each new placement within a period.
    moved_period : which period it is in.
    """

    child: Ints = field(repr=False)
    began: Days = field(repr=False)
    ended: Days = field(repr=False)
    outcome: NDArray[np.str_] = field(repr=False)
    placement: NDArray[np.object_] = field(repr=False)
    first_placement: NDArray[np.object_] = field(repr=False)
    moved_child: Ints = field(repr=False)
    moved_on: Days = field(repr=False)
    moved_to: NDArray[np.object_] = field(repr=False)
    moved_period: Ints = field(repr=False)


def care_periods(cleaned: Cleaned) -> CarePeriods:
    """The periods of care out of every return's episodes.

    A return with one row a period (the latest placement and the day on which care started) fills
    in only where no episodes of the same period stand elsewhere.
    """
    care = cleaned["care"]
    began, child = care["began_on"], care["child"]
    ended = np.where(care["ended_on"] == UNKNOWN, NEVER, care["ended_on"])
    period_began = np.where(care["period_began_on"] == UNKNOWN, began, care["period_began_on"])
    began = np.where(began == UNKNOWN, period_began, began)
    short = np.isin(care["legal"].astype(str), SHORT_BREAKS)
    kept = np.flatnonzero((began != UNKNOWN) & ~short & (ended >= began))
    order = kept[np.lexsort((care["file"][kept], ended[kept], began[kept], child[kept]))]
    order = _one_row_an_episode(order, child, began, ended, care["file"])
    return _joined(order, child, began, ended, period_began, care)


def _one_row_an_episode(order: Ints, child: Ints, began: Days, ended: Days, file: Ints) -> Ints:
    """Of rows about the same episode in different files the one that ends first.

    What an older file left open is overtaken by the file that knows its end. Two rows of one file
    are two episodes; an episode of no length stands before the one of the same day.
    """
    c, start, stop, f = child[order], began[order], ended[order], file[order]
    same = (np.diff(c) == 0) & (np.diff(start) == 0) & (np.diff(f) != 0)
    again = same & ((np.diff(stop) == 0) | (stop[:-1] > start[:-1]))
    return order[~np.append(False, again)[: len(order)]]


def _joined(
    order: Ints,
    child: Ints,
    began: Days,
    ended: Days,
    period_began: Days,
    care: dict[str, NDArray],
) -> CarePeriods:
    """Episodes that follow on each other as one period."""
    c, start, stop, first = child[order], began[order], ended[order], period_began[order]
    # An episode that an older file left open has ended when the child's next one begins.
    following = np.append((np.diff(c) == 0), False)[: len(c)]
    next_start = np.append(start[1:], NEVER)[: len(c)]
    stop = np.where(following & (stop == NEVER), next_start, stop)
    gap = start[1:] - stop[:-1]
    said = first[1:] <= start[:-1] + SAME_EVENT_DAYS  # the return says that it began before
    goes_on = (np.diff(c) == 0) & ((gap <= SAME_CARE_DAYS) | said)
    begins = np.append(True, ~goes_on)[: len(c)]
    at = np.flatnonzero(begins)
    last = np.append(at[1:], len(c))[: len(at)] - 1
    period = np.cumsum(begins) - 1
    code = care["ended"][order].astype(str)
    outcome = np.array([ENDS_OF_CARE.get(one, OTHER_REASON) for one in code], dtype="U24")
    outcome[code == ""] = NOT_ASKED
    outcome[(code == GOES_ON) | (stop == NEVER)] = OPEN
    placement, how = care["placement"][order], care["began"][order].astype(str)
    changed = np.append(False, placement[1:] != placement[:-1])[: len(c)]
    moved = ~begins & np.where(how == "", changed, np.isin(how, MOVES))
    return CarePeriods(
        child=c[at],
        began=np.minimum(start[at], first[at]),
        ended=np.maximum.reduceat(stop, at) if len(at) else stop,
        outcome=outcome[last],
        placement=placement[last],
        first_placement=placement[at],
        moved_child=c[moved],
        moved_on=start[moved],
        moved_to=placement[moved],
        moved_period=period[moved],
    )


def outcome_by_age(periods: CarePeriods, birth: Days) -> NDArray[np.str_]:
    """How each period ended, with those that end about the 18th birthday as `turns_18`."""
    born = birth[periods.child]
    about = (born != UNKNOWN) & (periods.ended != NEVER) & (periods.ended - born >= ADULT_DAYS)
    return np.where(about & (periods.outcome != ""), "turns_18", periods.outcome)
