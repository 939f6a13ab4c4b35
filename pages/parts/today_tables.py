"""What stands below the map of today: its figures, by locality, how full, and the caseload."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from model import answers, headlines, pictures, today_figures, today_pictures
from model.answers import Answer
from model.wording import day, label, stage_label
from pages.parts import choices, show
from pages.parts.once import once

TRENDS = ("looked_after", "child_protection_plans_open", "child_in_need_plans_open")
TABS = (
    "Figures of the map",
    "By locality",
    "How full",
    "Today's caseload",
    "Where families go",
    "What it costs",
)


@st.cache_data(max_entries=16, show_spinner=False)
def caseload_of(area: str, start: date, fingerprint: str) -> pd.DataFrame:
    """The caseload of an area, read once for each state of the files."""
    return today_figures.caseload(area, start)


def draw(answer: Answer, period: str) -> None:
    """The tabs below the map."""
    found = st.tabs(list(TABS), key="today_tabs", on_change="rerun")
    does = (stages, localities, full, caseload, flows, costs)
    for tab, draw_one in zip(found, does, strict=True):
        if tab.open:
            with tab:
                draw_one(answer, period)


def stages(answer: Answer, period: str) -> None:
    """Every figure of the map."""
    st.caption(
        "Families and children who enter a stage in the year, who is there at its end, what it "
        "cost, and in how many working days (h: hours) 50% and 90% of those served were taken up."
    )
    show.table_with_csv(of_stages(answer, period), "stages of the pathway", "stages")


def localities(answer: Answer, period: str) -> None:
    """What is known by locality."""
    st.caption(
        "Means of the year. Money is not known by locality: prices hold for the whole area. How "
        "contacts are spread over localities is an assumption; see Evidence and assumptions."
    )
    table = once(answer, today_figures.by_locality, period)
    show.table_with_csv(table, "today by locality", "by_locality")


def full(answer: Answer, period: str) -> None:
    """How full each pool of workers and places is."""
    st.caption(
        "A case is a family, or one child in care. Agency carers and children's homes are bought "
        "as needed. A mean near 100% means that people wait, or are placed elsewhere, in many "
        "futures."
    )
    show.chart(answer, today_pictures.fullness, period)


def caseload(answer: Answer, period: str) -> None:
    """Where the run starts from."""
    asked = answer.question
    table = caseload_of(asked.area, asked.start, choices.fingerprint())
    if table.empty:
        st.info(
            "The file of this area states no caseload before this start: the model starts from "
            "its own steady state.",
            icon=":material/info:",
        )
        return
    st.markdown(
        f"Open cases on **{day(table['on'].iloc[0])}**, from which the run starts. Source: "
        f"{table['source'].iloc[0]} (evidence: {table['grade'].iloc[0]}). {table['note'].iloc[0]}"
    )
    st.caption("What nobody publishes, such as families in early help, comes from the model.")
    show.table_with_csv(
        table[["open_cases", "number", "on", "grade"]], "today's caseload", "caseload"
    )


def flows(answer: Answer, period: str) -> None:
    """Where the stays that ended led."""
    show.table_with_csv(of_flows(answer, period), "where families go", "flows")


def costs(answer: Answer, period: str) -> None:
    """What each stage costs."""
    show.chart(answer, pictures.cost_of_stages, period)


def of_stages(answer: Answer, period: str) -> pd.DataFrame:
    """The stages in words."""
    return today_figures.stages_in_words(once(answer, answers.stages_in, period))


def of_flows(answer: Answer, period: str) -> pd.DataFrame:
    """Where families go, in words."""
    rows = once(answer, answers.flows_in, period)
    return rows.drop(columns="splits").assign(
        stage=rows["stage"].map(stage_label),
        outcome=rows["outcome"].map(label),
        to=rows["to"].map(lambda to: stage_label(to) if to else ""),
    )


def workbook(answer: Answer, period: str) -> dict[str, pd.DataFrame]:
    """Every table of the page."""
    asked = answer.question
    trends = {name: pictures.doing_nothing(answer, name).table for name in TRENDS}
    return {
        "stages": answers.stages_in(answer, period),
        "where_families_go": of_flows(answer, period),
        "by_locality": today_figures.by_locality(answer, period),
        "how_full": today_figures.how_full(answer, period),
        "caseload": today_figures.caseload(asked.area, asked.start),
        **trends,
    }


def about(answer: Answer, period: str) -> str:
    """What the workbook says of itself."""
    return f"{headlines.about(answer)}\nToday's arrangements, {period}\n{headlines.source(answer)}"
