"""Which measures screens and their documents show: what an answer for a screen is made of.

Counting all measures takes longer than simulating; the command line gives every one of them
(`python -m model measure`). A test holds that no picture asks for one that is not here.
"""

from __future__ import annotations

FRONT_DOOR = (
    "contacts",
    "screened",
    "screened_to_early_help",
    "screened_to_universal",
    "screening_wait_hours_p90",
    "screened_within_1_day_share",
    "contacts_to_referral_share",
)
EARLY_HELP = (
    "early_help_offers",
    "early_help_uptake_share",
    "early_help_started",
    "early_help_ended",
    "early_help_open",
    "early_help_waiting",
    "early_help_wait_working_days_median",
    "early_help_wait_working_days_p90",
    "early_help_step_ups",
    "early_help_step_up_share",
    "early_help_led_by_council",
    "early_help_led_by_partners",
    "step_downs",
)
STATUTORY = (
    "referrals",
    "rereferral_share",
    "referrals_no_further_action",
    "inappropriate_referral_share",
    "assessments",
    "assessments_within_45_share",
    "unallocated_families",
    "children_in_need",
    "child_in_need_plans_open",
    "section_47_enquiries",
    "initial_conferences",
    "child_protection_plans_started",
    "child_protection_plans_open",
    "repeat_plan_share",
    "cases_held",
)
CARE = (
    "looked_after_started",
    "looked_after_ceased",
    "looked_after",
    "reentry_share",
    "placement_share_childrens_home",
    "care_leavers_supported",
)
SHOWN = (*FRONT_DOOR, *EARLY_HELP, *STATUTORY, *CARE)
