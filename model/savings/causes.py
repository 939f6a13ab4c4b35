"""The parts of the pathway that a saving is told by: which line of money belongs to which.

Placements stand apart by kind, because they decide what can be banked. A stage or a placement
that is not known here falls under "other services", never out of the sum.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COUNCIL
from model.costs.unit_cost import INCOME
from model.pathway import BESIDE, PATHWAY, Scope

PROGRAMME, OTHER = "programme", "other services"
FRONT_DOOR = "contact and screening"
BY_COUNCIL, BY_PARTNERS = "early help by the council", "early help by partners"
PLANS, IN_CARE, AFTER_CARE = "assessments and plans", "social work in care", "after care"
LOST_INCOME = "income from others"
ADOPTION = "adoption"
CARE_STAGE, AFTER_STAGE = "looked_after", "after_care"
# Placements by the beginning of the name of their cost.
PLACEMENTS: dict[str, str] = {
    "kinship": "kinship placements",
    "in_house_foster": "in-house foster placements",
    "agency_foster": "agency foster placements",
    "childrens_home": "children's homes",
    "supported_accommodation": "supported accommodation",
    "secure": "secure placements",
    "placement_with_parents": "placements with parents",
}
OTHER_PLACEMENTS = "other placements"
CAUSES = (
    FRONT_DOOR,
    BY_COUNCIL,
    BY_PARTNERS,
    PLANS,
    *PLACEMENTS.values(),
    OTHER_PLACEMENTS,
    ADOPTION,
    IN_CARE,
    AFTER_CARE,
    LOST_INCOME,
    OTHER,
    PROGRAMME,
)
SCOPES = {stage.name: stage.scope for stage in PATHWAY}


def cause_of(lines: pd.DataFrame) -> NDArray[np.str_]:
    """The cause of each line of money.

    Parameters
    ----------
    lines : source, stage, cost, payer, kind, as `Amounts.lines`.
    """
    columns = ("source", "stage", "cost", "payer", "kind")
    rows = zip(*(lines[name] for name in columns), strict=True)
    return np.array([_cause(*(str(each) for each in row)) for row in rows], dtype=str)


def _cause(source: str, stage: str, cost: str, payer: str, kind: str) -> str:
    if source == PROGRAMME:
        return PROGRAMME
    if kind == INCOME:
        return LOST_INCOME
    if stage == AFTER_STAGE:
        return AFTER_CARE
    if stage == CARE_STAGE:
        if cost.startswith(ADOPTION):
            return ADOPTION
        named = (words for begins, words in PLACEMENTS.items() if cost.startswith(begins))
        return next(named, IN_CARE if cost == "social_work" else OTHER)
    scope = SCOPES.get(stage)
    if scope is Scope.CONTACTED:
        return FRONT_DOOR
    if scope is Scope.EARLY_HELP:
        return BY_COUNCIL if payer in COUNCIL else BY_PARTNERS
    return PLANS if scope is not None or stage in BESIDE else OTHER
