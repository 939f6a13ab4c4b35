"""How weak the effect may be before the redesign stops paying: the same comparison, made weaker.

Each step moves what help and the redesign do for families towards nothing (`worlds.weakened`),
with the ranges of the evidence. Every step has the same families, luck and draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COVERAGE
from model.how_sure.one_way import MONEY, Saving, saving_of_council
from model.how_sure.worlds import weakened
from model.results import Results, Sampling, standard_error
from model.simulate import Prepared, run_together

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


def plans_at(plans: Sequence[Prepared], strength: float) -> list[Prepared]:
    """The plans of one step, for `simulate.run_together`; money only."""
    return [replace(plan, tables=MONEY) for plan in weakened(plans, strength)]


def run_strengths(
    plans: Sequence[Prepared],
    sampling: Sampling,
    strengths: Sequence[float] = STRENGTHS,
    saving: Saving = saving_of_council,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run the comparison at each strength; parameters as for `one_way.run_one_way`.

    Returns
    -------
    DataFrame as `strength_table`.
    """
    found: dict[float, NDArray[np.float64]] = {}
    for number, strength in enumerate(strengths, 1):
        pair: list[Results] = run_together(plans_at(plans, strength), sampling, executor)
        found[strength] = saving(*pair)
        if progress:
            progress(number, len(strengths))
    return strength_table(found, sampling)


def strength_table(found: Mapping[float, NDArray[np.float64]], sampling: Sampling) -> pd.DataFrame:
    """The saving at each strength, the weakest first.

    Parameters
    ----------
    found : the saving in each future, by strength. sampling : of these futures.

    Returns
    -------
    DataFrame with strength (1 as the evidence has it, 0 none), net_gbp, low_gbp, high_gbp (80% of
    futures), chance_of_saving, standard_error_gbp (Monte Carlo).
    """
    rows = []
    for strength in sorted(found):
        values = found[strength]
        low, high = np.quantile(values, COVERAGE)
        rows.append(
            {
                "strength": strength,
                "net_gbp": float(values.mean()),
                "low_gbp": float(low),
                "high_gbp": float(high),
                "chance_of_saving": float((values > 0).mean()),
                "standard_error_gbp": standard_error(values, sampling),
            }
        )
    return pd.DataFrame(rows)


def breaks_even_at(table: pd.DataFrame, column: str = "strength") -> float:
    """Where the mean net saving is nought, read off a straight line between steps.

    The lowest such place above which every step saves. NaN where every step saves, or the last
    does not.

    Parameters
    ----------
    table : with net_gbp and the column that is stepped through, rising.
    """
    places, net = table[column].to_numpy(float), table["net_gbp"].to_numpy(float)
    if (net >= 0).all() or net[-1] < 0:
        return float("nan")
    last = int(np.flatnonzero(net < 0)[-1])
    share = -net[last] / (net[last + 1] - net[last])
    return float(places[last] + share * (places[last + 1] - places[last]))


def strength_says(table: pd.DataFrame, holder: str = "the council") -> str:
    """How weak the effect may be, in a sentence."""
    net, at = table["net_gbp"].to_numpy(float), breaks_even_at(table)
    if net[-1] < 0 and (net < 0).all():
        return f"On average it does not pay for {holder} at any strength of its effect"
    if (net >= 0).all():
        return (
            f"On average it pays for {holder} even without any effect on families: other savings "
            "carry it"
        )
    if np.isnan(at):
        return f"On average it does not pay for {holder} at the strength that the evidence has"
    return (
        f"On average it stops paying for {holder} where the effect is below {100 * at:.0f}% of "
        "what the evidence has"
    )
