"""The episode log: one row for each stay of a family, or of a child in care, in a stage.

An engine returns it, measures and costs read it, and nothing else passes between them. The log
knows no money and no statistics. Two engines agree when their logs are equal byte for byte.

| column  | unit    | meaning |
|---------|---------|---------|
| start   | minutes | when the stay began, from the start of the run; 0 for cases open then |
| case    | id      | family x 16; a child in care is its family's id + 1 to 15 |
| nth     | count   | which stay of this case, from 0 |
| stage   | code    | index in `STAGE_CODES` |
| served  | minutes | when a place or worker was given; -1 while, or if, none was |
| end     | minutes | when the stay ended; -1 when it was still open at the horizon |
| outcome | code    | index in `OUTCOME_CODES`; -1 when still open |
| place   | code    | index in the network's `places`; -1 for none |
| mask    | bits    | the children counted in this stay, bit k for child k + 1 |
| state   | packed  | the case's attributes as the stay began, four bits each (`attribute_of`) |
| spent   | minutes | time already in the stage (cases open at the start: of plain durations,
|         |         | working minutes) |
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.pathway import ATTRIBUTES, BESIDE, PATHWAY, STAGE_NAMES

COLUMNS: tuple[str, ...] = (
    "start",
    "case",
    "nth",
    "stage",
    "served",
    "end",
    "outcome",
    "place",
    "mask",
    "state",
    "spent",
)

STAGE_CODES: tuple[str, ...] = STAGE_NAMES + tuple(BESIDE)
STAGE_CODE: dict[str, int] = {name: code for code, name in enumerate(STAGE_CODES)}

# Endings that belong to no single stage: the children counted change and the stay goes on in the
# next row; the last child at home has grown up; a child comes home to a family that was away;
# the last child at home has entered care; a stay that runs beside has run its time.
HOUSEHOLD_CHANGED = "household_changed"
GROWN_UP = "grown_up"
CHILD_COMES_HOME = "child_comes_home"
COMPLETED = "completed"

OUTCOME_CODES: tuple[str, ...] = (
    HOUSEHOLD_CHANGED,
    GROWN_UP,
    CHILD_COMES_HOME,
    COMPLETED,
    *dict.fromkeys(end.outcome for stage in PATHWAY for end in stage.ends),
)
OUTCOME_CODE: dict[str, int] = {name: code for code, name in enumerate(OUTCOME_CODES)}

OPEN = -1

# Families numbered below this were open, or lately left, when the run started; arrivals follow.
FIRST_ARRIVAL_FAMILY = 2**24
BITS_PER_ATTRIBUTE = 4
ATTRIBUTE_SHIFT: dict[str, int] = {
    name: BITS_PER_ATTRIBUTE * place for place, name in enumerate(ATTRIBUTES)
}
CASES_PER_FAMILY = 16


@dataclass(frozen=True)
class EpisodeLog:
    """The stays of one replication.

    Attributes
    ----------
    rows : int64 array, shape (stays, len(COLUMNS)), sorted by (start, case, nth).
    horizon_minutes : int, the end of the run.
    places : names of the places that `place` points to, in order.
    localities : names of the area's localities, in order.
    start_date : ISO date of minute 0.
    """

    rows: NDArray[np.int64]
    horizon_minutes: int
    places: tuple[str, ...]
    localities: tuple[str, ...]
    start_date: str

    def column(self, name: str) -> NDArray[np.int64]:
        """One column of the log, by name; shape (stays,)."""
        return self.rows[:, COLUMNS.index(name)]

    def attribute(self, name: str) -> NDArray[np.int64]:
        """The value code of an attribute (see `pathway.ATTRIBUTES`) as each stay began."""
        return attribute_of(self.column("state"), name)

    def children(self) -> NDArray[np.int64]:
        """How many children each stay counts; shape (stays,)."""
        return np.bitwise_count(self.column("mask").astype(np.uint64)).astype(np.int64)

    def fingerprint(self) -> str:
        """SHA-256 over the sorted rows: equal fingerprints are equal logs."""
        return hashlib.sha256(np.ascontiguousarray(self.rows).tobytes()).hexdigest()


def attribute_of(state: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """The value code of an attribute in packed states; same shape as `state`."""
    return (state >> ATTRIBUTE_SHIFT[name]) & ((1 << BITS_PER_ATTRIBUTE) - 1)


def sorted_rows(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows sorted by (start, case, nth), the log's canonical order."""
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    return np.ascontiguousarray(rows[order])
