"""Run an area under a scenario: replications over any executor, tables out.

A worker receives resolved arrays and reads no file. Replications are independent tasks, and the
results come back in replication order, the same whatever ran them. This module knows no stage,
no chart and no published figure.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from model import costs, luck, measures, network
from model.costs.unit_costs import UnitCosts, load_unit_costs
from model.engines.choice import AUTO, engine_named
from model.episodes import EpisodeLog
from model.inputs import Inputs, resolve
from model.network import Network
from model.pathway import PATHWAY
from model.scenarios import BASELINE, Scenario
from model.scenarios.programme_costs import ProgrammeCost
from model.starting import Opening

Progress = Callable[[int, int], None]
PERIODS = ("month", "financial_year")
BY_LOCALITY = ("locality",)


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to go: numbers only, no file is read after this.

    Attributes
    ----------
    inputs : the area's numbers under the scenario. network : built from them.
    opening : today's caseload and demand, the same for every scenario of the area and dates.
    unit_costs : prices of the area. engine : which runs it (`engines.choice`).
    """

    inputs: Inputs
    network: Network
    opening: Opening
    unit_costs: UnitCosts
    engine: str = AUTO


@dataclass(frozen=True)
class Results:
    """What the replications of one scenario gave, as plain tables.

    Attributes
    ----------
    area, scenario : names. start, years : dates of the run. seed : of the luck.
    replications : how many. base_year : of the prices.
    measures : replication, measure, unit, counted_in, period, value (months and financial years).
    localities : the same by financial year and locality.
    timeliness : replication, period, stage, limit_working_days, families, children,
        and how many and what share ended within the limit (see `measures.timeliness`).
    costs : replication, financial_year, stage, cost, payer, kind, cashability, quantity,
        quantity_unit, gbp_per_unit, gbp; constant prices of `base_year`, programme costs apart.
    programme : the scenario's programme costs, without replication.
    """

    area: str
    scenario: str
    start: date
    years: int
    seed: int
    replications: int
    base_year: str
    measures: pd.DataFrame
    localities: pd.DataFrame
    timeliness: pd.DataFrame
    costs: pd.DataFrame
    programme: pd.DataFrame


def prepare(
    area: str,
    scenario: str | Scenario = BASELINE,
    *,
    start: date,
    years: int,
    root: str | Path | None = None,
    opening: Opening | None = None,
    engine: str = AUTO,
) -> Prepared:
    """Read the files and get a run ready.

    Parameters
    ----------
    area, scenario : names. start : first day; its caseload must be known. years : whole years.
    root : the project's folder; None for the usual one.
    opening : of another scenario of the same area and dates, to save making it again.
    engine : auto, simpy or compiled; the log is the same.

    Raises
    ------
    InputError for anything wrong in the files or the choice.
    """
    usual = resolve(area, BASELINE, start=start, years=years, root=root)
    if opening is None:
        opening = Opening(usual, network.build(usual))
    if scenario == BASELINE:
        inputs, built = usual, opening.network
    else:
        inputs = resolve(area, scenario, start=start, years=years, root=root)
        built = network.build(inputs, usual)
    engine_named(engine)  # refused here, not in a worker
    return Prepared(inputs, built, opening, load_unit_costs(area, root=root), engine)


def replicate(prepared: Prepared, seed: int, replication: int) -> EpisodeLog:
    """One replication: the episode log.

    The same seed and replication give the same families the same luck in every scenario.
    """
    key = luck.run_key(seed, replication)
    cases = prepared.opening.cases(prepared.inputs, prepared.network, key)
    return engine_named(prepared.engine)(prepared.network, cases, seed, replication)


def run(
    prepared: Prepared,
    replications: int,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run the replications of one scenario and gather their tables.

    Parameters
    ----------
    prepared : from `prepare`. replications : how many, from 0 on. seed : of the luck.
    executor : any `concurrent.futures.Executor`; None runs them here, one after another.
    progress : told (done, all) after each replication.
    """
    tables = gather(prepared, replications, seed, executor, progress)
    names = ("measures", "localities", "timeliness", "costs")
    found = {
        name: pd.concat(
            [part[name].assign(replication=number) for number, part in enumerate(tables)],
            ignore_index=True,
        )
        for name in names
    }
    inputs = prepared.inputs
    deflator = prepared.unit_costs.deflator
    programme = costs.programme_costs(
        inputs.programme_costs, inputs.start, inputs.horizon, deflator
    )
    return Results(
        area=inputs.area.name,
        scenario=inputs.scenario.name,
        start=inputs.start,
        years=inputs.years,
        seed=seed,
        replications=replications,
        base_year=deflator.base_year,
        programme=programme,
        **found,
    )


def gather(
    prepared: Prepared,
    replications: int,
    seed: int,
    executor: Executor | None,
    progress: Progress | None,
) -> list[dict[str, pd.DataFrame]]:
    """The tables of each replication, in order, whoever ran them."""
    if executor is None:
        found = []
        for number in range(replications):
            found.append(summary(prepared, seed, number))
            if progress:
                progress(number + 1, replications)
        return found
    futures: list[Future[dict[str, pd.DataFrame]]] = [
        executor.submit(summary, prepared, seed, number) for number in range(replications)
    ]
    try:
        for done, finished in enumerate(as_completed(futures), start=1):
            finished.result()
            if progress:
                progress(done, replications)
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [future.result() for future in futures]


def summary(prepared: Prepared, seed: int, replication: int) -> dict[str, pd.DataFrame]:
    """One replication's tables: what travels back from a worker in place of the log."""
    log = measures.linked(replicate(prepared, seed, replication))
    calendar = prepared.network.calendar
    by_period = [measures.all_measures(log, calendar, period) for period in PERIODS]
    return {
        "measures": pd.concat(by_period, ignore_index=True),
        "localities": measures.all_measures(log, calendar, "financial_year", BY_LOCALITY),
        "timeliness": measures.timeliness(log, calendar, limits(prepared.inputs)),
        "costs": costs.price(log.log, prepared.unit_costs),
    }


def limits(inputs: Inputs) -> dict[str, float]:
    """The statutory or agreed limit of each stage that has one, in working days."""
    return {
        stage.name: float(inputs.number(stage.limit_working_days))
        for stage in PATHWAY
        if stage.limit_working_days
    }


__all__ = ["Prepared", "ProgrammeCost", "Results", "prepare", "replace", "replicate", "run"]
