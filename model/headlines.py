"""What an answer says, in sentences for people who have two minutes.

Always with a range that says what it is, the chance that nothing is saved, who pays and who
gains. It works on the tables of `model.answers` and knows no chart and no screen.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from model import answers, compare
from model.answers import Answer
from model.enough import verdict
from model.wording import (
    FEW_FUTURES,
    change_in_spending,
    day,
    first_capital,
    futures,
    label,
    pounds,
    signed,
    signed_range,
    simulated,
    spending_range,
    whole,
    years,
)

EVERYBODY = "everybody"
COUNCIL = "the council"
PAYERS_OF: dict[str, tuple[str, ...]] = {COUNCIL: compare.COUNCIL, EVERYBODY: ()}
NO_RANGE = "one future, no range"


def about(answer: Answer) -> str:
    """What was asked, on one line."""
    asked = answer.question
    return (
        f"{answer.area_title} · {answer.scenario_title} · {years(asked.years)} from "
        f"{day(asked.start)} · {futures_in(answer)}"
    )


def futures_in(answer: Answer) -> str:
    """How many futures were simulated."""
    return simulated(answer.sampling.futures)


def source(answer: Answer) -> str:
    """The footer of every chart and table: source, date, version, and what the range is."""
    return (
        f"Source: Family Pathways {answer.version}, {futures_in(answer)}, made "
        f"{day(answer.made_on)}. {ranges_say(answer)}."
    )


def ranges_say(answer: Answer) -> str:
    """What a range on the screen contains."""
    return f"Ranges hold {answer.sampling.ranges_say}"


def price_base(answer: Answer) -> str:
    """How money is stated."""
    return f"{answer.baseline.base_year} prices, not discounted"


def money(answer: Answer) -> str:
    """The headline: what it does to the council's spending, and to everybody's."""
    rows = [last_saving(answer, who) for who in (COUNCIL, EVERYBODY)]
    ours, all_of_it = (float(row["cumulative_gbp"]) for row in rows)
    spans = [spending_range(row["cumulative_low_gbp"], row["cumulative_high_gbp"]) for row in rows]
    said = [f"({ranged(answer, span)})" for span in spans]
    joined = "but" if (ours >= 0) != (all_of_it >= 0) else "and"
    return (
        f"Projected over {years(answer.question.years)}: the council spends "
        f"{change_in_spending(ours)} {said[0]}, {joined} everybody together "
        f"{change_in_spending(all_of_it)} {said[1]}"
    )


def last_saving(answer: Answer, who: str) -> pd.Series:
    """The running total at the end of the run: the last row of `answers.savings`."""
    return answers.savings(answer, PAYERS_OF[who]).iloc[-1]


def money_of(answer: Answer, who: str) -> str:
    """Range and chance for the council, or for everybody."""
    row, number = last_saving(answer, who), answer.sampling.futures
    chance = float(row["chance_of_saving"])
    low, high = float(row["cumulative_low_gbp"]), float(row["cumulative_high_gbp"])
    unsure = " The range includes no saving." if low < 0 < high else ""
    change = change_in_spending(float(row["cumulative_gbp"]))
    return (
        f"**{first_capital(who)}**, programme included: {change} "
        f"({ranged(answer, spending_range(low, high))}); {chance_in_words(chance, number)}.{unsure}"
    )


def ranged(answer: Answer, words: str) -> str:
    """A range as words; one future has none."""
    return f"range {words}" if answer.sampling.futures > 1 else NO_RANGE


def chance_in_words(chance: float, number: int) -> str:
    """The chance of a saving, and of none.

    >>> chance_in_words(0.9, 10)
    'a saving in 9 in 10 simulated futures, none in 1'
    """
    hit = round(chance * number)
    if number == 1:
        return f"{'a' if hit else 'no'} saving in the one simulated future"
    if hit == 0:
        return f"no saving in any of {number} simulated futures"
    if hit == number:
        return f"a saving in all of {number} simulated futures"
    return f"a saving in {futures(chance, number)}, none in {number - hit}"


def who_pays(answer: Answer) -> str:
    """Who pays more and who less; no clear change where the range includes none."""
    parts = []
    for row in answers.saving_by_payer(answer).itertuples():
        if row.low_gbp <= 0 <= row.high_gbp:
            parts.append(f"{label(row.payer)}, no clear change")
        else:
            span = ranged(answer, spending_range(row.low_gbp, row.high_gbp))
            parts.append(f"{label(row.payer)}, {change_in_spending(row.net_gbp)} ({span})")
    return "; ".join(parts)


def banked(answer: Answer) -> str:
    """How much of the council's lower spending can be banked."""
    table = answers.council_by_cashability(answer)
    sums = table.groupby("cashability", sort=False)[["difference_gbp", "low_gbp", "high_gbp"]]
    parts = []
    for name, row in sums.sum().iterrows():
        if abs(row["difference_gbp"]) >= 1:
            span = ranged(answer, spending_range(-row["high_gbp"], -row["low_gbp"]))
            change = change_in_spending(-row["difference_gbp"])
            parts.append((abs(row["difference_gbp"]), f"{label(str(name))}, {change} ({span})"))
    return "; ".join(words for _, words in sorted(parts, reverse=True)) or "nothing changes"


def weakness(answer: Answer) -> str:
    """How good the evidence is, and what the range leaves out."""
    few, number = "", answer.sampling.futures
    if number < FEW_FUTURES:
        what = "a rough range" if number > 1 else "no range"
        few = f" With {futures_in(answer)} there is {what}: run ten or more to rely on one."
    grade = answer.evidence or "not graded"
    what = (
        "The ranges hold chance and what the evidence leaves open: effects, rates and prices, each "
        "within the range that its source allows."
        if answer.sampling.draws
        else "The ranges show chance only; how unsure the effects themselves are comes on top and "
        "is not in them."
    )
    return f"**Evidence for this redesign: {grade}.** {what}{few}"


def enough(answer: Answer) -> str:
    """Whether more futures would change what is said of the council's money."""
    found = verdict(answer.baseline, answer.scenario)
    advice = "" if found.enough else " Choose more simulated futures, or **enough**, to be surer."
    return (
        f"{first_capital(futures_in(answer))}: the mean saving is known to "
        f"{pounds(found.error_gbp)} and the chance of a saving to "
        f"{100 * found.chance_error:.0f} points (one standard error).{advice}"
    )


def told_apart(answer: Answer) -> str:
    """How much of the council's range is chance, and how much better evidence could remove."""
    if not answer.sampling.draws:
        return ""
    row = compare.spreads(answer.baseline, answer.scenario, ()).iloc[-1]
    share = 100 * float(row["ignorance_share"])
    return (
        f"Of the spread of the council's saving, {share:.0f}% comes from what is not known of the "
        f"parameters and {100 - share:.0f}% from chance. More futures narrow neither; better "
        "evidence narrows the first."
    )


def children(answer: Answer) -> str:
    """What it changes for families and children in the last year."""
    last = answer.periods[-1]
    names = ("early_help_started", "child_protection_plans_open", "looked_after")
    table = answers.changes_in(answer, names, last).set_index("measure")
    started, plans, care = (table.loc[name] for name in names)
    return (
        f"In {last}: {change_of(answer, started, 'families starting early help')}; "
        f"{change_of(answer, plans, 'children on protection plans')}; "
        f"{change_of(answer, care, 'children looked after')}"
    )


def change_of(answer: Answer, row: pd.Series, what: str) -> str:
    """A change in a count of people, with its range; no clear change where that includes none."""
    low, high = float(row["low"]), float(row["high"])
    span = f"({ranged(answer, signed_range(low, high))})"
    if round(low) <= 0 <= round(high):
        return f"no clear change in {what} {span}"
    more = "more" if row["difference"] > 0 else "fewer"
    return f"{whole(abs(row['difference']))} {more} {what} {span}"


def today(answer: Answer, period: str) -> str:
    """The headline of today's pathway."""
    stages = answers.stages_in(answer, period).set_index("stage")
    contacts, referred = stages.loc["contact"], stages.loc["referral"]
    entering = stages.loc["looked_after", "children"]
    return (
        f"In {period}, a projected {whole(contacts['families'])} contacts become "
        f"{whole(referred['families'])} family referrals; {whole(float(entering))} "
        f"children start to be looked after; services cost {pounds(stages['gbp'].sum())}"
    )


def fitted(rows: pd.DataFrame) -> str:
    """The headline of a check."""
    hit, number = int(rows["inside"].sum()), len(rows)
    missed = number - hit
    said = "is" if missed == 1 else "are"
    return f"{hit} of {number} published figures are met; {missed} {said} missed"


def figure_of(unit: str) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """How to write a change in money or in people, and how to write a level of it."""
    return (pounds, pounds) if unit == "pounds" else (signed, whole)
