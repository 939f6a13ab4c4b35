"""Every uncertain number behind a comparison, by the name under which a draw moves it.

An assumption is what one draw moves by one number from 0 to 1: a parameter, several that move
together (a `group`), one outcome of a split, a change of the redesign, a programme cost, or a
price. It runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.compare import COVERAGE
from model.explain import words_of
from model.parameters.catalogue import Kind, spec_named
from model.parameters.evidence import Uncertainty
from model.scenarios.changes import Change
from model.simulate import Prepared
from model.uncertainty.values import addresses
from model.wording import first_capital, label

PARAMETER, CHANGE, PROGRAMME, PRICE = "parameter", "change", "programme cost", "price"
FITTED = "fitted together"  # a knob of an area's joint posterior (`model.parameters.knobs`)
EFFECT, KNOB = "effect.", "knob."
GROUP_WORDS = {"early_help_effect": "Effect of early help on families who get it anew"}


@dataclass(frozen=True)
class Assumption:
    """One uncertain number, or several that move together.

    Attributes
    ----------
    key : address under which a draw moves it.
    kind : parameter, fitted together, change, programme cost or price.
    words : as people say it. grade : of its evidence. low, high : its range as stated, NaN where
        it is no number of its own; relative : whether they are factors.
    """

    key: str
    kind: str
    words: str
    grade: str
    low: float
    high: float
    relative: bool

    @property
    def of_redesign(self) -> bool:
        """Whether the redesign itself states it, or it is an effect of help."""
        return self.kind in (CHANGE, PROGRAMME) or self.is_effect

    @property
    def is_effect(self) -> bool:
        """Whether it is what help does for a family."""
        return self.key in GROUP_WORDS or self.key.startswith(EFFECT)


def assumptions_of(plans: Sequence[Prepared]) -> list[Assumption]:
    """Every assumption of a comparison: those of the redesign first.

    Parameters
    ----------
    plans : from `simulate.prepare_together`, the baseline first.
    """
    found: dict[str, Assumption] = {}
    first = plans[0]
    rest = (*_of_parameters(first), *_of_posterior(first), *_of_prices(first))
    for one in (*_of_redesign(plans), *rest):
        found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: not one.of_redesign)


def _of_redesign(plans: Sequence[Prepared]) -> list[Assumption]:
    found = []
    for plan in (one.inputs.scenario for one in plans[1:]):
        for change in plan.changes:
            range_ = change.uncertainty
            if range_.distribution != "fixed":
                words = _words_of(change)
                key = range_.group or str(change.where)
                found.append(_assumption(key, CHANGE, words, change.grade, range_))
        for cost in plan.programme_costs:
            if cost.low_gbp < cost.high_gbp:
                ends = (cost.low_gbp, cost.high_gbp, False)
                words = f"Programme: {cost.name}"
                found.append(Assumption(str(cost.where), PROGRAMME, words, cost.grade, *ends))
    return found


def _words_of(change: Change) -> str:
    """A change of the redesign in as few words as stand over a bar on a telephone."""
    parts = [" or ".join(names).replace("_", " ") for names in change.at.values()]
    return ": ".join([first_capital(words_of(change.parameter)), *filter(None, [", ".join(parts)])])


def _of_parameters(plan: Prepared) -> list[Assumption]:
    inputs, found = plan.inputs, []
    localities = inputs.area.localities
    joint = inputs.parameters.posterior
    fitted = joint.parameters if joint else frozenset()
    for one in inputs.parameters.values():
        if one.name in fitted:
            continue
        spec = spec_named(one.name)
        assert spec is not None
        for key in addresses(one.name, spec, one.uncertainty, localities):
            words = GROUP_WORDS.get(key) or first_capital(words_of(one.name))
            if spec.kind is Kind.SPLIT:
                words += f": {key.rsplit('.', 1)[-1].replace('_', ' ')}"
            found.append(_assumption(key, PARAMETER, words, one.grade, one.uncertainty))
    return found


def _of_posterior(plan: Prepared) -> list[Assumption]:
    """What was fitted to the area, knob by knob; how they go together is not shown one by one."""
    joint = plan.inputs.parameters.posterior
    if joint is None:
        return []
    found = []
    for number, knob in enumerate(joint.knobs):
        factors = np.array([row[number] for row in joint.factors])
        low, high = np.quantile(factors, COVERAGE)
        words = f"Fitted: {knob.title}"
        ends = (float(low), float(high), True)
        found.append(Assumption(KNOB + knob.name, FITTED, words, "fitted", *ends))
    return found


def _of_prices(plan: Prepared) -> list[Assumption]:
    found = []
    for cost in plan.unit_costs.costs.values():
        range_ = cost.evidence.uncertainty
        if range_.distribution != "fixed":
            key = range_.group or f"price.{cost.name}"
            words = f"Price: {label(range_.group or cost.name).lower()}"
            found.append(_assumption(key, PRICE, words, cost.evidence.grade, range_))
    return found


def _assumption(key: str, kind: str, words: str, grade: str, range_: Uncertainty) -> Assumption:
    return Assumption(key, kind, words, grade, range_.low, range_.high, range_.relative)
