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
PER_DRAW = 2  # replications of a draw that has several: the fewest that tell chance from ignorance
REPEATED = 16  # draws that have several, unless somebody says how many each has
DRAWS_SPREAD_EVENLY = 4  # each four draws, from the first, fall one into each quarter of a range
FEWEST_BLOCKS = 8  # of so many draws, to read an error off them
CHANCE = "chance only, parameters at their central values"
BOTH = "chance and what is not known of the parameters"


@dataclass(frozen=True)
class Sampling:
    """Which futures are simulated.

    Future f of a seed is the same however many others there are. With draws the futures go from
    draw to draw; without, future f is replication f at central values.

    Attributes
    ----------
    replications : of each draw; in all when there are no draws.
    draws : of the parameters, changes and prices; 0 leaves them at their central values.
    seed : of the luck and of the draws.
    repeated : how many draws, the first ones, have so many replications, while each of the others
        has one; None for every draw. A few are enough to tell chance from ignorance, and a new
        draw teaches more than an old one again.
    """

    replications: int
    draws: int = 0
    seed: int = 1
    repeated: int | None = None

    @classmethod
    def drawn(cls, draws: int, seed: int = 1, replications: int | None = None) -> Sampling:
        """The futures of so many draws.

        Parameters
        ----------
        replications : of each draw; None for two of the first 16 and one of the others.
        """
        if replications is None:
            return cls(PER_DRAW, draws, seed, REPEATED)
        return cls(replications, draws, seed)

    @property
    def futures(self) -> int:
        """How many in all."""
        return self.before(self.tasks)

    @property
    def tasks(self) -> int:
        """How many independent pieces of work: draws, or replications where there are none."""
        return self.draws or self.replications

    def before(self, task: int) -> int:
        """How many futures all earlier tasks have."""
        if not self.draws:
            return task
        repeated = task if self.repeated is None else min(task, self.repeated)
        return task + repeated * (self.replications - 1)

    def of_task(self, task: int) -> range:
        """The futures of one task."""
        return range(self.before(task), self.before(task + 1))

    def whole_tasks(self, futures: int) -> int:
        """How many tasks, from the first on, so many futures hold whole."""
        if not self.draws:
            return futures
        repeated = self.tasks if self.repeated is None else self.repeated
        single = futures - repeated * self.replications
        return repeated + single if single > 0 else futures // self.replications

    def task_of_each(self) -> NDArray[np.int64]:
        """The task of each future, in order; shape (futures,)."""
        tasks = np.arange(self.tasks + 1)
        sizes = np.diff([self.before(task) for task in tasks.tolist()])
        return np.repeat(tasks[:-1], sizes)

    def of_tasks(self, tasks: int) -> Sampling:
        """The futures of the first so many tasks."""
        if self.draws:
            return replace(self, draws=tasks)
        return replace(self, replications=tasks)

    def starts_as(self, other: Sampling) -> bool:
        """Whether the one's futures begin with the other's."""
        return bool(self.draws) == bool(other.draws) and self.of_tasks(1) == other.of_tasks(1)

    @property
    def says(self) -> str:
        """How the futures were sampled."""
        if not self.draws:
            return f"{self.replications} replications at central values"
        if self.repeated is None or self.repeated >= self.draws:
            return f"{self.draws} draws with {self.replications} replications each"
        return (
            f"{self.draws} draws, the first {self.repeated} with {self.replications} replications "
            "each and the others with one"
        )

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
    sensitivity analysis for patient level simulation models", Health Economics 16; for draws of
    unequal size as in Searle, Casella and McCulloch (1992), "Variance Components", chapter 3.

    Parameters
    ----------
    values : one for each future, in order.
    """
    if not sampling.draws:
        return Spread(float(values.var(ddof=1)) if len(values) > 1 else 0.0, 0.0)
    draw = sampling.task_of_each()
    size = np.bincount(draw)
    mean = np.bincount(draw, values) / size
    repeats = len(values) - sampling.draws
    within = float(((values - mean[draw]) ** 2).sum() / repeats) if repeats else 0.0
    if sampling.draws == 1:
        return Spread(within, 0.0)
    between = float((size * (mean - values.mean()) ** 2).sum() / (sampling.draws - 1))
    usual_size = (len(values) - (size**2).sum() / len(values)) / (sampling.draws - 1)
    return Spread(within, max((between - within) / float(usual_size), 0.0))


def by_task(values: NDArray[np.float64], sampling: Sampling) -> NDArray[np.float64]:
    """The mean of each task's futures; shape (tasks,)."""
    task = sampling.task_of_each()
    return np.asarray(np.bincount(task, values) / np.bincount(task))


def standard_error(values: NDArray[np.float64], sampling: Sampling) -> float:
    """Monte Carlo standard error of a mean over futures.

    Futures of one draw are alike, and each four draws are spread evenly over every range
    (`uncertainty.stratified`), so that from 32 draws on four draws together count as one:
    replicated Latin hypercubes, as in Iman (1981), "Statistical methods for including
    uncertainties associated with the geologic isolation of radioactive waste". That more draws
    are spread more evenly still is left out, so the error is rather too large than too small.

    Parameters
    ----------
    values : one for each future, in order.
    """
    task = sampling.task_of_each()
    enough = sampling.draws >= FEWEST_BLOCKS * DRAWS_SPREAD_EVENLY
    block = task // DRAWS_SPREAD_EVENLY if enough else task
    off = np.bincount(block, values - values.mean())
    if len(off) < 2:
        return float("inf")
    return float(np.sqrt((off**2).sum() * len(off) / (len(off) - 1)) / len(values))


def chance_error(happens: NDArray[np.bool_], sampling: Sampling) -> float:
    """Monte Carlo standard error of how often something happens.

    Where all futures agree that is not certainty: one for and one against are added (Agresti and
    Coull 1998), futures of one draw counting as one.

    Parameters
    ----------
    happens : whether it does, one for each future, in order.
    """
    if happens.any() and not happens.all():
        return standard_error(happens.astype(float), sampling)
    return float(np.sqrt((sampling.tasks + 1) / (sampling.tasks + 2) ** 3))
