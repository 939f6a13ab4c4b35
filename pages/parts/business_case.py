"""The business case on the screen: the financial and the economic case, and the statement."""

import pandas as pd
import streamlit as st

from model import cases, headlines
from model.answers import Answer
from model.economics import MARGINAL, PRICES
from model.wording import label
from pages.parts import show
from pages.parts.once import key_of

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


@st.cache_resource(max_entries=16, show_spinner=False)
def made(
    which: str, price: str, digest: str, _answer: Answer
) -> tuple[str, dict[str, pd.DataFrame]]:
    """A case of an answer, worked out once."""
    return cases.case_of(which, _answer.baseline, _answer.scenario, price)


def draw(answer: Answer) -> dict[str, pd.DataFrame]:
    """Draw both cases; returns every table, for the workbook."""
    price = st.radio(
        "Price of a placement that ends",
        PRICES,
        PRICES.index(MARGINAL),
        format_func=str.capitalize,
        horizontal=True,
        key="placement_price",
        help="Marginal: only what ends with the placement, all of a bought one and about three "
        "fifths of an in-house one. Average: the whole published price.",
    )
    key = key_of(answer)
    says, money = made(cases.FINANCIAL, price, key, answer)
    explains, economy = made(cases.ECONOMIC, price, key, answer)
    financial, economic, statement = st.tabs(
        ["Financial case", "Economic case", "Statement"], key="cases", on_change="rerun"
    )
    if financial.open:
        with financial:
            draw_financial(says, money)
    if economic.open:
        with economic:
            draw_economic(explains, economy)
    if statement.open:
        with statement:
            draw_statement(answer, money)
    return {**money, **economy}


def draw_financial(says: str, money: dict[str, pd.DataFrame]) -> None:
    """Cash by budget holder and year."""
    st.caption(f"{says}.")
    table = money["financial_by_year"]
    holders = list(table["payer"].unique())
    holder = st.selectbox("Whose budget", holders, format_func=label, key="holder") or COUNCIL
    show.table_with_csv(
        table.loc[table["payer"] == holder, BY_YEAR], f"cash of {holder}", "financial_case"
    )
    show.table_with_csv(
        in_words(money["financial_summary"]), "payback and peak", "financial_summary"
    )
    show.table_with_csv(in_percent(money["chances"]), "chance of payback", "payback_chance")


def draw_economic(explains: str, economy: dict[str, pd.DataFrame]) -> None:
    """Present values, and what stands apart."""
    st.caption(f"{explains}.")
    show.table_with_csv(in_words(economy["economic_summary"]), "present values", "economic_summary")
    show.table_with_csv(economy["economic_by_year"], "economic case by year", "economic_case")
    show.table_with_csv(economy["still_under_way"], "help under way at the end", "under_way")
    show.table_with_csv(economy["corrections"], "corrections step by step", "corrections")
    st.markdown("**Shown apart, and added to nothing**: partners in the period, and lifetimes.")
    show.table_with_csv(economy["apart_never_added"], "values apart", "values_apart")


def draw_statement(answer: Answer, money: dict[str, pd.DataFrame]) -> None:
    """From what services cost in both runs to the net saving."""
    st.caption(
        "From what services cost in both runs to the net saving, by payer, over the whole run. "
        "Every step is price times quantity and the statement balances to the penny. "
        f"{headlines.ranges_say(answer)}; these are means."
    )
    show.table_with_csv(money["statement"], "statement by payer", "statement")
    show.table_with_csv(money["statement_by_line"], "statement by line", "statement_by_line")


def in_words(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary with its figures named as people name them."""
    return summary.assign(figure=summary["figure"].map(label))


def in_percent(chances: pd.DataFrame) -> pd.DataFrame:
    """Chances as whole percent, named so."""
    found = chances.copy()
    for name in ("chance_of_saving", "chance_of_payback"):
        found[f"{name}_percent"] = (100 * found.pop(name)).round()
    return found
