"""The measures of statutory work: referral, assessment, need, workload.

What each counts, in plain words, and what a council's own return calls it. Most are counted by
child. Names are those of `parameters/published.csv` where a published figure exists. Limits
written here (45 working days, one, 12 months) belong to the definitions of published
statistics and are no parameters.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, Ended, Open, Rows, Share, Sum, stages
from model.measures.definitions import (
    FAMILIES_FIRST,
    IN_NEED_STATISTICS,
    OURS,
    SEFTON_STRATEGY,
    STOCKPORT,
    WORKFORCE_STATISTICS,
)
from model.measures.longer_countings import Held, Lasted, ReReferred, StillWaiting, Waited
from model.measures.record import Measure
from model.measures.tallies import CHILDREN, FAMILIES

IN_NEED_STAGES = (
    "referral",
    "assessment",
    "child_in_need_plan",
    "section_47",
    "child_protection_plan",
    "pre_proceedings",
    "looked_after",
    "step_down",
)
IN_NEED = Rows(IN_NEED_STAGES, also=Rows(("after_care",), "after", ("care_leaver",)))
IN_NEED_WORDS = (
    "referral + assessment + child_in_need_plan + section_47 + child_protection_plan"
    " + pre_proceedings + looked_after + step_down"
)
WITH_LEAVERS_WORDS = f"{IN_NEED_WORDS} + after_care (care leavers)"
DISABLED_IN_NEED = Rows(IN_NEED_STAGES, "stream", ("disabled",))
IN_NEED_PLAN = Rows(("child_in_need_plan",), "stream", ("ordinary", "asylum_seeking"))
PLAN_WORDS = "child_in_need_plan without the disabled children's stream"
SOCIAL_WORK_STAGES = (
    "assessment",
    "child_in_need_plan",
    "section_47",
    "child_protection_plan",
    "pre_proceedings",
    "looked_after",
)


def assessments(within_working_days: int = 0) -> Sum:
    """Assessments completed, if need be within so many working days of the referral."""
    return Sum(
        (
            Completed("assessment", within_working_days=within_working_days),
            Completed(
                "section_47",
                straight_from="referral",
                within_working_days=within_working_days,
            ),
            Completed("reassessment", within_working_days=within_working_days),
        )
    )


NO_FURTHER_ACTION = Completed("referral", ("no_further_action",))
NOT_IN_NEED = Sum(
    (
        Completed("assessment", ("not_in_need",)),
        Completed("section_47", ("not_substantiated",), straight_from="referral"),
    )
)
INAPPROPRIATE = Sum((NO_FURTHER_ACTION, NOT_IN_NEED))
# However it goes on, a referral is settled when it is closed, or assessed, or enquired into.
SETTLED = Sum(
    (
        NO_FURTHER_ACTION,
        Completed("assessment"),
        Completed("section_47", straight_from="referral"),
    )
)
INAPPROPRIATE_WORDS = (
    "referral ended with no_further_action, assessment ended with not_in_need, and section_47"
    " straight from referral ended with not_substantiated"
)
TAKEN_ON = ("assessment", "strategy_discussion")
ASSESSMENTS_WORDS = "ends of assessment, of section_47 straight from referral, and of reassessment"

REFERRAL_AND_ASSESSMENT = (
    Measure(
        "referrals",
        "Children referred to social care.",
        "referrals in period",
        CHILDREN,
        "starts of referral",
        IN_NEED_STATISTICS,
        "CIN census CINreferralDate; Annex A list 3",
        Began(stages("referral")),
    ),
    Measure(
        "rereferrals",
        "Children in referrals whose family was referred before, within 12 months. Families not"
        " referred since before the run started count by the share that most likely was.",
        "referrals in period",
        CHILDREN,
        "starts of referral after an earlier start of referral of the family",
        IN_NEED_STATISTICS,
        "CIN census CINreferralDate; Annex A list 3",
        ReReferred(),
    ),
    Measure(
        "rereferral_share",
        "Re-referrals within 12 months, of all referrals.",
        "share of referrals in period",
        CHILDREN,
        "starts of referral after an earlier start of referral of the family",
        IN_NEED_STATISTICS,
        "CIN census CINreferralDate; Annex A list 3",
        Share(ReReferred(), Began(stages("referral"))),
    ),
    Measure(
        "referrals_no_further_action",
        "Referrals that ended with no further action.",
        "referrals in period",
        CHILDREN,
        "referral ended with no_further_action",
        IN_NEED_STATISTICS,
        "CIN census ReferralNFA",
        NO_FURTHER_ACTION,
    ),
    Measure(
        "referrals_not_in_need",
        "Children found not in need after a referral, by when the assessment or enquiry ended.",
        "referrals in period",
        CHILDREN,
        "assessment ended with not_in_need, and section_47 straight from referral ended with"
        " not_substantiated",
        IN_NEED_STATISTICS,
        "CIN census CINclosureDate, reason RC8",
        NOT_IN_NEED,
    ),
    Measure(
        "inappropriate_referrals",
        "Children referred to social care that it did not take on: no further action, or found not"
        " in need. Those whom an assessment hands to early help are not among them.",
        "referrals in period",
        CHILDREN,
        INAPPROPRIATE_WORDS,
        STOCKPORT,
        "CIN census ReferralNFA, and CINclosureDate with reason RC8",
        INAPPROPRIATE,
    ),
    Measure(
        "inappropriate_referral_share",
        "Referrals that social care did not take on, of all that were settled: closed at once, or"
        " their assessment or enquiry completed.",
        "share of referrals settled in period",
        CHILDREN,
        INAPPROPRIATE_WORDS,
        STOCKPORT,
        "CIN census ReferralNFA, and CINclosureDate with reason RC8",
        Share(INAPPROPRIATE, SETTLED),
    ),
    Measure(
        "referrals_assessed_share",
        "Referrals that went on to an assessment or an enquiry, of all decided on (once national"
        " indicator 68).",
        "share of referrals decided in period",
        CHILDREN,
        "referral ended with assessment or strategy_discussion",
        STOCKPORT,
        "CIN census ReferralNFA",
        Share(Completed("referral", TAKEN_ON), Completed("referral")),
    ),
    Measure(
        "referrals_within_1_day_share",
        "Referrals decided on by the end of the next working day, of all decided on.",
        "share of referrals decided in period",
        CHILDREN,
        "ends of referral",
        SEFTON_STRATEGY,
        "none",
        Share(Completed("referral", within_working_days=1), Completed("referral")),
    ),
    Measure(
        "referral_to_assessment_working_days_mean",
        "Working days from the referral to the completed assessment, on average.",
        "working days",
        CHILDREN,
        "ends of assessment, from the start of referral",
        SEFTON_STRATEGY,
        "CIN census CINreferralDate and AssessmentAuthorisationDate",
        Lasted("assessment", "mean", clock_from="referral"),
    ),
    Measure(
        "assessments",
        "Child and family assessments completed; an enquiry straight from the referral and the"
        " reassessment of an open plan are one each.",
        "assessments completed in period",
        CHILDREN,
        ASSESSMENTS_WORDS,
        IN_NEED_STATISTICS,
        "CIN census AssessmentAuthorisationDate; Annex A list 4",
        assessments(),
    ),
    Measure(
        "assessments_within_45_share",
        "Assessments completed within 45 working days of the referral (of its own start, for a"
        " reassessment), of all completed.",
        "share of assessments completed in period",
        CHILDREN,
        ASSESSMENTS_WORDS,
        IN_NEED_STATISTICS,
        "CIN census AssessmentAuthorisationDate; Annex A list 4",
        Share(assessments(within_working_days=45), assessments()),
    ),
    Measure(
        "unallocated_families",
        "Families in an assessment or on a child in need plan without a social worker.",
        "families at end of period",
        FAMILIES,
        "assessment + child_in_need_plan, not yet served",
        OURS,
        "none",
        StillWaiting(("assessment", "child_in_need_plan")),
    ),
    Measure(
        "assessment_wait_working_days_mean",
        "Working days until an assessment was given a social worker, on average.",
        "working days",
        FAMILIES,
        "assessment, from start to served",
        OURS,
        "none",
        Waited("assessment", "mean"),
    ),
)

IN_NEED_MEASURES = (
    Measure(
        "children_in_need",
        "Children with any statutory episode open: assessed, on a plan of either kind, looked"
        " after, stepping down, or care leavers.",
        "open episodes at end of period",
        CHILDREN,
        WITH_LEAVERS_WORDS,
        IN_NEED_STATISTICS,
        "CIN census, episodes open at 31 March; Annex A list 6",
        Open(IN_NEED),
    ),
    Measure(
        "children_in_need_started",
        "Children for whom a statutory episode began when none was open.",
        "episodes starting in period",
        CHILDREN,
        f"starts of {WITH_LEAVERS_WORDS}, taken as one",
        IN_NEED_STATISTICS,
        "CIN census CINreferralDate",
        Began(IN_NEED),
    ),
    Measure(
        "children_in_need_ended",
        "Children whose last open statutory episode ended.",
        "episodes ending in period",
        CHILDREN,
        f"ends of {WITH_LEAVERS_WORDS}, taken as one",
        IN_NEED_STATISTICS,
        "CIN census CINclosureDate",
        Ended(IN_NEED),
    ),
    Measure(
        "disabled_children_in_need",
        "Children in need by reason of disability (need code N2).",
        "open episodes at end of period",
        CHILDREN,
        f"{IN_NEED_WORDS}; stream disabled",
        IN_NEED_STATISTICS,
        "CIN census PrimaryNeedCode N2",
        Open(DISABLED_IN_NEED),
    ),
    Measure(
        "child_in_need_plans_open",
        "Children on a child in need plan; disabled children with long-term support are counted"
        " apart.",
        "plans open at end of period",
        CHILDREN,
        PLAN_WORDS,
        IN_NEED_STATISTICS,
        "CIN census CINPlanStartDate and CINPlanEndDate",
        Open(IN_NEED_PLAN),
    ),
    Measure(
        "child_in_need_plans_started",
        "Child in need plans that began; one that goes on for those at home when a brother or"
        " sister enters care is not a new plan.",
        "plans starting in period",
        CHILDREN,
        f"starts of {PLAN_WORDS}",
        IN_NEED_STATISTICS,
        "CIN census CINPlanStartDate",
        Began(IN_NEED_PLAN),
    ),
    Measure(
        "child_in_need_plans_ended",
        "Child in need plans that ended, those that went on to an enquiry included.",
        "plans ending in period",
        CHILDREN,
        f"ends of {PLAN_WORDS}",
        IN_NEED_STATISTICS,
        "CIN census CINPlanEndDate",
        Ended(IN_NEED_PLAN),
    ),
)

WORKLOAD = (
    Measure(
        "cases_held",
        "Children whose case a social worker holds; unallocated children are not counted.",
        "cases",
        CHILDREN,
        f"{' + '.join(SOCIAL_WORK_STAGES)}, from served",
        WORKFORCE_STATISTICS,
        "children's social work workforce census, cases held",
        Held("social_workers", SOCIAL_WORK_STAGES),
    ),
    Measure(
        "family_help_open",
        "Families with early help or a child in need plan: those of Family Help, in its locality.",
        "families at end of period",
        FAMILIES,
        "early_help_assessment + early_help_plan + child_in_need_plan",
        FAMILIES_FIRST,
        "none",
        Open(stages("early_help_assessment", "early_help_plan", "child_in_need_plan")),
    ),
)
