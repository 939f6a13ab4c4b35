"""Compare: what a redesign changes, in families, children and pounds, with ranges."""

import streamlit as st

from model import answers, headlines, pictures
from model.headlines import COUNCIL, EVERYBODY
from model.wording import (
    change_in_spending,
    first_capital,
    label,
    signed,
    signed_range,
    spending_range,
)
from pages.parts import business_case, frame, look, show, tables
from pages.parts.once import once

shown = frame.shown()
answer = shown.answer
last = answer.periods[-1]


def box(measure: str) -> tuple[str, str, str]:
    """The change in one measure in the last year."""
    row = once(answer, answers.changes_in, (measure,), last).iloc[0]
    span = signed_range(row["low"], row["high"])
    return f"{label(measure)}, {last}", signed(row["difference"]), headlines.ranged(answer, span)


def saving(who: str) -> tuple[str, str, str]:
    """The change in spending over the run."""
    row = once(answer, headlines.last_saving, who)
    span = spending_range(row["cumulative_low_gbp"], row["cumulative_high_gbp"])
    change = change_in_spending(row["cumulative_gbp"])
    return f"{first_capital(who)}, to {last}", change, headlines.ranged(answer, span)


st.title(answer.scenario_title)
look.headline(once(answer, headlines.money))
look.boxes(
    [saving(COUNCIL), saving(EVERYBODY), box("early_help_started"), box("looked_after")],
    redesign=True,
)
st.markdown(
    f"- {once(answer, headlines.money_of, COUNCIL)}\n"
    f"- {once(answer, headlines.money_of, EVERYBODY)}\n"
    f"- **Who pays and who gains**: {once(answer, headlines.who_pays)}.\n"
    f"- **What the council could bank**: {once(answer, headlines.banked)}.\n"
    f"- **Families and children**: {once(answer, headlines.children)}."
)
st.warning(once(answer, headlines.weakness), icon=":material/science:")
if told_apart := once(answer, headlines.told_apart):
    st.markdown(f"**How sure**: {told_apart} {once(answer, headlines.enough)}")
else:
    st.markdown(f"**How sure**: {once(answer, headlines.enough)}")
st.caption(f"{headlines.ranges_say(answer)}. Money in {headlines.price_base(answer)}.")

st.subheader("Money")
for column, who in zip(st.columns(2), (COUNCIL, EVERYBODY), strict=True):
    with column:
        show.chart(answer, pictures.saving_by_year, who)
left, right = st.columns(2)
with left:
    show.chart(answer, pictures.who_pays)
with right:
    show.chart(answer, pictures.banked)
show.chart(answer, pictures.spending_by_stage)

st.subheader("Invest to save")
case_tables = business_case.draw(answer)

st.subheader("Families and children")
period = (
    st.segmented_control("Financial year", answer.periods, default=last, key="compared_year")
    if len(answer.periods) > 1
    else last
) or last
for column, counted in zip(st.columns(2), (answers.FAMILIES, answers.CHILDREN), strict=True):
    with column:
        show.chart(answer, pictures.changes, counted, period)
measure = st.selectbox(
    "Measure, year by year and by locality",
    [*pictures.FOR_FAMILIES, *pictures.FOR_CHILDREN],
    index=3,
    format_func=label,
    key="measure",
)
left, right = st.columns(2)
with left:
    show.chart(answer, pictures.over_time, measure)
with right:
    show.chart(answer, pictures.localities, measure, period)

st.subheader("What the redesign changes")
plan = answer.question.redesigns[0].plan()
st.markdown(plan.rationale)
show.table_with_csv(tables.changes_of(plan), "changes of the redesign", "redesign_changes")
if plan.programme_costs:
    show.table_with_csv(tables.costs_of(plan), "programme costs", "programme_costs")


def about() -> str:
    """What the workbook says of itself."""
    lines = [
        headlines.about(answer),
        headlines.money(answer),
        *(headlines.money_of(answer, who).replace("**", "") for who in (COUNCIL, EVERYBODY)),
        headlines.weakness(answer).replace("**", ""),
        headlines.source(answer),
    ]
    return "\n".join(lines)


show.workbook_button(
    "All tables of this comparison (Excel)",
    "comparison.xlsx",
    lambda: tables.of_comparison(answer, plan) | case_tables,
    about,
)
