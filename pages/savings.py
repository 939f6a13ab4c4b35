"""Savings, for leadership: how much, how sure, by when, whose budget, can it be banked."""

from html import escape

import streamlit as st

from model.headlines import COUNCIL, EVERYBODY
from model.wording import first_capital
from pages.parts import business_case, frame, look, savings_case, savings_paper, show
from pages.parts.once import once

shown = frame.shown()
answer = shown.answer
paper = savings_paper.lay_out()

st.title(f"Projected savings: {answer.scenario_title}")
basis = savings_case.choose_basis()
look.headline(once(answer, savings_case.headline, basis))
look.boxes(once(answer, savings_case.boxes, basis), redesign=True)
st.caption(savings_case.basis_says(savings_case.case_of(answer, basis)))

st.subheader("What leadership asks")
rows = "".join(
    f"<dt>{escape(name)}</dt><dd>{escape(says)}</dd>"
    for name, says in once(answer, savings_case.points, basis)
)
st.html(f'<dl class="fp-answers">{rows}</dl>')

lines = "\n".join(f"- {line}" for line in once(answer, savings_case.caveats, basis))
st.warning(f"**Before you rely on it**\n\n{lines}", icon=":material/science:")
if not paper:
    savings_paper.take_away(answer, basis)

savings_paper.part("By when", "when")
holder = (
    st.segmented_control(
        "Whose money",
        [COUNCIL, EVERYBODY],
        default=COUNCIL,
        required=True,
        format_func=first_capital,
        key="savings_holder",
    )
    or COUNCIL
)
show.chart(answer, savings_case.running_total, basis, holder)
show.chart(answer, savings_case.payback_chance, basis)

savings_paper.part("Where it comes from", "where")
show.chart(answer, savings_case.causes, basis, holder, paper)

savings_paper.part("Whose budget, and can it be banked", "whose")
pictures = (savings_case.payers, savings_case.banked)
columns = [st.container(), st.container()] if paper else st.columns(2)
for column, make in zip(columns, pictures, strict=True):
    with column:
        show.chart(answer, make, basis)

st.subheader("What would have to be true")
st.caption(
    "For the mean net saving to be nought: how far each part alone could move, everything else "
    "as it is."
)
conditions = once(answer, savings_case.must_be_true, basis)
st.markdown("\n".join(f"- **{row.condition}**: {row.says}." for row in conditions.itertuples()))

if not paper:
    with st.expander("The same as a table"):
        show.table_with_csv(conditions, "what would have to be true", "what_must_be_true")
    with st.container(key="finance"):
        st.subheader("For the finance team")
        more = st.expander(
            "Value for money, budgets by year, statement", on_change="rerun", key="more"
        )
        if more.open:
            with more:
                business_case.draw(answer, basis)
    frame.link("how_sure", "How sure is this, and which assumptions move it")
    frame.link("compare", "What changes for families and children")
