"""Every table of one comparison, by the name of its sheet, with what each is.

It puts together what other modules work out and counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from model import cases, compare, flow_difference
from model.results import Results
from model.savings import Case, every_table, what_must_be_true
from model.savings.case import CASH
from model.scenarios import Scenario

SAYS: dict[str, str] = {
    "by_year_council": "What the council saves by financial year, and the running total.",
    "waterfall_council": "From gross to net: what each part of the pathway adds to the saving.",
    "payback_council": "Chance of having paid back by the end of each year.",
    "by_year_everybody": "The same for every payer together.",
    "waterfall_everybody": "The same for every payer together.",
    "payback_everybody": "The same for every payer together.",
    "who_pays_who_gains": "Saving less programme cost over the run, by payer.",
    "can_be_banked_council": "The council's saving by the rule of what can be banked.",
    "what_must_be_true": "How far each part may move before the mean net saving is nought.",
    "value_for_money": "Economic case (Green Book): present values, ratios, switching values.",
    "corrections": "How the plain benefits and costs become the corrected ones.",
    "apart_never_added": "What partners and society bear: shown, and added to nothing.",
    "pathway_links": "How many more or fewer go along each link of the pathway, whole run.",
    "pathway_stages": "How many more or fewer enter each stage, whole run, and the spending there.",
    "measures": "Every measure by financial year: both runs and the difference.",
    "measures_by_locality": "The same in each locality.",
    "spending_by_stage": "Services by stage in constant prices: both runs and the difference.",
    "spending_by_payer_and_year": "Services by payer and year in constant prices.",
    "chance_and_ignorance": "Standard deviations from luck and from what is not known, told apart.",
    "statement": "From what both runs cost to the net saving, by payer; balances to the penny.",
    "statement_by_line": "The same by stage, cost, payer and year, with quantities.",
    "redesign_changes": "What the redesign changes, each with its range, grade and source.",
    "programme_costs": "What the programme costs, as the redesign states it.",
    "one_way": "The saving with each assumption at both ends of its range, one at a time.",
    "uptake": "The saving where more, or fewer, families accept early help.",
    "strength": "The saving where the effect is weaker than the evidence has it.",
}
SPREAD_OF = (
    "contacts",
    "early_help_started",
    "child_in_need_plans_open",
    "child_protection_plans_open",
    "looked_after",
)


def everything(
    case: Case,
    baseline: Results,
    scenario: Results,
    plan: Scenario | None = None,
    more: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """Every table of a comparison, in reading order.

    Parameters
    ----------
    case : the comparison, priced. plan : the redesign, for its changes and programme costs.
    more : tables that needed runs of their own, such as "one_way" and "strength".

    Returns
    -------
    Tables by the name of their sheet; those that the runs did not make are left out.
    """
    found = dict(every_table(case))
    found["what_must_be_true"] = what_must_be_true(case)
    found["value_for_money"] = case.economic.summary
    found["corrections"] = case.economic.steps
    found["apart_never_added"] = case.economic.apart
    pair = (baseline, scenario)
    if len(baseline.flows):
        found["pathway_links"] = flow_difference.flow_differences(*pair)
    if len(baseline.stages):
        found["pathway_stages"] = flow_difference.stage_differences(*pair)
    if len(baseline.measures):
        found["measures"] = compare.differences(*pair)
        found["chance_and_ignorance"] = compare.spreads(*pair, SPREAD_OF)
    if len(baseline.localities):
        found["measures_by_locality"] = compare.differences(*pair, by_locality=True)
    found["spending_by_stage"] = compare.cost_differences(*pair, ("stage",))
    by = ("payer", "financial_year")
    found["spending_by_payer_and_year"] = compare.cost_differences(*pair, by)
    if case.basis == CASH:
        _, tables = cases.case_of(cases.FINANCIAL, *pair)
        found["statement"] = tables["statement"]
        found["statement_by_line"] = tables["statement_by_line"]
    if plan is not None:
        found["redesign_changes"] = changes_of(plan)
        found["programme_costs"] = programme_costs_of(plan)
    found |= dict(more or {})
    return {name: table for name, table in found.items() if len(table)}


def changes_of(plan: Scenario) -> pd.DataFrame:
    """What a redesign changes, one row each, with what stands behind it."""
    return pd.DataFrame(
        {
            "parameter": one.parameter,
            "how": one.how,
            "value": "; ".join(f"{when}: {value}" for when, value in one.steps),
            "where": ", ".join(one.localities) or "everywhere",
            "low": one.uncertainty.low,
            "high": one.uncertainty.high,
            "grade": one.grade,
            "why": one.why,
            "source": ", ".join(one.sources),
        }
        for one in plan.changes
    )


def programme_costs_of(plan: Scenario) -> pd.DataFrame:
    """What a redesign's programme costs, as its file states it."""
    return pd.DataFrame(
        {
            "programme_cost": one.name,
            "funder": one.funder,
            "gbp_per_year": one.gbp_per_year,
            "gbp_once": one.gbp_once,
            "low_gbp": one.low_gbp,
            "high_gbp": one.high_gbp,
            "price_year": one.price_year,
            "grade": one.grade,
            "source": ", ".join(one.sources),
            "note": one.note,
        }
        for one in plan.programme_costs
    )
