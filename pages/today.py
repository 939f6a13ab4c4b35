"""Today: the pathway as a map, with a year's families, waits, caseloads and pounds."""

from functools import partial

import streamlit as st

from model import answers, headlines, pictures
from model.wording import millions, whole
from pages.parts import fit, frame, look, show, today_map, today_tables
from pages.parts.once import once

shown = frame.shown()
answer = shown.answer

st.title(f"Today's pathway in {answer.area_title}")
period = (
    st.segmented_control("Financial year", answer.periods, default=answer.periods[0], key="year")
    if len(answer.periods) > 1
    else answer.periods[0]
) or answer.periods[0]
by_stage = once(answer, answers.stages_in, period).set_index("stage")

look.headline(once(answer, headlines.today, period))
look.boxes(
    [
        (
            "Contacts",
            whole(by_stage.loc["contact", "families"]),
            f"families, with {whole(by_stage.loc['contact', 'children'])} children",
        ),
        (
            "Early help plans started",
            whole(by_stage.loc["early_help_plan", "families"]),
            f"{whole(by_stage.loc['early_help_plan', 'families_open'])} families at year end",
        ),
        (
            "Children referred",
            whole(by_stage.loc["referral", "children"]),
            f"from {whole(by_stage.loc['referral', 'families'])} families",
        ),
        (
            "Children looked after",
            whole(by_stage.loc["looked_after", "children_open"]),
            f"at year end; {millions(by_stage.loc['looked_after', 'gbp'])} in the year",
        ),
    ]
)

st.subheader("The pathway")
today_map.draw(answer, period)
today_tables.draw(answer, period)

fit.draw(answer.question.area, answer.area_title)

st.subheader("If nothing changes")
st.markdown(
    "Today's arrangements are a forecast, not a frozen year: population and demand follow their "
    "trends, and today's caseload works its way through."
)
trends = today_tables.TRENDS
for column, measure in zip(st.columns(len(trends)), trends, strict=True):
    with column:
        show.chart(answer, pictures.doing_nothing, measure)

show.workbook_button(
    "All tables of this page (Excel)",
    "today.xlsx",
    partial(today_tables.workbook, answer, period),
    partial(today_tables.about, answer, period),
)
