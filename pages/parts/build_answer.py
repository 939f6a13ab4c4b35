"""What the redesign would do: a first answer soon after each change, firmer as it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape

import streamlit as st

from model import answers, headlines, savings
from model.answers import Answer
from model.savings import CASH, COUNCIL, Case
from model.scenarios.run_dates import on
from model.wording import (
    change_in_spending,
    day,
    first_capital,
    label,
    signed,
    signed_range,
    spending_range,
    years,
)
from pages.parts import build_dates, build_state, choices, frame, look, show
from pages.parts.build_state import Site
from pages.parts.frame import Found, Shown
from pages.parts.once import once

SLOT = "build"
COUNTED = ("early_help_started", "looked_after")


def asked(shown: Shown) -> Found | None:
    """What is known of the redesign that is being built; None where there is nothing to ask."""
    now = build_state.draft()
    if now.empty:
        return None
    redesign = choices.redesign_of(now)
    question = replace(shown.question, scenario=redesign.name, text=redesign.text)
    if question == shown.question:
        return shown.found
    return frame.ask(question, SLOT)


def draw(found: Found | None, where: Site, shown: Shown) -> None:
    """Draw the answer, or say why there is none."""
    if found is None:
        st.markdown(
            "Move something under **What changes**: a first answer comes within seconds, and "
            "grows firmer while you read."
        )
        return
    if found is not shown.found:  # the head of the page tells of its own answer
        frame.strip(found, SLOT)
    if found.answer is None:
        st.markdown("A first answer is on its way.")
        return
    figures(found.answer, where)
    frame.link("compare", "Compare it with today, in full")
    if frame.exists("savings"):
        frame.link("savings", "Its savings, for leadership")


def figures(answer: Answer, where: Site) -> None:
    """Families, children in care, the council's money, and the chance of payback."""
    case = once(answer, case_of)
    last = answer.periods[-1]
    look.headline(f"{first_capital(savings.total_says(case, COUNCIL))}")
    paid = once(answer, paid_back)
    bar(money(case)[0], paid[0])
    look.boxes(
        [
            (f"The council's money over {years(answer.question.years)}", *money(case)),
            (f"Pays back within {years(answer.question.years)}", *paid),
            *(changed(answer, measure, last) for measure in COUNTED),
        ],
        redesign=True,
    )
    st.markdown(f"{first_capital(savings.payback_says(case, COUNCIL))}.")
    st.caption(
        f"{counted_from(answer, where)} Net of the programme; {case.says}. "
        f"{headlines.ranges_say(answer)}. Projected, not promised."
    )
    with st.expander("Chance that it has paid back, year by year"):
        show.table(once(answer, chances), "chance of payback by year")
    st.caption(headlines.weakness(answer))


def bar(council: str, paid: str) -> None:
    """The answer in a line at the foot of a telephone, where the figures are far down."""
    says = f"The council spends {council}. Pays back in {paid}. See more"
    st.html(f'<a class="fp-bar" href="#answer">{escape(says)}</a>')


def case_of(answer: Answer) -> Case:
    """The answer, priced as cash."""
    return savings.case(answer.baseline, answer.scenario, basis=CASH)


def money(case: Case) -> tuple[str, str]:
    """What the council spends less or more over the run, and its range."""
    row = case.financial.by_year[case.financial.by_year["payer"] == COUNCIL].iloc[-1]
    span = spending_range(row["cumulative_low_gbp"], row["cumulative_high_gbp"])
    return change_in_spending(row["cumulative_gbp"]), f"range {span}"


def paid_back(answer: Answer) -> tuple[str, str]:
    """The chance that the council has its money back by the end of the run."""
    table = once(answer, case_of).financial.chances
    share = float(table.loc[table["holder"] == COUNCIL, "chance_of_payback"].iloc[-1])
    number = answer.sampling.futures
    end = on(f"start + {12 * answer.question.years} months", answer.question.start)
    by = f"{round(share * number)} of {number} futures, by {day(end - timedelta(days=1))}"
    return f"{100 * share:.0f}% of futures", by


def chances(answer: Answer) -> object:
    """Chance of payback by the end of each year, in percent."""
    table = once(answer, case_of).financial.chances
    own = table[table["holder"] == COUNCIL]
    return own.assign(chance_percent=(100 * own["chance_of_payback"]).round())[
        ["financial_year", "chance_percent"]
    ].reset_index(drop=True)


def changed(answer: Answer, measure: str, period: str) -> tuple[str, str, str]:
    """The change in one measure in the last year."""
    row = once(answer, answers.changes_in, (measure,), period).iloc[0]
    span = signed_range(row["low"], row["high"])
    unit = "families" if measure == "early_help_started" else "children"
    words = f"{label(measure)}, {unit}, {period}"
    return words, signed(row["difference"]), headlines.ranged(answer, span)


def counted_from(answer: Answer, where: Site) -> str:
    """From when the years are counted, and when the redesign begins."""
    steps = answer.question.redesigns[0].plan().changes
    begins = min(build_dates.day_of(str(one.steps[0][0]), where) for one in steps)
    first = max(begins, answer.question.start)
    return (
        f"Years are counted from the start of the run, {day(answer.question.start)}; the first "
        f"change begins on {day(first)}."
    )
