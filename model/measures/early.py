"""The measures of early help, counted by family.

What each counts, in plain words, and what a council's own return calls it. Names are those of
`parameters/published.csv` where a published figure exists. Limits written here (20 working days,
24 months) belong to the definitions of the statistics and are no parameters.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, Ended, Open, Share, Sum, stages
from model.measures.definitions import (
    INSPECTION,
    SEFTON_STRATEGY,
    STOCKPORT,
    TROUBLED_FAMILIES,
)
from model.measures.followed import InLastYear, ThereInLastYear
from model.measures.longer_countings import FollowedUp, Lasted, Waited
from model.measures.parts import Having
from model.measures.record import Measure
from model.measures.tallies import CHILDREN, FAMILIES

TWENTY_FOUR_MONTHS_DAYS = 730

HELP = stages("early_help_assessment", "early_help_plan")
STEP_UPS = Sum(
    (
        Completed("early_help_assessment", ("step_up",)),
        Completed("early_help_plan", ("step_up",)),
    )
)
OFFERS = Completed("early_help_offer")
ACCEPTED = Completed("early_help_offer", ("accepted",))
BY_PARTNERS = ("partner",)

EARLY_HELP = (
    Measure(
        "early_help_started",
        "Families whose early help began: a lead practitioner took them on.",
        "families in period",
        FAMILIES,
        "starts of early_help_assessment or early_help_plan",
        SEFTON_STRATEGY,
        "Annex A list 2",
        Began(HELP),
    ),
    Measure(
        "early_help_ended",
        "Families whose early help ended, in whatever way.",
        "families in period",
        FAMILIES,
        "ends of early_help_assessment or early_help_plan",
        INSPECTION,
        "Annex A list 2",
        Ended(HELP),
    ),
    Measure(
        "early_help_open",
        "Families with early help at the end of the period.",
        "families at end of period",
        FAMILIES,
        "early_help_assessment + early_help_plan",
        INSPECTION,
        "Annex A list 2",
        Open(HELP),
    ),
    Measure(
        "early_help_step_ups",
        "Families who stepped up from early help to a referral.",
        "families in period",
        FAMILIES,
        "early_help_assessment and early_help_plan ended with step_up",
        SEFTON_STRATEGY,
        "none",
        STEP_UPS,
    ),
    Measure(
        "early_help_offers_within_20_share",
        "Offers of early help settled within 20 working days, of all settled.",
        "share of offers settled in period",
        FAMILIES,
        "ends of early_help_offer",
        STOCKPORT,
        "none",
        Share(Completed("early_help_offer", within_working_days=20), OFFERS),
    ),
    Measure(
        "early_help_waiting",
        "Families who accepted early help and wait for a lead practitioner.",
        "families at end of period",
        FAMILIES,
        "early_help_wait",
        SEFTON_STRATEGY,
        "none",
        Open(stages("early_help_wait")),
    ),
    Measure(
        "early_help_wait_working_days_mean",
        "Working days that allocated families had waited for a lead practitioner, on average.",
        "working days",
        FAMILIES,
        "early_help_wait ended with allocated",
        SEFTON_STRATEGY,
        "none",
        Waited("early_help_wait", "mean"),
    ),
    Measure(
        "early_help_wait_working_days_median",
        "Working days within which half of the allocated families got a lead practitioner.",
        "working days",
        FAMILIES,
        "early_help_wait ended with allocated",
        SEFTON_STRATEGY,
        "none",
        Waited("early_help_wait", "median"),
    ),
    Measure(
        "early_help_wait_working_days_p90",
        "Working days within which nine in ten allocated families got a lead practitioner.",
        "working days",
        FAMILIES,
        "early_help_wait ended with allocated",
        SEFTON_STRATEGY,
        "none",
        Waited("early_help_wait", "p90"),
    ),
    Measure(
        "care_entry_within_24_months_per_100_children_in_early_help",
        "Of 100 children whose early help plan began in the period, and at least 24 months before"
        " the run's end, those who entered care within 24 months.",
        "children entering care per 100 children",
        CHILDREN,
        "starts of early_help_plan, followed to a start of looked_after",
        TROUBLED_FAMILIES,
        "none",
        Share(
            FollowedUp("early_help_plan", TWENTY_FOUR_MONTHS_DAYS, "looked_after"),
            FollowedUp("early_help_plan", TWENTY_FOUR_MONTHS_DAYS),
            per=100,
        ),
    ),
    Measure(
        "early_help_offers",
        "Families referred to early help, whichever way they came; each is made an offer.",
        "families in period",
        FAMILIES,
        "starts of early_help_offer",
        SEFTON_STRATEGY,
        "none",
        Began(stages("early_help_offer")),
    ),
    Measure(
        "early_help_accepted",
        "Families who accepted the offer of early help.",
        "families in period",
        FAMILIES,
        "early_help_offer ended with accepted",
        SEFTON_STRATEGY,
        "none",
        ACCEPTED,
    ),
    Measure(
        "early_help_uptake_share",
        "Offers of early help that families accepted, of all settled.",
        "share of offers settled in period",
        FAMILIES,
        "early_help_offer ended with accepted",
        SEFTON_STRATEGY,
        "none",
        Share(ACCEPTED, OFFERS),
    ),
    Measure(
        "early_help_assessments",
        "Early help assessments completed, whatever came of them.",
        "assessments completed in period",
        FAMILIES,
        "ends of early_help_assessment",
        SEFTON_STRATEGY,
        "Annex A list 2",
        Completed("early_help_assessment"),
    ),
    Measure(
        "early_help_assessments_in_12_months",
        "Early help assessments completed in the 12 months up to the end of the period; in the"
        " first 12 months of a run, since it started.",
        "assessments in 12 months",
        FAMILIES,
        "ends of early_help_assessment",
        SEFTON_STRATEGY,
        "Annex A list 2",
        InLastYear(Completed("early_help_assessment")),
    ),
    Measure(
        "team_around_family_in_12_months",
        "Families with a team around the family at any time in the 12 months up to the end of the"
        " period, each once; those that had one only before the run started are not known.",
        "families in 12 months",
        FAMILIES,
        "early_help_plan",
        SEFTON_STRATEGY,
        "none",
        ThereInLastYear(stages("early_help_plan")),
    ),
    Measure(
        "early_help_offer_to_allocation_working_days_mean",
        "Working days from the offer of early help to a lead practitioner who begins the"
        " assessment, on average. Families waiting when the run started count from when they"
        " accepted.",
        "working days",
        FAMILIES,
        "early_help_wait ended with allocated, from the start of early_help_offer",
        SEFTON_STRATEGY,
        "none",
        Lasted("early_help_wait", "mean", ("allocated",), clock_from="early_help_offer"),
    ),
    Measure(
        "early_help_plan_days_mean",
        "Calendar days that early help plans had lasted when they ended, on average. Plans that"
        " still go on are not in it, so it is short where plans have lately begun.",
        "days",
        FAMILIES,
        "ends of early_help_plan",
        SEFTON_STRATEGY,
        "none",
        Lasted("early_help_plan", "mean", in_calendar_days=True),
    ),
    Measure(
        "early_help_plan_days_median",
        "Calendar days within which half of the early help plans that ended had ended.",
        "days",
        FAMILIES,
        "ends of early_help_plan",
        SEFTON_STRATEGY,
        "none",
        Lasted("early_help_plan", "median", in_calendar_days=True),
    ),
    Measure(
        "early_help_led_by_council",
        "Families with early help whose lead practitioner is a key worker of the council.",
        "families at end of period",
        FAMILIES,
        "early_help_assessment + early_help_plan, lead council",
        SEFTON_STRATEGY,
        "Annex A list 2, organisation completing the assessment",
        Having(Open(HELP), "lead", ("council",)),
    ),
    Measure(
        "early_help_led_by_partners",
        "Families with early help whose lead practitioner works for a partner.",
        "families at end of period",
        FAMILIES,
        "early_help_assessment + early_help_plan, lead partner",
        SEFTON_STRATEGY,
        "Annex A list 2, organisation completing the assessment",
        Having(Open(HELP), "lead", BY_PARTNERS),
    ),
    Measure(
        "early_help_started_by_partners_share",
        "Families whose early help began with a lead practitioner of a partner, of all whose early"
        " help began.",
        "share of families in period",
        FAMILIES,
        "starts of early_help_assessment or early_help_plan, lead partner",
        SEFTON_STRATEGY,
        "Annex A list 2, organisation completing the assessment",
        Share(Having(Began(HELP), "lead", BY_PARTNERS), Began(HELP)),
    ),
)
