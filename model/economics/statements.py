"""Two statements that balance to the penny: the financial case by line, the economic by step.

`reconciliation.reconcile` gives the same money by payer for the whole run. Here it is by stage,
cost, payer and financial year, and from plain benefits and costs to the present value.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.economics.amounts import Amounts, amounts
from model.economics.assumptions import Assumptions
from model.economics.discounting import rates
from model.economics.economic import Corrections, Streams, economic_case, plain_streams
from model.economics.financial import MARGINAL, case_of_priced, priced
from model.economics.price_book import PriceBook
from model.economics.reconciliation import check, price_times_quantity
from model.results import Results

LINE = ["stage", "cost", "payer"]


def statement_by_line(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> pd.DataFrame:
    """The financial case line by line: price times quantity, then each adjustment.

    Returns
    -------
    DataFrame with stage, cost, payer, financial_year, quantity_unit, baseline_quantity,
    scenario_quantity, baseline_gbp, scenario_gbp (constant prices, average), marginal_price_gbp,
    prices_of_the_year_gbp (adjustments), net_gbp, not_cash_gbp, cashable_gbp; means over futures.
    baseline - scenario + adjustments = net, and net + not cash = cashable, on every row.

    Raises
    ------
    ValueError when a row does not balance, or the rows of a payer and year do not add up to the
    financial case, to the penny.
    """
    both = priced(baseline, scenario, book, assumptions, price)
    found, marginal, cash, banked = both.found, both.saved, both.cash, both.banked
    steps = {
        "baseline_gbp": found.baseline,
        "scenario_gbp": found.scenario,
        "marginal_price_gbp": marginal - found.saved,
        "prices_of_the_year_gbp": marginal * cash - marginal,
        "net_gbp": marginal * cash,
        "not_cash_gbp": banked - marginal * cash,
        "cashable_gbp": banked,
    }
    table = _lines(found, steps)
    for name, one in (("baseline", baseline), ("scenario", scenario)):
        table = _with_quantities(table, one, name)
    _check_lines(table)
    case = case_of_priced(both, baseline.sampling.ranges_say).by_year
    sums = table.groupby(["payer", "financial_year"])[["net_gbp", "cashable_gbp"]].sum()
    stated = case.set_index(["payer", "financial_year"])
    for (payer, year), own in sums.iterrows():
        for column in ("net_gbp", "cashable_gbp"):
            check(own[column], float(stated.loc[(payer, year), column]), f"{payer} in {year}")
    first = [*LINE, "financial_year", "quantity_unit", "baseline_quantity", "scenario_quantity"]
    return table[[*first, *steps]]


def _lines(found: Amounts, steps: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row a line and year, where either run has any money; means over futures."""
    means = {name: gbp.mean(axis=0).ravel() for name, gbp in steps.items()}
    about = found.lines.loc[found.lines.index.repeat(len(found.years)), LINE]
    table = about.reset_index(drop=True).assign(
        financial_year=np.tile(found.years, len(found.lines)), **means
    )
    some = (table[["baseline_gbp", "scenario_gbp"]] != 0).any(axis=1)
    return table[some].reset_index(drop=True)


def _with_quantities(table: pd.DataFrame, results: Results, name: str) -> pd.DataFrame:
    """The lines with a run's quantities; its pounds must be those of its own rows."""
    keys = [*LINE, "financial_year"]
    rows = price_times_quantity(results).groupby(keys, sort=False)
    own = rows.agg(
        unit=("quantity_unit", "first"), quantity=("quantity", "sum"), gbp=("gbp", "sum")
    )
    joined = table.merge(own.reset_index(), on=keys, how="left")
    for stated, ours in zip(joined["gbp"].fillna(0.0), joined[f"{name}_gbp"], strict=True):
        check(float(ours), float(stated), f"the {name}")
    unit = joined["unit"]
    if "quantity_unit" in joined:
        unit = joined["quantity_unit"].fillna(unit)
    return joined.drop(columns=["unit", "quantity", "gbp"]).assign(
        **{"quantity_unit": unit, f"{name}_quantity": joined["quantity"].fillna(0.0)}
    )


def _check_lines(table: pd.DataFrame) -> None:
    """Every row must follow from its parts."""
    net = table["baseline_gbp"] - table["scenario_gbp"]
    net = net + table["marginal_price_gbp"] + table["prices_of_the_year_gbp"]
    sides = ((net, "net_gbp"), (table["net_gbp"] + table["not_cash_gbp"], "cashable_gbp"))
    for ours, column in sides:
        for line, mine, stated in zip(table["cost"], ours, table[column], strict=True):
            check(float(mine), float(stated), str(line))


def statement_of_value(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> pd.DataFrame:
    """From plain benefits and costs to the present value, by view and year.

    Returns
    -------
    DataFrame with view, financial_year, step, gbp (mean over futures): plain benefits, plain costs
    (below 0), optimism in benefits, optimism in costs, delay, deadweight and attribution,
    discounting. The steps of a view add up to its net present value.

    Raises
    ------
    ValueError when they do not, to the penny.
    """
    found = amounts(baseline, scenario)
    corrections = Corrections.of(found, book, assumptions, baseline.start.year)
    case = economic_case(baseline, scenario, book, assumptions, price).summary
    case = case[case["figure"] == "net_present_value"].set_index("holder")["value"]
    factors = rates(assumptions).factors(len(found.years))
    rows = []
    for view, plain in plain_streams(found, book, price).items():
        steps = _steps(plain, corrections, factors)
        check(sum(float(gbp.sum()) for gbp in steps.values()), float(case[view]), view)
        rows += [
            {"view": view, "financial_year": year, "step": step, "gbp": float(amount)}
            for step, gbp in steps.items()
            for year, amount in zip(found.years, gbp, strict=True)
        ]
    return pd.DataFrame(rows)


def _steps(plain: Streams, by: Corrections, factors: np.ndarray) -> dict[str, np.ndarray]:
    """What each correction adds, GBP by year, means over futures."""
    optimism = Corrections(by.benefits, by.costs, 0.0, 0.0, 1.0).applied(plain)
    late = Corrections(by.benefits, by.costs, by.delay_months, 0.0, 1.0).applied(plain)
    whole = by.applied(plain)
    steps = {
        "plain benefits": plain.benefits,
        "plain costs": -plain.costs,
        "optimism in benefits": optimism.benefits - plain.benefits,
        "optimism in costs": plain.costs - optimism.costs,
        "delay": late.benefits - optimism.benefits,
        "deadweight and attribution": whole.benefits - late.benefits,
        "discounting": (whole.benefits - whole.costs) * (factors - 1.0),
    }
    return {step: gbp.mean(axis=0) for step, gbp in steps.items()}
