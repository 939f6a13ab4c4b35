"""Contacts, early help and comings back: how many, from whom, at what age, for how long.

Two meanings differ between councils and change the answer by a factor; both are asked. A row of a
list of contacts is a child or a whole family (`contact_unit`). The completion date of early help
ends the assessment or the help (`completion`): where nobody says, the share completed within
SHORT_WORKING_DAYS decides, and the decision is a question in the result.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import log_sd
from model.calibrate.durations import banded, still_there
from model.calibrate.entries import Entry, NotLearnt, entry, released
from model.calibrate.person_time import (
    DAYS_A_YEAR,
    at_risk,
    cells_of,
    events,
    exposure,
)
from model.calibrate.shrinkage import (
    NATIONAL_WORTH,
    council_factor,
    leaned,
    mixed,
    weight_of_prior,
    worth_between,
)
from model.calibrate.study import DAYS_PER, STREAMS, Study, edges_in_days
from model.parameters.catalogue import MONTHS
from model.pathway import ATTRIBUTES
from model.returns.linking import Days, Ints

Floats = NDArray[np.float64]
ASSESSMENT, INTERVENTION = "assessment", "intervention"
COMPLETIONS = (ASSESSMENT, INTERVENTION)
CHILD, FAMILY = "child", "family"
CONTACT_UNITS = (CHILD, FAMILY)
SHORT_WORKING_DAYS = 60
MOSTLY = 0.5
FEWEST = 20
MONTHS_A_YEAR, FIRST_MONTH = 12, 3  # years run from April; NumPy counts months from January
SOURCES = ATTRIBUTES["source"]
# Contacts that no list of the front door holds, and children who cannot be followed: estimates from
# runs written as returns came out this much too low.
LEFT_OUT = 0.05
BY_ANOTHER_DOOR = ("early_help_door", "moved_in", "asylum_seeking")
LEFT_FROM = ATTRIBUTES["left_from"]
AGES_WHY = (
    "ages at contact are those of every child and of families that come again; the model needs the"
    " first child's at the first contact"
)


def contacts(study: Study, population_0_17: float, unit: str) -> list[Entry | NotLearnt]:
    """Contacts a year by source, and their months."""
    cleaned = study.history.cleaned
    if not cleaned.has("contacts") or not len(cleaned["contacts"]["child"]):
        why = "no return lists contacts"
        names = ("contacts_per_10000", "month_share")
        return [NotLearnt(f"population.{name}", why) for name in names]
    rows = cleaned["contacts"]
    first, last = cleaned.windows["contacts"]
    seen = (rows["on"] >= first) & (rows["on"] <= last)
    child, on, source = rows["child"][seen], rows["on"][seen], rows["source"][seen]
    return [
        _by_source(study, child, source, (last - first + 1) / DAYS_A_YEAR, population_0_17, unit),
        _on_return(study, child, source),
        _by_month(study, child, on, first, last),
        NotLearnt("population.age_of_index_child", AGES_WHY),
    ]


def _codes(source: NDArray) -> Ints:
    """Index of each source; one that is not known counts as other."""
    names = source.astype(str)
    other = SOURCES.index("other")
    return np.array([SOURCES.index(s) if s in SOURCES else other for s in names], dtype=np.int64)


def _on_return(study: Study, child: Ints, source: NDArray) -> Entry:
    """Sources of families that come back: as of all contacts, other doors as in the template.

    A run draws the source of a family that comes back apart from that of a new one. With one split
    for both, contacts of a run have the sources of the list.
    """
    name = "return.source_on_return"
    template = study.template[name].value
    counts = study.resamples.counts(child, _codes(source), len(SOURCES))
    counts[:, [SOURCES.index(door) for door in BY_ANOTHER_DOOR]] = 0.0
    national = np.array([0.0 if s in BY_ANOTHER_DOOR else template[s] for s in SOURCES])
    shares = mixed(counts, national / national.sum(), NATIONAL_WORTH)
    value = dict(zip(SOURCES, map(float, shares[0] * national.sum()), strict=True))
    value |= {door: float(template[door]) for door in BY_ANOTHER_DOOR}
    seen = float(counts[0].sum())
    spread = log_sd(shares[:, 0], study.per_family("contacted"))
    note = "Sources of all contacts listed, taken for those of families that come back too."
    unit = study.template[name].unit
    return entry(name, value, (), unit, spread, seen, weight_of_prior(seen), note)


def _by_source(
    study: Study, child: Ints, source: NDArray, years: float, population: float, unit: str
) -> Entry:
    """Contacts of children per 10,000 a year by source; other doors from elsewhere."""
    counts = study.resamples.counts(child, _codes(source), len(SOURCES))
    children = study.per_family("contacted") if unit == FAMILY else 1.0
    rates = counts * children / years / population * 10_000
    template = study.template["population.contacts_per_10000"].value
    # As counts may leave: rounded to 5, and the template's where there are fewer.
    per_child = children / years / population * 10_000
    kept = {s: released(counts[0, k]) * per_child for k, s in enumerate(SOURCES)}
    value = {s: float(template[s]) if math.isnan(rate) else rate for s, rate in kept.items()}
    for name in BY_ANOTHER_DOOR:
        value[name] = float(template[name])
    arrived = _asylum_seeking(study, population)
    if not math.isnan(arrived):
        value["asylum_seeking"] = arrived
    seen = float(counts[0].sum())
    spread = math.hypot(log_sd(rates.sum(axis=1), study.per_family("contacted")), LEFT_OUT)
    note = (
        f"Rows of the list of contacts in {years:.1f} years, "
        + ("one a child." if unit == CHILD else "one a family, times children contacted.")
        + " The early help door and families that move in are the template's;"
        + " a row without a known source counts as other."
    )
    name, stated = "population.contacts_per_10000", "children per 10,000 aged 0-17 per year"
    return entry(name, value, (), stated, spread, seen, 0.0, note)


def _asylum_seeking(study: Study, population: float) -> float:
    """Unaccompanied children who started to be looked after, per 10,000 a year; NaN for few."""
    stays = study.history.stays["looked_after"]
    if not study.history.cleaned.has("care"):
        return math.nan
    began = (stays.entered >= stays.seen_from) & (stays.entered <= stays.seen_until)
    alone = study.stream_of(stays.child) == STREAMS.index("asylum_seeking")
    years = (stays.seen_until - stays.seen_from + 1) / DAYS_A_YEAR
    return released(float((began & alone).sum())) / years / population * 10_000


def _by_month(study: Study, child: Ints, on: Days, first: int, last: int) -> Entry | NotLearnt:
    """Share of contacts by month, from whole years."""
    name = "population.month_share"
    days = np.array([first - 1, last + 1]).astype("datetime64[D]").astype("datetime64[M]")
    begins, ends = int(days[0].astype(np.int64)) + 1, int(days[1].astype(np.int64))
    whole = (ends - begins) // MONTHS_A_YEAR * MONTHS_A_YEAR
    if whole < MONTHS_A_YEAR:
        return NotLearnt(name, "the list of contacts does not cover twelve whole months")
    month = on.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    kept = (month >= ends - whole) & (month < ends)
    place = (month[kept] - FIRST_MONTH) % MONTHS_A_YEAR
    counts = study.resamples.counts(child[kept], place, MONTHS_A_YEAR)
    national = study.numbers(name)
    shares = mixed(counts, national, NATIONAL_WORTH * MONTHS_A_YEAR)
    value = dict(zip(MONTHS, map(float, shares[0]), strict=True))
    seen = float(counts[0].sum())
    weight = weight_of_prior(seen, NATIONAL_WORTH * MONTHS_A_YEAR)
    note = f"Contacts in {whole} whole months."
    spread = log_sd(shares[:, 0], study.per_family("contacted"))
    return entry(name, value, (), "share of contacts", spread, seen, weight, note)


def early_help(study: Study, completion: str | None) -> tuple[list[Entry | NotLearnt], str, str]:
    """Who leads early help, and how long what the completion date ends takes.

    Returns
    -------
    entries, the meaning of the completion date that was used, and a question about it (empty
    where the caller told).
    """
    stays = study.history.stays["early_help"]
    if not len(stays.child):
        return [NotLearnt("early_help_assessment.duration", "no return lists early help")], "", ""
    left, ends = still_there(study.resamples, at_risk(stays))
    short = float(1.0 - left[0, SHORT_WORKING_DAYS])
    question = ""
    if completion is None:
        completion = ASSESSMENT if short >= MOSTLY else INTERVENTION
        question = (
            "Does the completion date of early help end the assessment or the help? Nobody said;"
            f" {short:.0%} are completed within {SHORT_WORKING_DAYS} working days, so it was taken"
            f" to end the {'assessment' if completion == ASSESSMENT else 'help'}. Say which: the"
            f" assessment (completion='{ASSESSMENT}') or the whole of the help"
            f" (completion='{INTERVENTION}')."
        )
    found: list[Entry | NotLearnt] = [_lead(study)]
    if ends[0] < FEWEST:
        name = "early_help_assessment.duration"
        return [*found, NotLearnt(name, "too few were completed")], completion, question
    found.append(_assessed(study, left, ends) if completion == ASSESSMENT else _helped(study))
    return found, completion, question


def _assessed(study: Study, left: Floats, ends: Floats) -> Entry:
    name = "early_help_assessment.duration"
    value, means = banded(left, ends, study.bands(name))
    note = "Working days from the start to the completion of early help assessments."
    weight = weight_of_prior(float(ends[0]))
    spread = log_sd(means, study.per_family("early_help"))
    return entry(name, value, (), study.template[name].unit, spread, float(ends[0]), weight, note)


def _helped(study: Study) -> Entry:
    """The pace of early help plans, from the whole of early help less the assessment."""
    risk = at_risk(study.history.stays["early_help"])
    none = np.zeros(len(risk.child), np.int64)
    days = study.resamples.sums(risk.child, none, (risk.stop - risk.start).astype(float), 1)[:, 0]
    ended = study.resamples.counts(risk.child[risk.ended], none[risk.ended], 1)[:, 0]
    assessment = study.bands("early_help_assessment.duration")
    edges, shares = np.asarray(assessment.edges), np.asarray(assessment.shares)
    ends = edges[1:] if assessment.beyond is None else np.append(edges[1:], edges[-1])
    before = float(((edges[: len(shares)] + ends) / 2 * shares).sum()) * 7 / 5
    plan = study.bands("early_help_plan.ended_by_band")
    starts = np.asarray(plan.edges)
    beyond = plan.beyond or plan.edges[-1]
    middle = np.append((starts[1:] + starts[:-1]) / 2, starts[-1] + beyond)
    national = float((middle[: len(plan.shares)] * plan.shares).sum()) * DAYS_PER[plan.unit]
    own = np.maximum(days / np.maximum(ended, 1.0) - before, national / 10)
    pace = (NATIONAL_WORTH + ended) / (NATIONAL_WORTH + ended * own / national)
    note = (
        "Mean time in early help, as time open over ends, less the template's assessment, against"
        " the template's plan."
    )
    return entry(
        "early_help_plan.pace",
        float(pace[0]),
        (),
        "ratio",
        log_sd(pace, study.per_family("early_help")),
        float(ended[0]),
        weight_of_prior(float(ended[0])),
        note,
    )


def _lead(study: Study) -> Entry | NotLearnt:
    """Share of early help that a partner leads."""
    rows, name = study.history.cleaned["early_help"], "early_help_wait.lead"
    lead = rows["lead"].astype(str)
    known = np.flatnonzero((lead == "council") | (lead == "partner"))
    if len(known) < FEWEST:
        return NotLearnt(name, "too few say which organisation leads")
    partner = (lead[known] == "partner").astype(np.int64)
    counts = study.resamples.counts(rows["child"][known], partner, 2)
    national = float(study.numbers(name).mean())
    share = (NATIONAL_WORTH * national + counts[:, 1]) / (NATIONAL_WORTH + counts.sum(axis=1))
    note = "Early help by the organisation that completed the assessment."
    odds = share / np.maximum(1.0 - share, 1e-3)  # the range of a share is one of its odds
    spread = log_sd(odds, study.per_family("early_help"))
    unit = study.template[name].unit
    seen = float(len(known))
    return entry(name, float(share[0]), (), unit, spread, seen, weight_of_prior(seen), note)


def comings_back(study: Study) -> Entry | NotLearnt:
    """How fast children contacted once are contacted again, by what they left from."""
    name, stays = "return.pace", study.history.stays["return"]
    came = stays.outcome == "comes_back"
    if came.sum() < FEWEST:
        return NotLearnt(name, "too few children came back in the days that contacts are listed")
    shape = study.shape("return.time_shape")
    edges = edges_in_days(shape.edges, shape.unit)
    risk = at_risk(stays)
    cells = cells_of(risk, edges)
    assert stays.placement is not None
    group = np.array([LEFT_FROM.index(one) for one in stays.placement], dtype=np.int64)
    days = exposure(study.resamples, risk, cells, group, len(LEFT_FROM), len(edges))
    code = np.where(came, 0, -1)
    sizes = (len(LEFT_FROM), len(edges), 1)
    found = events(study.resamples, stays.child, cells.event_cell, code, group, sizes)[..., 0]
    yearly = study.numbers("return.yearly_rates")[:, 0, 0]  # not additional help; comes back
    pace = study.numbers(name)
    # Those who come back by the early help door are in no list of contacts.
    doors = sum(study.template["return.source_on_return"].value[door] for door in BY_ANOTHER_DOOR)
    rates = (
        (yearly * pace * (1.0 - doors))[:, None]
        * np.asarray(shape.factors["comes_back"])
        / DAYS_A_YEAR
    )
    seen, expected = found.sum(axis=-1), (days * rates).sum(axis=-1)
    council = council_factor(seen.sum(axis=-1), expected.sum(axis=-1))
    worth = worth_between(seen[0], expected[0], council[0])
    factor = leaned(seen, expected, council[:, None], worth)
    value = dict(zip(LEFT_FROM, map(float, (pace * factor)[0]), strict=True))
    total = float(seen[0].sum())
    note = (
        "Next contact of children whom a list of contacts shows before they left, by what they"
        " left from; what no return tells (help declined or met) is the council's average."
    )
    spread = math.hypot(log_sd(council, study.per_family("contacted")), LEFT_OUT)
    return entry(name, value, ("left_from",), "ratio", spread, total, weight_of_prior(total), note)
