"""The steady state: how many families would be in each stage if today's arrangements went on.

A run starts from today's caseload. Where a stock is published that is the start; where none is
(families who lately left, early help, assessments under way) it is what today's flows and
durations add up to. The flows solve one linear system over (stage, attributes): what enters a
stage is what arrives there plus what leaves the others for it. Queues are left out; families
whose children have all grown up leave at one rate. This module knows no luck, no case and no
published figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, identity
from scipy.sparse.linalg import spsolve

from model.engines.rules import Draw, End, StageRules
from model.hazards import MINUTES_PER, mean_of_table
from model.network import ENDS_AT_TIME, TIME_CODE, TO_SAME, WAIT_CODE, Network
from model.pathway import Time, Wait

HAZARDS, DURATION = TIME_CODE[Time.HAZARDS], TIME_CODE[Time.DURATION]
WAITING_STAGE = WAIT_CODE[Wait.WAITING_STAGE]
YEAR = MINUTES_PER["years"]
Node = tuple[int, int]  # stage, state


@dataclass
class Stay:
    """How a stay goes on average: how it ends, how long it lasts, how far along it is.

    Attributes
    ----------
    ends : chance of each end; what is left of 1 are families grown up.
    mean_minutes : mean stay of a family that does not grow up.
    edges, rates : bands of a hazard stage, total rate per minute in each (empty otherwise).
    """

    ends: list[float]
    mean_minutes: float
    edges: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    rates: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    limit: float = np.inf


@dataclass(frozen=True)
class SteadyState:
    """Yearly flows and stocks of every stage and set of attributes.

    Attributes
    ----------
    nodes : (stage, state) after the draws on entering; flows : families a year into each;
    stays : how a stay there goes. live : by stage, bits of the attributes that still matter.
    """

    nodes: list[Node]
    flows: NDArray[np.float64]
    stays: list[Stay]
    live: list[int]

    def of_stage(self, stage: int) -> list[int]:
        """The positions of a stage's nodes."""
        return self.by_stage.get(stage, [])

    @cached_property
    def by_stage(self) -> dict[int, list[int]]:
        """The positions of the nodes of each stage that is reached."""
        found: dict[int, list[int]] = {}
        for position, (stage, _) in enumerate(self.nodes):
            found.setdefault(stage, []).append(position)
        return found

    def stock(self, positions: list[int]) -> NDArray[np.float64]:
        """Families open at any moment in some nodes; shape (positions,)."""
        means = np.array([self.stays[k].mean_minutes for k in positions])
        return self.flows[positions] * means / YEAR

    def flow_into(self, stage: int) -> float:
        """Families a year that enter a stage."""
        return float(self.flows[self.of_stage(stage)].sum())


class Walker:
    """Follows every way through the network from the states in which families arrive."""

    def __init__(
        self,
        network: Network,
        rules: list[StageRules],
        stay_home_share: float,
        grown_up_per_minute: float,
    ) -> None:
        self.network, self.rules = network, rules
        self.grown_up_per_minute = grown_up_per_minute
        self.values = network.values
        self.means = [mean_of_table(table) for table in network.quantiles]
        calendar = network.calendar
        self.elapsed_per_working = (
            len(calendar.is_working_day)
            * 1440
            / calendar.worked_by(len(calendar.is_working_day) * 1440 - 1)
        )
        self.stay_home_share = stay_home_share
        self.used = [self.used_by(stage) for stage in rules]
        self.live = self.live_attributes()
        self.known_entries: dict[Node, list[tuple[int, float]]] = {}
        self.known_stays: dict[Node, Stay] = {}
        self.numbers: dict[Node, int] = {}
        self.nodes: list[Node] = []
        self.stays: list[Stay] = []
        self.links: list[tuple[int, int, float]] = []

    def live_attributes(self) -> list[int]:
        """Bits of the attributes that still matter on entering each stage or after it."""
        live = [0] * len(self.rules)
        changed = True
        while changed:
            changed = False
            for stage in self.rules:
                if stage.is_child:
                    continue
                after = self.used[stage.code]
                for end in stage.ends:
                    for target in {end.to, end.rest} if end.splits else {end.to}:
                        if target >= 0 and not self.rules[target].is_child:
                            drawn = sum(15 << draw.shift for draw in end.draws)
                            after |= live[target] & ~end.clear & ~drawn
                    for draw in end.draws:
                        after |= draw.shares.reads()
                for draw in reversed(stage.draws):
                    after = after & ~(15 << draw.shift) | draw.shares.reads()
                if after != live[stage.code]:
                    live[stage.code], changed = after, True
        return live

    def used_by(self, stage: StageRules) -> int:
        """Bits of the attributes that a stage's own tables depend on."""
        tables = [stage.shares, stage.duration, stage.duration_ratio, stage.pace, stage.limit]
        tables += [stage.pool]
        tables += [table for end in stage.ends for table in (end.rates, end.ratio)]
        tables += [beside.chance for beside in stage.besides]
        used = 0
        for table in tables:
            if table is not None:
                used |= table.reads()
        return used

    def number_of(self, node: Node) -> int:
        """The position of a node, added when it is new."""
        if node not in self.numbers:
            self.numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return self.numbers[node]

    def entries(self, stage: int, state: int) -> list[tuple[int, float]]:
        """The nodes that a family entering a stage can be in after the draws, with chances."""
        state &= self.live[stage]
        found = self.known_entries.get((stage, state))
        if found is None:
            states = self.after_draws(state, 1.0, self.rules[stage].draws)
            found = [(self.number_of((stage, one)), chance) for one, chance in states]
            self.known_entries[stage, state] = found
        return found

    def after_draws(
        self, state: int, chance: float, draws: tuple[Draw, ...]
    ) -> list[tuple[int, float]]:
        """The states that draws, one after another, can lead to, with chances."""
        states = [(state, chance)]
        for draw in draws:
            states = [
                (drawn, one_chance * share)
                for one, one_chance in states
                for drawn, share in self.drawn(one, draw)
            ]
        return states

    def drawn(self, state: int, draw: Draw) -> list[tuple[int, float]]:
        """The states that a draw can lead to, with chances."""
        first = draw.shares.at(state, 0)
        shares = self.values[first : first + draw.values].tolist()
        cleared = state & ~(15 << draw.shift)
        return [(cleared | k << draw.shift, share) for k, share in enumerate(shares) if share > 0]

    def walk(self) -> None:
        """Visit every node that can be reached from those already there."""
        position = 0
        while position < len(self.nodes):
            stage, state = self.nodes[position]
            rules = self.rules[stage]
            reads = stage, state & self.used[stage]  # alike here, however they go on elsewhere
            stay = self.known_stays.get(reads) or self.stay(rules, state)
            self.known_stays[reads] = stay
            self.stays.append(stay)
            for end, chance in zip(rules.ends, stay.ends, strict=True):
                if chance > 0:
                    self.follow(position, rules, end, state, chance)
            position += 1

    def follow(self, position: int, rules: StageRules, end: End, state: int, chance: float) -> None:
        """Add the links from a node through one of its ends."""
        target = end.to
        if end.splits:
            target, chance = end.rest, chance * self.stay_home_share
        if target == TO_SAME:
            target = rules.code
        if target < 0 or self.rules[target].is_child:
            return
        for one, one_chance in self.after_draws(state & ~end.clear | end.set, chance, end.draws):
            for node, share in self.entries(target, one):
                self.links.append((node, position, one_chance * share))

    def stay(self, rules: StageRules, state: int) -> Stay:
        """How a stay in a stage goes on average."""
        if rules.time == HAZARDS:
            return self.racing_stay(rules, state)
        assert rules.shares is not None
        first = rules.shares.at(state, 0)
        shares = self.values[first : first + len(rules.ends)].tolist()
        mean = 0.0
        if rules.time == DURATION and rules.duration and rules.duration_ratio:
            table = int(self.values[rules.duration.at(state, 0)])
            ratio = float(self.values[rules.duration_ratio.at(state, 0)])
            mean = self.means[table] * ratio * self.elapsed_per_working
        return Stay(shares, mean)

    def racing_stay(self, rules: StageRules, state: int) -> Stay:
        """A stay with competing risks; a wait for a place is taken as over at once."""
        ends = [0.0] * len(rules.ends)
        if rules.wait == WAITING_STAGE:
            ends[0] = 1.0
            return Stay(ends, 0.0)
        rates = self.rates(rules, state)
        total = rates.sum(axis=0)
        edges = np.asarray(rules.edges, np.float64)
        limit = np.inf
        if rules.limit is not None and rules.limit_kind == ENDS_AT_TIME:
            limit = float(self.values[rules.limit.at(state, 0)])
        with_ageing, left = minutes_in_bands(edges, total + self.grown_up_per_minute, limit)
        for k in range(len(ends)):
            ends[k] = float((with_ageing * rates[k]).sum())
        if np.isfinite(limit):
            ends[-1] += float(left)
        in_band, _ = minutes_in_bands(edges, total, limit)
        return Stay(ends, float(in_band.sum()), edges, total, limit)

    def rates(self, rules: StageRules, state: int) -> NDArray[np.float64]:
        """Rates per minute of each end in each band today; shape (ends, bands)."""
        bands = len(rules.edges)
        found = np.zeros((len(rules.ends), bands))
        assert rules.pace is not None
        pace = self.values[rules.pace.at(state, 0)]
        for k, end in enumerate(rules.ends):
            if end.rates is not None:
                first = end.rates.at(state, 0)
                found[k] = self.values[first : first + bands] * pace
                if end.ratio is not None:
                    found[k] *= self.values[end.ratio.at(state, 0)]
        return found


def minutes_in_bands(
    edges: NDArray[np.float64],
    rates: NDArray[np.float64],
    limit: NDArray[np.float64] | float = np.inf,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected minutes in each band of a stay, and the share that reaches the limit.

    Parameters
    ----------
    edges : minutes, lower edges, shape (bands,).
    rates : total rate per minute in each band, shape (bands,), or (stays, bands) for several.
    limit : minutes after which a stay ends in any case, one or shape (stays,).

    Returns
    -------
    Minutes, shape (bands,) or (stays, bands), and shares, shape () or (stays,).
    """
    limit = np.asarray(limit, np.float64)
    widths = np.maximum(np.minimum(np.append(edges[1:], np.inf), limit[..., None]) - edges, 0.0)
    rates, widths = np.broadcast_arrays(rates, widths)
    ending = rates > 0
    passed = np.exp(-rates * np.where(ending, widths, 0.0))
    left = np.multiply.accumulate(passed, axis=-1)
    before = np.concatenate((np.ones_like(left[..., :1]), left[..., :-1]), axis=-1)
    nobody_ends = before * np.where(np.isfinite(widths), widths, 0.0)
    spent = np.where(ending, before * (1.0 - passed) / np.where(ending, rates, 1.0), nobody_ends)
    return spent, left[..., -1]


def solve(
    network: Network,
    rules: list[StageRules],
    arriving: list[Node],
    per_year: NDArray[np.float64],
    stay_home_share: float,
    grown_up_per_minute: float,
) -> tuple[SteadyState, NDArray[np.float64]]:
    """Flows through the network for several streams of arrivals at once.

    Parameters
    ----------
    network : the pathway with today's numbers; rules : the same, as they are read.
    arriving : the stages and states in which families arrive.
    per_year : how many families a year each stream brings there, shape (arriving, streams).
    stay_home_share : share of families entering care in which some of the children stay.
    grown_up_per_minute : rate at which families leave because the last child has turned 18.

    Returns
    -------
    The steady state with flows still at zero, and flows by node and stream, shape
    (nodes, streams).
    """
    walker = Walker(network, rules, stay_home_share, grown_up_per_minute)
    entered = [
        (position, row, share)
        for row, (stage, state) in enumerate(arriving)
        for position, share in walker.entries(stage, state)
    ]
    walker.walk()
    count = len(walker.nodes)
    positions, rows, shares = (np.array(part) for part in zip(*entered, strict=True))
    sources = np.zeros((count, per_year.shape[1]))
    np.add.at(sources, positions, per_year[rows] * shares[:, None])
    into, out_of, chances = (np.array(part) for part in zip(*walker.links, strict=True))
    moves = csr_array((chances, (into, out_of)), shape=(count, count))
    flows = spsolve((identity(count, format="csr") - moves).tocsc(), sources)
    steady = SteadyState(walker.nodes, np.zeros(count), walker.stays, walker.live)
    return steady, flows.reshape(count, -1)
