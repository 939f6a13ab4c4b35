"""Every picture of the app: a chart with its headline, subtitle, footer, words and table.

It joins `model.answers` (tables), `model.headlines` (sentences) and `model.charts` (marks).
"""

from __future__ import annotations

import pandas as pd

from model import answers, charts
from model.answers import Answer
from model.charts import Picture, in_words, with_words
from model.headlines import price_base, source
from model.measures import MEASURES
from model.scenarios import BASELINE
from model.tables import figure
from model.wording import (
    first_capital,
    label,
    pounds,
    stage_label,
    whole,
)

TODAYS = "Today's arrangements"


def cost_of_stages(answer: Answer, period: str) -> Picture:
    """What each stage costs today in one year."""
    table = answers.stages_in(answer, period)[["stage", "gbp"]]
    table = table[table["gbp"] > 0].reset_index(drop=True)
    words = table["gbp"].map(pounds)
    shown = table.assign(value=table["gbp"], says=words, label=table["stage"].map(stage_label))
    most = shown.loc[shown["gbp"].idxmax()]
    return _picture(
        answer,
        "cost_of_stages",
        f"Most of the money goes to one stage: {most['label'].lower()}, {most['says']}",
        "Spending on services by stage, everybody's, £",
        charts.plain_bars(shown, "pounds"),
        table,
        shown,
        period,
    )


def doing_nothing(answer: Answer, measure: str) -> Picture:
    """One measure by year if today's arrangements go on."""
    table = answers.trend(answer, measure, (BASELINE,))
    shown = with_words(table, "value", "low", "high", whole).assign(scenario=TODAYS)
    first, last = (shown["says"].iloc[at] for at in (0, -1))
    goes = f"{first} in {answer.periods[0]}, {last} in {answer.periods[-1]}"
    return _picture(
        answer,
        f"doing_nothing_{measure}",
        f"{label(measure)}: {goes if len(table) > 1 else first}",
        f"{MEASURES[measure].definition} {first_capital(MEASURES[measure].unit)}",
        charts.lines(shown, [TODAYS], from_zero=True),
        table,
        shown.assign(label=shown["period"]),
    )


def fit(check: pd.DataFrame, title: str, footer: str) -> Picture:
    """A check's figures beside the published range, the published mean being 100."""
    table = answers.fit_index(check)
    verdict = table["inside"].map({True: "inside", False: "missed"})
    shown = table.assign(
        label=table["measure"].map(label),
        verdict=verdict,
        says=[
            f"{simulated:.0f}, {word}"
            for simulated, word in zip(table["simulated"], verdict, strict=True)
        ],
    )
    return Picture(
        "fit",
        f"{title}: simulated figures beside the published range",
        "Mean of the years to March 2023, 2024 and 2025, published mean = 100; grey: lowest to "
        "highest published year; blue: simulated, with the range of 80% of simulated futures",
        footer,
        in_words("Dot chart", zip(shown["label"], shown["says"], strict=True)),
        charts.fit_dots(shown),
        table,
    )


def fit_by_year(check: pd.DataFrame, measure: str, title: str, footer: str) -> Picture:
    """One measure of a check, year by year."""
    row = check.set_index("measure").loc[measure]
    each = pd.DataFrame(row["years"])
    table = each.melt("year", var_name="which", value_name="value").dropna()
    table = table.assign(year=table["year"].astype(int).astype(str))
    shown = table.assign(says=table["value"].map(figure))
    names = shown["which"] + ", year to March " + shown["year"]
    return Picture(
        f"fit_{measure}",
        f"{label(measure)}: {'met' if row['inside'] else 'missed'}",
        f"{title}, {row['unit']}, years to March",
        footer,
        in_words("Line chart", zip(names, shown["says"], strict=True)),
        charts.fit_years(shown),
        table,
    )


def _picture(
    answer: Answer,
    name: str,
    headline: str,
    subtitle: str,
    chart: charts.Chart,
    table: pd.DataFrame,
    shown: pd.DataFrame,
    period: str = "",
) -> Picture:
    """A picture of an answer; place, period and prices are added to the subtitle."""
    first, last = answer.periods[0], answer.periods[-1]
    span = period or (first if first == last else f"{first} to {last}")
    prices = f"; {price_base(answer)}" if "£" in subtitle else ""
    told = shown["says"]
    if "range" in shown:
        told = told + shown["range"].map(lambda words: f" (range {words})" if words else "")
    return Picture(
        name,
        headline,
        f"{subtitle}. {answer.area_title}, {span}{prices}".replace("..", "."),
        source(answer),
        in_words("Chart", zip(shown["label"], told, strict=True)),
        chart,
        table,
    )
