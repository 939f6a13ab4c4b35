"""How few families may accept early help before the redesign stops paying.

Each step makes it more, or less, likely that an offer is declined under the redesign, whoever makes
it; today's arrangements keep today's uptake. Every step has the same families, luck and draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.errors import Where
from model.how_sure.one_way import MONEY, Saving, saving_of_council
from model.how_sure.strength import breaks_even_at, strength_table
from model.how_sure.worlds import with_redesign
from model.parameters.evidence import Uncertainty
from model.results import Results, Sampling
from model.scenarios import Scenario
from model.scenarios.changes import Change
from model.scenarios.run_dates import THROUGHOUT
from model.simulate import Prepared, run_together

ODDS = (8.0, 4.0, 2.0, 1.0, 0.5)  # of declining, beside the redesign as it is; least uptake first
STAGE, ACCEPTED, DECLINED = "early_help_offer", "accepted", "declined"
LEVER = f"odds_ratio.{STAGE}"


def with_odds_of_declining(plans: Sequence[Prepared], odds: float) -> list[Prepared]:
    """The same runs with other odds that an offer of early help is declined under the redesign.

    Parameters
    ----------
    plans : the baseline first. odds : ratio; 1 leaves the redesign as it is, 2 doubles the odds.
    """
    found = with_redesign(plans, lambda plan: _declining(plan, odds))
    return [replace(plan, tables=(*MONEY, "flows")) for plan in found]


def run_uptake(
    plans: Sequence[Prepared],
    sampling: Sampling,
    odds: Sequence[float] = ODDS,
    saving: Saving = saving_of_council,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run the comparison at each uptake; parameters as for `strength.run_strengths`.

    Returns
    -------
    DataFrame, least uptake first: odds_of_declining (beside the redesign as it is), uptake_share
    (of offers settled that were accepted under the redesign, whole run), net_gbp, low_gbp,
    high_gbp, chance_of_saving, standard_error_gbp.
    """
    values, uptake = {}, {}
    for number, one in enumerate(odds, 1):
        pair = run_together(with_odds_of_declining(plans, one), sampling, executor)
        values[one], uptake[one] = saving(*pair), uptake_of(pair[1])
        if progress:
            progress(number, len(odds))
    return uptake_table(values, uptake, sampling)


def uptake_table(
    values: Mapping[float, NDArray[np.float64]], uptake: Mapping[float, float], sampling: Sampling
) -> pd.DataFrame:
    """The saving at each uptake, least uptake first, as `run_uptake` gives it.

    Parameters
    ----------
    values, uptake : the saving in each future and the share that accepted, by odds of declining.
    sampling : of these futures.
    """
    table = strength_table(values, sampling).rename(columns={"strength": "odds_of_declining"})
    table.insert(1, "uptake_share", table["odds_of_declining"].map(dict(uptake)))
    return table.sort_values("uptake_share", ignore_index=True)


def uptake_of(results: Results) -> float:
    """Share of the offers of early help that were accepted, of those settled; whole run."""
    flows = results.flows
    own = flows[flows["stage"] == STAGE].groupby("outcome")["families"].sum()
    settled = float(own.reindex([ACCEPTED, DECLINED], fill_value=0.0).sum())
    return float(own.get(ACCEPTED, 0.0)) / settled if settled else float("nan")


def uptake_says(table: pd.DataFrame, holder: str = "the council") -> str:
    """How few families may accept, in a sentence."""
    net, at = table["net_gbp"].to_numpy(float), breaks_even_at(table, "uptake_share")
    least, most = (100 * float(table["uptake_share"].iloc[place]) for place in (0, -1))
    span = f"from {least:.0f}% to {most:.0f}% of families accepting"
    if (net >= 0).all():
        return f"On average it pays for {holder} at every uptake tried, {span}"
    if (net < 0).all():
        return f"On average it does not pay for {holder} at any uptake tried, {span}"
    if np.isnan(at):
        return f"On average it pays for {holder} less the more families accept, {span}"
    return (
        f"On average it stops paying for {holder} where fewer than {100 * at:.0f}% of families "
        "accept early help"
    )


def _declining(plan: Scenario, odds: float) -> Scenario:
    change = Change(
        where=Where("how sure", "uptake"),
        scenario=plan.name,
        parameter=LEVER,
        at={"outcome": (DECLINED,)},
        how="multiply",
        steps=((THROUGHOUT, odds),),
        localities=(),
        why="What if more, or fewer, families decline.",
        grade="definition",
        sources=(),
        uncertainty=Uncertainty("fixed"),
    )
    return replace(plan, changes=(*plan.changes, change))
