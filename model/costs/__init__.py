"""Costs: price times quantity for every stay in an episode log, by financial year and payer.

Every row of the table is a quantity counted from the log (weeks, stays or outcomes, by family or
by child) times one unit cost in constant base-year prices, so any partition of the rows sums to
the total. It prices what happened and nothing else: no saving, no discounting, no inflation
forecast, no grant and no overhead that the council has whatever families do.

| column         | meaning |
|----------------|---------|
| financial_year | such as 2024-25: of the week, of the stay's start or end, or of the outcome |
| stage          | stage of the pathway, or `programme` |
| cost           | name in parameters/unit_costs.toml, or of the programme cost |
| payer, kind, cashability | of the unit cost |
| quantity       | how many |
| quantity_unit  | such as child-weeks |
| gbp_per_unit   | GBP in base-year prices |
| gbp            | quantity x gbp_per_unit |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.costs.prices import MINUTES_PER_DAY, Deflator, FinancialYears, first_day
from model.costs.stays import Stays
from model.costs.unit_costs import (
    CURRENT,
    EACH_END,
    EACH_OUTCOME,
    EACH_START,
    EACH_WEEK,
    NOT_IN_LOG,
    PAYERS,
    UnitCost,
    UnitCosts,
    load_unit_costs,
)
from model.episodes import OUTCOME_CODE, STAGE_CODES, EpisodeLog
from model.errors import Where, unknown
from model.measures.linked_log import LinkedLog, linked
from model.measures.tallies import among, strings
from model.parameters.evidence import check_choice
from model.pathway import ATTRIBUTES
from model.scenarios.programme_costs import ProgrammeCost
from model.scenarios.run_dates import on

MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
PROGRAMME = "programme"
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

    Raises
    ------
    InputError
        For a stage or kind of case in the log that has no price, a base year outside the
        deflator's table, an attribute that the log does not hold.
    """
    rows = linked(log)
    year = base_year or unit_costs.deflator.base_year
    unit_costs.deflator.level(year)
    years = FinancialYears.of_run(date.fromisoformat(rows.log.start_date), rows.log.horizon_minutes)
    labels = {name: _labels(name, rows.log) for name in by}
    priced = []
    for stage in STAGE_CODES:
        stays = Stays(stage, rows)
        if len(stays.rows):
            _check_priced(stays, unit_costs)
            for cost in unit_costs.of_stage(stage):
                gbp_per_unit = cost.gbp_per_unit(unit_costs.deflator, year)
                priced.append(Priced(cost, stage, _count(cost, stays, years, labels), gbp_per_unit))
    return _price_table(priced, years, labels)


@dataclass(frozen=True)
class Priced:
    """What one cost counts at one stage.

    Attributes
    ----------
    counted : minutes or stays, whole numbers; float64, shape (years, groups).
    """

    cost: UnitCost
    stage: str
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
    groups = math.prod(len(values) for values in labels.values())
    group = np.zeros(len(chosen), np.int64)
    for name, values in labels.items():
        group = group * len(values) + stays.attribute(name)[chosen]
    heads = stays.children[chosen] if cost.counted == "child" else None

    def counted(year: NDArray[np.int64], weight: NDArray[np.int64] | None) -> NDArray[np.float64]:
        """How many, or how much, in each year and group."""
        cells = len(years.names) * groups
        found = np.bincount(year * groups + group, weight, cells)
        return found.reshape(-1, groups).astype(float)

    if cost.when == EACH_START:
        return counted(years.of_moments(stays.start[chosen]), heads)
    end = np.minimum(stays.end[chosen], years.edges[-1])
    if cost.when != EACH_WEEK:
        return counted(years.of_moments(end), heads)
    start = stays.start[chosen]
    # Open throughout a year is what had begun by its end less what had ended; those that began
    # in the year were not there before they did, those that ended not after.
    began, ended = years.of_moments(start), years.of_moments(end)
    lengths = np.diff(years.edges)[:, None]
    open_then = np.cumsum(counted(began, heads) - counted(ended, heads), axis=0)
    before_start, before_end = start - years.edges[began], end - years.edges[ended]
    if heads is not None:
        before_start, before_end = before_start * heads, before_end * heads
    return open_then * lengths - counted(began, before_start) + counted(ended, before_end)


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
        return _no_costs(tuple(labels))
    weeks = np.array([each.cost.when == EACH_WEEK for each in priced], bool)[which]
    quantity = counted[which, place, group] / np.where(weeks, MINUTES_PER_WEEK, 1)
    gbp_per_unit = np.array([each.gbp_per_unit for each in priced], float)[which]
    codes = np.unravel_index(group, shape or (1,))
    return pd.DataFrame(
        {
            "financial_year": strings(years.names, place),
            "stage": strings([each.stage for each in priced], which),
            "cost": strings([each.cost.name for each in priced], which),
            "payer": strings([each.cost.payer for each in priced], which),
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


def _no_costs(by: Sequence[str] = ()) -> pd.DataFrame:
    """A table of costs without a row."""
    numbers = {"quantity": float, "gbp_per_unit": float, "gbp": float}
    return pd.DataFrame(columns=[*COLUMNS, *by]).astype(numbers)


def _quantity_unit(cost: UnitCost) -> str:
    """What a cost is counted in, such as child-weeks."""
    what = {EACH_WEEK: "weeks", EACH_OUTCOME: "events"}.get(cost.when, "stays")
    return f"{cost.counted}-{what}"


def programme_costs(
    records: Iterable[ProgrammeCost],
    start: date,
    end: date,
    deflator: Deflator,
    base_year: str = "",
) -> pd.DataFrame:
    """What a scenario's programme costs by financial year, in constant base-year prices.

    A yearly sum is spread by days, so that a whole financial year costs the whole sum. A sum
    paid once falls on its date; paid before the run starts, or after it ends, it is outside.

    Parameters
    ----------
    records : the programme costs of a scenario, such as `Inputs.programme_costs`.
    start, end : the run's first day, and the first day after it.
    deflator : price levels, such as `UnitCosts.deflator`.
    base_year : in whose prices; empty for the deflator's own base year.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`; stage is `programme`, payer the funder.

    Raises
    ------
    InputError
        For a funder who is no payer, and for a price year outside the deflator's table.
    """
    year = base_year or deflator.base_year
    years = FinancialYears.of_run(start, (end - start).days * MINUTES_PER_DAY)
    parts = []
    for record in records:
        payer = check_choice(record.funder, record.where.at("funder"), PAYERS, "payer")
        gbp = record.gbp_per_year if record.gbp_once is None else record.gbp_once
        assert gbp is not None
        part = pd.DataFrame(
            {
                "financial_year": years.names,
                "quantity": [_quantity(record, name, start, end) for name in years.names],
            }
        )
        part = part[part["quantity"] > 0].assign(
            stage=PROGRAMME,
            cost=record.name,
            payer=payer,
            kind="fiscal",
            cashability="programme spending",
            quantity_unit="years" if record.gbp_once is None else "payments",
            gbp_per_unit=deflator.to_prices(gbp, record.price_year, year),
        )
        parts.append(part.assign(gbp=part["quantity"] * part["gbp_per_unit"]))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[list(COLUMNS)] if filled else _no_costs()


def _quantity(record: ProgrammeCost, year: str, start: date, end: date) -> float:
    """How much of a programme cost falls in a financial year of a run: payments, or years."""
    opens = first_day(year)
    closes = opens.replace(year=opens.year + 1)
    first = on(record.starts, start)
    if record.gbp_once is not None:
        return float(max(opens, start) <= first < min(closes, end))
    last = end if record.years is None else _years_after(first, record.years)
    days = (min(last, closes, end) - max(first, opens, start)).days
    return max(0, days) / (closes - opens).days


def _years_after(day: date, years: float) -> date:
    """The day so many years later: whole years by the calendar, the rest in 365ths."""
    whole = int(years)
    month_and_day = (day.month, day.day) if (day.month, day.day) != (2, 29) else (3, 1)
    days = round((years - whole) * 365)
    return date(day.year + whole, *month_and_day) + timedelta(days=days)


def total(table: pd.DataFrame) -> float:
    """All the money in a table of costs, in GBP, added without rounding error."""
    return math.fsum(table["gbp"])


def totals(table: pd.DataFrame, by: str | Sequence[str]) -> pd.Series:
    """The money in a table of costs by one or more of its columns, in GBP."""
    return table.groupby(by if isinstance(by, str) else list(by), sort=False)["gbp"].sum()


__all__ = [
    "COLUMNS",
    "CURRENT",
    "FinancialYears",
    "UnitCost",
    "UnitCosts",
    "load_unit_costs",
    "price",
    "programme_costs",
    "total",
    "totals",
]
