"""The value of one parameter: checked against its kind, and laid out as a dense array.

It knows the catalogue and nothing of files, evidence, scenarios or dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, Where, listed, unknown
from model.parameters.catalogue import WITH_OUTCOMES, Kind, Spec, values_of
from model.parameters.reading import check_keys, check_number, check_text, said

SUM_TOLERANCE = 1e-6
EDGES = "edges_"
BEYOND = "beyond_"
BAND_UNITS: tuple[str, ...] = ("minutes", "working_days", "days", "weeks", "years")
NUMERIC = (
    Kind.NUMBER,
    Kind.SHARE,
    Kind.RATIO,
    Kind.SPLIT,
    Kind.YEARLY,
    Kind.RATIOS,
    Kind.COUNTS,
)


@dataclass(frozen=True)
class Bands:
    """Shares of stays by how long they lasted.

    Attributes
    ----------
    edges : starts of the bands in `unit`, from 0; and the end of the last one when it is closed.
    unit : one of `BAND_UNITS`.
    shares : one for each band, adding up to 1.
    beyond : mean time beyond the last edge in `unit`, for an open last band; None when closed.
    """

    edges: tuple[float, ...]
    unit: str
    shares: tuple[float, ...]
    beyond: float | None


@dataclass(frozen=True)
class Shape:
    """How rates differ with the time already spent in a stage.

    Attributes
    ----------
    edges : starts of the time bands in `unit`, from 0; the last band has no end.
    unit : one of `BAND_UNITS`.
    factors : by outcome, in the catalogue's order: one factor for each band.
    """

    edges: tuple[float, ...]
    unit: str
    factors: dict[str, tuple[float, ...]]


def check_value(
    raw: object, spec: Spec, by: tuple[str, ...], localities: tuple[str, ...], where: Where
) -> Any:
    """A value as the model holds it: nested by the attributes of `by`, then the kind's own leaf.

    A leaf is a float (number, share, ratio), a dict of floats in the catalogue's order (split,
    yearly, ratios, counts), `Bands`, `Shape`, a text or a date.

    Raises
    ------
    InputError
        Naming the key inside the value, what was found, what is allowed, the nearest name.
    """
    if not by:
        return LEAVES[spec.kind](raw, spec, localities, where)
    names = values_of(by[0], localities)
    table = _exactly(raw, names, where, f"value of {by[0]!r}")
    return {
        name: check_value(table[name], spec, by[1:], localities, where.at(name)) for name in names
    }


def _exactly(
    raw: object, names: tuple[str, ...], where: Where, what: str, some: bool = False
) -> dict[str, Any]:
    """The table, once its keys are exactly these names (or, with `some`, a part of them)."""
    if not isinstance(raw, dict):
        raise InputError(where, said(raw), f"a table with {listed(names)}")
    for key in raw:
        if key not in names:
            raise unknown(where.at(key), key, names, what)
    missing = [] if some else [name for name in names if name not in raw]
    if missing:
        raise InputError(where, f"no {what} {listed(map(repr, missing))}", listed(names))
    return raw


def _number(raw: object, spec: Spec, _: tuple[str, ...], where: Where) -> float:
    return check_number(raw, where, spec.least)


def _share(raw: object, _: Spec, __: tuple[str, ...], where: Where) -> float:
    return check_number(raw, where, 0.0, 1.0)


def _ratio(raw: object, _: Spec, __: tuple[str, ...], where: Where) -> float:
    number = check_number(raw, where, 0.0)
    if number == 0:
        raise InputError(where, "0", "a ratio above 0")
    return number


def _outcomes(raw: object, spec: Spec, localities: tuple[str, ...], where: Where) -> dict:
    """A number for each outcome; splits must add up, counts may have to rise."""
    names = spec.outcomes_in(localities)
    table = _exactly(raw, names, where, "outcome", spec.some_outcomes)
    one: Callable[..., float] = {Kind.SPLIT: _share, Kind.RATIOS: _ratio}.get(spec.kind, _number)
    leaf = {
        name: one(table[name], spec, localities, where.at(name)) for name in names if name in table
    }
    total = sum(leaf.values())
    if spec.kind is Kind.SPLIT and abs(total - 1) > SUM_TOLERANCE:
        raise InputError(where, f"shares that add up to {total:.6g}", "shares that add up to 1")
    check_order(leaf, spec, where)
    return leaf


def check_order(leaf: dict[str, float], spec: Spec, where: Where) -> None:
    """Refuse numbers that fall where the catalogue says that they must not."""
    ordered = spec.at_least_in_order
    for before, after in pairwise(ordered):
        if leaf[after] < leaf[before]:
            found = f"{leaf[after]:g} in {after!r}, below {before!r} ({leaf[before]:g})"
            raise InputError(where.at(after), found, f"{listed(ordered)} in rising order")


def _edges(table: dict[str, Any], where: Where) -> tuple[tuple[float, ...], str]:
    """The edges and their unit, from the one key `edges_<unit>`."""
    keys = [key for key in table if key.startswith(EDGES)]
    allowed = listed(EDGES + unit for unit in BAND_UNITS)
    if len(keys) != 1:
        raise InputError(where, f"{len(keys)} keys that start with {EDGES!r}", f"one of {allowed}")
    unit = keys[0].removeprefix(EDGES)
    if unit not in BAND_UNITS:
        raise unknown(where.at(keys[0]), keys[0], (EDGES + unit for unit in BAND_UNITS), "key")
    edges = _numbers(table[keys[0]], where.at(keys[0]))
    if edges[0] != 0 or any(b <= a for a, b in pairwise(edges)):
        raise InputError(where.at(keys[0]), said(list(edges)), "edges that start at 0 and rise")
    return edges, unit


def _numbers(raw: object, where: Where, most: float | None = None) -> tuple[float, ...]:
    if not isinstance(raw, list) or not raw:
        raise InputError(where, said(raw), "a list of numbers")
    return tuple(check_number(one, where, 0.0, most) for one in raw)


def _bands(raw: object, _: Spec, __: tuple[str, ...], where: Where) -> Bands:
    if isinstance(raw, Bands):
        beyond_key = {} if raw.beyond is None else {BEYOND + raw.unit: raw.beyond}
        raw = {EDGES + raw.unit: list(raw.edges), "shares": list(raw.shares)} | beyond_key
    if not isinstance(raw, dict):
        raise InputError(where, said(raw), "a table with edges and shares")
    edges, unit = _edges(raw, where)
    check_keys(raw, where, (EDGES + unit, "shares"), (BEYOND + unit,))
    shares = _numbers(raw["shares"], where.at("shares"), most=1.0)
    open_ended = BEYOND + unit in raw
    needed = len(edges) if open_ended else len(edges) - 1
    if len(shares) != needed:
        raise InputError(
            where.at("shares"),
            f"{len(shares)} shares",
            f"{needed}: one for each of the {len(edges)} edges of an open-ended list (with "
            f"{BEYOND}{unit}), or one fewer when the last edge ends the last band",
        )
    if abs(sum(shares) - 1) > SUM_TOLERANCE:
        raise InputError(where.at("shares"), f"a sum of {sum(shares):.6g}", "a sum of 1")
    beyond = check_number(raw[BEYOND + unit], where.at(BEYOND + unit), 0.0) if open_ended else None
    if beyond == 0:
        raise InputError(where.at(BEYOND + unit), "0", f"mean {unit} beyond the last edge, above 0")
    return Bands(edges, unit, shares, beyond)


def _shape(raw: object, spec: Spec, localities: tuple[str, ...], where: Where) -> Shape:
    names = spec.outcomes_in(localities)
    if isinstance(raw, Shape):
        raw = {EDGES + raw.unit: list(raw.edges)} | {k: list(v) for k, v in raw.factors.items()}
    if not isinstance(raw, dict):
        raise InputError(where, said(raw), f"a table with edges and {listed(names)}")
    edges, unit = _edges(raw, where)
    rest = {key: raw[key] for key in raw if key != EDGES + unit}
    _exactly(rest, names, where, "outcome")
    factors = {name: _numbers(rest[name], where.at(name)) for name in names}
    for name, row in factors.items():
        if len(row) != len(edges):
            found = f"{len(row)} factors for {len(edges)} edges"
            raise InputError(where.at(name), found, "one factor for each edge")
    return Shape(edges, unit, factors)


def _text(raw: object, _: Spec, __: tuple[str, ...], where: Where) -> str:
    return check_text(raw, where)


def _date(raw: object, _: Spec, __: tuple[str, ...], where: Where) -> date:
    if type(raw) is not date:
        raise InputError(where, said(raw), "a date such as 2025-03-31, without quotes")
    return raw


LEAVES: dict[Kind, Callable[[object, Spec, tuple[str, ...], Where], Any]] = {
    Kind.NUMBER: _number,
    Kind.SHARE: _share,
    Kind.RATIO: _ratio,
    Kind.SPLIT: _outcomes,
    Kind.YEARLY: _outcomes,
    Kind.RATIOS: _outcomes,
    Kind.COUNTS: _outcomes,
    Kind.BANDS: _bands,
    Kind.SHAPE: _shape,
    Kind.TEXT: _text,
    Kind.DATE: _date,
}


def leaves(value: Any, depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every leaf of a checked value, with the attribute values that lead to it.

    `depth` is how many attributes it is nested by.
    """
    if depth == 0:
        yield (), value
        return
    for name, inner in value.items():
        for path, leaf in leaves(inner, depth - 1):
            yield (name, *path), leaf


def numbers(leaf: Any) -> Iterator[tuple[str, float]]:
    """Every number in a leaf with its name there: an outcome, a band, or nothing."""
    if isinstance(leaf, float):
        yield "", leaf
    elif isinstance(leaf, dict):
        yield from leaf.items()
    elif isinstance(leaf, Bands):
        yield from zip(band_names(leaf.edges, leaf.unit), leaf.shares, strict=False)
        if leaf.beyond is not None:
            yield f"{BEYOND}{leaf.unit}", leaf.beyond
    elif isinstance(leaf, Shape):
        names = band_names(leaf.edges, leaf.unit)
        for outcome, row in leaf.factors.items():
            for name, factor in zip(names, row, strict=True):
                yield f"{outcome}.{name}", factor


def band_names(edges: tuple[float, ...], unit: str) -> list[str]:
    """Names of time bands, such as `0_to_5_weeks`, the last one `5_weeks_on`."""
    closed = [f"{a:g}_to_{b:g}_{unit}" for a, b in pairwise(edges)]
    return [*closed, f"{edges[-1]:g}_{unit}_on"]


def shape_of(spec: Spec, localities: tuple[str, ...]) -> tuple[int, ...]:
    """The shape of a parameter's dense array: its dimensions, then its outcomes if it has any."""
    dims = tuple(len(values_of(dim, localities)) for dim in spec.dims)
    return dims + ((len(spec.outcomes_in(localities)),) if spec.kind in WITH_OUTCOMES else ())


def dense(
    value: Any, spec: Spec, by: tuple[str, ...], localities: tuple[str, ...]
) -> NDArray[np.float64]:
    """A numeric value as an array over all of its declared dimensions, and its outcomes last.

    Dimensions that the value leaves out are repeated; an outcome that it leaves out is NaN.

    Returns
    -------
    float64 array, shape `shape_of(spec, localities)`.
    """
    names = spec.outcomes_in(localities) if spec.kind in WITH_OUTCOMES else ()
    given = [
        [leaf.get(name, np.nan) for name in names] if names else leaf
        for _, leaf in leaves(value, len(by))
    ]
    tail = (len(names),) if names else ()
    own = tuple(len(values_of(dim, localities)) if dim in by else 1 for dim in spec.dims)
    array = np.array(given, dtype=np.float64).reshape(own + tail)
    return np.broadcast_to(array, shape_of(spec, localities)).copy()
