"""Runs that go on step by step: what has been simulated for a question, and what is said so far.

A run lives in one process. It knows no queue, no pipe and no screen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from model.answers import Answer
from model.engines.choice import AUTO, engine_named
from model.enough import CHANCE_POINTS, CHECK_EVERY, Rule, Verdict, Watch
from model.executors import in_order
from model.futures import gathered, ready
from model.keeping import about
from model.questions import Question
from model.results import Results
from model.shared_futures import Today, Wanted, shared_task
from model.shown_measures import SHOWN
from model.simulate import OfTask, Prepared, joined, results_of

MOST_RUNS, MOST_TODAYS = 4, 2
Progress = Callable[[int], None]


class StoppedError(Exception):
    """Someone asked the run to stop; what it has finished stays."""


@dataclass(frozen=True)
class Standing:
    """How far a run is.

    Attributes
    ----------
    tasks : done. expected : that it will take in all, as far as one can tell now.
    finished : whether no more are needed.
    """

    tasks: int
    expected: int
    finished: bool


class Run:
    """One question's futures, as many as there are by now.

    Parameters
    ----------
    question : what is asked. todays : what is remembered of today's arrangements, by what
        decides it.
    """

    def __init__(self, question: Question, todays: OrderedDict[object, Today]) -> None:
        self.question = question
        plans = tuple(ready(question))
        self.wanted = Wanted(plans, question.sampling, SHOWN)
        self.today = today_of(question, plans[0], todays)
        self.parts: list[OfTask] = []
        self.enough = False
        names = [plan.scenario for plan in plans]
        self.watch = Watch(Rule(cap=question.sampling.futures), question.sampling, names)

    def advance(
        self, tasks: int, executor: Executor, progress: Progress, check: Callable[[], None]
    ) -> None:
        """Simulate until there are so many tasks, or enough.

        Parameters
        ----------
        progress : told how many tasks are done. check : called before every replication; what
            it raises stops the run, and what is finished stays.
        """
        if self.enough:
            return
        sampling = self.wanted.sampling
        with closing(self._coming(tasks, executor, check)) as coming:
            for task, found in coming:
                self.parts.append(found)
                enough = self.watch.add(found, sampling.of_task(task))
                self.enough = enough and self.question.until_enough
                progress(len(self.parts))
                if self.enough:
                    break

    def _coming(
        self, tasks: int, executor: Executor, check: Callable[[], None]
    ) -> Generator[tuple[int, OfTask]]:
        """The tables of the next tasks, in order."""
        one = partial(shared_task, self.wanted, self.today, check)
        ahead = range(len(self.parts), min(tasks, self.wanted.sampling.tasks))
        yield from in_order(executor, one, ahead)

    @property
    def standing(self) -> Standing:
        """How far it is."""
        done, most = len(self.parts), self.wanted.sampling.tasks
        if self.enough or done >= most:
            return Standing(done, done, True)
        if not self.question.until_enough or done < 2:
            return Standing(done, most, False)
        needed = max(tasks_needed(one, done) for one in self.watch.verdicts())
        rounded = -(-max(needed, done + 1) // CHECK_EVERY) * CHECK_EVERY
        return Standing(done, min(rounded, most), False)

    def answer(self) -> Answer:
        """What is said by now."""
        sampling = self.wanted.sampling.of_tasks(len(self.parts))
        found: list[Results] = []
        for plan in self.wanted.plans:
            tables = joined([part[plan.scenario] for part in self.parts])
            found.append(results_of(plan, sampling, tables))
        return gathered(self.question, found, datetime.now().astimezone().date())


def today_of(question: Question, usual: Prepared, todays: OrderedDict[object, Today]) -> Today:
    """What is remembered of today's arrangements: the same for every redesign of a question."""
    sampling = question.sampling
    key = (
        question.area,
        question.start,
        question.years,
        question.cost_set,
        bool(sampling.draws),
        sampling.per_task,
        sampling.seed,
        about(usual, sampling)["ranges" if sampling.draws else "inputs"],
        usual.inputs.digest(),
        usual.unit_costs.table().to_csv(),
    )
    found = todays.setdefault(key, Today())
    todays.move_to_end(key)
    while len(todays) > MOST_TODAYS:
        todays.popitem(last=False)
    return found


class Runs:
    """The runs of a process, and what they share.

    Parameters
    ----------
    executor : threads of this process.
    """

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.runs: OrderedDict[str, Run] = OrderedDict()
        self.todays: OrderedDict[object, Today] = OrderedDict()

    def run_of(self, key: str, question: Question) -> Run:
        """The run of a question, begun where there is none; those used least make room."""
        if key not in self.runs:
            self.runs[key] = Run(question, self.todays)
        self.runs.move_to_end(key)
        while len(self.runs) > MOST_RUNS:
            self.runs.popitem(last=False)
        return self.runs[key]

    def forget(self, key: str) -> None:
        """Let go of a run; what it shares stays for the next."""
        self.runs.pop(key, None)


def tasks_needed(found: Verdict, tasks: int) -> int:
    """How many tasks the rule will ask for, judged from those done: errors fall with their root."""
    worst = found.chance_error / CHANCE_POINTS
    if found.allowed_gbp > 0:
        worst = max(worst, found.error_gbp / found.allowed_gbp)
    return round(tasks * max(worst, 0.0) ** 2)


def engine_in_use() -> str:
    """Which engine this process has: `compiled` where Numba is installed, else `simpy`."""
    return engine_named(AUTO).__module__.rpartition(".")[2].removesuffix("_engine")
