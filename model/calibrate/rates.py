"""Rates of children in care and of plans, from events over time at risk.

Care: events by age, stream, time in care and outcome, against what the template's rates would give
for the same time at risk. Three steps, each leaning on the one before where events are few: the
council as a whole, each age, each band of time. Plans: the same by stream and band, all ways of
ending together, then the split of the ways.

Rates stay those of families where the model moves families: what is counted here is children.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import log_sd
from model.calibrate.entries import FEWEST_TO_NAME, Entry, entry, set_by_definition
from model.calibrate.person_time import (
    DAYS_A_YEAR,
    Risk,
    at_risk,
    cells_of,
    events,
    exposure,
)
from model.calibrate.shrinkage import (
    NATIONAL_WORTH,
    council_factor,
    leaned,
    weight_of_prior,
    worth_between,
)
from model.calibrate.study import AGES, STREAMS, Study, edges_in_days
from model.hazards import rates_from_bands
from model.parameters.catalogue import outcomes_with_rates
from model.parameters.values import Bands, Shape
from model.pathway import stage_named
from model.returns.chains import GROWN_UP
from model.returns.linking import NOT_ASKED, Ints

Floats = NDArray[np.float64]
ALONE = STREAMS.index("asylum_seeking")
ROUNDS = 25
SMALL_PART = 0.01


def care_counts(study: Study) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Days at risk and events in care.

    Returns
    -------
    days : (1 + resamples, streams, ages, bands). events : the same, by outcome in the last axis;
    ends of which no return says why are spread as the others are. outcomes : their names.
    """
    stays = study.history.stays["looked_after"]
    outcomes = outcomes_with_rates(stage_named("looked_after"))
    shape = study.shape("looked_after.time_shape")
    edges = edges_in_days(shape.edges, shape.unit)
    risk = at_risk(stays)
    cells = cells_of(risk, edges, study.birth_of(stays.child))
    stream = study.stream_of(stays.child)
    per_stream = len(AGES) * len(edges)
    days = exposure(study.resamples, risk, cells, stream, len(STREAMS), per_stream)
    names = [*outcomes, NOT_ASKED]
    code = np.array([names.index(one) if one in names else -1 for one in stays.outcome])
    sizes = (len(STREAMS), per_stream, len(names))
    found = events(
        study.resamples, stays.child, cells.event_cell, code.astype(np.int64), stream, sizes
    )
    found[..., outcomes.index("moves")] = _moves(study, edges)
    found = _told(found, outcomes.index("moves"))
    shaped = (-1, len(STREAMS), len(AGES), len(edges))
    return days.reshape(shaped), found.reshape(*shaped, len(outcomes)), outcomes


def _told(found: Floats, moves: int) -> Floats:
    """Ends of an unknown reason spread over the reasons that are known, cell by cell."""
    known, unknown = found[..., :-1].copy(), found[..., -1:]
    ends = np.delete(known, moves, axis=-1)
    total = ends.sum(axis=-1, keepdims=True)
    overall = ends.sum(axis=(1, 2), keepdims=True)
    share = np.divide(ends, total, out=np.zeros_like(ends), where=total > 0)
    at_all = np.divide(
        overall,
        overall.sum(axis=-1, keepdims=True),
        out=np.zeros_like(overall),
        where=overall.sum(axis=-1, keepdims=True) > 0,
    )
    ends = ends + unknown * np.where(total > 0, share, at_all)
    return np.insert(ends, moves, known[..., moves], axis=-1)


def _moves(study: Study, edges: Floats) -> Floats:
    """Moves between placements: (1 + resamples, streams, ages x bands)."""
    care, stays = study.history.care, study.history.stays["looked_after"]
    seen = (care.moved_on >= stays.seen_from) & (care.moved_on <= stays.told_until)
    child, on = care.moved_child[seen], care.moved_on[seen]
    entered = care.began[care.moved_period[seen]]
    born = study.birth_of(child)
    one = at_risk_on(child, entered, on)
    cell = cells_of(one, edges, born).event_cell
    stream = study.stream_of(child)
    sizes = (len(STREAMS), len(AGES) * len(edges), 1)
    return events(study.resamples, child, cell, np.zeros_like(child), stream, sizes)[..., 0]


def at_risk_on(child: Ints, entered: Ints, on: Ints) -> Risk:
    """Events that end no stay, as stays that end on their day."""
    return Risk(child, entered, on, on, np.ones(len(child), bool))


def looked_after(study: Study) -> list[Entry]:
    """Rates by age and stream, their shape over time in care, and a pace of 1."""
    days, found, outcomes = care_counts(study)
    national = study.numbers("looked_after.yearly_rates").transpose(1, 0, 2)  # stream, age
    pace = study.numbers("looked_after.pace").transpose(1, 0)
    shape = study.shape("looked_after.time_shape")
    factors = np.array([shape.factors[outcome] for outcome in outcomes]).T  # band, outcome
    factors = overruled(factors, found[0].sum(axis=(0, 1)), axis=0)
    yearly = overruled(national * pace[..., None], found[0].sum(axis=2), axis=1)
    expected = days[..., None] / DAYS_A_YEAR * yearly[:, :, None, :] * factors
    alone = np.arange(len(STREAMS)) == ALONE
    ratio = np.ones((len(days), *yearly.shape))
    own_shape = np.ones((len(days), *factors.shape))
    for streams in (~alone, alone):
        by_age, by_band = fitted(
            found[:, streams].sum(axis=1),
            expected[:, streams].sum(axis=1),
            outcomes.index("moves"),
        )
        ratio[:, streams] = by_age[:, None]
        if not alone[streams].any():
            own_shape = by_band
    rates = yearly * ratio
    ends = [k for k, outcome in enumerate(outcomes) if outcome != "moves"]
    fitted_ends = (expected[0] * ratio[:, :, :, None, :] * own_shape[:, None, None])[..., ends]
    spread = log_sd(fitted_ends.sum(axis=(1, 2, 3, 4)))
    seen = float(found[0][..., ends].sum())
    weight = weight_of_prior(seen)
    note = "Events over time at risk by age and time in care, with delayed entry and censoring."
    value = {
        age: {
            stream: dict(zip(outcomes, map(float, rates[0, s, a]), strict=True))
            for s, stream in enumerate(STREAMS)
        }
        for a, age in enumerate(AGES)
    }
    in_time = {
        outcome: tuple(float(f) for f in (factors * own_shape[0])[:, k])
        for k, outcome in enumerate(outcomes)
    }
    unit = study.template["looked_after.yearly_rates"].unit
    shape_spread = log_sd(own_shape[:, 0, ends].mean(axis=-1))
    return [
        entry(
            "looked_after.yearly_rates", value, ("age", "stream"), unit, spread, seen, weight, note
        ),
        entry(
            "looked_after.time_shape",
            Shape(shape.edges, shape.unit, in_time),
            (),
            "ratio",
            shape_spread,
            seen,
            weight,
            note,
        ),
        set_by_definition("looked_after.pace", 1.0, (), "ratio", PACE_NOTE),
    ]


def overruled(rates: Floats, seen: Floats, axis: int) -> Floats:
    """The template's rates, a 0 overruled where at least FEWEST_TO_NAME events were seen.

    What the template holds to be impossible has no factor: where it happened all the same, it
    starts from a small part of the largest rate along the axis. Elsewhere a 0 stays.
    """
    start = SMALL_PART * rates.max(axis=axis, keepdims=True)
    return np.where((rates == 0) & (seen >= FEWEST_TO_NAME), start, rates)


PACE_NOTE = "1: the council's own rates stand in the rates themselves."


def by_outcome(found: Floats, expected: Floats, moves: int) -> Floats:
    """Factor of each outcome: the ends as a whole first, then each leans on the whole.

    Parameters
    ----------
    found, expected : (1 + resamples, outcomes). moves : place of the outcome that is no end.
    """
    ends = [k for k in range(found.shape[1]) if k != moves]
    factor = council_factor(found, expected)
    whole = council_factor(found[:, ends].sum(axis=1), expected[:, ends].sum(axis=1))
    worth = min(worth_between(found[0, ends], expected[0, ends], whole[0]), NATIONAL_WORTH)
    factor[:, ends] = leaned(found[:, ends], expected[:, ends], whole[:, None], worth)
    return factor


def fitted(found: Floats, expected: Floats, moves: int) -> tuple[Floats, Floats]:
    """Factors by age and by band of time on the template's rates, outcome by outcome.

    Parameters
    ----------
    found, expected : events and what the template gives, (1 + resamples, ages, bands, outcomes).
    moves : place of the outcome that is no end.

    Returns
    -------
    by_age : (1 + resamples, ages, outcomes). by_band : (1 + resamples, bands, outcomes), so that
        their product is the factor of a cell.
    """
    council = by_outcome(found.sum(axis=(1, 2)), expected.sum(axis=(1, 2)), moves)
    by_band = np.ones((found.shape[0], *found.shape[2:]))
    by_age = np.repeat(council[:, None], found.shape[1], axis=1)
    for _ in range(ROUNDS):
        of_age = (expected * by_band[:, None]).sum(axis=2)
        by_age = _leaning(found.sum(axis=2), of_age, council)
        of_band = (expected * by_age[:, :, None]).sum(axis=1)
        by_band = _leaning(found.sum(axis=1), of_band, np.ones_like(council))
        # What all bands have in common belongs to the ages.
        common = (of_band * by_band).sum(axis=1) / np.maximum(of_band.sum(axis=1), 1e-12)
        common = np.where(common > 0, common, 1.0)
        by_band = by_band / common[:, None]
        by_age = by_age * common[:, None]
    return by_age, by_band


def _leaning(found: Floats, expected: Floats, prior: Floats) -> Floats:
    """Each cell leans on the prior by what the cells of its outcome have in common."""
    result = np.empty_like(found)
    for outcome in range(found.shape[-1]):
        worth = worth_between(found[0, :, outcome], expected[0, :, outcome], prior[0, outcome])
        result[..., outcome] = leaned(
            found[..., outcome], expected[..., outcome], prior[:, None, outcome], worth
        )
    return result


def plan_counts(study: Study, stage: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Days at risk, ends, and ends that the template's rates give, of plans by stream and band.

    Returns
    -------
    days, ends, expected : (1 + resamples, streams, bands). edges : in days.
    """
    stays = study.history.stays[stage]
    risk = at_risk(stays)
    national = study.bands(f"{stage}.ended_by_band", STREAMS[0])
    edges = edges_in_days(national.edges, national.unit)
    cells = cells_of(risk, edges)
    stream = study.stream_of(stays.child)
    days = exposure(study.resamples, risk, cells, stream, len(STREAMS), len(edges))
    code = np.where(stays.outcome == GROWN_UP, -1, 0)
    sizes = (len(STREAMS), len(edges), 1)
    ends = events(study.resamples, stays.child, cells.event_cell, code, stream, sizes)[..., 0]
    rates = np.array([national_rates(study, stage, stream) for stream in STREAMS])
    return days, ends, days * rates, edges


def national_rates(study: Study, stage: str, stream: str) -> Floats:
    """The template's rates of ending by band, per day, its pace included."""
    bands = study.bands(f"{stage}.ended_by_band", stream)
    edges = edges_in_days(bands.edges, bands.unit)
    beyond = edges_in_days((bands.beyond or bands.edges[-1],), bands.unit)[0]
    pace = study.numbers(f"{stage}.pace")
    of_stream = float(pace[STREAMS.index(stream)] if pace.ndim else pace)
    return rates_from_bands(edges.tolist(), bands.shares, beyond) * of_stream


def bands_from_rates(rates: Floats, edges_days: Floats, national: Bands) -> Bands:
    """Shares that end in each band, from rates of ending per day."""
    widths = np.diff(edges_days)
    left = np.exp(-np.concatenate(([0.0], np.cumsum(rates[:-1] * widths))))
    shares = np.append(-np.diff(left), left[-1])
    per_unit = edges_in_days((1.0,), national.unit)[0]
    share = tuple(float(s) for s in shares / shares.sum())
    return Bands(national.edges, national.unit, share, float(1.0 / rates[-1] / per_unit))


__all__ = [
    "bands_from_rates",
    "care_counts",
    "fitted",
    "looked_after",
    "national_rates",
    "plan_counts",
]
