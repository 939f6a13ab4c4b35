"""Every picture of the app: a chart with its headline, subtitle, footer, words and table.

It joins `model.answers` (tables), `model.headlines` (sentences) and `model.charts` (marks).
"""

from __future__ import annotations

import pandas as pd

from model import answers, charts
from model.answers import Answer
from model.charts import Picture, in_words, with_words
from model.headlines import COUNCIL, PAYERS_OF, last_saving, price_base, ranged, source
from model.measures import MEASURES
from model.scenarios import BASELINE
from model.tables import figure
from model.wording import (
    change_in_spending,
    first_capital,
    label,
    pounds,
    signed,
    signed_range,
    spending_range,
    stage_label,
    whole,
)

FOR_FAMILIES = (
    "contacts",
    "screened_to_early_help",
    "screened_to_universal",
    "early_help_started",
    "early_help_open",
    "early_help_waiting",
    "early_help_step_ups",
)
FOR_CHILDREN = (
    "referrals",
    "assessments",
    "section_47_enquiries",
    "child_in_need_plans_open",
    "child_protection_plans_open",
    "looked_after_started",
    "looked_after",
)
TODAYS = "Today's arrangements"
SAVED = "Above zero is saved, below zero is spent on top"
SPENT = "Below zero is less spent, above zero is more"


def saving_by_year(answer: Answer, who: str = COUNCIL) -> Picture:
    """The running total of what is saved, programme included, for the council or everybody."""
    table = answers.savings(answer, PAYERS_OF[who])
    last = last_saving(answer, who)
    names = ("cumulative_gbp", "cumulative_low_gbp", "cumulative_high_gbp")
    shown = with_words(table, *names, pounds).assign(label=table["financial_year"])
    span = spending_range(last["cumulative_low_gbp"], last["cumulative_high_gbp"])
    span = ranged(answer, span)
    change = change_in_spending(last["cumulative_gbp"])
    return _picture(
        answer,
        f"running_total_{who.replace(' ', '_')}",
        f"{first_capital(who)}: {change} by {answer.periods[-1]} ({span})",
        f"Running total of savings less programme cost, £. {SAVED}",
        charts.year_bars(shown, "pounds"),
        table,
        shown,
    )


def who_pays(answer: Answer) -> Picture:
    """Whose spending rises and whose falls."""
    table = answers.saving_by_payer(answer)
    first, final = table.iloc[0], table.iloc[-1]
    shown = with_words(table, "net_gbp", "low_gbp", "high_gbp", pounds)
    parts = [first] if len(table) == 1 else [first, final]
    said = "; ".join(f"{label(row['payer'])} {change_in_spending(row['net_gbp'])}" for row in parts)
    return _picture(
        answer,
        "who_pays",
        f"Who pays and who gains: {said}",
        f"Saving less programme cost over the run by payer, £. {SAVED}",
        charts.change_bars(shown.assign(label=shown["payer"].map(label)), "pounds"),
        table,
        shown.assign(label=shown["payer"].map(label)),
    )


def banked(answer: Answer) -> Picture:
    """How the council's spending on services changes, by whether it can be banked."""
    table = answers.council_by_cashability(answer)
    table = table[(table["baseline_gbp"] > 0) | (table["scenario_gbp"] > 0)]
    shown = with_words(table, "difference_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(label=shown["cashability"].map(label))
    if table["payer"].nunique() > 1:
        shown["label"] = shown["payer"].map(label) + ", " + shown["label"]
    cash = table[table["cashability"] == "cashable when it ends"]
    said = "no placement costs"
    if len(cash):
        row = cash.iloc[0]
        span = ranged(answer, spending_range(-row["high_gbp"], -row["low_gbp"]))
        said = f"placements {change_in_spending(-row['difference_gbp'])} ({span})"
    return _picture(
        answer,
        "banked",
        f"What the council could bank: {said}",
        f"Change in the council's spending on services over the run, programme apart, £. {SPENT}",
        charts.change_bars(shown, "pounds"),
        table,
        shown,
    )


def spending_by_stage(answer: Answer) -> Picture:
    """Where in the pathway everybody's spending changes."""
    table = answers.spending_by_stage(answer)
    shown = with_words(table, "difference_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(label=shown["stage"].map(stage_label))
    most = table.loc[table["difference_gbp"].abs().idxmax()]
    change = change_in_spending(-most["difference_gbp"])
    return _picture(
        answer,
        "spending_by_stage",
        f"Spending changes most in one place: {stage_label(most['stage']).lower()}, {change}",
        f"Change in everybody's spending on services by stage over the run, £. {SPENT}",
        charts.change_bars(shown, "pounds"),
        table,
        shown,
    )


def changes(answer: Answer, counted: str, period: str) -> Picture:
    """What changes for families, or for children, in one year."""
    names = FOR_FAMILIES if counted == answers.FAMILIES else FOR_CHILDREN
    table = answers.changes_in(answer, names, period)
    shown = with_words(table, "difference", "low", "high", signed)
    shown = shown.assign(label=shown["measure"].map(label))
    told = table.set_index("measure").loc[
        "early_help_started" if counted == answers.FAMILIES else "looked_after"
    ]
    span = ranged(answer, signed_range(told["low"], told["high"]))
    return _picture(
        answer,
        f"change_for_{counted}",
        f"{first_capital(counted)} in {period}: {label(str(told.name)).lower()} "
        f"{signed(told['difference'])} ({span})",
        f"Difference from today's arrangements, {counted} in the year or at its end",
        charts.change_bars(shown, "people"),
        table,
        shown,
        period,
    )


def over_time(answer: Answer, measure: str) -> Picture:
    """One measure by year, today's arrangements beside the redesign."""
    pair = {BASELINE: TODAYS, answer.question.scenario: answer.scenario_title}
    table = answers.trend(answer, measure, tuple(pair))
    shown = with_words(table, "value", "low", "high", whole)
    shown = shown.assign(scenario=shown["scenario"].map(pair))
    ends = table[table["period"] == answer.periods[-1]]["value"].map(whole).tolist()
    return _picture(
        answer,
        f"over_time_{measure}",
        f"{label(measure)}: {ends[0]} as today and {ends[1]} with the redesign "
        f"in {answer.periods[-1]}",
        f"{MEASURES[measure].definition} {first_capital(MEASURES[measure].unit)}. Each "
        "band is the range of one line; the difference, future by future, has a narrower one. The "
        "axis need not begin at zero",
        charts.lines(shown, list(pair.values())),
        table,
        shown.assign(label=shown["scenario"] + ", " + shown["period"]),
    )


def localities(answer: Answer, measure: str, period: str) -> Picture:
    """The difference in one measure and year in each locality."""
    table = answers.by_locality(answer, measure, period)
    shown = with_words(table, "difference", "low", "high", signed).assign(label=table["locality"])
    most = table.loc[table["difference"].abs().idxmax()]
    return _picture(
        answer,
        f"localities_{measure}",
        f"{label(measure)}: the largest difference is in {most['locality']}, "
        f"{signed(most['difference'])}",
        f"Difference from today's arrangements by locality, {MEASURES[measure].unit}",
        charts.change_bars(shown, "people"),
        table,
        shown,
        period,
    )


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
