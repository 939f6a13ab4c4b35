"""Decisions at referral, assessment and section 47: how they ended, and how long they took.

Shares of those whose outcome the windows have settled; those too recent to tell are left out, not
counted as no. By child: taken as those of families, care entry apart (`model.calibrate.plans`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import log_sd
from model.calibrate.durations import banded, still_there
from model.calibrate.entries import Entry, NotLearnt, entry
from model.calibrate.person_time import Risk, at_risk
from model.calibrate.shrinkage import NATIONAL_WORTH, mixed, weight_of_prior
from model.calibrate.study import STREAMS, Study
from model.parameters.values import Bands
from model.pathway import stage_named
from model.returns.chains import Stays
from model.returns.linking import NEVER, UNKNOWN, Flags

Floats = NDArray[np.float64]
MOST_SHARE = 0.99  # of plans that begin, with an assessment while they run
FEWEST = 20  # settled ones; below, the template's stay
NEEDED: dict[str, tuple[str, ...]] = {
    "referral": ("referrals", "assessments", "section_47"),
    "assessment": ("assessments", "section_47", "care", "in_need_plans"),
    "section_47": ("section_47", "protection_plans", "care"),
}


def decisions(study: Study) -> tuple[list[Entry], list[NotLearnt]]:
    """Splits of the three decisions, and how long assessments and enquiries take."""
    found, missing = [], []
    for stage, tables in NEEDED.items():
        name = f"{stage}.ends"
        gone = [table for table in tables if not study.history.cleaned.has(table)]
        if gone:
            why = f"no return speaks of {', '.join(gone)}".replace("_", " ")
            missing.append(NotLearnt(name, why))
            continue
        settled = settled_stays(stage, study.history.stays[stage])
        if settled.sum() < FEWEST:
            missing.append(NotLearnt(name, f"fewer than {FEWEST} whose outcome is settled"))
            continue
        found.append(_split(study, stage, settled))
    for estimated in (_assessment(study), _reassessment(study), _enquiry(study)):
        found += [one for one in estimated if isinstance(one, Entry)]
        missing += [one for one in estimated if isinstance(one, NotLearnt)]
    missing.append(NotLearnt("referral.duration", "no return gives the day of the decision"))
    return found, missing


def settled_stays(stage: str, stays: Stays) -> Flags:
    """Which stays are old enough that how they went on is told, within the days spoken of.

    An assessment by when it was completed, a referral or enquiry by when it began: whatever came
    of it, so that quick outcomes do not count more than slow ones.
    """
    by = stays.left if stage == "assessment" else stays.entered
    return (by >= stays.seen_from) & (by <= stays.told_until) & (by != UNKNOWN)


def _split(study: Study, stage: str, settled: Flags) -> Entry:
    """Shares of the outcomes of a decision."""
    stays = study.history.stays[stage]
    outcomes = [end.outcome for end in stage_named(stage).ends]
    national = study.numbers(f"{stage}.ends")
    by_stream = national.ndim > 1
    streams = len(STREAMS) if by_stream else 1
    national = national.reshape(streams, len(outcomes))
    code = np.array([outcomes.index(one) if one in outcomes else -1 for one in stays.outcome])
    kept = np.flatnonzero(settled & (code >= 0))
    stream = study.stream_of(stays.child)[kept] if by_stream else np.zeros(len(kept), np.int64)
    cell = stream * len(outcomes) + code[kept]
    counts = study.resamples.counts(stays.child[kept], cell, streams * len(outcomes))
    counts = counts.reshape(-1, streams, len(outcomes))
    taken = study.per_family("care_entry") / study.per_family("referred")
    shares = mixed(counts, of_children(national, stage, outcomes, taken), NATIONAL_WORTH)
    shares = of_families(shares, stage, outcomes, taken)
    leaves = [dict(zip(outcomes, map(float, row), strict=True)) for row in shares[0]]
    value = dict(zip(STREAMS, leaves, strict=True)) if by_stream else leaves[0]
    seen = float(counts[0].sum())
    of_all = counts.sum(axis=1)
    lead = int(np.argsort(of_all[0])[-2]) if len(outcomes) > 1 else 0
    odds = (of_all[:, lead] + 1) / (of_all.sum(axis=1) - of_all[:, lead] + 1)
    note = "Children whose outcome is settled; those too recent to tell are left out."
    return entry(
        f"{stage}.ends",
        value,
        ("stream",) if by_stream else (),
        study.template[f"{stage}.ends"].unit,
        log_sd(odds, study.per_family("referred")),
        seen,
        weight_of_prior(seen),
        note,
    )


def of_children(shares: Floats, stage: str, outcomes: list[str], taken: float) -> Floats:
    """Shares of families as their children show them.

    When a family enters care, a part of its children is taken; the others go where the pathway
    sends them (`rest`). `taken` is that part, children who enter care over children referred.
    """
    found = shares.copy()
    for end in stage_named(stage).ends:
        if end.splits:
            care = outcomes.index(end.outcome)
            rest = _outcome_to(stage, end.rest)
            found[..., outcomes.index(rest)] += found[..., care] * (1.0 - taken)
            found[..., care] *= taken
    return found


def of_families(shares: Floats, stage: str, outcomes: list[str], taken: float) -> Floats:
    """Shares of children as shares of their families; the other way round of `of_children`."""
    found = shares.copy()
    for end in stage_named(stage).ends:
        if end.splits:
            care = outcomes.index(end.outcome)
            rest = outcomes.index(_outcome_to(stage, end.rest))
            families = np.minimum(found[..., care] / taken, 1.0)
            stayed = families * (1.0 - taken)
            found[..., rest] = np.maximum(found[..., rest] - stayed, 0.0)
            found[..., care] = families
    return found / found.sum(axis=-1, keepdims=True)


def _outcome_to(stage: str, to: str) -> str:
    """The outcome of a stage that leads straight to another."""
    return next(end.outcome for end in stage_named(stage).ends if end.to == to and not end.splits)


def _duration(study: Study, name: str, risk: Risk, what: str) -> list[Entry | NotLearnt]:
    """Bands of a plain duration."""
    left, ends = still_there(study.resamples, risk)
    if ends[0] < FEWEST:
        return [NotLearnt(name, f"fewer than {FEWEST} {what} completed in the days spoken of")]
    template = study.template[name]
    national = study.bands(name)
    assert isinstance(national, Bands)
    value, means = banded(left, ends, national)
    note = (
        f"Working days of {what}, Kaplan-Meier with those still open and those that began before"
        " the first day spoken of."
    )
    spread = log_sd(means, study.per_family("referred"))
    weight = weight_of_prior(float(ends[0]))
    return [entry(name, value, (), template.unit, spread, float(ends[0]), weight, note)]


def _assessment(study: Study) -> list[Entry | NotLearnt]:
    stays = study.history.stays["assessment"]
    risk = until_known(stays)
    return _duration(study, "assessment.duration", risk, "assessments")


def _reassessment(study: Study) -> list[Entry | NotLearnt]:
    stays = study.history.stays["reassessment"]
    found = _duration(study, "reassessment.duration", until_known(stays), "reassessments")
    began = (stays.entered >= stays.seen_from) & (stays.entered <= stays.seen_until)
    again = study.resamples.counts(stays.child[began], np.zeros(int(began.sum()), np.int64), 1)[
        :, 0
    ]
    plans = np.zeros_like(again)
    for stage in ("child_in_need_plan", "child_protection_plan"):
        of_plan = study.history.stays[stage]
        there = (of_plan.entered >= stays.seen_from) & (of_plan.entered <= stays.seen_until)
        none = np.zeros(int(there.sum()), np.int64)
        plans = plans + study.resamples.counts(of_plan.child[there], none, 1)[:, 0]
    name = "reassessment.chance"
    if plans[0] < FEWEST or not study.history.cleaned.has("in_need_plans"):
        found.append(NotLearnt(name, "too few plans began in the days spoken of"))
        return found
    national = float(study.numbers(name).mean())
    share = np.minimum((NATIONAL_WORTH * national + again) / (NATIONAL_WORTH + plans), MOST_SHARE)
    note = "Assessments that began while a plan was open, without a referral, for each plan begun."
    spread = log_sd(share / (1.0 - share), study.per_family("referred"))  # a range is of its odds
    weight = weight_of_prior(float(plans[0]))
    unit = study.template[name].unit
    found.append(entry(name, float(share[0]), (), unit, spread, float(again[0]), weight, note))
    return found


def _enquiry(study: Study) -> list[Entry | NotLearnt]:
    """From strategy discussion to conference, of enquiries old enough to have had one."""
    rows, stays = study.history.cleaned["section_47"], study.history.stays["section_47"]
    on, met = rows["on"], rows["conference_on"]
    old_enough = (on != UNKNOWN) & (on >= stays.seen_from) & (on <= stays.told_until)
    kept = np.flatnonzero(old_enough & (met != UNKNOWN) & (met >= on))
    ended = np.ones(len(kept), bool)
    risk = Risk(rows["child"][kept], on[kept], on[kept], met[kept], ended)
    return _duration(study, "section_47.duration", risk, "enquiries that led to a conference")


def until_known(stays: Stays) -> Risk:
    """Time at risk of plain durations: to the last day spoken of, whatever came after."""
    whole = Stays(
        stays.child,
        stays.entered,
        np.where(stays.left == UNKNOWN, NEVER, stays.left),
        stays.outcome,
        stays.seen_from,
        stays.seen_until,
        stays.seen_until,
    )
    return at_risk(whole)
