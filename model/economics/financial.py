"""The financial case: nominal cash by budget holder and financial year.

What a finance officer puts in the budget: prices of each year, nothing discounted, nothing taken
off for optimism. Two comparators: the forecast of doing nothing, and a flat budget (the cash that
the baseline spends in the first whole year; in a part of a year, that part of it). A saving
against the forecast is a cut only as far as spending falls below the flat budget; the rest is
growth avoided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COUNCIL, COVERAGE
from model.costs.unit_cost import INCOME
from model.economics.amounts import Amounts, amounts
from model.economics.assumptions import Assumptions
from model.economics.cash import cashable
from model.economics.price_book import PriceBook
from model.results import Results

MARGINAL, AVERAGE = "marginal", "average"
PRICES = (MARGINAL, AVERAGE)
HOLDERS: dict[str, tuple[str, ...]] = {"the council": COUNCIL, "everybody": ()}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class FinancialCase:
    """Nominal cash, per future and summarised.

    Attributes
    ----------
    by_year : payer, financial_year, gross_gbp (saved on services), income_gbp (of which income
        gained or lost), programme_gbp, net_gbp, cashable_gbp (programme paid), cumulative_gbp,
        cumulative_cashable_gbp, cut_gbp (below the flat budget), avoided_growth_gbp, each a mean
        over futures, and net_low_gbp, net_high_gbp, cumulative_low_gbp, cumulative_high_gbp;
        "the council" and "everybody" are sums of payers.
    summary : holder, figure, value, low, high, unit, says.
    chances : holder, financial_year, chance_of_saving, chance_of_payback (cumulative net of 0 or
        more, in that year and every later one).
    price : marginal or average. base_year : of the unit costs. ranges_say : what a range holds.
    """

    by_year: pd.DataFrame
    summary: pd.DataFrame
    chances: pd.DataFrame
    price: str
    base_year: str
    ranges_say: str

    @property
    def says(self) -> str:
        """One line on how the case is made."""
        return (
            f"Financial case: cash of each year, {self.price} price of a placement, unit costs of "
            f"{self.base_year} carried by the deflator; ranges hold {self.ranges_say}"
        )


def at_price(found: Amounts, book: PriceBook, price: str) -> Array:
    """What is saved, with the part of each price that ends; shape (futures, lines, years)."""
    if price == AVERAGE:
        return found.saved
    share = [
        1.0 if source != "service" else book.of_cost(cost).marginal_share
        for source, cost in zip(found.lines["source"], found.lines["cost"], strict=True)
    ]
    return found.saved * np.array(share)[None, :, None]


def real_growth(found: Amounts, book: PriceBook) -> Array:
    """Each price beside general inflation, 1 for the programme; shape (lines, years)."""
    return np.array(
        [
            [book.growth(cost, year) if source == "service" else 1.0 for year in found.years]
            for source, cost in zip(found.lines["source"], found.lines["cost"], strict=True)
        ]
    )


@dataclass(frozen=True)
class Priced:
    """Both runs at the prices that a case counts, worked out once for case and statement.

    Attributes
    ----------
    found : the money of both runs. price : marginal or average. base_year : of its prices.
    saved : what is saved at that price, in constant prices; shape (futures, lines, years).
    cash : pounds of each year for a pound of constant prices; shape (lines, years).
    banked : what of the saving can be banked, in pounds of each year; shape as `saved`.
    """

    found: Amounts
    price: str
    base_year: str
    saved: Array
    cash: Array
    banked: Array


def priced(
    baseline: Results, scenario: Results, book: PriceBook, assumptions: Assumptions, price: str
) -> Priced:
    """Both runs at a case's prices; parameters as for the case."""
    found = amounts(baseline, scenario)
    inflation = np.array([book.inflation(year) for year in found.years])
    cash = real_growth(found, book) * inflation
    saved = at_price(found, book, price)
    banked = cashable(found, saved, book, assumptions) * cash
    return Priced(found, price, book.base_year, saved, cash, banked)


def financial_case(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> FinancialCase:
    """The financial case of a redesign.

    Parameters
    ----------
    baseline, scenario : of the same futures, with costs and programme.
    book : prices and their evidence (`price_book`). price : marginal or average.
    """
    both = priced(baseline, scenario, book, assumptions, price)
    return case_of_priced(both, baseline.sampling.ranges_say)


def case_of_priced(both: Priced, ranges_say: str) -> FinancialCase:
    """The financial case of two runs that are priced already."""
    found = both.found
    saved, spent = both.saved * both.cash, found.baseline * both.cash
    payers = list(dict.fromkeys(found.lines["payer"]))
    tables, summaries, chances = [], [], []
    for holder, own in {**HOLDERS, **{payer: (payer,) for payer in payers}}.items():
        part = Part(found, own, saved, both.banked, spent)
        tables.append(part.table(holder))
        if holder in HOLDERS:
            summaries += part.summary(holder)
            chances.append(part.chances(holder))
    return FinancialCase(
        pd.concat(tables, ignore_index=True),
        pd.DataFrame(summaries),
        pd.concat(chances, ignore_index=True),
        both.price,
        both.base_year,
        ranges_say,
    )


class Part:
    """The cash of some budget holders, year by year; every array has shape (futures, years)."""

    def __init__(
        self,
        found: Amounts,
        payers: Iterable[str],
        saved: Array,
        banked: Array,
        spent: Array,
    ) -> None:
        own = found.of_payers(payers)
        income = (found.lines["kind"] == INCOME).to_numpy()
        self.years = found.years
        self.gross = saved[:, own & ~found.is_programme].sum(axis=1)
        self.income = saved[:, own & income].sum(axis=1)
        self.programme = -saved[:, own & found.is_programme].sum(axis=1)
        self.net = self.gross - self.programme
        self.cashable = banked[:, own].sum(axis=1)
        self.cumulative = self.net.cumsum(axis=1)
        self.shares = found.shares
        before = spent[:, own].sum(axis=1)
        whole = int(np.argmax(self.shares))  # the first whole year, or the longest part
        flat = before[:, [whole]] * self.shares / self.shares[whole]
        self.cut, self.avoided = flat - (before - self.net), before - flat

    def table(self, holder: str) -> pd.DataFrame:
        """One row a year."""
        low, high = COVERAGE
        return pd.DataFrame(
            {
                "payer": holder,
                "financial_year": self.years,
                "gross_gbp": self.gross.mean(axis=0),
                "income_gbp": self.income.mean(axis=0),
                "programme_gbp": self.programme.mean(axis=0),
                "net_gbp": self.net.mean(axis=0),
                "net_low_gbp": np.quantile(self.net, low, axis=0),
                "net_high_gbp": np.quantile(self.net, high, axis=0),
                "cumulative_gbp": self.cumulative.mean(axis=0),
                "cumulative_low_gbp": np.quantile(self.cumulative, low, axis=0),
                "cumulative_high_gbp": np.quantile(self.cumulative, high, axis=0),
                "cashable_gbp": self.cashable.mean(axis=0),
                "cumulative_cashable_gbp": self.cashable.mean(axis=0).cumsum(),
                "cut_gbp": self.cut.mean(axis=0),
                "avoided_growth_gbp": self.avoided.mean(axis=0),
            }
        )

    def summary(self, holder: str) -> list[dict[str, object]]:
        """Payback, peak funding and totals, with ranges over futures."""
        months = payback_month(self.cumulative, self.shares)
        paid = np.isfinite(months)
        peak = np.maximum(-self.cumulative.min(axis=1), 0.0)
        share_cashable = self.cashable.sum(axis=1)
        rows = [
            ("net_saving", self.cumulative[:, -1], "GBP", "over the run"),
            ("cashable_net_saving", share_cashable, "GBP", "over the run, programme paid"),
            ("peak_funding", peak, "GBP", "deepest point of the running total at a year's end"),
        ]
        found = [row(holder, *one) for one in rows]
        says = f"paid back in {100 * paid.mean():.0f}% of futures; months from the first day"
        found.append(row(holder, "payback_month", months[paid], "months", says))
        return found

    def chances(self, holder: str) -> pd.DataFrame:
        """By the end of each year."""
        paid = np.minimum.accumulate((self.cumulative >= 0)[:, ::-1], axis=1)[:, ::-1]
        return pd.DataFrame(
            {
                "holder": holder,
                "financial_year": self.years,
                "chance_of_saving": (self.cumulative > 0).mean(axis=0),
                "chance_of_payback": paid.mean(axis=0),
            }
        )


def row(holder: str, figure: str, values: Array, unit: str, says: str) -> dict[str, object]:
    """A figure over futures: mean and the range that holds 80%; NaN for none."""
    some = len(values) > 0
    low, high = np.quantile(values, COVERAGE) if some else (np.nan, np.nan)
    mean = float(values.mean()) if some else np.nan
    return {
        "holder": holder,
        "figure": figure,
        "value": mean,
        "low": float(low),
        "high": float(high),
        "unit": unit,
        "says": says,
    }


def payback_month(cumulative: Array, shares: Array | None = None) -> Array:
    """The month after which the running total stays at 0 or more; inf where it never does.

    Within a year the total is taken to move evenly, so the month is read off a straight line
    between the ends of two years. 0 where it is never below 0.

    Parameters
    ----------
    cumulative : at the end of each year, shape (futures, years).
    shares : the part of each financial year that lies in the run; None for whole years.
    """
    futures, years = cumulative.shape
    length = 12.0 * (np.ones(years) if shares is None else shares)
    before = np.concatenate([[0.0], length.cumsum()])
    ends = np.concatenate([np.zeros((futures, 1)), cumulative], axis=1)
    below = ends < 0
    last = years - np.argmax(below[:, ::-1], axis=1)  # the last year's end below 0
    months = np.full(futures, np.inf)
    never = ~below.any(axis=1)
    months[never] = 0.0
    back = ~never & (last < years)
    rows = np.flatnonzero(back)
    low, high = ends[rows, last[rows]], ends[rows, last[rows] + 1]
    months[rows] = before[last[rows]] - low / (high - low) * length[last[rows]]
    return months
