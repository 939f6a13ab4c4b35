"""The benchmark pathway written the usual way: plain SimPy, to compare speed and logs with.

One generator for each family, a `PriorityResource` for each kind of place, `any_of` where several
things can end a stay, and a list of dicts as the log. Numbers and luck are those of
`benchmarks.families`, so the log must equal our engine's, row for row.

Two things are not quite usual, so that ties fall the same way: a request's priority also holds
the minute and the family, and a timeout is scheduled with our engine's order within a minute.
Both cost nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.benchmark_pathway import Load
from benchmarks.families import (
    MOST_URGENT_NEED,
    STAGE,
    Family,
    Row,
    close_row,
    first,
    open_row,
    places_of,
    to_log,
)
from model.engines.cases import Cases
from model.engines.simpy_engine import ARRIVAL, ENDING, order_key
from model.episodes import EpisodeLog
from model.luck import run_key
from model.network import Network
from model.pathway import GONE

Waiting = Generator[simpy.Event, Any, Any]


class Timeout(simpy.Timeout):
    """SimPy's timeout, with an order of its own among the events of one minute."""

    def __init__(self, env: simpy.Environment, delay: int, order: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._delay = delay
        self._ok = True
        env.schedule(self, order, delay)


class UsualWay:
    """One replication of the benchmark pathway."""

    def __init__(self, network: Network, load: Load, cases: Cases, key: int) -> None:
        self.cases, self.key = cases, key
        self.horizon = load.horizon_minutes
        self.env = simpy.Environment()
        self.officers = simpy.PriorityResource(self.env, load.screening_officers)
        self.key_workers = simpy.PriorityResource(self.env, load.key_worker_places)
        self.social_workers = simpy.PriorityResource(self.env, load.social_worker_places)
        self.places = places_of(network)
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        """Run to the horizon; the log as it was written."""
        self.env.process(self.arrivals())
        self.env.run(until=self.horizon)
        return self.rows

    def arrivals(self) -> Waiting:
        """Families appear, each as a process of its own."""
        cases = self.cases
        for position, minute in enumerate(cases.minute.tolist()):
            case = int(cases.case[position])
            if minute > self.env.now:
                delay = minute - self.env.now
                yield Timeout(self.env, delay, order_key(ARRIVAL, 0, case, 0))
            self.env.process(self.journey(Family(case, self.key, int(cases.state[position]))))

    def journey(self, family: Family) -> Waiting:
        """A family's way through the pathway."""
        stage = "contact"
        while stage != GONE:
            outcome = yield from getattr(self, stage)(family)
            stage = family.move(stage, outcome)

    # --- the stages -----------------------------------------------------------------------------

    def contact(self, family: Family) -> Waiting:
        """Decided at once."""
        row = self.begin(family, "contact")
        return self.end(family, row, "contact", family.decide("contact"))
        yield  # a generator, as every stage is

    def screening(self, family: Family) -> Waiting:
        """Wait for an officer, who works on it and decides."""
        row = self.begin(family, "screening")
        with self.officers.request(priority=self.turn(family)) as officer:
            yield officer
            row["served"] = self.env.now
            yield self.timeout(family, "screening", family.minutes("screening"))
            return self.end(family, row, "screening", family.decide("screening"))

    def early_help_wait(self, family: Family) -> Waiting:
        """Wait for a key worker's place, unless something else comes first."""
        row = self.begin(family, "early_help_wait")
        place = self.key_workers.request(priority=self.turn(family))
        risks = family.risks("early_help_wait", self.env.now)
        yield self.env.any_of([place, *self.timeouts(family, "early_help_wait", risks)])
        if place.triggered:
            row["served"] = self.env.now
            family.place = place
            return self.end(family, row, "early_help_wait", "allocated")
        place.cancel()
        return self.end(family, row, "early_help_wait", first(risks))

    def early_help(self, family: Family) -> Waiting:
        """Hold the key worker's place until help ends."""
        row = self.begin(family, "early_help")
        row["served"] = self.env.now
        outcome = yield from self.race(family, "early_help")
        self.end(family, row, "early_help", outcome)
        self.key_workers.release(family.place)
        family.place = None
        return outcome

    def assessment(self, family: Family) -> Waiting:
        """The statutory clock runs, with a social worker or still without."""
        row = self.begin(family, "assessment")
        done = self.timeout(family, "assessment", family.minutes("assessment"))
        yield from self.with_social_worker(family, row, [done])
        outcome = self.end(family, row, "assessment", family.decide("assessment"))
        if outcome != "child_in_need":
            self.give_up_social_worker(family)
        return outcome

    def child_in_need(self, family: Family) -> Waiting:
        """A plan, with the social worker who assessed, or the next to come free."""
        row = self.begin(family, "child_in_need")
        risks = family.risks("child_in_need", self.env.now)
        endings = self.timeouts(family, "child_in_need", risks)
        yield from self.with_social_worker(family, row, endings)
        self.end(family, row, "child_in_need", first(risks))
        self.give_up_social_worker(family)
        return first(risks)

    def with_social_worker(self, family: Family, row: Row, endings: list[Timeout]) -> Waiting:
        """Sleep until the first ending; note when a social worker is allocated meanwhile."""
        if family.place is None:
            family.place = self.social_workers.request(priority=self.turn(family))
        if not family.place.triggered:
            yield self.env.any_of([family.place, *endings])
        if family.place.triggered:
            row["served"] = self.env.now
            if not any(ending.processed for ending in endings):
                yield self.any_of(endings)

    def give_up_social_worker(self, family: Family) -> None:
        """Leave the social worker's place, or the queue for it."""
        if family.place.triggered:
            self.social_workers.release(family.place)
        else:
            family.place.cancel()
        family.place = None

    def care(self, family: Family) -> Waiting:
        """Competing risks."""
        row = self.begin(family, "care")
        outcome = yield from self.race(family, "care")
        return self.end(family, row, "care", outcome)

    # --- waiting, and the log -------------------------------------------------------------------

    def turn(self, family: Family) -> tuple[int, int, int]:
        """Whose turn is first: the most urgent need, then the longest waiting."""
        return (MOST_URGENT_NEED - family.need, self.env.now, family.case)

    def timeout(self, family: Family, stage: str, minutes: int) -> Timeout:
        """Wake the family after so many minutes."""
        return Timeout(self.env, minutes, order_key(ENDING, STAGE[stage], family.case, family.nth))

    def timeouts(self, family: Family, stage: str, risks: dict[str, int]) -> list[Timeout]:
        """One timeout for each risk that ever comes."""
        return [
            self.timeout(family, stage, at - self.env.now)
            for at in risks.values()
            if at < self.horizon
        ]

    def any_of(self, endings: list[Timeout]) -> simpy.Event:
        """The first of several endings; a family without any before the horizon sleeps for good."""
        return self.env.any_of(endings) if endings else self.env.event()

    def race(self, family: Family, stage: str) -> Waiting:
        """Sleep until the first of several things happens; which it was."""
        risks = family.risks(stage, self.env.now)
        yield self.any_of(self.timeouts(family, stage, risks))
        return first(risks)

    def begin(self, family: Family, stage: str) -> Row:
        """Open a row."""
        row = open_row(family, stage, self.env.now, self.places[stage])
        self.rows.append(row)
        return row

    def end(self, family: Family, row: Row, stage: str, outcome: str) -> str:
        """Close a row."""
        return close_row(row, family, stage, outcome, self.env.now)


def run(network: Network, load: Load, cases: Cases, seed: int, replication: int) -> EpisodeLog:
    """Run one replication and return its log."""
    return to_log(UsualWay(network, load, cases, run_key(seed, replication)).run(), network)
