"""The measures that the five documents ask for, each in a story counted on the fingers."""

from __future__ import annotations

import math

import pytest

from model import measures
from model.pathway import ATTRIBUTES
from tests.unit.hand_logs import calendar_of, log_of, stay


def values(log, *names, period="run", by=(), counted_in="own"):
    """The value of each measure; with `by`, of each measure and group."""
    table = measures.all_measures(log, calendar_of(log), period, by, names, counted_in)
    return table.set_index(["measure", *by] if by else "measure").value.to_dict()


def yearly(log, name, counted_in="own"):
    """A measure's value in each financial year, in order."""
    table = measures.measure(log, calendar_of(log), name, "financial_year", (), counted_in)
    return table.value.tolist()


# --- screening, uptake, issues, sources -------------------------------------------------------

SCREENING = log_of(
    [
        *(
            stay(100 + k, "screening", 1, 2, "universal_recommendation", uptake=uptake,
                 practice="below_threshold", source="school", issue="neglect")
            for k, uptake in enumerate(["taken_up", "taken_up", "taken_up", "not_taken_up"])
        ),
        stay(110, "screening", 1, 2, "early_help_recommendation", uptake="taken_up",
             practice="below_threshold", source="police", issue="missing_from_home"),
        stay(111, "screening", 1, 2, "referral", children=(1, 2), source="police"),
        stay(112, "screening", 1, 2, "advice_only", source="other", locality="South"),
        stay(113, "screening", 29.5),  # not decided by the end
    ],
    days=30,
)  # fmt: skip


def test_uptake_of_universal_offers_is_of_those_recommended_to_universal_services():
    found = values(SCREENING, "universal_taken_up", "universal_uptake_share")
    assert found == {"universal_taken_up": 3, "universal_uptake_share": 3 / 4}


def test_the_pathways_own_screening_is_told_apart_and_referrals_are_a_share_of_all():
    found = values(SCREENING, "screened", "screened_below_threshold", "contacts_to_referral_share")
    assert list(found.values()) == [7, 5, 1 / 7]
    children = values(SCREENING, "contacts_to_referral_share", counted_in="children")
    assert list(children.values()) == [2 / 8]


def test_issues_and_sources_are_told_of_each_family_screened_and_add_up_to_all():
    issues = values(SCREENING, *(f"screened_issue_{name}" for name in ATTRIBUTES["issue"]))
    assert issues["screened_issue_neglect"] == 4
    assert issues["screened_issue_missing_from_home"] == 1
    assert issues["screened_issue_domestic_abuse"] == 2  # code 0, of those that say none
    assert sum(issues.values()) == 7
    names = [name for name in measures.MEASURES if name.startswith("screened_from_")]
    sources = values(SCREENING, *names)
    assert sources["screened_from_school"] == 4
    assert sources["screened_from_police"] == 2
    assert sources["screened_from_other"] == 1
    assert sum(sources.values()) == 7
    split = values(SCREENING, "screened_from_other", by=("locality",))
    assert split == {("screened_from_other", "North"): 0, ("screened_from_other", "South"): 1}


def test_a_first_presentation_is_of_a_family_that_the_council_did_not_know():
    log = log_of(
        [
            stay(1, "return", 0, 5, "comes_back", need="level_4"),  # known before the run
            stay(1, "contact", 5, 5, "to_screening", need="level_4"),
            stay(100, "contact", 5, 5, "to_screening", need="level_4", children=(1, 2)),
            stay(100, "screening", 5, 6, "advice_only", need="level_4"),
            stay(101, "contact", 5, 5, "to_screening", need="level_2"),
            stay(101, "screening", 5, 6, "referral", need="level_2"),
            stay(102, "contact", 5, 5, "to_screening", need="level_3"),
            stay(102, "screening", 5, 6, "advice_only", need="level_3"),
            stay(102, "return", 6, 20, "comes_back", need="level_4"),
            stay(102, "contact", 20, 20, "to_screening", need="level_4"),
            stay(102, "screening", 20, 21, "referral", need="level_4"),
            stay(103, "contact", 5, 5, "early_help_door", need="level_2"),
            stay(104, "contact", 5, 5, "moved_in_with_protection_plan", need="level_4"),
            stay(105, "looked_after", 5, child=1, stream="asylum_seeking"),
        ],
        days=30,
    )
    found = values(
        log,
        "first_presentations",
        "first_presentations_at_high_need",
        "first_presentations_at_high_need_share",
    )
    assert list(found.values()) == [4, 2, 1 / 2]
    children = values(log, "first_presentations_at_high_need", counted_in="children")
    assert list(children.values()) == [3]


# --- early help -------------------------------------------------------------------------------


def test_uptake_of_early_help_is_of_the_offers_settled():
    log = log_of(
        [
            stay(100, "early_help_offer", 1, 5, "accepted", children=(1, 2, 3)),
            stay(101, "early_help_offer", 1, 5, "declined"),
            stay(102, "early_help_offer", 1, 5, "declined"),
            stay(103, "early_help_offer", 1),
            stay(1, "early_help_offer", 0, 5, "accepted"),  # made before the run
        ],
        days=30,
    )
    names = ("early_help_offers", "early_help_accepted", "early_help_uptake_share")
    assert list(values(log, *names).values()) == [4, 2, 2 / 4]
    assert list(values(log, *names, counted_in="children").values()) == [6, 4, 4 / 6]


def test_families_who_escalate_while_they_wait_have_not_stepped_up_from_early_help():
    log = log_of(
        [
            stay(100, "early_help_wait", 1, 9, "escalates"),
            stay(101, "early_help_assessment", 1, 9, "step_up"),
            stay(102, "early_help_assessment", 1, 9, "disengaged"),
            stay(103, "early_help_assessment", 1, 9, "plan_agreed"),
            stay(103, "early_help_plan", 9, 19, "outcomes_met"),
            stay(104, "early_help_plan", 1, 19, "step_up"),
            stay(105, "early_help_plan", 1),
        ],
        days=30,
    )
    found = values(
        log,
        "early_help_wait_escalations",
        "early_help_step_ups",
        "early_help_step_up_share",
        "early_help_assessments",
    )
    assert list(found.values()) == [1, 2, 2 / 4, 3]


def test_the_last_12_months_count_assessments_each_and_families_once():
    """Assessed on day 10; plans until day 40, and day 100 to 130 again; another from day 200."""
    log = log_of(
        [
            stay(100, "early_help_assessment", 1, 10, "plan_agreed"),
            stay(100, "early_help_plan", 10, 40, "outcomes_met"),
            stay(100, "early_help_plan", 100, 130, "outcomes_met"),
            stay(101, "early_help_assessment", 170, 200, "plan_agreed", children=(1, 2)),
            stay(101, "early_help_plan", 200, children=(1, 2)),
            stay(1, "early_help_plan", 0, 20, "disengaged", locality="South"),
        ],
        days=730,
    )
    assessed = "early_help_assessments_in_12_months"
    assert yearly(log, assessed) == [2, 0]
    assert yearly(log, assessed, "children") == [3, 0]
    helped = "team_around_family_in_12_months"
    assert yearly(log, helped) == [3, 1]
    by_month = measures.measure(log, calendar_of(log), helped, "month").set_index("period").value
    # The plan of family 1 ended on 21 April 2025, that of family 100 on 9 August.
    assert by_month[["2026-03", "2026-04", "2026-07", "2026-08"]].tolist() == [3, 2, 2, 1]
    split = measures.measure(log, calendar_of(log), helped, "financial_year", ("locality",))
    assert split[split.locality == "South"].value.tolist() == [1, 0]


def test_lead_practitioners_are_of_the_council_or_of_a_partner():
    log = log_of(
        [
            stay(1, "early_help_plan", 0, lead="partner"),
            stay(100, "early_help_assessment", 1, 9, "plan_agreed", lead="council"),
            stay(100, "early_help_plan", 9, lead="council", children=(1, 2)),
            stay(101, "early_help_assessment", 1, lead="partner"),
            stay(102, "early_help_assessment", 1, 9, "disengaged", lead="partner"),
            stay(103, "early_help_plan", 5, lead="council"),
        ],
        days=30,
    )
    found = values(
        log,
        "early_help_led_by_council",
        "early_help_led_by_partners",
        "early_help_started_by_partners_share",
        "family_help_open",
    )
    assert list(found.values()) == [2, 2, 2 / 4, 4]
    children = values(log, "early_help_led_by_council", counted_in="children")
    assert list(children.values()) == [3]


def test_the_length_of_plans_is_of_those_that_ended_with_what_was_spent_before_the_run():
    log = log_of(
        [
            stay(100, "early_help_plan", 5, 15, "household_changed"),
            stay(100, "early_help_plan", 15, 25, "outcomes_met", children=(1, 2)),
            stay(101, "early_help_plan", 5, 35, "step_up"),
            stay(1, "early_help_plan", 0, 10, "outcomes_met", spent=90 * 24 * 60),
            stay(102, "early_help_plan", 5),
        ],
        days=60,
    )
    names = ("early_help_plan_days_mean", "early_help_plan_days_median")
    assert list(values(log, *names).values()) == [(20 + 30 + 100) / 3, 30]
    mean = values(log, names[0], counted_in="children")[names[0]]
    assert mean == (20 + 20 + 30 + 100) / 4


def test_the_clock_of_allocation_starts_with_the_offer():
    """The offer on Tuesday 1 April, accepted on Friday 4, allocated on Thursday 10."""
    log = log_of(
        [
            stay(100, "early_help_offer", 0.5, 3.5, "accepted"),
            stay(100, "early_help_wait", 3.5, 9.5, "allocated", served_day=9.5),
            stay(101, "early_help_offer", 0.5, 3.5, "accepted"),
            stay(101, "early_help_wait", 3.5, 20.5, "disengages"),
        ],
        days=30,
    )
    name = "early_help_offer_to_allocation_working_days_mean"
    assert values(log, name) == {name: 7}
    assert values(log, "early_help_wait_working_days_mean") == {
        "early_help_wait_working_days_mean": 4
    }


def test_need_and_outcomes_are_told_by_what_the_family_came_with():
    log = log_of(
        [
            stay(100, "early_help_plan", 1, 9, "outcomes_met", need="level_2", issue="neglect"),
            stay(101, "early_help_plan", 1, 9, "outcomes_met", need="level_3", issue="neglect"),
            stay(102, "early_help_plan", 1, 9, "step_up", need="level_3", issue="neglect"),
            stay(103, "early_help_plan", 1, need="level_3", issue="disability"),
        ],
        days=30,
    )
    levels = values(log, *(f"early_help_started_{name}" for name in ATTRIBUTES["need"]))
    assert list(levels.values()) == [0, 1, 3, 0]
    found = values(
        log,
        "early_help_plans_ended_neglect",
        "early_help_outcomes_met_neglect",
        "early_help_plans_ended_disability",
        "early_help_outcomes_met_disability",
    )
    assert list(found.values()) == [3, 2, 0, 0]


# --- step-down --------------------------------------------------------------------------------


def stepped_down(family, day, **more):
    """A family handed from social care to early help on a day."""
    return stay(family, "step_down", day - 5, day, "early_help", **more)


STEP_DOWNS = log_of(
    [
        stepped_down(100, 10, children=(1, 2)),  # heard of no more
        stepped_down(101, 10, locality="South"),  # referred on the 365th day after
        stay(101, "referral", 375, 376, "no_further_action"),
        stepped_down(102, 10),  # referred on the 366th day after
        stay(102, "referral", 376, 377, "assessment"),
        stepped_down(103, 10),  # a child enters care
        stay(103, "looked_after", 60, child=2),
        stepped_down(104, 600),  # too recent, whatever happens
        stay(104, "referral", 610, 611, "assessment"),
        stepped_down(105, 20),  # a child in care all along, who is moved: no return
        stay(105, "looked_after", 1, 100, "moves", child=2),
        stay(105, "looked_after", 100, child=2),
        stay(106, "step_down", 5, 10, "closed"),  # handed to nobody
        stay(107, "assessment", 5, 10, "early_help", children=(1, 2)),
        stepped_down(108, 366),  # two years less 12 months: two days too late to be followed
    ],
    days=730,
)


def test_a_step_down_held_when_nobody_came_back_within_12_months():
    found = values(
        STEP_DOWNS,
        "step_downs",
        "step_downs_to_early_help",
        "step_downs_held",
        "step_downs_returned",
        "step_downs_too_recent",
        "step_downs_held_share",
        "assessed_to_early_help",
    )
    assert list(found.values()) == [8, 7, 3, 2, 2, 3 / 5, 2]


def test_step_downs_are_split_by_locality_and_told_by_when_they_happened():
    split = values(STEP_DOWNS, "step_downs_held", "step_downs_returned", by=("locality",))
    assert split == {
        ("step_downs_held", "North"): 3,
        ("step_downs_held", "South"): 0,
        ("step_downs_returned", "North"): 1,
        ("step_downs_returned", "South"): 1,
    }
    assert yearly(STEP_DOWNS, "step_downs_held") == [3, 0]
    assert yearly(STEP_DOWNS, "step_downs_held", "children") == [4, 0]
    assert yearly(STEP_DOWNS, "step_downs_too_recent") == [0, 2]
    first, second = yearly(STEP_DOWNS, "step_downs_held_share")
    assert first == 3 / 5 and math.isnan(second)  # the second year cannot be told yet


# --- referrals and protection -----------------------------------------------------------------


def test_inappropriate_referrals_are_those_that_social_care_did_not_take_on():
    log = log_of(
        [
            stay(100, "referral", 1, 2, "no_further_action", children=(1, 2)),
            stay(101, "referral", 1, 2, "assessment"),
            stay(101, "assessment", 2, 9, "not_in_need"),
            stay(102, "referral", 1, 2, "assessment"),
            stay(102, "assessment", 2, 9, "early_help"),
            stay(103, "referral", 1, 2, "strategy_discussion"),
            stay(103, "section_47", 2, 9, "not_substantiated"),
            stay(104, "referral", 1, 4, "assessment"),  # Wednesday to Saturday: too late
            stay(104, "assessment", 4, 9, "section_47"),
            stay(104, "section_47", 9, 19, "not_substantiated"),  # came by an assessment
            stay(105, "referral", 1, 2, "assessment"),
            stay(105, "assessment", 2),  # not settled yet
        ],
        days=30,
    )
    found = values(
        log,
        "inappropriate_referrals",
        "inappropriate_referral_share",
        "referrals_assessed_share",
        "referrals_within_1_day_share",
    )
    assert list(found.values()) == [4, 4 / 6, 5 / 7, 6 / 7]


def test_the_clock_from_referral_to_assessment_is_told_on_average():
    """Tuesday 1 April to Tuesday 8 and to Thursday 10: five and seven working days."""
    log = log_of(
        [
            stay(100, "referral", 0.5, 1.5, "assessment"),
            stay(100, "assessment", 1.5, 7.5, "not_in_need"),
            stay(101, "referral", 0.5, 1.5, "assessment"),
            stay(101, "assessment", 1.5, 9.5, "child_in_need_plan", children=(1, 2, 3)),
        ],
        days=30,
    )
    name = "referral_to_assessment_working_days_mean"
    assert values(log, name) == {name: (5 + 3 * 7) / 4}
    assert values(log, name, counted_in="families") == {name: 6}


def test_enquiries_go_on_to_conferences_and_conferences_to_plans():
    log = log_of(
        [
            stay(100, "section_47", 1, 9, "child_protection_plan", children=(1, 2)),
            stay(101, "section_47", 1, 9, "conference_without_plan"),
            stay(102, "section_47", 1, 9, "child_in_need_plan"),
            stay(103, "section_47", 1, 9, "not_substantiated"),
            stay(104, "section_47", 1),
            stay(1, "section_47", 0, 9, "not_substantiated"),  # its meeting was before the run
        ],
        days=30,
    )
    found = values(
        log,
        "strategy_meetings",
        "section_47_to_conference_share",
        "conference_to_plan_share",
    )
    assert list(found.values()) == [5, 3 / 6, 2 / 3]


def test_a_repeat_plan_is_a_childs_second_and_what_went_on_is_one():
    log = log_of(
        [
            # To pre-proceedings and back is one plan; the second child joins the next one.
            stay(100, "child_protection_plan", 1, 50, "pre_proceedings"),
            stay(100, "pre_proceedings", 50, 60, "diverted"),
            stay(100, "child_protection_plan", 200, 300, "steps_down", children=(1, 2)),
            stay(1, "child_protection_plan", 0, 20, "steps_down"),  # counts as the first
            stay(1, "child_protection_plan", 100, 120, "steps_down"),
            stay(101, "pre_proceedings", 1, 20, "diverted"),  # never on a plan
            stay(101, "child_protection_plan", 40, 50, "steps_down"),
        ],
        days=365,
    )
    found = values(log, "child_protection_plans_started", "repeat_plans", "repeat_plan_share")
    assert list(found.values()) == [1 + 2 + 1 + 1, 2, 2 / 5]
    families = values(log, "repeat_plans", "repeat_plan_share", counted_in="families")
    assert list(families.values()) == [2, 2 / 4]


# --- nothing to share -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name, each in measures.MEASURES.items() if each.kind in ("share", "average")]
)
def test_a_share_of_nothing_is_empty_and_not_nought(name):
    assert math.isnan(values(log_of([], days=30), name)[name])
