"""The terms of a stay: what all the tables of a stage say for a case, worked out once and kept.

Hundreds of thousands of stays meet a few hundred combinations of the attributes that matter, so
the SimPy engine asks here instead of looking into one table after another. The numbers and the
order of arithmetic are those of docs/engines.md; nothing is decided here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TypeVar

from model.engines.rules import End, StageRules, Table
from model.episodes import BITS_PER_ATTRIBUTE
from model.network import NONE, Network
from model.pathway import ATTRIBUTES

Answer = TypeVar("Answer")
STATE_BITS = BITS_PER_ATTRIBUTE * len(ATTRIBUTES)


class Kept(dict[int, Answer]):
    """Answers about cases, each worked out when it is first asked for.

    Ask with `kept[state & kept.reads | epoch << STATE_BITS]`.

    Parameters
    ----------
    reads : bits of the attributes that the answer depends on.
    work_out : gives the answer for a state and an epoch.
    """

    __slots__ = ("reads", "work_out")

    def __init__(self, reads: int, work_out: Callable[[int, int], Answer]) -> None:
        super().__init__()
        self.reads, self.work_out = reads, work_out

    def __missing__(self, key: int) -> Answer:
        """Work the answer out and keep it."""
        epoch, state = divmod(key, 1 << STATE_BITS)
        answer = self[key] = self.work_out(state, epoch)
        return answer


@dataclass(frozen=True, slots=True)
class Terms:
    """What the tables of a stage say for a case in one state.

    Attributes
    ----------
    pool : which pool it asks for a place; NONE when it needs none.
    reached : running totals of the shares of a decision (see `running_totals`).
    quantiles : of a plain duration, in working minutes; duration_ratio : how much longer it is.
    overload : share longer for each 100% of caseload over plan.
    limit_minutes : of age, or of time in the stage, at which the stay ends in any case.
    rates : by end, its rate per minute in each band at this pace and hazard ratio; empty for none.
    fastest : by end, no rate of it is higher, in whatever band and on whatever date.
    """

    pool: int
    reached: list[float]
    quantiles: list[float]
    duration_ratio: float
    overload: float
    limit_minutes: int
    rates: list[list[float]]
    fastest: list[float]


def running_totals(
    shares: Table, count: int, values: list[float], state: int, epoch: int
) -> list[float]:
    """Running totals of shares, summed from the first, without the last, which takes the rest.

    The choice is the first total that passes u: `bisect_right(totals, u)`.
    """
    first = shares.at(state, epoch)
    return list(accumulate(values[first : first + count - 1]))


class TermReader:
    """Reads the terms of every stage from a network."""

    def __init__(self, network: Network, stages: list[StageRules]) -> None:
        self.stages = stages
        self.values: list[float] = network.values.tolist()
        self.quantiles: list[list[float]] = network.quantiles.tolist()
        self.epochs = range(len(network.epochs))
        self.fastest = [Kept(reads(rules), partial(self.fastest_rates, rules)) for rules in stages]

    def of_stages(self) -> list[Kept[Terms]]:
        """The terms of each stage."""
        return [Kept(reads(rules), partial(self.terms, rules)) for rules in self.stages]

    def of_draws(self) -> dict[int, tuple[Kept[list[float]], Kept[list[float]]]]:
        """By number of a draw: running totals of its shares, and of today's arrangements'."""
        draws = [draw for rules in self.stages for draw in rules.draws]
        draws += [draw for rules in self.stages for end in rules.ends for draw in end.draws]
        return {
            draw.number: (
                self.totals(draw.shares, draw.values),
                self.totals(draw.usual_shares, draw.values),
            )
            for draw in draws
        }

    def totals(self, shares: Table, count: int) -> Kept[list[float]]:
        """Running totals of shares."""
        return Kept(shares.reads(), partial(running_totals, shares, count, self.values))

    def terms(self, rules: StageRules, state: int, epoch: int) -> Terms:
        """The terms of one stage; a limit is that of the run's start."""
        shares, row = rules.shares, int(self.number(rules.duration, state, epoch, NONE))
        ends = len(rules.ends)
        return Terms(
            pool=int(self.number(rules.pool, state, epoch, NONE)),
            reached=running_totals(shares, ends, self.values, state, epoch) if shares else [],
            quantiles=[] if row == NONE else self.quantiles[row],
            duration_ratio=self.number(rules.duration_ratio, state, epoch, 1.0),
            overload=self.number(rules.overload, state, epoch, 0.0),
            limit_minutes=int(self.number(rules.limit, state, 0, NONE)),
            rates=[self.rates(rules, end, state, epoch) for end in rules.ends],
            fastest=self.fastest[rules.code][state],
        )

    def number(self, table: Table | None, state: int, epoch: int, absent: float) -> float:
        """What a table gives for a state in an epoch."""
        return absent if table is None else self.values[table.at(state, epoch)]

    def rates(self, rules: StageRules, end: End, state: int, epoch: int) -> list[float]:
        """Rates of one end by band: rate x pace x ratio, multiplied in that order."""
        if end.rates is None:
            return []
        first = end.rates.at(state, epoch)
        pace = self.number(rules.pace, state, epoch, 1.0)
        ratio = self.number(end.ratio, state, epoch, 1.0)
        return [rate * pace * ratio for rate in self.values[first : first + len(rules.edges)]]

    def fastest_rates(self, rules: StageRules, state: int, _: int) -> list[float]:
        """The highest rate of each end in any band and epoch; without bound where age matters."""
        if rules.uses_age:
            return [math.inf for _ in rules.ends]
        return [
            max(max(self.rates(rules, end, state, epoch), default=0.0) for epoch in self.epochs)
            for end in rules.ends
        ]


def reads(rules: StageRules) -> int:
    """Bits of the attributes that any of a stage's tables depends on."""
    tables = [rules.shares, rules.duration, rules.duration_ratio, rules.pace, rules.pool]
    tables += [rules.overload, rules.limit]
    tables += [table for end in rules.ends for table in (end.rates, end.ratio)]
    read = 0
    for table in tables:
        read |= 0 if table is None else table.reads()
    return read
