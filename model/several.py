"""Up to four scenarios side by side: today's arrangements and the redesigns, as plain tables.

Works on `results.Results` that met the same families. It draws nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from model import compare
from model.compare import COVERAGE
from model.results import Results

MOST = 4
LEVEL = ["measure", "unit", "counted_in", "period", "scenario", "value", "low", "high"]
CHANGE = ["measure", "unit", "counted_in", "period", "scenario", "difference", "low", "high"]


def levels(
    results: Mapping[str, Results], measures: Sequence[str], period: str = ""
) -> pd.DataFrame:
    """Each measure under each scenario.

    Parameters
    ----------
    results : by the scenario's name as people say it, today's arrangements first.
    measures : names, in the order wanted. period : a financial year; empty for every one.

    Returns
    -------
    DataFrame with the columns of `LEVEL`: means over futures and 80% of them.

    Raises
    ------
    ValueError for more than four scenarios, or runs that did not meet the same families.
    """
    _check(list(results.values()))
    parts = []
    for title, one in results.items():
        table = _chosen(one.measures, measures, period)
        grouped = table.groupby(compare.KEYS, sort=False, observed=True)["value"]
        low, high = (grouped.quantile(share) for share in COVERAGE)
        found = pd.DataFrame({"value": grouped.mean(), "low": low, "high": high}).reset_index()
        parts.append(found.assign(scenario=title))
    return _ordered(pd.concat(parts, ignore_index=True), measures, list(results))[LEVEL]


def changes(
    baseline: Results,
    redesigns: Mapping[str, Results],
    measures: Sequence[str],
    period: str = "",
    by_locality: bool = False,
) -> pd.DataFrame:
    """What each redesign changes in each measure, pair by pair with today's arrangements.

    Parameters
    ----------
    baseline : today's. redesigns : by the name as people say it, up to three with today's.
    measures, period : as for `levels`. by_locality : one row a locality.

    Returns
    -------
    DataFrame with the columns of `CHANGE` (and locality): mean difference and 80% of the paired
    differences.

    Raises
    ------
    ValueError as for `levels`.
    """
    _check([baseline, *redesigns.values()], MOST + 1)
    parts = []
    for title, one in redesigns.items():
        table = compare.differences(baseline, one, by_locality)
        parts.append(_chosen(table, measures, period).assign(scenario=title))
    columns = [*CHANGE, "locality"] if by_locality else CHANGE
    return _ordered(pd.concat(parts, ignore_index=True), measures, list(redesigns))[columns]


def between(
    one: Results, other: Results, measures: Sequence[str], period: str = ""
) -> pd.DataFrame:
    """What one redesign changes beside another: the difference of the two, pair by pair.

    Returns
    -------
    DataFrame as `compare.differences`, its baseline being `one`.
    """
    return _chosen(compare.differences(one, other), measures, period).reset_index(drop=True)


def which_is_best(savings: Mapping[str, pd.Series]) -> pd.DataFrame:
    """In how many futures each redesign saves most.

    Parameters
    ----------
    savings : net saving by future, by the redesign's name; today's arrangements save nought.

    Returns
    -------
    DataFrame with scenario, mean_gbp, chance_of_being_best (a tie counts for the first named) and
    chance_of_beating_today.
    """
    table = pd.DataFrame(dict(savings))
    best = table.idxmax(axis=1)
    return pd.DataFrame(
        {
            "scenario": list(table),
            "mean_gbp": table.mean().to_numpy(),
            "chance_of_being_best": [float((best == name).mean()) for name in table],
            "chance_of_beating_today": (table > 0).mean().to_numpy(),
        }
    )


def _check(results: Sequence[Results], most: int = MOST) -> None:
    if len(results) > most:
        raise ValueError(f"{len(results)} scenarios, at most {most}")
    for other in results[1:]:
        compare.check_pair(results[0], other)


def _chosen(table: pd.DataFrame, measures: Sequence[str], period: str) -> pd.DataFrame:
    found = table[table["measure"].isin(list(measures))]
    return found[found["period"] == period] if period else found


def _ordered(table: pd.DataFrame, measures: Sequence[str], titles: Sequence[str]) -> pd.DataFrame:
    """By measure, then period, then scenario, each in the order asked for."""
    place = {name: number for number, name in enumerate(measures)}
    who = {name: number for number, name in enumerate(titles)}
    keys = pd.DataFrame(
        {
            "measure": table["measure"].map(place),
            "period": table["period"],
            "scenario": table["scenario"].map(who),
        }
    )
    return table.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)


__all__ = ["between", "changes", "levels", "which_is_best"]
