"""What it costs to bring a scenario about: the tables [[programme_cost]] of a scenario's file.

A line is a sum once, a sum a year, or staff: `staff = { grade = "key_worker", wte = 2.5 }`, whose
pounds are the salary of the grade with on-costs (parameters/money.toml). It checks and carries
them; `model.costs` prices them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
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
from model.scenarios.posts import Post
from model.scenarios.run_dates import THROUGHOUT, check_when

COST_KEYS: tuple[str, ...] = ("name", "funder", "source", "grade")
SUM_KEYS: tuple[str, ...] = ("low", "high", "price_year")
AMOUNTS: tuple[str, ...] = ("gbp_per_year", "gbp_once", "staff")
COST_OPTIONS: tuple[str, ...] = (*SUM_KEYS, *AMOUNTS, "from", "years", "ramp_down_months", "note")


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
    ramp_down_months : after these years, over which it falls evenly to nothing.
    staff_grade, wte : grade and whole-time equivalents where the cost is staff; else empty and 0.
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
    ramp_down_months: float = 0.0
    staff_grade: str = ""
    wte: float = 0.0


def programme_cost(
    row: dict[str, Any],
    scenario: str,
    where: Where,
    cited: Collection[str],
    posts: Callable[[], Mapping[str, Post]],
) -> ProgrammeCost:
    """One table [[programme_cost]].

    Parameters
    ----------
    posts : gives the grades of staff; asked only where a line is staff.
    """
    check_keys(row, where, COST_KEYS, COST_OPTIONS)
    amounts = [key for key in AMOUNTS if key in row]
    if len(amounts) != 1:
        found = f"{len(amounts)} of {', '.join(AMOUNTS)}"
        raise InputError(where, found, "one of them")
    if amounts[0] == "staff":
        row = _as_sum(row, where, posts())
        amounts = ["gbp_per_year"]
    check_keys({key: row[key] for key in SUM_KEYS if key in row}, where, SUM_KEYS)
    pounds = check_number(row[amounts[0]], where.at(amounts[0]), 0.0)
    low = check_number(row["low"], where.at("low"), 0.0)
    high = check_number(row["high"], where.at("high"), 0.0)
    if not low <= pounds <= high:
        found = f"low {low:g} and high {high:g} around {pounds:g}"
        raise InputError(where, found, f"a range with {amounts[0]} in it")
    if "years" in row and amounts[0] == "gbp_once":
        raise InputError(where.at("years"), "years for a cost that is paid once", "no years")
    if "ramp_down_months" in row and "years" not in row:
        found = "ramp_down_months for a cost that does not end"
        raise InputError(where.at("ramp_down_months"), found, "years too")
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
        check_number(row.get("ramp_down_months", 0), where.at("ramp_down_months"), 0.0),
        row["staff"]["grade"] if "staff" in row else "",
        float(row["staff"]["wte"]) if "staff" in row else 0.0,
    )


def _as_sum(row: dict[str, Any], where: Where, posts: Mapping[str, Post]) -> dict[str, Any]:
    """A line of staff as a sum a year, with the range of the grade's salary."""
    for key in SUM_KEYS:
        if key in row:
            found = f"{key} beside staff"
            raise InputError(where.at(key), found, "none: it is that of the grade's salary")
    here = where.at("staff")
    staff = check_keys(row["staff"], here, ("grade", "wte"))
    grade = check_choice(staff["grade"], here.at("grade"), posts, "grade of staff")
    wte = check_number(staff["wte"], here.at("wte"), 0.0)
    low, high = posts[grade].range_gbp_per_year
    return row | {
        "gbp_per_year": wte * posts[grade].gbp_per_year,
        "low": wte * low,
        "high": wte * high,
        "price_year": posts[grade].evidence.price_year,
    }
