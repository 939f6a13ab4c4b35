"""Cases open on the day of the extract, as an area's file states them (`caseload.at_...`).

Children, early help families. Counts are rounded to 5 and those below 5 left out: a run then takes
that stock from its steady state.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calibrate.counted import ALONE, DISABLED, placement_on
from model.calibrate.entries import Entry, NotLearnt, entry, released
from model.calibrate.person_time import AGE_STARTS_DAYS
from model.calibrate.shrinkage import NATIONAL_WORTH, mixed, weight_of_prior
from model.calibrate.study import AGES, Study
from model.parameters.evidence import Uncertainty
from model.pathway import ATTRIBUTES
from model.returns.chains import ended_of
from model.returns.linking import NEVER, UNKNOWN

Floats = NDArray[np.float64]
PLACEMENTS = ATTRIBUTES["placement"]
STATED_BY = ("in_need_plans", "protection_plans", "care")


def caseload_day(study: Study) -> int:
    """The last day that all returns of open cases speak of; UNKNOWN where there is none."""
    windows = study.history.cleaned.windows
    return min((windows[t][1] for t in STATED_BY if t in windows), default=UNKNOWN)


def caseload(study: Study, completion: str) -> list[Entry | NotLearnt]:
    """Open cases by stage, and the ages and placements of children looked after."""
    day = caseload_day(study)
    if day == UNKNOWN:
        return [NotLearnt("caseload", "no return lists plans or children looked after")]
    counts = {name: released(count) for name, count in _open_cases(study, day, completion).items()}
    value = {name: count for name, count in counts.items() if not math.isnan(count)}
    on = pd.Timestamp(np.datetime64(day, "D"))
    stated = Entry(
        f"caseload.at_{on:%Y_%m_%d}",
        value,
        (),
        "children and families",
        Uncertainty("fixed"),
        0.0,
        "strong",
        "Open on the day of the extract, rounded to 5; a count below 5 is not stated.",
        round(sum(value.values())),
        0.0,
    )
    return [stated, *_looked_after(study, day)]


def _open_cases(study: Study, day: int, completion: str) -> dict[str, float]:
    """Cases open at the end of a day, by the names of the catalogue."""
    cleaned, care = study.history.cleaned, study.history.care
    found: dict[str, float] = {}

    def there(table: str) -> NDArray[np.int64]:
        rows = cleaned[table]
        return rows["child"][(rows["began_on"] <= day) & (ended_of(rows) > day)]

    if cleaned.has("assessments") and cleaned.windows["assessments"][1] >= day:
        stays = study.history.stays["assessment"]
        left = np.where(stays.left == UNKNOWN, NEVER, stays.left)
        found["assessment"] = float(((stays.entered <= day) & (left > day)).sum())
    if cleaned.has("in_need_plans"):
        disabled = study.stream_of(there("in_need_plans")) == DISABLED
        found["child_in_need_plan"] = float((~disabled).sum())
        found["disabled_child_in_need_plan"] = float(disabled.sum())
    if cleaned.has("protection_plans"):
        found["child_protection_plan"] = float(len(there("protection_plans")))
    if cleaned.has("care"):
        child = care.child[(care.began <= day) & (care.ended > day)]
        found["looked_after"] = float(len(child))
        found["looked_after_asylum_seeking"] = float((study.stream_of(child) == ALONE).sum())
    if completion == "intervention" and cleaned.has("early_help"):
        families = len(there("early_help")) / study.per_family("early_help")
        found["early_help_plan"] = families
    return found


def _looked_after(study: Study, day: int) -> list[Entry | NotLearnt]:
    """Ages and placements of children looked after on a day."""
    care = study.history.care
    open_then = (care.began <= day) & (care.ended > day)
    child = care.child[open_then]
    born = study.birth_of(child)
    known = born != UNKNOWN
    placed = placement_on(study, open_then, day)
    found: list[Entry | NotLearnt] = []
    if known.sum() >= NATIONAL_WORTH:
        band = np.searchsorted(AGE_STARTS_DAYS, (day - born)[known], side="right") - 1
        found.append(_split(study, "caseload.looked_after_age", child[known], band, AGES))
    stated = np.isin(placed, PLACEMENTS)
    if stated.sum() >= NATIONAL_WORTH:
        kind = np.array([PLACEMENTS.index(one) for one in placed[stated]], dtype=np.int64)
        found.append(_split(study, "caseload.placement", child[stated], kind, PLACEMENTS))
    return found


def _split(study: Study, name: str, child: NDArray, code: NDArray, names: tuple[str, ...]) -> Entry:
    counts = study.resamples.counts(child, code, len(names))
    shares = mixed(counts, study.numbers(name), NATIONAL_WORTH)
    seen = float(counts[0].sum())
    value = dict(zip(names, map(float, shares[0]), strict=True))
    note = "Children looked after on the day of the extract."
    unit = study.template[name].unit
    return entry(name, value, (), unit, 0.0, seen, weight_of_prior(seen), note)
