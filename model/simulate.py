"""Run an area under scenarios: futures over any executor, tables out.

A worker receives resolved arrays and reads no file. Tasks are independent, and results come back
in the order of the futures, the same whatever ran them. Scenarios that run together meet the same
families, with the same luck, in the same draws. This module knows no stage, no chart and no
published figure.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import pandas as pd

from model import luck, network
from model.anchoring import anchored, children_referred
from model.costs import CURRENT, UnitCosts, load_partner_costs, load_unit_costs
from model.engines.cases import Cases
from model.engines.choice import AUTO, engine_named
from model.enough import Rule, Watch
from model.episodes import EpisodeLog
from model.executors import in_order
from model.inputs import Inputs, resolve
from model.network import Network
from model.parameters import Parameters
from model.results import FUTURE, TABLES, YEARLY, Results, Sampling, Tables
from model.scenarios import BASELINE, Scenario
from model.starting import Opening
from model.summary import summary
from model.uncertainty import (
    Draw,
    as_fitted,
    drawn_parameters,
    drawn_scenario,
    drawn_unit_costs,
)

Progress = Callable[[int, int], None]
OfTask = dict[str, dict[str, pd.DataFrame]]  # by scenario, then by table


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to go: numbers only, no file is read after this.

    Attributes
    ----------
    inputs : the area's numbers under the scenario. network : built from them.
    opening : today's caseload and demand, the same for every scenario of the area and dates.
    unit_costs : prices of the area. partners : what its partners and society bear.
    engine : which runs it (`engines.choice`).
    tables : which to make of each future (`results.TABLES`).
    """

    inputs: Inputs
    network: Network
    opening: Opening
    unit_costs: UnitCosts
    partners: UnitCosts
    engine: str = AUTO
    tables: tuple[str, ...] = YEARLY

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.inputs.scenario.name


def prepare(
    area: str,
    scenario: str | Scenario = BASELINE,
    *,
    start: date,
    years: int,
    root: str | Path | None = None,
    beside: Prepared | None = None,
    engine: str = AUTO,
    tables: tuple[str, ...] = YEARLY,
    cost_set: str = CURRENT,
    base_year: str = "",
) -> Prepared:
    """Read the files and get a run ready.

    Parameters
    ----------
    area, scenario : names. start : first day; its caseload must be known. years : whole years.
    root : the project's folder; None for the usual one.
    beside : another scenario of the same area and dates, to save reading everything again; what
        follows is then as there.
    engine : auto, simpy or compiled; the log is the same.
    tables : which to make of each future; fewer are faster.
    cost_set : of the unit costs (`costs.cost_sets`). base_year : of the prices; the deflator's
        own when empty.

    Raises
    ------
    InputError for anything wrong in the files or the choice.
    """
    engine_named(engine)  # refused here, not in a worker
    if beside is None:
        usual = resolve(area, BASELINE, start=start, years=years, root=root)
        opening = Opening(usual, network.build(usual))
        beside = Prepared(
            usual,
            opening.network,
            opening,
            at_prices_of(load_unit_costs(area, cost_set, root), base_year),
            at_prices_of(load_partner_costs(area, cost_set, root), base_year),
            engine,
            tables,
        )
    usual = beside.opening.inputs
    if scenario == BASELINE:
        return replace(beside, inputs=usual, network=beside.opening.network)
    known = usual.parameters
    inputs = resolve(usual.area.name, scenario, start=start, years=years, parameters=known)
    return replace(beside, inputs=inputs, network=network.build(inputs, usual))


def at_prices_of(unit_costs: UnitCosts, base_year: str) -> UnitCosts:
    """Unit costs in the prices of another year.

    Raises
    ------
    InputError for a year that the price levels do not cover.
    """
    if not base_year:
        return unit_costs
    unit_costs.deflator.level(base_year)
    return replace(unit_costs, deflator=replace(unit_costs.deflator, base_year=base_year))


def prepare_together(
    area: str,
    scenarios: Sequence[str | Scenario],
    *,
    start: date,
    years: int,
    engine: str = AUTO,
    tables: tuple[str, ...] = YEARLY,
    cost_set: str = CURRENT,
    base_year: str = "",
) -> list[Prepared]:
    """Several scenarios of one area, ready to run for the same families; else as `prepare`."""
    first, *others = scenarios
    usual = prepare(
        area,
        first,
        start=start,
        years=years,
        engine=engine,
        tables=tables,
        cost_set=cost_set,
        base_year=base_year,
    )
    return [
        usual,
        *(prepare(area, one, start=start, years=years, beside=usual) for one in others),
    ]


def in_draw(plans: Sequence[Prepared], draw: Draw) -> list[Prepared]:
    """The same runs in one state of the world that the evidence allows."""
    usual = plans[0].opening.inputs.parameters
    return in_world(
        plans,
        drawn_parameters(usual, draw),
        partial(drawn_scenario, draw=draw),
        partial(drawn_unit_costs, draw=draw),
        as_fitted(usual, draw) if usual.posterior else None,
    )


def in_world(
    plans: Sequence[Prepared],
    parameters: Parameters,
    scenario_of: Callable[[Scenario], Scenario] = lambda plan: plan,
    prices_of: Callable[[UnitCosts], UnitCosts] = lambda prices: prices,
    fitted: Parameters | None = None,
) -> list[Prepared]:
    """The same runs with other parameters, redesigns and prices.

    What is known of today holds in them (`anchoring`); a number that a change would take beyond
    what is possible stays at the end of it.

    Parameters
    ----------
    parameters : of the area. scenario_of, prices_of : what becomes of each redesign and of the
        prices.
    fitted : what the area's joint posterior holds possible, all else at central values: contacts
        then agree with its referrals in place of today's.
    """
    today = plans[0].opening
    usual = today.inputs
    again = partial(resolve, usual.area.name, start=usual.start, years=usual.years, held=True)
    first = again(usual.scenario, parameters=parameters)
    aim = None
    if fitted is not None:
        world = again(usual.scenario, parameters=fitted)
        aim = children_referred(Opening(world, network.build(world)))
    parameters = anchored(parameters, today, Opening(first, network.build(first)), aim)
    drawn_usual = again(usual.scenario, parameters=parameters)
    opening = Opening(drawn_usual, network.build(drawn_usual))
    found = []
    for plan in plans:
        inputs, built = drawn_usual, opening.network
        if plan.scenario != usual.scenario.name:
            inputs = again(scenario_of(plan.inputs.scenario), parameters=parameters)
            built = network.build(inputs, drawn_usual)
        found.append(
            replace(
                plan,
                inputs=inputs,
                network=built,
                opening=opening,
                unit_costs=prices_of(plan.unit_costs),
                partners=prices_of(plan.partners),
            )
        )
    return found


def replicate(
    prepared: Prepared, seed: int, replication: int, cases: Cases | None = None
) -> EpisodeLog:
    """One replication: the episode log.

    The same seed and replication give the same families the same luck in every scenario.

    Parameters
    ----------
    cases : of the replication, where they are known already.
    """
    if cases is None:
        cases = cases_of(prepared, seed, replication)
    return engine_named(prepared.engine)(prepared.network, cases, seed, replication)


def cases_of(prepared: Prepared, seed: int, replication: int) -> Cases:
    """Everyone that a replication will meet."""
    key = luck.run_key(seed, replication)
    return prepared.opening.cases(prepared.inputs, prepared.network, key)


def run(
    prepared: Prepared,
    replications: int,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    draws: int = 0,
) -> Results:
    """Run the futures of one scenario and gather their tables.

    Parameters
    ----------
    prepared : from `prepare`. replications : of each draw, or in all without draws.
    seed : of the luck and the draws.
    executor : any `concurrent.futures.Executor`; None runs them here, one after another.
    progress : told (done, all) tasks. draws : of the parameters; 0 for their central values.
    """
    return run_together([prepared], Sampling(replications, draws, seed), executor, progress)[0]


def run_together(
    plans: Sequence[Prepared],
    sampling: Sampling,
    executor: Executor | None = None,
    progress: Progress | None = None,
    rule: Rule | None = None,
    keeper: Keeper | None = None,
) -> list[Results]:
    """Run the futures of several scenarios of one area and gather their tables.

    Parameters
    ----------
    plans : from `prepare_together`, the baseline first. sampling : which futures.
    executor, progress : as for `run`.
    rule : stop before all of `sampling` when there are enough; None runs them all.
    keeper : where finished futures are kept, and taken from; None keeps none.
    """
    keeper = keeper or InMemory()
    watch = Watch(rule, sampling, [plan.scenario for plan in plans]) if rule else None
    kept = keeper.begin(plans, sampling)
    coming = in_tasks(plans, sampling, executor, range(kept, sampling.tasks))
    done = 0
    with closing(coming):
        for task in range(sampling.tasks):
            found = keeper.task(task) if task < kept else next(coming)[1]
            if task >= kept:
                keeper.keep(task, found)
            done = task + 1
            if progress:
                progress(done, sampling.tasks)
            if watch and watch.add(found, sampling.of_task(task)):
                break
    keeper.flush()
    sampling = sampling.of_tasks(done)
    return [results_of(plan, sampling, keeper.tables(plan, sampling)) for plan in plans]


def in_tasks(
    plans: Sequence[Prepared], sampling: Sampling, executor: Executor | None, tasks: range
) -> Generator[tuple[int, OfTask]]:
    """The tables of each task, in order, whoever ran them; few are held at a time."""
    yield from in_order(executor, partial(one_task, tuple(plans), sampling), tasks)


class Keeper(Protocol):
    """Where finished futures go, and where those finished before are found."""

    def begin(self, plans: Sequence[Prepared], sampling: Sampling) -> int:
        """How many tasks, from the first on, are here already."""

    def task(self, task: int) -> OfTask:
        """The tables of a task that is here."""

    def keep(self, task: int, found: OfTask) -> None:
        """Take the tables of the next task."""

    def flush(self) -> None:
        """No more tasks come."""

    def tables(self, plan: Prepared, sampling: Sampling) -> Tables:
        """The tables of all futures of a scenario."""


class InMemory:
    """Keeps every table in memory, for as long as the run."""

    def __init__(self) -> None:
        self.parts: list[OfTask] = []

    def begin(self, plans: Sequence[Prepared], sampling: Sampling) -> int:
        """Nothing is here before a run."""
        return 0

    def task(self, task: int) -> OfTask:
        """The tables of one task."""
        return self.parts[task]

    def keep(self, task: int, found: OfTask) -> None:
        """One more."""
        self.parts.append(found)

    def flush(self) -> None:
        """Nothing is left to write."""

    def tables(self, plan: Prepared, sampling: Sampling) -> Tables:
        """The tables of all futures of a scenario."""
        return joined([part[plan.scenario] for part in self.parts])


def one_task(plans: tuple[Prepared, ...], sampling: Sampling, task: int) -> OfTask:
    """The futures of one draw, or one replication at central values, under every scenario."""
    known = in_draw(plans, Draw(sampling.seed, task)) if sampling.draws else plans
    parts: dict[str, list[dict[str, pd.DataFrame]]] = {plan.scenario: [] for plan in plans}
    for future in sampling.of_task(task):
        first = cases_of(known[0], sampling.seed, future)
        for plan in known:
            shared = plan is known[0] or known[0].opening.same_cases(known[0].inputs, plan.inputs)
            log = replicate(plan, sampling.seed, future, first if shared else None)
            tables = summary(
                log, plan.inputs, plan.network, plan.unit_costs, plan.partners, plan.tables
            )
            named = {name: table.assign(**{FUTURE: future}) for name, table in tables.items()}
            parts[plan.scenario].append(named)
    return {scenario: joined(found) for scenario, found in parts.items()}


def joined(parts: Sequence[Tables]) -> dict[str, pd.DataFrame]:
    """The tables of several futures, one below the other."""
    if len(parts) == 1:
        return dict(parts[0])
    return {name: pd.concat([p[name] for p in parts], ignore_index=True) for name in parts[0]}


def results_of(plan: Prepared, sampling: Sampling, tables: Tables) -> Results:
    """The futures of one scenario as its results."""
    inputs = plan.inputs
    return Results(
        area=inputs.area.name,
        scenario=inputs.scenario.name,
        start=inputs.start,
        years=inputs.years,
        sampling=sampling,
        base_year=plan.unit_costs.deflator.base_year,
        cost_set=plan.unit_costs.cost_set,
        plan=inputs.scenario,
        **{name: tables.get(name, pd.DataFrame()) for name in TABLES},
    )


__all__ = [
    "Prepared",
    "Results",
    "Sampling",
    "prepare",
    "prepare_together",
    "replicate",
    "run",
    "run_together",
]
