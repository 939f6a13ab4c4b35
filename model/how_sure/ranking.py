"""Which assumptions are worth a run of their own: rank correlation over draws that are there.

Each draw is one saving and one place in every range; Spearman's correlation between them costs no
run. With few draws, correlations of pure chance are large, and the table says which could be that:
it chooses what to run, and is no answer by itself (the method: Iman and Helton 1988).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.how_sure.assumptions import KNOB, PRICE, PROGRAMME, Assumption
from model.parameters.knobs import Joint
from model.results import Sampling, by_task
from model.uncertainty import POSTERIOR, Draw

MOST = 12
FEWEST_DRAWS = 8
BY_CHANCE = 3.0  # standard errors of a correlation: of two hundred, hardly one is so by chance


def rank_correlations(
    chosen: Sequence[Assumption],
    saving: NDArray[np.float64],
    sampling: Sampling,
    joint: Joint | None = None,
) -> pd.DataFrame:
    """How the saving goes with each assumption over the draws of a comparison.

    Parameters
    ----------
    saving : of each future, in order. sampling : of these futures, with draws.
    joint : the area's joint posterior, where it has one (`Parameters.posterior`).

    Returns
    -------
    DataFrame with key, assumption, kind, grade, correlation (Spearman's, with the assumption's
    place in its range), by_chance (whether chance alone could make it); the largest first. Empty
    where there are fewer than 8 draws.
    """
    columns = ["key", "assumption", "kind", "grade", "correlation", "by_chance"]
    if sampling.draws < FEWEST_DRAWS:
        return pd.DataFrame(columns=columns)
    mean = pd.Series(by_task(saving, sampling)).rank()
    keys = [one.key for one in chosen]
    draws = (Draw(sampling.seed, number) for number in range(sampling.draws))
    places = pd.DataFrame([_places(one, keys, joint) for one in draws])
    ranks = places.rank()
    found = [float(np.corrcoef(ranks[column], mean)[0, 1]) for column in ranks]
    limit = BY_CHANCE / np.sqrt(sampling.draws - 1)
    table = pd.DataFrame(
        {
            "key": keys,
            "assumption": [one.words for one in chosen],
            "kind": [one.kind for one in chosen],
            "grade": [one.grade for one in chosen],
            "correlation": found,
        }
    )
    table["by_chance"] = table["correlation"].abs() < limit
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def worth_a_run(
    every: Sequence[Assumption],
    saving: NDArray[np.float64],
    sampling: Sampling,
    most: int = MOST,
    joint: Joint | None = None,
) -> list[Assumption]:
    """The assumptions to move one by one.

    First the effects of help and what the redesign itself states, then those that the saving goes
    with most over the draws that are there. Prices and programme costs cost no run and are all
    in the list, beyond `most`.

    Parameters
    ----------
    every : from `assumptions_of`. saving, sampling : of the comparison that is there.
    most : how many that need runs of their own. joint : as for `rank_correlations`.
    """
    ranked = rank_correlations(every, saving, sampling, joint)
    by_key = {one.key: one for one in every}
    order = [by_key[key] for key in ranked["key"]] if len(ranked) else list(every)
    free = [one for one in order if one.kind in (PRICE, PROGRAMME)]
    run = [one for one in order if one not in free]
    first = [one for one in run if one.is_effect]
    own = [one for one in run if one.of_redesign and not one.is_effect]
    others = [one for one in run if not one.of_redesign]
    return [*[*first, *own, *others][:most], *free]


def _places(draw: Draw, keys: Sequence[str], joint: Joint | None) -> list[float]:
    """Where a draw stands in each range; for what was fitted together, the factors of its row."""
    at = draw.at([*keys, POSTERIOR])
    row = joint.row(at(POSTERIOR)) if joint else ()
    fitted = (
        {}
        if joint is None
        else {KNOB + knob.name: factor for knob, factor in zip(joint.knobs, row, strict=True)}
    )
    return [fitted[key] if key in fitted else at(key) for key in keys]
