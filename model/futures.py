"""An answer made: the futures of a redesign and of today's arrangements, over any executor.

It knows no queue of jobs and no screen.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime

from model import scenarios, simulate
from model.answers import Answer, Question
from model.enough import Rule
from model.parameters import areas
from model.scenarios import BASELINE
from model.simulate import Keeper, Prepared

Progress = Callable[[int], None]


def answer_to(
    question: Question,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> Answer:
    """Run a question's futures on an executor and gather them.

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
    baseline, scenario = simulate.run_together(
        plans,
        question.sampling,
        executor,
        (lambda done, _: progress(done)) if progress else None,
        Rule() if question.until_enough else None,
        keeper,
    )
    plan = scenarios.load(question.scenario)
    return Answer(
        question=question,
        digest="",
        area_title=areas()[question.area].title,
        scenario_title=plan.title,
        evidence=plan.evidence,
        baseline=baseline,
        scenario=scenario,
        made_on=datetime.now().astimezone().date(),
    )


def ready(question: Question) -> list[Prepared]:
    """Today's arrangements and the redesign, ready to run for the same families."""
    return simulate.prepare_together(
        question.area,
        [BASELINE, question.scenario],
        start=question.start,
        years=question.years,
        cost_set=question.cost_set,
    )
