"""The benchmark pathway in Ciw: a network of five nodes through which families go.

A stage that waits and the stage it waits for are one node: waiting ends by reneging, being served
is the stage. Assessment and child in need plan are one node too, because they share a social
worker: how long both last is known when the family comes (its luck is addressed, not consumed), so
what is left when a social worker is free is the service, and coming to the end without one is to
renege. Ciw is no part of the project: docs/performance.md says how to have it here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import ciw

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

NODES = (
    ("contact",),
    ("screening",),
    ("early_help_wait", "early_help"),
    ("assessment", "child_in_need"),
    ("care",),
)
NODE_OF = {stage: node for node, stages in enumerate(NODES, start=1) for stage in stages}
Time = Callable[[Any, float], float]


class Sampled(ciw.dists.Distribution):
    """A time that a function of (individual, now) gives."""

    def __init__(self, time: Time) -> None:
        self.time = time

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """The time from now."""
        return self.time(ind, t or 0)

    def __deepcopy__(self, memo: dict[int, Any]) -> Sampled:
        """Ciw copies distributions; this one belongs to its journeys."""
        return self


class Journeys(ciw.routing.NetworkRouting):
    """Families' ways through the network: how long they stay, where they go next, and the log."""

    def __init__(self, network: Network, load: Load, cases: Cases, key: int) -> None:
        self.key, self.cases, self.horizon = key, cases, load.horizon_minutes
        self.places = places_of(network)
        self.rows: list[Row] = []

    def initialise(self, simulation: ciw.Simulation) -> None:
        """Ciw says which simulation this is."""
        self.simulation = simulation

    def initialise_individual(self, ind: Any) -> None:
        """A family appears."""
        number = ind.id_number - 1
        ind.family = Family(int(self.cases.case[number]), self.key, int(self.cases.state[number]))
        self.enter(ind, "contact", minute_of(self.simulation.current_time))

    def next_node(self, ind: Any, node_id: int) -> Any:
        """Where a family goes when its stay ends."""
        stage = ind.family.move(ind.stage, ind.outcome)
        if stage == GONE:
            return self.simulation.nodes[-1]
        self.enter(ind, stage, minute_of(self.simulation.current_time))
        return self.simulation.nodes[NODE_OF[stage]]

    def next_node_for_jockeying(self, ind: Any, node_id: int) -> Any:
        """Where a family goes that has waited in vain."""
        if ind.stage == "early_help_wait":
            now = minute_of(self.simulation.current_time)
            close_row(ind.row, ind.family, ind.stage, ind.outcome, now)
        return self.next_node(ind, node_id)

    # --- stays ----------------------------------------------------------------------------------

    def enter(self, ind: Any, stage: str, minute: int) -> None:
        """A stay begins."""
        ind.stage, ind.row = stage, open_row(ind.family, stage, minute, self.places[stage])
        self.rows.append(ind.row)

    def lasts(self, ind: Any, now: float, outcome: str, minute: int) -> float:
        """The time until a stay ends, by an outcome; its row is closed unless the run ends first.

        Infinity when it does.
        """
        ind.outcome = outcome
        if minute >= self.horizon:
            return math.inf
        close_row(ind.row, ind.family, ind.stage, outcome, minute)
        return max(moments.ending(minute, ind.stage, ind.family.case) - now, 0)

    def contact(self, ind: Any, now: float) -> float:
        """Decided at once."""
        self.lasts(ind, now, ind.family.decide("contact"), minute_of(now))
        return 0

    def screening(self, ind: Any, now: float) -> float:
        """An officer works on it and decides."""
        ind.row["served"] = minute_of(now)
        end = minute_of(now) + ind.family.minutes("screening")
        return self.lasts(ind, now, ind.family.decide("screening"), end)

    def patience(self, ind: Any, now: float) -> float:
        """How long a family waits for a key worker's place."""
        risks = ind.family.risks("early_help_wait", minute_of(now))
        ind.outcome = first(risks)
        at = risks[ind.outcome]
        if at >= self.horizon:
            return math.inf
        return max(moments.ending(at, ind.stage, ind.family.case) - now, 0)

    def early_help(self, ind: Any, now: float) -> float:
        """A key worker's place is free: the wait ends and help begins."""
        ind.row["served"] = minute_of(now)
        close_row(ind.row, ind.family, "early_help_wait", "allocated", minute_of(now))
        self.enter(ind, "early_help", minute_of(now))
        ind.row["served"] = minute_of(now)
        return self.race(ind, now)

    def race(self, ind: Any, now: float) -> float:
        """Competing risks."""
        risks = ind.family.risks(ind.stage, ind.row["start"])
        return self.lasts(ind, now, first(risks), risks[first(risks)])

    def social_work(self, ind: Any, now: float) -> float:
        """How long assessment and plan last, with a social worker or without."""
        ind.until, ind.visit, lasts = math.inf, [], 0.0
        if ind.stage == "assessment":
            end = ind.row["start"] + ind.family.minutes("assessment")
            lasts = self.lasts(ind, now, ind.family.decide("assessment"), end)
            ind.visit.append((ind.row, now + lasts))
            if ind.outcome == "child_in_need" and lasts < math.inf:
                ind.family.move("assessment", "child_in_need")
                self.enter(ind, "child_in_need", end)
        if ind.stage == "child_in_need":
            lasts = self.race(ind, now)
            ind.visit.append((ind.row, now + lasts))
        ind.until = now + lasts
        return lasts

    def social_worker_comes(self, ind: Any, now: float) -> float:
        """What is left of assessment and plan when a social worker is free."""
        for row, until in ind.visit:
            if now < until:
                row["served"] = max(row["start"], minute_of(now))
        return ind.until - now


def turn(waiting: list[Any], now: float) -> Any:
    """Whose turn is first: the most urgent need, then the longest waiting, then by family."""
    return min(
        waiting,
        key=lambda ind: (
            MOST_URGENT_NEED - ind.family.need,
            minute_of(ind.arrival_date),
            ind.family.case,
        ),
    )


def network_of(journeys: Journeys, load: Load, cases: Cases) -> Any:
    """The benchmark pathway as Ciw's network."""
    at = [0, *moments.arrivals(cases)]
    gaps = [after - before for before, after in pairwise(at)]
    services = (
        journeys.contact,
        journeys.screening,
        journeys.early_help,
        journeys.social_worker_comes,
        journeys.race,
    )
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, math.inf]), *[None] * 4],
        service_distributions=[Sampled(time) for time in services],
        number_of_servers=[
            math.inf,
            load.screening_officers,
            load.key_worker_places,
            load.social_worker_places,
            math.inf,
        ],
        reneging_time_distributions=[
            None,
            None,
            Sampled(journeys.patience),
            Sampled(journeys.social_work),
            None,
        ],
        service_disciplines=[turn] * 5,
        routing=journeys,
    )


def run(network: Network, load: Load, cases: Cases, seed: int, replication: int) -> EpisodeLog:
    """Run one replication and return its log."""
    journeys = Journeys(network, load, cases, run_key(seed, replication))
    simulation = ciw.Simulation(network_of(journeys, load, cases))
    simulation.simulate_until_max_time(moments.moment(load.horizon_minutes))
    return to_log(journeys.rows, network)
