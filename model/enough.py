"""How many futures are enough: a rule that stops when more would not change what is said.

The rule of Hoad, Robinson and Davies (2010), "Automated selection of the number of replications
for a discrete-event simulation", Journal of the Operational Research Society 61: go on until the
Monte Carlo standard error is small beside what the answer is for. Futures of one draw count as
one, as in O'Hagan, Stevenson and Madan (2007). It is a rule about the computer's work: the range
from what is not known of the parameters does not become narrower, however many futures are run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COUNCIL, net_savings, yearly_costs
from model.results import FUTURE, Results, Sampling, Tables, chance_error, standard_error

SHARE_OF_BASELINE = 0.02
CHANCE_POINTS = 0.02
FLOOR, CAP = 32, 1000  # futures
CHECK_EVERY = 8  # tasks


@dataclass(frozen=True)
class Rule:
    """When to stop.

    Attributes
    ----------
    accuracy_gbp : standard error of the mean saving that is small enough, where it is larger than
        2% of what the baseline spends; 0 for the 2% alone.
    floor, cap : the fewest and the most futures.
    """

    accuracy_gbp: float = 0.0
    floor: int = FLOOR
    cap: int = CAP

    def sampling(self, with_draws: bool, seed: int, replications: int | None = None) -> Sampling:
        """The most futures that the rule allows; `replications` as for `Sampling.drawn`."""
        if with_draws:
            most = Sampling.drawn(self.cap, seed, replications)
            return most.of_tasks(max(most.whole_tasks(self.cap), 1))
        return Sampling(self.cap, 0, seed)


WITHOUT_AMOUNT = Rule()


@dataclass(frozen=True)
class Verdict:
    """Whether there are enough futures, and by how much.

    Attributes
    ----------
    futures : simulated. error_gbp : standard error of the mean saving; allowed_gbp : of it.
    chance : of payback by the end of the run; chance_error : its standard error.
    enough : whether both are small enough. capped : whether the most were run without that.
    """

    futures: int
    error_gbp: float
    allowed_gbp: float
    chance: float
    chance_error: float
    enough: bool
    capped: bool

    @property
    def says(self) -> str:
        """One line for the end of a run."""
        reached = "enough" if self.enough else "the most allowed" if self.capped else "not enough"
        return (
            f"{self.futures} futures, {reached}: Monte Carlo standard error of the mean saving "
            f"£{self.error_gbp:,.0f} (at most £{self.allowed_gbp:,.0f}), of the chance of payback "
            f"{100 * self.chance_error:.1f} points (at most {100 * CHANCE_POINTS:.0f})"
        )


def judge(
    saving: NDArray[np.float64], spent: NDArray[np.float64], sampling: Sampling, rule: Rule
) -> Verdict:
    """Whether the futures so far are enough.

    Parameters
    ----------
    saving : net saving over the run in each future, GBP. spent : by the baseline, GBP.
    sampling : of these futures.
    """
    error = standard_error(saving, sampling)
    allowed = max(SHARE_OF_BASELINE * float(spent.mean()), rule.accuracy_gbp)
    pays = saving > 0
    of_chance = chance_error(pays, sampling)
    small = error <= allowed and of_chance <= CHANCE_POINTS
    futures = len(saving)
    return Verdict(
        futures,
        error,
        allowed,
        float(pays.mean()),
        of_chance,
        small and futures >= rule.floor,
        futures >= rule.cap,
    )


def verdict(baseline: Results, scenario: Results, rule: Rule = WITHOUT_AMOUNT) -> Verdict:
    """Whether the futures of a comparison were enough to say what the council saves."""
    gross, programme = net_savings(baseline, scenario, COUNCIL)
    saving = (gross - programme).sum(axis=1).to_numpy(float)
    spent = yearly_costs(baseline, COUNCIL).sum(axis=1).to_numpy(float)
    return judge(saving, spent, baseline.sampling, rule)


class Watch:
    """Watches the futures of a comparison come in, task by task, and says when to stop.

    It looks at the council's money, every few tasks, and only at results in their order: so the
    number of futures is the same on any number of workers.

    Parameters
    ----------
    rule : when to stop. sampling : the most futures. scenarios : names, the baseline first.
    """

    def __init__(self, rule: Rule, sampling: Sampling, scenarios: Sequence[str]) -> None:
        self.rule, self.sampling = rule, sampling
        self.baseline, *self.others = scenarios
        self.spent: dict[str, list[float]] = {name: [] for name in scenarios}
        self.programme: dict[str, list[float]] = {name: [] for name in scenarios}

    def add(self, found: Mapping[str, Tables], futures: range) -> bool:
        """The tables of the next futures; whether that is enough."""
        for name in self.spent:
            self.spent[name] += gbp_of_council(found[name]["costs"], futures)
            self.programme[name] += gbp_of_council(found[name]["programme"], futures)
        return self.tasks % CHECK_EVERY == 0 and all(one.enough for one in self.verdicts())

    @property
    def tasks(self) -> int:
        """How many it has seen."""
        return self.sampling.whole_tasks(len(self.spent[self.baseline]))

    def verdicts(self) -> list[Verdict]:
        """How each redesign stands."""
        spent, sampling = np.array(self.spent[self.baseline]), self.sampling.of_tasks(self.tasks)
        found = []
        for name in self.others or [self.baseline]:
            saving = spent - np.array(self.spent[name]) - np.array(self.programme[name])
            found.append(judge(saving if self.others else spent, spent, sampling, self.rule))
        return found


def gbp_of_council(table: pd.DataFrame, futures: range) -> list[float]:
    """What the council pays in each of these futures."""
    if not len(table):
        return [0.0] * len(futures)
    own = table[table["payer"].isin(COUNCIL)]
    return own.groupby(FUTURE)["gbp"].sum().reindex(futures, fill_value=0.0).tolist()
