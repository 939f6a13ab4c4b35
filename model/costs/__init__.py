"""Costs: price times quantity for every stay in an episode log, by financial year and payer.

Every row of the table is a quantity counted from the log (weeks, stays or outcomes, by family or
by child) times one unit cost in constant base-year prices, so any partition of the rows sums to
the total. It prices what happened and nothing else: no saving, no discounting, no inflation
forecast, and no overhead that the council has whatever families do.

| column         | meaning |
|----------------|---------|
| financial_year | such as 2024-25: of the week, of the stay's start or end, or of the outcome |
| stage          | stage of the pathway, or `programme` |
| cost           | name in parameters/unit_costs.toml, or of the programme cost |
| payer          | who bears it; income has a row for who gets it, and one for who pays it |
| kind           | fiscal, economic, social, or income |
| cashability    | what a saving of it is worth in cash: `CASHABILITY` |
| quantity       | how many |
| quantity_unit  | such as child-weeks |
| gbp_per_unit   | GBP in base-year prices; below 0 for income in the row of who gets it |
| gbp            | quantity x gbp_per_unit |

`partner_costs` gives the same columns and `over` ("year" or "lifetime") for what partners and
society bear, which the council's budget does not show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from model.costs.growth import Growth, load_growth
from model.costs.prices import Deflator, FinancialYears, load_deflator
from model.costs.pricing import COLUMNS, OVER, partner_costs, price
from model.costs.programme import PROGRAMME, programme_costs
from model.costs.unit_costs import (
    CASHABILITY,
    CURRENT,
    UnitCost,
    UnitCosts,
    cost_sets,
    load_partner_costs,
    load_unit_costs,
)


def total(table: pd.DataFrame) -> float:
    """All the money in a table of costs, in GBP, added without rounding error."""
    return math.fsum(table["gbp"])


def totals(table: pd.DataFrame, by: str | Sequence[str]) -> pd.Series:
    """The money in a table of costs by one or more of its columns, in GBP."""
    return table.groupby(by if isinstance(by, str) else list(by), sort=False)["gbp"].sum()


__all__ = [
    "CASHABILITY",
    "COLUMNS",
    "CURRENT",
    "OVER",
    "PROGRAMME",
    "Deflator",
    "FinancialYears",
    "Growth",
    "UnitCost",
    "UnitCosts",
    "cost_sets",
    "load_deflator",
    "load_growth",
    "load_partner_costs",
    "load_unit_costs",
    "partner_costs",
    "price",
    "programme_costs",
    "total",
    "totals",
]
