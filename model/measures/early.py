"""The measures of the front door and of early help, counted by family.

What each counts, in plain words, and what a council's own return calls it. Names are those of
`parameters/published.csv` where a published figure exists. Limits written here (one and 20
working days, 24 months) belong to the definitions of the statistics and are no parameters.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, Ended, Open, Share, Sum, stages
from model.measures.longer_countings import FollowedUp, Waited
from model.measures.record import Measure
from model.measures.tallies import CHILDREN, FAMILIES

MINUTES_PER_HOUR = 60
TWENTY_FOUR_MONTHS_DAYS = 730


HELP = stages("early_help_assessment", "early_help_plan")

FRONT_DOOR = (
    Measure(
        "contacts",
        "Contacts with the council about a family, those that come back included.",
        "contacts in period",
        FAMILIES,
        "starts of contact",
        INSPECTION,
        "Annex A list 1",
        Began(stages("contact")),
    ),
    Measure(
        "screened",
        "Contacts on which a screening officer has decided.",
        "contacts in period",
        FAMILIES,
        "ends of screening",
        STOCKPORT,
        "Annex A list 1",
        Completed("screening"),
    ),
    Measure(
        "screened_to_early_help",
        "Contacts screened with the recommendation of early help.",
        "contacts in period",
        FAMILIES,
        "screening ended with early_help_recommendation",
        STOCKPORT,
        "none",
        Completed("screening", ("early_help_recommendation",)),
    ),
    Measure(
        "screened_to_universal",
        "Contacts screened with the recommendation of universal services.",
        "contacts in period",
        FAMILIES,
        "screening ended with universal_recommendation",
        STOCKPORT,
        "none",
        Completed("screening", ("universal_recommendation",)),
    ),
    Measure(
        "screened_already_open",
        "Contacts screened that joined a plan already open.",
        "contacts in period",
        FAMILIES,
        "screening ended with already_open",
        STOCKPORT,
        "none",
        Completed("screening", ("already_open",)),
    ),
    Measure(
        "screened_within_1_day_share",
        "Contacts decided on by the end of the next working day, of all decided on.",
        "share of contacts screened in period",
        FAMILIES,
        "ends of screening",
        WORKING_TOGETHER,
        "none",
        Share(Completed("screening", within_working_days=1), Completed("screening")),
    ),
    Measure(
        "screening_wait_hours_mean",
        "Hours by the clock from arrival to an officer taking it up, on average.",
        "hours",
        FAMILIES,
        "screening, from start to served",
        OURS,
        "none",
        Waited("screening", "mean", MINUTES_PER_HOUR),
    ),
    Measure(
        "screening_wait_hours_p90",
        "Hours by the clock within which nine in ten contacts are taken up by an officer.",
        "hours",
        FAMILIES,
        "screening, from start to served",
        OURS,
        "none",
        Waited("screening", "p90", MINUTES_PER_HOUR),
    ),
)

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
        Sum(
            (
                Completed("early_help_assessment", ("step_up",)),
                Completed("early_help_plan", ("step_up",)),
            )
        ),
    ),
    Measure(
        "early_help_offers_within_20_share",
        "Offers of early help settled within 20 working days, of all settled.",
        "share of offers settled in period",
        FAMILIES,
        "ends of early_help_offer",
        STOCKPORT,
        "none",
        Share(Completed("early_help_offer", within_working_days=20), Completed("early_help_offer")),
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
        NATIONAL_EVALUATION,
        "none",
        Share(
            FollowedUp("early_help_plan", TWENTY_FOUR_MONTHS_DAYS, "looked_after"),
            FollowedUp("early_help_plan", TWENTY_FOUR_MONTHS_DAYS),
            per=100,
        ),
    ),
)
