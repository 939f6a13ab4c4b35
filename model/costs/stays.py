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
    OPEN,
    OUTCOME_CODE,
    EpisodeLog,
    attribute_of,
)
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
    """The rows of one stage, as arrays of one shape (rows,).

    Attributes
    ----------
    stage : its name.
    log : the log that the rows are in.
    rows : which rows of the log, in the log's order.
    groups : a number for each row by which the user counts; see `costs.price`.
    """

    stage: str
    log: EpisodeLog
    rows: NDArray[np.int64]
    groups: NDArray[np.int64]

    def column(self, name: str) -> NDArray[np.int64]:
        """A column of the log for these rows."""
        return self.log.column(name)[self.rows]

    @cached_property
    def start(self) -> NDArray[np.int64]:
        """When each row starts, in minutes."""
        return self.column("start")

    @cached_property
    def end(self) -> NDArray[np.int64]:
        """When each row ends, in minutes; the horizon for one still open."""
        end, horizon = self.column("end"), self.log.horizon_minutes
        return np.where(end == OPEN, horizon, np.minimum(end, horizon))

    @cached_property
    def children(self) -> NDArray[np.int64]:
        """How many children each row counts."""
        return np.bitwise_count(self.column("mask").astype(np.uint64)).astype(np.int64)

    @cached_property
    def goes_on(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether a row carries on the one before, and whether the next one carries it on."""
        case, start, end = self.column("case"), self.column("start"), self.column("end")
        order = np.argsort(case, kind="stable")  # the log's own order within each case
        before, after = order[:-1], order[1:]
        endings = [OUTCOME_CODE[name] for name in GOES_ON.get(self.stage, (HOUSEHOLD_CHANGED,))]
        joined = np.isin(self.column("outcome")[before], endings)
        joined &= (case[before] == case[after]) & (end[before] == start[after])
        carries_on = np.zeros(len(self.rows), bool)
        carried_on = np.zeros(len(self.rows), bool)
        carries_on[after[joined]] = True
        carried_on[before[joined]] = True
        return carries_on, carried_on

    @cached_property
    def open_at_start(self) -> NDArray[np.bool_]:
        """Whether a row was open when the run began, so that its start is no event in it."""
        family = self.column("case") // CASES_PER_FAMILY
        before = (self.column("nth") == 0) | (self.column("spent") > 0)
        return before & (family < FIRST_ARRIVAL_FAMILY) & (self.start == 0)

    def attribute(self, name: str) -> NDArray[np.int64]:
        """The code of an attribute as each row began."""
        return attribute_of(self.column("state"), name)
