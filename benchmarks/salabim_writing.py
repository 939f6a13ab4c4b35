"""The benchmark pathway in salabim: a component for each family, a resource for each kind of place.

A request that fails at a moment says what a wait with a deadline is. Who waits while the clock
runs asks again in the next stage with the same turn. salabim is no part of the project:
docs/performance.md says how to have it here.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks import moments
from benchmarks.benchmark_pathway import Load
from benchmarks.families import (
    MOST_URGENT_NEED,
    Family,
    Row,
    close_row,
    first,
    open_row,
    places_of,
    to_log,
)
from benchmarks.moments import minute_of
from model.engines.cases import Cases
from model.episodes import EpisodeLog
from model.luck import run_key
from model.network import Network
from model.pathway import GONE

Waiting = Generator[Any, Any, Any]


class World:
    """What the families share: the places, the log, and the end."""

    def __init__(self, network: Network, load: Load) -> None:
        salabim.yieldless(False)
        self.env = salabim.Environment(trace=False)
        self.places = places_of(network)
        self.horizon = load.horizon_minutes
        self.officers = self.resource(load.screening_officers)
        self.key_workers = self.resource(load.key_worker_places)
        self.social_workers = self.resource(load.social_worker_places)
        self.rows: list[Row] = []

    def resource(self, places: int) -> salabim.Resource:
        """Places of one kind, without the statistics that salabim would keep of them."""
        return salabim.Resource(capacity=places, monitor=False, env=self.env)


class Arrivals(salabim.Component):
    """Families appear."""

    def setup(self, world: World, cases: Cases, key: int) -> None:
        """Who, where and with which luck."""
        self.world, self.cases, self.key = world, cases, key

    def process(self) -> Waiting:
        """One family after another, each as a component of its own."""
        about = zip(self.cases.case.tolist(), self.cases.state.tolist(), strict=True)
        for at, (case, state) in zip(moments.arrivals(self.cases), about, strict=True):
            yield self.hold(till=at)
            Journey(world=self.world, family=Family(case, self.key, state), env=self.env)


class Journey(salabim.Component):
    """A family's way through the pathway."""

    def setup(self, world: World, family: Family) -> None:
        """Who goes."""
        self.world, self.family, self.turn = world, family, 0

    def process(self) -> Waiting:
        """One stage after another."""
        stage = "contact"
        while stage != GONE:
            row = self.begin(stage)
            outcome = yield from getattr(self, f"in_{stage}")(row)
            close_row(row, self.family, stage, outcome, minute_of(self.env.now()))
            self.give_up_place(outcome)
            stage = self.family.move(stage, outcome)

    def in_contact(self, row: Row) -> Waiting:
        """Decided at once."""
        return self.family.decide("contact")
        yield  # a generator, as every stage is

    def in_screening(self, row: Row) -> Waiting:
        """Wait for an officer, who works on it and decides."""
        yield self.ask(self.world.officers)
        row["served"] = minute_of(self.env.now())
        yield self.until("screening", row["served"] + self.family.minutes("screening"))
        return self.family.decide("screening")

    def in_early_help_wait(self, row: Row) -> Waiting:
        """Wait for a key worker's place, unless something else comes first."""
        risks = self.family.risks("early_help_wait", row["start"])
        soonest = risks[first(risks)]
        yield self.ask(self.world.key_workers, self.ending("early_help_wait", soonest))
        if self.failed():
            return first(risks)
        row["served"] = minute_of(self.env.now())
        return "allocated"

    def in_early_help(self, row: Row) -> Waiting:
        """Hold the key worker's place until help ends."""
        row["served"] = row["start"]
        return (yield from self.race("early_help"))

    def in_assessment(self, row: Row) -> Waiting:
        """The statutory clock runs, with a social worker or still without."""
        end = row["start"] + self.family.minutes("assessment")
        yield from self.with_social_worker("assessment", row, end)
        return self.family.decide("assessment")

    def in_child_in_need(self, row: Row) -> Waiting:
        """A plan, with the social worker who assessed, or the next to come free."""
        risks = self.family.risks("child_in_need", row["start"])
        yield from self.with_social_worker("child_in_need", row, risks[first(risks)])
        return first(risks)

    def in_care(self, row: Row) -> Waiting:
        """Competing risks."""
        return (yield from self.race("care"))

    # --- waiting --------------------------------------------------------------------------------

    def begin(self, stage: str) -> Row:
        """Open a row."""
        row = open_row(self.family, stage, minute_of(self.env.now()), self.world.places[stage])
        self.world.rows.append(row)
        return row

    def ask(self, places: salabim.Resource, fail_at: float | None = None) -> Any:
        """Ask for a place: in turn by need, then by when one asked, then by family."""
        if not self.turn:
            urgency = MOST_URGENT_NEED - self.family.need
            asked = moments.moment(minute_of(self.env.now()), case=self.family.case)
            self.turn = moments.moment(urgency << 23) | asked
        return self.request((places, 1, self.turn), fail_at=fail_at)

    def ending(self, stage: str, minute: int) -> float:
        """The moment in which a stay ends, now at the earliest; infinity for never."""
        if minute >= self.world.horizon:
            return salabim.inf
        return max(moments.ending(minute, stage, self.family.case), self.env.now())

    def until(self, stage: str, minute: int) -> Any:
        """Sleep until a stay ends."""
        return self.hold(till=self.ending(stage, minute))

    def race(self, stage: str) -> Waiting:
        """Sleep until the first of several things happens; which it was."""
        risks = self.family.risks(stage, minute_of(self.env.now()))
        yield self.until(stage, risks[first(risks)])
        return first(risks)

    def with_social_worker(self, stage: str, row: Row, end: int) -> Waiting:
        """Sleep until a stay ends; note when a social worker is allocated meanwhile."""
        if self.world.social_workers not in self.claimed_resources():
            yield self.ask(self.world.social_workers, self.ending(stage, end))
            if self.failed():
                return
        row["served"] = minute_of(self.env.now())
        yield self.until(stage, end)

    def give_up_place(self, outcome: str) -> None:
        """Give up the place, and the turn, unless the next stage goes on with them."""
        if outcome not in ("allocated", "child_in_need"):
            self.release()
            self.turn = 0


def run(network: Network, load: Load, cases: Cases, seed: int, replication: int) -> EpisodeLog:
    """Run one replication and return its log."""
    world = World(network, load)
    Arrivals(world=world, cases=cases, key=run_key(seed, replication), env=world.env)
    world.env.run(till=moments.moment(load.horizon_minutes))
    return to_log(world.rows, network)
