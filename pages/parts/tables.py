"""Tables that several pages show or that one workbook holds."""

from __future__ import annotations

import pandas as pd

from model import answers, compare
from model.answers import Answer
from model.scenarios import Scenario


def changes_of(plan: Scenario) -> pd.DataFrame:
    """What a redesign changes, one row each, with what stands behind it."""
    return pd.DataFrame(
        {
            "parameter": each.parameter,
            "how": each.how,
            "value": "; ".join(f"{when}: {value}" for when, value in each.steps),
            "where": ", ".join(each.localities) or "everywhere",
            "low": each.uncertainty.low,
            "high": each.uncertainty.high,
            "grade": each.grade,
            "why": each.why,
            "source": ", ".join(each.sources),
        }
        for each in plan.changes
    )


def costs_of(plan: Scenario) -> pd.DataFrame:
    """What a redesign's programme costs, as its file states it."""
    return pd.DataFrame(
        {
            "programme cost": each.name,
            "funder": each.funder,
            "gbp_per_year": each.gbp_per_year,
            "gbp_once": each.gbp_once,
            "low_gbp": each.low_gbp,
            "high_gbp": each.high_gbp,
            "price_year": each.price_year,
            "grade": each.grade,
            "source": ", ".join(each.sources),
            "note": each.note,
        }
        for each in plan.programme_costs
    )


def of_comparison(answer: Answer, plan: Scenario) -> dict[str, pd.DataFrame]:
    """Every table of a comparison, for one workbook."""
    pair = (answer.baseline, answer.scenario)
    return {
        "saving_council": answers.savings(answer, compare.COUNCIL),
        "saving_everybody": answers.savings(answer),
        "saving_by_payer": answers.saving_by_payer(answer),
        "council_by_cashability": answers.council_by_cashability(answer),
        "spending_by_stage": answers.spending_by_stage(answer),
        "spending_by_payer_and_year": compare.cost_differences(*pair, ("payer", "financial_year")),
        "measures": compare.differences(*pair),
        "measures_by_locality": compare.differences(*pair, by_locality=True),
        "redesign_changes": changes_of(plan),
        "programme_costs": costs_of(plan),
    }
