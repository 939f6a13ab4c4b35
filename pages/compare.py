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

shown = frame.shown()
answer = shown.answer
last = answer.periods[-1]


def box(measure: str) -> tuple[str, str, str]:
    """The change in one measure in the last year."""
    row = answers.changes_in(answer, (measure,), last).iloc[0]
    span = signed_range(row["low"], row["high"])
    return f"{label(measure)}, {last}", signed(row["difference"]), headlines.ranged(answer, span)


def saving(who: str) -> tuple[str, str, str]:
    """The change in spending over the run."""
    row = headlines.last_saving(answer, who)
    span = spending_range(row["cumulative_low_gbp"], row["cumulative_high_gbp"])
    change = change_in_spending(row["cumulative_gbp"])
    return f"{first_capital(who)}, to {last}", change, headlines.ranged(answer, span)


st.title(answer.scenario_title)
look.headline(headlines.money(answer))
look.boxes(
    [saving(COUNCIL), saving(EVERYBODY), box("early_help_started"), box("looked_after")],
    redesign=True,
)
st.markdown(
    f"- {headlines.money_of(answer, COUNCIL)}\n"
    f"- {headlines.money_of(answer, EVERYBODY)}\n"
    f"- **Who pays and who gains**: {headlines.who_pays(answer)}.\n"
    f"- **What the council could bank**: {headlines.banked(answer)}.\n"
    f"- **Families and children**: {headlines.children(answer)}."
)
st.warning(headlines.weakness(answer), icon=":material/science:")
if told_apart := headlines.told_apart(answer):
    st.markdown(f"**How sure**: {told_apart} {headlines.enough(answer)}")
else:
    st.markdown(f"**How sure**: {headlines.enough(answer)}")
st.caption(f"{headlines.ranges_say(answer)}. Money in {headlines.price_base(answer)}.")

st.subheader("Money")
for column, who in zip(st.columns(2), (COUNCIL, EVERYBODY), strict=True):
    with column:
        show.picture(pictures.saving_by_year(answer, who))
left, right = st.columns(2)
with left:
    show.picture(pictures.who_pays(answer))
with right:
    show.picture(pictures.banked(answer))
show.picture(pictures.spending_by_stage(answer))

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
        show.picture(pictures.changes(answer, counted, period))
measure = st.selectbox(
    "Measure, year by year and by locality",
    [*pictures.FOR_FAMILIES, *pictures.FOR_CHILDREN],
    index=3,
    format_func=label,
    key="measure",
)
left, right = st.columns(2)
with left:
    show.picture(pictures.over_time(answer, measure))
with right:
    show.picture(pictures.localities(answer, measure, period))

st.subheader("What the redesign changes")
plan = answer.question.redesigns[0].plan()
st.markdown(plan.rationale)
show.table_with_csv(tables.changes_of(plan), "changes of the redesign", "redesign_changes")
if plan.programme_costs:
    show.table_with_csv(tables.costs_of(plan), "programme costs", "programme_costs")

show.workbook_button(
    "All tables of this comparison (Excel)",
    "comparison.xlsx",
    tables.of_comparison(answer, plan) | case_tables,
    "\n".join(
        [
            headlines.about(answer),
            headlines.money(answer),
            *(headlines.money_of(answer, who).replace("**", "") for who in (COUNCIL, EVERYBODY)),
            headlines.weakness(answer).replace("**", ""),
            headlines.source(answer),
        ]
    ),
)
