"""What we do not know, drawn: parameters, changes and prices from the ranges of the register.

A *draw* is one state of the world that the evidence allows. Draw k of a seed gives every uncertain
number its own place in its range, the same in every scenario, so that a redesign and today's
arrangements are compared in the same world. Numbers of one `group` move together. Replications
within a draw show chance; draws show ignorance; `model.spread` tells the two apart.

It draws numbers and runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from model.costs.unit_costs import UnitCost, UnitCosts
from model.errors import Where
from model.parameters import Parameters
from model.parameters.catalogue import Kind, Spec, spec_named
from model.parameters.evidence import Uncertainty
from model.root import SCENARIOS
from model.scenarios import Scenario
from model.scenarios.changes import Change, Value
from model.scenarios.programme_costs import ProgrammeCost
from model.turning import turned
from model.uncertainty.distributions import quantile, triangular
from model.uncertainty.stratified import stratified
from model.uncertainty.values import addresses, drawn, weighted

At = Callable[[str], float]
POSTERIOR = "posterior"  # the address of a draw's row
NEUTRAL = {"multiply": 1.0, "odds_ratio": 1.0, "add": 0.0, "set": 0.0}


@dataclass(frozen=True)
class Draw:
    """One state of the world that the evidence allows.

    Attributes
    ----------
    seed : of the draws. number : which of them, from 0.
    """

    seed: int
    number: int

    def at(self, names: Iterable[str]) -> At:
        """The numbers from 0 to 1 at some addresses, to be looked up by address."""
        known = tuple(dict.fromkeys(names))
        found = dict(zip(known, stratified(self.seed, known, self.number).tolist(), strict=True))
        return found.__getitem__


def drawn_parameters(parameters: Parameters, draw: Draw) -> Parameters:
    """An area's parameters in one draw: those that are not fixed, each moved within its range.

    What a joint posterior speaks of is moved together, as one of its rows has it, and by nothing
    else; the row is the same in every scenario.
    """
    joint = parameters.posterior
    known = joint.parameters if joint else frozenset()
    uncertain = [
        one
        for one in parameters.values()
        if one.uncertainty.distribution != "fixed" and one.name not in known
    ]
    localities = parameters.area.localities
    specs = {one.name: spec_named(one.name) for one in uncertain}
    names = [
        address
        for one in uncertain
        if (spec := specs[one.name]) is not None
        for address in addresses(one.name, spec, one.uncertainty, localities)
    ]
    at = draw.at(names)
    entries = dict(parameters.entries)
    for one in uncertain:
        spec = specs[one.name]
        assert spec is not None
        value = drawn(one.name, one.value, len(one.by), spec, one.uncertainty, at)
        entries[one.name] = replace(one, value=value)
    return as_fitted(replace(parameters, entries=entries), draw)


def as_fitted(parameters: Parameters, draw: Draw) -> Parameters:
    """The parameters that a joint posterior speaks of as one of its rows has them.

    The first 2, 4, 8, ... draws take rows that are spread over the posterior; as many draws as
    there are rows take each once. Without a posterior nothing changes.
    """
    joint = parameters.posterior
    if joint is None:
        return parameters
    return turned(parameters, joint.knobs, joint.row(draw.at([POSTERIOR])(POSTERIOR)))


def drawn_scenario(scenario: Scenario, draw: Draw) -> Scenario:
    """A scenario in one draw: its changes and programme costs, each moved within its range."""
    changes = [one for one in scenario.changes if one.uncertainty.distribution != "fixed"]
    names = [address for one in changes for address in _addresses_of(one)]
    names += [_place(one) for one in scenario.programme_costs]
    at = draw.at(names)
    return replace(
        scenario,
        changes=tuple(
            one if one.uncertainty.distribution == "fixed" else _drawn_change(one, at)
            for one in scenario.changes
        ),
        programme_costs=tuple(_drawn_cost(one, at) for one in scenario.programme_costs),
    )


def drawn_unit_costs(unit_costs: UnitCosts, draw: Draw) -> UnitCosts:
    """Unit costs in one draw; price levels stay, for what is unsure of them is far smaller."""
    costs = unit_costs.costs.values()
    at = draw.at(_address(f"price.{cost.name}", cost.evidence.uncertainty) for cost in costs)
    return replace(unit_costs, costs={cost.name: _drawn_price(cost, at) for cost in costs})


def ranges_of(parameters: Parameters) -> list[tuple[str, object]]:
    """What draws of the parameters depend on, beside their values."""
    ranges: list[tuple[str, object]] = [(one.name, one.uncertainty) for one in parameters.values()]
    return ranges if parameters.posterior is None else [*ranges, (POSTERIOR, parameters.posterior)]


def changes_of(scenario: Scenario) -> list[tuple[object, ...]]:
    """What draws of a scenario depend on, beside the values that it leads to."""
    changes = [
        (_place(one), one.parameter, one.how, one.steps, one.uncertainty)
        for one in scenario.changes
    ]
    costs = [(_place(one), one.low_gbp, one.high_gbp) for one in scenario.programme_costs]
    return [*changes, *costs]


def price_ranges_of(unit_costs: UnitCosts) -> list[tuple[str, Uncertainty]]:
    """What draws of the unit costs depend on, beside their values."""
    return [(cost.name, cost.evidence.uncertainty) for cost in unit_costs.costs.values()]


def _place(one: Change | ProgrammeCost) -> str:
    """A place in a scenario's file, the same wherever the file lies: draws are addressed by it."""
    return str(Where(f"{SCENARIOS}/{one.scenario}.toml", one.where.key))


def _address(name: str, uncertainty: Uncertainty) -> str:
    return uncertainty.group or name


def _drawn_change(change: Change, at: At) -> Change:
    """A change whose last step lies somewhere in its range; earlier steps move in proportion."""
    spec = spec_named(change.parameter)
    assert spec is not None
    address = _address(_place(change), change.uncertainty)
    steps = tuple((when, _moved(value, change, spec, at, address)) for when, value in change.steps)
    return replace(change, steps=steps)


def _moved(value: Value, change: Change, spec: Spec, at: At, address: str) -> Value:
    """The value of one step in one draw."""
    uncertainty = change.uncertainty
    if isinstance(value, dict) and spec.kind is Kind.SPLIT:
        own = {name: quantile(uncertainty, at(f"{address}.{name}"), 1.0) for name in value}
        return weighted(value, own)
    if uncertainty.relative:
        factor = quantile(uncertainty, at(address), 1.0)
        if isinstance(value, dict):
            return {outcome: number * factor for outcome, number in value.items()}
        return value * factor
    last, neutral = change.steps[-1][1], NEUTRAL[change.how]
    assert not isinstance(last, dict) and not isinstance(value, dict)
    aim = quantile(uncertainty, at(address), last)
    if last == neutral:
        return value + aim - last
    return neutral + (value - neutral) * (aim - neutral) / (last - neutral)


def _addresses_of(change: Change) -> list[str]:
    """What `_moved` looks up: one address, or one for each outcome of a split's table."""
    address = _address(_place(change), change.uncertainty)
    outcomes = {name for _, value in change.steps if isinstance(value, dict) for name in value}
    return [address, *(f"{address}.{name}" for name in sorted(outcomes))]


def _drawn_cost(cost: ProgrammeCost, at: At) -> ProgrammeCost:
    """A programme cost from the triangle between its low and its high."""
    if cost.low_gbp == cost.high_gbp:
        return cost
    stated = cost.gbp_per_year if cost.gbp_once is None else cost.gbp_once
    assert stated is not None
    gbp = triangular(at(_place(cost)), cost.low_gbp, stated, cost.high_gbp)
    if cost.gbp_once is None:
        return replace(cost, gbp_per_year=gbp)
    return replace(cost, gbp_once=gbp)


def _drawn_price(cost: UnitCost, at: At) -> UnitCost:
    uncertainty = cost.evidence.uncertainty
    if uncertainty.distribution == "fixed":
        return cost
    u = at(_address(f"price.{cost.name}", uncertainty))
    if uncertainty.relative:
        return replace(cost, gbp_published=cost.gbp_published * quantile(uncertainty, u, 1.0))
    return replace(cost, gbp_published=quantile(uncertainty, u, cost.gbp_published))


__all__ = [
    "Draw",
    "as_fitted",
    "changes_of",
    "drawn_parameters",
    "drawn_scenario",
    "drawn_unit_costs",
    "price_ranges_of",
    "ranges_of",
]
