"""From a council's returns to numbers that the model runs on.

`estimate(records, parameters, population_0_17)` links the returns, counts events over time at risk,
leans on the template where events are few, and says what it could not learn and what it had to
guess. What no return shows (need at contact, step-down, waiting) is left to the fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from model.calibrate.bootstrap import RESAMPLES, resample
from model.calibrate.counted import targets
from model.calibrate.decisions import decisions
from model.calibrate.entries import Entry, NotLearnt
from model.calibrate.open_cases import caseload
from model.calibrate.placed import placements
from model.calibrate.plans import plans
from model.calibrate.rates import looked_after
from model.calibrate.study import Study
from model.calibrate.volumes import (
    COMPLETIONS,
    CONTACT_UNITS,
    FAMILY,
    comings_back,
    contacts,
    early_help,
)
from model.errors import InputError, Where, listed
from model.parameters import Parameters
from model.pathway import PATHWAY
from model.returns.history import History, history
from model.returns.records import Records

Progress = Callable[[int, int], None]
STEPS = 8
KINDS_OF_RETURN = ("Annex A", "children in need census", "SSDA903")
NEVER_LEARNT: dict[str, str] = {
    "population.need_at_contact": "no return gives the level of need of a contact",
    "population.children_per_family": "returns are by child and carry no number of the family",
    "population.disabled_share": "lists of contacts do not say who is disabled; see the stocks",
    "screening.ends": "no return gives what was decided by level of need",
    "early_help_offer.ends": "no return lists offers that were declined",
    "early_help_wait.yearly_rates": "no return lists families that wait for early help",
    "early_help_plan.ends": "no return gives why early help ended",
    "step_down.ends": "no return tells a step-down from a closure",
    "pre_proceedings.ends": "no return lists pre-proceedings",
    "after_care.yearly_rates": "returns list care leavers and not when their support ended",
}


@dataclass(frozen=True)
class Estimates:
    """What a council's returns say of the model's parameters.

    Attributes
    ----------
    entries : by name of the parameter. targets : counts, shares and stocks for the fit
        (`model.calibrate.counted.TARGET_COLUMNS`).
    not_learnt : what stays as the template has it, and why. questions : what had to be guessed.
    last_day : of the extract. source : the returns in one line, for the area's sources.
    completion, contact_unit : the meanings that were used.
    """

    entries: dict[str, Entry]
    targets: pd.DataFrame = field(repr=False)
    not_learnt: tuple[NotLearnt, ...]
    questions: tuple[str, ...]
    last_day: pd.Timestamp
    source: str
    completion: str
    contact_unit: str

    @property
    def caseload_name(self) -> str:
        """The parameter that holds the open cases; empty where no return lists any."""
        return next((name for name in self.entries if name.startswith("caseload.at_")), "")


def estimate(
    records: Records,
    parameters: Parameters,
    population_0_17: float,
    *,
    completion: str | None = None,
    contact_unit: str | None = "child",
    resamples: int = RESAMPLES,
    seed: int = 1,
    progress: Progress | None = None,
) -> Estimates:
    """Estimate everything that returns by child can tell.

    Parameters
    ----------
    records : of one or more returns. parameters : the template that few events lean on, such as
        `parameters.load("england")`, or a region's. population_0_17 : children of the council.
    completion : what the completion date of early help ends, "assessment" or "intervention"; None
        to decide by how soon they are completed, which is then a question in the result.
    contact_unit : what one row of the list of contacts is, "child" or "family".
    resamples, seed : of the bootstrap by child. progress : told (steps done, of all).

    Raises
    ------
    InputError for no records at all, a population that is none, or an unknown meaning.
    """
    _check(records, population_0_17, completion, contact_unit)
    told = progress or (lambda done, total: None)
    told(0, STEPS)
    linked = history(records)
    told(1, STEPS)
    sampled = resample(len(linked.cleaned.birth), seed, resamples)
    study = Study(linked, sampled, parameters)
    told(2, STEPS)
    found: list[Entry | NotLearnt] = []
    found += contacts(study, population_0_17, str(contact_unit))
    of_help, meaning, question = early_help(study, completion)
    found += [*of_help, comings_back(study)]
    told(3, STEPS)
    settled, missing = decisions(study)
    found += [*settled, *missing]
    told(4, STEPS)
    found += plans(study)
    told(5, STEPS)
    if linked.cleaned.has("care") and len(linked.stays["looked_after"].child):
        found += [*looked_after(study), *placements(study)]
    told(6, STEPS)
    found += caseload(study, meaning)
    told(7, STEPS)
    per_row = 1.0 if contact_unit == FAMILY else study.per_family("contacted")
    aims = targets(study, per_row)
    told(8, STEPS)
    entries = {one.name: one for one in found if isinstance(one, Entry)}
    return Estimates(
        entries,
        aims,
        _not_learnt(found, entries),
        _questions(linked, question, contact_unit),
        linked.last_day,
        _source(records, linked),
        meaning,
        str(contact_unit),
    )


def _check(
    records: Records, population: float, completion: str | None, contact_unit: str | None
) -> None:
    where = Where("the estimate")
    if not any(len(table) for table in records.tables.values()):
        raise InputError(Where("the returns"), "no record", "at least one return that was read")
    if not population > 0:
        raise InputError(
            where.at("population_0_17"), f"{population}", "children aged 0-17, above 0"
        )
    for name, found, allowed in (
        ("completion", completion, (*COMPLETIONS, None)),
        ("contact_unit", contact_unit, CONTACT_UNITS),
    ):
        if found not in allowed:
            raise InputError(where.at(name), repr(found), listed(map(repr, allowed)))


def _not_learnt(found: list[Entry | NotLearnt], entries: dict[str, Entry]) -> tuple[NotLearnt, ...]:
    """What was not learnt, each once, in the order of the pathway where it names a stage."""
    named = {one.name: one for one in found if isinstance(one, NotLearnt)}
    for name, why in NEVER_LEARNT.items():
        named.setdefault(name, NotLearnt(name, why))
    order = {stage.name: place for place, stage in enumerate(PATHWAY)}
    missing = [one for one in named.values() if one.name not in entries]
    return tuple(sorted(missing, key=lambda one: order.get(one.name.split(".")[0], -1)))


def _questions(linked: History, question: str, contact_unit: str | None) -> tuple[str, ...]:
    """What an analyst should answer before the numbers are used."""
    asked = [question] if question else []
    if linked.cleaned.has("contacts"):
        asked.append(
            f"Is each row of the list of contacts one {contact_unit}? It was taken to be"
            f" (contact_unit='{contact_unit}'); the other meaning changes contacts by the children"
            " of a family."
        )
    if linked.cleaned.longer:
        names = ", ".join(sorted(linked.cleaned.longer)).replace("_", " ")
        asked.append(
            f"Are the lists of {names} complete from their first rows on? They go back evenly"
            " beyond the months that are asked for, and were taken to be."
        )
    if linked.cleaned.latest_only:
        names = ", ".join(sorted(linked.cleaned.latest_only)).replace("_", " ")
        asked.append(
            f"Is there a return with every spell of {names}? The list holds each child's latest"
            " one alone, so that earlier ones in its window are missing."
        )
    return tuple(asked)


def _source(records: Records, linked: History) -> str:
    """The returns in one line: kinds and the last day, no file names."""
    used = [one.what for one in records.recognised if one.used]
    kinds = [kind for kind in KINDS_OF_RETURN if any(what.startswith(kind) for what in used)]
    listed_kinds = f" ({', '.join(kinds)})" if kinds else ""
    return f"The council's own returns{listed_kinds}, to {linked.last_day:%d %B %Y}"


__all__ = ["Entry", "Estimates", "NotLearnt", "estimate"]
