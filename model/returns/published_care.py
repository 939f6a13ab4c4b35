"""The tables of looked-after children, social workers and population, and what of ours each gives.

Column names and labels are the Department for Education's, of its releases to March 2025. It
reads nothing.
"""

from __future__ import annotations

from model.returns.published_layouts import DFE, PLACE, Figure, Layout, each, share

TITLE = "Children looked after in England including adoptions: {before} to {latest}"
WORKFORCE = "Children's social work workforce: reporting year {latest}"
ESTIMATES = "Population estimates: mid-year estimates by single year of age"
ONS = "Office for National Statistics"
LONG = (*PLACE, "cla_group", "characteristic", "number")
STARTING, CEASING = "children starting in year", "children ceasing in year"
OF_LOOKED_AFTER = "share of children looked after at 31 March"
WITH_ASYLUM = "including unaccompanied asylum-seeking children"
NO_SHORT_BREAKS = f"{WITH_ASYLUM}, excluding short breaks; as revised in the latest release"
AGES = {
    "under_1": "Under 1 year",
    "1_4": "1 to 4 years",
    "5_9": "5 to 9 years",
    "10_15": "10 to 15 years",
}
OVER_16 = ("16 years", "17 years", "18 years and over")
REASONS = {
    "adopted": "Adopted",
    "died": "Died",
    "special_guardianship": "Special guardianship orders",
    "child_arrangements_order": "Residence order or child arrangement order granted",
    "returned_home_planned": "Returned home to live with parents or other person with parental"
    " responsibility which was part of the care planning process",
    "returned_home_unplanned": "Returned home to live with parents or other person with parental"
    " responsibility which was not part of the care planning process",
    "lived_with_relatives": "Left care to live with parents, relatives or other person with no"
    " parental responsibility",
    "independent_living": "Moved into independent living (with no formalised support)",
    "independent_living_supported": "Moved into independent living (with supportive accommodation)",
    "turned_18_stayed_put": "Aged 18 (or over) and remained with current carers",
    "adult_residential_care": "Transferred to residential care funded by adult social services",
    "sentenced_to_custody": "Sentenced to custody",
    "remand_ended": "Accommodation on remand ended",
    "care_taken_by_another_authority": "Care taken by another local authority",
    "moved_abroad": "Child moved abroad",
    "age_assessed_18_or_over": "Age assessment determined child aged 18 or over",
    "other": "Care ceased for any other reason",
}
PLACEMENTS = {
    "foster": "Foster placements",
    "placed_for_adoption": "Placed for adoption",
    "with_parents": "Placed with parents or other person with parental responsibility",
    "childrens_home": "Secure homes and children's homes",
    "supported": "Independent and semi-independent living arrangements/ supported accommodation",
    "other_residential": "Other residential settings",
    "residential_school": "Residential schools",
    "other": "Other placements",
}
RELATIVES = (
    "Placement / Foster placements inside council boundary with relative or friend",
    "Placement / Foster placements outside council boundary with relative or friend",
)


def long_table(table: str, telling: str, figures: list[Figure]) -> Layout:
    """A long table of groups and characteristics, told by a label that no other has."""
    labels = ("cla_group", "characteristic")
    return Layout(table, TITLE, DFE, LONG, tuple(figures), labels, "number", (telling,))


def age_shares(
    prefix: str, unit: str, group: str, total: str, older: tuple[str, ...]
) -> list[Figure]:
    """Shares by age: the bands under 16, and 16 and over."""
    found = [
        share(f"{prefix}_{end}", unit, (f"{group} / {name}",), f"{group} / {total}")
        for end, name in AGES.items()
    ]
    top = tuple(f"{group} / {name}" for name in older)
    everyone = (f"{group} / {total}",)
    younger = tuple(f"{group} / {name}" for name in AGES.values())
    return [
        *found,
        Figure(f"{prefix}_16_plus", unit, top, over=everyone),
        Figure(
            f"{prefix}_16_plus",
            unit,
            everyone,
            less=younger,
            over=everyone,
            note="total less the bands under 16, because older bands are withheld",
        ),
    ]


NUMBERS = Layout(
    "cla_number_and_rate_per_10k_children",
    TITLE,
    DFE,
    (*PLACE, "population_type", "children_count"),
    (
        each("looked_after_ceased", CEASING, "Children ceasing to be looked after each year"),
        each("looked_after", "children at 31 March", "Children looked after on 31 March each year"),
        each("looked_after_started", STARTING, "Children starting to be looked after each year"),
    ),
    ("population_type",),
    "children_count",
)
CEASED = long_table(
    "la_cla_who_ceased_during_the_year",
    "Reason episode ceased / Adopted",
    [
        *age_shares(
            "care_end_age_share",
            "share of children ceasing in year",
            "Age on ceasing",
            "Total",
            OVER_16,
        ),
        *(
            share(
                f"care_end_age_share_{end}",
                "share of children ceasing in year",
                (f"Age on ceasing / {name}",),
                "Age on ceasing / Total",
                "part of care_end_age_share_16_plus",
            )
            for end, name in zip(("16", "17", "18_plus"), OVER_16, strict=True)
        ),
        *(
            each(f"care_end_reason_count_{end}", CEASING, f"Reason episode ceased / {name}")
            for end, name in REASONS.items()
        ),
    ],
)
STARTED = long_table(
    "la_cla_who_started_to_be_looked_after",
    "Taken into care / All children taken into care",
    [
        *age_shares(
            "care_start_age_share",
            "share of children starting in year",
            "Age group",
            "Total",
            ("16 years and over",),
        ),
        each("taken_into_care", STARTING, "Taken into care / All children taken into care"),
    ],
)
STARTED_NATIONALLY = long_table(
    "national_cla_started_to_be_looked_after",
    "Age on starting / Under 1 year",
    [
        *age_shares(
            "care_start_age_share",
            "share of children starting in year",
            "Age on starting",
            "Total children",
            ("16 years and over",),
        ),
        share(
            "asylum_seeking_start_share",
            "share of children starting in year",
            ("Unaccompanied asylum-seeking children / Unaccompanied asylum-seeking children",),
            "Unaccompanied asylum-seeking children / Total children",
        ),
    ],
)
AT_MARCH = long_table(
    "cla_on_31_march_by_characteristics",
    "Placement / Placed for adoption",
    [
        *(
            share(
                f"placement_share_{end}",
                OF_LOOKED_AFTER,
                (f"Placement / {name}",),
                "Placement / Total children",
            )
            for end, name in PLACEMENTS.items()
        ),
        *age_shares(
            "looked_after_age_share",
            OF_LOOKED_AFTER,
            "Age group",
            "Total children",
            ("16 years and over",),
        ),
        share(
            "kinship_share",
            OF_LOOKED_AFTER,
            RELATIVES,
            "Placement / Total children",
            "foster placements with relatives or friends",
        ),
    ],
)
STABILITY = Layout(
    "la_cla_placement_stability",
    TITLE,
    DFE,
    (*PLACE, "cla_group", "placement_stability", "children_count"),
    (
        share(
            "three_or_more_placements_share",
            OF_LOOKED_AFTER,
            ("CLA on 31 March / With 3 or more placements during the year",),
            "CLA on 31 March / Total children",
        ),
    ),
    ("cla_group", "placement_stability"),
    "children_count",
)
AT_SEPTEMBER = "at 30 September, six months after the 31 March; year is the census year"
SOCIAL_WORKERS = Layout(
    "csww_indicators",
    WORKFORCE,
    DFE,
    (*PLACE, "inpost_fte", "agency_rate_fte", "vacancy_rate_fte", "case_holders_fte", "cases"),
    (
        each("social_workers_fte", "full-time equivalent", "inpost_fte", AT_SEPTEMBER),
        Figure(
            "social_worker_vacancy_share",
            "share of posts, full-time equivalent",
            ("vacancy_rate_fte",),
            percent=True,
            note=AT_SEPTEMBER,
        ),
        Figure(
            "agency_share",
            "share of social workers, full-time equivalent",
            ("agency_rate_fte",),
            percent=True,
            note=AT_SEPTEMBER,
        ),
        each("cases_held", "cases", "cases", AT_SEPTEMBER),
        each(
            "cases_per_social_worker",
            "cases per full-time equivalent case holder",
            "caseload_fte",
            AT_SEPTEMBER,
        ),
        each("case_holders_fte", "full-time equivalent", "case_holders_fte", AT_SEPTEMBER),
    ),
)
POPULATION = Layout(
    "mid-year population estimates, ages 0 to 17",
    ESTIMATES,
    ONS,
    (*PLACE, "age_group", "population_estimate"),
    (
        each(
            "population_0_17",
            "children",
            "Children aged 0 to 17 years",
            "mid-year estimate of the year before: the denominator the Department for Education"
            " uses for rates in the year ending 31 March",
        ),
    ),
    ("age_group",),
    "population_estimate",
    years_on=1,
)
CARE_TABLES = (
    NUMBERS,
    CEASED,
    STARTED_NATIONALLY,
    STARTED,
    AT_MARCH,
    STABILITY,
    SOCIAL_WORKERS,
    POPULATION,
)
