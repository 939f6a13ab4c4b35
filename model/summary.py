"""One future's tables: what travels back from a worker in place of the episode log.

It counts and prices one log; it runs nothing, and knows no other future.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd

from model import costs, measures
from model.costs.unit_costs import UnitCosts
from model.episodes import EpisodeLog
from model.inputs import Inputs
from model.measures.caseloads import ALL_LOCALITIES
from model.measures.linked_log import LinkedLog
from model.measures.periods import periods_of
from model.network import NONE, Network
from model.pathway import PATHWAY
from model.results import TABLES
from model.scenario_prices import at_scenario_prices

PERIOD = "financial_year"
BY_LOCALITY = ("locality",)
WAIT_COLUMNS = ("median_working_days", "p90_working_days", "median_hours", "p90_hours")


def summary(
    episodes: EpisodeLog | LinkedLog,
    inputs: Inputs,
    network: Network,
    unit_costs: UnitCosts,
    partners: UnitCosts,
    wanted: Collection[str] = TABLES,
    measured: Sequence[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of one future, named and laid out as in `results.Results`.

    Parameters
    ----------
    episodes : of the run; one that is linked already keeps what is worked out of it.
    inputs, network : that it ran. unit_costs, partners : prices.
    wanted : names of tables; the others are not made.
    measured : names of measures; every one when None.
    """
    log, calendar = measures.linked(episodes), network.calendar
    making: dict[str, Callable[[], pd.DataFrame]] = {
        "measures": lambda: measures.all_measures(log, calendar, PERIOD, (), measured),
        "months": lambda: measures.all_measures(log, calendar, "month", (), measured),
        "localities": lambda: measures.all_measures(log, calendar, PERIOD, BY_LOCALITY, measured),
        "timeliness": lambda: measures.timeliness(log, calendar, limits(inputs)),
        "costs": lambda: costs.price(log, at_scenario_prices(inputs, unit_costs)),
        "programme": lambda: costs.programme_costs(
            inputs.programme_costs, inputs.start, inputs.horizon, unit_costs.deflator
        ),
        "partners": lambda: costs.partner_costs(log, partners),
        "stages": lambda: stage_table(log, calendar),
        "flows": lambda: measures.flows(log, period=PERIOD),
        "pools": lambda: pool_table(log, network),
    }
    tables = {name: make() for name, make in making.items() if name in wanted}
    if log is not episodes:
        log.let_go()
    return tables


def limits(inputs: Inputs) -> dict[str, float]:
    """The statutory or agreed limit of each stage that has one, in working days."""
    return {
        stage.name: float(inputs.number(stage.limit_working_days))
        for stage in PATHWAY
        if stage.limit_working_days
    }


def stage_table(log: LinkedLog, calendar: measures.CountsWorkingDays) -> pd.DataFrame:
    """Who enters each stage, who is there at the year's end, and how long they waited."""
    keys = ["period", "stage"]
    entering = measures.starts(log, period=PERIOD).drop(columns="children_joining")
    there = measures.stocks(log, period=PERIOD)[[*keys, *measures.COUNTED_IN]]
    there = there.rename(columns={"families": "families_open", "children": "children_open"})
    waited = measures.waits(log, calendar, period=PERIOD)
    waited = waited[[*keys, *WAIT_COLUMNS]]
    return beside(beside(entering, there, keys), waited, keys)


def beside(table: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A small table with the columns of another, whose keys are unique; NaN where it has no row.

    What `pandas.merge` gives, without its preparations, which take longer than counting a log.
    """
    place = {key: row for row, key in enumerate(zip(*(other[key] for key in keys), strict=True))}
    rows = [place.get(key, NONE) for key in zip(*(table[key] for key in keys), strict=True)]
    found = other.drop(columns=keys).reindex(rows).set_axis(table.index)
    return pd.concat([table, found], axis=1)


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
