"""Changes laid onto numbers: which part of an array a change is about, and what it makes of it.

It knows arrays, outcomes and changes; dates are settled by `model.inputs`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, Where, listed, unknown
from model.parameters.catalogue import WITH_OUTCOMES, Kind, Spec, values_of
from model.scenarios.changes import Change, Value

Array = NDArray[np.float64]
ROUNDING = 1e-9
SMALLEST_RATIO = float(np.nextafter(0, 1))


def weighted_by_odds(shares: Array, ratios: Array) -> Array:
    """Shares after the odds of each outcome are multiplied.

    Each share is weighted by its ratio and the weights are scaled to add up to 1, so that the
    odds of an outcome against any with the ratio 1 change by exactly its ratio, in any order.

    Parameters
    ----------
    shares : shape (..., outcomes), adding up to 1 along the last axis.
    ratios : broadcastable to the same shape, above 0.
    """
    weights = shares * ratios
    return weights / weights.sum(axis=-1, keepdims=True)


def overlap(one: Change, other: Change, spec: Spec) -> bool:
    """Whether two changes are about the same part of a parameter, shares of one split included."""
    for dim in one.at.keys() & other.at.keys():
        if dim == "outcome" and spec.kind is Kind.SPLIT:
            continue
        if not set(one.at[dim]) & set(other.at[dim]):
            return False
    if one.localities and other.localities and not set(one.localities) & set(other.localities):
        return False
    ours, theirs = named_outcomes(one), named_outcomes(other)
    apart = bool(ours and theirs and not ours & theirs)
    return spec.kind is Kind.SPLIT or not apart


def named_outcomes(change: Change) -> set[str]:
    """Outcomes that a change names, in `at` or as a table; empty for all."""
    tables = [set(value) for _, value in change.steps if isinstance(value, dict)]
    return set(change.at.get("outcome", ())).union(*tables)


def apply(
    array: Array,
    spec: Spec,
    change: Change,
    value: Value,
    localities: tuple[str, ...],
    held: bool = False,
) -> Array:
    """A parameter's array after one change.

    Parameters
    ----------
    array : shape `values.shape_of(spec, localities)`; left as it is.
    value : of the step in force: one number, or one for each of some outcomes.
    localities : the area's, in order.
    held : keep a number that would be impossible at the end of what is possible.

    Raises
    ------
    InputError
        When the result is impossible, naming the change.
    """
    changed = array.copy()
    region = np.ix_(*positions(spec, change, localities)) if spec.dims else ()
    if spec.kind in WITH_OUTCOMES:
        block = changed[region] if region else changed
        new = _outcomes(block, spec, change, value, localities, held)
    else:
        assert not isinstance(value, dict)
        block = changed[region] if region else changed
        new = _changed(block, change.how, value)
    if region:
        changed[region] = new
    else:
        changed = np.asarray(new, dtype=np.float64)
    return possible(held_within(changed, spec) if held else changed, spec, change.where)


def positions(spec: Spec, change: Change, localities: tuple[str, ...]) -> Iterator[list[int]]:
    """For each dimension, the positions that a change is about."""
    for dim in spec.dims:
        names = values_of(dim, localities)
        chosen = change.localities if dim == "locality" else change.at.get(dim, ())
        for name in chosen:
            if name not in names:
                key = "localities" if dim == "locality" else f"at.{dim}"
                raise unknown(change.where.at(key), name, names, dim)
        yield [names.index(name) for name in chosen or names]


def _changed(block: Array, how: str, value: float) -> Array:
    """Numbers after a change that says nothing of outcomes."""
    if how == "multiply":
        return np.asarray(block * value)
    if how == "add":
        return np.asarray(block + value)
    if how == "odds_ratio":
        return np.asarray(block * value / (1 - block + block * value))
    return np.full_like(block, value)


def _outcomes(
    block: Array,
    spec: Spec,
    change: Change,
    value: Value,
    localities: tuple[str, ...],
    held: bool,
) -> Array:
    """Numbers by outcome (last axis) after a change; a split keeps its sum of 1."""
    names = spec.outcomes_in(localities)
    if not isinstance(value, dict):
        value = dict.fromkeys(change.at.get("outcome", names), value)
    for name in value:
        if name not in names:
            raise unknown(change.where.at("at.outcome"), name, names, "outcome")
    columns = [names.index(name) for name in value]
    numbers = np.array(list(value.values()), dtype=np.float64)
    if np.isnan(block[..., columns]).any():
        found = f"a number that the area does not state ({listed(value)} in {spec.name})"
        raise InputError(change.where, found, "a part of the value that is there to change")
    if change.how == "odds_ratio":
        ratios = np.ones(len(names))
        ratios[columns] = numbers
        return weighted_by_odds(block, ratios)
    new = block.copy()
    for column, number in zip(columns, numbers, strict=True):
        new[..., column] = _changed(block[..., column], change.how, number)
    if spec.kind is not Kind.SPLIT:
        return new
    if held:
        named = np.clip(new[..., columns], 0.0, 1.0)
        new[..., columns] = named / np.maximum(named.sum(axis=-1, keepdims=True), 1.0)
    return _rescaled(new, columns, change.where)


def _rescaled(shares: Array, columns: list[int], where: Where) -> Array:
    """Shares that add up to 1 again: those not named share what is left, in their proportions."""
    rest = [column for column in range(shares.shape[-1]) if column not in columns]
    named = shares[..., columns].sum(axis=-1)
    others = shares[..., rest].sum(axis=-1)
    left = 1 - named
    if (left < -ROUNDING).any() or (shares[..., columns] < -ROUNDING).any():
        found = f"shares that come to {named.max():.4g}"
        raise InputError(where, found, "shares of at least 0 that add up to at most 1")
    if ((others <= ROUNDING) & (left > ROUNDING)).any():
        remedy = "Write all shares: value = { outcome = share, ... }."
        raise InputError(where, "nothing to take up the rest of the split", "a sum of 1", remedy)
    left = np.where(left < ROUNDING, 0.0, left)
    factor = np.divide(left, others, out=np.zeros_like(others), where=others > 0)
    shares[..., rest] *= factor[..., None]
    return shares


def held_within(array: Array, spec: Spec) -> Array:
    """The numbers, each at the end of what its kind allows where it would be beyond it."""
    if spec.kind in (Kind.SHARE, Kind.SPLIT):
        return np.clip(array, 0.0, 1.0)
    if spec.kind in (Kind.RATIO, Kind.RATIOS):
        return np.maximum(array, SMALLEST_RATIO)
    array = array.copy() if spec.least is None else np.maximum(array, spec.least)
    ordered = [spec.outcomes.index(name) for name in spec.at_least_in_order]
    if ordered:
        array[..., ordered] = np.maximum.accumulate(array[..., ordered], axis=-1)
    return array


def possible(array: Array, spec: Spec, where: Where) -> Array:
    """The numbers, freed of rounding, once a parameter of this kind can have them."""
    least, most, what = spec.least, np.inf, f"at least {spec.least}"
    if spec.kind in (Kind.SHARE, Kind.SPLIT):
        least, most, what = 0.0, 1.0, "a share of 0 to 1"
    if spec.kind in (Kind.RATIO, Kind.RATIOS):
        least, what = SMALLEST_RATIO, "a ratio above 0"
    if least is not None and least != SMALLEST_RATIO:
        array = np.where((array < least) & (array > least - ROUNDING), least, array)
    array = np.where((array > most) & (array < most + ROUNDING), most, array)
    lowest, highest = np.nanmin(array), np.nanmax(array)
    too_low = least is not None and lowest < least
    if too_low or highest > most:
        found = f"{spec.name} would become {lowest if too_low else highest:.6g}"
        remedy = "Change it by less, or by an odds ratio." if most == 1 else ""
        raise InputError(where, found, what, remedy)
    ordered = [spec.outcomes.index(name) for name in spec.at_least_in_order]
    if ordered and (np.diff(array[..., ordered]) < 0).any():
        raise InputError(where, f"{spec.name} out of order", listed(spec.at_least_in_order))
    return array
