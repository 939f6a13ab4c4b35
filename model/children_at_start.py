"""Children in care, and after it, when a run starts: age, time in care, placement.

Published numbers are met exactly. Each child has the time already spent in care, spread as stays
of children of that age are, and never longer than the child is old.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import luck
from model.engines.cases import Cases
from model.engines.rules import StageRules
from model.episodes import CASES_PER_FAMILY
from model.inputs import Inputs
from model.network import Network
from model.pathway import ATTRIBUTES, PATHWAY, STAGE_NAMES
from model.population import (
    AGE_EDGES,
    ASYLUM,
    FAMILIES_PER_STAGE,
    LOOKED_AFTER,
    YEAR,
    cases_of,
    choose,
    families,
    pack,
)
from model.steady_state import minutes_in_bands
from model.time_spent import age_of_stay

AFTER_CARE = STAGE_NAMES.index("after_care")
NEED_WHEN_LOOKED_AFTER = 3
ORDINARY, ALONE = ATTRIBUTES["stream"].index("ordinary"), ATTRIBUTES["stream"].index(ASYLUM)


@dataclass(frozen=True)
class AfterCare:
    """One kind of after-care at the start.

    Attributes
    ----------
    kind : index in ATTRIBUTES["after"]. stock : children open by age on leaving care, (ages,).
    left_at, limits : age on leaving care, and time until it ends in any case, minutes, (ages,).
    edges, rates : bands of time since, minutes, and rate of ending in each per minute, (bands,).
    """

    kind: int
    stock: NDArray[np.float64]
    left_at: NDArray[np.float64]
    limits: NDArray[np.float64]
    edges: NDArray[np.float64]
    rates: NDArray[np.float64]


class ChildrenAtStart:
    """Builds the cases of children in care, and after it, at the start of a run.

    Parameters
    ----------
    inputs : the area's numbers under today's arrangements. network : built from them.
    rules : the network's, as they are read. stocks : the area's published open cases.
    """

    def __init__(
        self,
        inputs: Inputs,
        network: Network,
        rules: list[StageRules],
        stocks: dict[str, float],
    ) -> None:
        self.inputs, self.network, self.rules, self.stocks = inputs, network, rules, stocks
        self.placements = {stream: self.placements_by_age(stream) for stream in (ORDINARY, ALONE)}
        self.kinds_after_care = self.after_care_kinds()

    def cases(self, key: int) -> list[Cases]:
        """Every child who is looked after, or in after care, at the start."""
        return self.looked_after(key) + self.after_care(key)

    def looked_after_stock(self) -> float:
        """Children looked after at the start, asylum-seeking children apart."""
        return self.stocks.get("looked_after", 0.0) - self.stocks.get(
            "looked_after_asylum_seeking", 0.0
        )

    def yearly_rate_of(self, outcome: str) -> NDArray[np.float64]:
        """Rate a year at which looked-after children leave in one way, by age; shape (ages,).

        The mean over the time that children looked after today have been in care.
        """
        rules = self.rules[LOOKED_AFTER]
        declared = [end.outcome for end in PATHWAY[LOOKED_AFTER].ends]
        table = rules.ends[declared.index(outcome)].rates
        assert table is not None and rules.pace is not None
        edges, values = np.asarray(rules.edges, np.float64), self.network.values
        found = np.zeros(len(AGE_EDGES) - 1)
        for band, age in enumerate((AGE_EDGES[:-1] + AGE_EDGES[1:]) / 2.0):
            state = int(pack(age=band))
            first = table.at(state, 0)
            spent, _ = minutes_in_bands(edges, self.leaving_rates(band, 0), age * YEAR)
            mean_per_minute = (spent * values[first : first + len(edges)]).sum() / spent.sum()
            found[band] = mean_per_minute * values[rules.pace.at(state, 0)] * YEAR
        return found

    def returns_home_per_year(self) -> float:
        """Families a year whose child comes home from care, from the children looked after."""
        children = self.looked_after_stock() * self.inputs.shares("caseload.looked_after_age")
        return float((children * self.yearly_rate_of("returns_home")).sum())

    def looked_after(self, key: int) -> list[Cases]:
        """Children looked after at the start: age, time in care, placement."""
        found = []
        first = LOOKED_AFTER * FAMILIES_PER_STAGE
        alone = round(self.stocks.get("looked_after_asylum_seeking", 0.0))
        for stream, count in ((ORDINARY, round(self.looked_after_stock())), (ALONE, alone)):
            numbers = first + np.arange(count, dtype=np.int64)
            first += count
            if count:
                found.append(self.children_in_care(key, numbers, stream))
        return found

    def children_in_care(self, key: int, numbers: NDArray[np.int64], stream: int) -> Cases:
        """Looked-after children of one stream at the start."""
        keys = luck.case_keys(key, numbers * CASES_PER_FAMILY)
        name = "population.asylum_seeking_age" if stream else "caseload.looked_after_age"
        band = choose(luck.uniforms(keys, "age"), self.inputs.shares(name))
        u = luck.uniforms(keys, "age within band")
        age = AGE_EDGES[band] + u * (AGE_EDGES[band + 1] - AGE_EDGES[band])
        spent = self.time_in_care(age, stream, luck.uniforms(keys, "already spent"))
        kind = choose(luck.uniforms(keys, "placement"), self.placements[stream], band)
        where = choose(
            luck.uniforms(keys, "locality"), self.inputs.shares("population.locality_share")
        )
        states = pack(
            need=NEED_WHEN_LOOKED_AFTER, stream=stream, age=band, placement=kind, locality=where
        )
        if stream:
            states = states | pack(source=ATTRIBUTES["source"].index(ASYLUM))
        at = np.zeros(len(numbers), np.int64)
        children = families(self.inputs, key, numbers, at, states, age)
        return cases_of(children, at, LOOKED_AFTER, spent, child=True)

    def time_in_care(
        self, age: NDArray[np.float64], stream: int, u: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Minutes already in care: spread as stays are, never longer than the child is old."""
        edges = np.asarray(self.rules[LOOKED_AFTER].edges, np.float64)
        ages = len(AGE_EDGES) - 1
        leaving = np.array([self.leaving_rates(band, stream) for band in range(ages)])
        band = (np.searchsorted(AGE_EDGES, age, side="right") - 1).clip(0, ages - 1)
        cap = np.maximum(age, 0.02) * YEAR
        return age_of_stay(edges, leaving[band], cap, np.arange(len(age)), u)

    def leaving_rates(self, band: int, stream: int) -> NDArray[np.float64]:
        """Rate per minute of leaving care (moves apart), by time in care, for one age.

        At the national pace: the caseload was built up over years before those that the area's
        own pace is fitted to.
        """
        rules = self.rules[LOOKED_AFTER]
        state = int(pack(age=band, stream=stream))
        total = np.zeros(len(rules.edges))
        for end, declared in zip(rules.ends, PATHWAY[LOOKED_AFTER].ends, strict=True):
            if end.rates is not None and declared.outcome != "moves":
                first = end.rates.at(state, 0)
                total += self.network.values[first : first + len(rules.edges)]
        return total

    def placements_by_age(self, stream: int) -> NDArray[np.float64]:
        """Placement shares by age at the start, met to the area's shares; shape (ages, kinds)."""
        by_age = self.inputs.shares("looked_after.placement")[:, stream, :].copy()
        if stream:
            return by_age
        ages = self.inputs.shares("caseload.looked_after_age")
        target = self.inputs.shares("caseload.placement")
        table = by_age * ages[:, None]
        for _ in range(50):
            column = table.sum(axis=0)
            table *= np.divide(target, column, out=np.zeros_like(target), where=column > 0)
            table *= (ages / np.maximum(table.sum(axis=1), 1e-12))[:, None]
        return table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)

    def after_care(self, key: int) -> list[Cases]:
        """Care leavers, and children under guardianship or adopted, from flows out of care."""
        found = []
        first = AFTER_CARE * FAMILIES_PER_STAGE
        for one in self.kinds_after_care:
            count = round(one.stock.sum())
            if count:
                found.append(self.after_care_of(key, first + np.arange(count), one))
                first += count
        return found

    def after_care_kinds(self) -> list[AfterCare]:
        """The kinds of after-care, each with as many children as its flow keeps up."""
        children = self.looked_after_stock() * self.inputs.shares("caseload.looked_after_age")
        found = []
        for kind, name in enumerate(ATTRIBUTES["after"]):
            left_at = (AGE_EDGES[:-1] + AGE_EDGES[1:]) / 2.0 * YEAR
            if name == "care_leaver":
                left_at[-1] = AGE_EDGES[-1] * YEAR
                flows = np.array([0.0, 0.0, 0.0, 0.0, self.turning_18_per_year()])
            else:
                flows = children * self.yearly_rate_of("adopted" if name == "adoption" else name)
            found.append(self.kept_up(kind, flows, left_at))
        return found

    def turning_18_per_year(self) -> float:
        """Looked-after children who turn 18 in a year: half of those who are 16 or 17."""
        alone = self.stocks.get("looked_after_asylum_seeking", 0.0)
        young = self.looked_after_stock() * self.inputs.shares("caseload.looked_after_age")[-1]
        return float(young + alone * self.inputs.shares("population.asylum_seeking_age")[-1]) / 2.0

    def kept_up(
        self, kind: int, flows: NDArray[np.float64], left_at: NDArray[np.float64]
    ) -> AfterCare:
        """One kind of after-care, with as many children as flows a year by age keep up."""
        rules = self.rules[AFTER_CARE]
        state = int(pack(after=kind))
        assert rules.limit is not None and rules.pace is not None
        total = np.zeros(len(rules.edges))
        for end in rules.ends:
            if end.rates is not None:
                start = end.rates.at(state, 0)
                total += self.network.values[start : start + len(rules.edges)]
        total *= self.network.values[rules.pace.at(state, 0)]
        edges = np.asarray(rules.edges, np.float64)
        limits = float(self.network.values[rules.limit.at(state, 0)]) - left_at
        minutes, _ = minutes_in_bands(edges, total, np.maximum(limits, 0.0))
        stock = flows * minutes.sum(axis=1) / YEAR
        return AfterCare(kind, stock, left_at, np.maximum(limits, 1.0), edges, total)

    def after_care_of(self, key: int, numbers: NDArray[np.int64], one: AfterCare) -> Cases:
        """Children in one kind of after-care, each with time already spent."""
        keys = luck.case_keys(key, numbers * CASES_PER_FAMILY)
        band = choose(luck.uniforms(keys, "age"), one.stock / one.stock.sum())
        u = luck.uniforms(keys, "already spent")
        rates = np.broadcast_to(one.rates, (len(one.limits), len(one.rates)))
        spent = age_of_stay(one.edges, rates, one.limits, band, u)
        at = np.zeros(len(numbers), np.int64)
        states = at | int(pack(after=one.kind, need=NEED_WHEN_LOOKED_AFTER, age=len(AGE_EDGES) - 2))
        age = (one.left_at[band] + spent) / YEAR
        children = families(self.inputs, key, numbers, at, states, age)
        return cases_of(children, at, AFTER_CARE, spent, child=True)
