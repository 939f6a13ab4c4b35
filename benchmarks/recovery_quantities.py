"""What each knob of the calibration turns, read off any set of parameters as one number.

A knob may be fitted, or the returns may show its parameters so that they are counted: bands in
place of a pace, shares in place of odds. Either way what the model runs on says how large the same
quantity is: odds as log odds, volumes as logarithms, paces as the logarithm of how fast stays end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from model import network
from model.calibrate.knobs import Knob
from model.engines.rules import StageRules, read_rules
from model.inputs import resolve
from model.network import Network
from model.parameters import Parameters
from model.parameters.catalogue import SPECS, Kind
from model.parameters.knobs import Move
from model.parameters.values import dense
from model.pathway import ATTRIBUTES, PATHWAY, STAGE_NAMES
from model.population import pack
from model.steady_state import YEAR, minutes_in_bands

ORDINARY = ATTRIBUTES["stream"].index("ordinary")
# Paces: whose stays, and over which attribute they are averaged. Moves between placements do not
# end care; families long gone come back seldom, so that a return is followed for so long.
PACES: dict[str, tuple[str, str]] = {
    "child_in_need_plan.pace": ("child_in_need_plan", ""),
    "child_protection_plan.pace": ("child_protection_plan", ""),
    "looked_after.pace": ("looked_after", "age"),
    "return.pace": ("return", "left_from"),
}
NO_END = ("moves",)
ONLY = {"return": ("comes_back",)}
FOLLOWED_YEARS = 5.0


def quantities(parameters: Parameters, knobs: Sequence[Knob], start: date) -> dict[str, float]:
    """The quantity of each knob, by its name; the mean over what the knob moves."""
    inputs = resolve(parameters.area.name, start=start, years=1, parameters=parameters, held=True)
    built = network.build(inputs)
    rules = read_rules(built)
    return {
        knob.name: float(np.mean([of_move(parameters, built, rules, one) for one in knob.moves]))
        for knob in knobs
    }


def of_move(parameters: Parameters, built: Network, rules: list[StageRules], move: Move) -> float:
    """The quantity that one move of a knob changes."""
    if move.parameter in PACES:
        return pace(built, rules, *PACES[move.parameter])
    spec, entry = SPECS[move.parameter], parameters[move.parameter]
    array = dense(entry.value, spec, entry.by, parameters.area.localities)
    if "stream" in spec.dims:
        array = np.take(array, ORDINARY, axis=spec.dims.index("stream"))
    if spec.kind is Kind.SHARE:
        return float(np.mean(np.log(array) - np.log1p(-array)))
    if spec.kind not in (Kind.SPLIT, Kind.COUNTS):
        return float(np.mean(np.log(array)))
    names = spec.outcomes_in(parameters.area.localities)
    parts = array.reshape(-1, len(names))
    parts = parts[~np.isnan(parts).any(axis=1)]
    of = parts[:, [names.index(one) for one in move.outcomes]].sum(axis=1)
    if not move.against:
        return float(np.mean(np.log(of)))
    against = parts[:, [names.index(one) for one in move.against]].sum(axis=1)
    kept = (of > 0) & (against > 0)
    return float(np.mean(np.log(of[kept]) - np.log(against[kept])))


def pace(built: Network, rules: list[StageRules], stage: str, over: str) -> float:
    """How fast stays end, as the logarithm of ends per year at risk; mean over an attribute."""
    code = STAGE_NAMES.index(stage)
    states = range(len(ATTRIBUTES[over])) if over else range(1)
    found = [yearly_rate(built, rules[code], code, {over: k} if over else {}) for k in states]
    return float(np.mean(np.log([rate for rate in found if rate > 0])))


def yearly_rate(built: Network, rules: StageRules, code: int, state: dict[str, int]) -> float:
    """Ends a year at risk of a stay that is followed for FOLLOWED_YEARS."""
    packed = int(pack(**state)) if state else 0
    bands, total = len(rules.edges), np.zeros(len(rules.edges))
    wanted = ONLY.get(STAGE_NAMES[code], ())
    for end, declared in zip(rules.ends, PATHWAY[code].ends, strict=False):
        counts = declared.outcome in wanted if wanted else declared.outcome not in NO_END
        if end.rates is not None and counts:
            first = end.rates.at(packed, 0)
            total += built.values[first : first + bands]
    assert rules.pace is not None
    total *= built.values[rules.pace.at(packed, 0)]
    edges = np.asarray(rules.edges, np.float64)
    in_band, left = minutes_in_bands(edges, total, FOLLOWED_YEARS * YEAR)
    return float((1.0 - left) / in_band.sum() * YEAR) if in_band.sum() > 0 else 0.0
