"""The outturn check: what the model's children would cost beside what the council spent in 2024-25.

Price times simulated weeks stands beside each line of the revenue outturn of children's social
care. Where the price was worked out from the same outturn, the check is one of stocks (how many
children, in which placements) and not of money, and says so. What no simulated week stands behind
(other services, overheads, lines that the model does not hold) is stated as unallocated: no
scenario can save it. It runs nothing and prices nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model import root as project
from model.errors import InputError, Where, listed, unknown
from model.results import FUTURE

FILE = f"{project.PARAMETERS}/section_251.csv"
YEAR = "2024-25"
COUNCIL = "council_childrens_services"
THOUSAND = 1000.0
STOCKS = "a check of stocks, not of money"
PARTLY = "a check of stocks for leaving care, of money for the rest"
MONEY = "a check of money"
NO_CHECK = "unallocated: no scenario can save it"
COVERAGE = (0.1, 0.9)
TOTAL, UNALLOCATED, LOOKED_AFTER = "total", "unallocated", "looked_after_total"
LOOKED_AFTER_LINES = (
    "residential_care",
    "fostering_services",
    "looked_after_other",
    "looked_after_asylum_seeking",
)
WEEKLY_UNIT = "child-weeks"


@dataclass(frozen=True)
class Line:
    """A line of the outturn and the unit costs that belong in it.

    Attributes
    ----------
    name : in parameters/section_251.csv. words : as a finance officer calls it.
    costs : names in the current set; none for what the model does not hold.
    checks : what agreement would show. note : what makes the two differ.
    """

    name: str
    words: str
    costs: tuple[str, ...] = ()
    checks: str = NO_CHECK
    note: str = ""


EARLY_HELP = tuple(
    f"early_help_{what}"
    for what in (
        "offer",
        "wait",
        "assessment_by_council",
        "first_meeting_by_council",
        "support_by_council",
        "closing_by_council",
    )
)
LINES: tuple[Line, ...] = (
    Line(
        "residential_care",
        "Residential care",
        ("childrens_home_placement", "secure_placement"),
        STOCKS,
        "What the return books here is not always what section 251 books here.",
    ),
    Line(
        "fostering_services",
        "Fostering services",
        ("kinship_placement", "in_house_foster_placement", "agency_foster_placement"),
        STOCKS,
        "Some councils book agency fostering under other services: compare the sum.",
    ),
    Line(
        "looked_after_other",
        "Other services for looked-after children and care leavers",
        (
            "supported_accommodation_placement",
            "placement_with_parents",
            "adoption",
            "leaving_care",
            "special_guardianship_allowance",
            "adoption_support",
        ),
        PARTLY,
        "Councils book leaving care, guardianship and adoption in different lines.",
    ),
    Line(
        "safeguarding",
        "Safeguarding: social work, commissioning",
        ("social_work", "screening", "referral", "contact", "care_proceedings_council"),
        STOCKS,
        "Prices are from section 251, which books less or more here than this return.",
    ),
    Line(
        "family_support",
        "Family support services",
        EARLY_HELP,
        MONEY,
        "The line also holds short breaks, direct payments and support for disabled children.",
    ),
    Line(
        "looked_after_asylum_seeking",
        "Looked-after children who seek asylum",
        note="Their placements are simulated in the lines above.",
    ),
    Line(
        "asylum_seekers",
        "Asylum seekers, outside the looked-after lines",
        note="Their placements are simulated in the lines above.",
    ),
    Line("sure_start_and_early_years", "Children's centres and early years"),
    Line("other_family_services", "Other children's and families' services"),
    Line("youth_justice", "Youth justice"),
    Line("young_people", "Services for young people"),
)


def areas(root: str | Path | None = None) -> list[str]:
    """The areas whose outturn is known."""
    return list(dict.fromkeys(pd.read_csv(project.find(root) / FILE)["area"]))


def outturn(area: str, root: str | Path | None = None) -> pd.DataFrame:
    """What an area spent in 2024-25: rows line, columns expenditure and income, in GBP.

    Raises
    ------
    InputError for an area whose outturn is not in parameters/section_251.csv.
    """
    table = pd.read_csv(project.find(root) / FILE)
    if area not in areas(root):
        raise unknown(Where(FILE), area, areas(root), "area")
    ours = table[table["area"] == area]
    return ours.pivot(index="line", columns="part", values="value") * THOUSAND


def check_table(costs: pd.DataFrame, area: str, root: str | Path | None = None) -> pd.DataFrame:
    """Each line of the outturn of 2024-25 beside price times simulated weeks.

    Parameters
    ----------
    costs : `Results.costs` of a run that holds the whole of 2024-25, in prices of that year and
        of the current set of costs; a table of `costs.price` is one future.
    area : sefton, stockport or england.
    root : the project's folder; None for the usual one.

    Returns
    -------
    DataFrame, one row a line, then `looked_after_total` (the sum of four of them), `unallocated`
    (all that is spent and not simulated) and `total`: line, words, child_weeks, simulated_gbp
    (mean over futures), low_gbp, high_gbp (80% of them), outturn_gbp (gross), income_gbp,
    difference_gbp (simulated less outturn), share (simulated over outturn), checks (what
    agreement would show), note. Not a number where nothing is simulated.

    Raises
    ------
    InputError
        For an area without an outturn, a table without 2024-25, a cost of the council's that
        belongs to no line (as of another set).
    """
    spent = outturn(area, root)
    ours = costs[(costs["financial_year"].astype(str) == YEAR) & (costs["payer"] == COUNCIL)]
    ours = ours[ours["kind"] != "income"]
    if not len(ours):
        years = listed(dict.fromkeys(costs["financial_year"].astype(str))) or "no year"
        raise InputError(Where("the table of costs"), years, f"a run through {YEAR}")
    _check_names(ours)
    futures = costs[FUTURE].nunique() if FUTURE in costs else 1
    rows = [_row(line, ours, spent, futures) for line in LINES]
    return pd.DataFrame([*rows, *_sums(rows, spent)])


def _check_names(costs: pd.DataFrame) -> None:
    """Every cost that moved money must belong to a line."""
    known = {name for line in LINES for name in line.costs}
    paid = costs.loc[costs["gbp"] != 0, "cost"].astype(str)
    for name in dict.fromkeys(paid):
        if name not in known:
            raise unknown(Where("the table of costs"), name, sorted(known), "cost")


def _row(
    line: Line, costs: pd.DataFrame, spent: pd.DataFrame, futures: int
) -> dict[str, str | float]:
    """One line of the table."""
    found: dict[str, str | float] = {"line": line.name, "words": line.words}
    chosen = costs[costs["cost"].isin(line.costs)]
    gbp = weeks = low = high = float("nan")
    if line.costs:
        by_future = _by_future(chosen, futures)
        gbp = float(by_future.mean())
        low, high = (float(np.quantile(by_future, share)) for share in COVERAGE)
        placed = chosen[(chosen["quantity_unit"] == WEEKLY_UNIT) & (chosen["gbp"] > 0)]
        weeks = float(placed["quantity"].sum()) / futures
    gross = float(spent.loc[line.name, "expenditure"])
    return found | {
        "child_weeks": weeks,
        "simulated_gbp": gbp,
        "low_gbp": low,
        "high_gbp": high,
        "outturn_gbp": gross,
        "income_gbp": float(spent.loc[line.name, "income"]),
        "difference_gbp": gbp - gross,
        "share": gbp / gross if gross else np.nan,
        "checks": line.checks,
        "note": line.note,
    }


def _by_future(costs: pd.DataFrame, futures: int) -> np.ndarray:
    """The money of each future; a future without any costs nothing."""
    if FUTURE not in costs:
        return np.array([costs["gbp"].sum()])
    found = costs.groupby(FUTURE, observed=True)["gbp"].sum().to_numpy(float)
    return np.concatenate([found, np.zeros(futures - len(found))])


def _sums(rows: list[dict[str, str | float]], spent: pd.DataFrame) -> list[dict[str, str | float]]:
    """All that is spent on looked-after children, what is not simulated, and the whole outturn."""
    looked_after = _sum(
        LOOKED_AFTER,
        "All services for looked-after children and care leavers",
        [row for row in rows if row["line"] in LOOKED_AFTER_LINES],
        spent,
        "Councils book the same thing in different lines: the sum compares better than its parts.",
    )
    total = _sum(TOTAL, "Children's social care, all lines", rows, spent, "")
    unallocated: dict[str, str | float] = {
        **dict.fromkeys(total, np.nan),
        "line": UNALLOCATED,
        "words": "All that is spent and not simulated: other services, overheads",
        "outturn_gbp": -float(total["difference_gbp"]),
        "checks": NO_CHECK,
        "note": "Spending less what is simulated; lines that are simulated too high lower it.",
    }
    return [looked_after, unallocated, total]


def _sum(
    line: str, words: str, rows: list[dict[str, str | float]], spent: pd.DataFrame, note: str
) -> dict[str, str | float]:
    """A row that adds up others; the outturn is the published sum."""
    simulated = float(np.nansum([float(row["simulated_gbp"]) for row in rows]))
    gross = float(spent.loc[line, "expenditure"])
    return {
        "line": line,
        "words": words,
        "child_weeks": np.nan,
        "simulated_gbp": simulated,
        "low_gbp": np.nan,
        "high_gbp": np.nan,
        "outturn_gbp": gross,
        "income_gbp": float(spent.loc[line, "income"]),
        "difference_gbp": simulated - gross,
        "share": simulated / gross,
        "checks": "the simulated part of the sum",
        "note": note,
    }
