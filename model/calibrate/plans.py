"""Child in need and child protection plans: how long they last, and how they end.

A return shows a plan by child and knows nothing of pre-proceedings in most councils: a child
protection plan there goes on until the child enters care or the plan is stepped down. Care seen to
follow a plan is then care straight from it and care through pre-proceedings together: both are
taken to be as many times the template's as the sum is, and the time in pre-proceedings is taken out
of the time seen. A family enters care with some of its children: the share of
families is that of children times (children referred / children who enter care).

Not learnt here: step-down against closing, which no return tells apart.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import log_sd
from model.calibrate.entries import Entry, entry, set_by_definition
from model.calibrate.person_time import at_risk
from model.calibrate.rates import bands_from_rates, national_rates, plan_counts
from model.calibrate.shrinkage import (
    NATIONAL_WORTH,
    council_factor,
    leaned,
    mixed,
    weight_of_prior,
    worth_between,
)
from model.calibrate.study import STREAMS, Study, edges_in_days
from model.hazards import rates_from_bands
from model.parameters.values import Bands
from model.pathway import ATTRIBUTES, stage_named
from model.uncertainty.distributions import Z_OF_TAIL

Floats = NDArray[np.float64]
CIN, CPP, BEFORE_COURT = "child_in_need_plan", "child_protection_plan", "pre_proceedings"
REUNIFIED = ATTRIBUTES["reunified"]
# Outcomes that no return tells apart: the first named is counted, the split is the template's.
NOT_TOLD_APART: dict[str, tuple[str, ...]] = {CIN: ("closes", "step_down"), CPP: ()}
MOST_TO_CARE = 0.9  # share of plans that may end in pre-proceedings or care


def plans(study: Study) -> list[Entry]:
    """Durations and ends of both kinds of plan that the returns speak of."""
    found = []
    for stage, table in ((CIN, "in_need_plans"), (CPP, "protection_plans")):
        if study.history.cleaned.has(table) and len(study.history.stays[stage].child):
            ends = _ends(study, stage)
            leaf = ends.value
            while "care_entry" not in leaf:
                leaf = next(iter(leaf.values()))
            found += [*_durations(study, stage, leaf), ends]
    return found


def _durations(study: Study, stage: str, leaf: dict[str, float]) -> list[Entry]:
    """Shares ended by band, by stream where the template has it so, and the pace.

    Parameters
    ----------
    leaf : shares of the ways of ending, of ordinary families.
    """
    days, ends, expected, edges = plan_counts(study, stage)
    by_stream = stage == CIN
    groups = [[k] for k in range(len(STREAMS))] if by_stream else [list(range(len(STREAMS)))]
    value, seen, spreads = {}, float(ends[0].sum()), []
    for group in groups:
        found, national = ends[:, group].sum(axis=1), expected[:, group].sum(axis=1)
        template = study.bands(f"{stage}.ended_by_band", STREAMS[group[0]])
        rates = _rates(
            found,
            national,
            days[:, group].sum(axis=1),
            national_rates(study, stage, STREAMS[group[0]]),
        )
        value[STREAMS[group[0]]] = bands_from_rates(rates[0], edges, template)
        spreads.append((rates * days[0, group].sum(axis=0)).sum(axis=-1))
    design = study.per_family("referred")
    spread = log_sd(np.sum(spreads, axis=0), design)
    note = "Ends over time at risk by time on the plan, with delayed entry and censoring, children."
    weight = weight_of_prior(seen)
    by = ("stream",) if by_stream else ()
    stated = value if by_stream else value[STREAMS[0]]
    unit = study.template[f"{stage}.ended_by_band"].unit
    bands = entry(f"{stage}.ended_by_band", stated, by, unit, spread, seen, weight, note)
    return [bands, _pace(study, stage, value[STREAMS[0]], leaf)]


def _rates(found: Floats, expected: Floats, days: Floats, national: Floats) -> Floats:
    """Rates by band per day: the council as a whole leans on the nation, each band on it."""
    council = council_factor(found.sum(axis=-1), expected.sum(axis=-1))
    worth = worth_between(found[0], expected[0], council[0])
    return national * leaned(found, expected, council[:, None], worth)


def _pace(study: Study, stage: str, own: Bands, leaf: dict[str, float]) -> Entry:
    """The pace of families against that of the children seen.

    A family's plan that ends in care goes on for the children who stay at home, which a child's
    plan does not show. Of protection plans, faster by the time in pre-proceedings where that is
    not seen apart.
    """
    pace = 1.0 / (1.0 - leaf["care_entry"] * (1.0 - 1.0 / _families_per_child(study)))
    note = "Just above 1: when a family's plan ends in care, it goes on for children who stay."
    if stage == CIN:
        value = dict.fromkeys(STREAMS, pace)
        return set_by_definition(f"{stage}.pace", value, ("stream",), "ratio", note)
    if study.history.cleaned.has(BEFORE_COURT):
        return set_by_definition(f"{stage}.pace", pace, (), "ratio", note)
    total = _mean_days(own, 1.0)
    court = study.bands(f"{BEFORE_COURT}.ended_by_band")
    added = leaf[BEFORE_COURT] * _mean_days(court, float(study.numbers(f"{BEFORE_COURT}.pace")))
    pace *= total / max(total - added, total / 2)
    note += (
        " And the plans seen include time in pre-proceedings, taken out at the template's length."
    )
    return set_by_definition(f"{stage}.pace", pace, (), "ratio", note)


def _mean_days(bands: Bands, pace: float) -> float:
    """Mean of a stay whose shares by band these are, at a pace."""
    edges = edges_in_days(bands.edges, bands.unit)
    beyond = edges_in_days((bands.beyond or bands.edges[-1],), bands.unit)[0]
    rates = rates_from_bands(edges.tolist(), bands.shares, beyond) * pace
    left = np.exp(-np.concatenate(([0.0], np.cumsum(rates[:-1] * np.diff(edges)))))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(rates[:-1] > 0, -np.diff(left) / rates[:-1], left[:-1] * np.diff(edges))
    return float(inside.sum() + left[-1] / rates[-1])


def end_counts(study: Study, stage: str, outcomes: list[str]) -> Floats:
    """Plans that ended in the days spoken of, by stream, reunified or not, and outcome.

    Returns
    -------
    Shape (1 + resamples, streams, 2, outcomes). A plan counts as after a return home where an
    earlier time in care of the child is known to have ended.
    """
    stays = study.history.stays[stage]
    risk = at_risk(stays)
    code = np.array([outcomes.index(one) if one in outcomes else -1 for one in stays.outcome])
    kept = np.flatnonzero(risk.ended & (code >= 0))
    care = study.history.care
    first_end = np.full(len(study.history.cleaned.birth), np.iinfo(np.int64).max)
    np.minimum.at(first_end, care.child, care.ended)
    again = (first_end[stays.child] <= stays.entered).astype(np.int64)
    sizes = (len(STREAMS), len(REUNIFIED), len(outcomes))
    cell = np.ravel_multi_index(
        (study.stream_of(stays.child)[kept], again[kept], code[kept]), sizes
    )
    total = study.resamples.counts(stays.child[kept], cell, int(np.prod(sizes)))
    return total.reshape(-1, *sizes)


def _ends(study: Study, stage: str) -> Entry:
    """Shares of the ways of ending."""
    outcomes = [end.outcome for end in stage_named(stage).ends]
    national = study.numbers(f"{stage}.ends").reshape(-1, len(REUNIFIED), len(outcomes))
    counts = end_counts(study, stage, outcomes)
    if stage == CPP:
        counts = counts.sum(axis=1, keepdims=True)
    seen = as_seen(study, stage, national, outcomes)
    shares = mixed(counts, seen, NATIONAL_WORTH)
    shares = as_families(study, stage, shares, national, outcomes)
    by = stage_named(stage).by
    unit = study.template[f"{stage}.ends"].unit
    leaf = [
        [dict(zip(outcomes, map(float, row), strict=True)) for row in of_stream]
        for of_stream in shares[0]
    ]
    named = [dict(zip(REUNIFIED, rows, strict=True)) for rows in leaf]
    value = dict(zip(STREAMS, named, strict=True)) if "stream" in by else named[0]
    events = float(counts[0].sum())
    care = counts.sum(axis=(1, 2))[:, outcomes.index("care_entry")]
    spread = log_sd((care + 1.0) / (counts.sum(axis=(1, 2, 3)) + 1.0), study.per_family("referred"))
    spread = math.hypot(spread, _not_seen(study, stage, leaf[0][0]))
    return entry(
        f"{stage}.ends",
        value,
        by,
        unit,
        spread,
        events,
        weight_of_prior(events),
        _note(study, stage),
    )


def as_seen(study: Study, stage: str, shares: Floats, outcomes: list[str]) -> Floats:
    """What returns by child would show of shares of families: what is leaned on."""
    found = shares.copy()
    care, court = outcomes.index("care_entry"), outcomes.index(BEFORE_COURT)
    taken = 1.0 / _families_per_child(study)
    found[..., care] *= taken
    if not study.history.cleaned.has(BEFORE_COURT):
        into_care = _into_care(study) * taken
        through = found[..., court].copy()
        found[..., care] += through * into_care
        found[..., _rest(stage, outcomes)] += through * (1 - into_care)
        found[..., court] = 0.0
    for other in NOT_TOLD_APART[stage][1:]:
        first = outcomes.index(NOT_TOLD_APART[stage][0])
        found[..., first] += found[..., outcomes.index(other)]
        found[..., outcomes.index(other)] = 0.0
    return found / found.sum(axis=-1, keepdims=True)


def as_families(
    study: Study, stage: str, shares: Floats, national: Floats, outcomes: list[str]
) -> Floats:
    """Shares by child as shares of families, with what no return shows put back."""
    found = shares.copy()
    care, court = outcomes.index("care_entry"), outcomes.index(BEFORE_COURT)
    if study.history.cleaned.has(BEFORE_COURT):
        found[..., care] = np.minimum(found[..., care] * _families_per_child(study), MOST_TO_CARE)
    else:
        usual = national[..., care] + national[..., court]
        times = found[..., care] / as_seen(study, stage, national, outcomes)[..., care]
        times = np.minimum(times, MOST_TO_CARE / usual)
        found[..., care], found[..., court] = (
            national[..., care] * times,
            national[..., court] * times,
        )
    together = [outcomes.index(one) for one in NOT_TOLD_APART[stage]] or [_rest(stage, outcomes)]
    known = np.delete(found, together, axis=-1).sum(axis=-1)
    scaled = np.maximum(1.0 - known, 0.02)
    split = national[..., together] / national[..., together].sum(axis=-1, keepdims=True)
    found[..., together] = scaled[..., None] * split
    return found / found.sum(axis=-1, keepdims=True)


def _into_care(study: Study) -> float:
    """The template's share of families in pre-proceedings that go on to care."""
    return float(study.numbers(f"{BEFORE_COURT}.ends")[1])


def _not_seen(study: Study, stage: str, leaf: dict[str, float]) -> float:
    """Spread that not seeing pre-proceedings leaves, as a standard deviation of a logarithm.

    Of pre-proceedings and care together, when how the two divide is only as sure as in the
    template.
    """
    if study.history.cleaned.has(BEFORE_COURT) or not leaf["care_entry"]:
        return 0.0
    limits = study.template[f"{stage}.ends"].uncertainty
    spread = math.sqrt(2.0) * math.log(limits.high / limits.low) / (2.0 * Z_OF_TAIL)
    ratio, into = leaf[BEFORE_COURT] / leaf["care_entry"], _into_care(study)
    return spread * (ratio / (1 + ratio) - into * ratio / (1 + into * ratio))


def _rest(stage: str, outcomes: list[str]) -> int:
    """The outcome that takes what the others leave."""
    return outcomes.index("closes" if stage == CIN else "steps_down")


def _families_per_child(study: Study) -> float:
    """Care entries of families for each that a child of them shows."""
    return study.per_family("referred") / study.per_family("care_entry")


def _note(study: Study, stage: str) -> str:
    note = (
        "Plans of children by what ended them; care entry is times children referred over"
        " children who enter care, as a family enters care with some of its children."
    )
    if not study.history.cleaned.has(BEFORE_COURT):
        note += (
            " Pre-proceedings, which no return shows, are to care straight from a plan as in the"
            " template."
        )
    if NOT_TOLD_APART[stage]:
        note += " So is the split of step-down and closing."
    return note
