"""Compare a redesign with today: the same families, the same luck, the difference pair by pair.

Works on the tables of `results.Results`. Every range says what it contains
(`Sampling.ranges_say`): chance alone, or also what is not known of the parameters. It draws
nothing and runs nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.results import FUTURE, Results, spread, standard_error

COVERAGE = (0.1, 0.9)
KEYS = ["measure", "unit", "counted_in", "period"]
COUNCIL = ("council_childrens_services", "council_other")
PAYERS = "payers"


def check_pair(baseline: Results, scenario: Results) -> None:
    """Refuse to compare runs that did not meet the same families.

    Raises ValueError when area, dates, sampling, unit costs or price base differ.
    """
    for name in ("area", "start", "years", "sampling", "base_year", "cost_set"):
        ours, theirs = getattr(baseline, name), getattr(scenario, name)
        if ours != theirs:
            raise ValueError(f"cannot compare runs with {name} {ours} and {theirs}")


def differences(baseline: Results, scenario: Results, by_locality: bool = False) -> pd.DataFrame:
    """What a redesign changes in every measure and period.

    Returns
    -------
    DataFrame with the columns measure, unit, counted_in, period, (locality), baseline, scenario,
    difference (means over futures), low, high (80% of the paired differences).
    """
    check_pair(baseline, scenario)
    keys = [*KEYS, "locality"] if by_locality else KEYS
    tables = [r.localities if by_locality else r.measures for r in (baseline, scenario)]
    both = tables[0].merge(tables[1], on=[*keys, FUTURE], suffixes=("_baseline", ""))
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
    """Cost of services by future and financial year; rows futures, columns years, GBP.

    Parameters
    ----------
    payers : only these; all when empty.
    """
    return _by_year(results.costs, results, payers)


def programme_by_year(results: Results, payers: tuple[str, ...] = ()) -> pd.DataFrame:
    """Programme cost of a scenario by future and financial year, GBP."""
    return _by_year(results.programme, results, payers)


def _by_year(table: pd.DataFrame, results: Results, payers: tuple[str, ...]) -> pd.DataFrame:
    if payers and len(table):
        table = table[table["payer"].isin(payers)]
    futures = range(results.futures)
    if not len(table):
        return pd.DataFrame(index=futures)
    sums = table.groupby([FUTURE, "financial_year"], observed=True)["gbp"].sum()
    return sums.unstack(fill_value=0.0).reindex(futures, fill_value=0.0)


def net_savings(
    baseline: Results, scenario: Results, payers: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Saved on services, and paid for the programme; rows futures, columns years, GBP."""
    check_pair(baseline, scenario)
    gross = yearly_costs(baseline, payers).sub(yearly_costs(scenario, payers), fill_value=0.0)
    programme = programme_by_year(scenario, payers)
    years = sorted({*gross.columns, *programme.columns})
    return gross.reindex(columns=years, fill_value=0.0), programme.reindex(
        columns=years, fill_value=0.0
    )


def savings(baseline: Results, scenario: Results, payers: tuple[str, ...] = ()) -> pd.DataFrame:
    """What a redesign saves, by financial year: gross, programme cost, net and cumulative.

    Positive is a saving. Constant prices of the results' base year, undiscounted.

    Returns
    -------
    DataFrame, one row a financial year: financial_year, gross_gbp, programme_gbp, net_gbp,
    net_low_gbp, net_high_gbp, cumulative_gbp, cumulative_low_gbp, cumulative_high_gbp,
    chance_of_saving (share of futures whose cumulative net is above 0).
    """
    gross, programme = net_savings(baseline, scenario, payers)
    net = gross - programme
    cumulative = net.cumsum(axis=1)
    return pd.DataFrame(
        {
            "financial_year": gross.columns,
            "gross_gbp": gross.mean().to_numpy(),
            "programme_gbp": programme.mean().to_numpy(),
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
    high_gbp: means over futures and 80% of the paired differences; services only.
    """
    check_pair(baseline, scenario)
    sums = [
        r.costs.groupby([*by, FUTURE], observed=True)["gbp"].sum().unstack(fill_value=0.0)
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


def spreads(baseline: Results, scenario: Results, measures: tuple[str, ...]) -> pd.DataFrame:
    """Chance and ignorance told apart, for what a redesign changes by the end of the run.

    Parameters
    ----------
    measures : names; each in the run's last financial year. Net savings of the whole run follow.

    Returns
    -------
    DataFrame with figure, unit, difference (mean), standard_error (of the mean, Monte Carlo),
    chance_sd (luck alone), ignorance_sd (parameters alone; 0 where none was drawn) and
    ignorance_share (of the variance; what better evidence could remove).
    """
    check_pair(baseline, scenario)
    last = baseline.measures["period"].iloc[-1]
    rows = []
    for name in measures:
        both = [_of_futures(one.measures, name, last) for one in (baseline, scenario)]
        unit = baseline.measures.loc[baseline.measures["measure"] == name, "unit"]
        if len(unit):
            rows.append(_spread_row(name, str(unit.iloc[0]), both[1] - both[0], baseline))
    for figure, payers in (("net_saving", ()), ("net_saving_of_the_council", COUNCIL)):
        gross, programme = net_savings(baseline, scenario, payers)
        rows.append(_spread_row(figure, "GBP", (gross - programme).sum(axis=1), baseline))
    return pd.DataFrame(rows)


def _of_futures(table: pd.DataFrame, measure: str, period: str) -> pd.Series:
    chosen = table[(table["measure"] == measure) & (table["period"] == period)]
    return chosen.set_index(FUTURE)["value"].sort_index()


def _spread_row(figure: str, unit: str, change: pd.Series, results: Results) -> dict[str, object]:
    values = change.to_numpy(float)
    told_apart = spread(values, results.sampling)
    return {
        "figure": figure,
        "unit": unit,
        "difference": float(values.mean()),
        "standard_error": standard_error(values, results.sampling),
        "chance_sd": told_apart.chance**0.5,
        "ignorance_sd": told_apart.ignorance**0.5,
        "ignorance_share": told_apart.ignorance_share,
    }


def chance_of_any_saving(baseline: Results, scenario: Results) -> float:
    """Share of simulated futures in which the redesign saves more than it costs by the end."""
    table = savings(baseline, scenario)
    return float(table["chance_of_saving"].iloc[-1]) if len(table) else float(np.nan)
