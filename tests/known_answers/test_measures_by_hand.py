"""A small council whose every number can be counted on the fingers.

April 2025 to March 2027. Five families and a child on their own:

* family 1 was on a child in need plan at the start, two children, and leaves on day 40;
* family 2 has a child looked after at the start, who turns 18 on day 400;
* family 100 makes contact, is referred, assessed in 30 working days, found in need; its second
  child enters care on day 200, is moved on day 250 and comes home on day 300;
* family 101 makes contact, gets early help, steps up, and is referred again within a year;
* family 102 goes from referral to a section 47 enquiry, a conference and a plan;
* child 103 is an unaccompanied asylum-seeking child.
"""

from __future__ import annotations

import pytest

from model import measures
from tests.unit.hand_logs import calendar_of, log_of, stay

NORTH, SOUTH = {"locality": "North"}, {"locality": "South"}
BOTH = (1, 2)

STORY = log_of(
    [
        stay(1, "child_in_need_plan", 0, 40, "closes", children=BOTH, served_day=0, **NORTH),
        stay(1, "return", 40, children=BOTH, left_from="plan_closed", **NORTH),
        stay(2, "looked_after", 0, 400, "turns_18", child=1, served_day=0, spent=900_000, **SOUTH),
        stay(2, "after_care", 400, child=1, after="care_leaver", **SOUTH),
        # Tuesday 1 April 2025 is day 0. Day 20 is Monday 21 April, Easter Monday.
        stay(100, "contact", 21.5, 21.5, "to_screening", **NORTH),
        stay(100, "screening", 21.5, 21.6, "referral", served_day=21.55, **NORTH),
        stay(100, "referral", 21.6, 22.6, "assessment", children=BOTH, **NORTH),
        stay(
            100, "assessment", 22.6, 64.6, "child_in_need_plan",
            children=BOTH, served_day=24.6, **NORTH,
        ),
        stay(
            100, "child_in_need_plan", 64.6, 200.5, "care_entry",
            children=BOTH, served_day=64.6, **NORTH,
        ),
        stay(
            100, "child_in_need_plan", 200.5, 300.5, "household_changed",
            served_day=200.5, spent=100, **NORTH,
        ),
        stay(
            100, "child_in_need_plan", 300.5, 330.5, "closes",
            children=BOTH, served_day=200.5, reunified="yes", **NORTH,
        ),
        stay(100, "return", 330.5, children=BOTH, left_from="plan_closed", **NORTH),
        stay(
            100, "looked_after", 200.5, 250.5, "moves",
            child=2, served_day=200.5, placement="in_house_foster", **NORTH,
        ),
        stay(
            100, "looked_after", 250.5, 300.5, "returns_home",
            child=2, served_day=250.5, placement="childrens_home", **NORTH,
        ),
        stay(101, "contact", 30.5, 30.5, "early_help_door", **SOUTH),
        stay(101, "early_help_offer", 30.5, 37.5, "accepted", children=BOTH, **SOUTH),
        stay(
            101, "early_help_wait", 37.5, 51.5, "allocated", children=BOTH, served_day=51.5, **SOUTH
        ),
        stay(
            101, "early_help_assessment", 51.5, 72.5, "plan_agreed",
            children=BOTH, served_day=51.5, **SOUTH,
        ),
        stay(
            101, "early_help_plan", 72.5, 100.5, "step_up", children=BOTH, served_day=72.5, **SOUTH
        ),
        stay(101, "referral", 100.5, 101.5, "no_further_action", children=BOTH, **SOUTH),
        stay(101, "return", 101.5, 300.5, "comes_back", left_from="no_further_action", **SOUTH),
        stay(101, "contact", 300.5, 300.5, "to_screening", **SOUTH),
        stay(101, "screening", 300.5, 303.5, "referral", served_day=303.45, **SOUTH),
        stay(101, "referral", 303.5, 304.5, "no_further_action", **SOUTH),
        stay(101, "return", 304.5, left_from="no_further_action", **SOUTH),
        stay(102, "contact", 50.5, 50.5, "to_screening", **SOUTH),
        stay(102, "screening", 50.5, 50.6, "referral", served_day=50.5, **SOUTH),
        stay(102, "referral", 50.6, 50.7, "strategy_discussion", **SOUTH),
        stay(102, "section_47", 50.7, 64.7, "child_protection_plan", served_day=50.7, **SOUTH),
        stay(
            102, "child_protection_plan", 64.7, 264.7, "pre_proceedings", served_day=64.7, **SOUTH
        ),
        stay(102, "pre_proceedings", 264.7, 364.7, "care_entry", served_day=264.7, **SOUTH),
        stay(
            102, "looked_after", 364.7, child=1, served_day=364.7, placement="kinship", **SOUTH
        ),
        stay(102, "care_proceedings", 364.7, 550.7, "completed", child=1, **SOUTH),
        stay(
            103, "looked_after", 120.5, child=1, served_day=120.5,
            stream="asylum_seeking", placement="supported_accommodation", **NORTH,
        ),
    ],
    days=730,
)  # fmt: skip

# measure: year ending March 2026, year ending March 2027
BY_HAND = {
    "contacts": (4, 0),
    "screened": (3, 0),
    "screened_within_1_day_share": (2 / 3, None),  # one took from Monday 26 to Thursday 29 January
    "early_help_started": (1, 0),
    "early_help_ended": (1, 0),
    "early_help_open": (0, 0),
    "early_help_step_ups": (1, 0),
    "early_help_offers_within_20_share": (1, None),
    "early_help_wait_working_days_mean": (10, None),  # 8 to 22 May, no bank holiday between
    "referrals": (2 + 2 + 1 + 1, 0),
    "rereferrals": (1, 0),
    "rereferral_share": (1 / 6, None),
    "referrals_no_further_action": (3, 0),
    "referrals_not_in_need": (0, 0),
    "assessments": (2 + 1, 0),
    "assessments_within_45_share": (1, None),
    "unallocated_families": (0, 0),
    "assessment_wait_working_days_mean": (2, None),
    "child_in_need_plans_started": (2 + 1, 0),  # two at first; one comes home to it
    "child_in_need_plans_ended": (2 + 1 + 2, 0),  # family 1; into care; both at the close
    "child_in_need_plans_open": (0, 0),
    "section_47_enquiries": (1, 0),
    "initial_conferences": (1, 0),
    "initial_conferences_within_15_share": (1, None),
    "child_protection_plans_started": (1, 0),
    "child_protection_plans_ended": (1, 0),
    "child_protection_plans_open": (0, 0),
    "looked_after_started": (3, 0),
    "looked_after_ceased": (1, 1),
    "looked_after": (3, 2),
    "looked_after_change": (2, -1),
    "reentries_to_care": (0, 0),
    "placement_moves": (1, 0),
    "placement_share_foster": (2 / 3, 1 / 2),  # kinship, and code 0 for the child of family 2
    "placement_share_supported": (1 / 3, 1 / 2),
    "asylum_seeking_share": (1 / 3, 1 / 2),
    "asylum_seeking_start_share": (1 / 3, None),
    "care_proceedings_started": (1, 0),
    "care_leavers_supported": (0, 1),
    "children_in_need": (3, 3),
    "children_in_need_started": (2 + 2 + 1 + 1 + 1, 0),
    "children_in_need_ended": (2 + 2 + 2 + 1, 0),
    "cases_held": (3, 2),
    "screened_below_threshold": (0, 0),
    "universal_taken_up": (0, 0),
    "universal_uptake_share": (None, None),
    "contacts_to_referral_share": (1, None),
    "first_presentations": (3, 0),  # the second contact of family 101 is not its first
    "first_presentations_at_high_need": (2, 0),  # 100 and 102 are screened as referrals
    "first_presentations_at_high_need_share": (2 / 3, None),
    "early_help_offers": (1, 0),
    "early_help_accepted": (1, 0),
    "early_help_uptake_share": (1, None),
    "early_help_assessments": (1, 0),
    "early_help_assessments_in_12_months": (1, 0),
    "team_around_family_in_12_months": (1, 0),
    "early_help_offer_to_allocation_working_days_mean": (14, None),  # 1 to 22 May, 5 May off
    "early_help_plan_days_mean": (28, None),
    "early_help_plan_days_median": (28, None),
    "early_help_led_by_council": (0, 0),
    "early_help_led_by_partners": (0, 0),
    "early_help_started_by_partners_share": (0, None),
    "early_help_step_up_share": (1, None),
    "early_help_wait_escalations": (0, 0),
    "assessed_to_early_help": (0, 0),
    "step_downs": (0, 0),
    "step_downs_held_share": (None, None),
    "inappropriate_referrals": (3, 0),
    "inappropriate_referral_share": (3 / 6, None),
    "referrals_assessed_share": (3 / 6, None),
    "referrals_within_1_day_share": (1, None),
    # Wednesday 23 April to Wednesday 4 June, 5 and 26 May off
    "referral_to_assessment_working_days_mean": (29, None),
    "family_help_open": (0, 0),
    "strategy_meetings": (1, 0),
    "section_47_to_conference_share": (1, None),
    "conference_to_plan_share": (1, None),
    "repeat_plans": (0, 0),
    "repeat_plan_share": (0, None),
    "screened_from_police": (3, 0),
    "screened_from_school": (0, 0),
    "screened_issue_domestic_abuse": (3, 0),
    "early_help_started_level_1": (1, 0),
    "early_help_plans_ended_domestic_abuse": (1, 0),
    "early_help_outcomes_met_domestic_abuse": (0, 0),
}


@pytest.fixture(scope="module")
def yearly():
    found = measures.all_measures(STORY, calendar_of(STORY), "statistics_year")
    return found.pivot(index="measure", columns="period", values="value")


@pytest.mark.parametrize("name", BY_HAND)
def test_each_measure_is_what_one_counts_by_hand(yearly, name):
    for year, value in zip(("2026", "2027"), BY_HAND[name], strict=True):
        if value is None:
            assert yearly.isna().loc[name, year]
        else:
            assert yearly.loc[name, year] == pytest.approx(value)


def test_children_at_home_and_in_care_are_one_episode_of_need():
    """The child of family 100 who enters care and comes home was in need all the while."""
    both = measures.measure(
        STORY, calendar_of(STORY), "children_in_need_started", "run", ("locality",)
    )
    assert both.set_index("locality").value.to_dict() == {"North": 2 + 1, "South": 2 + 1 + 1}


def test_care_after_early_help_is_counted_in_children_followed_for_24_months():
    log = log_of(
        [
            stay(100, "early_help_plan", 10, 90, "step_up", children=(1, 2, 3)),
            stay(100, "looked_after", 400, child=2),
            stay(101, "early_help_plan", 20, 50, "outcomes_met"),
            stay(101, "looked_after", 751, child=1),  # 731 days after: too late
            stay(102, "early_help_plan", 400, 450, "outcomes_met"),  # not followed long enough
            stay(1, "early_help_plan", 0, 300, "outcomes_met"),  # began before the run
            stay(1, "looked_after", 310, child=1),
        ],
        days=1000,
    )
    name = "care_entry_within_24_months_per_100_children_in_early_help"
    found = measures.measure(log, calendar_of(log), name, "statistics_year")
    assert found.value.iloc[0] == 25  # one child of four
    assert found.value.isna().tolist() == [False, True, True]
    families = measures.measure(log, calendar_of(log), name, "run", counted_in="families")
    assert families.value.tolist() == [50]


def test_waits_are_told_in_working_days_calendar_days_and_hours():
    """Of ten families, the k-th waits k calendar days from a Monday: see the weekend go by."""
    log = log_of(
        [
            stay(100 + k, "early_help_wait", 6.5, 6.5 + k, "allocated", served_day=6.5 + k)
            for k in range(1, 11)
        ]
        + [stay(200, "early_help_wait", 6.5, 20.5, "disengages", children=(1, 2))],
        days=30,
    )
    found = measures.waits(log, calendar_of(log), period="run").iloc[0]
    assert (found.families, found.families_never_served, found.children_never_served) == (10, 1, 2)
    assert found.mean_calendar_days == 5.5
    assert found.median_hours == 5.5 * 24
    assert found.p90_calendar_days == pytest.approx(9.1)
    # Monday 7 April: 1 2 3 4 then Saturday and Sunday at 4, then 5 6 7 8
    assert found.mean_working_days == pytest.approx((1 + 2 + 3 + 4 + 4 + 4 + 5 + 6 + 7 + 8) / 10)


def test_the_clock_of_an_assessment_starts_with_the_referral():
    """45 working days from Tuesday 1 April 2025, over Easter and two May bank holidays."""
    first_too_late = 69  # 45 working days end on Monday 9 June, day 69
    log = log_of(
        [
            stay(100, "referral", 0.5, 1.5, "assessment"),
            stay(100, "assessment", 1.5, first_too_late + 0.5, "not_in_need", children=(1, 2)),
            stay(101, "referral", 0.5, 1.5, "assessment"),
            stay(101, "assessment", 1.5, first_too_late + 1.5, "not_in_need"),
        ],
        days=100,
    )
    found = measures.timeliness(log, calendar_of(log), {"assessment": 45}, period="run").iloc[0]
    assert (found.families, found.families_within, found.families_share) == (2, 1, 0.5)
    assert (found.children, found.children_within) == (3, 2)
    assert found.children_share == pytest.approx(2 / 3)
