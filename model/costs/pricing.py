"""Price times quantity for every stay in an episode log.

Each row of the table is a quantity counted from the log times one unit cost, so any partition of
the rows sums to the total. The module knows no file, no programme and no saving.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.costs.prices import MINUTES_PER_DAY, FinancialYears
from model.costs.stays import Stays, stays_of
from model.costs.unit_costs import (
    EACH_END,
    EACH_OUTCOME,
    EACH_START,
    EACH_WEEK,
    NOT_IN_LOG,
    UnitCost,
    UnitCosts,
)
from model.episodes import OUTCOME_CODE, STAGE_CODES, EpisodeLog
from model.errors import Where, unknown
from model.measures.event_counts import count_time
from model.measures.linked_log import LinkedLog, linked
from model.measures.tallies import among, strings
from model.pathway import ATTRIBUTES

MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
COLUMNS: tuple[str, ...] = (
    "financial_year",
    "stage",
    "cost",
    "payer",
    "kind",
    "cashability",
    "quantity",
    "quantity_unit",
    "gbp_per_unit",
    "gbp",
)
OVER = "over"


def price(
    log: EpisodeLog | LinkedLog,
    unit_costs: UnitCosts,
    base_year: str = "",
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """What the stays of a log cost, by financial year, stage, cost and payer.

    Weeks are split over financial years minute by minute. A stay that the log cuts in rows,
    because the household changed or the child moved, starts and ends once; its weeks are priced
    row by row, for the children of each. Stays open when the run began have not started in it.

    Parameters
    ----------
    log : of one replication, or `measures.linked(log)` to link it once for measures and costs.
    unit_costs : from `load_unit_costs`.
    base_year : in whose prices; empty for the deflator's own base year.
    by : attributes of `pathway.ATTRIBUTES`, such as ("locality",), for further columns with
        their values as each row of the log began.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`, then those of `by`; no row with a quantity of zero.
    Income (kind `income`) stands in two rows that cancel: below zero for who receives it, above
    for who pays it.

    Raises
    ------
    InputError
        For a stage or kind of case in the log that has no price, a base year outside the
        deflator's table, an attribute that the log does not hold.
    """
    return _priced(linked(log), unit_costs, base_year, by, complete=True)


def partner_costs(
    log: EpisodeLog | LinkedLog,
    partners: UnitCosts,
    base_year: str = "",
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """What partners and society bear for the families in a log, beside the council's budget.

    It counts what goes with need and outcome by the evidence of `parameters/partner_costs.toml`,
    which is weak: association, never more. Sums over a life stand in rows of their own, and are
    never to be added to those of the year.

    Parameters
    ----------
    log, base_year, by : as `price`.
    partners : from `load_partner_costs`.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`, then `over` ("year" or "lifetime"), then those of
    `by`. A sum over a life stands in the year in which its cause falls.

    Raises
    ------
    InputError as `price`, but for what has no price.
    """
    table = _priced(linked(log), partners, base_year, by, complete=False)
    over = {name: cost.over for name, cost in partners.costs.items()}
    return table.assign(over=table["cost"].map(over).astype(str))[[*COLUMNS, OVER, *by]]


def _priced(
    rows: LinkedLog, unit_costs: UnitCosts, base_year: str, by: Sequence[str], complete: bool
) -> pd.DataFrame:
    """Every cost of a set for every stay of a log; where `complete`, all must have a price."""
    year = base_year or unit_costs.deflator.base_year
    unit_costs.deflator.level(year)
    years = FinancialYears.of_run(date.fromisoformat(rows.log.start_date), rows.log.horizon_minutes)
    labels = {name: _labels(name, rows.log) for name in by}
    priced: list[Priced] = []
    for stage in STAGE_CODES:
        stays, costs = stays_of(stage, rows), unit_costs.of_stage(stage)
        if (complete or costs) and len(stays.rows):
            if complete:
                _check_priced(stays, unit_costs)
            for cost in costs:
                gbp_per_unit = cost.gbp_per_unit(unit_costs.deflator, year)
                counted = _count(cost, stays, years, labels)
                priced += _lines(cost, stage, counted, gbp_per_unit)
    return _price_table(priced, years, labels)


def _lines(
    cost: UnitCost, stage: str, counted: NDArray[np.float64], gbp_per_unit: float
) -> list[Priced]:
    """One line for a cost; for income two that cancel: a grant moves money and makes none."""
    if not cost.is_income:
        return [Priced(cost, stage, cost.payer, counted, gbp_per_unit)]
    return [
        Priced(cost, stage, cost.payer, counted, 0.0 - gbp_per_unit),
        Priced(cost, stage, cost.paid_by, counted, gbp_per_unit),
    ]


@dataclass(frozen=True)
class Priced:
    """What one cost counts at one stage.

    Attributes
    ----------
    payer : who bears it; of income also who receives it, then with GBP below 0.
    counted : minutes or stays, whole numbers; float64, shape (years, groups).
    """

    cost: UnitCost
    stage: str
    payer: str
    counted: NDArray[np.float64]
    gbp_per_unit: float


def _labels(attribute: str, log: EpisodeLog) -> tuple[str, ...]:
    """The values of an attribute in the order of their codes."""
    names = [name for name in ATTRIBUTES if name not in NOT_IN_LOG]
    if attribute not in names:
        raise unknown(Where("the columns to price by"), attribute, names, "attribute")
    return ATTRIBUTES[attribute] or log.localities


def _check_priced(stays: Stays, unit_costs: UnitCosts) -> None:
    """Every kind of case that the stage holds must have a price."""
    confined = {name for cost in unit_costs.of_stage(stays.stage) for name in cost.only}
    present = {
        name: [
            ATTRIBUTES[name][code] for code in np.flatnonzero(np.bincount(stays.attribute(name)))
        ]
        for name in sorted(confined)
    }
    unit_costs.check_priced(stays.stage, present)


def _chosen(cost: UnitCost, stays: Stays) -> NDArray[np.int64]:
    """Which of the stays' rows a cost prices."""
    if cost.when == EACH_START:
        chosen = stays.starts
    elif cost.when == EACH_END:
        chosen = stays.ends
    else:
        chosen = np.arange(len(stays.rows))
    for name, values in cost.only.items():
        codes = [ATTRIBUTES[name].index(value) for value in values]
        chosen = chosen[among(codes, stays.attribute(name)[chosen])]
    if cost.when == EACH_OUTCOME:
        codes = [OUTCOME_CODE[name] for name in cost.outcomes]
        chosen = chosen[among(codes, stays.outcome[chosen])]
    return chosen


def _count(
    cost: UnitCost, stays: Stays, years: FinancialYears, labels: Mapping[str, tuple[str, ...]]
) -> NDArray[np.float64]:
    """Minutes or stays that a cost prices, whole numbers; shape (years, groups)."""
    chosen = _chosen(cost, stays)
    group = np.zeros(len(chosen), np.int64)
    for name, values in labels.items():
        group = group * len(values) + stays.attribute(name)[chosen]
    heads = stays.children[chosen] if cost.counted == "child" else np.ones(len(chosen), np.int64)
    groups = math.prod(len(values) for values in labels.values())
    counts = np.zeros((3, len(years.names), groups))
    end = np.minimum(stays.end[chosen], years.edges[-1])
    start = end if cost.when in (EACH_END, EACH_OUTCOME) else stays.start[chosen]
    began, ended, minutes = counts
    count_time(years.by_day, years.edges, group, start, end, heads, began, ended, minutes)
    if cost.when != EACH_WEEK:
        return began
    # Open throughout a year is what had begun by its end less what had ended; those that began
    # in the year were not there before they did, those that ended not after.
    return np.cumsum(began - ended, axis=0) * np.diff(years.edges)[:, None] + minutes


def _price_table(
    priced: Sequence[Priced], years: FinancialYears, labels: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """The rows of every cost, stage, year and group that has any."""
    shape = tuple(len(values) for values in labels.values())
    counted = np.zeros((len(priced), len(years.names), math.prod(shape)))
    for each, one in zip(counted, priced, strict=True):
        each[:] = one.counted
    which, place, group = np.nonzero(counted)
    if not len(which):
        return no_costs(tuple(labels))
    weeks = np.array([each.cost.when == EACH_WEEK for each in priced], bool)[which]
    quantity = counted[which, place, group] / np.where(weeks, MINUTES_PER_WEEK, 1)
    gbp_per_unit = np.array([each.gbp_per_unit for each in priced], float)[which]
    codes = np.unravel_index(group, shape or (1,))
    return pd.DataFrame(
        {
            "financial_year": strings(years.names, place),
            "stage": strings([each.stage for each in priced], which),
            "cost": strings([each.cost.name for each in priced], which),
            "payer": strings([each.payer for each in priced], which),
            "kind": strings([each.cost.kind for each in priced], which),
            "cashability": strings([each.cost.cashability for each in priced], which),
            "quantity": quantity,
            "quantity_unit": strings([_quantity_unit(each.cost) for each in priced], which),
            "gbp_per_unit": gbp_per_unit,
            "gbp": quantity * gbp_per_unit,
            **{
                name: strings(labels[name], code) for name, code in zip(labels, codes, strict=False)
            },
        }
    )


def no_costs(by: Sequence[str] = ()) -> pd.DataFrame:
    """A table of costs without a row."""
    numbers = {"quantity": float, "gbp_per_unit": float, "gbp": float}
    return pd.DataFrame(columns=[*COLUMNS, *by]).astype(numbers)


def _quantity_unit(cost: UnitCost) -> str:
    """What a cost is counted in, such as child-weeks."""
    what = {EACH_WEEK: "weeks", EACH_OUTCOME: "events"}.get(cost.when, "stays")
    return f"{cost.counted}-{what}"
