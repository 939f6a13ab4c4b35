"""Help that is still under way when the run ends: how much, and what it has cost.

Its cost is in the cases and its benefit is not: the run ends before it. No value is put on it and
nothing is added to a case; it is stated, so that a reader can judge how far a case is cut short.
"""

from __future__ import annotations

import pandas as pd

from model.economics.economic import DELIVERY
from model.economics.financial import row
from model.results import FUTURE, Results

COLUMNS = ["stage", "figure", "unit", "baseline", "scenario", "value", "low", "high"]


def under_way(baseline: Results, scenario: Results) -> pd.DataFrame:
    """Early help, and what leads to it, that is open as the run ends.

    What a stay that is still open has cost is read off the last financial year: the year's
    spending on the stage, shared evenly over the stays that were open in it. What it cost before
    that year is not counted.

    Returns
    -------
    DataFrame with stage, figure (open_at_the_end in families, spent_on_them in GBP of the base
    year), unit, baseline, scenario (means over futures), value (scenario less baseline), low, high.
    Empty where the runs have no table of stages.
    """
    if not (len(baseline.stages) and len(scenario.stages)):
        return pd.DataFrame(columns=COLUMNS)
    before, after = (_open(one) for one in (baseline, scenario))
    rows = []
    for stage in [name for name in before["open"].columns if name in DELIVERY]:
        for figure, unit in (("open", "families"), ("spent", "GBP")):
            ours, theirs = (
                one[figure].get(stage, pd.Series(0.0, one[figure].index)) for one in (before, after)
            )
            found = row("", "", (theirs - ours).to_numpy(float), "", "")
            means = {"baseline": float(ours.mean()), "scenario": float(theirs.mean())}
            name = {"open": "open_at_the_end", "spent": "spent_on_them"}[figure]
            ends = {key: found[key] for key in ("value", "low", "high")}
            rows.append({"stage": stage, "figure": name, "unit": unit, **means, **ends})
    return pd.DataFrame(rows, columns=COLUMNS)


def _open(results: Results) -> dict[str, pd.DataFrame]:
    """Families open at the end, and what they have cost; rows futures, columns stages."""
    table = results.stages.sort_values("period")
    periods = table["period"].unique()
    by_period = {
        period: table[table["period"] == period].set_index([FUTURE, "stage"]) for period in periods
    }
    last = by_period[periods[-1]]
    open_then = last["families_open"].unstack(fill_value=0.0)
    there = open_then * 0.0
    if len(periods) > 1:
        there = by_period[periods[-2]]["families_open"].unstack(fill_value=0.0)
    in_year = last["families"].unstack(fill_value=0.0).add(there, fill_value=0.0)
    share = (open_then / in_year.where(in_year > 0)).fillna(0.0).clip(upper=1.0)
    costs = results.costs[results.costs["financial_year"] == periods[-1]]
    spent = costs.groupby([FUTURE, "stage"])["gbp"].sum().unstack(fill_value=0.0)
    spent = spent.reindex(index=share.index, columns=share.columns, fill_value=0.0).fillna(0.0)
    return {"open": open_then, "spent": spent * share}
