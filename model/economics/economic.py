"""The economic case: real pounds, discounted, corrected for optimism, by the Green Book.

Benefits are what services downstream of early help cost less; costs are the programme and what
contact, screening and early help cost more (less where they cost less). Each is corrected by the
grade of its evidence (Greater Manchester method), benefits also for their delay, deadweight and
attribution. Lifetime values stand apart and are never added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COUNCIL
from model.economics.amounts import Amounts, amounts
from model.economics.assumptions import Assumptions
from model.economics.discounting import Rates, rates, sensitivity_rates
from model.economics.financial import MARGINAL, at_price, real_growth, row
from model.economics.price_book import LIFETIME, PriceBook
from model.pathway import PATHWAY, Scope
from model.results import FUTURE, Results

DELIVERY = {stage.name for stage in PATHWAY if stage.scope in (Scope.CONTACTED, Scope.EARLY_HELP)}
VIEWS: dict[str, tuple[str, ...]] = {"the council": COUNCIL, "public sector": ()}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class EconomicCase:
    """Present values, per future and summarised.

    Attributes
    ----------
    by_year : view, financial_year, discount_factor, benefits_gbp, costs_gbp, net_gbp,
        discounted_net_gbp (means over futures; real, corrected).
    summary : holder (the view), figure, value, low, high, unit, says: net_present_value,
        net_present_value_at_the_lower_rate, benefit_cost_ratio, fiscal_return, chance_of_npv,
        and switching values (how far benefits may fall, or costs rise).
    apart : what is shown and never added: cost, payer, over, difference_gbp, low, high, says.
    steps : view, step, benefits_gbp, costs_gbp: how the plain figures become the corrected ones.
    says : rates, horizon, price base and corrections in a sentence.
    """

    by_year: pd.DataFrame
    summary: pd.DataFrame
    apart: pd.DataFrame
    steps: pd.DataFrame
    says: str


def economic_case(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> EconomicCase:
    """The economic case of a redesign, parameters as for the financial case."""
    found = amounts(baseline, scenario)
    partners = partner_savings(baseline, scenario)
    corrections = Corrections.of(found, book, assumptions, baseline.start.year)
    years, summaries, steps = [], [], []
    for view, plain in plain_streams(found, book, price).items():
        fiscal = corrections.applied(plain)
        wide = fiscal
        if not VIEWS[view]:
            both = Streams(plain.benefits + partners, plain.costs)
            wide = corrections.applied(both)
        years.append(fiscal.table(view, found.years, rates(assumptions)))
        summaries += summarised(view, fiscal, wide, assumptions)
        steps += corrections.steps(view, plain)
    r = rates(assumptions)
    return EconomicCase(
        pd.concat(years, ignore_index=True),
        pd.DataFrame(summaries),
        apart(baseline, scenario),
        pd.DataFrame(steps),
        f"Economic case: real, {book.base_year} prices, discounted at {r.to_year_30:.1%} "
        f"({sensitivity_rates(assumptions).to_year_30:.1%} as a test), horizon {len(found.years)} "
        f"years, {price} price; benefits less {corrections.benefits:.0%} and "
        f"{corrections.delay_months:g} months later, costs plus {corrections.costs:.0%} for "
        f"optimism; deadweight {corrections.deadweight:.0%}, attribution "
        f"{corrections.attribution:.0%}; ranges hold {baseline.sampling.ranges_say}",
    )


@dataclass(frozen=True)
class Streams:
    """Benefits and costs in real pounds; shape (futures, years)."""

    benefits: Array
    costs: Array

    def present(self, factors: Array) -> tuple[Array, Array]:
        """Present values of benefits and costs in each future."""
        return self.benefits @ factors, self.costs @ factors

    def table(self, view: str, years: tuple[str, ...], discounting: Rates) -> pd.DataFrame:
        """One row a year."""
        factors = discounting.factors(len(years))
        net = self.benefits - self.costs
        return pd.DataFrame(
            {
                "view": view,
                "financial_year": years,
                "discount_factor": factors,
                "benefits_gbp": self.benefits.mean(axis=0),
                "costs_gbp": self.costs.mean(axis=0),
                "net_gbp": net.mean(axis=0),
                "discounted_net_gbp": (net * factors).mean(axis=0),
            }
        )


def plain_streams(found: Amounts, book: PriceBook, price: str) -> dict[str, Streams]:
    """Benefits and costs of each view before any correction, by the name of the view."""
    saved = at_price(found, book, price) * real_growth(found, book)
    delivers = found.lines["stage"].isin(DELIVERY).to_numpy() | found.is_programme
    streams = {}
    for view, payers in VIEWS.items():
        own = found.of_payers(payers)
        benefits, costs = saved[:, own & ~delivers], -saved[:, own & delivers]
        streams[view] = Streams(benefits.sum(axis=1), costs.sum(axis=1))
    return streams


@dataclass(frozen=True)
class Corrections:
    """What is taken off and put on, as shares.

    Attributes
    ----------
    benefits, costs : optimism, by grade and age of the evidence. delay_months : of benefits.
    deadweight : share of benefits that would have come anyway. attribution : share that is this
        redesign's doing.
    """

    benefits: float
    costs: float
    delay_months: float
    deadweight: float
    attribution: float

    @classmethod
    def of(
        cls, found: Amounts, book: PriceBook, assumptions: Assumptions, start_year: int
    ) -> Corrections:
        """The corrections of a comparison: benefits by the grade of the redesign's evidence,
        costs by the worst grade and age among the programme's lines.
        """
        effect = confidence(book.effect_grade, "", start_year, assumptions)
        lines = found.lines.loc[found.is_programme, "cost"].unique()
        facts = [book.of_programme(name) for name in lines]
        paid = [confidence(f.grade, f.price_year, start_year, assumptions) for f in facts]
        off = assumptions.table("optimism.correction")
        return cls(
            off[f"confidence_{effect}"],
            off[f"confidence_{max(paid)}"] if paid else 0.0,
            assumptions.table("optimism.delay_months")[f"confidence_{effect}"],
            assumptions.number("benefits.deadweight"),
            assumptions.number("benefits.attribution"),
        )

    def applied(self, plain: Streams) -> Streams:
        """The corrected streams.

        A year whose mean over futures is a loss is not made smaller, nor is a year that costs
        less on the whole made dearer. The mean decides, not each future: else luck alone, cut on
        one side, would become a loss.
        """
        gains = plain.benefits.mean(axis=0) > 0
        benefits = plain.benefits * np.where(gains, 1 - self.benefits, 1.0)
        benefits = later(benefits, self.delay_months)
        share = (1 - self.deadweight) * self.attribution
        benefits = benefits * np.where(benefits.mean(axis=0) > 0, share, 1.0)
        dearer = plain.costs.mean(axis=0) > 0
        return Streams(benefits, plain.costs * np.where(dearer, 1 + self.costs, 1.0))

    def steps(self, view: str, plain: Streams) -> list[dict[str, object]]:
        """Totals over the run after each correction; means over futures."""
        none = Corrections(0.0, 0.0, 0.0, 0.0, 1.0)
        bias = Corrections(self.benefits, self.costs, 0.0, 0.0, 1.0)
        delayed = Corrections(self.benefits, self.costs, self.delay_months, 0.0, 1.0)
        found = []
        for step, one in (
            ("plain", none),
            ("optimism", bias),
            ("delay", delayed),
            ("deadweight and attribution", self),
        ):
            streams = one.applied(plain)
            found.append(
                {
                    "view": view,
                    "step": step,
                    "benefits_gbp": float(streams.benefits.sum(axis=1).mean()),
                    "costs_gbp": float(streams.costs.sum(axis=1).mean()),
                }
            )
        return found


def confidence(grade: str, price_year: str, start_year: int, assumptions: Assumptions) -> int:
    """The confidence grade (1 best, 6 worst) of evidence, by its grade and by its age."""
    table = assumptions.table("optimism.confidence")
    found = int(table[grade]) if grade in table else 6
    if price_year:
        age = start_year - int(price_year[:4])
        limits = assumptions.table("optimism.age_of_confidence")
        while found < 6 and age > limits[f"confidence_{found}"]:
            found += 1
    return found


def later(amounts_by_year: Array, months: float) -> Array:
    """A stream that comes so many months later; what passes the horizon is lost."""
    whole, share = int(months // 12), months % 12 / 12.0
    years = amounts_by_year.shape[1]
    padded = np.pad(amounts_by_year, ((0, 0), (whole + 1, 0)))
    return padded[:, 1 : years + 1] * (1 - share) + padded[:, :years] * share


def summarised(
    view: str, fiscal: Streams, wide: Streams, assumptions: Assumptions
) -> list[dict[str, object]]:
    """The figures of one view."""
    years = fiscal.benefits.shape[1]
    benefits, costs = fiscal.present(rates(assumptions).factors(years))
    lower = np.subtract(*fiscal.present(sensitivity_rates(assumptions).factors(years)))
    all_benefits, _ = wide.present(rates(assumptions).factors(years))
    mean_benefits, mean_costs = float(benefits.mean()), float(costs.mean())
    chance = float((benefits > costs).mean())
    rows = [
        row(view, "net_present_value", benefits - costs, "GBP", f"above 0 in {chance:.0%}"),
        row(view, "net_present_value_at_the_lower_rate", lower, "GBP", "a test"),
        row(view, "present_value_of_benefits", benefits, "GBP", "money of budget holders"),
        row(view, "present_value_of_costs", costs, "GBP", "programme and early help"),
    ]
    ratios = {
        "benefit_cost_ratio": (float(all_benefits.mean()), "with what partners are spared"),
        "fiscal_return": (mean_benefits, "money of budget holders alone"),
    }
    for figure, (gain, says) in ratios.items():
        value = gain / mean_costs if mean_costs > 0 else np.nan
        rows.append(single(view, figure, value, "ratio", f"{says}; mean over mean"))
    fall = 1 - mean_costs / mean_benefits if mean_benefits > 0 else np.nan
    rise = mean_benefits / mean_costs - 1 if mean_costs > 0 else np.nan
    rows.append(single(view, "benefits_may_fall_by", fall, "share", "before the value is 0"))
    rows.append(single(view, "costs_may_rise_by", rise, "share", "before the value is 0"))
    return rows


def single(view: str, figure: str, value: float, unit: str, says: str) -> dict[str, object]:
    """A figure without a range of its own."""
    nothing = float("nan")
    found = {"holder": view, "figure": figure, "value": value, "low": nothing, "high": nothing}
    return found | {"unit": unit, "says": says}


def partner_savings(baseline: Results, scenario: Results) -> Array:
    """What partners and society are spared in each year, lifetime values left out."""
    years = sorted(baseline.costs["financial_year"].unique())
    found = np.zeros((baseline.futures, len(years)))
    for sign, one in ((1.0, baseline), (-1.0, scenario)):
        table = one.partners
        if len(table):
            table = table[table["over"] != LIFETIME]
            sums = table.groupby([FUTURE, "financial_year"])["gbp"].sum().unstack(fill_value=0.0)
            sums = sums.reindex(range(one.futures), fill_value=0.0)
            found += sign * sums.reindex(columns=years, fill_value=0.0).to_numpy()
    return found


def apart(baseline: Results, scenario: Results) -> pd.DataFrame:
    """Partner costs and lifetime values: shown, and never added to a saving.

    Returns
    -------
    DataFrame with cost, payer, over, value (what the redesign spares), low, high, unit, says.
    """
    keys = ["cost", "payer", "over"]
    tables = [one.partners for one in (baseline, scenario)]
    if not any(len(table) for table in tables):
        return pd.DataFrame(columns=[*keys, "value", "low", "high", "unit", "says"])
    sums = [table.groupby([*keys, FUTURE])["gbp"].sum().unstack(fill_value=0.0) for table in tables]
    before, after = sums[0].align(sums[1], fill_value=0.0)
    rows = []
    for name, values in (before - after).iterrows():
        says = "over a lifetime: never added" if name[2] == LIFETIME else "over the run"
        one = row("", "", values.to_numpy(float), "GBP", says)
        named = dict(zip(keys, name, strict=True))
        rows.append(named | {key: one[key] for key in ("value", "low", "high", "unit", "says")})
    return pd.DataFrame(rows)
