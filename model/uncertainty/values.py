"""One draw of a value: what a factor, or a number from a range, makes of each kind of value.

| kind                          | a factor f                                                       |
|-------------------------------|------------------------------------------------------------------|
| number, ratio, counts, yearly | every number times f                                             |
| share                         | its odds times f, so that it stays a share                       |
| split                         | each outcome's weight times a factor of its own, scaled to sum 1 |
| bands                         | every time times f: all stays longer or shorter                  |
| shape                         | the first band's rates times f, the last's over f, evenly between|

A range that is no factor gives the number itself, or the one that the catalogue's `range_of`
names. It knows the catalogue and neither files nor scenarios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from model.parameters.catalogue import Kind, Spec
from model.parameters.evidence import Uncertainty
from model.parameters.values import Bands, Shape
from model.uncertainty.distributions import quantile

Uniform = Callable[[str], float]


def addresses(
    name: str, spec: Spec, uncertainty: Uncertainty, localities: tuple[str, ...]
) -> list[str]:
    """The addresses of the numbers from 0 to 1 that one draw of a parameter needs."""
    if uncertainty.distribution == "fixed":
        return []
    group = uncertainty.group or name
    if spec.kind is Kind.SPLIT:
        return [f"{group}.{outcome}" for outcome in spec.outcomes_in(localities)]
    return [group]


def drawn(
    name: str, value: Any, depth: int, spec: Spec, uncertainty: Uncertainty, at: Uniform
) -> Any:
    """A value of one draw, shaped as the value in force.

    Parameters
    ----------
    name : of the parameter. value : in force, nested by `depth` attributes; the same numbers from
        0 to 1 hold for every combination of them, so that patterns between attributes stay.
    at : the number from 0 to 1 at an address (`addresses`).
    """
    if depth:
        return {
            key: drawn(name, inner, depth - 1, spec, uncertainty, at)
            for key, inner in value.items()
        }
    group = uncertainty.group or name
    if spec.kind is Kind.SPLIT:
        factors = {
            outcome: quantile(uncertainty, at(f"{group}.{outcome}"), 1.0) for outcome in value
        }
        return weighted(value, factors)
    if not uncertainty.relative:
        return _from_range(value, spec, uncertainty, at(group))
    factor = quantile(uncertainty, at(group), 1.0)
    if isinstance(value, Bands):
        beyond = None if value.beyond is None else value.beyond * factor
        return replace(value, edges=tuple(edge * factor for edge in value.edges), beyond=beyond)
    if isinstance(value, Shape):
        return tilted(value, factor)
    if isinstance(value, dict):
        return {outcome: within(number * factor, spec) for outcome, number in value.items()}
    if spec.kind is Kind.SHARE:
        return value * factor / (1.0 - value + value * factor)
    return within(value * factor, spec)


def _from_range(value: Any, spec: Spec, uncertainty: Uncertainty, u: float) -> Any:
    """A number from its own range; the others of a leaf stay."""
    if not isinstance(value, dict):
        return within(quantile(uncertainty, u, value), spec)
    changed = quantile(uncertainty, u, value[spec.range_of])
    return value | {spec.range_of: within(changed, spec)}


def within(number: float, spec: Spec) -> float:
    """The number, or the end of what its kind allows."""
    if spec.least is not None:
        number = max(number, spec.least)
    return min(number, 1.0) if spec.kind in (Kind.SHARE, Kind.SPLIT) else number


def weighted(shares: dict[str, float], factors: dict[str, float]) -> dict[str, float]:
    """Shares times their factors, scaled to add up to what they added up to."""
    weights = {outcome: share * factors[outcome] for outcome, share in shares.items()}
    scale = sum(shares.values()) / sum(weights.values())
    return {outcome: weight * scale for outcome, weight in weights.items()}


def tilted(shape: Shape, factor: float) -> Shape:
    """A shape with more of its events early (a factor above 1) or late (below 1)."""
    last = max(len(shape.edges) - 1, 1)
    tilt = [factor ** (1.0 - 2.0 * band / last) for band in range(len(shape.edges))]
    rows = {
        outcome: tuple(one * by for one, by in zip(row, tilt, strict=True))
        for outcome, row in shape.factors.items()
    }
    return replace(shape, factors=rows)
