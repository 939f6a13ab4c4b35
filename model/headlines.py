"""What an answer says, in sentences for people who have two minutes.

Always with a range that says what it is. What is said of money is in `model.savings.sentences`.
It works on the tables of `model.answers` and knows no chart and no screen.
"""

from __future__ import annotations

import pandas as pd

from model import answers
from model.answers import Answer
from model.wording import (
    FEW_FUTURES,
    day,
    pounds,
    simulated,
    whole,
    years,
)

EVERYBODY = "everybody"
COUNCIL = "the council"


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


def ranged(answer: Answer, words: str) -> str:
    """A range as words; one future has none."""
    return f"range {words}" if answer.sampling.futures > 1 else "one future, no range"


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
