"""Runs that go on step by step: what has been simulated for a question, and what is said so far.

A run lives in one process. It knows no queue, no pipe and no screen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from threading import Event

from model.answers import Answer
from model.engines.choice import AUTO, engine_named
from model.enough import CAP, CHANCE_POINTS, CHECK_EVERY, Rule, Verdict, Watch
from model.errors import InputError
from model.executors import in_order
from model.executors.order import workers_of
from model.futures import gathered, ready
from model.how_sure.asked import Analysis
from model.how_sure.steps import AnalysisRun
from model.keeping import KeptInStore, about
from model.questions import Question
from model.results import Results
from model.shared_futures import Today, Wanted, shared_task
from model.shown_measures import SHOWN
from model.simulate import OfTask, Prepared, joined, results_of
from model.standing import Standing
from model.store import Store

MOST_RUNS, MOST_TODAYS = 4, 2
AHEAD = 1  # tasks handed out beyond those that the threads are at
Progress = Callable[[int], None]


class StoppedError(Exception):
    """Someone asked the run to stop; what it has finished stays."""


class Run:
    """One question's futures, as many as there are by now.

    Parameters
    ----------
    question : what is asked. todays : what is remembered of today's arrangements, by what
        decides it. keeper : where finished futures are kept, and taken from; None for nowhere.
    """

    def __init__(
        self,
        question: Question,
        todays: OrderedDict[object, Today],
        keeper: KeptInStore | None = None,
    ) -> None:
        self.question = question
        plans = tuple(ready(question))
        self.wanted = Wanted(plans, question.sampling, SHOWN)
        self.today = today_of(question, plans[0], todays)
        self.enough = False
        names = [plan.scenario for plan in plans]
        self.watch = Watch(Rule(cap=question.sampling.futures), question.sampling, names)
        self.keeper = keeper
        self.before: OfTask = {}
        self.kept = self._take_kept(plans) if keeper else 0
        self.parts: list[OfTask] = []
        self._check: Callable[[], None] = lambda: None
        self._coming: Generator[tuple[int, OfTask]] | None = None

    @property
    def tasks(self) -> int:
        """How many are done, those kept from before among them."""
        return self.kept + len(self.parts)

    def _take_kept(self, plans: tuple[Prepared, ...]) -> int:
        """Take the tasks that are kept from before, up to where they are enough."""
        assert self.keeper is not None
        sampling, kept = self.question.sampling, 0
        for task in range(self.keeper.begin(plans, sampling)):
            kept = task + 1
            if self._seen(task, self.keeper.task(task)):
                break
        if kept:
            done = sampling.of_tasks(kept)
            tables = {plan.scenario: self.keeper.tables(plan, done) for plan in plans}
            self.before = {name: dict(found) for name, found in tables.items()}
        return kept

    def _seen(self, task: int, found: OfTask) -> bool:
        """Look at the tables of the next task; whether that is enough."""
        enough = self.watch.add(found, self.question.sampling.of_task(task))
        self.enough = enough and self.question.until_enough
        return self.enough

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
        self._check = check
        coming, self._coming = self._coming or self._simulated(executor), None
        try:
            while self.tasks < min(tasks, self.wanted.sampling.tasks) and not self.enough:
                check()
                task, found = next(coming)
                self.parts.append(found)
                self._keep(task, found)
                self._seen(task, found)
                progress(self.tasks)
        except BaseException:
            coming.close()
            raise
        if self.standing.finished:
            coming.close()
            self._keep()
        else:  # the threads go on while somebody hears of this
            self._coming = coming

    def _keep(self, task: int = -1, found: OfTask | None = None) -> None:
        """Keep a task, or write what waits; a store that is full must not end the run."""
        if self.keeper is None:
            return
        try:
            if found is None:
                self.keeper.flush()
            else:
                self.keeper.keep(task, found)
        except InputError:
            self.keeper = None

    def _simulated(self, executor: Executor) -> Generator[tuple[int, OfTask]]:
        """The tables of all further tasks, in order; a few are simulated ahead."""
        closed = Event()

        def may_go_on() -> None:
            """Stop where nobody waits for the task any more."""
            self._check()
            if closed.is_set():
                raise StoppedError

        one = partial(shared_task, self.wanted, self.today, may_go_on)
        ahead = range(self.tasks, self.wanted.sampling.tasks)
        try:
            yield from in_order(executor, one, ahead, workers_of(executor) + AHEAD)
        finally:
            closed.set()

    @property
    def standing(self) -> Standing:
        """How far it is."""
        done, most = self.tasks, self.wanted.sampling.tasks
        if self.enough or done >= most:
            return Standing(done, done, True)
        if not self.question.until_enough or done < 2:
            return Standing(done, most, False)
        needed = max(tasks_needed(one, done) for one in self.watch.verdicts())
        rounded = -(-max(needed, done + 1) // CHECK_EVERY) * CHECK_EVERY
        return Standing(done, min(rounded, most), False)

    def answer(self) -> Answer:
        """What is said by now."""
        sampling = self.wanted.sampling.of_tasks(self.tasks)
        parts = [self.before, *self.parts] if self.kept else self.parts
        found: list[Results] = []
        for plan in self.wanted.plans:
            tables = joined([part[plan.scenario] for part in parts])
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
        sampling.of_tasks(1),
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
    executor : threads of this process. stored : whether finished futures are kept on disk.
    """

    def __init__(self, executor: Executor, stored: bool = True) -> None:
        self.executor, self.stored = executor, stored
        self.runs: OrderedDict[str, Run | AnalysisRun] = OrderedDict()
        self.todays: OrderedDict[object, Today] = OrderedDict()

    def run_of(self, key: str, question: Question | Analysis) -> Run | AnalysisRun:
        """The run of a question, begun where there is none; those used least make room."""
        if key not in self.runs:
            self.runs[key] = self._begun(question)
        self.runs.move_to_end(key)
        while len(self.runs) > MOST_RUNS:
            self.runs.popitem(last=False)
        return self.runs[key]

    def _begun(self, question: Question | Analysis) -> Run | AnalysisRun:
        """A run that takes what is kept of it; without a store where that cannot be written."""
        if isinstance(question, Analysis):
            return AnalysisRun(question)
        try:
            keeper = KeptInStore(Store(), measures=SHOWN) if self.stored else None
            return Run(question, self.todays, keeper)
        except InputError as error:
            if "the result store" not in error.where.file:
                raise
            self.stored = False
            return Run(question, self.todays)

    def forget(self, key: str) -> None:
        """Let go of a run; what it shares stays for the next."""
        self.runs.pop(key, None)


def tasks_needed(found: Verdict, tasks: int) -> int:
    """How many tasks the rule will ask for, judged from those done: errors fall with their root."""
    worst = found.chance_error / CHANCE_POINTS
    if found.allowed_gbp > 0:
        worst = max(worst, found.error_gbp / found.allowed_gbp)
    return round(min(tasks * max(worst, 0.0) ** 2, CAP))


def engine_in_use() -> str:
    """Which engine this process has: `compiled` where Numba is installed, else `simpy`."""
    return engine_named(AUTO).__module__.rpartition(".")[2].removesuffix("_engine")
