"""The assumptions of both cases: parameters/money.toml, checked.

Each has a value, a unit, a range, a grade and a source. The module knows no result; the posts in
the same file are read by `model.scenarios.posts`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from model import root as project
from model.errors import InputError, Where, unknown
from model.parameters.evidence import (
    GRADES,
    Evidence,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    read_toml,
    said,
    sources,
)
from model.scenarios.posts import FILE, ON_COSTS, POSTS, Post, load_posts

CONFIDENCES = tuple(f"confidence_{number}" for number in range(1, 7))
SHARE, MONTHS, RATE, YEARS, CONFIDENCE = (
    "share",
    "months",
    "share per year",
    "years",
    "confidence grade",
)
NUMBERS: dict[str, str] = {
    "cash.in_house_share": SHARE,
    "cash.pay_share": SHARE,
    "cash.notice_months": MONTHS,
    "on_costs.share": SHARE,
    "discounting.to_year_30": RATE,
    "discounting.from_year_31": RATE,
    "discounting.sensitivity_to_year_30": RATE,
    "discounting.sensitivity_from_year_31": RATE,
    "benefits.deadweight": SHARE,
    "benefits.attribution": SHARE,
}
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "optimism.correction": (SHARE, CONFIDENCES),
    "optimism.confidence": (CONFIDENCE, GRADES),
    "optimism.age_of_confidence": (YEARS, CONFIDENCES[:-1]),
    "optimism.delay_months": (MONTHS, CONFIDENCES),
}
KEYS = ("value", "unit", "grade", "source", "uncertainty")
# Tables whose numbers a sensitivity moves by one factor, and the most that one of them can be.
MOVED_TOGETHER: dict[str, float] = {"optimism.correction": 1.0, "optimism.delay_months": math.inf}


@dataclass(frozen=True)
class Assumption:
    """One assumption: a number, or numbers by name, and what stands behind it."""

    name: str
    value: float | Mapping[str, float]
    evidence: Evidence


@dataclass(frozen=True)
class Assumptions:
    """All assumptions of both cases.

    Attributes
    ----------
    entries : by name, such as "cash.notice_months". posts : by grade of staff.
    """

    entries: Mapping[str, Assumption]
    posts: Mapping[str, Post]

    def number(self, name: str) -> float:
        """A number, in the unit that `NUMBERS` states."""
        value = self._named(name).value
        assert not isinstance(value, Mapping)
        return value

    def table(self, name: str) -> Mapping[str, float]:
        """Numbers by name, in the unit that `TABLES` states."""
        value = self._named(name).value
        assert isinstance(value, Mapping)
        return value

    def with_values(self, values: Mapping[str, float | Mapping[str, float]]) -> Assumptions:
        """The same assumptions with other values, such as {"benefits.deadweight": 0.1}.

        Raises
        ------
        InputError for an unknown name, or a value that cannot be.
        """
        entries = dict(self.entries)
        for name, value in values.items():
            now = self._named(name)
            whole = {**now.value, **value} if isinstance(value, Mapping) else value  # type: ignore[dict-item]
            checked = _value(name, whole, Where(FILE, f"{name}.value"))
            entries[name] = replace(now, value=checked)
        share = entries["on_costs.share"].value
        assert isinstance(share, float)
        posts = {grade: post.with_on_costs(share) for grade, post in self.posts.items()}
        return Assumptions(entries, posts)

    def ends(self, name: str) -> tuple[float, float] | None:
        """Low and high of a number; None where it is fixed."""
        uncertainty, value = self._named(name).evidence.uncertainty, self.number(name)
        if uncertainty.distribution == "fixed":
            return None
        scale = value if uncertainty.relative else 1.0
        return uncertainty.low * scale, uncertainty.high * scale

    def factors(self, name: str) -> tuple[float, float]:
        """Low and high of a table, as factors on its numbers; 1 and 1 where it is fixed."""
        uncertainty = self._named(name).evidence.uncertainty
        return (uncertainty.low, uncertainty.high) if uncertainty.relative else (1.0, 1.0)

    def register(self) -> pd.DataFrame:
        """Every assumption and post in one table: name, value, unit, low, high, relative, grade,
        source, price_year, note.
        """
        rows = []
        for name, one in self.entries.items():
            values = one.value if isinstance(one.value, Mapping) else {"": one.value}
            for key, value in values.items():
                rows.append(_row(".".join(filter(None, (name, key))), value, one.evidence))
        rows += [
            _row(f"{POSTS}.{post.grade}", post.salary_gbp, post.evidence)
            for post in self.posts.values()
        ]
        return pd.DataFrame(rows)

    def _named(self, name: str) -> Assumption:
        if name not in self.entries:
            raise unknown(Where(FILE), name, self.entries, "assumption")
        return self.entries[name]


def load(root: str | Path | None = None) -> Assumptions:
    """The assumptions of parameters/money.toml.

    Parameters
    ----------
    root : the project's folder; None for the usual one.

    Raises
    ------
    InputError
        For anything missing, unknown, without a source, or outside what it can be.
    """
    folder = project.find(root)
    path = folder / project.PARAMETERS / FILE
    groups = read_toml(path, folder)
    where = Where(project.shown(path, folder))
    names = (*NUMBERS, *TABLES)
    check_keys(groups, where, {name.split(".")[0] for name in names} | {POSTS})
    known = tuple(sources(folder))
    entries = {}
    for group, table in groups.items():
        if group != POSTS:
            last = [name.split(".")[1] for name in names if name.startswith(f"{group}.")]
            check_keys(table, where.at(group), last)
            for key in last:
                name = f"{group}.{key}"
                entries[name] = _assumption(name, table[key], where.at(name), known)
    return Assumptions(entries, load_posts(folder))


def _assumption(name: str, table: object, where: Where, known: tuple[str, ...]) -> Assumption:
    entry = check_keys(table, where, KEYS, ("note",))
    unit = NUMBERS[name] if name in NUMBERS else TABLES[name][0]
    evidence = check_evidence(entry, where, known, (unit,))
    value = _value(name, entry["value"], where.at("value"))
    if isinstance(value, float):
        check_in_range(evidence.uncertainty, [value], where.at("uncertainty"))
    return Assumption(name, value, evidence)


def _value(name: str, found: Any, where: Where) -> float | Mapping[str, float]:
    """The value once it has the shape and the limits of its unit."""
    if name in NUMBERS:
        most = 1.0 if NUMBERS[name] in (SHARE, RATE) else None
        return check_number(found, where, 0.0, most)
    unit, keys = TABLES[name]
    if not isinstance(found, Mapping):
        raise InputError(where, said(found), f"a number for each of {', '.join(keys)}")
    check_keys(dict(found), where, keys)
    least = 1.0 if unit == CONFIDENCE else 0.0
    most = {SHARE: 1.0, CONFIDENCE: float(len(CONFIDENCES))}.get(unit)
    return {key: check_number(found[key], where.at(key), least, most) for key in keys}


def _row(name: str, value: float, evidence: Evidence) -> dict[str, object]:
    return {
        "name": name,
        "value": value,
        "unit": evidence.unit,
        "low": evidence.uncertainty.low,
        "high": evidence.uncertainty.high,
        "relative": evidence.uncertainty.relative,
        "grade": evidence.grade,
        "source": ", ".join(evidence.sources),
        "price_year": evidence.price_year,
        "note": evidence.note,
    }


__all__ = ["NUMBERS", "ON_COSTS", "TABLES", "Assumption", "Assumptions", "load"]
