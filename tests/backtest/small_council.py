"""A council so small that a fit and a forecast of it take moments: Stockport's figures, scaled."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from model import published
from model.backtest import Subject
from model.calibrate import from_published

CHILDREN = 3000


def rows() -> pd.DataFrame:
    """Its published rows: counts scaled down, shares as they are."""
    table = published.load()
    own = table[table["area"] == "stockport"].reset_index(drop=True)
    return from_published.average_council(own, CHILDREN, 2021).assign(area="smallham")


def subject(table: pd.DataFrame | None = None) -> Subject:
    """Whose back-test it is."""
    return Subject("smallham", "Smallham", rows() if table is None else table)


def posterior_without_a_fit(parameters, knobs, targets, **settings):
    """Stands in for a fit: a little posterior that hangs on every figure the fit is given."""
    told = [repr(entry.value) for entry in parameters.values()] + [targets.to_csv(), repr(settings)]
    luck = np.random.default_rng([sum(map(ord, text)) for text in told])
    names = [knob.name for knob in knobs]
    return SimpleNamespace(
        knobs=tuple(knobs),
        logs=luck.normal(0.0, 0.1, (4, len(names))),
        learnt=pd.DataFrame({"knob": names, "median": 1.0}),
        waves=pd.DataFrame({"not_implausible_share": [1.0]}),
        not_learnt=list,
        misses=lambda: pd.DataFrame({"measure": [], "year": []}),
    )


def changed_after(table: pd.DataFrame, year: int, seed: int) -> pd.DataFrame:
    """Every figure after a year made into some other one, with rows lost and rows added."""
    luck = np.random.default_rng(seed)
    late = (table["year"] > year).to_numpy()
    share = table["unit"].str.startswith("share").to_numpy()
    other = np.where(share, luck.random(len(table)), luck.integers(1, 10_000, len(table)))
    changed = table.assign(value=np.where(late, other, table["value"]))
    kept = ~late | (luck.random(len(table)) < 0.8)
    added = table[~late].sample(30, random_state=seed).assign(year=year + 1, value=0.5)
    return pd.concat([changed[kept], added]).drop_duplicates(["area", "measure", "year"])
