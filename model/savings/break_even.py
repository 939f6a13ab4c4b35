"""What would have to be true for the redesign to pay: how far each thing may move.

Straight arithmetic on the means of one comparison: everything else stays. How weak the effect may
be needs runs of its own (`model.how_sure.strength`).
"""

from __future__ import annotations

import math

import pandas as pd

from model.savings.case import COUNCIL, Case, holder_label
from model.savings.causes import PLACEMENTS, PROGRAMME
from model.savings.tables import GROSS, NET, waterfall
from model.wording import pounds

COLUMNS = ["condition", "today", "breaks_even_at", "unit", "says"]
FALL, RISE = "fall", "rise"


def what_must_be_true(case: Case, holder: str = COUNCIL) -> pd.DataFrame:
    """How far each part of the answer may move before a holder's mean net saving is nought.

    Returns
    -------
    DataFrame with condition, today, breaks_even_at, unit ("GBP" or "share of today's"), says.
    """
    steps = waterfall(case, holder).set_index("step")["gbp"]
    gross, programme, net = float(steps[GROSS]), -float(steps[PROGRAMME]), float(steps[NET])
    who = holder_label(holder)
    rows = [
        _row(
            f"What {holder} saves on services",
            gross,
            programme,
            "GBP",
            _saving_says(gross, programme, who),
        ),
        _row(
            "What the programme costs over the run",
            programme,
            gross,
            "GBP",
            _programme_says(gross, programme),
        ),
    ]
    placements = float(sum(steps.get(name, 0.0) for name in PLACEMENTS.values()))
    rows.append(_of_price(placements, net))
    rows += _of_value(case)
    return pd.DataFrame(rows, columns=COLUMNS)


def _saving_says(gross: float, programme: float, who: str) -> str:
    if gross <= 0:
        return f"{who} saves nothing on services: no cost of a programme can be paid back"
    if gross < programme:
        need = 100 * (programme / gross - 1)
        return f"Services must save {need:.0f}% more to pay for the programme"
    return f"Services may save {100 * (1 - programme / gross):.0f}% less before it costs money"


def _programme_says(gross: float, programme: float) -> str:
    if programme <= 0:
        return "The redesign has no programme of its own to pay for"
    if gross <= 0:
        return "At no cost would it pay: services do not cost less"
    way = "rise" if gross >= programme else "have to fall"
    return f"It could {way} to {pounds(gross)} in all before the net is nought"


def _of_price(placements: float, net: float) -> list[object]:
    """By how much every placement's price may move: the placements' part of the saving alone."""
    condition = "Price of placements, all together"
    if placements == 0:
        return _row(condition, 1.0, math.nan, "share of today's", "No placement costs change")
    at = 1.0 - net / placements
    if at < 0:
        does = "saves" if net > 0 else "costs"
        says = f"On average it {does} money even if placements cost nothing: other parts decide"
        return _row(condition, 1.0, math.nan, "share of today's", says)
    moved = f"{abs(100 * (at - 1)):.0f}% {'lower' if at < 1 else 'higher'}"
    says = f"The net is nought where placements cost {moved} than in the model"
    return _row(condition, 1.0, at, "share of today's", says)


def _of_value(case: Case) -> list[list[object]]:
    """Switching values of the present value of the public sector (Green Book)."""
    table = case.economic.summary
    public = table[table["holder"] == "public sector"].set_index("figure")["value"]
    found = []
    for figure, what, way in (
        ("benefits_may_fall_by", "Benefits to the public sector, present value", FALL),
        ("costs_may_rise_by", "Costs to the public sector, present value", RISE),
    ):
        by = float(public[figure])
        at = 1 - by if way == FALL else 1 + by
        if math.isnan(by):
            says = "There is no net benefit, or no net cost, to compare"
        elif by >= 0:
            says = f"May {way} by {100 * by:.0f}% before the present value is nought"
        else:
            other = RISE if way == FALL else FALL
            how = f"by {100 * -by:.0f}%" if by >= -1 else f"to {at:.1f} times as much"
            says = f"Would have to {other} {how} for a present value of nought"
        found.append(_row(what, 1.0, at, "share of today's", says))
    return found


def _row(condition: str, today: float, at: float, unit: str, says: str) -> list[object]:
    return [condition, today, at, unit, says]
