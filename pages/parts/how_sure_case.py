"""What the page How sure says of an answer that is there: no run is needed for it."""

from __future__ import annotations

import pandas as pd

from model.answers import Answer
from model.charts import Picture
from model.how_sure import pictures as drawn
from model.how_sure.told_apart import told_apart
from model.results import chance_error
from model.savings import COUNCIL
from model.wording import first_capital, pounds
from pages.parts.savings_case import case_of


def spreads(answer: Answer, basis: str) -> pd.DataFrame:
    """Chance and ignorance told apart."""
    return told_apart(case_of(answer, basis))


def of_chance(answer: Answer, basis: str) -> Picture:
    """The picture of chance and ignorance."""
    case = case_of(answer, basis)
    return drawn.chance_and_ignorance(case.about, told_apart(case), case.says)


def sentence(answer: Answer, basis: str) -> str:
    """How much of the spread is chance, and how much is not known."""
    share = 100 * float(spreads(answer, basis).iloc[-1]["ignorance_share"])
    return (
        f"Of what is unsure of the council's saving, {share:.0f}% is what nobody knows exactly and "
        f"{100 - share:.0f}% is chance"
    )


def known_to(answer: Answer, basis: str) -> str:
    """How well the simulation knows the mean and the chance."""
    case = case_of(answer, basis)
    row = spreads(answer, basis).iloc[-1]
    saved = case.saved(COUNCIL).sum(axis=1)
    points = 100 * chance_error(saved > 0, case.sampling)
    return (
        f"{first_capital(case.about.futures)} give the mean saving to "
        f"{pounds(row['standard_error'])} and the chance of a saving to {points:.0f} points "
        "either way (one standard error of the "
        "simulation). More futures make these figures steadier; they make neither the world nor "
        "the evidence surer."
    )
