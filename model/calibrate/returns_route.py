"""From a council's own returns to a calibrated area: count what they show, fit what none shows.

Counted numbers replace the template's. What no return shows, need at contact first of all, is
fitted to the yearly counts and stocks of the same returns: a year that starts with the open cases
of the extract is to look like the mean of the years before it. How many places of early help
there are is not in any return: they are taken to be as busy as the template's, and other capacity
to be in proportion to children.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from model import network
from model import parameters as files
from model.anchoring import loads_of, places_following
from model.calibrate import from_published
from model.calibrate.area_folder import Calibrated, calibrated
from model.calibrate.entries import Entry
from model.calibrate.estimates import Estimates, estimate
from model.calibrate.fit import fit
from model.calibrate.knobs import load_knobs, without
from model.calibrate.ranges import with_own_range
from model.calibrate.report import Told, report
from model.calibrate.routes import Settings
from model.calibrate.targets import COLUMNS, FITTED, RUN
from model.calibrate.volumes import CHILD
from model.errors import InputError, Where, listed
from model.inputs import resolve
from model.measures import MEASURES
from model.parameters import Area, Parameter, Parameters
from model.parameters.catalogue import CASELOAD_NAME, spec_named
from model.parameters.evidence import Evidence, Source
from model.parameters.values import check_value
from model.returns.faults import counted
from model.returns.records import Records
from model.starting import Opening

ENGLAND = "england"
RETURNS_SOURCE = "own_returns"
POPULATION = "population.children_0_17"
ALSO_COUNTED = ("contacts", "contacts_to_referral_share", "early_help_started")
DAYS_A_YEAR = 365.0
FEWEST_FIGURES = 4
NEEDED = ("referrals", "child_protection_plans_open", "looked_after")  # one of them at least
OFFICERS, CONTACTS = "capacity.screening_officers", "population.contacts_per_10000"
BY_ANOTHER_DOOR = ("early_help_door", "moved_in", "asylum_seeking")  # not screened
BY_CHILDREN = (
    "capacity.social_workers",
    "capacity.in_house_foster",
    "capacity.agency_foster",
)


def calibrate_returns(
    records: Records,
    area: Area,
    population_0_17: float,
    *,
    completion: str | None = None,
    contact_unit: str = CHILD,
    settings: Settings | None = None,
    base: str = ENGLAND,
    root: str | Path | None = None,
) -> tuple[Calibrated, str]:
    """Calibrate a council to its own returns.

    Parameters
    ----------
    records : from `model.returns.folder.read_folder`. area : who it is.
    population_0_17 : its children. completion : what the completion date of early help ends,
        "assessment" or "intervention"; None to decide by the data, which is then a question in
        the report.
    contact_unit : what one row of the list of contacts is, "child" or "family".
    base : area whose numbers stand where returns say nothing.

    Returns
    -------
    The calibrated area, and its report.

    Raises
    ------
    InputError when the returns hold too little to count or to fit to: the error says what.
    """
    chosen = settings or Settings()
    shipped = files.load(base, root)
    found = estimate(
        records,
        shipped,
        population_0_17,
        completion=completion,
        contact_unit=contact_unit,
        seed=chosen.seed,
    )
    start = first_day(found)
    source = returns_source(found, area)
    parameters = with_estimates(shipped, found, area, population_0_17, source)
    parameters = as_busy_as(parameters, shipped, start)
    targets = yearly(found.targets, start.year)
    check_enough(targets)
    shown = found.entries.keys() - partly_shown(records)
    knobs = without(load_knobs(root), shown)
    if not knobs:
        raise InputError(Where("the returns"), "every knob counted", "at least one to fit")
    posterior = fit(
        parameters,
        knobs,
        targets,
        start=start,
        years=1,
        runs=chosen.runs,
        seed=chosen.seed,
        executor=chosen.executor,
        progress=chosen.progress,
        whole_run=True,
        unsure=tuple(name for name in found.entries if name in shown),
    )
    done = calibrated(parameters, posterior, source, "the council's own returns")
    told = Told(
        source.title,
        f"{start:%d %B %Y}",
        1,
        chosen.runs,
        chosen.seed,
        [(one.name, one.why) for one in found.not_learnt],
        found.questions,
        faults_of(records),
        "counted",
    )
    return done, report(done.parameters, posterior, told)


def partly_shown(records: Records) -> set[str]:
    """Counted parameters with a part that these returns do not show, so that they are fitted too.

    Without pre-proceedings, how protection plans end is seen only as far as a child enters care.
    """
    return set() if len(records["pre_proceedings"]) else {"child_protection_plan.ends"}


def first_day(found: Estimates) -> date:
    """The day after the open cases that the returns list.

    Raises
    ------
    InputError where they list none.
    """
    match = CASELOAD_NAME.fullmatch(found.caseload_name)
    if match is None:
        allowed = "a return with plans or children looked after (Annex A Lists 6 to 8, SSDA903)"
        raise InputError(Where("the returns"), "no open cases on any day", allowed)
    return date(*map(int, match.groups())) + timedelta(days=1)


def returns_source(found: Estimates, area: Area) -> Source:
    """The council's returns as a source, by kind and last day; no file is named."""
    year = str(found.last_day.year)
    return Source(RETURNS_SOURCE, found.source, area.title, year, area.title)


def with_estimates(
    shipped: Parameters, found: Estimates, area: Area, population: float, source: Source
) -> Parameters:
    """The template with what the returns say in place of its own numbers."""
    ratio = population / float(shipped[POPULATION].value)
    entries = {**shipped.entries, **from_published.relocated(shipped, area)}
    entries = {name: one for name, one in entries.items() if not CASELOAD_NAME.fullmatch(name)}
    for name in BY_CHILDREN:
        note = f"The template's, in proportion to children ({ratio:.2f})."
        entries[name] = stated(entries[name], float(entries[name].value) * ratio, note, area)
    said = "Given by whoever calibrated."
    entries[POPULATION] = stated(entries[POPULATION], float(population), said, area)
    for name, one in found.entries.items():
        entries[name] = estimated(one, area, source)
    busy = screened(entries) / screened(shipped.entries)
    officers = float(math.ceil(float(shipped[OFFICERS].value) * busy))
    note = f"The template's, in proportion to contacts screened ({busy:.2f}), whole ones."
    entries[OFFICERS] = stated(shipped[OFFICERS], officers, note, area)
    sources = {**shipped.sources, source.name: source}
    return Parameters(area, entries, sources, shipped.root)


def screened(entries: Mapping[str, Parameter]) -> float:
    """Contacts a year that come to a screening officer.

    The template's officers have little time to spare: with more contacts and no more officers, a
    council would be given a queue that grows for ever.
    """
    rates = entries[CONTACTS].value
    by_door = sum(rate for source, rate in rates.items() if source not in BY_ANOTHER_DOOR)
    return float(by_door) * float(entries[POPULATION].value)


def stated(entry: Parameter, value: float, note: str, area: Area) -> Parameter:
    """An entry with another number and why."""
    evidence = replace(entry.evidence, note=note)
    return with_own_range(replace(entry, value=value, area=area.name, evidence=evidence), entry)


def estimated(one: Entry, area: Area, source: Source) -> Parameter:
    """A counted number as an area's file would state it, checked as one."""
    spec = spec_named(one.name)
    assert spec is not None
    where = Where("the returns", one.name)
    value = check_value(one.value, spec, one.by, area.localities, where)
    evidence = Evidence(one.unit, one.grade, (source.name,), one.uncertainty, note=one.note)
    return Parameter(one.name, value, one.by, evidence, where.file, area.name)


def as_busy_as(parameters: Parameters, shipped: Parameters, start: date) -> Parameters:
    """Places of early help that are as busy as the template's."""
    usual = next(name for name in shipped if CASELOAD_NAME.fullmatch(name))
    day = date(*map(int, CASELOAD_NAME.fullmatch(usual).groups())) + timedelta(days=1)  # type: ignore[union-attr]
    theirs = resolve(shipped.area.name, start=day, years=1, parameters=shipped)
    ours = resolve(parameters.area.name, start=start, years=1, parameters=parameters)
    loads = loads_of(Opening(theirs, network.build(theirs)))
    placed = places_following(parameters, loads, Opening(ours, network.build(ours)))
    moved = {
        name: replace(entry, area=parameters.area.name)
        for name, entry in placed.entries.items()
        if entry.value != parameters[name].value
    }
    return replace(placed, entries={**placed.entries, **moved})


def yearly(targets: pd.DataFrame, year: int) -> pd.DataFrame:
    """One figure a measure out of the years counted: the mean year, and the latest stock.

    Parameters
    ----------
    targets : as `Estimates.targets`. year : that the run begins in.

    Returns
    -------
    DataFrame with the columns measure, year, value, sd, unit. Counts of part of a year are scaled
    to a whole one, where no whole year was counted.
    """
    rows = []
    for name in (*ALSO_COUNTED, *FITTED):
        own = targets[targets["measure"] == name].sort_values("last")
        whole = own[own["complete"].astype(bool)]
        own = whole if len(whole) else own
        if own.empty:
            continue
        kind = MEASURES[name].kind
        if kind == "stock":
            own = own.tail(1)
        days = (own["last"] - own["first"]).dt.days + 1.0
        scale = DAYS_A_YEAR / days if kind == "flow" and not len(whole) else 1.0
        value, sd = own["value"] * scale, own["sd"] * scale
        error = float(np.sqrt((sd**2).sum()) / len(own))
        rows.append((name, year, float(value.mean()), error, MEASURES[name].unit))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def check_enough(targets: pd.DataFrame) -> None:
    """Refuse to fit to next to nothing, and say what is missing."""
    where = Where("the returns")
    known = set(targets["measure"])
    if not known & set(NEEDED):
        allowed = f"counts of at least one of {listed(NEEDED)}, 5 children or more each"
        raise InputError(where, "too few children to count", allowed)
    if len(known) < FEWEST_FIGURES:
        found = f"{len(known)} figures that can be fitted to ({listed(sorted(known))})"
        remedy = "Add another return, or calibrate from published statistics."
        raise InputError(where, found, f"at least {FEWEST_FIGURES}", remedy)


def faults_of(records: Records) -> list[tuple[str, str, int]]:
    """Faults by severity and kind with their number; neither lines nor values."""
    table = counted(records.faults)
    if table.empty:
        return []
    sums = table.groupby(["severity", "kind"], sort=False)["count"].sum()
    return [(str(severity), str(kind), int(count)) for (severity, kind), count in sums.items()]


__all__ = ["RUN", "calibrate_returns", "yearly"]
