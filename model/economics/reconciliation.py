"""The statement that ties every pound to episodes and programme lines; it balances to the penny.

Price times quantity by stage, cost, payer and year, for both runs, and each step from there to a
case. It makes no case of its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.economics.assumptions import Assumptions
from model.economics.financial import MARGINAL, case_of_priced, priced
from model.economics.price_book import PriceBook
from model.results import Results

PENNY = 0.005
KEYS = ["stage", "cost", "payer", "financial_year", "quantity_unit"]


def price_times_quantity(results: Results) -> pd.DataFrame:
    """Every line of a run: quantity, price and pounds; means over futures.

    Returns
    -------
    DataFrame with stage, cost, payer, financial_year, quantity_unit, quantity, gbp. Where prices
    are drawn, a line's price differs between futures and is left out.

    Raises
    ------
    ValueError when a line is not its price times its quantity, to the penny.
    """
    table = pd.concat([one for one in (results.costs, results.programme) if len(one)])
    off = (table["gbp"] - table["quantity"] * table["gbp_per_unit"]).abs()
    if (off > PENNY).any():
        worst = table.loc[off.idxmax()]
        raise ValueError(f"{worst['cost']} of {worst['stage']} is not its price times its quantity")
    sums = table.groupby(KEYS, sort=False)[["quantity", "gbp"]].sum()
    return (sums / results.futures).reset_index()


def reconcile(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> pd.DataFrame:
    """From what both runs cost to the financial case, step by step, by payer.

    Returns
    -------
    DataFrame with payer, step, gbp (mean over futures, whole run): spent by the baseline, spent by
    the redesign (services, programme), each adjustment, and the net saving; then what of it is not
    cash. The steps of a payer add up to its net saving.

    Raises
    ------
    ValueError when they do not, to the penny.
    """
    for one in (baseline, scenario):
        price_times_quantity(one)
    both = priced(baseline, scenario, book, assumptions, price)
    found, marginal, cash, banked = both.found, both.saved, both.cash, both.banked
    case = case_of_priced(both, baseline.sampling.ranges_say)
    totals = case.by_year.groupby("payer")[["net_gbp", "cashable_gbp"]].sum()
    rows = []
    for payer in dict.fromkeys(found.lines["payer"]):
        own = found.of_payers([payer])
        services, programme = own & ~found.is_programme, own & found.is_programme
        steps = {
            "services of the baseline": total(found.baseline[:, services]),
            "services of the redesign": -total(found.scenario[:, services]),
            "programme": total(found.saved[:, programme]),
            "only the marginal price ends": total((marginal - found.saved)[:, own]),
            "inflation and growth of prices": total((marginal * cash - marginal)[:, own]),
        }
        net = float(totals.loc[payer, "net_gbp"])
        check(sum(steps.values()), net, payer)
        rows += [{"payer": payer, "step": step, "gbp": gbp} for step, gbp in steps.items()]
        not_cash = total(banked[:, own]) - net
        rows.append({"payer": payer, "step": "net saving", "gbp": net})
        rows.append({"payer": payer, "step": "not cash", "gbp": not_cash})
        banked_all = float(totals.loc[payer, "cashable_gbp"])
        check(net + not_cash, banked_all, payer)
        rows.append({"payer": payer, "step": "cashable net saving", "gbp": banked_all})
    return pd.DataFrame(rows)


def total(gbp: np.ndarray) -> float:
    """Pounds of the whole run, mean over futures."""
    return float(gbp.sum(axis=(1, 2)).mean()) if gbp.size else 0.0


def check(ours: float, theirs: float, payer: str) -> None:
    """Refuse a statement that does not balance to the penny."""
    if abs(ours - theirs) > PENNY:
        raise ValueError(f"the statement of {payer} is out by £{ours - theirs:,.2f}")
