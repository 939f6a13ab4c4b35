"""From the switches of the command line to results: which futures, on which workers, kept where."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, timedelta

from model import parameters, scenarios, simulate
from model.enough import Rule
from model.errors import InputError, Where
from model.executors import executor_for
from model.keeping import KeptInStore
from model.parameters.catalogue import CASELOAD_NAME
from model.progress import ProgressLine
from model.results import MONEY_AND_MEASURES, Results, Sampling
from model.simulate import Keeper
from model.store import Store

AUTO = "auto"


def check_area(area: str) -> None:
    """Refuse an area that does not exist, with the nearest that does."""
    parameters.area_named(area)


def forecast_note(area: str) -> str:
    """What the area's own file says of how well the model forecasts it; empty for nothing."""
    return parameters.area_named(area).forecast_note


def noted(area: str) -> list[str]:
    """The same, as a line that goes with every table of savings; none where there is none."""
    note = forecast_note(area)
    return [note] if note else []


def latest_start(area: str) -> date:
    """The day after the latest caseload that the area states."""
    found = (CASELOAD_NAME.fullmatch(name) for name in parameters.load(area))
    dates = [date(*map(int, match.groups())) for match in found if match]
    if not dates:
        where = Where(f"the file of {area}", "caseload")
        raise InputError(where, "no caseload", "a caseload.at_YYYY_MM_DD entry")
    return max(dates) + timedelta(days=1)


def sampling_of(chosen: argparse.Namespace) -> tuple[Sampling, Rule | None]:
    """Which futures are asked for, and the rule that may stop before all of them.

    `--draws auto` (the default) and `--draws 0` without `--replications` leave the number to the
    rule; anything else is that many.
    """
    rule = Rule(accuracy_gbp=chosen.accuracy)
    if chosen.draws == AUTO:
        return rule.sampling(True, chosen.seed, chosen.replications), rule
    if chosen.draws:
        return Sampling.drawn(chosen.draws, chosen.seed, chosen.replications), None
    if chosen.replications:
        return Sampling(chosen.replications, 0, chosen.seed), None
    return rule.sampling(False, chosen.seed), rule


def results_of(
    chosen: argparse.Namespace,
    names: list[str],
    say: Callable[[str], None],
    tables: tuple[str, ...] = MONEY_AND_MEASURES,
) -> list[Results]:
    """Run the scenarios named, on the same families with the same luck.

    Parameters
    ----------
    say : told what is damaged in the store, and ignored. tables : which to make.
    """
    check_area(chosen.area)
    check_names(names)
    plans = simulate.prepare_together(
        chosen.area,
        names,
        start=chosen.start or latest_start(chosen.area),
        years=chosen.years,
        engine=chosen.engine,
        tables=tables,
        cost_set=chosen.costs,
        base_year=chosen.prices,
    )
    sampling, rule = sampling_of(chosen)
    line = ProgressLine(sampling.tasks, at_most=rule is not None)
    line.now(", ".join(names))
    with executor_for(chosen.workers, sampling.tasks, chosen.dask) as executor:
        found = simulate.run_together(
            plans, sampling, executor, line.step, rule, keeper(chosen, say)
        )
    line.end()
    return found


def check_names(names: list[str]) -> None:
    """Refuse scenarios of one name, such as two files of the same name in different folders."""
    known = [scenarios.load(name).name for name in names]
    for name, given in zip(known, names, strict=True):
        if known.count(name) > 1:
            found = f"several scenarios called {name!r}, one of them {given}"
            remedy = "Rename the file: results are told apart by it."
            raise InputError(Where("the scenarios to run"), found, "each name once", remedy)


def keeper(chosen: argparse.Namespace, say: Callable[[str], None]) -> Keeper | None:
    """Where results are kept; None with --no-store."""
    return None if chosen.no_store else KeptInStore(Store(), say)
