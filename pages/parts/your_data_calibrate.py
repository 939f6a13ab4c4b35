"""Calibrating: what must be answered first, the fit and its misses, and the area made of it."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from model.calibrate import RUNS
from model.errors import InputError, Where
from model.parameters import areas
from model.uploads import (
    CalibratePublished,
    CalibrateReturns,
    Calibration,
    ReadReturns,
    ReadStatistics,
    adopt,
    zip_of,
)
from model.uploads.quality import Quality
from model.wording import duration, label
from pages.parts import look, show
from pages.parts import your_data_state as state

THOROUGH = {"Quick look": 240, "Usual": RUNS}
UPLOADER = "statistics"
COMPLETION = {
    "Not sure: let the data decide": None,
    "The assessment": "assessment",
    "The whole of the help": "intervention",
}
CONTACTS = {"One child": "child", "One family": "family"}
MOST_LOCALITIES = 16
HEADING = re.compile(r"^#(?=#* )", re.MULTILINE)  # its headings go under those of the page
GOOD_SHARE = 0.85
ADOPTED = "_adopted"


def draw_from_returns(found: Quality) -> None:
    """What only the council can say, and the button."""
    st.subheader("Calibrate on these returns")
    left, right = st.columns(2)
    with left:
        title = st.text_input(
            "Name of the council", key="your_title", placeholder="Such as Sefton", max_chars=60
        )
        children = st.number_input(
            "Children aged 0 to 17",
            min_value=0,
            max_value=1_000_000,
            step=100,
            key="your_children",
            help="Of the mid-year estimate of the Office for National Statistics. Not 0 to 25.",
        )
    with right:
        completion = st.radio(
            "The completion date of early help ends",
            list(COMPLETION),
            key="your_completion",
            help="Councils differ. It decides whether early help lasts weeks or months.",
        )
        contacts = st.radio(
            "A row of the list of contacts is",
            list(CONTACTS),
            key="your_contacts",
            help="A front door may write a line for every child, or one for the whole family.",
        )
        places = st.text_input(
            "Localities, with commas between (none for the council as a whole)",
            key="your_localities",
            max_chars=400,
        )
    runs = thorough("returns", float(children))
    told = bool(title.strip()) and children > 0
    if not told:
        st.caption("Give the name of the council and its number of children to calibrate.")
    ready = told and state.desk().has(ReadReturns)
    if not state.desk().has(ReadReturns):
        st.info("The returns were cleared. Upload them again.", icon=":material/upload_file:")
    st.button(
        "Calibrate",
        on_click=calibrate_returns,
        args=(title, float(children), COMPLETION[completion], CONTACTS[contacts], places, runs),
        disabled=not ready,
        type="primary",
        icon=":material/tune:",
        key="calibrate_returns",
    )


def calibrate_returns(
    title: str,
    children: float,
    completion: str | None,
    contact_unit: str,
    places: str,
    runs: int,
) -> None:
    """Begin a calibration on returns: a callback."""
    localities = tuple(one.strip() for one in places.split(",") if one.strip())
    if len(localities) > MOST_LOCALITIES:
        found, allowed = f"{len(localities)} localities", f"at most {MOST_LOCALITIES}"
        st.session_state[state.REFUSED] = InputError(Where("Localities"), found, allowed)
        return
    task = CalibrateReturns(title.strip(), "", children, completion, contact_unit, localities, runs)
    state.begin(task, "Calibrating", state.fit_seconds(runs, children))


def draw_from_statistics() -> None:
    """Calibrate from published statistics: of the project's own table, or of uploaded files."""
    st.markdown(
        "Without returns: published statistics of the Department for Education and the Office for "
        "National Statistics. They say less, and every council has them."
    )
    own = {name: one.title for name, one in areas().items()}
    whose = st.radio(
        "Published statistics of",
        ["An area of the project's own table", "Files that I upload"],
        key="your_statistics",
        horizontal=True,
    )
    if whose == "Files that I upload":
        council = draw_statistics_upload()
    else:
        listed = [name for name in own if name in published_areas()]
        council = st.selectbox("Area", listed, format_func=own.__getitem__, key="your_own_area")
    runs = thorough("statistics", state.USUAL_CHILDREN)
    st.button(
        "Calibrate",
        on_click=calibrate_published,
        args=(council, whose != "Files that I upload", runs),
        disabled=not council,
        type="primary",
        icon=":material/tune:",
        key="calibrate_statistics",
    )


@st.cache_data(max_entries=1, show_spinner=False)
def published_areas() -> tuple[str, ...]:
    """Areas of the project's own table of published figures."""
    from model.published import load

    return tuple(dict.fromkeys(load()["area"]))


def draw_statistics_upload() -> str:
    """Files of statistics, and the council in them that is meant; empty while there is none."""
    given = st.file_uploader(
        "Statistics files",
        ["csv"],
        accept_multiple_files=True,
        key=state.uploader_key(UPLOADER),
        help="As downloaded from Explore Education Statistics, LAIT or the ONS.",
    )
    st.button(
        "Read the statistics",
        on_click=read_statistics,
        disabled=not given,
        icon=":material/fact_check:",
    )
    found = state.desk().found.get("ReadStatistics")
    if not isinstance(found, tuple) or not state.desk().has(ReadStatistics):
        return ""
    titles = dict(found)
    return str(
        st.selectbox(
            "Council in these files",
            list(titles),
            format_func=lambda code: f"{titles[code]} ({code})",
            key="your_council",
        )
    )


def read_statistics() -> None:
    """Hand statistics files over: a callback."""
    try:
        files = state.take(UPLOADER)
    except InputError as error:
        st.session_state[state.REFUSED] = error
        return
    state.begin(ReadStatistics(files), "Reading")


def calibrate_published(council: str, own_table: bool, runs: int) -> None:
    """Begin a calibration on published statistics: a callback."""
    task = CalibratePublished(council, own_table, runs)
    state.begin(task, "Calibrating", state.fit_seconds(runs, state.USUAL_CHILDREN))


def thorough(name: str, children: float) -> int:
    """How thorough a fit is to be, with about how long that takes."""
    says = {
        how: f"{how}: {runs} runs, {duration(state.fit_seconds(runs, children))}"
        for how, runs in THOROUGH.items()
    }
    how = st.radio(
        "How thorough", list(says), index=1, format_func=says.__getitem__, key=f"thorough_{name}"
    )
    return THOROUGH[how]


# --- what came of it ------------------------------------------------------------------------------


def latest(kind: type) -> Calibration | None:
    """The calibration of this session that came of a kind of task."""
    found = state.desk().found.get(kind.__name__)
    return found if isinstance(found, Calibration) else None


def draw_result(found: Calibration, name: str) -> None:
    """The fit with its misses, what was not learnt, what to answer, and the area."""
    st.subheader(f"How well it fits: {show._plain(found.title)}")
    inside = found.predictive["inside"].mean()
    count = len(found.predictive)
    met = int(found.predictive["inside"].sum())
    look.headline(f"{met} of {count} figures lie inside the range that the fit gives them")
    if inside < GOOD_SHARE:
        st.warning(
            "**Not a good fit.** About nine in ten should be inside. Do not use the area for a "
            "question about a figure that is missed.",
            icon=":material/close:",
        )
    for words in found.warnings:
        st.warning(show._plain(words), icon=":material/warning:")
    if found.questions:
        st.info(
            "**Please answer before you use it:**\n\n"
            + "\n".join(f"- {show._plain(one)}" for one in found.questions),
            icon=":material/contact_support:",
        )
    names = ["Figures", "Missed", "What was learnt", "Whole report"]
    tabs = dict(zip(names, st.tabs(names, key=f"fit_{name}", on_change="rerun"), strict=True))
    if tabs["Figures"].open:
        with tabs["Figures"]:
            st.caption(
                "Given: what the data says. Simulated: mean of the fitted model. Low to high: nine "
                "in ten of its futures."
            )
            show.table_with_csv(figures(found.predictive), "figures fitted to", f"fit_{name}")
    if tabs["Missed"].open:
        with tabs["Missed"]:
            draw_misses(found, name)
    if tabs["What was learnt"].open:
        with tabs["What was learnt"]:
            st.caption(
                "Factors on the template's number. Spread: after over before; above 0.8 the "
                "figures taught nothing, and the range is what was put in."
            )
            show.table_with_csv(learnt(found.learnt), "what was learnt", f"learnt_{name}")
    if tabs["Whole report"].open:
        with tabs["Whole report"]:
            st.markdown(show._plain(HEADING.sub("###", found.report)))
    draw_area(found, name)


def draw_misses(found: Calibration, name: str) -> None:
    """Figures that the model does not follow."""
    if found.misses.empty:
        st.success("Every figure lies within what chance and the fitted numbers explain.")
        return
    st.caption(
        "The model keeps its rates over the years and cannot follow one year's swing. Misses of "
        "one measure that all go one way matter."
    )
    show.table_with_csv(figures(found.misses), "figures that are missed", f"missed_{name}")


def draw_area(found: Calibration, name: str) -> None:
    """Downloads, and the area in the app."""
    with st.container(horizontal=True):
        st.button(
            "Use this area in the app",
            on_click=use,
            args=(found,),
            type="primary",
            icon=":material/check_circle:",
            key=f"use_{name}",
        )
        st.download_button(
            "Area folder (zip)",
            zip_of(found.name, found.texts),
            file_name=f"{found.name}.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/folder_zip:",
            key=f"zip_{name}",
        )
        st.download_button(
            "Report (Markdown)",
            found.report.encode(),
            file_name=f"{found.name}_report.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/description:",
            key=f"report_{name}",
        )
    st.caption(
        "Using it keeps the area folder (rates and sums, no child) on this computer, where "
        "everybody who uses this app can choose it. It can be removed under Area folders."
    )


def use(found: Calibration) -> None:
    """Keep the area and choose it: a callback."""
    use_texts(found.texts)


def use_texts(texts: dict[str, str]) -> None:
    """Keep an area folder and choose it at the side."""
    st.session_state.pop(state.REFUSED, None)
    try:
        name = adopt(texts)
    except InputError as error:
        st.session_state[state.REFUSED] = error
        return
    st.session_state["area"] = name
    st.session_state[ADOPTED] = name


def figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures fitted to, with words for their measures."""
    columns = ["measure", "year", "unit", "published", "simulated", "low", "high", "inside"]
    table = rows[columns].rename(columns={"published": "given"})
    inside = table["inside"].map({True: "✓ inside", False: "✗ outside"})
    return table.assign(
        measure=table["measure"].map(label), year=table["year"].astype(str), inside=inside
    )


def learnt(rows: pd.DataFrame) -> pd.DataFrame:
    """What was learnt, with a word for what was not."""
    columns = ["title", "prior_low", "prior_high", "median", "low", "high", "spread_ratio"]
    words = rows["learnt"].map({True: "✓ learnt", False: "✗ not learnt"})
    return rows[columns].assign(learnt=words)


__all__ = [
    "CalibratePublished",
    "CalibrateReturns",
    "draw_from_returns",
    "draw_from_statistics",
    "draw_result",
    "latest",
    "use_texts",
]
