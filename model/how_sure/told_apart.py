"""How much of what is unsure of a saving is chance, and how much better evidence could remove.

On the basis of the case; the method is that of `results.spread`. It runs nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.results import spread, standard_error
from model.savings.case import COUNCIL, EVERYBODY, Case

FIGURES = {EVERYBODY: "net_saving", COUNCIL: "net_saving_of_the_council"}


def told_apart(case: Case) -> pd.DataFrame:
    """The spread of the net saving over the run, for everybody and, last, for the council.

    Returns
    -------
    DataFrame with figure, unit, difference (the mean saving), standard_error (Monte Carlo),
    chance_sd and ignorance_sd (GBP), ignorance_share (of the variance); the columns of
    `compare.spreads`.
    """
    rows = []
    for holder, figure in FIGURES.items():
        values = case.saved(holder).sum(axis=1)
        found = spread(values, case.sampling)
        rows.append(
            {
                "figure": figure,
                "unit": "GBP",
                "difference": float(values.mean()),
                "standard_error": standard_error(values, case.sampling),
                "chance_sd": float(np.sqrt(found.chance)),
                "ignorance_sd": float(np.sqrt(found.ignorance)),
                "ignorance_share": found.ignorance_share,
            }
        )
    return pd.DataFrame(rows)
