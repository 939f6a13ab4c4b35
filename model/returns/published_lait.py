"""The Local Authority Interactive Tool's long extract, and what of ours it gives.

Its indicators fill the years that the statistics' own tables do not hold. Percentages there are
rounded, and a count that it gives only as a rate is worked back from the population. It reads
nothing.
"""

from __future__ import annotations

from model.returns.published_layouts import DFE, Figure, Layout, each, share

TITLE = "Local authority interactive tool (LAIT)"
CAFCASS = f"Cafcass, published by the {DFE}"
TO_ONE_DECIMAL = "published percentage to one decimal place"
WHOLE = "published as a whole percentage"
FROM_RATE = "count worked back from the published rate per 10,000 and the population"
STARTING, CEASING = "children starting in year", "children ceasing in year"
OF_LOOKED_AFTER = "share of children looked after at 31 March"
IN_CARE = "including unaccompanied asylum-seeking children, excluding short breaks"
CONFERENCES = ("10_ICPC", "15_ICPC", "20_ICPC", "21_ICPC")


def percentage(measure: str, unit: str, indicator: str, note: str = TO_ONE_DECIMAL) -> Figure:
    """A published percentage as a share."""
    return Figure(measure, unit, (indicator,), percent=True, note=note)


def band_shares(prefix: str, unit: str, stem: str) -> list[Figure]:
    """Duration bands published as percentages."""
    ends = {
        "0_3m": "3months",
        "3_6m": "3-6",
        "6_12m": "6-1",
        "1_2y": "1-2",
        "2y_plus": "2more",
    }
    return [percentage(f"{prefix}_{end}", unit, f"{stem}{name}") for end, name in ends.items()]


def weekly(measure: str, indicator: str, note: str) -> Figure:
    """An outturn unit cost, in the prices of its own year."""
    return Figure(measure, "GBP per week, outturn prices of the year", (indicator,), note=note)


FIGURES = (
    each("looked_after", "children at 31 March", "LACnum", IN_CARE),
    each("looked_after_started", STARTING, "LACnum_Start", IN_CARE),
    each("looked_after_ceased", CEASING, "LACceased", IN_CARE),
    percentage(
        "asylum_seeking_start_share", "share of children starting in year", "UASC_%_Starting", WHOLE
    ),
    share("asylum_seeking_share", OF_LOOKED_AFTER, ("Unacc_Asylmn_Seek_Childn",), "LACnum"),
    percentage("placement_share_foster", OF_LOOKED_AFTER, "LAC_Foster_Placements", WHOLE),
    percentage("placement_share_with_parents", OF_LOOKED_AFTER, "LAC_Parents_OR_Others", WHOLE),
    percentage(
        "placement_share_childrens_home", OF_LOOKED_AFTER, "LAC_SecHome_And_ChildHome", WHOLE
    ),
    percentage("placement_share_supported", OF_LOOKED_AFTER, "LAC_Ind_SInd_Liv_Arr", WHOLE),
    percentage(
        "placement_share_other_residential", OF_LOOKED_AFTER, "LAC_Other_Res_Settings", WHOLE
    ),
    percentage("placement_share_other", OF_LOOKED_AFTER, "LAC_Other_Place_Inc_Unreg", WHOLE),
    share("three_or_more_placements_share", OF_LOOKED_AFTER, ("LACStableNum_2016on",), "LACnum"),
    Figure(
        "section_47_enquiries",
        "enquiries starting in year",
        ("Section_47",),
        per_10000=True,
        note=FROM_RATE,
    ),
    Figure(
        "initial_conferences",
        "initial child protection conferences in year",
        CONFERENCES,
        note="sum of the four published duration bands",
    ),
    Figure(
        "initial_conferences_within_15_share",
        "share of initial conferences in year",
        CONFERENCES[:2],
        over=CONFERENCES,
        note="within 15 working days of the strategy discussion",
    ),
    Figure(
        "child_protection_plans_ended",
        "plans ending in year",
        ("DeRegCPR",),
        per_10000=True,
        note=FROM_RATE,
    ),
    percentage(
        "child_protection_ended_band_share_2y_plus", "share of plans ending in year", "CPPlans2yrs"
    ),
    percentage(
        "assessments_within_45_share",
        "share of assessments completed in year",
        "Continue_Assess_Comp",
    ),
    *band_shares(
        "children_in_need_open_band_share", "share of open episodes at 31 March", "CINTime"
    ),
    percentage(
        "children_in_need_open_over_2_years_share",
        "share of open episodes at 31 March",
        "CINTime2more",
    ),
    *band_shares(
        "children_in_need_ended_band_share", "share of episodes ending in year", "CINCease"
    ),
    percentage(
        "referral_source_share_police", "share of referrals in year", "RefBySource_Police_%"
    ),
    percentage("referral_source_share_schools", "share of referrals in year", "RefBySource_Schl_%"),
    percentage(
        "referral_source_share_health", "share of referrals in year", "RefBySource_HealthServ_%"
    ),
    Figure(
        "care_applications_per_10000",
        "care applications per 10,000 children aged 0 to 17",
        ("CareApplications",),
        note="year ending 31 March; the rate, not a count",
        publisher=CAFCASS,
    ),
    weekly("gbp_per_week_looked_after", "LACFinance", "all looked-after services"),
    weekly("gbp_per_week_fostering", "FosteringFinance", "in-house and external together"),
    weekly("gbp_per_week_residential", "RescareFinance", "residential care in all sectors"),
    weekly(
        "gbp_per_week_social_work_per_child_in_need", "SWFinance", "social work and commissioning"
    ),
)
LAIT = Layout(
    "LAIT",
    TITLE,
    DFE,
    ("Short Desc", "Years", "LA and Regions", "Values"),
    FIGURES,
    ("Short Desc",),
    "Values",
)
