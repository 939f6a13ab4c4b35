"""Compare a redesign with today: the same families, the same luck, the difference pair by pair.

Works on the tables of `simulate.Results`. Every range says what it contains: replications show
chance only; the parameters stay at their central values. It draws nothing and runs nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.simulate import Results

COVERAGE = (0.1, 0.9)
INTERVAL_SAYS = "80% of simulated futures; chance only, parameters at their central values"
KEYS = ["measure", "unit", "counted_in", "period"]
COUNCIL = ("council_childrens_services", "council_other")
PAYERS = "payers"


def check_pair(baseline: Results, scenario: Results) -> None:
    """Refuse to compare runs that did not meet the same families.

    Raises ValueError when area, dates, seed, replications or price base differ.
    """
    for name in ("area", "start", "years", "seed", "replications", "base_year"):
        ours, theirs = getattr(baseline, name), getattr(scenario, name)
        if ours != theirs:
            raise ValueError(f"cannot compare runs with {name} {ours} and {theirs}")


def differences(baseline: Results, scenario: Results, by_locality: bool = False) -> pd.DataFrame:
    """What a redesign changes in every measure and period.

    Returns
    -------
    DataFrame with the columns measure, unit, counted_in, period, (locality), baseline, scenario,
    difference (means over replications), low, high (80% of the paired differences).
    """
    check_pair(baseline, scenario)
    keys = [*KEYS, "locality"] if by_locality else KEYS
    tables = [r.localities if by_locality else r.measures for r in (baseline, scenario)]
    both = tables[0].merge(tables[1], on=[*keys, "replication"], suffixes=("_baseline", ""))
    both["difference"] = both["value"] - both["value_baseline"]
    grouped = both.groupby(keys, sort=False, observed=True)
    found = grouped.agg(
        baseline=("value_baseline", "mean"),
        scenario=("value", "mean"),
        difference=("difference", "mean"),
    )
    for name, quantile in zip(("low", "high"), COVERAGE, strict=True):
        found[name] = grouped["difference"].quantile(quantile)
    return found.reset_index()


def yearly_costs(results: Results, payers: tuple[str, ...] = ()) -> pd.DataFrame:
    """Cost of services by replication and financial year; rows replications, columns years, GBP.

    Parameters
    ----------
    payers : only these; all when empty.
    """
    table = results.costs
    if payers:
        table = table[table["payer"].isin(payers)]
    return table.pivot_table(
        index="replication", columns="financial_year", values="gbp", aggfunc="sum", fill_value=0.0
    ).reindex(range(results.replications), fill_value=0.0)


def programme_by_year(results: Results, payers: tuple[str, ...] = ()) -> pd.Series:
    """Programme cost of a scenario by financial year, GBP."""
    table = results.programme
    if payers and len(table):
        table = table[table["payer"].isin(payers)]
    if not len(table):
        return pd.Series(dtype=float)
    return table.groupby("financial_year")["gbp"].sum()


def savings(baseline: Results, scenario: Results, payers: tuple[str, ...] = ()) -> pd.DataFrame:
    """What a redesign saves, by financial year: gross, programme cost, net and cumulative.

    Positive is a saving. Constant prices of the results' base year, undiscounted.

    Returns
    -------
    DataFrame, one row a financial year: financial_year, gross_gbp, programme_gbp, net_gbp,
    net_low_gbp, net_high_gbp, cumulative_gbp, cumulative_low_gbp, cumulative_high_gbp,
    chance_of_saving (share of replications whose cumulative net is above 0).
    """
    check_pair(baseline, scenario)
    gross = yearly_costs(baseline, payers).sub(yearly_costs(scenario, payers), fill_value=0.0)
    programme = programme_by_year(scenario, payers).reindex(gross.columns, fill_value=0.0)
    net = gross - programme
    cumulative = net.cumsum(axis=1)
    return pd.DataFrame(
        {
            "financial_year": gross.columns,
            "gross_gbp": gross.mean().to_numpy(),
            "programme_gbp": programme.to_numpy(),
            "net_gbp": net.mean().to_numpy(),
            "net_low_gbp": net.quantile(COVERAGE[0]).to_numpy(),
            "net_high_gbp": net.quantile(COVERAGE[1]).to_numpy(),
            "cumulative_gbp": cumulative.mean().to_numpy(),
            "cumulative_low_gbp": cumulative.quantile(COVERAGE[0]).to_numpy(),
            "cumulative_high_gbp": cumulative.quantile(COVERAGE[1]).to_numpy(),
            "chance_of_saving": (cumulative > 0).mean().to_numpy(),
        }
    )


def cost_differences(baseline: Results, scenario: Results, by: tuple[str, ...]) -> pd.DataFrame:
    """Where in the pathway, and for whom, the money changes.

    Parameters
    ----------
    by : columns of the costs table, such as ("stage",) or ("payer", "financial_year").

    Returns
    -------
    DataFrame with the columns of `by`, baseline_gbp, scenario_gbp, difference_gbp, low_gbp,
    high_gbp: means over replications and 80% of the paired differences; services only.
    """
    check_pair(baseline, scenario)
    sums = [
        r.costs.groupby([*by, "replication"], observed=True)["gbp"].sum().unstack(fill_value=0.0)
        for r in (baseline, scenario)
    ]
    ours, theirs = sums[0].align(sums[1], fill_value=0.0)
    change = theirs - ours
    found = pd.DataFrame(
        {
            "baseline_gbp": ours.mean(axis=1),
            "scenario_gbp": theirs.mean(axis=1),
            "difference_gbp": change.mean(axis=1),
            "low_gbp": change.quantile(COVERAGE[0], axis=1),
            "high_gbp": change.quantile(COVERAGE[1], axis=1),
        }
    )
    return found.reset_index()


def chance_of_any_saving(baseline: Results, scenario: Results) -> float:
    """Share of simulated futures in which the redesign saves more than it costs by the end."""
    table = savings(baseline, scenario)
    return float(table["chance_of_saving"].iloc[-1]) if len(table) else float(np.nan)
