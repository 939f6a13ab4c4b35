"""The tables of up to four scenarios side by side, each made once of an answer."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from model import flow_difference, savings, several
from model.answers import Answer
from model.documents.everything import changes_of, programme_costs_of
from model.pictures import TODAYS
from model.results import Results
from model.savings import COUNCIL, EVERYBODY
from model.shown_measures import SHOWN
from pages.parts.compare_choice import titles
from pages.parts.once import once
from pages.parts.savings_case import case_of

FAMILIES = (
    "contacts",
    "screened_to_early_help",
    "screened_to_universal",
    "early_help_offers",
    "early_help_started",
    "early_help_step_ups",
)
CHILDREN = (
    "referrals",
    "assessments",
    "section_47_enquiries",
    "child_protection_plans_started",
    "looked_after_started",
    "looked_after_ceased",
)
WAITS = (
    "screening_wait_hours_p90",
    "screened_within_1_day_share",
    "early_help_wait_working_days_median",
    "early_help_wait_working_days_p90",
    "early_help_waiting",
    "unallocated_families",
)
CASELOADS = (
    "early_help_open",
    "early_help_led_by_council",
    "child_in_need_plans_open",
    "child_protection_plans_open",
    "looked_after",
    "children_in_need",
)
OUTCOMES = (
    "early_help_uptake_share",
    "early_help_step_up_share",
    "rereferral_share",
    "assessments_within_45_share",
    "repeat_plan_share",
    "placement_share_childrens_home",
)
GROUPS = {
    "Families": FAMILIES,
    "Children": CHILDREN,
    "Waits": WAITS,
    "Caseloads": CASELOADS,
    "Outcomes": OUTCOMES,
}


def redesigns_of(answer: Answer) -> dict[str, Results]:
    """The results of each redesign, by the name as people say it."""
    pairs = zip(titles(answer), answer.each, strict=True)
    return {title: one.scenario for title, one in pairs}


def levels(answer: Answer) -> pd.DataFrame:
    """Every measure under every scenario, by year."""
    results: Mapping[str, Results] = {TODAYS: answer.baseline, **redesigns_of(answer)}
    return several.levels(results, SHOWN)


def changes(answer: Answer) -> pd.DataFrame:
    """What each redesign changes in every measure, by year."""
    return several.changes(answer.baseline, redesigns_of(answer), SHOWN)


def changes_by_locality(answer: Answer) -> pd.DataFrame:
    """The same in each locality."""
    return several.changes(answer.baseline, redesigns_of(answer), SHOWN, by_locality=True)


def there(answer: Answer, names: tuple[str, ...]) -> list[str]:
    """Those of the measures that the runs counted."""
    counted = set(answer.baseline.measures["measure"].unique())
    return [name for name in names if name in counted]


def money(answer: Answer, basis: str) -> pd.DataFrame:
    """What each redesign saves over the run: one row a scenario and budget holder.

    Returns
    -------
    DataFrame with scenario, holder, net_gbp, low_gbp, high_gbp, chance_of_saving,
    chance_of_payback, cashable_gbp.
    """
    rows = []
    for title, one in zip(titles(answer), answer.each, strict=True):
        case = case_of(one, basis)
        for holder in (COUNCIL, EVERYBODY):
            last = savings.by_year(case, holder).iloc[-1]
            rows.append(
                {
                    "scenario": title,
                    "holder": holder,
                    "net_gbp": last["cumulative_gbp"],
                    "low_gbp": last["cumulative_low_gbp"],
                    "high_gbp": last["cumulative_high_gbp"],
                    "chance_of_saving": last["chance_of_saving"],
                    "chance_of_payback": last["chance_of_payback"],
                    "cashable_gbp": last["cumulative_cashable_gbp"],
                }
            )
    return pd.DataFrame(rows)


def payers(answer: Answer, basis: str) -> pd.DataFrame:
    """Who pays and who gains under each redesign."""
    parts = [
        savings.by_payer(case_of(one, basis)).assign(scenario=title)
        for title, one in zip(titles(answer), answer.each, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def best(answer: Answer, basis: str) -> pd.DataFrame:
    """In how many futures each redesign saves the council most."""
    found = {
        title: pd.Series(case_of(one, basis).saved(COUNCIL).sum(axis=1))
        for title, one in zip(titles(answer), answer.each, strict=True)
    }
    return several.which_is_best(found)


def links(answer: Answer, place: int, period: str) -> pd.DataFrame:
    """Where in the pathway one redesign makes a difference, link by link."""
    one = answer.each[place]
    return flow_difference.flow_differences(one.baseline, one.scenario, period)


def stages(answer: Answer, place: int, period: str) -> pd.DataFrame:
    """The same, stage by stage."""
    one = answer.each[place]
    return flow_difference.stage_differences(one.baseline, one.scenario, period)


def everything(answer: Answer, basis: str) -> dict[str, pd.DataFrame]:
    """Every table of the page, by the name of its sheet."""
    found = {
        "money": once(answer, money, basis),
        "who_pays_who_gains": once(answer, payers, basis),
        "chance_of_being_best": once(answer, best, basis),
        "as_each_stands": once(answer, levels),
        "changes": once(answer, changes),
        "changes_by_locality": once(answer, changes_by_locality),
    }
    for place, one in enumerate(answer.each):
        number = place + 1
        found[f"pathway_links_{number}"] = once(answer, links, place, "")
        found[f"pathway_stages_{number}"] = once(answer, stages, place, "")
        plan = one.question.redesigns[0].plan()
        found[f"redesign_{number}"] = changes_of(plan)
        found[f"programme_{number}"] = programme_costs_of(plan)
    return {name: table for name, table in found.items() if len(table)}
