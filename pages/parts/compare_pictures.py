"""The pictures of up to four scenarios side by side: one function of an answer for each."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from model import charts_money, pictures_several, savings
from model.answers import Answer
from model.charts import Picture, in_words, with_words
from model.measures import MEASURES
from model.pictures import TODAYS
from model.pictures_several import POINTS, SHARE, difference_in, unit_of
from model.savings import COUNCIL
from model.savings import pictures as of_savings
from model.savings.about import About
from model.wording import (
    change_in_spending,
    first_capital,
    label,
    percent,
    points,
    pounds,
    signed,
    signed_range,
    spending_range,
    whole,
)
from pages.parts import compare_tables
from pages.parts.compare_choice import titles
from pages.parts.once import once
from pages.parts.savings_case import case_of


def as_it_stands(answer: Answer, measure: str, period: str) -> Picture:
    """One measure under each scenario in one year."""
    table = once(answer, compare_tables.levels)
    own = table[(table["measure"] == measure) & (table["period"] == period)]
    (found,) = pictures_several.side_by_side(_about(answer), own, TODAYS)
    return found


def change(answer: Answer, measure: str, period: str) -> Picture:
    """What each redesign changes in one measure in one year."""
    table = once(answer, compare_tables.changes)
    own = table[(table["measure"] == measure) & (table["period"] == period)]
    (found,) = pictures_several.changes_side_by_side(_about(answer), own)
    return found


def over_time(answer: Answer, measure: str) -> Picture:
    """One measure by year under each scenario."""
    table = once(answer, compare_tables.levels)
    own = table[table["measure"] == measure]
    unit = unit_of(own)
    shown = with_words(own, "value", "low", "high", percent if unit == SHARE else whole)
    names = [TODAYS, *titles(answer)]
    last = shown[shown["period"] == answer.periods[-1]]
    ends = "; ".join(f"{row.scenario} {row.says}" for row in last.itertuples())
    return Picture(
        f"over_time_{measure}",
        f"{label(measure)} in {answer.periods[-1]}: {ends}",
        f"{MEASURES[measure].definition} {first_capital(str(own['unit'].iloc[0]))}. Each band is "
        f"the range of one scenario. {answer.area_title}",
        _about(answer).source,
        in_words("Line chart", zip(shown["scenario"] + ", " + shown["period"], shown["says"])),  # noqa: B905
        charts_money.several_lines(shown, names, unit, TODAYS),
        own,
    )


def localities(answer: Answer, measure: str, period: str) -> Picture:
    """What each redesign changes in one measure and year in each locality."""
    table = once(answer, compare_tables.changes_by_locality)
    own = table[(table["measure"] == measure) & (table["period"] == period)]
    own = own.sort_values("locality", kind="stable").reset_index(drop=True)
    write = points if unit_of(own) == SHARE else signed
    shown = with_words(own, "difference", "low", "high", write)
    several = own["scenario"].nunique() > 1
    names = own["locality"] + (", " + own["scenario"] if several else "")
    spans = [
        f"({write(low)} to {write(high)})"
        for low, high in zip(own["low"], own["high"], strict=True)
    ]
    shown = shown.assign(label=names, says=shown["says"] + " " + pd.Series(spans))
    clear = own[(own["low"] > 0) | (own["high"] < 0)]
    head = "no locality changes clearly"
    if len(clear):
        most = clear.loc[clear["difference"].abs().idxmax()]
        head = f"the largest clear difference is in {most['locality']}, {write(most['difference'])}"
    return Picture(
        f"localities_{measure}",
        f"{label(measure)}: {head}",
        f"Difference from today's arrangements by locality, {difference_in(own)}; in brackets "
        f"80% of the differences, future by future. {answer.area_title}, {period}",
        _about(answer).source,
        in_words("Dot chart", zip(shown["label"], shown["says"], strict=True)),
        charts_money.dots(shown, titles(answer), POINTS if unit_of(own) == SHARE else unit_of(own)),
        own,
    )


def running_totals(answer: Answer, basis: str, holder: str) -> Picture:
    """What each redesign saves, by year."""
    pairs = zip(titles(answer), answer.each, strict=True)
    cases = [_named(case_of(one, basis), title) for title, one in pairs]
    if len(cases) == 1:
        return of_savings.running_total(cases[0], holder)
    return of_savings.several(cases, holder)


def money(answer: Answer, basis: str, holder: str) -> Picture:
    """What each redesign saves over the run, with its range."""
    table = once(answer, compare_tables.money, basis)
    own = table[table["holder"] == holder].reset_index(drop=True)
    shown = _in_pounds(own).assign(label=own["scenario"])
    says = once(answer, _basis_of, basis)
    heads = "; ".join(
        f"{row.scenario} {change_in_spending(row.net_gbp)}"
        + (", no clear change" if row.low_gbp < 0 < row.high_gbp else "")
        for row in own.itertuples()
    )
    return Picture(
        f"money_{holder.replace(' ', '_')}",
        f"{first_capital(holder)} over the run: {heads}",
        f"Saving less programme cost, £; in brackets 80% of simulated futures. Above zero is "
        f"saved, below zero is spent on top. {answer.area_title}; {says}",
        _about(answer).source,
        in_words("Dot chart", zip(shown["label"], shown["says"], strict=True)),
        charts_money.dots(shown, titles(answer), "pounds"),
        own,
    )


def payers(answer: Answer, basis: str) -> Picture:
    """Who pays and who gains under each redesign."""
    table = once(answer, compare_tables.payers, basis)
    moved = table.groupby("payer")[["low_gbp", "high_gbp"]].transform(lambda col: col.abs().max())
    own = table[moved.max(axis=1) >= 1].sort_values("payer", kind="stable").reset_index(drop=True)
    own = own if len(own) else table
    several = own["scenario"].nunique() > 1
    names = own["payer"].map(label) + (", " + own["scenario"] if several else "")
    shown = _in_pounds(own).assign(label=names)
    clear = own[(own["low_gbp"] > 0) | (own["high_gbp"] < 0)]
    head = "nobody's spending changes clearly"
    if len(clear):
        most = clear.loc[clear["net_gbp"].abs().idxmax()]
        with_ = f" with {most['scenario']}" if several else ""
        head = f"clearest for {label(most['payer'])}, {change_in_spending(most['net_gbp'])}{with_}"
    return Picture(
        "compared_payers",
        f"Who pays and who gains: {head}",
        "Saving less programme cost over the run by payer, £; in brackets 80% of simulated "
        f"futures. {answer.area_title}; {once(answer, _basis_of, basis)}",
        _about(answer).source,
        in_words("Dot chart", zip(shown["label"], shown["says"], strict=True)),
        charts_money.dots(shown, titles(answer), "pounds"),
        table,
    )


def headline(answer: Answer, basis: str) -> str:
    """The one sentence: what the redesign does, or which of several saves the council most."""
    names = titles(answer)
    means = [case_of(one, basis).saved(COUNCIL).sum(axis=1).mean() for one in answer.each]
    best = max(range(len(names)), key=means.__getitem__)
    says = f"{names[best]}: {total_says(answer, basis, best)}."
    if len(names) == 1:
        return says
    most = "Saves the council most" if means[best] >= 0 else "Costs the council least"
    return f"{most} on average, of {len(names)} redesigns: {says}"


def total_says(answer: Answer, basis: str, place: int) -> str:
    """What one redesign does to the council's spending, in a sentence."""
    return savings.total_says(case_of(answer.each[place], basis), COUNCIL)


def people_say(answer: Answer, place: int) -> str:
    """What one redesign changes for families and children in the last year, in a sentence."""
    table, last = once(answer, compare_tables.changes), answer.periods[-1]
    title = titles(answer)[place]
    own = table[(table["period"] == last) & (table["scenario"] == title)].set_index("measure")
    said = []
    for measure, what in (
        ("early_help_started", "families starting early help"),
        ("child_protection_plans_open", "children on protection plans"),
        ("looked_after", "children looked after"),
    ):
        row = own.loc[measure]
        low, high = float(row["low"]), float(row["high"])
        span = f"({signed_range(low, high)})"
        if round(low) <= 0 <= round(high):
            said.append(f"no clear change in {what} {span}")
        else:
            said.append(f"{signed(float(row['difference']))} {what} {span}")
    return f"In {last}: {'; '.join(said)}"


def _about(answer: Answer) -> About:
    return case_of(answer, savings.CASH).about


def _basis_of(answer: Answer, basis: str) -> str:
    return case_of(answer, basis).says


def _named(case: savings.Case, title: str) -> savings.Case:
    return replace(case, about=replace(case.about, scenario_title=title))


def _in_pounds(table: pd.DataFrame) -> pd.DataFrame:
    shown = with_words(table, "net_gbp", "low_gbp", "high_gbp", pounds)
    said = [
        f"{change_in_spending(net)} ({spending_range(low, high)})"
        for net, low, high in zip(
            table["net_gbp"], table["low_gbp"], table["high_gbp"], strict=True
        )
    ]
    return shown.assign(says=said)
