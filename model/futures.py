"""An answer made: the futures of a redesign and of today's arrangements, over any executor.

Each future is one task that returns small tables by financial year, never the log. The tasks of
both scenarios are handed out together, so that no processor waits for the other scenario. It
knows no queue of jobs and no screen.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, as_completed
from datetime import datetime

import numpy as np
import pandas as pd

from model import costs, measures, scenarios, simulate
from model.answers import WAIT_COLUMNS, Answer, Question
from model.measures.caseloads import ALL_LOCALITIES
from model.measures.linked_log import LinkedLog
from model.measures.periods import periods_of
from model.network import NONE, Network
from model.parameters import areas
from model.scenarios import BASELINE
from model.simulate import Prepared, Results

Progress = Callable[[int], None]
PERIOD = "financial_year"
RESULT_TABLES = ("measures", "localities", "timeliness", "costs")
ANSWER_TABLES = ("stages", "flows", "pools")


def answer_to(question: Question, executor: Executor, progress: Progress | None = None) -> Answer:
    """Run a question's futures on an executor and gather them.

    Parameters
    ----------
    question : what to run. executor : any `concurrent.futures.Executor`.
    progress : told how many futures are done, from 0 when the files are read; what it raises
        stops the run.

    Raises
    ------
    InputError for anything wrong in the files or in the choice.
    """
    pair = executor.submit(prepare_pair, question).result()
    tasks: dict[Future[dict[str, pd.DataFrame]], tuple[str, int]] = {}
    for replication in range(question.replications):
        for prepared in pair:
            task = executor.submit(one_future, prepared, question.seed, replication)
            tasks[task] = (prepared.inputs.scenario.name, replication)
    try:
        if progress:
            progress(0)
        for done, task in enumerate(as_completed(tasks), start=1):
            task.result()
            if progress:
                progress(done)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
    parts = {(name, number): task.result() for task, (name, number) in tasks.items()}
    return gathered(question, pair, parts)


def prepare_pair(question: Question) -> tuple[Prepared, Prepared]:
    """Today's arrangements and the redesign, ready to run for the same families."""
    start, years = question.start, question.years
    usual = simulate.prepare(question.area, BASELINE, start=start, years=years)
    other = simulate.prepare(
        question.area, question.scenario, start=start, years=years, opening=usual.opening
    )
    return usual, other


def one_future(prepared: Prepared, seed: int, replication: int) -> dict[str, pd.DataFrame]:
    """One replication's tables, by financial year."""
    log = measures.linked(simulate.replicate(prepared, seed, replication))
    calendar = prepared.network.calendar
    by_locality = simulate.BY_LOCALITY
    return {
        "measures": measures.all_measures(log, calendar, PERIOD),
        "localities": measures.all_measures(log, calendar, PERIOD, by_locality),
        "timeliness": measures.timeliness(log, calendar, simulate.limits(prepared.inputs)),
        "costs": costs.price(log.log, prepared.unit_costs),
        "stages": stage_table(log, calendar),
        "flows": measures.flows(log, period=PERIOD),
        "pools": pool_table(log, prepared.network),
    }


def stage_table(log: LinkedLog, calendar: measures.CountsWorkingDays) -> pd.DataFrame:
    """Who enters each stage, who is there at the year's end, and how long they waited."""
    keys = ["period", "stage"]
    entering = measures.starts(log, period=PERIOD).drop(columns="children_joining")
    there = measures.stocks(log, period=PERIOD)[[*keys, "families", "children"]]
    there = there.rename(columns={"families": "families_open", "children": "children_open"})
    waited = measures.waits(log, calendar, period=PERIOD)
    waited = waited[[*keys, *WAIT_COLUMNS]]
    return entering.merge(there, on=keys, how="left").merge(waited, on=keys, how="left")


def pool_table(log: LinkedLog, network: Network) -> pd.DataFrame:
    """Cases that each pool holds at the year's end, and its places then."""
    held = measures.caseload(log, period=PERIOD)
    held = held[["period", "pool", "locality", "cases", "children"]]
    periods = periods_of(log.log, PERIOD)
    last_minute = dict(zip(periods.names, (periods.edges[1:] - 1).tolist(), strict=True))
    held = held[held["period"].isin(periods.names)]
    found = []
    for row in held.itertuples():
        whole_area = row.locality == ALL_LOCALITIES
        place = network.places.index(row.pool if whole_area else f"{row.pool}: {row.locality}")
        epoch = int(np.searchsorted(network.epochs, last_minute[row.period], side="right")) - 1
        places = int(network.capacity[epoch, place])
        found.append(np.nan if places == NONE else float(places))
    return held.assign(places=found)


def gathered(
    question: Question,
    pair: tuple[Prepared, Prepared],
    parts: dict[tuple[str, int], dict[str, pd.DataFrame]],
) -> Answer:
    """The futures of both scenarios as one answer, in replication order."""

    def every(table: str, names: tuple[str, ...]) -> pd.DataFrame:
        """One table of every replication of these scenarios."""
        found = [
            parts[name, number][table].assign(scenario=name, replication=number)
            for name in names
            for number in range(question.replications)
        ]
        return pd.concat(found, ignore_index=True)

    names = (BASELINE, pair[1].inputs.scenario.name)
    results = {
        one.inputs.scenario.name: results_of(
            question,
            one,
            {
                table: every(table, (one.inputs.scenario.name,)).drop(columns="scenario")
                for table in RESULT_TABLES
            },
        )
        for one in pair
    }
    plan = scenarios.load(question.scenario)
    return Answer(
        question=question,
        digest="",
        area_title=areas()[question.area].title,
        scenario_title=plan.title,
        evidence=plan.evidence,
        baseline=results[BASELINE],
        scenario=results[names[1]],
        made_on=datetime.now().astimezone().date(),
        **{table: every(table, names) for table in ANSWER_TABLES},
    )


def results_of(question: Question, one: Prepared, tables: dict[str, pd.DataFrame]) -> Results:
    """The tables of one scenario as `simulate.Results`."""
    inputs, deflator = one.inputs, one.unit_costs.deflator
    return Results(
        area=inputs.area.name,
        scenario=inputs.scenario.name,
        start=inputs.start,
        years=inputs.years,
        seed=question.seed,
        replications=question.replications,
        base_year=deflator.base_year,
        programme=costs.programme_costs(
            inputs.programme_costs, inputs.start, inputs.horizon, deflator
        ),
        **tables,
    )
