"""The financial and the economic case of two runs, as tables for the command line and the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from model import economics, scenarios
from model.costs import load_growth, load_partner_costs, load_unit_costs
from model.economics import Assumptions, PriceBook
from model.results import Results
from model.simulate import at_prices_of

FINANCIAL, ECONOMIC = "financial", "economic"
CASES = (FINANCIAL, ECONOMIC)


def book_of(scenario: Results, root: str | Path | None = None) -> PriceBook:
    """The prices behind a run, with their evidence, and real growth of placement prices."""
    unit_costs, partners = (
        at_prices_of(load(scenario.area, scenario.cost_set, root), scenario.base_year)
        for load in (load_unit_costs, load_partner_costs)
    )
    growth = load_growth(root)
    plan = scenario.plan or scenarios.load(scenario.scenario, root)
    return economics.price_book(unit_costs, plan, partners, scenario.base_year, growth.factor)


def case_of(
    which: str,
    baseline: Results,
    scenario: Results,
    price: str = economics.MARGINAL,
    assumptions: Assumptions | None = None,
) -> tuple[str, dict[str, pd.DataFrame]]:
    """One case: what it says of itself, and its tables by name.

    Parameters
    ----------
    which : financial or economic. price : marginal or average.
    """
    book, assumed = book_of(scenario), assumptions or economics.load()
    making: dict[str, Callable[[], tuple[str, dict[str, pd.DataFrame]]]] = {
        FINANCIAL: lambda: financial(baseline, scenario, book, assumed, price),
        ECONOMIC: lambda: economic(baseline, scenario, book, assumed, price),
    }
    return making[which]()


def financial(
    baseline: Results, scenario: Results, book: PriceBook, assumed: Assumptions, price: str
) -> tuple[str, dict[str, pd.DataFrame]]:
    """The financial case with its statement."""
    found = economics.financial_case(baseline, scenario, book, assumed, price)
    statement = economics.reconcile(baseline, scenario, book, assumed, price)
    lines = economics.statement_by_line(baseline, scenario, book, assumed, price)
    return found.says, {
        "financial_by_year": found.by_year,
        "financial_summary": found.summary,
        "chances": found.chances,
        "statement": statement,
        "statement_by_line": lines,
    }


def economic(
    baseline: Results, scenario: Results, book: PriceBook, assumed: Assumptions, price: str
) -> tuple[str, dict[str, pd.DataFrame]]:
    """The economic case with what stands apart."""
    found = economics.economic_case(baseline, scenario, book, assumed, price)
    return found.says, {
        "economic_by_year": found.by_year,
        "economic_summary": found.summary,
        "corrections": found.steps,
        "statement_of_value": economics.statement_of_value(
            baseline, scenario, book, assumed, price
        ),
        "still_under_way": economics.under_way(baseline, scenario),
        "apart_never_added": found.apart,
    }
