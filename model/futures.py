"""An answer made: the futures of redesigns and of today's arrangements, over any executor.

It knows no queue of jobs and no screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, datetime

from model import simulate
from model.answers import Answer
from model.enough import Rule
from model.parameters import areas
from model.questions import Question
from model.results import Results
from model.scenarios import BASELINE, Scenario
from model.simulate import Keeper, Prepared

Progress = Callable[[int], None]


def answer_to(
    question: Question,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> Answer:
    """Run a question's futures on an executor and gather them, with every measure.

    Parameters
    ----------
    question : what to run. executor : any `concurrent.futures.Executor`; None runs them here.
    progress : told how many tasks are done, from 0 when the files are read; what it raises
        stops the run.
    keeper : where finished futures are kept (`simulate.run_together`).

    Raises
    ------
    InputError for anything wrong in the files or in the choice.
    """
    plans = executor.submit(ready, question).result() if executor else ready(question)
    if progress:
        progress(0)
    found = simulate.run_together(
        plans,
        question.sampling,
        executor,
        (lambda done, _: progress(done)) if progress else None,
        Rule() if question.until_enough else None,
        keeper,
    )
    return gathered(question, found, datetime.now().astimezone().date())


def ready(question: Question) -> list[Prepared]:
    """Today's arrangements and the redesigns, ready to run for the same families."""
    plans: list[str | Scenario] = [BASELINE, *(one.plan() for one in question.redesigns)]
    return simulate.prepare_together(
        question.area,
        plans,
        start=question.start,
        years=question.years,
        cost_set=question.cost_set,
    )


def gathered(question: Question, found: Sequence[Results], made_on: date) -> Answer:
    """The results of today's arrangements and of each redesign as one answer, without a digest."""
    baseline, *others = found
    area_title = areas()[question.area].title
    pairs = []
    for redesign, results in zip(question.redesigns, others, strict=True):
        plan = redesign.plan()
        one = Answer(
            question=replace(question, scenario=redesign.name, text=redesign.text, beside=()),
            digest="",
            area_title=area_title,
            scenario_title=plan.title,
            evidence=plan.evidence,
            baseline=baseline,
            scenario=results,
            made_on=made_on,
        )
        pairs.append(one)
    first, *beside = pairs
    return replace(first, question=question, beside=tuple(beside))
