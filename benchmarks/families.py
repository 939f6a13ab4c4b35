"""Families on the benchmark pathway, as its writings in plain Python need them.

What a family's luck says about its stay (how long, how it ends, where next), and the row that it
leaves in the log. Every writing asks here, so that they differ only in how they let time pass,
wait and queue. It knows no engine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.benchmark_pathway import BANDS, SHARES, STAGES, START, TIME_SHAPES, YEARLY
from model.episodes import ATTRIBUTE_SHIFT, COLUMNS, OPEN, OUTCOME_CODE, EpisodeLog, sorted_rows
from model.hazards import (
    CELLS,
    MINUTES_PER,
    quantile_table,
    rates_from_bands,
    unit_exponential_table,
)
from model.luck import case_key, purpose, uniform
from model.network import Network
from model.pathway import ATTRIBUTES
from model.working_days import MINUTES_PER_DAY

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
NEEDS = ATTRIBUTES["need"]
MOST_URGENT_NEED = len(NEEDS) - 1
PLACE_NAMES = {
    "screening": "screening_officers",
    "early_help_wait": "key_workers: everywhere",
    "early_help": "key_workers: everywhere",
    "assessment": "social_workers",
    "child_in_need": "social_workers",
}
Row = dict[str, int]


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


EXPONENTIAL: list[float] = unit_exponential_table().tolist()
DURATIONS = {name: duration_quantiles(name) for name in ("screening", "assessment")}
RATES = {name: rates_per_minute(name) for name in OUTCOMES if is_race(name)}


class Family:
    """A family: who it is, its need, how many stays it has had, and the place it holds."""

    __slots__ = ("case", "key", "need", "nth", "place")

    def __init__(self, case: int, key: int, state: int) -> None:
        self.case = case
        self.key = case_key(key, case)
        self.need = state >> ATTRIBUTE_SHIFT["need"] & 15
        self.nth = 0
        self.place: Any = None

    def luck(self, stage: str, outcome: str) -> float:
        """The family's luck for one ending of its present stay."""
        return uniform(self.key, PURPOSE[stage, outcome], self.nth)

    def decide(self, stage: str) -> str:
        """Which way a decision goes."""
        names = OUTCOMES[stage]
        shares = SHARES[stage]
        if isinstance(shares[0], tuple):
            shares = shares[self.need]
        u = self.luck(stage, names[-1])
        reached = 0.0
        for name, share in zip(names[:-1], shares[:-1], strict=True):
            reached += share
            if u < reached:
                return name
        return names[-1]

    def minutes(self, stage: str) -> int:
        """How long a stay with a duration lasts."""
        return int(interpolated(DURATIONS[stage], self.luck(stage, OUTCOMES[stage][0])))

    def risks(self, stage: str, start: int) -> dict[str, int]:
        """When each risk would end a stay that began at a minute, earlier-listed first."""
        edges, by_outcome = RATES[stage]
        return {
            outcome: start + spent_after(unit_exponential(self.luck(stage, outcome)), edges, rates)
            for outcome, rates in by_outcome.items()
        }

    def move(self, stage: str, outcome: str) -> str:
        """The stage that follows; what the ending changes is changed."""
        end = LEADS_TO[stage, outcome]
        if "need" in end.sets:
            self.need = NEEDS.index(end.sets["need"])
        return end.to


def first(risks: dict[str, int]) -> str:
    """Which risk comes first; of equal ones the earlier-listed."""
    return min(risks, key=risks.__getitem__)


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


# --- the log --------------------------------------------------------------------------------------


def places_of(network: Network) -> dict[str, int]:
    """The place that each stage asks for, by its number in the network; -1 for none."""
    return {
        name: network.places.index(PLACE_NAMES[name]) if name in PLACE_NAMES else -1
        for name in STAGE
    }


def open_row(family: Family, stage: str, start: int, place: int) -> Row:
    """The row of a stay that begins, nobody's place given to it yet."""
    return {
        "start": start,
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


def close_row(row: Row, family: Family, stage: str, outcome: str, end: int) -> str:
    """Write how a stay ended, which is given back."""
    row["end"], row["outcome"] = end, CODE[stage, outcome]
    family.nth += 1
    return outcome


def to_log(rows: list[Row], network: Network) -> EpisodeLog:
    """The list of dicts as an episode log."""
    flat = np.array([[row[name] for name in COLUMNS] for row in rows], np.int64)
    return EpisodeLog(
        rows=sorted_rows(flat.reshape(-1, len(COLUMNS))),
        horizon_minutes=network.horizon,
        places=network.places,
        localities=network.localities,
        start_date=START.isoformat(),
    )
