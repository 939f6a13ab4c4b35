"""What it costs to bring a scenario about: the tables [[programme_cost]] of a scenario's file.

It checks and carries them; `model.costs` prices them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from model.errors import InputError, Where
from model.parameters.evidence import (
    GRADES,
    check_choice,
    check_keys,
    check_number,
    check_price_year,
    check_text,
    check_texts,
)
from model.scenarios.run_dates import THROUGHOUT, check_when

COST_KEYS: tuple[str, ...] = ("name", "funder", "low", "high", "price_year", "source", "grade")
COST_OPTIONS: tuple[str, ...] = ("gbp_per_year", "gbp_once", "from", "years", "note")


@dataclass(frozen=True)
class ProgrammeCost:
    """What it costs to bring a scenario about; one of `gbp_per_year` and `gbp_once` is given.

    Attributes
    ----------
    where : its place in the scenario's file.
    scenario : the scenario that states it.
    name : what is paid for; funder : who pays.
    gbp_per_year, gbp_once : pounds, at prices of `price_year`; NaN is never used, None is absent.
    low_gbp, high_gbp : the range, in the same pounds.
    starts : a date or "start + N months"; a date once it stands in `Inputs`.
    years : for how long a yearly cost runs; None for as long as the run.
    sources, grade, note : what stands behind it.
    """

    where: Where
    scenario: str
    name: str
    funder: str
    gbp_per_year: float | None
    gbp_once: float | None
    low_gbp: float
    high_gbp: float
    price_year: str
    starts: date | str
    years: float | None
    sources: tuple[str, ...]
    grade: str
    note: str = ""


def programme_cost(
    row: dict[str, Any], scenario: str, where: Where, cited: Collection[str]
) -> ProgrammeCost:
    """One table [[programme_cost]]."""
    check_keys(row, where, COST_KEYS, COST_OPTIONS)
    amounts = [key for key in ("gbp_per_year", "gbp_once") if key in row]
    if len(amounts) != 1:
        raise InputError(where, f"{len(amounts)} of gbp_per_year and gbp_once", "one of them")
    pounds = check_number(row[amounts[0]], where.at(amounts[0]), 0.0)
    low = check_number(row["low"], where.at("low"), 0.0)
    high = check_number(row["high"], where.at("high"), 0.0)
    if not low <= pounds <= high:
        found = f"low {low:g} and high {high:g} around {pounds:g}"
        raise InputError(where, found, f"a range with {amounts[0]} in it")
    if "years" in row and amounts[0] == "gbp_once":
        raise InputError(where.at("years"), "years for a cost that is paid once", "no years")
    for source in check_texts(row["source"], where.at("source")):
        check_choice(source, where.at("source"), cited, "source")
    return ProgrammeCost(
        where,
        scenario,
        check_text(row["name"], where.at("name")),
        check_text(row["funder"], where.at("funder")),
        pounds if amounts[0] == "gbp_per_year" else None,
        pounds if amounts[0] == "gbp_once" else None,
        low,
        high,
        check_price_year(row, where, money=True),
        check_when(row.get("from", THROUGHOUT), where.at("from")),
        check_number(row["years"], where.at("years"), 0.0) if "years" in row else None,
        check_texts(row["source"], where.at("source")),
        check_choice(row["grade"], where.at("grade"), GRADES, "grade"),
        check_text(row.get("note", ""), where.at("note"), empty=True),
    )
