"""The measures of child protection: enquiries, conferences and plans, most of them by child.

What each counts, in plain words, and what the children in need census calls it. Names are those
of `parameters/published.csv` where a published figure exists. The limit written here (15 working
days) belongs to the definition of the statistic and is no parameter. Not known: strategy meetings
that led to no enquiry.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, Ended, Open, Share, stages
from model.measures.definitions import FAMILIES_FIRST, IN_NEED_STATISTICS
from model.measures.followed import BeganAgain
from model.measures.record import Measure
from model.measures.tallies import CHILDREN, FAMILIES

PLAN_OF_PROTECTION = stages("child_protection_plan", "pre_proceedings")
PLANS_STARTED = Began(PLAN_OF_PROTECTION, began_in=("child_protection_plan",))
REPEAT_PLANS = BeganAgain(PLAN_OF_PROTECTION, began_in=("child_protection_plan",))
REPEAT_WORDS = (
    "starts of child_protection_plan after an earlier time in child_protection_plan or"
    " pre_proceedings"
)
CONFERENCES = ("child_protection_plan", "conference_without_plan")
CONFERENCES_WORDS = "section_47 ended with child_protection_plan or conference_without_plan"

PROTECTION = (
    Measure(
        "section_47_enquiries",
        "Child protection enquiries that began.",
        "enquiries starting in period",
        CHILDREN,
        "starts of section_47",
        IN_NEED_STATISTICS,
        "CIN census S47ActualStartDate; Annex A list 5",
        Began(stages("section_47")),
    ),
    Measure(
        "initial_conferences",
        "Children about whom an initial child protection conference was held.",
        "initial child protection conferences in period",
        CHILDREN,
        CONFERENCES_WORDS,
        IN_NEED_STATISTICS,
        "CIN census DateOfInitialCPC; Annex A list 5",
        Completed("section_47", CONFERENCES),
    ),
    Measure(
        "initial_conferences_within_15_share",
        "Initial conferences within 15 working days of the strategy discussion, of all held.",
        "share of initial conferences in period",
        CHILDREN,
        CONFERENCES_WORDS,
        IN_NEED_STATISTICS,
        "CIN census DateOfInitialCPC; Annex A list 5",
        Share(
            Completed("section_47", CONFERENCES, within_working_days=15),
            Completed("section_47", CONFERENCES),
        ),
    ),
    Measure(
        "child_protection_plans_started",
        "Child protection plans that began; pre-proceedings are part of the plan that led there.",
        "plans starting in period",
        CHILDREN,
        "starts of child_protection_plan from outside child_protection_plan and pre_proceedings",
        IN_NEED_STATISTICS,
        "CIN census CPPstartDate; Annex A list 7",
        PLANS_STARTED,
    ),
    Measure(
        "child_protection_plans_ended",
        "Child protection plans that ended, pre-proceedings that followed a plan included.",
        "plans ending in period",
        CHILDREN,
        "ends of child_protection_plan + pre_proceedings, begun in child_protection_plan or open"
        " at the start",
        IN_NEED_STATISTICS,
        "CIN census CPPendDate; Annex A list 7",
        Ended(PLAN_OF_PROTECTION, began_in=("child_protection_plan",)),
    ),
    Measure(
        "child_protection_plans_open",
        "Children on a child protection plan, or in pre-proceedings.",
        "plans open at end of period",
        CHILDREN,
        "child_protection_plan + pre_proceedings",
        IN_NEED_STATISTICS,
        "CIN census CPPstartDate and CPPendDate; Annex A list 7",
        Open(PLAN_OF_PROTECTION),
    ),
    Measure(
        "repeat_plans",
        "Child protection plans that are a second or later one for the child. Plans that had ended"
        " before the run started are not known, so early years count too few.",
        "plans starting in period",
        CHILDREN,
        REPEAT_WORDS,
        IN_NEED_STATISTICS,
        "CIN census NumberOfPreviousCPP; Annex A list 7",
        REPEAT_PLANS,
    ),
    Measure(
        "repeat_plan_share",
        "Second or later child protection plans, of all that began. Plans that had ended before the"
        " run started are not known, so early years show too low a share.",
        "share of plans starting in period",
        CHILDREN,
        REPEAT_WORDS,
        IN_NEED_STATISTICS,
        "CIN census NumberOfPreviousCPP; Annex A list 7",
        Share(REPEAT_PLANS, PLANS_STARTED),
    ),
    Measure(
        "strategy_meetings",
        "Strategy meetings about a family that led to an enquiry; those that led to none are not in"
        " the model.",
        "meetings in period",
        FAMILIES,
        "starts of section_47",
        FAMILIES_FIRST,
        "none",
        Began(stages("section_47")),
    ),
    Measure(
        "section_47_to_conference_share",
        "Enquiries that ended in an initial conference, of all that ended.",
        "share of enquiries ending in period",
        CHILDREN,
        CONFERENCES_WORDS,
        FAMILIES_FIRST,
        "CIN census S47ActualStartDate and DateOfInitialCPC; Annex A list 5",
        Share(Completed("section_47", CONFERENCES), Completed("section_47")),
    ),
    Measure(
        "conference_to_plan_share",
        "Initial conferences that ended in a child protection plan, of all held.",
        "share of initial conferences in period",
        CHILDREN,
        "section_47 ended with child_protection_plan",
        FAMILIES_FIRST,
        "CIN census DateOfInitialCPC and CPPstartDate; Annex A list 7",
        Share(
            Completed("section_47", ("child_protection_plan",)),
            Completed("section_47", CONFERENCES),
        ),
    ),
)
