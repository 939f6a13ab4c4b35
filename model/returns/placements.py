"""Placement and provider codes of the return for looked-after children, in the pathway's words.

In-house foster care is the council's own (PR1); every other provider's is bought (agency), other
councils' and public bodies' included, because that is how it is paid for. A foster placement
whose provider is not said is left unknown, not guessed.

Not known here: children placed for adoption live with their adopters, and temporary stays away
(T codes) interrupt a placement that goes on; neither is a placement that the pathway knows, and
both are left blank. Codes before 2008 (F, Q, older H and A) are given where their meaning is
plain.
"""

from __future__ import annotations

KINSHIP_CODES = ("U1", "U2", "U3", "Q1", "F1", "F4")
FOSTER_CODES = ("U4", "U5", "U6", "Q2", "F2", "F3", "F5", "F6")
OWN_PROVISION = "PR1"
PROVIDERS = ("PR0", "PR1", "PR2", "PR3", "PR4", "PR5")

PLACEMENT_OF_CODE: dict[str, str] = {
    **dict.fromkeys(KINSHIP_CODES, "kinship"),
    "P1": "with_parents",
    "P2": "supported_accommodation",  # independent living
    "P3": "supported_accommodation",  # residential employment
    "H5": "supported_accommodation",  # semi-independent, outside children's homes regulations
    "H3": "childrens_home",
    "H4": "childrens_home",
    "K3": "supported_accommodation",  # registered supported accommodation, since April 2024
    "K1": "secure",
    "H1": "secure",
    "H2": "secure",
    "R5": "secure",  # young offender institution or secure training centre
    "K2": "childrens_home",
    "R1": "childrens_home",  # residential care home
    "R2": "childrens_home",  # health establishment
    "R3": "childrens_home",  # family centre, mother and baby unit
    "S1": "childrens_home",  # residential school
    "Z1": "childrens_home",  # other placements, nearly all homes that are not registered
}
# Known codes for which the pathway has no placement.
ADOPTION_CODES = ("A3", "A4", "A5", "A6", "A1", "A2")
TEMPORARY_CODES = ("T0", "T1", "T2", "T3", "T4")
PLACEMENT_CODES = (
    *PLACEMENT_OF_CODE,
    *FOSTER_CODES,
    *ADOPTION_CODES,
    *TEMPORARY_CODES,
)


def placement_of(code: str, provider: str) -> str:
    """The pathway's placement; "" where the code or what it needs is unknown.

    Parameters
    ----------
    code : placement type such as "U4". provider : such as "PR4"; "" where not said.
    """
    if code in FOSTER_CODES:
        if provider not in PROVIDERS:
            return ""
        return "in_house_foster" if provider == OWN_PROVISION else "agency_foster"
    return PLACEMENT_OF_CODE.get(code, "")
