"""The benchmark pathway written the usual way: plain SimPy, to compare speed and logs with.

One generator for each family, a `PriorityResource` for each kind of place, `any_of` where several
things can end a stay, and a list of dicts as the log. Numbers and luck are those of
`benchmarks.benchmark_pathway`, so the log must equal our engine's, row for row.

Two things are not quite usual, so that ties fall the same way: a request's priority also holds
the minute and the family, and a timeout is scheduled with our engine's order within a minute.
Both cost nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.benchmark_pathway import (
    BANDS,
    SHARES,
    STAGES,
    START,
    TIME_SHAPES,
    YEARLY,
    Load,
)
from model.engines.cases import Cases
from model.engines.simpy_engine import ARRIVAL, ENDING, order_key
from model.episodes import ATTRIBUTE_SHIFT, COLUMNS, OPEN, OUTCOME_CODE, EpisodeLog, sorted_rows
from model.hazards import (
    CELLS,
    MINUTES_PER,
    quantile_table,
    rates_from_bands,
    unit_exponential_table,
)
from model.luck import case_key, purpose, run_key, uniform
from model.network import Network
from model.pathway import ATTRIBUTES, GONE
from model.working_days import MINUTES_PER_DAY

Waiting = Generator[simpy.Event, Any, Any]
NEVER = 2**62
STAGE = {stage.name: code for code, stage in enumerate(STAGES)}
OUTCOMES = {stage.name: [end.outcome for end in stage.ends] for stage in STAGES}
LEADS_TO = {(stage.name, end.outcome): end for stage in STAGES for end in stage.ends}
CODE = {
    (stage.name, end.outcome): OUTCOME_CODE.get(end.outcome, place)
    for stage in STAGES
    for place, end in enumerate(stage.ends)
}
PURPOSE = {
    (stage.name, end.outcome): purpose(f"{stage.name}.{end.outcome}")
    for stage in STAGES
    for end in stage.ends
}
EXPONENTIAL = unit_exponential_table().tolist()


class Family:
    """A family: who it is, its need, and how many stays it has had."""

    def __init__(self, case: int, key: int, need: int) -> None:
        self.case = case
        self.key = key
        self.need = need
        self.nth = 0
        self.place: Any = None

    def luck(self, stage: str, outcome: str) -> float:
        """The family's luck for one ending of its present stay."""
        return uniform(self.key, PURPOSE[stage, outcome], self.nth)


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
        self.officers_code = network.places.index("screening_officers")
        self.key_workers_code = network.places.index("key_workers: everywhere")
        self.social_workers_code = network.places.index("social_workers")
        self.durations = {name: duration_quantiles(name) for name in ("screening", "assessment")}
        self.rates = {name: rates_per_minute(name) for name in OUTCOMES if is_race(name)}
        self.rows: list[dict[str, int]] = []

    def run(self) -> list[dict[str, int]]:
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
            need = int(cases.state[position]) >> ATTRIBUTE_SHIFT["need"] & 15
            family = Family(case, case_key(self.key, case), need)
            self.env.process(self.journey(family))

    def journey(self, family: Family) -> Waiting:
        """A family's way through the pathway."""
        stage = "contact"
        while stage != GONE:
            outcome = yield from getattr(self, stage)(family)
            end = LEADS_TO[stage, outcome]
            if "need" in end.sets:
                family.need = ATTRIBUTES["need"].index(end.sets["need"])
            stage = end.to

    # --- the stages -----------------------------------------------------------------------------

    def contact(self, family: Family) -> Waiting:
        """Decided at once."""
        row = self.begin(family, "contact")
        return self.end(family, row, "contact", self.decide(family, "contact"))
        yield  # a generator, as every stage is

    def screening(self, family: Family) -> Waiting:
        """Wait for an officer, who works on it and decides."""
        row = self.begin(family, "screening", self.officers_code)
        with self.officers.request(priority=self.turn(family)) as officer:
            yield officer
            row["served"] = self.env.now
            yield self.timeout(family, "screening", self.duration(family, "screening"))
            outcome = self.decide(family, "screening")
            return self.end(family, row, "screening", outcome)

    def early_help_wait(self, family: Family) -> Waiting:
        """Wait for a key worker's place, unless something else comes first."""
        row = self.begin(family, "early_help_wait", self.key_workers_code)
        place = self.key_workers.request(priority=self.turn(family))
        times = self.times_of_risks(family, "early_help_wait", row)
        risks = self.timeouts(family, "early_help_wait", times)
        yield self.env.any_of([place, *risks])
        if place.triggered:
            row["served"] = self.env.now
            family.place = place
            return self.end(family, row, "early_help_wait", "allocated")
        place.cancel()
        return self.end(family, row, "early_help_wait", min(times, key=times.__getitem__))

    def early_help(self, family: Family) -> Waiting:
        """Hold the key worker's place until help ends."""
        row = self.begin(family, "early_help", self.key_workers_code)
        row["served"] = self.env.now
        outcome = yield from self.race(family, "early_help", row)
        self.end(family, row, "early_help", outcome)
        self.key_workers.release(family.place)
        family.place = None
        return outcome

    def assessment(self, family: Family) -> Waiting:
        """The statutory clock runs, with a social worker or still without."""
        row = self.begin(family, "assessment", self.social_workers_code)
        done = self.timeout(family, "assessment", self.duration(family, "assessment"))
        yield from self.with_social_worker(family, row, [done])
        outcome = self.end(family, row, "assessment", self.decide(family, "assessment"))
        if outcome != "child_in_need":
            self.give_up_social_worker(family)
        return outcome

    def child_in_need(self, family: Family) -> Waiting:
        """A plan, with the social worker who assessed, or the next to come free."""
        row = self.begin(family, "child_in_need", self.social_workers_code)
        times = self.times_of_risks(family, "child_in_need", row)
        risks = self.timeouts(family, "child_in_need", times)
        yield from self.with_social_worker(family, row, risks)
        outcome = min(times, key=times.__getitem__)
        self.end(family, row, "child_in_need", outcome)
        self.give_up_social_worker(family)
        return outcome

    def with_social_worker(
        self, family: Family, row: dict[str, int], endings: list[Timeout]
    ) -> Waiting:
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
        outcome = yield from self.race(family, "care", row)
        return self.end(family, row, "care", outcome)

    # --- how long, and how it ends ----------------------------------------------------------------

    def turn(self, family: Family) -> tuple[int, int, int]:
        """Whose turn is first: the most urgent need, then the longest waiting."""
        return (3 - family.need, self.env.now, family.case)

    def timeout(self, family: Family, stage: str, minutes: int) -> Timeout:
        """Wake the family after so many minutes."""
        return Timeout(self.env, minutes, order_key(ENDING, STAGE[stage], family.case, family.nth))

    def timeouts(self, family: Family, stage: str, times: dict[str, int]) -> list[Timeout]:
        """One timeout for each risk that ever comes."""
        return [
            self.timeout(family, stage, at - self.env.now)
            for at in times.values()
            if at < self.horizon
        ]

    def any_of(self, endings: list[Timeout]) -> simpy.Event:
        """The first of several endings; a family without any before the horizon sleeps for good."""
        return self.env.any_of(endings) if endings else self.env.event()

    def race(self, family: Family, stage: str, row: dict[str, int]) -> Waiting:
        """Sleep until the first of several things happens; which it was, earlier-listed first."""
        times = self.times_of_risks(family, stage, row)
        yield self.any_of(self.timeouts(family, stage, times))
        return min(times, key=times.__getitem__)

    def decide(self, family: Family, stage: str) -> str:
        """Which way a decision goes."""
        names = OUTCOMES[stage]
        shares = SHARES[stage]
        if isinstance(shares[0], tuple):
            shares = shares[family.need]
        u = family.luck(stage, names[-1])
        reached = 0.0
        for name, share in zip(names[:-1], shares[:-1], strict=True):
            reached += share
            if u < reached:
                return name
        return names[-1]

    def duration(self, family: Family, stage: str) -> int:
        """A duration in minutes."""
        u = family.luck(stage, OUTCOMES[stage][0])
        return int(interpolated(self.durations[stage], u))

    def times_of_risks(self, family: Family, stage: str, row: dict[str, int]) -> dict[str, int]:
        """When each risk would end the stay."""
        edges, by_outcome = self.rates[stage]
        times = {}
        for outcome, rates in by_outcome.items():
            budget = unit_exponential(family.luck(stage, outcome))
            times[outcome] = row["start"] + spent_after(budget, edges, rates)
        return times

    # --- the log --------------------------------------------------------------------------------

    def begin(self, family: Family, stage: str, place: int = -1) -> dict[str, int]:
        """Open a row."""
        row = {
            "start": self.env.now,
            "case": family.case,
            "nth": family.nth,
            "stage": STAGE[stage],
            "served": -1,
            "end": OPEN,
            "outcome": OPEN,
            "place": place,
            "mask": 1,
            "state": family.need << ATTRIBUTE_SHIFT["need"],
            "spent": 0,
        }
        self.rows.append(row)
        return row

    def end(self, family: Family, row: dict[str, int], stage: str, outcome: str) -> str:
        """Close a row."""
        row["end"] = self.env.now
        row["outcome"] = CODE[stage, outcome]
        family.nth += 1
        return outcome


def is_race(stage: str) -> bool:
    """Whether a stage ends by competing risks."""
    return stage in YEARLY or (stage in BANDS and stage not in ("screening", "assessment"))


def duration_quantiles(stage: str) -> list[float]:
    """Quantiles of a duration in minutes."""
    bands = BANDS[stage]
    per = MINUTES_PER_DAY if bands.unit == "working_days" else MINUTES_PER[bands.unit]
    return (quantile_table(bands.edges, bands.shares, bands.beyond) * per).tolist()


def rates_per_minute(stage: str) -> tuple[list[int], dict[str, list[float]]]:
    """Edges of the time bands in minutes, and for each outcome its rate a minute in each band."""
    if stage in YEARLY:
        shape = TIME_SHAPES[stage]
        edges, per = shape.edges, MINUTES_PER[shape.unit]
        rates = {
            outcome: (yearly * np.asarray(shape.factors[outcome]) / MINUTES_PER["years"]).tolist()
            for outcome, yearly in YEARLY[stage].items()
        }
    else:
        bands = BANDS[stage]
        edges, per = bands.edges, MINUTES_PER[bands.unit]
        total = rates_from_bands(edges, bands.shares, bands.beyond or 0.0) / per
        rates = {
            outcome: (total * share).tolist()
            for outcome, share in zip(OUTCOMES[stage], SHARES[stage], strict=True)
        }
    return [round(edge * per) for edge in edges], rates


def interpolated(table: list[float], u: float) -> float:
    """The quantile at u, linear within a cell."""
    position = u * CELLS
    cell = min(int(position), CELLS - 1)
    return table[cell] + (table[cell + 1] - table[cell]) * (position - cell)


def unit_exponential(u: float) -> float:
    """The unit exponential's quantile at u; the last cell is refined."""
    if u * CELLS < CELLS - 1:
        return interpolated(EXPONENTIAL, u)
    fine = (u * CELLS - (CELLS - 1)) * CELLS
    cell = CELLS + 1 + int(fine)
    return EXPONENTIAL[cell] + (EXPONENTIAL[cell + 1] - EXPONENTIAL[cell]) * (fine - int(fine))


def spent_after(budget: float, edges: list[int], rates: list[float]) -> int:
    """Minutes after which a hazard budget is spent, at a rate for each band of time."""
    for band, rate in enumerate(rates):
        stop = edges[band + 1] if band + 1 < len(edges) else NEVER
        spend = rate * (stop - edges[band])
        if budget < spend:
            return edges[band] + int(budget / rate)
        budget -= spend
    return NEVER


def to_log(rows: list[dict[str, int]], network: Network) -> EpisodeLog:
    """The list of dicts as an episode log."""
    flat = np.array([[row[name] for name in COLUMNS] for row in rows], np.int64)
    return EpisodeLog(
        rows=sorted_rows(flat.reshape(-1, len(COLUMNS))),
        horizon_minutes=network.horizon,
        places=network.places,
        localities=network.localities,
        start_date=START.isoformat(),
    )


def run(network: Network, load: Load, cases: Cases, seed: int, replication: int) -> EpisodeLog:
    """Run one replication and return its log."""
    return to_log(UsualWay(network, load, cases, run_key(seed, replication)).run(), network)
