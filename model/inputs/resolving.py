"""An area's numbers under a scenario, date by date.

It lays the changes of a scenario onto dense arrays, each on its dates, and refuses those that
contradict each other, come too late or do nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, Where, unknown
from model.parameters import Parameters
from model.parameters.catalogue import DERIVED, Kind, Spec, spec_named
from model.parameters.values import NUMERIC, dense
from model.scenarios import Scenario, changed_values, run_dates
from model.scenarios.changes import Change, Value

Array = NDArray[np.float64]
LAID_ON = ("set", "multiply", "add", "odds_ratio")  # where several scenarios meet


@dataclass(frozen=True)
class DatedChange:
    """A change with the dates, within the run, from which each of its values is in force."""

    change: Change
    steps: tuple[tuple[date, Value], ...]

    def in_force(self, day: date) -> Value | None:
        """The value in force on a day; None before the first."""
        place = bisect_right([since for since, _ in self.steps], day)
        return self.steps[place - 1][1] if place else None


def dated(change: Change, start: date, horizon: date) -> DatedChange:
    """A change on its dates; steps before the start come in on the start."""
    steps: list[tuple[date, Value]] = []
    last = date.min
    for when, value in change.steps:
        day = run_dates.on(when, start)
        if day <= last:
            found = f"the step {when!s} on {day}, after one on {last}"
            raise InputError(change.where.at("ramp"), found, "dates in rising order")
        if day >= horizon:
            found = run_dates.said_on(when, start) + f", for a run that ends on {horizon}"
            remedy = "Run more years, or let it begin earlier."
            raise InputError(change.where.at("from"), found, "a date before the end", remedy)
        last = day
        steps = [step for step in steps if step[0] > start] if day <= start else steps
        steps.append((max(day, start), value))
    spec = spec_named(change.parameter)
    assert spec is not None
    if spec.whole_run and (len(steps) > 1 or steps[0][0] > start):
        found = f"{spec.name} from {steps[-1][0]}"
        allowed = "no later date than the start: it is read once, as a run starts"
        raise InputError(change.where.at("from"), found, allowed)
    return DatedChange(change, tuple(steps))


def check_conflicts(plan: Scenario) -> None:
    """No two changes may `set` the same part: both stay in force once they have begun."""
    sets = [change for change in plan.changes if change.how == "set"]
    for place, one in enumerate(sets):
        for other in sets[:place]:
            spec = spec_named(one.parameter)
            assert spec is not None
            if one.parameter == other.parameter and changed_values.overlap(one, other, spec):
                raise InputError(
                    one.where,
                    f"{one.parameter} set in {one.scenario!r} ({one.where.key}) and also set in "
                    f"{other.scenario!r} ({other.where.key})",
                    "one scenario that sets the same part",
                    "Write one change, with a ramp or a table of shares where there are several.",
                )
    check_order(plan)


def check_order(plan: Scenario) -> None:
    """No two scenarios may add to, or multiply, different shares of one split.

    The rest of the split gives way to each in turn, so that the order would tell.
    """
    for how in ("add", "multiply"):
        own = [change for change in plan.changes if change.how == how]
        for place, one in enumerate(own):
            spec = spec_named(one.parameter)
            assert spec is not None
            for other in own[:place]:
                apart = one.parameter != other.parameter or one.scenario == other.scenario
                if apart or spec.kind is not Kind.SPLIT or same_outcomes(one, other):
                    continue
                if changed_values.overlap(one, other, spec):
                    raise InputError(
                        one.where,
                        f"different shares of {one.parameter} to {how} in {one.scenario!r} and "
                        f"in {other.scenario!r} ({other.where.key})",
                        "changes that come to the same in any order",
                        "Write odds ratios, which do.",
                    )


def same_outcomes(one: Change, other: Change) -> bool:
    """Whether two changes are about the same shares of a split."""
    return changed_values.named_outcomes(one) == changed_values.named_outcomes(other)


def arrays(
    known: Parameters, changes: list[DatedChange], dates: tuple[date, ...], held: bool
) -> dict[str, Array]:
    """Every numeric parameter by epoch, changed where the scenario says so.

    With `held` a number stays within what is possible, and a change may come to nothing.
    """
    localities = known.area.localities
    found: dict[str, Array] = {}
    for name, parameter in known.items():
        spec = spec_named(name)
        assert spec is not None
        if spec.kind in NUMERIC:
            found[name] = dense(parameter.value, spec, parameter.by, localities)[None]
    for name in dict.fromkeys(one.change.parameter for one in changes):
        if name not in known:
            where = next(one.change.where for one in changes if one.change.parameter == name)
            raise unknown(where.at("parameter"), name, known, "parameter")
        own = in_order([one for one in changes if one.change.parameter == name])
        found[name] = _changed(found[name][0], own, dates, localities, held)
    return found


def in_order(own: list[DatedChange]) -> list[DatedChange]:
    """Changes of one parameter in the order in which they are laid on.

    Those of one scenario as its file has them. Where several scenarios meet, what is set comes
    first, then what is multiplied, added, and changed by odds ratios, so that the order in which
    the scenarios are named changes nothing.
    """
    if len({one.change.scenario for one in own}) == 1:
        return own
    return sorted(own, key=lambda one: LAID_ON.index(one.change.how))


def _changed(
    usual: Array,
    own: list[DatedChange],
    dates: tuple[date, ...],
    localities: tuple[str, ...],
    held: bool,
) -> Array:
    """A parameter by epoch after its changes, each of which must make a difference."""
    spec = spec_named(own[0].change.parameter)
    assert spec is not None

    def after(changes: list[DatedChange]) -> Array:
        return np.stack([_on(usual, spec, changes, day, localities, held) for day in dates])

    changed = after(own)
    if held:
        return changed
    _check_difference(changed, usual[None], own[-1].change)
    for one in own if len(own) > 1 else []:
        try:
            without = after([other for other in own if other is not one])
        except InputError:
            continue  # without it the others are impossible: it does make a difference
        _check_difference(changed, without, one.change)
    return changed


def _on(
    usual: Array,
    spec: Spec,
    own: list[DatedChange],
    day: date,
    localities: tuple[str, ...],
    held: bool,
) -> Array:
    array = usual
    for one in own:
        value = one.in_force(day)
        if value is not None:
            array = changed_values.apply(array, spec, one.change, value, localities, held)
    return array


def _check_difference(changed: Array, before: Array, change: Change) -> None:
    if np.allclose(changed, before, rtol=1e-12, atol=0, equal_nan=True):
        raise InputError(
            change.where,
            f"a change of {change.parameter} that does nothing: it equals the baseline, or is "
            "overruled, on every date",
            "a value that differs from the baseline",
            "Take the change out, or correct its value.",
        )


def derive(arrays: dict[str, Array], known: Parameters, plan: Scenario, held: bool) -> None:
    """Shares that are one number over another, such as that of officers who adopt."""
    for name, (top, bottom) in DERIVED.items():
        part, whole = np.broadcast_arrays(arrays[top], arrays[bottom])
        if held:
            part = np.minimum(part, whole)
        if (part > whole).any():
            worst = int(np.argmax((part - whole).reshape(len(part), -1).max(axis=1)))
            responsible = [one.where for one in plan.changes if one.parameter in (top, bottom)]
            where = responsible[-1] if responsible else Where(known[top].file, top)
            found = f"{part[worst]:g} in {top}, of {whole[worst]:g} in {bottom}"
            raise InputError(where, found, "no more than there are", f"Lower {top}.")
        arrays[name] = np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def apply_odds(arrays: dict[str, Array], localities: tuple[str, ...]) -> None:
    """The odds ratios of decisions, worked into the splits that they are about."""
    for name in [name for name in arrays if name.startswith("odds_ratio.")]:
        stage = name.removeprefix("odds_ratio.")
        ratios, spec = arrays[name], spec_named(f"{stage}.ends")
        lever = spec_named(name)
        if spec is None or lever is None or (ratios == 1).all():
            continue
        shares = arrays[spec.name]
        every = np.ones((*ratios.shape[:-1], len(spec.outcomes)))
        every[..., [spec.outcomes.index(outcome) for outcome in lever.outcomes]] = ratios
        sizes = [len(localities) if dim in lever.dims else 1 for dim in spec.dims]
        every = every.reshape(len(ratios), *sizes, len(spec.outcomes))
        arrays[spec.name] = changed_values.weighted_by_odds(shares, every)
