"""Stays: the rows of the episode log put together again where the log cuts a stay in two.

The log closes a row and opens another when the children of a household change or a child moves
to another placement. This module says which rows begin a stay, which end one, and which stays
were open when the run began. It counts nothing and knows no money.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.episodes import (
    CASES_PER_FAMILY,
    FIRST_ARRIVAL_FAMILY,
    HOUSEHOLD_CHANGED,
    OUTCOME_CODE,
    attribute_of,
)
from model.measures.linked_log import NEVER, LinkedLog
from model.measures.tallies import among
from model.pathway import PATHWAY, SAME_STAGE

# Endings after which the same stay goes on in the next row, by stage.
GOES_ON: dict[str, tuple[str, ...]] = {
    stage.name: (
        HOUSEHOLD_CHANGED,
        *(end.outcome for end in stage.ends if SAME_STAGE in (end.to, end.rest)),
    )
    for stage in PATHWAY
}


@dataclass(frozen=True)
class Stays:
    """The rows of one stage, by case and time, as arrays of one shape (rows,).

    Attributes
    ----------
    stage : its name.
    log : the log that the rows are in.
    """

    stage: str
    log: LinkedLog

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Positions of the rows in the log."""
        return self.log.rows_in((self.stage,))

    @cached_property
    def start(self) -> NDArray[np.int64]:
        """When each row starts, in minutes."""
        return self.log.start[self.rows]

    @cached_property
    def end(self) -> NDArray[np.int64]:
        """When each row ends, in minutes; NEVER for one still open."""
        return self.log.stop[self.rows]

    @cached_property
    def outcome(self) -> NDArray[np.int64]:
        """The code of how each row ended; -1 for one still open."""
        return self.log.outcome[self.rows]

    @cached_property
    def children(self) -> NDArray[np.int64]:
        """How many children each row counts."""
        return self.log.children[self.rows]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Which rows begin a stay in the run."""
        begins = ~self.open_at_start
        begins[self._goes_on + 1] = False
        return np.flatnonzero(begins)

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Which rows end a stay in the run."""
        ends = self.end != NEVER
        ends[self._goes_on] = False
        return np.flatnonzero(ends)

    @cached_property
    def _goes_on(self) -> NDArray[np.int64]:
        """Which rows the next one carries on."""
        endings = [OUTCOME_CODE[name] for name in GOES_ON.get(self.stage, (HOUSEHOLD_CHANGED,))]
        place = np.flatnonzero(among(endings, self.outcome[:-1]))
        before, after = self.rows[place], self.rows[place + 1]
        same_case = self.log.case[before] == self.log.case[after]
        return place[same_case & (self.log.stop[before] == self.log.start[after])]

    @cached_property
    def open_at_start(self) -> NDArray[np.bool_]:
        """Whether a row was open when the run began, so that its start is no event in it."""
        flags = np.zeros(len(self.rows), bool)
        # The log is sorted by start: the rows that start in minute 0 come first.
        at_start = np.flatnonzero(self.rows < np.searchsorted(self.log.start, 1))
        row = self.rows[at_start]
        before = (self.log.log.column("nth")[row] == 0) | (self.log.spent[row] > 0)
        family = self.log.case[row] // CASES_PER_FAMILY
        flags[at_start] = before & (family < FIRST_ARRIVAL_FAMILY)
        return flags

    def attribute(self, name: str) -> NDArray[np.int64]:
        """The code of an attribute as each row began."""
        return attribute_of(self.log.state[self.rows], name)


def stays_of(stage: str, log: LinkedLog) -> Stays:
    """The stays of a stage, found once for a log whoever prices them."""
    return log.once((Stays, stage), lambda: Stays(stage, log))
