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
    show.table_with_csv(in_words(economy["economic_summary"]), "present values", "economic_summary")
    show.table_with_csv(economy["economic_by_year"], "economic case by year", "economic_case")
    show.table_with_csv(economy["still_under_way"], "help under way at the end", "under_way")
    show.table_with_csv(economy["corrections"], "corrections step by step", "corrections")
    st.markdown("**Shown apart, and added to nothing**: partners in the period, and lifetimes.")
    show.table_with_csv(economy["apart_never_added"], "values apart", "values_apart")


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
    show.table_with_csv(money["statement"], "statement by payer", "statement")
    show.table_with_csv(money["statement_by_line"], "statement by line", "statement_by_line")


def value_says(answer: Answer, basis: str) -> str:
    """The present value to the public sector."""
    return savings.value_says(savings_case.case_of(answer, basis))


def in_words(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary with its figures named as people name them."""
    return summary.assign(figure=summary["figure"].map(label))
