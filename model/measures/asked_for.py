"""What each document wants measured: simulated, attached to an outcome, or out of scope and why.

The documents' own lists of what success would look like, in their words, each with the measures
that answer it. Nothing is left out of the lists: what the model cannot tell has its reason here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from model.measures.definitions import (
    FAMILIES_FIRST,
    OUTCOMES_FRAMEWORK,
    SEFTON_PATHWAY,
    SEFTON_STRATEGY,
    STOCKPORT,
)

SIMULATED = "simulated"
ATTACHED = "attached to an outcome"
OUT_OF_SCOPE = "out of scope"
STANDINGS = (SIMULATED, ATTACHED, OUT_OF_SCOPE)


@dataclass(frozen=True)
class Asked:
    """One thing that a document wants measured.

    Attributes
    ----------
    document : one of `definitions.DOCUMENTS`.
    asks_for : in the document's words, or close to them.
    standing : one of `STANDINGS`.
    answers : names of measures; "*" stands for any ending, and "measures.caseload" for a table.
    says : the reason, where it is not simulated; else what to know about the answer, or nothing.
    """

    document: str
    asks_for: str
    standing: str
    answers: tuple[str, ...] = ()
    says: str = ""

    def measures(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these names of measures that answer it, in their order."""
        return tuple(name for name in names if any(fnmatchcase(name, a) for a in self.answers))


def simulated(document: str, asks_for: str, *answers: str, says: str = "") -> Asked:
    """What measures of the model answer."""
    return Asked(document, asks_for, SIMULATED, answers, says)


def attached(document: str, asks_for: str, *answers: str, says: str) -> Asked:
    """What is not simulated itself but goes with an outcome that is."""
    return Asked(document, asks_for, ATTACHED, answers, says)


def out_of_scope(document: str, asks_for: str, says: str) -> Asked:
    """What the model does not tell, and why."""
    return Asked(document, asks_for, OUT_OF_SCOPE, (), says)


BY_LOCALITY = 'Split with by=("locality",); the results have a table of localities.'
JUDGED = "Judged by people who read cases or ask families; a log of stays holds no such judgement."

ASKED_FOR: tuple[Asked, ...] = (
    simulated(STOCKPORT, "Families screened", "screened", "screened_below_threshold"),
    simulated(
        STOCKPORT,
        "CAF and universal recommendations",
        "screened_to_early_help",
        "screened_to_universal",
    ),
    simulated(
        STOCKPORT,
        "20 working day limit for CAF recommendations",
        "early_help_offers_within_20_share",
    ),
    simulated(
        STOCKPORT,
        "Uptake of the universal service offer",
        "universal_taken_up",
        "universal_uptake_share",
        says="The document measured it but does not state it: what is put in is an assumption.",
    ),
    out_of_scope(
        STOCKPORT,
        "Satisfaction with that service",
        "The log knows who took an offer up, not what they thought of it; no figure is stated.",
    ),
    simulated(STOCKPORT, "Primary presenting issues", "screened_issue_*"),
    out_of_scope(
        STOCKPORT,
        "Secondary presenting issues",
        "A family has one presenting issue in the model: only the total of each issue is"
        " published, not which go together.",
    ),
    simulated(STOCKPORT, "Referral source", "screened_from_*"),
    simulated(
        STOCKPORT,
        "Successful step-down from social care by CAF and team around the child",
        "step_downs*",
        "assessed_to_early_help",
        says="Successful: no referral and no child's care within 12 months; those too recent to"
        " tell are kept apart.",
    ),
    simulated(
        STOCKPORT,
        "Fewer inappropriate referrals to social care",
        "inappropriate_referral*",
        "referrals_assessed_share",
        says="The share assessed was national indicator 68, which began the work.",
    ),
    simulated(
        STOCKPORT,
        "Earlier identification, more use of CAF and team around the child",
        "early_help_started",
        "early_help_started_level_*",
        "early_help_assessments",
    ),
    simulated(
        STOCKPORT,
        "Fewer children presenting for the first time with high end need",
        "first_presentations*",
    ),
    out_of_scope(STOCKPORT, "Professional judgement, CAF champions, information sharing", JUDGED),
    simulated(
        SEFTON_PATHWAY,
        "Volume of child protection plans",
        "child_protection_plans_*",
        "repeat_plan*",
    ),
    simulated(
        SEFTON_PATHWAY,
        "Smoother transitions between the tiers of support",
        "step_downs*",
        "early_help_step_up*",
    ),
    out_of_scope(
        SEFTON_PATHWAY,
        "A series of data and performance indicators",
        "The document names none of them.",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Uptake of the early help offer",
        "early_help_accepted",
        "early_help_uptake_share",
        says=BY_LOCALITY,
    ),
    simulated(
        SEFTON_STRATEGY,
        "Increase in early help assessments and referrals",
        "early_help_assessments",
        "early_help_offers",
        "referrals",
    ),
    simulated(
        SEFTON_STRATEGY, "Fewer inappropriate referrals to social care", "inappropriate_referral*"
    ),
    simulated(
        SEFTON_STRATEGY,
        "Decrease in stepping up",
        "early_help_step_up*",
        "early_help_wait_escalations",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Timeliness of referrals",
        "referrals_within_1_day_share",
        "screened_within_1_day_share",
        "measures.timeliness",
    ),
    simulated(SEFTON_STRATEGY, "Length of time on a plan", "early_help_plan_days_*"),
    simulated(
        SEFTON_STRATEGY,
        "Timeliness of referral to assessment, drift",
        "early_help_offer_to_allocation_working_days_mean",
        "referral_to_assessment_working_days_mean",
        "assessments_within_45_share",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Allocation timeliness",
        "early_help_wait_working_days_*",
        "early_help_waiting",
        "assessment_wait_working_days_mean",
        "unallocated_families",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Categorising of need",
        "early_help_started_level_*",
        says='Any count splits by level of need or by issue: by=("need", "issue").',
    ),
    simulated(
        SEFTON_STRATEGY,
        "Appropriateness of lead practitioners",
        "early_help_led_by_*",
        "early_help_started_by_partners_share",
        says="Of the council or of a partner; which profession at a partner is not known, and"
        " whether it suits the family is judged by people.",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Lead practitioner load, caseload per worker",
        "early_help_led_by_*",
        "cases_held",
        "measures.caseload",
        says="The log holds no number of workers: the table takes it and gives cases for each.",
    ),
    simulated(
        SEFTON_STRATEGY,
        "Early help assessments, and families with a team around the family, in the last 12 months",
        "early_help_assessments_in_12_months",
        "team_around_family_in_12_months",
    ),
    out_of_scope(
        SEFTON_STRATEGY,
        "Education, health and care plans",
        "Decided by another service, and no figure was found that ties them to this pathway;"
        " disabled children in need are counted.",
    ),
    out_of_scope(
        SEFTON_STRATEGY,
        "Two-year-old offer, activity and weight of young children, the word gap",
        "What happens to families before any contact is outside the pathway; no figure was found"
        " that ties these to a later contact.",
    ),
    out_of_scope(
        SEFTON_STRATEGY,
        "A&E attendances",
        "How many more attendances children in need have was not found: the price of one is kept"
        " and counted nowhere.",
    ),
    attached(
        SEFTON_STRATEGY,
        "Young offenders",
        "looked_after",
        says="Offences are not simulated. What they cost partners goes with time looked after;"
        " before care, and in custody, no share was found.",
    ),
    attached(
        SEFTON_STRATEGY,
        "Exploitation",
        "screened_issue_missing_from_home",
        says="Not simulated. Missing from home is the nearest presenting issue, and no more than"
        " a sign of it.",
    ),
    out_of_scope(
        SEFTON_STRATEGY,
        "Health indicators, commissioning, bullying",
        "No stage of the pathway and no figure that ties them to one.",
    ),
    out_of_scope(
        SEFTON_STRATEGY,
        "Satisfaction of families and partners, Outcome Star",
        JUDGED,
    ),
    simulated(
        OUTCOMES_FRAMEWORK,
        "Outcomes by presenting need at closure",
        "early_help_plans_ended_*",
        "early_help_outcomes_met_*",
        says="Counts; a share is one over the other.",
    ),
    attached(
        OUTCOMES_FRAMEWORK,
        "Ten headline outcomes",
        "early_help_outcomes_met_*",
        says="Which of the ten was reached is not simulated: a plan closes with outcomes met, or"
        " does not.",
    ),
    simulated(
        OUTCOMES_FRAMEWORK,
        "Rebalancing demand in children's services",
        "contacts",
        "referrals",
        "children_in_need",
        "looked_after",
    ),
    out_of_scope(
        OUTCOMES_FRAMEWORK,
        "Validated outcome measures",
        "Scores of questionnaires, which are filled in with families.",
    ),
    simulated(
        FAMILIES_FIRST,
        "How caseloads flow within neighbourhoods",
        "family_help_open",
        "early_help_open",
        "measures.flows",
        "measures.caseload",
        says=BY_LOCALITY,
    ),
    simulated(
        FAMILIES_FIRST,
        "Timeliness",
        "referrals_within_1_day_share",
        "assessments_within_45_share",
        "initial_conferences_within_15_share",
    ),
    simulated(
        FAMILIES_FIRST,
        "Progression",
        "contacts_to_referral_share",
        "referrals_assessed_share",
        "section_47_to_conference_share",
        "conference_to_plan_share",
    ),
    simulated(
        FAMILIES_FIRST,
        "Demand",
        "contacts",
        "first_presentations",
        "referrals",
        "section_47_enquiries",
    ),
    simulated(
        FAMILIES_FIRST,
        "Strategy meetings",
        "strategy_meetings",
        says="Only those that led to an enquiry: no figure was found for the others.",
    ),
    simulated(
        FAMILIES_FIRST,
        "Alignment with national outcomes: help that lasts",
        "rereferral_share",
        "repeat_plan_share",
        "reentry_share",
    ),
    out_of_scope(
        FAMILIES_FIRST,
        "Family experience, relational practice, practitioner confidence",
        JUDGED,
    ),
)
