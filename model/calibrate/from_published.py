"""Any council's published figures as a starting point for a fit: a template and its targets.

The template is another area's parameters (England's average council unless told otherwise) with
every number moved that a published figure tells about: population, contacts by source, durations,
shares of enquiries and conferences, workers, caseload, placements. Only years up to `known_to` are
read; all that rests on nothing published stays as in the base, and the fit's ranges stand for it.
It runs and fits nothing.

What it does not know: what councils do not publish (contacts, early help, step-down, need), which
the base's judgement fills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from model import parameters as files
from model import published
from model.calibrate.known_figures import (
    POPULATION,
    KnownFigures,
    in_years,
    known_to,
    latest_years,
)
from model.calibrate.ranges import with_own_range
from model.calibrate.targets import FITTED, with_rounding
from model.calibrate.template_basis import Basis
from model.calibrate.template_parts import caseload, parts
from model.errors import InputError, Where, listed
from model.parameters import Area, Parameter, Parameters
from model.parameters.catalogue import spec_named
from model.parameters.values import check_value

ENGLAND = "england"
NEEDED = (POPULATION, "referrals", "child_protection_plans_open", "looked_after")
LOCALITIES = "population.locality_share"
CONSTANT = ("share", "per_10000", "per_100_", "gbp_per", "cases_per")  # in names: no counts
WHERE = "the published figures"


def template(
    rows: pd.DataFrame,
    *,
    start_year: int,
    years: Sequence[int],
    known: int,
    area: Area | None = None,
    base: str = ENGLAND,
    root: str | Path | None = None,
) -> Parameters:
    """Parameters of a council from its published figures, to start a fit from.

    Parameters
    ----------
    rows : its published rows, in the shape of parameters/published.csv.
    start_year : the run starts on 1 April of this year; its caseload must be published.
    years : of the 31 March that ends each; their mean stands for the council.
    known : the last year that may be read; later rows change nothing.
    area : who it is; None keeps the base's name. base : area whose file is moved.

    Raises
    ------
    InputError
        When the council's population, referrals, plans or children looked after are not published
        for the years and day wanted.
    """
    own = KnownFigures(known_to(rows, known), tuple(year for year in years if year <= known))
    check_needed(own, start_year)
    shipped, table = files.load(base, root), published.load(root)
    reference = table[table["area"] == base]
    national = KnownFigures(known_to(table[table["area"] == ENGLAND], known), own.years)
    basis = Basis(
        shipped,
        KnownFigures(reference, latest_years(reference)),
        own,
        national,
        start_year,
    )
    council = area or shipped.area
    entries = {**shipped.entries, **relocated(shipped, council)}
    for name, part in parts().items():
        entries[name] = told(entries[name], part(basis), council, own)
    day = f"caseload.at_{start_year}_03_31"
    stated = next(entry for name, entry in entries.items() if name.startswith("caseload.at_"))
    entries = {name: one for name, one in entries.items() if not name.startswith("caseload.at_")}
    entries[day] = told(replace(stated, name=day), caseload(basis), council, own)
    return Parameters(council, entries, shipped.sources, shipped.root)


def check_needed(own: KnownFigures, start_year: int) -> None:
    """What a template cannot do without."""
    for measure in NEEDED:
        found = own.by_year(measure)
        if found.empty:
            raise InputError(
                Where(WHERE, measure), "no figure of any year that may be read", "at least one"
            )
    for measure in ("child_protection_plans_open", "looked_after", POPULATION):
        found = own.by_year(measure)
        if start_year not in found.index:
            raise InputError(
                Where(WHERE, measure),
                f"no figure for 31 March {start_year}",
                f"a start in one of {listed(str(year) for year in found.index)}",
                "Start in another year, or supply the row.",
            )
    if not any(year in own.by_year("referrals").index for year in own.years):
        raise InputError(
            Where(WHERE, "referrals"),
            f"no figure for any of the years {listed(map(str, own.years))}",
            f"years among {listed(str(year) for year in own.by_year('referrals').index)}",
        )


def relocated(shipped: Parameters, council: Area) -> dict[str, Parameter]:
    """The share of contacts by locality, where the council has other localities than the base."""
    if council.localities == shipped.area.localities:
        return {}
    by_place = [name for name, one in shipped.items() if "locality" in one.by]
    if by_place:
        raise InputError(
            Where(WHERE, "localities"),
            f"the localities {listed(council.localities)} and numbers of the base by its own"
            f" ({listed(by_place)})",
            f"the localities {listed(shipped.area.localities)}, or another base",
        )
    even = dict.fromkeys(council.localities, 1 / len(council.localities))
    return {LOCALITIES: replace(shipped[LOCALITIES], value=even)}


def told(entry: Parameter, value: object, council: Area, own: KnownFigures) -> Parameter:
    """An entry with a value from published figures, checked as a file's would be."""
    spec = spec_named(entry.name)
    assert spec is not None
    where = Where(WHERE, entry.name)
    checked = check_value(value, spec, entry.by, council.localities, where)
    note = f"From published figures of the years to March {own.years[0]} to {own.years[-1]}."
    evidence = replace(entry.evidence, note=note)
    return with_own_range(
        replace(entry, value=checked, area=council.name, evidence=evidence), entry
    )


def targets(rows: pd.DataFrame, years: Sequence[int], known: int) -> pd.DataFrame:
    """The published figures that a fit aims at.

    Parameters
    ----------
    rows : the council's published rows. years : of the 31 March that ends each year of the run.
    known : the last year that may be read.

    Returns
    -------
    DataFrame with the columns measure, year, value, sd and unit, as `model.calibrate.fit` takes it.
    """
    found = in_years(known_to(rows, known), years)
    chosen = found[found["measure"].isin(FITTED)]
    return with_rounding(chosen[["measure", "year", "value", "unit"]])


def average_council(rows: pd.DataFrame, children: float, year: int) -> pd.DataFrame:
    """The counts of a region or nation brought down to the size of a council; shares as they are.

    Parameters
    ----------
    children : aged 0 to 17 that it shall have in `year`; all years are scaled by the same factor,
        so that growth stays.
    """
    people = rows[(rows["measure"] == POPULATION) & (rows["year"] == year)]["value"]
    if people.empty:
        raise InputError(Where(WHERE, POPULATION), f"no figure for the year to March {year}")
    constant = rows["measure"].map(lambda name: any(part in name for part in CONSTANT))
    factor = children / float(people.iloc[0])
    return rows.assign(value=rows["value"].where(constant, rows["value"] * factor))


def first_day(start_year: int) -> date:
    """The first day of a run that starts after the 31 March of a year."""
    return date(start_year, 4, 1)


__all__ = ["average_council", "first_day", "known_to", "targets", "template"]
