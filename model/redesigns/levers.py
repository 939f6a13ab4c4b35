"""What a service lead can change, with today's value and the evidence behind it.

The list is `levers.toml`, beside this file: each lever names a parameter and how a redesign changes
it. This module holds no number of its own, runs nothing, and knows no screen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import Where, unknown
from model.explain import region, span
from model.parameters import Parameter, Parameters
from model.parameters.catalogue import spec_named
from model.parameters.values import dense
from model.scenarios.changes import change

FILE = Path(__file__).with_name("levers.toml")
DECISION, GUESS, EVIDENCE = "decision", "guess", "evidence"
SHARE = "share of "  # how the unit of a share begins
ONE = {
    "officers": "officer",
    "families": "family",
    "places": "place",
    "full-time equivalents": "full-time equivalent",
}
AS_NOW = "1 (as it is now)"
NEUTRAL = {"multiply": 1.0, "add": 0.0}


@dataclass(frozen=True)
class Lever:
    """One thing that can be changed.

    Attributes
    ----------
    name, group, label, help : for people.
    parameter, at, how : which number a change is about, and whether it is set, added to or
        multiplied, as a scenario file says it.
    kind : decision (asked, so without a range), guess (range from no change to twice the change)
        or evidence (within the range of the published evidence).
    unit : of the value that is given. step, least, most : of the control, not of the evidence.
    by_locality : whether localities can have values of their own.
    most_of : parameter whose number is the most. shows : the number of today that it moves.
    staff : grade whose salary the value is paid at; empty where it is not staff.
    why : why, unless the person says something better.
    """

    name: str
    group: str
    label: str
    help: str
    parameter: str
    how: str
    kind: str
    unit: str
    step: float
    why: str
    at: dict[str, list[str]] = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    by_locality: bool = False
    most_of: str = ""
    shows: str = ""
    staff: str = ""


@dataclass(frozen=True)
class Today:
    """What stands behind a lever in one area.

    Attributes
    ----------
    value : today's number of the lever's parameter; the mean where localities differ.
    by_locality : today's number in each locality; empty where it does not differ.
    says : today's number in words, with its unit. low, high : what the control allows.
    evidence_range : range of today's number in words. grade, sources, note : of its evidence.
    """

    value: float
    by_locality: dict[str, float]
    says: str
    low: float
    high: float
    evidence_range: str
    grade: str
    sources: tuple[str, ...]
    note: str


@cache
def levers() -> tuple[Lever, ...]:
    """Every lever, in the order of the pathway."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["lever"]
    return tuple(Lever(**row) for row in rows)


def lever_named(name: str) -> Lever:
    """The lever of this name.

    Raises
    ------
    InputError for an unknown name, with the nearest that there is.
    """
    known = {one.name: one for one in levers()}
    if name not in known:
        raise unknown(Where("the list of levers"), name, known, "lever")
    return known[name]


def today(lever: Lever, area: Parameters) -> Today:
    """Today's number behind a lever in an area, and how far the control may go."""
    entry = area[lever.parameter]
    by_locality = _in_localities(lever, entry, area)
    numbers = _numbers(lever, entry, area)
    low, high = _limits(lever, entry, area)
    shown = area[lever.shows] if lever.shows else entry
    return Today(
        value=float(np.nanmean(numbers)),
        by_locality=by_locality,
        says=_says(lever, shown, numbers, area),
        low=low,
        high=high,
        evidence_range=_range_of(shown),
        grade=shown.grade,
        sources=shown.sources,
        note=shown.note,
    )


def row_of(
    lever: Lever,
    steps: list[tuple[str, float]],
    area: Parameters,
    localities: tuple[str, ...] = (),
    why: str = "",
) -> dict[str, Any]:
    """A change as a scenario file states it.

    Parameters
    ----------
    steps : when ("2026-10-01" or "start + 6 months") and value, the first first.
    localities : where; empty for everywhere.

    Returns
    -------
    A table [[change]], its evidence and range filled in by the lever's kind.
    """
    entry = area[lever.parameter]
    row: dict[str, Any] = {"parameter": lever.parameter, "how": lever.how}
    if lever.at:
        row["at"] = {name: list(values) for name, values in lever.at.items()}
    if len(steps) == 1:
        row |= {"value": steps[0][1], "from": steps[0][0]}
    else:
        row["ramp"] = [[when, value] for when, value in steps]
    if localities:
        row["localities"] = list(localities)
    row["why"] = why or lever.why
    return row | _evidence(lever, entry, steps[-1][1], _base(lever, entry, area))


def matches(lever: Lever, row: dict[str, Any]) -> bool:
    """Whether a change is one that this lever makes."""
    same = row["parameter"] == lever.parameter and row["how"] == lever.how
    return same and row.get("at", {}) == lever.at


def _evidence(lever: Lever, entry: Parameter, value: float, base: float) -> dict[str, Any]:
    if lever.kind == DECISION:
        return {
            "grade": "definition",
            "source": ["own_judgement"],
            "uncertainty": {"distribution": "fixed"},
        }
    if lever.kind == EVIDENCE:
        limits = entry.uncertainty
        return {
            "grade": entry.grade,
            "source": list(entry.sources),
            "uncertainty": {
                "distribution": limits.distribution,
                "low": limits.low,
                "high": limits.high,
                **({"group": limits.group} if limits.group else {}),
            },
        }
    low, high = sorted((base, _twice(lever, base, value)))
    if low == high:
        low, high = low - lever.step, high + lever.step
    return {
        "grade": "assumption",
        "source": ["own_judgement"],
        "uncertainty": {"distribution": "triangular", "low": low, "high": high},
    }


def _twice(lever: Lever, base: float, value: float) -> float:
    """Where twice the change would lead, within what the control allows."""
    far = value * value if lever.how == "multiply" else base + 2.0 * (value - base)
    least = -np.inf if lever.least is None else lever.least
    most = np.inf if lever.most is None else lever.most
    if lever.how == "multiply":
        return float(round(far, 6))
    return float(round(min(max(far, least), most), 6))


def _base(lever: Lever, entry: Parameter, area: Parameters) -> float:
    """The value of a change that changes nothing."""
    if lever.how in NEUTRAL:
        return NEUTRAL[lever.how]
    return float(np.nanmean(_numbers(lever, entry, area)))


def _numbers(lever: Lever, entry: Parameter, area: Parameters) -> np.ndarray:
    """Today's numbers that the lever is about."""
    value = NEUTRAL.get(lever.how, 0.0)
    row = {
        "parameter": lever.parameter,
        "how": "set",
        "value": value,
        **({"at": lever.at} if lever.at else {}),
        "why": lever.why,
        "grade": "definition",
        "source": ["own_judgement"],
        "uncertainty": {"distribution": "fixed"},
    }
    asked = change(row, "levers", Where("the list of levers", lever.name), area.sources)
    spec = spec_named(lever.parameter)
    assert spec is not None
    today_now = dense(entry.value, spec, entry.by, area.area.localities)
    return np.atleast_1d(today_now[region(asked, spec, value, area.area.localities)]).ravel()


def _in_localities(lever: Lever, entry: Parameter, area: Parameters) -> dict[str, float]:
    if not lever.by_locality or lever.how == "multiply":
        return {}
    numbers = _numbers(lever, entry, area)
    places = area.area.localities
    return dict(zip(places, numbers.tolist(), strict=True)) if len(numbers) == len(places) else {}


def _limits(lever: Lever, entry: Parameter, area: Parameters) -> tuple[float, float]:
    if lever.kind == EVIDENCE:
        return float(entry.uncertainty.low), float(entry.uncertainty.high)
    most = float(area[lever.most_of].value) if lever.most_of else lever.most
    return (0.0 if lever.least is None else lever.least), (1.0 if most is None else most)


def said(lever: Lever, value: float) -> str:
    """A value of a lever as people say it: "+6 full-time equivalents", "30% of families"."""
    if lever.unit.startswith(SHARE):
        return f"{100 * value:.3g}% of {lever.unit.removeprefix(SHARE)}"
    unit = ONE.get(lever.unit, lever.unit) if abs(value) == 1 else lever.unit
    return f"{value:+g} {unit}" if lever.how == "add" else f"{value:g} {unit}"


def _written(numbers: np.ndarray, unit: str) -> str:
    if unit.startswith(SHARE):
        low, _, high = span(100 * numbers).partition(" to ")
        return f"{low}%{f' to {high}%' if high else ''} of {unit.removeprefix(SHARE)}"
    return f"{span(numbers)} {unit}"


def _says(lever: Lever, shown: Parameter, numbers: np.ndarray, area: Parameters) -> str:
    if not lever.shows:
        bare = lever.how == "multiply" and np.allclose(numbers, NEUTRAL["multiply"])
        return AS_NOW if bare else _written(numbers, shown.unit)
    spec = spec_named(shown.name)
    assert spec is not None
    every = dense(shown.value, spec, shown.by, area.area.localities)
    outcome = lever.at["outcome"][0]
    part = every[..., spec.outcomes_in(area.area.localities).index(outcome)]
    differs = ", by what the family is like" if len(np.unique(part[~np.isnan(part)])) > 1 else ""
    return _written(part, shown.unit) + differs


def _range_of(shown: Parameter) -> str:
    limits = shown.uncertainty
    if limits.distribution == "fixed":
        return "no range"
    return f"{limits.low:g} to {limits.high:g}{' times that' if limits.relative else ''}"


__all__ = ["Lever", "Today", "lever_named", "levers", "matches", "row_of", "said", "today"]
