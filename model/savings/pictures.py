"""Every picture of savings: a chart of one table, with headline, words and footer.

It joins the tables of `model.savings` to the marks of `model.charts` and `model.charts_money`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model import charts, charts_money
from model.charts import Picture, in_words, with_words
from model.savings.case import COUNCIL, EVERYBODY, Case
from model.savings.causes import PROGRAMME
from model.savings.sentences import change_says, in_ten, total_says
from model.savings.tables import GROSS, NET, by_cashability, by_payer, by_year, payback, waterfall
from model.wording import change_in_spending, first_capital, label, pounds, spending_range

SAVED = "Above zero is saved, below zero is spent on top"
LEAST_PART, LEAST_BRIEF = 0.05, 0.2  # of the largest; smaller kinds of placement are one
STEPS = {
    GROSS: "All services (gross)",
    NET: "Net of the programme",
    PROGRAMME: "Programme",
}


def running_total(case: Case, holder: str = COUNCIL) -> Picture:
    """The running total of what is saved, programme included, with its range."""
    table = by_year(case, holder)
    names = ("cumulative_gbp", "cumulative_low_gbp", "cumulative_high_gbp")
    shown = with_words(table, *names, pounds).assign(label=table["financial_year"])
    return picture(
        case,
        f"running_total_{_short(holder)}",
        f"{first_capital(holder)} by {case.years[-1]}: {change_says(case, holder)}",
        f"Running total of what {holder} saves, less programme cost, £. {SAVED}. Band: 80% of "
        "simulated futures",
        charts_money.fan(shown),
        table,
        shown,
        "Line chart of a running total by year",
    )


def causes(case: Case, holder: str = COUNCIL, brief: bool = False) -> Picture:
    """Which services' spending changes, from gross to net.

    Parameters
    ----------
    brief : fewer kinds of placement and no ranges on the bars, for a page of a document.
    """
    table = waterfall(case, holder, LEAST_BRIEF if brief else LEAST_PART)
    shown = with_words(table, "gbp", "low_gbp", "high_gbp", pounds)
    forms = np.where(table["gbp"] < 0, charts_money.OUTLINED, charts_money.FULL)
    shown = shown.assign(
        label=table["step"].map(lambda name: STEPS.get(name) or first_capital(name)),
        starts=table["starts_gbp"],
        ends=table["ends_gbp"],
        form=np.where(table["kind"] == "total", charts_money.TOTAL, forms),
        says=table["gbp"].map(change_in_spending),
        range=["" if brief else spending_range(low, high) for low, high in _ends(table)],
    )
    spans = "" if brief else ", in brackets 80% of simulated futures"
    parts = table[(table["kind"] == "part") & (table["step"] != PROGRAMME)]
    head = f"Nothing changes for {holder}"
    if len(parts):
        most = parts.loc[parts["gbp"].abs().idxmax()]
        head = (
            f"Most of the change for {holder} is in one place: {most['step']}, "
            f"{change_in_spending(most['gbp'])} on average"
        )
    return picture(
        case,
        f"causes_{_short(holder)}",
        head,
        f"What {holder} spends less (full bars) or more (outlined bars) on each part of the "
        f"pathway over the run, £; figures are rounded one by one{spans}",
        charts_money.waterfall(shown),
        waterfall(case, holder),
        shown,
        "Waterfall chart from gross to net saving",
    )


def payers(case: Case) -> Picture:
    """Who pays and who gains, as bars on both sides of nought."""
    table = by_payer(case)
    changed = table[(table["low_gbp"].abs() >= 1) | (table["high_gbp"].abs() >= 1)]
    changed = changed if len(changed) else table
    shown = with_words(changed, "net_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(
        label=shown["payer"].map(label),
        says=[change_in_spending(value) for value in changed["net_gbp"]],
        range=[spending_range(low, high) for low, high in _ends(changed)],
    )
    first, final = changed.iloc[0], changed.iloc[-1]
    parts = [first] if len(changed) == 1 else [first, final]
    said = "; ".join(
        f"{label(row['payer'])} {change_in_spending(row['net_gbp'])}"
        + (", no clear change" if row["low_gbp"] <= 0 <= row["high_gbp"] else "")
        for row in parts
    )
    return picture(
        case,
        "who_pays",
        f"Who pays and who gains: {said}",
        f"Saving less programme cost over the run by payer, £. {SAVED}",
        charts.change_bars(shown, "pounds"),
        table,
        shown,
        "Bar chart of change in spending by payer",
    )


def banked(case: Case, holder: str = COUNCIL) -> Picture:
    """How the council's saving divides by whether the money can be banked."""
    table = by_cashability(case, holder)
    shown = with_words(table, "net_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(
        label=shown["cashability"].map(label),
        says=[
            f"{change_in_spending(net)}, of which cash {change_in_spending(cash)}"
            for net, cash in zip(table["net_gbp"], table["cashable_gbp"], strict=True)
        ],
        range=[spending_range(low, high) for low, high in _ends(table)],
    )
    cash, net = float(table["cashable_gbp"].sum()), float(table["net_gbp"].sum())
    return picture(
        case,
        f"banked_{_short(holder)}",
        f"Of a net {pounds(net)} on average, {pounds(cash)} is cash that {holder} could bank",
        f"What {holder} saves over the run by the rule of what can be banked, £. {SAVED}",
        charts.change_bars(shown, "pounds"),
        table,
        shown,
        "Bar chart of savings by whether they can be banked",
    )


def payback_chance(case: Case, holder: str = COUNCIL) -> Picture:
    """The chance of having paid back by the end of each year."""
    table = payback(case, holder)
    error = table["standard_error"].fillna(0.0)
    number = case.sampling.futures
    shown = pd.DataFrame(
        {
            "label": table["financial_year"],
            "value": table["chance_of_payback"],
            "low": (table["chance_of_payback"] - error).clip(lower=0.0),
            "high": (table["chance_of_payback"] + error).clip(upper=1.0),
            "says": [
                in_ten(share, number).replace(" futures", "")
                for share in table["chance_of_payback"]
            ],
        }
    )
    last = in_ten(float(table["chance_of_payback"].iloc[-1]), number)
    return picture(
        case,
        f"payback_chance_{_short(holder)}",
        f"Paid back by the end of {case.years[-1]} in {last}",
        f"Share of simulated futures in which {holder} has been paid back by the end of each year "
        "and stays so; upright lines: one standard error of the simulation; dashed: an even chance",
        charts_money.chance_line(shown),
        table,
        shown,
        "Line chart of the chance of payback by year",
    )


def several(cases: Sequence[Case], holder: str = COUNCIL) -> Picture:
    """Up to four redesigns: the running total of each by year."""
    tables = []
    for one in cases:
        table = by_year(one, holder)
        names = ("cumulative_gbp", "cumulative_low_gbp", "cumulative_high_gbp")
        own = with_words(table, *names, pounds).rename(columns={"financial_year": "period"})
        tables.append(own.assign(scenario=one.about.scenario_title))
    shown = pd.concat(tables, ignore_index=True)
    titles = [one.about.scenario_title for one in cases]
    best = max(cases, key=lambda one: float(one.saved(holder).sum(axis=1).mean()))
    most = "Largest saving" if best.saved(holder).sum(axis=1).mean() >= 0 else "Smallest cost"
    return picture(
        cases[0],
        f"several_{_short(holder)}",
        f"{most} on average: {best.about.scenario_title}. "
        f"{first_capital(total_says(best, holder))}",
        f"Running total of what {holder} saves, less programme cost, £. {SAVED}. Each band is the "
        "range of one redesign",
        charts_money.several_lines(shown, titles),
        shown.drop(columns=["says", "range"]),
        shown.assign(label=shown["scenario"] + ", " + shown["period"]),
        "Line chart by year, one line a redesign",
    )


def every_picture(case: Case) -> list[Picture]:
    """The pictures of one case, as the Savings page shows them."""
    return [
        running_total(case, COUNCIL),
        running_total(case, EVERYBODY),
        causes(case, COUNCIL),
        causes(case, EVERYBODY),
        payers(case),
        banked(case),
        payback_chance(case),
    ]


def picture(
    case: Case,
    name: str,
    headline: str,
    subtitle: str,
    chart: charts.Chart,
    table: pd.DataFrame,
    shown: pd.DataFrame,
    kind: str,
) -> Picture:
    """A picture of a case; place, period and prices are added to the subtitle."""
    first, last = case.years[0], case.years[-1]
    span = first if first == last else f"{first} to {last}"
    prices = f"; {case.says}" if "£" in subtitle else ""
    told = shown["says"]
    if "range" in shown:
        told = told + shown["range"].map(lambda words: f" (range {words})" if words else "")
    return Picture(
        name,
        headline,
        f"{subtitle}. {case.about.area_title}, {span}{prices}".replace("..", "."),
        case.about.source,
        in_words(kind, zip(shown["label"], told, strict=True)),
        chart,
        table,
    )


def _ends(table: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(table["low_gbp"], table["high_gbp"], strict=True))


def _short(holder: str) -> str:
    return holder.removeprefix("the ").replace(" ", "_")


__all__ = [
    "banked",
    "causes",
    "every_picture",
    "payback_chance",
    "payers",
    "picture",
    "running_total",
    "several",
]
