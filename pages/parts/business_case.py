"""The business case on the screen: value for money, budgets by year, and the statement."""

import pandas as pd
import streamlit as st

from model import cases, headlines, savings
from model.answers import Answer
from model.economics import MARGINAL
from model.savings import CASH
from model.wording import first_capital, label
from pages.parts import savings_case, show
from pages.parts.once import key_of, once

COUNCIL = "the council"
BY_YEAR = [
    "financial_year",
    "gross_gbp",
    "programme_gbp",
    "net_gbp",
    "net_low_gbp",
    "net_high_gbp",
    "cumulative_gbp",
    "cashable_gbp",
    "cut_gbp",
    "avoided_growth_gbp",
]
NAMED = ("stage", "figure", "cost", "payer")
UNDER_WAY = (
    "It has cost money and has not shown its benefit: what the last year spent on families who are "
    "still there. It is added to nothing."
)
VALUE, BUDGETS, STATEMENT = "Value for money", "Budgets by year", "Statement"


@st.cache_resource(max_entries=16, show_spinner=False)
def made(which: str, digest: str, _answer: Answer) -> tuple[str, dict[str, pd.DataFrame]]:
    """A case of an answer, worked out once."""
    return cases.case_of(which, _answer.baseline, _answer.scenario, MARGINAL)


def draw(answer: Answer, basis: str) -> None:
    """Draw value for money, budgets and the statement; only what is open is worked out."""
    tabs = st.tabs([VALUE, BUDGETS, STATEMENT], key="cases", on_change="rerun")
    for tab, make in zip(tabs, (draw_value, draw_budgets, draw_statement), strict=True):
        if tab.open:
            with tab:
                make(answer, basis)


def draw_value(answer: Answer, basis: str) -> None:
    """The economic case: present values, and what stands apart."""
    explains, economy = made(cases.ECONOMIC, key_of(answer), answer)
    st.markdown(f"**{first_capital(once(answer, value_says, basis))}.**")
    st.caption(
        f"{explains}. This is the economic case: a different question from what the budget shows, "
        "with figures of its own, whichever way money is shown above."
    )
    for name, title, explains in (
        ("economic_summary", "Present values", ""),
        ("economic_by_year", "Year by year", "A benefit or cost below zero is one the other way."),
        ("still_under_way", "Help under way as the run ends", UNDER_WAY),
        ("corrections", "Corrections, each on top of the one before", ""),
        (
            "apart_never_added",
            "Shown apart, and added to nothing",
            "Partners in the period, and lifetimes.",
        ),
    ):
        st.markdown(f"**{title}**")
        if explains:
            st.caption(explains)
        show.table_with_csv(in_words(economy[name]), title.lower(), name)


def draw_budgets(answer: Answer, basis: str) -> None:
    """Each budget by year, on the basis of the page."""
    case = savings_case.case_of(answer, basis)
    table = case.financial.by_year
    holder = st.selectbox("Whose budget", case.holders, format_func=label, key="holder") or COUNCIL
    st.caption(
        f"{first_capital(case.says)}. A cut is what falls below the spending of the first whole "
        "year; avoided growth is the rest. Means, with 80% of simulated futures for the net."
    )
    show.table_with_csv(
        table.loc[table["payer"] == holder, BY_YEAR], f"budget of {holder}", "budget_by_year"
    )
    show.table_with_csv(
        in_words(case.financial.summary), "payback and peak funding", "financial_summary"
    )


def draw_statement(answer: Answer, basis: str) -> None:
    """From what services cost in both runs to the net saving; in cash only."""
    if basis != CASH:
        st.info("The statement is in cash of each year. Choose cash at the top of the page.")
        return
    _, money = made(cases.FINANCIAL, key_of(answer), answer)
    st.caption(
        "From what services cost in both runs to the net saving, by payer, over the whole run. "
        "Every step is price times quantity and the statement balances to the penny. "
        f"{headlines.ranges_say(answer)}; these are means."
    )
    show.table_with_csv(in_words(money["statement"]), "statement by payer", "statement")
    st.markdown("**Line by line**")
    show.table_with_csv(in_words(money["statement_by_line"]), "line by line", "statement_by_line")


def value_says(answer: Answer, basis: str) -> str:
    """The present value to the public sector."""
    return savings.value_says(savings_case.case_of(answer, basis))


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its stages, figures, costs and payers named as people name them."""
    return table.assign(**{name: table[name].map(label) for name in NAMED if name in table})
