"""An analysis of how sure an answer is, done step by step; it may stop between replications.

It lives in one process and knows no queue, no pipe and no screen.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from model.executors.order import workers_of
from model.futures import ready
from model.how_sure.asked import MOST_RUN, ONE_WAY, STRENGTH, Analysis, Finding
from model.how_sure.assumptions import Assumption, assumptions_of
from model.how_sure.basis import saving_on
from model.how_sure.one_way import (
    MONEY,
    Array,
    OneWayRun,
    one_way_runs,
    one_way_table,
    results_of_run,
)
from model.how_sure.ranking import worth_a_run
from model.how_sure.strength import STRENGTHS, plans_at, strength_table
from model.how_sure.uptake import ODDS, uptake_of, uptake_table, with_odds_of_declining
from model.results import Results, Sampling
from model.simulate import run_together
from model.standing import Standing

Step = Callable[[Executor], None]


class Checked(Executor):
    """An executor that looks before every task whether it is to stop.

    Parameters
    ----------
    executor : does the tasks. check : what it raises stops the run.
    """

    def __init__(self, executor: Executor, check: Callable[[], None]) -> None:
        self.executor, self.check = executor, check
        self.workers = workers_of(executor)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand out a task."""
        return self.executor.submit(self._checked, fn, args, kwargs)

    def _checked(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        self.check()
        return fn(*args, **kwargs)


class AnalysisRun:
    """One analysis, as many of its steps as are done by now.

    Parameters
    ----------
    analysis : what is asked.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        question = replace(analysis.question, beside=())
        self.plans = [replace(plan, tables=MONEY) for plan in ready(question)]
        self.saving = saving_on(analysis.basis)
        self.chosen: list[Assumption] = []
        self.central: list[Results] = []
        self.values: dict[Any, Array] = {}
        self.uptake: dict[float, float] = {}
        self.steps = self._steps()
        self.done = 0

    def advance(
        self,
        tasks: int,
        executor: Executor,
        progress: Callable[[int], None],
        check: Callable[[], None],
    ) -> None:
        """Do steps until there are so many, or all; parameters as for `runs.Run.advance`."""
        checked = Checked(executor, check)
        for step in self.steps[self.done : tasks]:
            check()
            step(checked)
            self.done += 1
            progress(self.done)

    @property
    def standing(self) -> Standing:
        """How far it is."""
        return Standing(self.done, len(self.steps), self.done == len(self.steps))

    def answer(self) -> Finding:
        """What is found by now; the table comes with the last step."""
        table = self._table() if self.standing.finished else None
        return Finding(self.analysis, "", table, self.done)

    def _steps(self) -> list[Step]:
        if self.analysis.which == STRENGTH:
            return [partial(self._at_strength, one) for one in STRENGTHS]
        if self.analysis.which != ONE_WAY:
            return [partial(self._at_uptake, one) for one in ODDS]
        self.chosen = self._worth_a_run()
        runs = one_way_runs(self.chosen)
        return [self._run_central, *(partial(self._one_way, run) for run in runs)]

    def _worth_a_run(self) -> list[Assumption]:
        every = assumptions_of(self.plans)
        known = np.array(self.analysis.known)
        sampling = self.analysis.known_sampling or Sampling(1)
        joint = self.plans[0].opening.inputs.parameters.posterior
        return worth_a_run(every, known, sampling, MOST_RUN, joint)

    def _run_central(self, executor: Executor) -> None:
        self.central = run_together(self.plans, self.analysis.runs, executor)
        self.values[None] = self.saving(*self.central)

    def _one_way(self, run: OneWayRun, executor: Executor) -> None:
        pair = results_of_run(self.plans, run, self.central, executor)
        self.values[run.key] = self.saving(*pair)

    def _at_strength(self, strength: float, executor: Executor) -> None:
        pair = run_together(plans_at(self.plans, strength), self.analysis.runs, executor)
        self.values[strength] = self.saving(*pair)

    def _at_uptake(self, odds: float, executor: Executor) -> None:
        plans = with_odds_of_declining(self.plans, odds)
        pair = run_together(plans, self.analysis.runs, executor)
        self.values[odds], self.uptake[odds] = self.saving(*pair), uptake_of(pair[1])

    def _table(self) -> pd.DataFrame:
        runs = self.analysis.runs
        if self.analysis.which == ONE_WAY:
            return one_way_table(self.chosen, self.values[None], self.values, runs)
        if self.analysis.which == STRENGTH:
            return strength_table(self.values, runs)
        return uptake_table(self.values, self.uptake, runs)


__all__ = ["AnalysisRun", "Checked", "Standing"]
