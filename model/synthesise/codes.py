"""What the simulation's words are called in the returns.

From the codes of Ofsted's Annex A (August 2019 template), the children in need census (2022 to
2026 schemas) and the SSDA903 return, written down apart from the readers so that an error in one
is not made good by the same error in the other. Where a word stands for several codes, a child
has one of them by luck. This module knows no number that is evidence.
"""

from __future__ import annotations

# Who makes contact or refers. Contacts through the early help door and families who move in do
# not come to the front door, but the census asks for a source of every episode.
SOURCE_CODES: dict[str, tuple[str, ...]] = {
    "police": ("6",),
    "school": ("2A",),
    "health": ("3A", "3B", "3C", "3D", "3E", "3F"),
    "council_services": ("5A", "5B"),
    "family_and_public": ("1A", "1B", "1C", "1D"),
    "other": ("7", "8"),
    "early_help_door": ("5B",),
    "moved_in": ("5C",),
    "asylum_seeking": ("7",),
}
NO_CONTACT = ("early_help_door", "moved_in", "asylum_seeking")

SOURCE_LABELS = {
    code: f"{letter}) {code}: {words}"
    for letter, code, words in (
        ("a", "1A", "Individual"),
        ("b", "1B", "Individual"),
        ("c", "1C", "Individual"),
        ("d", "1D", "Individual"),
        ("e", "2A", "Schools"),
        ("f", "2B", "Education services"),
        ("g", "3A", "Health services"),
        ("h", "3B", "Health services"),
        ("i", "3C", "Health services"),
        ("j", "3D", "Health services"),
        ("k", "3E", "Health services"),
        ("l", "3F", "Health services"),
        ("m", "4", "Housing"),
        ("n", "5A", "LA services"),
        ("o", "5B", "LA services"),
        ("p", "5C", "LA services"),
        ("q", "6", "Police"),
        ("r", "7", "Other legal agency"),
        ("s", "8", "Other"),
    )
}
YES, NO, UNKNOWN = "a) Yes", "b) No", "c) Unknown"
GENDERS = {True: "a) Male", False: "b) Female"}
UNBORN_GENDER = "c) Not stated/recorded (or unborn)"
ETHNICITY_LETTERS = "abcdefghijklmnopqr"

# The primary need of an episode, from what the family presents with; N2 is the disabled
# children's stream alone, N8 unaccompanied children.
NEED_OF_ISSUE = {
    "domestic_abuse": "N1",
    "parental_mental_health": "N3",
    "parental_substance_misuse": "N5",
    "neglect": "N1",
    "child_mental_health": "N4",
    "behaviour_and_school": "N6",
    "disability": "N3",
    "missing_from_home": "N6",
    "poverty_and_housing": "N7",
}
NEED_OF_STREAM = {"disabled": "N2", "asylum_seeking": "N8"}
NEED_LABELS = {
    "N1": "N1 - Abuse or neglect",
    "N2": "N2 - Child’s disability",
    "N3": "N3 - Parental disability or illness",
    "N4": "N4 - Family in acute stress",
    "N5": "N5 - Family dysfunction",
    "N6": "N6 - Socially unacceptable behaviour",
    "N7": "N7 - Low income",
    "N8": "N8 - Absent parenting",
}
FACTOR_OF_ISSUE = {
    "domestic_abuse": "3B",
    "parental_mental_health": "4B",
    "parental_substance_misuse": "2B",
    "neglect": "16A",
    "child_mental_health": "4A",
    "behaviour_and_school": "14A",
    "disability": "6B",
    "missing_from_home": "10A",
    "poverty_and_housing": "20",
}
FACTOR_OF_STREAM = {"disabled": "6A", "asylum_seeking": "9A"}
NO_FACTORS = "21"

CATEGORY_OF_ISSUE = {
    "domestic_abuse": "EMO",
    "parental_mental_health": "EMO",
    "parental_substance_misuse": "NEG",
    "neglect": "NEG",
    "child_mental_health": "EMO",
    "behaviour_and_school": "PHY",
    "disability": "NEG",
    "missing_from_home": "SAB",
    "poverty_and_housing": "MUL",
}
CATEGORY_LABELS = {
    "NEG": "a) Neglect",
    "PHY": "b) Physical abuse",
    "SAB": "c) Sexual abuse",
    "EMO": "d) Emotional abuse",
    "MUL": "e) Multiple/not recommended",
}

REASON_LABELS = {
    "RC1": "RC1 - Adopted",
    "RC4": "RC4 - Special guardianship order",
    "RC5": "RC5 - Transferred to services of another local authority",
    "RC6": "RC6 - Transferred to adult social care services",
    "RC7": "RC7 - Services ceased for any other reason, including child no longer in need",
    "RC8": "RC8 - Case closed after assessment, no further action",
    # Later than the template: in the census since 2024.
    "RC9": "RC8 - Case closed after assessment, no further action",
}
REASON_OF_OUTCOME = {
    "adopted": "RC1",
    "special_guardianship": "RC4",
    "moves_away": "RC5",
    "not_in_need": "RC8",
    "not_substantiated": "RC8",
}
EARLY_HELP_REASON, OTHER_REASON, ADULT_SERVICES = "RC9", "RC7", "RC6"
EARLY_HELP_REASON_SINCE = 2024  # census year; RC8 before

STATUS_LABELS = {
    "looked_after": "a) Looked after child",
    "protection_plan": "b) Child Protection plan",
    "in_need_plan": "c) Child in need plan",
    "assessment": "d) Open assessment",
    "closed": "e) Closed episode",
}

# Placements: type and provider. Supported accommodation became a code of its own in the return
# for the year to March 2025.
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "kinship": (("U1", "PR1"), ("U3", "PR1")),
    "in_house_foster": (("U4", "PR1"), ("U6", "PR1")),
    "agency_foster": (("U4", "PR4"), ("U6", "PR4"), ("U6", "PR5")),
    "childrens_home": (("K2", "PR4"), ("K2", "PR1")),
    "supported_accommodation": (("H5", "PR4"), ("H5", "PR5")),
    "with_parents": (("P1", "PR0"),),
    "secure": (("K1", "PR2"),),
}
SUPPORTED_BEFORE, SUPPORTED_SINCE, SUPPORTED_YEAR = "H5", "K3", 2025
PLACE_LABELS = {
    "U1": "a) U1: Foster placement - relatives - long term",
    "U3": "c) U3: Foster placement - relative - not FFA",
    "U4": "d) U4: Foster placement - long term",
    "U6": "f) U6: Foster placement - not FFA",
    "P1": "k) P1: Placed with parents",
    "H5": "n) H5: Residential accommodation",
    "K1": "o) K1: Secure Children’s Homes",
    "K2": "p) K2: Children’s Homes",
}
PROVIDER_LABELS = {
    "PR0": "a) PR0: Parents/Parental responsibility",
    "PR1": "b) PR1: Own provision",
    "PR2": "c) PR2: Other LA provision",
    "PR4": "e) PR4: Private provision",
    "PR5": "f) PR5: Voluntary/third sector",
}
LEGAL_LABELS = {
    "C1": "C1: ICO",
    "C2": "C2: FCO",
    "E1": "E1: Placement order",
    "V2": "V2: Single period under S20",
}
INTERIM_ORDER, CARE_ORDER, PLACEMENT_ORDER, VOLUNTARY = "C1", "C2", "E1", "V2"

# Why a period of care ended.
CEASED: dict[str, tuple[str, ...]] = {
    "returns_home": ("E4A", "E4B"),
    "adopted": ("E11", "E12"),
    "leaves_for_other_reasons": ("E3", "E8", "E9"),
    "turns_18": ("E5", "E6"),
}
GUARDIANSHIP = {"kinship": "E45", "in_house_foster": "E46", "agency_foster": "E46"}
OTHER_GUARDIANSHIP = "E48"
TO_ADULT_SERVICES = "E7"
TO_ANOTHER_COUNCIL = "E3"
CEASED_LABELS = {
    "E11": "a) E11: Adopted - application unopposed",
    "E12": "b) E12: Adopted - consent dispensed",
    "E3": "d) E3: Care taken by another LA",
    "E4A": "e) E4A: Returned home to live with parents or relatives - part of planning",
    "E4B": "f) E4B: Returned home to live with parents or relatives - not part of planning",
    "E45": "i) E45: Special Guardianship Orders - former carer relative/friend",
    "E46": "j) E46: Special Guardianship Orders - former carer other",
    "E48": "l) E48: Special Guardianship Orders - other",
    "E5": "m) E5: Moved into independent living - supported",
    "E6": "n) E6: Moved into independent living - no support",
    "E7": "o) E7: Transferred to residential care funded by adult social services",
    "E9": "p) E9: Sentenced to custody",
    "E8": "t) E8: Care ceased for any other reason",
}
STARTED, MOVED, LEGAL_CHANGE, BOTH, NEW_EPISODE = "S", "P", "L", "B", "X1"
REASONS_FOR_MOVE = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "PLACE", "OTHER")

LEAD_LABELS = {"council": "Local authority early help team", "partner": "School"}


def ethnicity_label(code: str, codes: tuple[str, ...]) -> str:
    """An ethnicity as Annex A writes it: `a) WBRI`."""
    return f"{ETHNICITY_LETTERS[codes.index(code)]}) {code}"
