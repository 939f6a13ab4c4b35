"""Where in the pathway a redesign makes a difference: families and children, link by link.

Works on the flows of two `results.Results` that met the same families. It draws nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.compare import COVERAGE, check_pair
from model.pathway import GONE, PATHWAY, REJOINS_FAMILY, RETURN, SAME_STAGE, STEP_DOWN
from model.results import FUTURE, Results
from model.wording import first_capital, signed, signed_range, stage_label, whole

FAMILIES, CHILDREN = "families", "children"
STARTED = "looked_after_started"
LINK = ["stage", "to", "counted_in"]
IN_CARE = ("looked_after", "after_care")
LEAVES = "leaving for good"
CLOSED, KNOWN_BEFORE = "closing, with a chance to come back", "Known before"
MORE, FEWER, UNCLEAR = "more", "fewer", "no clear change"


def flow_differences(
    baseline: Results, scenario: Results, period: str = "", by_outcome: bool = False
) -> pd.DataFrame:
    """How many more or fewer go along each link of the pathway.

    Children are counted into, within and out of care; families everywhere else.

    Parameters
    ----------
    period : a financial year; empty for the whole run. by_outcome : one row an outcome rather
        than a link (several outcomes lead to the same next stage).

    Returns
    -------
    DataFrame with stage, to, counted_in, (outcome), baseline, scenario, difference (means over
    futures), low, high (80% of the paired differences) and change ("more", "fewer", or "no clear
    change" where the range includes none); in the order of the pathway.

    Raises
    ------
    ValueError when the runs did not meet the same families.
    """
    check_pair(baseline, scenario)
    keys = [*LINK, "outcome"] if by_outcome else LINK
    sums = [_by_link(one, period, keys) for one in (baseline, scenario)]
    before, after = sums[0].align(sums[1], fill_value=0.0)
    change = after - before
    low, high = (change.quantile(share, axis=1) for share in COVERAGE)
    found = pd.DataFrame(
        {
            "baseline": before.mean(axis=1),
            "scenario": after.mean(axis=1),
            "difference": change.mean(axis=1),
            "low": low,
            "high": high,
        }
    ).reset_index()
    found["change"] = [
        UNCLEAR if low <= 0 <= high else (MORE if low > 0 else FEWER)
        for low, high in zip(found["low"], found["high"], strict=True)
    ]
    order = {stage.name: place for place, stage in enumerate(PATHWAY)}
    places = found["stage"].map(order), found["to"].map(order).fillna(len(order))
    found = found.assign(_from=places[0], _to=places[1]).sort_values(["_from", "_to"])
    return found.drop(columns=["_from", "_to"]).reset_index(drop=True)


def stage_differences(baseline: Results, scenario: Results, period: str = "") -> pd.DataFrame:
    """How many more or fewer enter each stage, and what is spent there more or less.

    Returns
    -------
    DataFrame in the order of the pathway: stage, counted_in (children from care on, families
    before), baseline, scenario, difference, low, high (entering; for looked after, starting to
    be), gbp (change in everybody's spending on services there, constant prices), gbp_low,
    gbp_high. Means over futures and 80% of the paired differences.
    """
    check_pair(baseline, scenario)
    pair = [_entering(one, period) for one in (baseline, scenario)]
    spent = [_spent(one, period) for one in (baseline, scenario)]
    rows = []
    for stage in (one.name for one in PATHWAY):
        before, after = (one.loc[stage].to_numpy(float) for one in pair)
        change = after - before
        money = _row_of(spent[1], stage) - _row_of(spent[0], stage)
        low, high = np.quantile(change, COVERAGE)
        gbp_low, gbp_high = np.quantile(money, COVERAGE)
        rows.append(
            {
                "stage": stage,
                "counted_in": CHILDREN if stage in IN_CARE else FAMILIES,
                "baseline": before.mean(),
                "scenario": after.mean(),
                "difference": change.mean(),
                "low": low,
                "high": high,
                "gbp": money.mean(),
                "gbp_low": gbp_low,
                "gbp_high": gbp_high,
            }
        )
    return pd.DataFrame(rows)


def largest(table: pd.DataFrame, number: int = 8) -> pd.DataFrame:
    """The links whose difference is clear, the largest first; fewer where fewer are clear."""
    clear = table[table["change"] != UNCLEAR]
    order = clear["difference"].abs().sort_values(ascending=False).index
    return clear.loc[order].head(number).reset_index(drop=True)


def link_words(stage: str, to: str) -> str:
    """A link as people say it.

    >>> link_words("screening", "early_help_offer")
    'Screening to early help offer'
    """
    end = {LEAVES: LEAVES, RETURN: CLOSED}.get(to) or stage_label(to).lower()
    start = KNOWN_BEFORE if stage == RETURN else stage_label(stage)
    return f"{start} to {end}"


def headline(table: pd.DataFrame) -> str:
    """Where the clearest difference arises, in a sentence; closing cases are left out."""
    onward = table[~table["to"].isin((RETURN, LEAVES))]
    first = largest(onward, 1)
    if not len(first):
        return "No link of the pathway changes clearly"
    row = first.iloc[0]
    more = "more" if row["difference"] > 0 else "fewer"
    return (
        f"The largest clear difference: {whole(abs(row['difference']))} {more} {row['counted_in']} "
        f"go from {link_words(row['stage'], row['to']).lower()} "
        f"({signed_range(row['low'], row['high'])} in 80% of simulated futures)"
    )


def lines(table: pd.DataFrame, number: int = 8) -> list[tuple[str, str]]:
    """The largest clear differences, closing cases left out: the link, and its figure."""
    onward = table[~table["to"].isin((RETURN, LEAVES))]
    return [
        (
            link_words(row.stage, row.to),
            f"{signed(row.difference)} {row.counted_in} ({signed_range(row.low, row.high)})",
        )
        for row in largest(onward, number).itertuples()
    ]


def in_words(table: pd.DataFrame) -> str:
    """The picture of the difference in words, clear links only."""
    rows = [
        f"{link_words(row.stage, row.to)} {signed(row.difference)} {row.counted_in} "
        f"({signed_range(row.low, row.high)})"
        for row in largest(table, len(table)).itertuples()
    ]
    said = "; ".join(rows) or "none"
    return first_capital(f"map of the pathway with the links that change clearly: {said}.")


def _by_link(results: Results, period: str, keys: list[str]) -> pd.DataFrame:
    """Who goes along each link; rows links, columns futures."""
    flows = results.flows
    if period:
        flows = flows[flows["period"] == period]
    ends = {(stage.name, end.outcome): end for stage in PATHWAY for end in stage.ends}
    kinds = flows[["stage", "outcome"]].drop_duplicates()
    rows = []
    for stage, outcome in kinds.itertuples(index=False):
        end = ends.get((stage, outcome))
        if end is None or end.to == SAME_STAGE:
            continue  # the household changed, or the same stay goes on: no link
        to = {REJOINS_FAMILY: STEP_DOWN, GONE: LEAVES}.get(end.to, end.to)
        counted = CHILDREN if end.splits or stage in IN_CARE else FAMILIES
        rows.append((stage, outcome, to, counted))
    known = pd.DataFrame(rows, columns=["stage", "outcome", "to", "counted_in"])
    joined = flows.merge(known, on=["stage", "outcome"])
    count = joined[FAMILIES].where(joined["counted_in"] == FAMILIES, joined[CHILDREN])
    sums = joined.assign(count=count).groupby([*keys, FUTURE], observed=True)["count"].sum()
    wide = sums.astype(float).unstack(fill_value=0.0)
    return wide.reindex(columns=range(results.futures), fill_value=0.0).astype(float)


def _entering(results: Results, period: str) -> pd.DataFrame:
    """Who enters each stage; rows stages, columns futures."""
    table = results.stages
    if period:
        table = table[table["period"] == period]
    in_care = table["stage"].isin(IN_CARE)
    count = table[FAMILIES].where(~in_care, table[CHILDREN])
    sums = table.assign(count=count).groupby(["stage", FUTURE], observed=True)["count"].sum()
    wide = (
        sums.astype(float)
        .unstack(fill_value=0.0)
        .reindex([stage.name for stage in PATHWAY], fill_value=0.0)
    )
    wide = wide.reindex(columns=range(results.futures), fill_value=0.0).astype(float)
    started = results.measures[results.measures["measure"] == STARTED]
    if period:
        started = started[started["period"] == period]
    if len(started):  # a move between placements starts a stay, and no care
        own = started.groupby(FUTURE)["value"].sum()
        wide.loc["looked_after"] = own.reindex(wide.columns, fill_value=0.0)
    return wide


def _spent(results: Results, period: str) -> pd.DataFrame:
    """What is spent in each stage; rows stages, columns futures."""
    table = results.costs
    if period:
        table = table[table["financial_year"] == period]
    sums = table.groupby(["stage", FUTURE], observed=True)["gbp"].sum().unstack(fill_value=0.0)
    return sums.reindex(columns=range(results.futures), fill_value=0.0)


def _row_of(table: pd.DataFrame, stage: str) -> np.ndarray:
    if stage in table.index:
        return table.loc[stage].to_numpy(float)
    return np.zeros(table.shape[1])
