"""What the documents claim of each redesign, beside what the model gives.

A claim is *put in* where the scenario states the very change that the document promises; seeing it
in the results shows that the model works, not that the claim is true. Only a claim that *emerges*,
from changes made elsewhere in the pathway, can agree or disagree. It runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model import scenarios
from model.compare import COVERAGE, check_pair
from model.measures import MEASURES
from model.results import FUTURE, Results

FEWER, MORE, SAME, NOT_STATED = "fewer", "more", "no change", "not stated"
DIRECTIONS = (FEWER, MORE, SAME, NOT_STATED)
PUT_IN, EMERGES = "put in", "emerges"
LAST_PERIODS = 2
STOCKPORT, INTERFACE = "stockport_pathway", "sefton_family_support_pathway"
STRATEGY, NEWSLETTER = "sefton_early_help_strategy", "sefton_families_first"
FRAMEWORK, TRIAL, NONE = "sefton_outcomes_framework", "coram_conferences", ""


@dataclass(frozen=True)
class Claim:
    """One claim of success.

    Attributes
    ----------
    document : its name in parameters/sources.toml; empty for a question of this project's own.
    says : the claim, in a few words.
    measure : a name in `model.measures.MEASURES`.
    expected : one of `DIRECTIONS`, as the document has it.
    leans_on : an assumption without which an agreement would mean nothing; empty for none.
    locality : where; empty for the whole area.
    put_in : whether the scenario states this very change.
    """

    document: str
    says: str
    measure: str
    expected: str
    leans_on: str = ""
    locality: str = ""
    put_in: bool = False


def put_in(document: str, says: str, measure: str, expected: str, locality: str = "") -> Claim:
    """A claim that the scenario itself states, so that seeing it proves nothing."""
    return Claim(document, says, measure, expected, "", locality, put_in=True)


WAIT = "early_help_wait_working_days_mean"
NOT_REFERRED = "families who are not referred are taken to be no worse for it"
SOONER = "families who step down sooner are taken to be at no more risk of care"
ADVICE = "families reached fare as after advice, but for the named effects"
UNIVERSAL = "that a universal offer lowers need was measured nowhere"
WAITING = "what waiting does to families was measured nowhere"


UNDER_STRESS = (
    put_in(NONE, "More contacts", "contacts", MORE),
    Claim(NONE, "Longer waits for early help", WAIT, MORE),
    Claim(NONE, "More children in care", "looked_after", MORE),
)

CLAIMS: dict[str, tuple[Claim, ...]] = {
    "stockport_pathway": (
        put_in(STOCKPORT, "More early help (CAF) recommendations", "screened_to_early_help", MORE),
        put_in(STOCKPORT, "Universal recommendations are made", "screened_to_universal", MORE),
        put_in(
            STOCKPORT, "The 20 working days are kept", "early_help_offers_within_20_share", MORE
        ),
        put_in(STOCKPORT, "Social care steps families down", "step_downs_to_early_help", MORE),
        put_in(STOCKPORT, "More CAFs are completed", "early_help_assessments", MORE),
        put_in(STOCKPORT, "Families take up universal offers", "universal_taken_up", MORE),
        Claim(STOCKPORT, "Successful step-down", "step_downs_held_share", MORE),
        Claim(STOCKPORT, "Fewer inappropriate referrals", "inappropriate_referrals", FEWER, ADVICE),
        Claim(
            STOCKPORT,
            "Fewer first presentations at high need",
            "first_presentations_at_high_need",
            FEWER,
        ),
        Claim(
            STOCKPORT,
            "Escalation is avoided",
            "child_protection_plans_started",
            FEWER,
            ADVICE,
        ),
        Claim(STOCKPORT, "Fewer children need costly care", "looked_after_started", FEWER, ADVICE),
    ),
    "stockport_pilot": (
        put_in(STOCKPORT, "34 of 87 cases: early help", "screened_to_early_help", MORE),
        put_in(STOCKPORT, "52 of 87 cases: universal services", "screened_to_universal", MORE),
        Claim(STOCKPORT, "Fewer inappropriate referrals", "inappropriate_referrals", FEWER, ADVICE),
    ),
    "missing_from_home": (
        put_in(STOCKPORT, "A targeted early response", "screened_to_early_help", MORE),
        put_in(STOCKPORT, "Partners' uptake of the CAF rises", "early_help_led_by_partners", MORE),
        Claim(STOCKPORT, "Need does not become a referral", "referrals", FEWER, ADVICE),
        Claim(STOCKPORT, "Fewer children need costly care", "looked_after_started", FEWER, ADVICE),
    ),
    "domestic_incidents": (
        put_in(STOCKPORT, "Services reach families at once", "screened_to_early_help", MORE),
        Claim(STOCKPORT, "Fewer come back, as through school", "contacts", FEWER, ADVICE),
        Claim(STOCKPORT, "Escalation of need is avoided", "referrals", FEWER, ADVICE),
        Claim(STOCKPORT, "Fewer children need costly care", "looked_after_started", FEWER, ADVICE),
    ),
    "sefton_pathway_2014": (
        put_in(INTERFACE, "Families reach the right service", "assessed_to_early_help", MORE),
        put_in(INTERFACE, "Smoother step-down", "step_downs_to_early_help", MORE),
        Claim(INTERFACE, "Smoother step-up: shorter waits", WAIT, FEWER),
        Claim(INTERFACE, "Fewer child protection plans", "child_protection_plans_started", FEWER),
        Claim(INTERFACE, "Social care is relieved", "child_in_need_plans_open", FEWER),
    ),
    "sefton_early_help_2019": (
        put_in(STRATEGY, "More early help is offered", "early_help_offers", MORE),
        put_in(STRATEGY, "More offers are taken up", "early_help_uptake_share", MORE),
        put_in(STRATEGY, "Fewer inappropriate referrals", "inappropriate_referrals", FEWER),
        Claim(STRATEGY, "More early help assessments", "early_help_assessments", MORE),
        Claim(STRATEGY, "Less stepping up", "early_help_step_ups", FEWER),
        Claim(STRATEGY, "Allocation is timely", WAIT, FEWER),
        Claim(
            STRATEGY,
            "Less drift from referral to allocation",
            "early_help_offer_to_allocation_working_days_mean",
            FEWER,
        ),
        Claim(
            STRATEGY,
            "Less demand on statutory services",
            "child_in_need_plans_open",
            FEWER,
            NOT_REFERRED,
        ),
        Claim(STRATEGY, "Less demand on specialist services", "looked_after", FEWER, NOT_REFERRED),
    ),
    "first_1000_days": (
        put_in(STRATEGY, "Future problems are prevented", "contacts", FEWER),
        Claim(STRATEGY, "Fewer families need statutory help", "referrals", FEWER, UNIVERSAL),
        Claim(STRATEGY, "Fewer children need care", "looked_after_started", FEWER, UNIVERSAL),
    ),
    "bootle_pilot": (
        put_in(
            NEWSLETTER,
            "Cases flow within Bootle: more step down",
            "step_downs_to_early_help",
            MORE,
            "Bootle",
        ),
        Claim(NEWSLETTER, "Fewer plans open", "child_in_need_plans_open", FEWER, SOONER, "Bootle"),
        Claim(NEWSLETTER, "Step-down holds", "step_downs_held_share", MORE, "", "Bootle"),
        Claim(NEWSLETTER, "Less stepping up", "early_help_step_ups", FEWER, "", "Bootle"),
        Claim(NEWSLETTER, "Less demand on social care", "referrals", FEWER, "", "Bootle"),
        Claim(NEWSLETTER, "Nothing changes elsewhere yet", "referrals", SAME, "", "Southport"),
    ),
    "family_help_rollout": (
        put_in(NEWSLETTER, "More families step down", "step_downs_to_early_help", MORE),
        Claim(NEWSLETTER, "Fewer plans open", "child_in_need_plans_open", FEWER, SOONER),
        Claim(NEWSLETTER, "Step-down holds", "step_downs_held_share", MORE),
        Claim(NEWSLETTER, "Less demand on social care", "referrals", FEWER),
        Claim(NEWSLETTER, "Fewer children need care", "looked_after", FEWER, SOONER),
    ),
    "family_support_plan": (
        put_in(NEWSLETTER, "No repeated assessment", "assessments", FEWER),
        Claim(NEWSLETTER, "Families wait less for a lead", WAIT, FEWER),
        Claim(NEWSLETTER, "Time for more families", "early_help_started", MORE),
    ),
    "revised_thresholds": (
        put_in(NEWSLETTER, "Fewer inappropriate referrals", "inappropriate_referrals", FEWER),
        Claim(NEWSLETTER, "More families get early help", "early_help_started", MORE),
        Claim(NEWSLETTER, "Demand: enquiries", "section_47_enquiries", NOT_STATED),
        Claim(NEWSLETTER, "Demand: plans", "child_protection_plans_started", NOT_STATED),
    ),
    "child_protection_team": (
        put_in(NEWSLETTER, "Strategy meetings", "strategy_meetings", NOT_STATED),
        put_in(
            NEWSLETTER,
            "Progression from enquiry to conference",
            "section_47_to_conference_share",
            NOT_STATED,
        ),
        put_in(NEWSLETTER, "Conferences in time", "initial_conferences_within_15_share", MORE),
        Claim(NEWSLETTER, "Conferences", "initial_conferences", NOT_STATED),
        Claim(NEWSLETTER, "Plans", "child_protection_plans_started", NOT_STATED),
        Claim(NEWSLETTER, "Children looked after", "looked_after", NOT_STATED),
    ),
    "outcomes_framework": (
        Claim(FRAMEWORK, "Demand on services is rebalanced", "referrals", FEWER),
        Claim(FRAMEWORK, "Families are helped in time", WAIT, FEWER),
    ),
    "conference_pre_proceedings": (
        put_in(TRIAL, "Fewer children enter care", "looked_after_started", FEWER),
        Claim(TRIAL, "Fewer care proceedings", "care_proceedings_started", FEWER),
        Claim(TRIAL, "Fewer children in care", "looked_after", FEWER),
    ),
    "conference_early_help": (
        put_in(STRATEGY, "Fewer families step up", "early_help_step_ups", FEWER),
        Claim(STRATEGY, "Less demand on social care", "referrals", FEWER),
        Claim(STRATEGY, "Fewer children in care", "looked_after", FEWER),
    ),
    "step_down": (
        put_in(STOCKPORT, "Step-down is social care's way out", "step_downs_to_early_help", MORE),
        Claim(STOCKPORT, "Successful step-down", "step_downs_held_share", MORE),
        Claim(STRATEGY, "Less demand on statutory services", "referrals", FEWER),
    ),
    "early_help_more": (
        Claim(NONE, "Shorter waits", WAIT, FEWER),
        Claim(NONE, "Fewer referrals", "referrals", FEWER, WAITING),
        Claim(NONE, "Fewer children in care", "looked_after", FEWER, WAITING),
    ),
    "early_help_less": (
        Claim(NONE, "Longer waits", WAIT, MORE),
        Claim(NONE, "More referrals", "referrals", MORE, WAITING),
        Claim(NONE, "More children in care", "looked_after", MORE, WAITING),
    ),
    "vacancies_filled": (
        Claim(NONE, "Fewer families without a worker", "unallocated_families", FEWER),
        Claim(NONE, "More assessments in time", "assessments_within_45_share", MORE),
        Claim(NONE, "Fewer child in need plans open", "child_in_need_plans_open", FEWER),
    ),
    "demand_up_10": UNDER_STRESS,
    "demand_up_25": UNDER_STRESS,
    "placement_prices_up_10": (Claim(NONE, "Nobody's help changes", "looked_after", SAME),),
}


def claims_of(name: str) -> tuple[Claim, ...]:
    """The claims made of a scenario; of several with `+` between them, those of each.

    Raises
    ------
    InputError
        For an unknown scenario.
    """
    scenarios.load(name)
    parts = name.split(scenarios.TOGETHER)
    return tuple(dict.fromkeys(claim for part in parts for claim in CLAIMS.get(part, ())))


def table(name: str, area: str, results_pair: tuple[Results, Results]) -> pd.DataFrame:
    """Each claim made of a scenario beside the simulated difference.

    Parameters
    ----------
    name : of the scenario. area : that was run.
    results_pair : of today's arrangements and of the scenario, for the same futures. A claim
        about a locality needs the table `localities`.

    Returns
    -------
    DataFrame, one row a claim: document, claim, measure, unit, locality, put_in ("put in" or
    "emerges"), expected, leans_on, baseline, scenario, difference (means over futures of the
    yearly mean of the last two financial years), low, high (80% of the paired differences),
    verdict.

    Raises
    ------
    ValueError
        When the pair are not runs of the area, or did not meet the same families.
    """
    baseline, other = results_pair
    check_pair(baseline, other)
    if baseline.area != area:
        raise ValueError(f"a run of {baseline.area}, not of {area}")
    rows = []
    for claim in claims_of(name):
        pair = [yearly(results, claim) for results in results_pair]
        difference = pair[1] - pair[0]
        low, high = (difference.quantile(share) for share in COVERAGE)
        rows.append(
            {
                "document": claim.document,
                "claim": claim.says,
                "measure": claim.measure,
                "unit": MEASURES[claim.measure].unit,
                "locality": claim.locality,
                "put_in": PUT_IN if claim.put_in else EMERGES,
                "expected": claim.expected,
                "leans_on": claim.leans_on,
                "baseline": pair[0].mean(),
                "scenario": pair[1].mean(),
                "difference": difference.mean(),
                "low": low,
                "high": high,
                "verdict": verdict(claim, low, high),
            }
        )
    return pd.DataFrame(rows)


def yearly(results: Results, claim: Claim) -> pd.Series:
    """A claim's measure by future: the mean of the last financial years of the run."""
    found = results.localities if claim.locality else results.measures
    if not len(found):
        return pd.Series(np.nan, index=range(results.futures))
    found = found[found["measure"] == claim.measure]
    if claim.locality:
        found = found[found["locality"] == claim.locality]
    last = sorted(found["period"].unique())[-LAST_PERIODS:]
    return found[found["period"].isin(last)].groupby(FUTURE)["value"].mean()


def verdict(claim: Claim, low: float, high: float) -> str:
    """What the simulated range says of a claim.

    Parameters
    ----------
    low, high : of the paired differences.
    """
    if np.isnan(low):
        return "not measured in this run"
    seen = MORE if low > 0 else FEWER if high < 0 else SAME if low == high == 0 else ""
    if claim.expected == NOT_STATED:
        return f"no claim to judge; the model gives {seen}" if seen else "no claim; cannot tell"
    if claim.expected == SAME:
        return "agrees" if low <= 0 <= high else "disagrees"
    if seen == SAME:
        return "disagrees: no change at all"
    if not seen:
        return "cannot tell: the range spans zero"
    if claim.put_in:
        return "as put in" if seen == claim.expected else "put in, but overruled"
    return "agrees" if seen == claim.expected else "disagrees"


__all__ = ["CLAIMS", "Claim", "claims_of", "table"]
