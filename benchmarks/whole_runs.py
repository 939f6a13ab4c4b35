"""What people wait for: measures and costs, comparisons of redesigns, draws, several processors."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.apart import apart
from benchmarks.area_runs import pair, prepared
from benchmarks.figures import Figure, Found, Settings, found
from benchmarks.side_by_side import QUICK_YEARS, figures_of, in_turns, measured
from benchmarks.writings import COMPILED, OURS, SEED, can_run, our_run
from model import network
from model.executors import executor_for, in_order, processors
from model.inputs import resolve
from model.results import MONEY_AND_MEASURES, YEARLY, Sampling
from model.simulate import Prepared, cases_of, in_draw, replicate, run_together
from model.summary import summary
from model.uncertainty import Draw, drawn_parameters

REPEATS = 5
TWO = 2
MONTHLY = (*MONEY_AND_MEASURES, "months")
HERE, THREADS, PROCESSES = "one after another", "two threads", "two processes"
KINDS = {THREADS: "threads", PROCESSES: "processes"}


def middle(what: Callable[[int], Any], repeats: int = REPEATS) -> float:
    """The median seconds of doing something; it is told how often it was done before."""
    seconds = []
    for nth in range(repeats):
        began = time.perf_counter()
        what(nth)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def of_area(writing: str, area: str, years: int) -> dict[str, Any]:
    """One run of an area's whole pathway."""
    plan = prepared(area, years)
    return measured(our_run(writing, plan.network, cases_of(plan, SEED, 0)))


def whole_pathway(settings: Settings) -> Found:
    """One replication of an area in both of our engines."""
    writings = [name for name in (OURS, COMPILED) if can_run(name)]
    years = QUICK_YEARS if settings.quick else 10
    runs = in_turns(of_area, writings, settings.area, years, settings.rounds)
    return found(figures_of(runs), runs)


# --- one future -----------------------------------------------------------------------------------


def tables_of_one(area: str, years: int) -> dict[str, Any]:
    """Seconds for each table of one future, for all of them, and for the log they are made of."""
    plan = prepared(area, years)
    cases = cases_of(plan, SEED, 0)
    log = replicate(plan, SEED, 0, cases)
    make = partial(summary, log, plan.inputs, plan.network, plan.unit_costs, plan.partners)
    make()
    wanted = {name: (name,) for name in (*YEARLY, "months")}
    wanted |= {"nothing": (), "yearly tables": YEARLY, "comparison": MONEY_AND_MEASURES}
    found = {name: middle(lambda _, names=names: make(names)) for name, names in wanted.items()}
    return {
        "tables": found,
        "cases": middle(lambda _: cases_of(plan, SEED, 0)),
        "engine": middle(lambda _: replicate(plan, SEED, 0, cases)),
        "rows": len(log.rows),
    }


def aggregation(settings: Settings) -> Found:
    """Measures and costs of one future, apart from simulating it."""
    years = 2 if settings.quick else 10
    runs = apart(tables_of_one, settings.area, years)
    shown = {
        "measures": "measures by year",
        "months": "measures by month",
        "costs": "costs",
        "comparison": "what a comparison needs (measures and costs by year)",
        "yearly tables": "all yearly tables",
    }
    figures = [
        Figure(f"one future of {years} y, {what}", 1000 * runs["tables"][name], "ms")
        for name, what in shown.items()
    ]
    figures += [
        Figure(f"one future of {years} y, the {part} beside it", 1000 * runs[part], "ms")
        for part in ("cases", "engine")
    ]
    return found(figures, runs)


def rebuilding(area: str, years: int) -> dict[str, Any]:
    """Seconds from a draw to its network, and from a draw to a pair of runs that is ready."""
    plan, plans = prepared(area, years), pair(area, years)
    known = plan.inputs.parameters
    drawn = [drawn_parameters(known, Draw(SEED, nth)) for nth in range(REPEATS)]
    again = partial(resolve, area, start=plan.inputs.start, years=years, held=True)
    inputs = [again(parameters=one) for one in drawn]
    return {
        "network": middle(lambda nth: network.build(inputs[nth])),
        "parameters": middle(lambda nth: drawn_parameters(known, Draw(SEED, nth))),
        "inputs": middle(lambda nth: again(parameters=drawn[nth])),
        "pair": middle(lambda nth: in_draw(plans, Draw(SEED, nth))),
    }


def rebuild(settings: Settings) -> Found:
    """A network for a draw of the parameters."""
    runs = apart(rebuilding, settings.area, 5)
    shown = {
        "network": "building the network of a draw",
        "parameters": "drawing the parameters",
        "inputs": "resolving them to arrays",
        "pair": "all that a pair of runs needs for a draw, caseload too",
    }
    return found(
        (
            Figure(what, 1000 * runs[name], "ms", at_most=5.0 if name == "network" else None)
            for name, what in shown.items()
        ),
        runs,
    )


# --- many futures ---------------------------------------------------------------------------------


def compared(area: str, years: int, replications: int, tables: list[str]) -> dict[str, Any]:
    """A pair of runs over all processors, from reading the files to the tables."""
    began = time.perf_counter()
    plans = pair(area, years, tuple(tables))
    sampling = Sampling(replications)
    with executor_for(None, sampling.tasks) as executor:
        run_together(plans, sampling, executor)
    return {"seconds": time.perf_counter() - began}


def paired(settings: Settings) -> Found:
    """A redesign beside today's arrangements, by month."""
    years, replications = (2, 4) if settings.quick else (10, 30)
    runs = apart(compared, settings.area, years, replications, MONTHLY)
    what = f"{replications} replications of both, {years} y, by month, {processors()} processors"
    aim = None if settings.quick else 10.0
    return found([Figure(what, runs["seconds"], "s", at_most=aim)], runs)


def drawn(area: str, years: int, draws: int) -> dict[str, Any]:
    """So many draws of a pair of runs over all processors, one replication of each."""
    began = time.perf_counter()
    plans, sampling = pair(area, years), Sampling(1, draws, SEED)
    with executor_for(None, sampling.tasks) as executor:
        run_together(plans, sampling, executor)
    return {"seconds": time.perf_counter() - began}


def draws(settings: Settings) -> Found:
    """Draws of the parameters; a thousand with --full, else as many times a hundred's time."""
    wanted, years = 1000, 5
    count = 4 if settings.quick else wanted if settings.full else 100
    runs = apart(drawn, settings.area, years, count)
    what = f"{count} draws of both, {years} y, {processors()} processors"
    figures = [Figure(what, runs["seconds"], "s", at_most=120.0 if count == wanted else None)]
    if 100 <= count < wanted:
        scaled = runs["seconds"] * wanted / count
        figures.append(Figure(f"{wanted:,} draws at that pace", scaled, "s", at_most=120.0))
    return found(figures, runs)


# --- several processors ---------------------------------------------------------------------------


def scaled(area: str, years: int, replications: int) -> dict[str, Any]:
    """The same futures one after another, on two threads and on two processes that have started."""
    plan = prepared(area, years)
    cases = {nth: cases_of(plan, SEED, nth) for nth in range(replications)}
    kernel = partial(engine_only, plan, cases)
    kernel(0)
    seconds: dict[str, dict[str, float]] = {"future": {}, "engine": {}}
    for how in (HERE, THREADS, PROCESSES):
        kind = KINDS.get(how, "processes")
        with executor_for(1 if how == HERE else TWO, replications, kind=kind) as executor:
            run_together([plan], Sampling(TWO, seed=2), executor)  # has started
            began = time.perf_counter()
            run_together([plan], Sampling(replications), executor)
            seconds["future"][how] = time.perf_counter() - began
            if how != PROCESSES:
                began = time.perf_counter()
                list(in_order(executor, kernel, range(replications)))
                seconds["engine"][how] = time.perf_counter() - began
    return seconds


def engine_only(plan: Prepared, cases: dict[int, Any], nth: int) -> int:
    """The engine's part of one future; how many rows."""
    return len(replicate(plan, SEED, nth, cases[nth]).rows)


def scaling(settings: Settings) -> Found:
    """Two processes and two threads against one after another."""
    if not can_run(COMPILED):
        return found([])
    years, replications = (1, 4) if settings.quick else (3, 12)
    runs = apart(scaled, settings.area, years, replications)
    figures = []
    for part, what in (("future", "futures"), ("engine", "compiled engine alone")):
        alone = runs[part][HERE]
        figures.append(Figure(f"{replications} {what} of {years} y, {HERE}", alone, "s"))
        figures += [
            Figure(f"{replications} {what}, {how}", alone / seconds, "times faster")
            for how, seconds in runs[part].items()
            if how != HERE
        ]
    return found(figures, runs)
