"""What a scenario's programme costs, by financial year and funder.

It spreads the sums that a scenario states over the years of a run. It knows no episode.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from model.costs.prices import MINUTES_PER_DAY, Deflator, FinancialYears, first_day
from model.costs.pricing import COLUMNS, no_costs
from model.costs.unit_costs import PAYERS
from model.parameters.evidence import check_choice
from model.scenarios.programme_costs import ProgrammeCost
from model.scenarios.run_dates import on

PROGRAMME = "programme"
SPENDING = "programme spending"  # its cashability


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
        For a funder who is no payer, and for a price or base year outside the deflator's table.
    """
    year = base_year or deflator.base_year
    deflator.level(year)
    years = FinancialYears.of_run(start, (end - start).days * MINUTES_PER_DAY)
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for record in records:
        payer = check_choice(record.funder, record.where.at("funder"), PAYERS, "payer")
        gbp = record.gbp_per_year if record.gbp_once is None else record.gbp_once
        assert gbp is not None
        gbp_per_unit = deflator.to_prices(gbp, record.price_year, year)
        for name in years.names:
            quantity = _quantity(record, name, start, end)
            if quantity > 0:
                line = {
                    "financial_year": name,
                    "stage": PROGRAMME,
                    "cost": record.name,
                    "payer": payer,
                    "kind": "fiscal",
                    "cashability": SPENDING,
                    "quantity": quantity,
                    "quantity_unit": "years" if record.gbp_once is None else "payments",
                    "gbp_per_unit": gbp_per_unit,
                    "gbp": quantity * gbp_per_unit,
                }
                for column, value in line.items():
                    found[column].append(value)
    return pd.DataFrame(found) if found["gbp"] else no_costs()


def _quantity(record: ProgrammeCost, year: str, start: date, end: date) -> float:
    """How much of a programme cost falls in a financial year of a run: payments, or years."""
    opens = first_day(year)
    closes = opens.replace(year=opens.year + 1)
    first = on(record.starts, start)
    if record.gbp_once is not None:
        return float(max(opens, start) <= first < min(closes, end))
    last = end if record.years is None else _years_after(first, record.years)
    since, until = max(first, opens, start), min(closes, end)
    days = float(max((min(last, until) - since).days, 0))
    if record.ramp_down_months:
        days += _ramped_days(last, record.ramp_down_months, since, until)
    return days / (closes - opens).days


def _ramped_days(last: date, months: float, since: date, until: date) -> float:
    """Days of a cost that falls evenly to nothing after its last day, within a period."""
    length = months / 12.0 * 365.25
    begins, ends = (min(max((day - last).days, 0), length) for day in (since, until))
    if ends <= begins:
        return 0.0
    return (ends - begins) * (1.0 - (begins + ends) / 2.0 / length)


def _years_after(day: date, years: float) -> date:
    """The day so many years later: whole years by the calendar, the rest in 365ths."""
    whole = int(years)
    month_and_day = (day.month, day.day) if (day.month, day.day) != (2, 29) else (3, 1)
    days = round((years - whole) * 365)
    return date(day.year + whole, *month_and_day) + timedelta(days=days)
