"""Check a run against published statistics: beside each figure, what the model gives.

The run starts from the caseload of 31 March 2022 and is compared year by year, and as a mean,
with the years to March 2023, 2024 and 2025. A figure that set a parameter is marked so: agreeing
with it shows that the fit held, not that the model predicts. A miss is shown as a miss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from model import measures, published
from model.parameters import Parameters
from model.results import FUTURE, Results

START, YEARS, REPLICATIONS = date(2022, 4, 1), 3, 20
WITHIN = 0.05
COVERAGE = (0.1, 0.9)
NATIONAL = "england"
FITTED_TO = "targets.csv"  # in the folder of a calibrated area
NATIONAL_AVERAGE = "national average"  # an area's kind: its counts are a share of the nation's
POPULATION = "population_0_17"
IN_EARLY_HELP = "care_entry_within_24_months_per_100_children_in_early_help"

# The published figures that a check sets beside the model's, in the order of the pathway.
CHECKED: tuple[str, ...] = (
    "referrals",
    "rereferral_share",
    "assessments",
    "assessments_within_45_share",
    "children_in_need",
    "child_in_need_plans_open",
    "section_47_enquiries",
    "initial_conferences",
    "child_protection_plans_started",
    "child_protection_plans_open",
    "looked_after_started",
    "looked_after_ceased",
    "looked_after",
    "looked_after_change",
    "placement_share_foster",
    "placement_share_childrens_home",
    "placement_share_supported",
    "placement_share_with_parents",
    IN_EARLY_HELP,
)
COLUMNS = (
    "measure",
    "unit",
    "published",
    "low",
    "high",
    "simulated",
    "interval",
    "used_as_input",
    "sets",
    "inside",
    "stages",
    "note",
    "years",
)


@dataclass(frozen=True)
class Year:
    """One year's figures: published (None where it is not) and simulated."""

    year: int
    published: float | None
    simulated: float | None


def check_table(
    results: Results, parameters: Parameters, root: str | Path | None = None
) -> pd.DataFrame:
    """Published beside simulated, one row for each figure that a check compares.

    Parameters
    ----------
    results : of the baseline from `START` for `YEARS` years.
    parameters : of the area; say which published figures set them.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`. published, low, high: mean and range of the years to
    March 2023-2025 that exist. simulated: mean over those years and the replications.
    interval: [low, high] that holds 80% of the futures' means (chance only, parameters at
    their central values). used_as_input: whether the figure set a parameter, and `sets` which.
    inside: simulated within 5% of the published mean or inside its range. years: list of
    {year, published, simulated}.
    """
    table = published.load(root)
    local = to_size(own_figures(table, results.area, parameters), parameters)
    national = published.of_area(table, NATIONAL)
    simulated = results.measures[results.measures["period"].isin(financial_years())]
    setters = what_it_sets(parameters)
    rows = []
    for name in CHECKED:
        figures = national if name == IN_EARLY_HELP else local
        found = published_years(figures, name)
        by_run = simulated[simulated["measure"] == name]
        rows.append(row_of(name, found, by_run, setters.get(name, [])))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def own_figures(table: pd.DataFrame, area: str, parameters: Parameters) -> pd.DataFrame:
    """The area's published figures; of a calibrated area those that it was fitted to."""
    if parameters.folder is None or not (parameters.folder / FITTED_TO).is_file():
        return published.of_area(table, area)
    rows = pd.read_csv(parameters.folder / FITTED_TO)
    return rows.pivot(index="measure", columns="year", values="value")


def to_size(figures: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """National counts brought down to the size of an average council; others as they are."""
    if parameters.area.kind != NATIONAL_AVERAGE or POPULATION not in figures.index:
        return figures
    children = float(parameters["population.children_0_17"].value)
    counts = ~figures.index.str.contains("share")
    scaled = figures.copy()
    scaled.loc[counts] = figures.loc[counts] * children / figures.loc[POPULATION]
    return scaled


def financial_years() -> list[str]:
    """The names of the years compared, such as 2022-23."""
    return [f"{START.year + k}-{(START.year + k + 1) % 100:02d}" for k in range(YEARS)]


def published_years(figures: pd.DataFrame, name: str) -> dict[int, float]:
    """What is published for a measure, by the year of its 31 March."""
    if name == "looked_after_change":
        stock = published_years_of(figures, "looked_after")
        return {year: stock[year] - stock[year - 1] for year in stock if year - 1 in stock}
    return published_years_of(figures, name)


def published_years_of(figures: pd.DataFrame, name: str) -> dict[int, float]:
    """The years of one published series."""
    if name not in figures.index:
        return {}
    return {int(str(year)): float(v) for year, v in figures.loc[name].dropna().items()}


def what_it_sets(parameters: Parameters) -> dict[str, list[str]]:
    """Which parameters each published figure set, by measure."""
    found: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        for measure in parameter.fitted_to:
            found.setdefault(measure, []).append(name)
    if "looked_after_ceased" in found or "looked_after_started" in found:
        flows = found.get("looked_after_started", []) + found.get("looked_after_ceased", [])
        found["looked_after_change"] = sorted(set(flows))
    return found


def row_of(
    name: str, found: dict[int, float], by_run: pd.DataFrame, sets: list[str]
) -> dict[str, object]:
    """One row of the check."""
    years = [START.year + 1 + k for k in range(YEARS)]
    compared = {year: found[year] for year in years if year in found}
    reference = compared or found
    each = by_run.groupby("period")["value"].mean() if len(by_run) else pd.Series(dtype=float)
    of_year = dict(zip(years, financial_years(), strict=True))
    used = [of_year[year] for year in (compared or years)]
    own = by_run[by_run["period"].isin(used)].groupby(FUTURE)["value"].mean().dropna()
    mean = float(np.mean(list(reference.values()))) if reference else np.nan
    low, high = (min(reference.values()), max(reference.values())) if reference else (np.nan,) * 2
    simulated = float(own.mean()) if len(own) else np.nan
    interval = [float(own.quantile(q)) for q in COVERAGE] if len(own) else [np.nan, np.nan]
    about = measures.MEASURES[name]
    return {
        "measure": name,
        "unit": about.unit,
        "published": mean,
        "low": low,
        "high": high,
        "simulated": simulated,
        "interval": interval,
        "used_as_input": bool(sets),
        "sets": sets,
        "inside": is_inside(simulated, mean, low, high),
        "stages": about.stages,
        "note": note_on(name, compared, sets),
        "years": [
            {
                "year": year,
                "published": compared.get(year),
                "simulated": float(each[of_year[year]]) if of_year[year] in each else None,
            }
            for year in years
        ],
    }


def is_inside(simulated: float, mean: float, low: float, high: float) -> bool:
    """Within 5% of the published mean, or inside the range of the published years."""
    if np.isnan(simulated) or np.isnan(mean):
        return False
    return abs(simulated - mean) <= WITHIN * abs(mean) or low <= simulated <= high


def note_on(name: str, compared: dict[int, float], sets: list[str]) -> str:
    """What a reader must know about a row."""
    if name == IN_EARLY_HELP:
        return (
            "Beside the 2.5 of the comparison group in a national matched study (1.7 on the "
            "programme), whose families had several problems: not this area, not a target."
        )
    parts = []
    if len(compared) < YEARS:
        parts.append(f"published for {len(compared)} of {YEARS} years")
    parts.append("set a parameter" if sets else "not used to set any parameter")
    return "; ".join(parts)
