"""Where a number comes from: sources, grades, price years, uncertainty.

It knows no parameter by name and no kind of value; `model.parameters` and `model.costs` build on
it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.errors import InputError, Where
from model.parameters.reading import (
    check_choice,
    check_keys,
    check_number,
    check_text,
    check_texts,
    read_toml,
    said,
)
from model.root import PARAMETERS, shown

GRADES: tuple[str, ...] = (
    "strong",
    "moderate",
    "weak",
    "assumption",
    "recalled",
    "definition",
    "fitted",
)
DISTRIBUTIONS: tuple[str, ...] = ("fixed", "uniform", "triangular", "normal", "lognormal", "beta")
GRADES_THAT_MAY_BE_FIXED: tuple[str, ...] = ("definition", "strong")
EVIDENCE_KEYS: tuple[str, ...] = ("grade", "source", "uncertainty")
MONEY = "GBP"
PRICE_YEAR = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Source:
    """A publication, or a person's judgement, that numbers come from.

    Attributes
    ----------
    name : the id that entries cite.
    title, publisher, year, place : as one would cite it; `place` is where the number was
        measured, not where the publisher sits.
    note, url : optional.
    """

    name: str
    title: str
    publisher: str
    year: str
    place: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Uncertainty:
    """How far a number may be from the truth.

    Attributes
    ----------
    distribution : one of `DISTRIBUTIONS`.
    low, high : the ends (uniform, triangular), or the 5th and 95th percentile (normal, lognormal,
        beta); in the number's unit, or factors on the whole value where `relative`. NaN for fixed.
    relative : whether low and high multiply the value.
    group : numbers of one group are drawn together; empty for none.
    """

    distribution: str
    low: float = math.nan
    high: float = math.nan
    relative: bool = False
    group: str = ""


@dataclass(frozen=True)
class Evidence:
    """What stands behind one entry.

    Attributes
    ----------
    unit : in which the number is stated; empty where the entry has none of its own.
    grade : one of `GRADES`.
    sources : ids in parameters/sources.toml.
    uncertainty : how far it may be from the truth.
    price_year : financial year of a sum of money, such as 2024-25; empty for anything else.
    fitted_to : measures of parameters/published.csv that set this number.
    note : free text.
    """

    unit: str
    grade: str
    sources: tuple[str, ...]
    uncertainty: Uncertainty
    price_year: str = ""
    fitted_to: tuple[str, ...] = ()
    note: str = ""


def sources(root: Path) -> dict[str, Source]:
    """Every source in parameters/sources.toml, by id."""
    return sources_in(root / PARAMETERS / "sources.toml", root)


def sources_in(path: Path, root: Path) -> dict[str, Source]:
    """Every source in a file, by id."""
    where = Where(shown(path, root))
    found = {}
    for name, table in read_toml(path, root).items():
        here = where.at(name)
        needed = ("title", "publisher", "year", "place")
        check_keys(table, here, needed, ("note", "url"))
        texts = {key: str(text) if key == "year" else text for key, text in table.items()}
        for key, text in texts.items():
            check_text(text, here.at(key))
        found[name] = Source(name, **texts)
    return found


def check_uncertainty(table: object, where: Where, grade: str) -> Uncertainty:
    """An `uncertainty = {...}` entry, checked against itself and against the grade.

    Parameters
    ----------
    table : keys distribution, low, high, relative, group.
    where : place of the table.
    grade : of the evidence; only a definition or strong evidence may be `fixed`.
    """
    keys = ("low", "high", "relative", "group")
    given = check_keys(table, where, ("distribution",), keys)
    kind = check_choice(given["distribution"], where.at("distribution"), DISTRIBUTIONS, "kind")
    group = check_text(given.get("group", ""), where.at("group"), empty=True)
    relative = given.get("relative", False)
    if not isinstance(relative, bool):
        raise InputError(where.at("relative"), said(relative), "true or false")
    if kind == "fixed":
        _check_fixed(given, where, grade)
        return Uncertainty(kind, group=group)
    check_keys(given, where, ("distribution", "low", "high"), keys)
    low = check_number(given["low"], where.at("low"))
    high = check_number(given["high"], where.at("high"))
    if low >= high:
        remedy = "Where nothing is uncertain, write distribution = 'fixed'."
        raise InputError(where, f"low {low:g} and high {high:g}", "low below high", remedy)
    if (kind == "lognormal" or relative) and low <= 0:
        raise InputError(where.at("low"), f"{low:g}", f"above 0 ({kind}, relative = {relative})")
    if kind == "beta" and not relative and not (low >= 0 and high <= 1):
        raise InputError(where, f"low {low:g} and high {high:g}", "0 to 1 (beta)")
    if relative and not low <= 1 <= high:
        raise InputError(where, f"factors {low:g} to {high:g}", "a range with 1 in it (relative)")
    return Uncertainty(kind, low, high, relative, group)


def _check_fixed(given: Mapping[str, Any], where: Where, grade: str) -> None:
    if grade not in GRADES_THAT_MAY_BE_FIXED:
        raise InputError(
            where.at("distribution"),
            f"'fixed' with the grade {grade!r}",
            f"'fixed' only with the grade {' or '.join(GRADES_THAT_MAY_BE_FIXED)}",
            "Give a distribution with low and high.",
        )
    for key in ("low", "high", "relative"):
        if key in given:
            raise InputError(where.at(key), f"{key!r} in a fixed value", "no low, no high")


def check_in_range(uncertainty: Uncertainty, numbers: Iterable[float], where: Where) -> None:
    """Refuse a distribution that contradicts the value that it is about.

    Parameters
    ----------
    uncertainty : already checked against itself.
    numbers : every number of the value that low and high speak of.
    where : place of the uncertainty.
    """
    if uncertainty.distribution == "fixed" or uncertainty.relative:
        return
    for number in numbers:
        if not uncertainty.low <= number <= uncertainty.high:
            raise InputError(
                where,
                f"low {uncertainty.low:g} and high {uncertainty.high:g} around the value "
                f"{number:g}, which lies outside",
                "a range with the value in it",
                "Factors on the value need relative = true.",
            )


def check_price_year(entry: Mapping[str, Any], where: Where, money: bool) -> str:
    """The price year, which money must have and nothing else may."""
    found = entry.get("price_year", "")
    if not money and "price_year" in entry:
        raise InputError(where.at("price_year"), said(found), "no price year: this is no money")
    if not money:
        return ""
    match = PRICE_YEAR.fullmatch(found) if isinstance(found, str) else None
    if match is None or (int(match.group(1)) + 1) % 100 != int(match.group(2)):
        key = where if "price_year" not in entry else where.at("price_year")
        what = said(found) if found else "no price year"
        raise InputError(key, what, "a financial year such as '2024-25', for money")
    return str(found)


def check_evidence(
    entry: Mapping[str, Any],
    where: Where,
    known_sources: Collection[str],
    units: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> Evidence:
    """What stands behind an entry: unit, grade, sources, uncertainty, price year, fit and note.

    Only these keys are looked at; check with `check_keys` that there are no others, and with
    `check_in_range` that the value lies in its range.

    Parameters
    ----------
    entry : a table with the keys of `EVIDENCE_KEYS`, and unit, price_year, fitted_to, note, group.
    where : place of the entry.
    known_sources : ids in sources.toml.
    units : allowed units; None when an entry of this sort has no unit of its own.
    measures : allowed in fitted_to; None not to check them.
    """
    for key in EVIDENCE_KEYS + (("unit",) if units is not None else ()):
        if key not in entry:
            raise InputError(where, f"no key {key!r}", remedy=f"Add {key!r}.")
    unit = ""
    if units is not None:
        unit = check_choice(entry["unit"], where.at("unit"), units, "unit")
    grade = check_choice(entry["grade"], where.at("grade"), GRADES, "grade")
    cited = check_texts(entry["source"], where.at("source"))
    for source in cited:
        check_choice(source, where.at("source"), known_sources, "source")
    fitted_to: tuple[str, ...] = ()
    if "fitted_to" in entry:
        fitted_to = check_texts(entry["fitted_to"], where.at("fitted_to"))
    if measures is not None:
        for measure in fitted_to:
            check_choice(measure, where.at("fitted_to"), measures, "published measure")
    return Evidence(
        unit,
        grade,
        cited,
        _grouped(entry, where, grade),
        check_price_year(entry, where, unit.startswith(MONEY)),
        fitted_to,
        check_text(entry.get("note", ""), where.at("note"), empty=True),
    )


def _grouped(entry: Mapping[str, Any], where: Where, grade: str) -> Uncertainty:
    """The uncertainty of an entry, whose `group` may stand in it or beside it."""
    found = check_uncertainty(entry["uncertainty"], where.at("uncertainty"), grade)
    if "group" not in entry:
        return found
    group = check_text(entry["group"], where.at("group"))
    if found.group not in ("", group):
        raise InputError(where.at("group"), f"{group!r} and {found.group!r}", "one group")
    return replace(found, group=group)


__all__ = [
    "DISTRIBUTIONS",
    "EVIDENCE_KEYS",
    "GRADES",
    "MONEY",
    "Evidence",
    "Source",
    "Uncertainty",
    "check_choice",
    "check_evidence",
    "check_in_range",
    "check_keys",
    "check_number",
    "check_price_year",
    "check_text",
    "check_texts",
    "check_uncertainty",
    "read_toml",
    "said",
    "sources",
]
