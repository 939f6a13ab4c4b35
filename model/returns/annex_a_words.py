"""The codes of Annex A and the wordings that councils use for them, as tables.

Labels are those of Ofsted's August 2019 template and of the returns that it cites. Words are
compared by their letters and digits alone. Keywords serve the columns in which councils write
words of their own.

This module reads nothing (see `annex_a_codes`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from model.returns.annex_a_lists import folded
from model.returns.cin_census_shape import SOURCE_OF_CODE
from model.returns.placements import PLACEMENT_CODES, PROVIDERS


@dataclass(frozen=True)
class CodeSet:
    """The codes of one kind of column.

    Attributes
    ----------
    values : code in capitals -> what it becomes. words : wording -> what it becomes.
    keywords : (pattern, what it becomes), for councils' own wordings.
    unknown : wordings that say that it is not known. labels : to show as what is allowed.
    several : what words become that name several groups; "" where that is a fault.
    """

    values: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)
    keywords: tuple[tuple[re.Pattern[str], str], ...] = ()
    unknown: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()
    several: str = ""


def _words(*pairs: tuple[str, tuple[str, ...]]) -> dict[str, str]:
    return {folded(one): value for value, several in pairs for one in several}


def _keywords(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), value) for value, pattern in pairs)


def _folded(*words: str) -> frozenset[str]:
    return frozenset(folded(one) for one in words)


YES_WORDS = ("yes", "y", "true", "t", "1", "1 yes", "1 = yes")
NO_WORDS = ("no", "n", "false", "f", "0", "0 no", "0 = no", "none")
NOT_KNOWN = _folded("unknown", "not known", "not stated", "not recorded", "u", "not yet known")
YES_NO = CodeSet(
    {}, _words(("yes", YES_WORDS), ("no", NO_WORDS)), (), NOT_KNOWN, ("a) Yes", "b) No")
)
DISABILITY = CodeSet(
    {},
    _words(
        ("yes", (*YES_WORDS, "disabled", "disability")),
        ("no", (*NO_WORDS, "no disability", "not disabled")),
    ),
    _keywords(
        (
            "yes",
            r"^(?:aut|beh|comm|con|hand|hear|inc|ld|mob|pc|vis|dda)\b|autis|asperger|behaviou?r|"
            r"communicat|conscious|hearing|incontinen|learning|mobility|personal care|vision|"
            r"visual|physical",
        ),
    ),
    NOT_KNOWN | _folded("not obtained", "NOBT", "REFU", "refused", "not yet obtained"),
    ("a) Yes", "b) No", "c) Unknown"),
    several="yes",
)
NO_FURTHER_ACTION = CodeSet(
    {},
    _words(
        ("yes", (*YES_WORDS, "NFA", "no further action")),
        ("no", (*NO_WORDS, "FA", "further action")),
    ),
    (),
    NOT_KNOWN,
    ("a) Yes", "b) No"),
)
ASYLUM_SEEKING = CodeSet(
    {},
    _words(("yes", (*YES_WORDS, "UASC")), ("no", (*NO_WORDS, "Non-UASC", "not UASC"))),
    (),
    NOT_KNOWN,
    ("a) Yes", "b) No"),
)

SOURCE_LABELS = (
    "1A to 1D: Individual",
    "2A: Schools",
    "2B: Education services",
    "3A to 3F: Health services",
    "4: Housing",
    "5A to 5C: LA services",
    "6: Police",
    "7: Other legal agency",
    "8: Other",
    "9: Anonymous",
    "10: Unknown",
)
SOURCE = CodeSet(
    {
        f"{number}{letter}": source
        for number, source in SOURCE_OF_CODE.items()
        for letter in ("", *("ABCDEF" if number in ("1", "2", "3", "5") else ""))
    },
    _words(("other", ("other", "unknown", "not known", "not recorded", "nk"))),
    _keywords(
        ("police", r"\bpolice|constabulary|\bceop\b"),
        (
            "health",
            r"\bhealth|nurse|nursing|hospital|\bgps?\b|general practi|doctor|midwi|camhs|"
            r"paediatri|a\s?&\s?e\b|ambulance|\bnhs\b|dentist|hospice",
        ),
        (
            "school",
            r"\bschools?\b(?! (?:nurs|health))|academy|\bcolleges?\b|education|teacher|"
            r"\bnursery\b(?! nurs)|early years|pre-?school",
        ),
        (
            "council_services",
            r"housing|\bla services|local authorit|social (?:care|work|services)|council\b|"
            r"youth (?:offending|justice)|\byot\b|\byjs\b|early help",
        ),
        (
            "family_and_public",
            r"\bindividual|parents?\b|mother\b|father\b|relatives?\b|family member|neighbour|"
            r"\bself\b|members? of (?:the )?public|\bfriends?\b|acquaintance|anonym|stranger|"
            r"(?<!foster )carer\b",
        ),
        (
            "other",
            r"\bcourts?\b|probation|cafcass|prison|immigration|solicitor|legal agency|"
            r"voluntary|charit",
        ),
    ),
    labels=SOURCE_LABELS,
)

NEED_LABELS = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability",
    "N3": "Parental disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Cases other than children in need",
    "N0": "Not stated",
}
REASON_LABELS = {
    "RC1": "Adopted",
    "RC2": "Died",
    "RC3": "Child arrangements order",
    "RC4": "Special guardianship order",
    "RC5": "Transferred to services of another local authority",
    "RC6": "Transferred to adult social care services",
    "RC7": "Services ceased for any other reason, including child no longer in need",
    "RC8": "Case closed after assessment, no further action",
    "RC9": "Case closed after assessment, referred to early help",
}
LEGAL_LABELS = {
    "C1": "ICO",
    "C2": "FCO",
    "D1": "Freeing order",
    "E1": "Placement order",
    "V2": "Single period under S20",
    "V3": "Short term breaks, episodes recorded",
    "V4": "Short term breaks, agreements recorded",
    "L1": "Police protection LA accommodation",
    "L2": "EPO",
    "L3": "Child assessment order LA accommodation",
    "J1": "Remanded to LA or youth detention",
    "J2": "LA accommodation under PACE",
    "J3": "Youth rehabilitation order",
}
CEASED_LABELS = {
    "E11": "Adopted - application unopposed",
    "E12": "Adopted - consent dispensed",
    "E2": "Died",
    "E3": "Care taken by another LA",
    "E4A": "Returned home to live with parents or relatives - part of planning",
    "E4B": "Returned home to live with parents or relatives - not part of planning",
    "E13": "Parents, relatives or other with no parental responsibility",
    "E41": "Residence order granted",
    "E45": "Special Guardianship Orders - former carer relative/friend",
    "E46": "Special Guardianship Orders - former carer other",
    "E47": "Special Guardianship Orders - relative/friend",
    "E48": "Special Guardianship Orders - other",
    "E5": "Moved into independent living - supported",
    "E6": "Moved into independent living - no support",
    "E7": "Transferred to residential care funded by adult social services",
    "E9": "Sentenced to custody",
    "E14": "Accommodation on remand ended",
    "E15": "Age assessment determined child was 18 or over",
    "E16": "Child moved abroad",
    "E17": "Aged 18 and remained with current carers",
    "E8": "Care ceased for any other reason",
    "E4": "Returned home to live with parents or relatives",
    "E43": "Special guardianship order, former carers",
    "E44": "Special guardianship order, other carers",
}
PLACEMENT_WORDS = {
    "U1": "Foster placement - relatives - long term",
    "U2": "Foster placement - relative - FFA",
    "U3": "Foster placement - relative - not FFA",
    "U4": "Foster placement - long term",
    "U5": "Foster placement - FFA",
    "U6": "Foster placement - not FFA",
    "A3": "Placed for adoption - consent - current foster",
    "A4": "Placed for adoption - consent - not foster",
    "A5": "Placed for adoption - order - foster",
    "A6": "Placed for adoption - order - not foster",
    "P1": "Placed with parents",
    "P2": "Independent living",
    "P3": "Residential employment",
    "H5": "Residential accommodation",
    "K1": "Secure Children's Homes",
    "K2": "Children's Homes",
    "K3": "Supported accommodation",
    "R1": "Residential Care Home",
    "R2": "NHS/Health Trust",
    "R3": "Family Centre or Mother and Baby Unit",
    "R5": "Young Offender Institution",
    "S1": "Residential school",
    "Z1": "Other placements",
    "T0": "Temporary placement",
    "T1": "Temporary placement - hospital",
    "T2": "Temporary placement - holiday",
    "T3": "Temporary placement - carer holiday",
    "T4": "Temporary placement - seven days or less",
}
PROVIDER_LABELS = {
    "PR0": "Parents/Parental responsibility",
    "PR1": "Own provision",
    "PR2": "Other LA provision",
    "PR3": "Other public provision",
    "PR4": "Private provision",
    "PR5": "Voluntary/third sector",
}


def _coded(labels: dict[str, str], *more: str, **words: tuple[str, ...]) -> CodeSet:
    """A set whose codes stay as they are, known by code or by wording."""
    return CodeSet(
        {code: code for code in (*labels, *more)},
        {folded(label): code for code, label in labels.items()} | _words(*words.items()),
        (),
        NOT_KNOWN,
        tuple(f"{code}: {label}" for code, label in labels.items()),
    )


def _worded(*rows: tuple[str, str, tuple[str, ...]]) -> CodeSet:
    """A set without codes: what it becomes, Ofsted's label, other wordings."""
    return CodeSet(
        {},
        _words(*((value, (label, *more)) for value, label, more in rows)),
        (),
        NOT_KNOWN,
        tuple(label for _, label, _ in rows),
    )


CATEGORY = CodeSet(
    {code: code for code in ("NEG", "PHY", "SAB", "EMO", "MUL")},
    _words(("MUL", ("Multiple/not recommended", "Multiple"))),
    _keywords(
        ("NEG", "neglect"),
        ("PHY", "physical"),
        ("SAB", "sexual"),
        ("EMO", "emotion"),
    ),
    NOT_KNOWN,
    ("Neglect", "Physical abuse", "Sexual abuse", "Emotional abuse", "Multiple/not recommended"),
    several="MUL",
)
STATUS = _worded(
    ("looked_after", "Looked after child", ("CLA", "LAC", "Child looked after", "CiC", "a")),
    ("protection_plan", "Child Protection plan", ("CP", "CPP", "CP plan", "Child protection", "b")),
    ("in_need_plan", "Child in need plan", ("CIN", "CIN plan", "Child in need", "c")),
    ("assessment", "Open assessment", ("Assessment", "Child and family assessment", "d")),
    ("closed", "Closed episode", ("Closed", "Closed case", "e")),
)
ELIGIBILITY = _worded(
    ("relevant", "Relevant child", ("Relevant", "R")),
    ("former_relevant", "Former relevant child", ("Former relevant", "FR")),
    ("qualifying", "Qualifying care leaver", ("Qualifying", "Q", "Qualifying child")),
    ("eligible", "Eligible child", ("Eligible", "E")),
)
LEAD = CodeSet(
    {},
    keywords=_keywords(
        (
            "council",
            r"council\b|local authority|\bla\b|early help|family (?:support|hub|centre)|social "
            r"care|children.?s (?:services|centre)|youth (?:offending|justice|service)|\bmbc\b|"
            r"troubled families|supporting families|early intervention",
        ),
        (
            "partner",
            r"school|academy|college|nursery|health|nurse|midwi|\bnhs\b|police|voluntary|charity|"
            r"housing association|\bgp\b|camhs|barnardo|education",
        ),
    ),
)
CODE_SETS: dict[str, CodeSet] = {
    "yes_no": YES_NO,
    "disability": DISABILITY,
    "no_further_action": NO_FURTHER_ACTION,
    "asylum_seeking": ASYLUM_SEEKING,
    "source": SOURCE,
    "need": _coded(
        NEED_LABELS,
        N2=("Child disability", "Disability"),
        N3=("Parental illness or disability", "Parental illness/disability"),
        N9=("Cases other than child in need",),
    ),
    "reason": _coded(
        REASON_LABELS,
        RC3=("Residence order",),
        RC4=("SGO",),
        RC7=("Child no longer in need", "Services ceased for any other reason"),
        RC9=("Referred to early help", "Step down to early help"),
    ),
    "status": STATUS,
    "category": CATEGORY,
    "legal": _coded(
        LEGAL_LABELS,
        C1=("Interim care order",),
        C2=("Full care order", "Care order"),
        D1=("Freeing order granted",),
        E1=("Placement order granted",),
        V2=("Single period of accommodation under section 20", "Section 20", "S20"),
        L1=("Police protection",),
        L2=("Emergency protection order",),
    ),
    "ceased": _coded(
        CEASED_LABELS,
        "X1",
        E41=("Child arrangements order granted", "Child arrangements order"),
        E2=("Child died",),
        E8=("Period of being looked after ceased for any other reason", "Any other reason"),
    ),
    "placement": _coded(
        PLACEMENT_WORDS,
        *PLACEMENT_CODES,
        P1=("Placed with own parents",),
        K1=("Secure unit", "Secure children's home"),
        K2=("Children's home",),
        R3=("Mother and baby unit", "Family centre"),
    ),
    "provider": _coded(
        PROVIDER_LABELS,
        *PROVIDERS,
        PR1=("Own LA", "Own provision (by the local authority)", "Own LA provision"),
        PR2=("Other local authority provision",),
        PR4=("Private",),
        PR5=("Voluntary", "Voluntary/third sector provision", "Third sector"),
    ),
    "eligibility": ELIGIBILITY,
    "lead": LEAD,
}
