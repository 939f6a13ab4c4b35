"""The measures of children looked after and of care leavers, counted by child.

What each counts, in plain words, and what the SSDA903 return calls it. Names are those of
`parameters/published.csv` where a published figure exists.
"""

from __future__ import annotations

from model.measures.countings import Began, Change, Completed, Ended, Open, Rows, Share, stages
from model.measures.definitions import CARE_STATISTICS, OURS
from model.measures.longer_countings import CameBack
from model.measures.record import Measure
from model.measures.tallies import CHILDREN

LOOKED_AFTER = stages("looked_after")
ASYLUM_SEEKING = Rows(("looked_after",), "stream", ("asylum_seeking",))


def placed(*kinds: str) -> Share:
    """Children in these placements, of all looked after."""
    return Share(Open(Rows(("looked_after",), "placement", kinds)), Open(LOOKED_AFTER))


CARE = (
    Measure(
        "looked_after_started",
        "Children who started to be looked after; a move of placement is no start.",
        "children starting in period",
        CHILDREN,
        "starts of looked_after",
        CARE_STATISTICS,
        "SSDA903 DECOM with RNE S; Annex A list 8",
        Began(LOOKED_AFTER),
    ),
    Measure(
        "looked_after_ceased",
        "Children who ceased to be looked after, for whatever reason.",
        "children ceasing in period",
        CHILDREN,
        "ends of looked_after",
        CARE_STATISTICS,
        "SSDA903 DEC with REC other than X1; Annex A list 8",
        Ended(LOOKED_AFTER),
    ),
    Measure(
        "looked_after",
        "Children looked after, unaccompanied asylum-seeking children included.",
        "children at end of period",
        CHILDREN,
        "looked_after",
        CARE_STATISTICS,
        "SSDA903, episodes open at 31 March; Annex A list 8",
        Open(LOOKED_AFTER),
    ),
    Measure(
        "looked_after_change",
        "Children looked after at the end of the period, less those at its beginning.",
        "children over period",
        CHILDREN,
        "looked_after",
        OURS,
        "SSDA903, episodes open at 31 March",
        Change(Open(LOOKED_AFTER)),
    ),
    Measure(
        "reentries_to_care",
        "Children who started to be looked after again; time in care that had ended before the"
        " run started is known only of children with after care.",
        "children starting in period",
        CHILDREN,
        "starts of looked_after of a child looked after before",
        OURS,
        "SSDA903, a further DECOM with RNE S",
        CameBack(LOOKED_AFTER),
    ),
    Measure(
        "reentry_share",
        "Children who started to be looked after again, of all who started.",
        "share of children starting in period",
        CHILDREN,
        "starts of looked_after of a child looked after before",
        OURS,
        "SSDA903, a further DECOM with RNE S",
        Share(CameBack(LOOKED_AFTER), Began(LOOKED_AFTER)),
    ),
    Measure(
        "placement_moves",
        "Moves of looked-after children from one placement to another.",
        "moves in period",
        CHILDREN,
        "looked_after ended with moves",
        CARE_STATISTICS,
        "SSDA903 DECOM with RNE P",
        Completed("looked_after", ("moves",)),
    ),
    Measure(
        "placement_share_foster",
        "Looked-after children in foster care, with relatives and friends included.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, placement kinship + in_house_foster + agency_foster",
        CARE_STATISTICS,
        "SSDA903 PLACE, U codes",
        placed("kinship", "in_house_foster", "agency_foster"),
    ),
    Measure(
        "kinship_share",
        "Looked-after children fostered by relatives or friends.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, placement kinship",
        CARE_STATISTICS,
        "SSDA903 PLACE U1 to U3",
        placed("kinship"),
    ),
    Measure(
        "placement_share_childrens_home",
        "Looked-after children in children's homes and secure homes.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, placement childrens_home + secure",
        CARE_STATISTICS,
        "SSDA903 PLACE K1 and K2",
        placed("childrens_home", "secure"),
    ),
    Measure(
        "placement_share_supported",
        "Looked-after children in supported accommodation.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, placement supported_accommodation",
        CARE_STATISTICS,
        "SSDA903 PLACE K3 (H5 and P2 until 2024)",
        placed("supported_accommodation"),
    ),
    Measure(
        "placement_share_with_parents",
        "Looked-after children placed with their parents.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, placement with_parents",
        CARE_STATISTICS,
        "SSDA903 PLACE P1",
        placed("with_parents"),
    ),
    Measure(
        "asylum_seeking_share",
        "Unaccompanied asylum-seeking children, of all looked after.",
        "share of children looked after at end of period",
        CHILDREN,
        "looked_after, stream asylum_seeking",
        CARE_STATISTICS,
        "SSDA903 UASC table",
        Share(Open(ASYLUM_SEEKING), Open(LOOKED_AFTER)),
    ),
    Measure(
        "asylum_seeking_start_share",
        "Unaccompanied asylum-seeking children, of all who started to be looked after.",
        "share of children starting in period",
        CHILDREN,
        "starts of looked_after, stream asylum_seeking",
        CARE_STATISTICS,
        "SSDA903 UASC table",
        Share(Began(ASYLUM_SEEKING), Began(LOOKED_AFTER)),
    ),
    Measure(
        "care_proceedings_started",
        "Children for whom care proceedings began.",
        "children in period",
        CHILDREN,
        "starts of care_proceedings, which run beside looked_after",
        CARE_STATISTICS,
        "SSDA903 LS, from C1 or E1",
        Began(stages("care_proceedings")),
    ),
    Measure(
        "care_leavers_supported",
        "Care leavers with support.",
        "young people at end of period",
        CHILDREN,
        "after_care, care leavers",
        CARE_STATISTICS,
        "Annex A list 9",
        Open(Rows(("after_care",), "after", ("care_leaver",))),
    ),
)
