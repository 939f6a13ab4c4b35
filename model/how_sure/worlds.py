"""The same comparison in another world: one assumption moved, or every effect made weaker.

It makes runs ready (`simulate.Prepared`) and runs none. What is known of today holds in every
world, as it does in a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model import network
from model.how_sure.assumptions import CHANGE, FITTED, KNOB, PARAMETER, PROGRAMME, Assumption
from model.inputs import resolve
from model.parameters import Parameters
from model.parameters.catalogue import Kind, spec_named
from model.parameters.evidence import Uncertainty
from model.scenarios import Scenario
from model.scenarios.changes import Change
from model.simulate import Prepared, in_world
from model.turning import turned
from model.uncertainty import (
    NEUTRAL,
    At,
    Draw,
    drawn_parameters,
    drawn_scenario,
    drawn_unit_costs,
)
from model.uncertainty.distributions import quantile
from model.uncertainty.values import addresses, weighted

LOW, HIGH = 0.1, 0.9  # of an assumption's own distribution: the 80% that ranges hold
EFFECT, RATIO = "effect.", "ratio"
WEAKENED = ("multiply", "odds_ratio", "add")


@dataclass(frozen=True)
class Everywhere(Draw):
    """A draw in which every number stands at the same place of its range."""

    place: float = 0.5

    def at(self, names: Iterable[str]) -> At:
        """The same number for every address."""
        return lambda _name: self.place


def moved(plans: Sequence[Prepared], assumption: Assumption, place: float) -> list[Prepared]:
    """The same runs with one assumption at a place of its range; all else at its central value.

    Parameters
    ----------
    plans : from `simulate.prepare_together`. place : from 0 to 1, such as `LOW` or `HIGH`.
    """
    draw = Everywhere(0, 0, place)
    parameters = plans[0].opening.inputs.parameters
    if assumption.kind == FITTED:
        return in_world(plans, _with_knob(parameters, assumption, place))
    if assumption.kind == PARAMETER:
        return in_world(plans, _moved_parameters(parameters, assumption.key, draw))
    if assumption.kind in (CHANGE, PROGRAMME):
        return in_world(plans, parameters, lambda plan: _moved_scenario(plan, assumption.key, draw))
    found = []
    for plan in plans:
        drawn, costs = drawn_unit_costs(plan.unit_costs, draw).costs, plan.unit_costs.costs
        chosen = {
            name: drawn[name] if assumption.key in _price_keys(name, one) else one
            for name, one in costs.items()
        }
        found.append(replace(plan, unit_costs=replace(plan.unit_costs, costs=chosen)))
    return found


def weakened(plans: Sequence[Prepared], strength: float) -> list[Prepared]:
    """The same runs with what help and the redesign do for families made weaker.

    Every effect ratio, and every change of the redesign that multiplies, adds or acts on odds and
    whose range says that it is unsure, is moved towards none, with its range. What the redesign
    decides (officers, places, dates) stays, and so does what early help finds (detection).

    Parameters
    ----------
    strength : 1 as stated, 0 for no effect at all.
    """
    parameters = plans[0].opening.inputs.parameters
    entries = dict(parameters.entries)
    for name, one in parameters.items():
        if name.startswith(EFFECT) and one.value[RATIO] < 1:
            value = one.value | {RATIO: _towards(one.value[RATIO], 1.0, strength)}
            range_ = _narrowed(one.uncertainty, 1.0, strength)
            evidence = replace(one.evidence, uncertainty=range_)
            entries[name] = replace(one, value=value, evidence=evidence)
    weaker = replace(parameters, entries=entries)
    return in_world(plans, weaker, lambda plan: _weaker_scenario(plan, strength))


def with_redesign(
    plans: Sequence[Prepared], scenario_of: Callable[[Scenario], Scenario]
) -> list[Prepared]:
    """The same runs with other redesigns in the same world: the baseline stays as it is."""
    usual = plans[0].opening.inputs
    found = []
    for plan in plans:
        if plan.scenario == usual.scenario.name:
            found.append(plan)
            continue
        inputs = resolve(
            usual.area.name,
            scenario_of(plan.inputs.scenario),
            start=usual.start,
            years=usual.years,
            parameters=usual.parameters,
            held=True,
        )
        found.append(replace(plan, inputs=inputs, network=network.build(inputs, usual)))
    return found


def weakens(plans: Sequence[Prepared]) -> list[str]:
    """The names of what `weakened` moves: effects of help, then changes of the redesign."""
    effects = [
        name
        for name, one in plans[0].opening.inputs.parameters.items()
        if name.startswith(EFFECT) and one.value[RATIO] < 1
    ]
    changes = [
        change.parameter
        for plan in plans[1:]
        for change in plan.inputs.scenario.changes
        if _is_effect(change)
    ]
    return [*effects, *dict.fromkeys(changes)]


def _moved_parameters(parameters: Parameters, key: str, draw: Draw) -> Parameters:
    entries = dict(parameters.entries)
    drawn = drawn_parameters(replace(parameters, posterior=None), draw)
    for name, one in parameters.items():
        spec = spec_named(name)
        assert spec is not None
        if key not in addresses(name, spec, one.uncertainty, parameters.area.localities):
            continue
        if spec.kind is Kind.SPLIT:
            outcome = key.rsplit(".", 1)[-1]
            factor = quantile(one.uncertainty, draw.at(())(key), 1.0)
            value = _with_weight(one.value, len(one.by), outcome, factor)
            entries[name] = replace(one, value=value)
        else:
            entries[name] = drawn[name]
    return replace(parameters, entries=entries)


def _with_knob(parameters: Parameters, assumption: Assumption, place: float) -> Parameters:
    """One knob of the joint posterior at a place of its own range, the others as they are."""
    joint = parameters.posterior
    assert joint is not None
    name = assumption.key.removeprefix(KNOB)
    row = [1.0] * len(joint.knobs)
    for number, knob in enumerate(joint.knobs):
        if knob.name == name:
            row[number] = float(np.quantile([one[number] for one in joint.factors], place))
    return turned(parameters, joint.knobs, row)


def _with_weight(value: Any, depth: int, outcome: str, factor: float) -> Any:
    """A split with one outcome's weight times a factor, the others giving way."""
    if depth:
        return {
            key: _with_weight(inner, depth - 1, outcome, factor) for key, inner in value.items()
        }
    return weighted(value, {name: factor if name == outcome else 1.0 for name in value})


def _moved_scenario(plan: Scenario, key: str, draw: Draw) -> Scenario:
    drawn = drawn_scenario(plan, draw)
    changes = zip(plan.changes, drawn.changes, strict=True)
    costs = zip(plan.programme_costs, drawn.programme_costs, strict=True)
    return replace(
        plan,
        changes=tuple(
            other if key in (one.uncertainty.group, str(one.where)) else one
            for one, other in changes
        ),
        programme_costs=tuple(other if key == str(one.where) else one for one, other in costs),
    )


def _price_keys(name: str, cost: Any) -> tuple[str, str]:
    return f"price.{name}", cost.evidence.uncertainty.group


def _is_effect(change: Change) -> bool:
    unsure = change.uncertainty.distribution != "fixed"
    simple = not any(isinstance(value, dict) for _, value in change.steps)
    return unsure and simple and change.how in WEAKENED


def _weaker_scenario(plan: Scenario, strength: float) -> Scenario:
    changes = []
    for change in plan.changes:
        if not _is_effect(change):
            changes.append(change)
        elif strength > 0:
            none = NEUTRAL[change.how]
            steps = tuple((when, _towards(value, none, strength)) for when, value in change.steps)
            last = change.steps[-1][1]
            assert not isinstance(last, dict)  # `_is_effect`
            range_ = _narrowed(change.uncertainty, none, strength, last)
            changes.append(replace(change, steps=steps, uncertainty=range_))
    return replace(plan, changes=tuple(changes))


def _narrowed(range_: Uncertainty, none: float, strength: float, value: float = 1.0) -> Uncertainty:
    """A range as far towards no effect.

    Parameters
    ----------
    none : the number that changes nothing. value : what a relative range is a factor on.
    """
    if range_.distribution == "fixed":
        return range_
    if strength == 0:
        return Uncertainty("fixed", group=range_.group)
    scale = value if range_.relative else 1.0
    ends = [_towards(end * scale, none, strength) for end in (range_.low, range_.high)]
    if range_.relative:
        ends = [end / _towards(value, none, strength) for end in ends]
    return replace(range_, low=min(ends), high=max(ends))


def _towards(value: Any, none: float, strength: float) -> float:
    return none + (float(value) - none) * strength
