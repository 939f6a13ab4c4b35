"""What a children in need census holds: every element, where it stands, and what may be in it.

From the department's schemas of the census years to March 2017 to 2026. One shape serves all of
them: what was added or taken away in a year says so. Codes are those of the published lists.

This module does not know which element a council fills badly; that is what faults are for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from model.pathway import ATTRIBUTES


class Kind(StrEnum):
    """What stands in an element."""

    GROUP = "group"
    DAY = "a day, as 2024-03-31"
    YES_NO = "yes or no, as 1, 0, true or false"
    CODE = "a code of the published list"
    COUNT = "a whole number"
    TEXT = "text"


@dataclass(frozen=True)
class Holds:
    """One element: its kind, whether it must be there and may be repeated, its codes by year.

    Attributes
    ----------
    required : it must be there. essential : without it nothing can be made of its group.
    ends : the end of a spell; unreadable, the spell cannot be used, for it would count as open.
    many : it may be repeated.
    needed : what it says reaches the records; False where only its form is checked.
    codes : allowed codes; since : first census year of a code that came later.
    from_year : first census year of the element, where it came later.
    """

    kind: Kind
    required: bool = False
    essential: bool = False
    ends: bool = False
    many: bool = False
    needed: bool = True
    codes: tuple[str, ...] = ()
    since: dict[str, int] = field(default_factory=dict)
    from_year: int = 0


GROUPS = Holds(Kind.GROUP, many=True)
ONE_GROUP = Holds(Kind.GROUP)
DAY = Holds(Kind.DAY)
LAST_DAY = Holds(Kind.DAY, ends=True)
FIRST_DAY = Holds(Kind.DAY, required=True, essential=True)
UNUSED = Holds(Kind.TEXT, needed=False)
UNUSED_DAY = Holds(Kind.DAY, needed=False)
YES_NO = Holds(Kind.YES_NO, required=True)
ABUSE = Holds(Kind.CODE, required=True, codes=("NEG", "PHY", "SAB", "EMO", "MUL"))

# The council's own words for who referred, in the pathway's: codes of the census, by source.
SOURCE_OF_CODE = {
    "1": "family_and_public",
    "2": "school",
    "3": "health",
    "4": "council_services",  # housing
    "5": "council_services",
    "6": "police",
    "7": "other",  # courts, probation, immigration, prison
    "8": "other",
    "9": "family_and_public",  # anonymous: nearly always a neighbour or relative
    "10": "other",  # unknown
}


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


REFERRAL_SOURCES = _codes("1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10")
NEEDS = _codes("N1 N2 N3 N4 N5 N6 N7 N8 N9 N0")
CLOSURES = _codes("RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8 RC9")
ETHNICITIES = _codes(
    "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH "
    "REFU NOBT"
)
DISABILITIES = _codes("NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA")
FACTORS = _codes(
    "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8A 8B 8C 8D 8E 8F 9A 10A 11A 12A "
    "13A 14A 15A 16A 17A 18A 18B 18C 19A 19B 19C 20 21 22A 23A 24A"
)
# Sex was a number under the name GenderCurrent, and is a letter under the name Sex.
SEXES = ("0", "1", "2", "9")
SEX_LETTERS = ("M", "F", "U")

CENSUS: dict[str, dict[str, Holds]] = {
    "Header": {"CollectionDetails": ONE_GROUP, "Source": ONE_GROUP, "Content": UNUSED},
    "CollectionDetails": {"Collection": Holds(Kind.TEXT), "Year": Holds(Kind.TEXT)}
    | {"ReferenceDate": DAY},
    "Source": {"SourceLevel": Holds(Kind.TEXT), "LEA": Holds(Kind.TEXT, required=True)}
    | dict.fromkeys(("SoftwareCode", "Release", "SerialNo", "DateTime"), UNUSED),
    "Child": {
        "ChildIdentifiers": Holds(Kind.GROUP, required=True),
        "ChildCharacteristics": Holds(Kind.GROUP, required=True),
        "CINdetails": Holds(Kind.GROUP, required=True, many=True),
    },
    "ChildIdentifiers": {
        "LAchildID": Holds(Kind.TEXT, required=True, essential=True),
        "UPN": UNUSED,
        "FormerUPN": UNUSED,
        "UPNunknown": UNUSED,
        "PersonBirthDate": DAY,
        "ExpectedPersonBirthDate": DAY,
        "GenderCurrent": Holds(Kind.CODE, needed=False, codes=SEXES),
        "Sex": Holds(Kind.CODE, needed=False, codes=SEX_LETTERS),
        "PersonDeathDate": DAY,
        "PersonSchoolYear": UNUSED,
    },
    "ChildCharacteristics": {
        "Ethnicity": Holds(Kind.CODE, required=True, needed=False, codes=ETHNICITIES),
        "Disabilities": ONE_GROUP,
    },
    "Disabilities": {"Disability": Holds(Kind.CODE, required=True, many=True, codes=DISABILITIES)},
    "CINdetails": {
        "CINreferralDate": FIRST_DAY,
        "ReferralSource": Holds(
            Kind.CODE, required=True, codes=REFERRAL_SOURCES, since={"5D": 2026}
        ),
        "PrimaryNeedCode": Holds(Kind.CODE, codes=NEEDS),
        "CINclosureDate": LAST_DAY,
        "ReasonForClosure": Holds(Kind.CODE, codes=CLOSURES, since={"RC9": 2023}),
        "DateOfInitialCPC": DAY,
        "Assessments": GROUPS,
        "CINPlanDates": GROUPS,
        "Section47": GROUPS,
        "ReferralNFA": YES_NO,
        "ChildProtectionPlans": GROUPS,
        "PreProceedingsandFGDM": Holds(Kind.GROUP, many=True, from_year=2026),
    },
    "Assessments": {
        "AssessmentActualStartDate": FIRST_DAY,
        "AssessmentInternalReviewDate": UNUSED_DAY,
        "AssessmentAuthorisationDate": LAST_DAY,
        "FactorsIdentifiedAtAssessment": ONE_GROUP,
    },
    "FactorsIdentifiedAtAssessment": {
        "AssessmentFactors": Holds(Kind.CODE, required=True, many=True, needed=False, codes=FACTORS)
    },
    "CINPlanDates": {"CINPlanStartDate": FIRST_DAY, "CINPlanEndDate": LAST_DAY},
    "Section47": {
        "S47ActualStartDate": FIRST_DAY,
        "InitialCPCtarget": UNUSED_DAY,
        "DateOfInitialCPC": DAY,
        "ICPCnotRequired": YES_NO,
    },
    "ChildProtectionPlans": {
        "CPPstartDate": FIRST_DAY,
        "CPPendDate": LAST_DAY,
        "InitialCategoryOfAbuse": ABUSE,
        "LatestCategoryOfAbuse": ABUSE,
        "NumberOfPreviousCPP": Holds(Kind.COUNT, required=True),
        "Reviews": ONE_GROUP,
    },
    "Reviews": {"CPPreviewDate": Holds(Kind.DAY, many=True, needed=False)},
    "PreProceedingsandFGDM": {
        "PPStartDate": FIRST_DAY,
        "LBPSentDate": UNUSED_DAY,
        "FGDMMeetingOffer": UNUSED,
        "FGDMMeetingFac": UNUSED,
        "InitialPPMeetingDate": UNUSED_DAY,
        "ReviewMeetingsCount": UNUSED,
        "StepDecisionDate": LAST_DAY,
        "PPOutcome": Holds(Kind.TEXT),
        "CourtAppDate": LAST_DAY,
        "LetterInitCPDate": UNUSED_DAY,
    },
}
TAGS = tuple(dict.fromkeys(tag for group in CENSUS.values() for tag in group))
PARENTS = {tag: tuple(group for group, inside in CENSUS.items() if tag in inside) for tag in TAGS}


def source_of(code: str) -> str:
    """The pathway's word for a code of the referral source; "" for none."""
    found = SOURCE_OF_CODE.get(code if code == "10" else code[:1], "")
    return found if found in ATTRIBUTES["source"] else ""
