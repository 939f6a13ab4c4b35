"""The return of looked-after children: its tables, columns and codes, and the pathway's words.

Codes by year are those of the department's lists for the years to March 2017 to 2026; a code that
another year's list has is used and noted. `model.returns.placements` puts placements into the
pathway's words.

This module does not know a child.
"""

from __future__ import annotations

from dataclasses import dataclass


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True)
class TableShape:
    """One table of the return.

    Attributes
    ----------
    words : in plain English. columns : in the department's order.
    telling : columns that no other table has, by which it is recognised.
    needed : whether the records need it. names : parts of file names that mean it.
    """

    words: str
    columns: tuple[str, ...]
    telling: tuple[str, ...]
    needed: bool = False
    names: tuple[str, ...] = ()


TABLES: dict[str, TableShape] = {
    "episodes": TableShape(
        "episodes of care",
        _codes(
            "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST "
            "PL_POST URN"
        ),
        _codes("DECOM RNE LS PLACE DEC REC"),
        True,
        ("episodes", "episode", "eps"),
    ),
    "header": TableShape(
        "header, one row a child",
        _codes("CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB"),
        _codes("SEX DOB ETHNIC"),
        True,
        ("header", "headers"),
    ),
    "uasc": TableShape(
        "unaccompanied asylum-seeking children",
        _codes("CHILD SEX DOB DUC"),
        _codes("DUC"),
        True,
        ("uasc",),
    ),
    "reviews": TableShape(
        "reviews", _codes("CHILD DOB REVIEW REVIEW_CODE"), _codes("REVIEW REVIEW_CODE")
    ),
    "oc2": TableShape(
        "health and offending",
        _codes(
            "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
            "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED"
        ),
        _codes("SDQ_SCORE HEALTH_CHECK"),
    ),
    "oc3": TableShape(
        "care leavers", _codes("CHILD DOB IN_TOUCH ACTIV ACCOM"), _codes("IN_TOUCH ACTIV ACCOM")
    ),
    "ad1": TableShape(
        "adopted children",
        _codes("CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"),
        _codes("DATE_INT DATE_MATCH"),
    ),
    "placed_adoption": TableShape(
        "children placed for adoption",
        _codes("CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED"),
        _codes("DATE_PLACED DATE_PLACED_CEASED"),
    ),
    "prev_perm": TableShape(
        "earlier permanence",
        _codes("CHILD DOB PREV_PERM LA_PERM DATE_PERM"),
        _codes("PREV_PERM LA_PERM"),
    ),
    "missing": TableShape(
        "missing from placement",
        _codes("CHILD DOB MISSING MIS_START MIS_END"),
        _codes("MIS_START MIS_END"),
    ),
    "sw_episodes": TableShape(
        "social workers",
        _codes("CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON"),
        _codes("SW_DECOM SW_DEC"),
    ),
    "dolo": TableShape(
        "deprivation of liberty orders",
        _codes("CHILD DOB DOLO_START DOLO_END"),
        _codes("DOLO_START DOLO_END"),
    ),
}
OTHER_NAMES = {"CHILDID": "CHILD", "CHILD_ID": "CHILD", "PL": "PLACE", "PLACEMENT": "PLACE"}
OTHER_NAMES |= {"DATE_OF_BIRTH": "DOB", "PROVIDER": "PLACE_PROVIDER"}

# First and last year of return (of its 31 March) in which a code was in the list; 0 is open.
Years = tuple[int, int]
ALWAYS: Years = (0, 0)


def _each(codes: str, years: Years = ALWAYS) -> dict[str, Years]:
    return dict.fromkeys(_codes(codes), years)


EPISODE_CODES: dict[str, dict[str, Years]] = {
    "RNE": _each("S L P T B U"),
    "LS": _each("C1 C2 D1 E1 V2 V3 V4 L1 L2 L3 J1 J2 J3"),
    "CIN": _each("N1 N2 N3 N4 N5 N6 N7 N8"),
    "PLACE": _each("A3 A4 A5 A6 K1 K2 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z1")
    | _each("H5 P2", (0, 2024))
    | _each("K3", (2025, 0))
    | _each("Z11 Z12 Z13 Z14", (2026, 0)),
    "PLACE_PROVIDER": _each("PR0 PR1 PR2 PR3 PR4 PR5"),
    "REC": _each("X1 E11 E12 E2 E3 E4A E4B E13 E41 E5 E6 E7 E9 E14 E15 E16 E17 E8")
    | _each("E43 E44", (0, 2018))
    | _each("E45 E46 E47 E48", (2019, 0)),
}
GOES_ON = "X1"
STARTS = "S"
RESPITE = ("V3", "V4")

# Absences from a placement that is kept: the placement is that of the episode before.
TEMPORARY_CODES = _codes("T0 T1 T2 T3 T4")
# Since 2026 the list tells four kinds of "other placement" apart.
OTHER_PLACEMENTS = _codes("Z1 Z11 Z12 Z13 Z14")
