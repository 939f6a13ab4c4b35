"""What a back-test says: tables of errors, coverage, and the sentence that goes with savings.

It words and arranges what `scoring` found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.backtest.forecast import GIVEN_REFERRALS, UNCONDITIONAL
from model.backtest.rivals import NO_CHANGE, RIVALS
from model.backtest.scoring import (
    DECIDING_HORIZON,
    Coverage,
    coverage,
    deciding,
    mean_errors,
    no_change_is_beaten,
)
from model.backtest.series import SERIES
from model.tables import as_json

METHODS = (UNCONDITIONAL, *RIVALS, GIVEN_REFERRALS)
SHOWN_HORIZONS = (1, DECIDING_HORIZON)
USES_THE_FUTURE = "uses the future"
OPTIMISTIC = (
    "Horizons of one origin, and origins of one area, overlap: the binomial interval is too narrow."
)


@dataclass(frozen=True)
class AreaResult:
    """The back-test of one area.

    Attributes
    ----------
    area, title : of it. scores : every forecast beside what happened (`scoring.scored`).
    """

    area: str
    title: str
    scores: pd.DataFrame

    @property
    def beaten(self) -> bool | None:
        """Whether no change is beaten at three years; None where no third year is published."""
        return no_change_is_beaten(self.scores, UNCONDITIONAL)

    @property
    def covered(self) -> Coverage:
        """Coverage of the 80% interval of the unconditional forecast."""
        return coverage(self.scores[self.scores["method"] == UNCONDITIONAL])


def sentence(result: AreaResult) -> str:
    """What must be said with every saving of an area; empty where no change is beaten.

    Also empty where no third year is published, because then nothing was tried.
    """
    if result.beaten is not False:
        return ""
    found = deciding(result.scores)
    errors = mean_errors(found, ["area"]).set_index("method")["scaled"]
    origins = sorted(int(year) for year in found["origin"].unique())
    figures = int((found["method"] == UNCONDITIONAL).sum())
    return (
        f"For {result.title}, in back-tests from March {joined(origins)}, assuming no change was as"
        f" good or better at three years: the forecast of plans, children in need, starts of care"
        f" and children looked after was off by {errors[UNCONDITIONAL]:.1f} times a usual year's"
        f" change, no change by {errors[NO_CHANGE]:.1f} (mean of {figures} figures). Treat savings"
        f" as a comparison of two ways of working, not as a forecast of what will be spent."
    )


def joined(years: list[int]) -> str:
    """Years in a sentence: 2021 and 2022."""
    texts = [str(year) for year in years]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def error_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Errors of each method at one and three years, by area.

    Returns
    -------
    DataFrame: area, method, and for each horizon the mean absolute percentage error, the ratio of
    the mean scaled error to that of no change, and the number of comparisons.
    """
    found = mean_errors(scores, ["area", "horizon"])
    parts = []
    for horizon in SHOWN_HORIZONS:
        part = found[found["horizon"] == horizon].set_index(["area", "method"])
        part = part[["percent", "to_no_change", "comparisons"]]
        parts.append(part.rename(columns=lambda name, h=horizon: f"{name}_{h}"))
    table = pd.concat(parts, axis=1).reset_index()
    order = {method: place for place, method in enumerate(METHODS)}
    areas = {area: place for place, area in enumerate(scores["area"].unique())}
    key = table["area"].map(areas) * len(order) + table["method"].map(order)
    return table.loc[key.sort_values().index].reset_index(drop=True)


def series_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean absolute percentage error at one and three years, by area, series and method."""
    titles = {one.measure: one.title for one in SERIES}
    found = mean_errors(scores, ["area", "measure", "horizon"])
    found = found[found["horizon"].isin(SHOWN_HORIZONS)]
    wide = found.pivot(index=["area", "measure"], columns=["horizon", "method"], values="percent")
    wanted = [(h, method) for h in SHOWN_HORIZONS for method in METHODS]
    wide = wide.reindex(columns=[one for one in wanted if one in wide.columns])
    areas = {area: place for place, area in enumerate(scores["area"].unique())}
    order = {one.measure: place for place, one in enumerate(SERIES)}
    key = [areas[area] * len(order) + order[measure] for area, measure in wide.index]
    wide = wide.iloc[pd.Series(key).sort_values().index]
    wide.columns = [f"{method}_{h}" for h, method in wide.columns]
    table = wide.reset_index()
    return table.assign(measure=table["measure"].map(titles)).rename(columns={"measure": "series"})


def summary(results: list[AreaResult]) -> dict[str, Any]:
    """The whole back-test as JSON can hold it."""
    scores = pd.concat([one.scores for one in results], ignore_index=True)
    pooled = coverage(scores[scores["method"] == UNCONDITIONAL])
    return {
        "areas": {
            one.area: {
                "title": one.title,
                "no_change_beaten_at_three_years": one.beaten,
                "forecast_note": sentence(one),
                "coverage": told(one.covered),
            }
            for one in results
        },
        "coverage": {**told(pooled), "note": OPTIMISTIC},
        "errors": as_json(error_table(scores)),
        "errors_by_series": as_json(series_table(scores)),
        "uses_the_future": [GIVEN_REFERRALS],
        "scores": as_json(scores),
    }


def told(found: Coverage) -> dict[str, Any]:
    """A coverage as JSON can hold it."""
    return {"inside": found.inside, "of": found.of, "interval": [found.low, found.high]}


# --- as text --------------------------------------------------------------------------------------


def as_markdown(results: list[AreaResult]) -> str:
    """The tables as a document has them."""
    scores = pd.concat([one.scores for one in results], ignore_index=True)
    titles = {one.area: one.title for one in results}
    pooled = coverage(scores[scores["method"] == UNCONDITIONAL])
    parts = [
        "**Errors.** Mean absolute percentage error, and in brackets the ratio of the mean scaled"
        " error to that of no change (below 1 is better than no change).",
        errors_text(error_table(scores), titles),
        "**By series.** Mean absolute percentage error: model (no change; trend; daily rates).",
        series_text(series_table(scores), titles),
        "**Coverage** of the 80% interval of the unconditional forecast.",
        coverage_text(results, pooled),
        OPTIMISTIC,
        "**No change at three years.**",
        *(f"- {verdict(one)}" for one in results),
    ]
    return "\n\n".join(parts)


def verdict(result: AreaResult) -> str:
    """The verdict of an area in a sentence."""
    if result.beaten is None:
        return f"{result.title}: no third year is published, so nothing is said."
    if result.beaten:
        return f"{result.title}: the forecast beats no change at three years."
    return sentence(result)


def errors_text(table: pd.DataFrame, titles: dict[str, str]) -> str:
    """The errors as a table in Markdown."""
    head = [f"{h} year{'s' * (h > 1)} (comparisons)" for h in SHOWN_HORIZONS]
    lines = [f"| area | method | {' | '.join(head)} |", "|---|---|" + "---:|" * len(head)]
    for row in table.to_dict(orient="records"):
        cells = [cell_of(row, h) for h in SHOWN_HORIZONS]
        named = f"{titles[row['area']]} | {method_said(row['method'])}"
        lines.append(f"| {named} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell_of(row: dict[str, Any], horizon: int) -> str:
    """One cell: 12% [0.80] (16)."""
    if pd.isna(row[f"percent_{horizon}"]):
        return "-"
    ratio = f" [{row[f'to_no_change_{horizon}']:.2f}]"
    return f"{row[f'percent_{horizon}']:.0%}{ratio} ({row[f'comparisons_{horizon}']:.0f})"


def method_said(method: str) -> str:
    """A method as a table names it."""
    return f"{method} ({USES_THE_FUTURE})" if method == GIVEN_REFERRALS else method


def series_text(table: pd.DataFrame, titles: dict[str, str]) -> str:
    """Errors by series as a table in Markdown."""
    head = " | ".join(f"{h} year{'s' * (h > 1)}" for h in SHOWN_HORIZONS)
    lines = [f"| area | series | {head} |", "|---|---|" + "---:|" * len(SHOWN_HORIZONS)]
    for row in table.to_dict(orient="records"):
        cells = []
        for h in SHOWN_HORIZONS:
            shares = [row.get(f"{method}_{h}", float("nan")) for method in (UNCONDITIONAL, *RIVALS)]
            said = ["-" if pd.isna(one) else f"{one:.0%}" for one in shares]
            cells.append(f"{said[0]} ({'; '.join(said[1:])})")
        lines.append(f"| {titles[row['area']]} | {row['series']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def coverage_text(results: list[AreaResult], pooled: Coverage) -> str:
    """Coverage as a table in Markdown."""
    lines = ["| area | inside | share | 95% interval |", "|---|---:|---:|---:|"]
    rows = [(one.title, one.covered) for one in results]
    if len(results) > 1:
        rows.append(("all", pooled))
    for title, found in rows:
        lines.append(
            f"| {title} | {found.inside} of {found.of} | {found.share:.0%} |"
            f" {found.low:.0%} to {found.high:.0%} |"
        )
    return "\n".join(lines)
