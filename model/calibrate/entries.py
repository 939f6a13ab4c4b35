"""One estimated parameter, and what the returns could not tell.

An entry is shaped as a parameter file states it, so that it can stand in an area's file. Numbers
of records in notes are rounded as published counts are, and small ones are not given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.parameters.evidence import Uncertainty
from model.parameters.values import Bands, Shape
from model.uncertainty.distributions import Z_OF_TAIL

FEWEST_TO_NAME, ROUNDED_TO = 5, 5
MANY_EVENTS, SOME_EVENTS = 100, 20
LEAST_LOG_SD = 0.02  # files are kept by people: nothing counted from them is surer than this
DIGITS = 6


@dataclass(frozen=True)
class Entry:
    """An estimated parameter.

    Attributes
    ----------
    name : of the catalogue. value : as a parameter file states it for `by`.
    by : the attributes that it is nested by. unit : as the file states it.
    uncertainty : lognormal, relative. log_sd : its standard deviation as a logarithm.
    grade : "moderate" from 100 events on, else "weak". note : for the file.
    events : counted behind it (not rounded: it stays in memory).
    national_weight : share of the estimate that is the template's, 0 to 1.
    """

    name: str
    value: Any
    by: tuple[str, ...]
    unit: str
    uncertainty: Uncertainty
    log_sd: float
    grade: str
    note: str
    events: int
    national_weight: float


@dataclass(frozen=True)
class NotLearnt:
    """A parameter that stays as the template has it, and why."""

    name: str
    why: str


def entry(
    name: str,
    value: Any,
    by: tuple[str, ...],
    unit: str,
    log_sd: float,
    events: float,
    national_weight: float,
    note: str,
) -> Entry:
    """An entry with its grade, range and the part of the note that every entry has."""
    spread = max(log_sd if math.isfinite(log_sd) else 0.0, LEAST_LOG_SD)
    spread = math.hypot(spread, LEAST_LOG_SD)
    low, high = math.exp(-Z_OF_TAIL * spread), math.exp(Z_OF_TAIL * spread)
    uncertainty = Uncertainty("lognormal", round(low, 4), round(high, 4), relative=True)
    grade = "moderate" if events >= MANY_EVENTS else "weak"
    said = f"{note} From {said_count(events)}; {national_weight:.0%} of the weight is the"
    said += " template's."
    return Entry(
        name,
        as_stated(value),
        by,
        unit,
        uncertainty,
        spread,
        grade,
        said,
        round(events),
        national_weight,
    )


def set_by_definition(name: str, value: Any, by: tuple[str, ...], unit: str, note: str) -> Entry:
    """An entry that follows from how others are stated, such as a pace of 1."""
    fixed = Uncertainty("fixed")
    return Entry(name, as_stated(value), by, unit, fixed, 0.0, "definition", note, 0, 0.0)


def said_count(events: float) -> str:
    """A number of events as it may leave: rounded to 5, small ones not given."""
    if events < FEWEST_TO_NAME:
        return "fewer than 5 events"
    return f"about {released(events):,.0f} events"


def released(count: float) -> float:
    """A count as it may leave: rounded to 5; NaN below 5 (suppressed)."""
    if count < FEWEST_TO_NAME:
        return math.nan
    return float(ROUNDED_TO * round(count / ROUNDED_TO))


def as_stated(value: Any) -> Any:
    """A value as a TOML file writes it, numbers cut to six digits and splits adding up to 1."""
    if isinstance(value, Bands):
        shares = _adding_up(list(value.shares))
        found: dict[str, Any] = {f"edges_{value.unit}": list(value.edges), "shares": shares}
        if value.beyond is not None:
            found[f"beyond_{value.unit}"] = _cut(value.beyond)
        return found
    if isinstance(value, Shape):
        factors = {name: [_cut(one) for one in row] for name, row in value.factors.items()}
        return {f"edges_{value.unit}": list(value.edges), **factors}
    if isinstance(value, Mapping):
        numbers = list(value.values())
        if numbers and all(isinstance(one, float) for one in numbers):
            if abs(math.fsum(numbers) - 1) < 1e-9:
                numbers = _adding_up(numbers)
            return dict(zip(value, map(_cut, numbers), strict=True))
        return {str(name): as_stated(inner) for name, inner in value.items()}
    return _cut(value) if isinstance(value, float) else value


def _cut(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def _adding_up(shares: list[float]) -> list[float]:
    """Shares cut to six decimals, what is cut off given to the largest."""
    cut = [round(share, DIGITS) for share in shares]
    largest = max(range(len(cut)), key=lambda k: cut[k])
    cut[largest] = round(cut[largest] + 1 - math.fsum(cut), DIGITS)
    return cut
