"""The tables of the children in need statistics, and what of ours each gives.

Column names are the Department for Education's, of its releases to March 2025. It reads nothing.
"""

from __future__ import annotations

from model.returns.published_layouts import DFE, PLACE, Figure, Layout, bands, each, share

TITLE = "Characteristics of children in need: {before} to {latest}"
MONTHS = {
    "3_months_or_less": "0_3m",
    "more_than_3_months_6_months": "3_6m",
    "more_than_6_months_less_than_1_year": "6_12m",
    "1_year_less_than_2_years": "1_2y",
}
OPEN_BANDS = {end: column for column, end in MONTHS.items()}
IN_NEED_BANDS = {**OPEN_BANDS, "2y_plus": "2years+"}
PLAN_BANDS = {**OPEN_BANDS, "2y_plus": "2_years_or_more"}
ASSESSMENT_BANDS = {
    "same_day": "Same_day",
    "1_10": "1-10_days",
    "11_20": "11-20_days",
    "21_30": "21-30_days",
    "31_40": "31-40_days",
    "41_45": "41-45_days",
    "46_50": "46-50_days",
    "51_60": "51-60_days",
    "61_plus": "61+_days",
}
WITHIN_45 = tuple(list(ASSESSMENT_BANDS.values())[:6])
SOURCES = {
    "police": "Police",
    "schools": "Schools",
    "education_services": "Education_Services",
    "health": "Health_Services",
    "individual": "Individual",
    "la_services": "LA_Services",
    "housing": "Housing",
    "other_legal_agency": "Other_legal_agency",
    "other": "Other",
    "anonymous": "Anonymous",
    "unknown": "Unknown",
}
CALENDAR = [
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
]
EPISODES = "open episodes at 31 March"
EVERY_EPISODE = (
    "all open statutory episodes of need, including children on protection plans, looked after"
    " and care leavers"
)


def in_need(table: str, needed: tuple[str, ...], figures: list[Figure]) -> Layout:
    """A wide table of the children in need statistics."""
    return Layout(table, TITLE, DFE, (*PLACE, *needed), tuple(figures))


REFERRALS = in_need(
    "c1_children_in_need_referrals_and_rereferrals",
    ("referral_count", "rereferral_count", "no_further_action_count", "not_in_need_count"),
    [
        each("referrals", "referrals in year", "referral_count"),
        each("rereferrals", "referrals in year", "rereferral_count"),
        each("referrals_no_further_action", "referrals in year", "no_further_action_count"),
        each("referrals_not_in_need", "referrals in year", "not_in_need_count"),
        share(
            "rereferral_share",
            "share of referrals in year",
            ("rereferral_count",),
            "referral_count",
            "re-referrals within 12 months of a previous referral, divided by all referrals",
        ),
    ],
)
ASSESSMENTS = in_need(
    "c2_children_in_need_assessments_duration",
    ("Assessments_completed", *ASSESSMENT_BANDS.values()),
    [
        each("assessments", "assessments completed in year", "Assessments_completed"),
        *bands(
            "assessment_band_share",
            "share of assessments completed in year",
            ASSESSMENT_BANDS,
            "Assessments_completed",
            "working days from referral to completion of assessment",
        ),
        share(
            "assessments_within_45_share",
            "share of assessments completed in year",
            WITHIN_45,
            "Assessments_completed",
            "sum of the published bands up to 45 working days over all assessments",
        ),
    ],
)
EPISODE_COUNTS = in_need(
    "b1_children_in_need",
    ("Started_episodes", "Ended_episodes", "At31_episodes", "awaiting_assessment"),
    [
        each("children_in_need", EPISODES, "At31_episodes", EVERY_EPISODE),
        each("children_in_need_started", "episodes starting in year", "Started_episodes"),
        each("children_in_need_ended", "episodes ending in year", "Ended_episodes"),
    ],
)
PRIMARY_NEED = in_need(
    "b3_cin_primary_need",
    ("At31_episodes", "N1_Abuse_or_neglect", "N2_Childs_disability_or_illness"),
    [
        each(
            "disabled_children_in_need",
            EPISODES,
            "N2_Childs_disability_or_illness",
            "primary need N2, child's disability or illness; not the count of children with a"
            " recorded disability",
        )
    ],
)
OPEN_FOR = in_need(
    "b4_children_in_need_duration_of_open_episode",
    ("At31_episodes", *IN_NEED_BANDS.values()),
    [
        *bands(
            "children_in_need_open_band_share",
            "share of open episodes at 31 March",
            IN_NEED_BANDS,
            "At31_episodes",
            "time since the episode started",
        ),
        share(
            "children_in_need_open_over_2_years_share",
            "share of open episodes at 31 March",
            ("2years+",),
            "At31_episodes",
            "same value as the band of 2 years or more",
        ),
    ],
)
ENDED_AFTER = in_need(
    "b5_children_in_need_duration_of_ended_episode",
    ("Ended_episodes", *IN_NEED_BANDS.values()),
    bands(
        "children_in_need_ended_band_share",
        "share of episodes ending in year",
        IN_NEED_BANDS,
        "Ended_episodes",
        "length of episodes that ended",
    ),
)
IN_NEED_PLANS = in_need(
    "b7_child_in_need_plans",
    ("CINPlan_start", "CINPlan_end", "CINPlan_At31"),
    [
        each("child_in_need_plans_open", "plans open at 31 March", "CINPlan_At31"),
        each("child_in_need_plans_started", "plans starting in year", "CINPlan_start"),
        each("child_in_need_plans_ended", "plans ending in year", "CINPlan_end"),
    ],
)
ENQUIRIES = in_need(
    "c4_children_in_need_section_47s_and_icpcs",
    ("Section47", "ICPC", "Duration_0-10_days", "Duration_11-15_days"),
    [
        each("section_47_enquiries", "enquiries starting in year", "Section47"),
        each("initial_conferences", "initial child protection conferences in year", "ICPC"),
        share(
            "initial_conferences_within_15_share",
            "share of initial conferences in year",
            ("Duration_0-10_days", "Duration_11-15_days"),
            "ICPC",
            "within 15 working days of the strategy discussion; the bands of 0 to 10 and 11"
            " to 15 days over all conferences",
        ),
    ],
)
PROTECTION_PLANS = in_need(
    "d1_child_protection_plans",
    ("CPP_start", "CPP_end", "CPP_At31"),
    [
        each("child_protection_plans_started", "plans starting in year", "CPP_start"),
        each("child_protection_plans_ended", "plans ending in year", "CPP_end"),
        each("child_protection_plans_open", "plans open at 31 March", "CPP_At31"),
    ],
)
SECOND_PLANS = in_need(
    "d3_cpps_subsequent_plan",
    ("CPP_start", "CPP_subsequent"),
    [
        share(
            "second_plan_share",
            "share of plans starting in year",
            ("CPP_subsequent",),
            "CPP_start",
            "second or subsequent plan ever for the child",
        ),
        each("child_protection_plans_started", "plans starting in year", "CPP_start"),
    ],
)
PLANS_OPEN_FOR = in_need(
    "d5_cpps_at31march_by_duration",
    ("CPP_At31", *PLAN_BANDS.values()),
    [
        *bands(
            "child_protection_open_band_share",
            "share of plans open at 31 March",
            PLAN_BANDS,
            "CPP_At31",
            "time since the plan started",
        ),
        each("child_protection_plans_open", "plans open at 31 March", "CPP_At31"),
    ],
)
PLANS_ENDED_AFTER = in_need(
    "d7_cpps_ending_by_duration",
    ("CPP_End", *PLAN_BANDS.values()),
    [
        *bands(
            "child_protection_ended_band_share",
            "share of plans ending in year",
            PLAN_BANDS,
            "CPP_End",
            "length of plans that ended",
        ),
        each("child_protection_plans_ended", "plans ending in year", "CPP_End"),
    ],
)
BY_SOURCE = in_need(
    "c5_children_in_need_referrals_by_source",
    ("Referrals", "Police", "Schools", "Health_Services", "Anonymous"),
    bands("referral_source_share", "share of referrals in year", SOURCES, "Referrals", ""),
)
BY_MONTH = in_need(
    "c6_children_in_need_referrals_by_month",
    ("Referrals", *CALENDAR),
    [each(f"referral_month_count_{m.lower()}", "referrals in month", m) for m in CALENDAR],
)

IN_NEED_TABLES = (
    REFERRALS,
    ASSESSMENTS,
    EPISODE_COUNTS,
    PRIMARY_NEED,
    OPEN_FOR,
    ENDED_AFTER,
    IN_NEED_PLANS,
    ENQUIRIES,
    PROTECTION_PLANS,
    SECOND_PLANS,
    PLANS_OPEN_FOR,
    PLANS_ENDED_AFTER,
    BY_SOURCE,
    BY_MONTH,
)
