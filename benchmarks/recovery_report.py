"""What recovery of hidden truths shows: coverage, bias, and what the returns taught nothing about.

Numbers on the scale of the quantities (logarithms, log odds); nothing is run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

RESAMPLES = 4000
NOT_LEARNT = 0.8  # posterior over prior spread: above it the spread shrank by less than a fifth
WANTED = (0.80, 0.97)  # of 90% intervals that hold the truth


def rows_of(lines: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a truth and knob.

    Returns
    -------
    DataFrame with truth, knob, how (counted or fitted), true, mean, low, high, sd, prior_mean,
    prior_sd, inside (whether the 90% interval holds the truth), off (mean less truth, in standard
    deviations of the prior), spread (posterior over prior).
    """
    rows = [
        {"truth": line["truth"], "how": how(line, row["knob"]), **row}
        for line in lines
        for row in line["rows"]
    ]
    table = pd.DataFrame(rows)
    table["inside"] = table["true"].between(table["low"], table["high"])
    table["off"] = (table["mean"] - table["true"]) / table["prior_sd"]
    table["spread"] = table["sd"] / table["prior_sd"]
    return table


def how(line: dict[str, Any], knob: str) -> str:
    """Whether a knob was fitted, or its parameters were counted in the returns."""
    return "fitted" if knob in line["fitted"] else "counted"


def coverage(table: pd.DataFrame, seed: int = 1) -> tuple[float, float, float]:
    """Share of intervals that hold the truth, and its 95% interval, resampled by truth."""
    by_truth = table.groupby("truth")["inside"].mean().to_numpy()
    again = np.random.default_rng(seed).choice(by_truth, (RESAMPLES, len(by_truth))).mean(axis=1)
    low, high = np.quantile(again, (0.025, 0.975))
    return float(by_truth.mean()), float(low), float(high)


def by_knob(table: pd.DataFrame) -> pd.DataFrame:
    """Each knob: coverage, bias and its standard error, spread, and whether it was learnt."""
    found = table.groupby("knob", sort=False).agg(
        how=("how", "first"),
        truths=("truth", "size"),
        inside=("inside", "mean"),
        bias=("off", "mean"),
        bias_se=("off", "sem"),
        spread=("spread", "mean"),
    )
    found["learnt"] = found["spread"] <= NOT_LEARNT
    return found.reset_index()


def report(lines: Sequence[dict[str, Any]]) -> str:
    """The results, to read."""
    if not lines:
        return "no truth has been run"
    table = rows_of(lines)
    said = []
    groups = {"all": table}
    groups |= {kind: part for kind, part in table.groupby(table["truth"].str.split("_").str[0])}
    for kind, part in groups.items():
        share, low, high = coverage(part)
        said.append(
            f"{kind:>6}: {part['truth'].nunique()} truths, {share:.0%} of 90% intervals hold the"
            f" truth ({low:.0%} to {high:.0%}, resampled by truth;"
            f" {WANTED[0]:.0%} to {WANTED[1]:.0%} wanted)"
        )
    knobs = by_knob(table)
    said += ["", "bias and spread in standard deviations of the prior:", ""]
    said.append(knobs.round(2).to_string(index=False))
    missed = knobs.loc[~knobs["learnt"], "knob"].tolist()
    said += [
        "",
        "not learnt (spread shrank by less than a fifth): " + (", ".join(missed) or "none"),
    ]
    seconds = pd.DataFrame([line["seconds"] for line in lines]).mean().round(0)
    said += ["", "seconds a truth: " + ", ".join(f"{k} {v:.0f}" for k, v in seconds.items())]
    return "\n".join(said)
