"""What a run gives: the tables of every future, and how its futures were sampled.

A *future* is one replication in one state of the world. It runs nothing and counts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.scenarios import Scenario

FUTURE = "future"
TABLES = (
    "measures",
    "months",
    "localities",
    "timeliness",
    "costs",
    "programme",
    "partners",
    "stages",
    "flows",
    "pools",
)
YEARLY = tuple(name for name in TABLES if name != "months")
MONEY_AND_MEASURES = ("measures", "costs", "programme", "partners")  # what a comparison needs
PER_DRAW = 2  # replications of each draw: the fewest that tell chance from ignorance
CHANCE = "chance only, parameters at their central values"
BOTH = "chance and what is not known of the parameters"


@dataclass(frozen=True)
class Sampling:
    """Which futures are simulated.

    Future f of a seed is the same however many others there are. With draws it is replication
    f % replications of draw f // replications; without, replication f at central values.

    Attributes
    ----------
    replications : of each draw; in all when there are no draws.
    draws : of the parameters, changes and prices; 0 leaves them at their central values.
    seed : of the luck and of the draws.
    """

    replications: int
    draws: int = 0
    seed: int = 1

    @property
    def futures(self) -> int:
        """How many in all."""
        return self.replications * max(self.draws, 1)

    @property
    def tasks(self) -> int:
        """How many independent pieces of work: draws, or replications where there are none."""
        return self.draws or self.replications

    def of_task(self, task: int) -> range:
        """The futures of one task."""
        return range(task * self.per_task, (task + 1) * self.per_task)

    def of_tasks(self, tasks: int) -> Sampling:
        """The futures of the first so many tasks."""
        if self.draws:
            return replace(self, draws=tasks)
        return replace(self, replications=tasks)

    @property
    def per_task(self) -> int:
        """Futures in each task."""
        return self.replications if self.draws else 1

    @property
    def ranges_say(self) -> str:
        """What a range over these futures contains."""
        return f"80% of simulated futures; {BOTH if self.draws else CHANCE}"


@dataclass(frozen=True)
class Results:
    """What the futures of one scenario gave, as plain tables with the column `future`.

    A table that was not asked for is empty.

    Attributes
    ----------
    area, scenario : names. start, years : dates of the run. sampling : of its futures.
    base_year : of the prices. cost_set : of the unit costs.
    measures : measure, unit, counted_in, period, value, by financial year.
    months : the same by month.
    localities : the same by financial year and locality.
    timeliness : period, stage, limit_working_days, families, children, and how many and what
        share ended within the limit (see `measures.timeliness`).
    costs : financial_year, stage, cost, payer, kind, cashability, quantity, quantity_unit,
        gbp_per_unit, gbp; constant prices of `base_year`, programme costs apart.
    programme : the scenario's programme costs, columns as `costs`.
    partners : what partners and society bear beside the council's budget, columns as `costs` and
        `over` ("year", or "lifetime", which is never added to anything).
    stages : period, stage, families, children (starting), families_open, children_open (at the
        period's end), and waits.
    flows : period, stage, outcome, families, children.
    pools : period, pool, locality, cases, children, places.
    plan : the scenario as it was run; None where the files have it under its name.
    """

    area: str
    scenario: str
    start: date
    years: int
    sampling: Sampling
    base_year: str
    cost_set: str
    measures: pd.DataFrame
    months: pd.DataFrame
    localities: pd.DataFrame
    timeliness: pd.DataFrame
    costs: pd.DataFrame
    programme: pd.DataFrame
    partners: pd.DataFrame
    stages: pd.DataFrame
    flows: pd.DataFrame
    pools: pd.DataFrame
    plan: Scenario | None = None

    @property
    def futures(self) -> int:
        """How many futures."""
        return self.sampling.futures


Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Spread:
    """A figure's variance over futures, told apart.

    Attributes
    ----------
    chance : from luck alone, in a world that is known. ignorance : from not knowing the
        parameters; 0 where nothing was drawn. Both in the figure's unit, squared.
    """

    chance: float
    ignorance: float

    @property
    def ignorance_share(self) -> float:
        """Share of the variance that better evidence could remove."""
        total = self.chance + self.ignorance
        return self.ignorance / total if total else 0.0


def spread(values: NDArray[np.float64], sampling: Sampling) -> Spread:
    """Tell chance from ignorance in a figure: one-way analysis of variance over draws.

    The method is that of O'Hagan, Stevenson and Madan (2007), "Monte Carlo probabilistic
    sensitivity analysis for patient level simulation models", Health Economics 16.

    Parameters
    ----------
    values : one for each future, in order.
    """
    if not sampling.draws:
        return Spread(float(values.var(ddof=1)) if len(values) > 1 else 0.0, 0.0)
    by_draw = values.reshape(sampling.draws, sampling.replications)
    within = float(by_draw.var(axis=1, ddof=1).mean()) if sampling.replications > 1 else 0.0
    between = float(by_draw.mean(axis=1).var(ddof=1)) if sampling.draws > 1 else 0.0
    return Spread(within, max(between - within / sampling.replications, 0.0))


def standard_error(values: NDArray[np.float64], sampling: Sampling) -> float:
    """Monte Carlo standard error of a mean over futures; futures of one draw count as one."""
    means = values.reshape(-1, sampling.per_task).mean(axis=1)
    return float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("inf")
