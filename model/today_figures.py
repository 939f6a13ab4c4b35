"""Today's figures around the map: by stage, by locality, how full, and the caseload.

It takes the tables of an answer and what an area's file says of its caseload. It draws nothing.
"""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from model import parameters
from model.answers import Answer, pools_in
from model.measures import MEASURES
from model.pathway_map import wait_in_words
from model.scenarios import BASELINE
from model.wording import label, stage_label, whole

# What is known by locality, in the order of the pathway.
BY_LOCALITY: tuple[str, ...] = (
    "contacts",
    "screened",
    "screening_wait_hours_p90",
    "early_help_offers",
    "early_help_waiting",
    "early_help_wait_working_days_p90",
    "early_help_started",
    "early_help_open",
    "referrals",
    "assessments",
    "assessments_within_45_share",
    "unallocated_families",
    "child_in_need_plans_open",
    "section_47_enquiries",
    "child_protection_plans_open",
    "looked_after_started",
    "looked_after",
)
WAITS = {
    "screening_wait_hours_p90": "Waited for screening, nine in ten at most",
    "early_help_wait_working_days_p90": "Waited for early help, nine in ten at most",
    "unallocated_families": "Without a social worker yet at year end",
}


def stages_in_words(stages: pd.DataFrame) -> pd.DataFrame:
    """The stages with their figures as people read them.

    Returns
    -------
    DataFrame with stage, families, children (entering in the year), families_there,
    children_there (at its end), gbp, wait.
    """
    return pd.DataFrame(
        {
            "stage": stages["stage"].map(stage_label),
            "families": stages["families"].round(),
            "children": stages["children"].round(),
            "families_there": stages["families_open"].round(),
            "children_there": stages["children_open"].round(),
            "gbp": stages["gbp"].round(),
            "wait": [wait_in_words(row).removeprefix("wait: ") for row in stages.itertuples()],
        }
    )


def by_locality(answer: Answer, period: str, name: str = BASELINE) -> pd.DataFrame:
    """What is known by locality in one year, means over futures.

    Returns
    -------
    DataFrame with measure, unit, and one column of text for each locality.
    """
    table = answer.of(name).localities
    table = table[(table["period"] == period) & table["measure"].isin(BY_LOCALITY)]
    localities = list(dict.fromkeys(table["locality"]))
    mean = table.groupby(["measure", "locality"])["value"].mean().unstack()
    rows = []
    for measure in BY_LOCALITY:
        if measure not in mean.index:
            continue
        figures = {place: _written(measure, mean.loc[measure, place]) for place in localities}
        title = WAITS.get(measure) or label(measure)
        rows.append({"measure": title, "unit": MEASURES[measure].unit} | figures)
    return pd.DataFrame(rows)


def _written(measure: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{100 * value:.0f}%" if measure.endswith("_share") else whole(value)


def how_full(answer: Answer, period: str, name: str = BASELINE) -> pd.DataFrame:
    """How full each pool of workers and places is at a year's end, means over futures.

    Returns
    -------
    DataFrame with pool (with its locality), cases, places (NaN where there is no limit) and
    percent_full (NaN there too). A mean of 95% or more means that in many futures it is full.
    """
    pools = pools_in(answer, period, name)
    titles = [
        label(pool) if locality == "all" else f"{label(pool)}, {locality}"
        for pool, locality in zip(pools["pool"], pools["locality"], strict=True)
    ]
    return pd.DataFrame(
        {
            "pool": titles,
            "cases": pools["cases"].to_numpy(),
            "places": pools["places"].to_numpy(),
            "percent_full": (100 * pools["cases"] / pools["places"]).to_numpy(),
        }
    )


def caseload(area: str, start: date) -> pd.DataFrame:
    """The open cases from which a run of an area starts, as its file states them.

    Parameters
    ----------
    start : first day of the run; the caseload is that of the latest date before it.

    Returns
    -------
    DataFrame with open_cases, number, on (date), grade, source, note. Stocks that are not in it
    come from the steady state of the model.
    """
    known = parameters.load(area)
    dated = {_date_of(name): entry for name, entry in known.items() if _is_dated(name)}
    before = [when for when in dated if when < start]
    if not before:
        return pd.DataFrame(columns=["open_cases", "number", "on", "grade", "source", "note"])
    when = max(before)
    entry = dated[when]
    source = "; ".join(known.sources[name].title for name in entry.sources)
    return pd.DataFrame(
        {
            "open_cases": [_stock(name) for name in entry.value],
            "number": list(entry.value.values()),
            "on": when,
            "grade": entry.grade,
            "source": source,
            "note": entry.note,
        }
    )


def _is_dated(name: str) -> bool:
    return name.startswith("caseload.at_")


def _date_of(name: str) -> date:
    year, month, day = name.removeprefix("caseload.at_").split("_")
    return date(int(year), int(month), int(day))


def _stock(name: str) -> str:
    words = {
        "child_in_need_plan": "Children on child in need plans",
        "disabled_child_in_need_plan": "Disabled children in need",
        "child_protection_plan": "Children on child protection plans",
        "looked_after": "Children looked after",
        "looked_after_asylum_seeking": "of these, unaccompanied asylum-seeking children",
        "after_care": "Young people in after care",
    }
    return words.get(name) or stage_label(name)
