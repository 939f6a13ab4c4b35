"""Synthetic returns: a run written as the returns that a council would have sent.

`synthesise` turns a run into Annex A lists, census years and SSDA903 years, `write` puts them
into a folder. Everything is invented: nobody in them exists. What the formats are is written down
here apart from the readers, so that a run written and read back tests both. Faults that real
files have can be put in on purpose; each is counted.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from model.engines.cases import Cases
from model.episodes import EpisodeLog
from model.errors import InputError, Where, listed
from model.measures.linked_log import LinkedLog, linked
from model.simulate import Prepared
from model.synthesise import journeys
from model.synthesise.annex_a import annex_a
from model.synthesise.care import care
from model.synthesise.cin_census import Year, census
from model.synthesise.extract import ASSESSMENT, COMPLETIONS, INTERVENTION, Extract
from model.synthesise.faults import LEVELS, NONE, inject
from model.synthesise.files import ALL_FORMATS, FORMATS, write
from model.synthesise.returns import Injected, Shape, SyntheticReturns
from model.synthesise.simulated import Simulated
from model.synthesise.ssda903 import looked_after_return

__all__ = [
    "ALL_FORMATS",
    "ASSESSMENT",
    "COMPLETIONS",
    "FORMATS",
    "INSPECTION_MONTHS",
    "INTERVENTION",
    "LEVELS",
    "NONE",
    "Injected",
    "Shape",
    "SyntheticReturns",
    "histories",
    "synthesise",
    "write",
]

INSPECTION_MONTHS = 6


def synthesise(
    prepared: Prepared,
    log: EpisodeLog | LinkedLog,
    cases: Cases,
    *,
    extract_date: date | str | None = None,
    window_months: int | None = None,
    completion: str = ASSESSMENT,
    faults: str = NONE,
    seed: int = 1,
) -> SyntheticReturns:
    """A run as returns.

    Parameters
    ----------
    prepared, log, cases : of the run (`simulate.prepare`, `replicate`, `cases_of`).
    extract_date : of Annex A, the last day known. When absent the run's last day, and as many
        extracts before it, one at the end of the other, as the run holds.
    window_months : that an extract looks back; 6, as an inspection asks, when absent.
    completion : what the completion date of early help ends, the assessment or the intervention.
    faults : none, few or many (`faults`). seed : of what is made up, and of the faults.

    Returns
    -------
    SyntheticReturns: Annex A by extract and list, the census and the SSDA903 by year (complete
    years to 31 March that the run covers), and what was put in on purpose.

    Raises
    ------
    InputError for a day outside the run, or an unknown choice.
    """
    run = Simulated(prepared, cases, linked(log), seed)
    last = pd.Timestamp(run.end) - pd.Timedelta(days=1)
    day = last if extract_date is None else pd.Timestamp(extract_date).normalize()
    months = INSPECTION_MONTHS if window_months is None else window_months
    check(run, day, months, completion, faults)
    days = [day] if extract_date is not None else extract_days(run, day, months)
    tables = histories(run)
    extracts = [Extract(run, tables, one, months, completion) for one in days]
    years = [Year(run, tables, ends) for ends in complete_years(run)]
    found = SyntheticReturns(
        annex_a={str(one.day.date()): annex_a(one) for one in extracts},
        census={year.ends: census(year) for year in years},
        ssda903={year.ends: looked_after_return(year) for year in years},
        notes=notes(run, days, months, completion, faults),
    )
    return inject(found, faults, seed) if faults != NONE else found


def histories(run: Simulated) -> dict[str, pd.DataFrame]:
    """What happened to each child of a run, by kind of event (`journeys`, `care`)."""
    episodes = journeys.in_need(run)
    return {
        "contacts": journeys.contacts(run),
        "early_help": journeys.early_help(run),
        "referrals": journeys.referrals(run),
        "assessments": journeys.assessments(run, episodes),
        "section_47": journeys.section_47(run),
        "in_need": episodes,
        "in_need_plans": journeys.in_need_plans(run),
        "protection_plans": journeys.protection_plans(run),
        "statuses": journeys.statuses(run),
        "care": care(run),
        "care_leavers": journeys.care_leavers(run),
    }


def extract_days(run: Simulated, last: pd.Timestamp, months: int) -> list[pd.Timestamp]:
    """The days of as many extracts as the run holds, each begun where the one before ended."""
    count = whole_months(run, last) // months
    after = last + pd.Timedelta(days=1)
    ends = [after - pd.DateOffset(months=months * k) for k in range(count)]
    return [end - pd.Timedelta(days=1) for end in reversed(ends)]


def complete_years(run: Simulated) -> list[int]:
    """The years to 31 March that the run covers whole, by the March in which they end."""
    start, end = pd.Timestamp(run.start), pd.Timestamp(run.end)
    first = start.year + 1 + (start > pd.Timestamp(start.year, 4, 1))
    return [year for year in range(first, end.year + 1) if pd.Timestamp(year, 4, 1) <= end]


def whole_months(run: Simulated, day: pd.Timestamp) -> int:
    """Months from the run's start to the end of a day."""
    start, after = pd.Timestamp(run.start), day + pd.Timedelta(days=1)
    return max((after.year - start.year) * 12 + after.month - start.month, 1)


def check(run: Simulated, day: pd.Timestamp, months: int, completion: str, faults: str) -> None:
    """Refuse what cannot be.

    Raises
    ------
    InputError for a day or a window outside the run, and for an unknown choice.
    """
    start, last = pd.Timestamp(run.start), pd.Timestamp(run.end) - pd.Timedelta(days=1)
    where = Where("synthesise")
    if not start <= day <= last:
        allowed = f"a day from {start.date()} to {last.date()}"
        raise InputError(where, f"an extract of {day.date()}", allowed, "Simulate that year too.")
    if not 1 <= months <= whole_months(run, day):
        allowed = f"1 to {whole_months(run, day)} months, which the run covers"
        raise InputError(where, f"a window of {months} months", allowed, "Start the run earlier.")
    for found, choices in ((completion, COMPLETIONS), (faults, LEVELS)):
        if found not in choices:
            raise InputError(where, repr(found), listed(choices), "Choose one of them.")


def notes(
    run: Simulated, days: list[pd.Timestamp], months: int, completion: str, faults: str
) -> dict[str, Any]:
    """What somebody who finds the files should know."""
    inputs = run.prepared.inputs
    return {
        "warning": "INVENTED. Nobody in these files exists: they were written from a simulation.",
        "area": inputs.area.name,
        "scenario": inputs.scenario.name,
        "run_from": str(run.start),
        "run_to": str(run.end - 1),
        "extract_dates": [str(day.date()) for day in days],
        "window_months": months,
        "early_help_completion_ends": completion,
        "faults": faults,
        "seed": run.seed,
    }
