"""A comparison priced once for the pages that show money, on the one basis that they share.

The basis is chosen on any of them and stays: cash of each year, as a budget has it, or constant
prices. It stands in the page's address, and every figure says which it is.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from model import documents, savings
from model.answers import Answer
from model.charts import Picture
from model.compare import COVERAGE
from model.savings import CASH, CONSTANT, COUNCIL, EVERYBODY, Case
from model.savings import pictures as drawn
from model.savings.sentences import in_ten
from model.scenarios.run_dates import on
from model.wording import change_in_spending, day, first_capital, pounds, spending_range, years
from pages.parts.once import key_of, once

BASIS, CHOSEN = "basis", "_basis"
NAMES = {CASH: "Cash of each year", CONSTANT: "Constant prices"}
HELP = (
    "Cash: the pounds of each year, with inflation, and only the part of a price that ends with a "
    "service, as a budget has it (the financial case). Constant prices: all in the prices of one "
    "year, at the average published price. The two are never mixed."
)
MOST_CASES, MOST_DOCUMENTS = 12, 12  # kept; a case takes megabytes


def choose_basis() -> str:
    """The switch between the two bases, and the line that says which one is shown."""
    found = st.segmented_control(
        "Money is shown in",
        list(NAMES),
        default=chosen(),
        required=True,
        format_func=NAMES.__getitem__,
        key=BASIS,
        help=HELP,
        bind="query-params",
    )
    st.session_state[CHOSEN] = found or CASH  # the switch of each page is one of its own
    return chosen()


def chosen() -> str:
    """The basis last chosen on a page that has the switch; cash where none was."""
    return str(st.session_state.get(CHOSEN, CASH))


def basis_says(case: Case) -> str:
    """Which basis the figures are on, in a sentence."""
    if case.basis == CASH:
        how = (
            "**cash of each year**, prices rising as forecast, and only the part of a placement's "
            "price that ends with it"
        )
    else:
        how = f"**constant prices of {case.about.base_year}**, at average prices, not discounted"
    same = "The same on Start, Compare, Savings and How sure."
    return f"Money on this page is {how}. Saving less programme cost. {same}"


def case_of(answer: Answer, basis: str) -> Case:
    """A comparison priced, worked out once for everybody."""
    return _case(key_of(answer), basis, answer)


@st.cache_resource(max_entries=MOST_CASES, show_spinner=False)
def _case(key: str, basis: str, _answer: Answer) -> Case:
    plan = _answer.question.redesigns[0].plan()
    about = savings.about(_answer.scenario, plan, made_on=_answer.made_on)
    return savings.case(_answer.baseline, _answer.scenario, about, basis)


def document(answer: Answer, basis: str, kind: str) -> bytes:
    """One of the documents of a comparison, made once: "docx", "pptx" or "xlsx"."""
    return _document(key_of(answer), basis, kind, answer)


@st.cache_resource(max_entries=MOST_DOCUMENTS, show_spinner=False)
def _document(key: str, basis: str, kind: str, _answer: Answer) -> bytes:
    case = case_of(_answer, basis)
    pair = (_answer.baseline, _answer.scenario)
    if kind == "docx":
        return documents.briefing(case)
    if kind == "pptx":
        return documents.presentation(case, *pair)
    return documents.excel(case, *pair, _answer.question.redesigns[0].plan())


# --- sentences and tables, as functions of an answer ----------------------------------------------


def headline(answer: Answer, basis: str) -> str:
    """The one sentence of the page and of its documents."""
    return f"{savings.headline(case_of(answer, basis))}."


def points(answer: Answer, basis: str) -> list[tuple[str, str]]:
    """What leadership asks, and the answers."""
    return savings.points(case_of(answer, basis))


def caveats(answer: Answer, basis: str) -> list[str]:
    """Three lines that go with every figure."""
    return savings.caveats(case_of(answer, basis))


def must_be_true(answer: Answer, basis: str) -> pd.DataFrame:
    """How far each part may move before the net is nought."""
    return savings.what_must_be_true(case_of(answer, basis))


def boxes(answer: Answer, basis: str) -> list[tuple[str, str, str]]:
    """How much, how sure, by when, and what of it can be banked: name, figure, remark."""
    case = case_of(answer, basis)
    span = years(case.about.years)
    total = {who: case.saved(who).sum(axis=1) for who in (COUNCIL, EVERYBODY)}
    futures = case.sampling.futures
    cost = float((total[COUNCIL] < 0).mean())
    paid = np.isfinite(savings.payback_months(case))
    banked = float(case.priced.banked[:, case.lines_of(COUNCIL)].sum(axis=(1, 2)).mean())
    share = savings.cashable_share(case)
    of_it = f"{100 * share:.0f}% of the net saving" if 0 <= share <= 1 else "not what is saved"
    return [
        (f"The council over {span}", *_change(case, total[COUNCIL])),
        ("Net saving for the council", *_chance(1 - cost, futures, "a net cost", cost)),
        (f"Paid back by {last_day(case)}", *_half(case, paid)),
        ("The council could bank", _banked(banked), f"{of_it}, on average, once posts go"),
        (f"Everybody over {span}", *_change(case, total[EVERYBODY])),
    ]


def _change(case: Case, total: np.ndarray) -> tuple[str, str]:
    words = change_in_spending(float(total.mean()))
    if case.sampling.futures == 1:
        return words, "one future, no range"
    low, high = np.quantile(total, COVERAGE)
    return words, f"range {spending_range(float(low), float(high))}"


def _chance(share: float, futures: int, other: str, rest: float) -> tuple[str, str]:
    return _short(in_ten(share, futures)), f"of futures; {other} in {in_ten(rest, futures)}"


def _half(case: Case, paid: np.ndarray) -> tuple[str, str]:
    said = savings.payback_says(case, COUNCIL)
    half = said.partition("; ")[2]
    chance = _short(in_ten(float(paid.mean()), case.sampling.futures))
    return chance, first_capital(half) if half else "of simulated futures"


def _short(words: str) -> str:
    """A chance where there is little room.

    >>> _short("6 in 10 futures"), _short("all of the 64 futures")
    ('6 in 10', 'All')
    """
    if words.startswith(("all of", "none of")):
        return words.split(" ", 1)[0].capitalize()
    return first_capital(words.removesuffix(" futures").removesuffix(" future"))


def _banked(gbp: float) -> str:
    return pounds(gbp) if gbp >= 0 else "nothing"


def last_day(case: Case) -> str:
    """The last day of the run."""
    after: date = on(f"start + {12 * case.about.years} months", case.about.start)
    return day(after - timedelta(days=1))


# --- pictures, as functions of an answer ----------------------------------------------------------


def running_total(answer: Answer, basis: str, holder: str) -> Picture:
    """The running total of one holder, by year."""
    return drawn.running_total(case_of(answer, basis), holder)


def causes(answer: Answer, basis: str, holder: str, brief: bool = False) -> Picture:
    """From gross to net, for one holder; with fewer bars where it is brief."""
    return drawn.causes(case_of(answer, basis), holder, brief)


def payers(answer: Answer, basis: str) -> Picture:
    """Who pays and who gains."""
    return drawn.payers(case_of(answer, basis))


def banked(answer: Answer, basis: str) -> Picture:
    """What of the council's saving can be banked."""
    return drawn.banked(case_of(answer, basis))


def payback_chance(answer: Answer, basis: str) -> Picture:
    """The chance of payback by year."""
    return drawn.payback_chance(case_of(answer, basis))


__all__ = [
    "banked",
    "basis_says",
    "boxes",
    "case_of",
    "causes",
    "caveats",
    "choose_basis",
    "chosen",
    "document",
    "headline",
    "must_be_true",
    "once",
    "payback_chance",
    "payers",
    "points",
    "running_total",
]
