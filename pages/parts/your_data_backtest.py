"""The back-test of the area that is chosen, and one on demand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model import backtest
from model.backtest.report import method_said
from model.uploads import BackTest, Tested
from model.wording import duration, first_capital
from pages.parts import choices, fit, show
from pages.parts import your_data_calibrate as calibrating
from pages.parts import your_data_state as state

HOW = {
    "A first look: one year hidden, 240 runs": ((1,), 240, 40),
    "Usual: one and three years hidden": ((1, 3), 720, 100),
    "The whole protocol: one to four years hidden": ((1, 2, 3, 4), 720, 100),
}


def draw(area: str, title: str) -> None:
    """What is kept of the area's back-test, and the button for another."""
    st.markdown(f"**Kept for {show._plain(title)}**")
    fit.draw_backtest(fit.backtest_of(area, choices.fingerprint()), title)
    st.markdown("**Another, now**")
    known = [name for name in calibrating.published_areas()]
    titles = {name: backtest.TITLES.get(name, name.replace("_", " ").title()) for name in known}
    council = st.selectbox(
        "Published figures of",
        known,
        index=known.index(area) if area in known else 0,
        format_func=titles.__getitem__,
        key="tested_area",
        help="The project's own table of published figures.",
    )
    says = {how: f"{how} ({duration(seconds_of(how))})" for how in HOW}
    how = st.radio("How much", list(HOW), format_func=says.__getitem__, key="how_much_tested")
    st.button(
        "Back-test",
        on_click=begin,
        args=(council, how),
        icon=":material/history:",
        type="primary",
    )
    found = state.desk().found.get("BackTest")
    if isinstance(found, Tested):
        draw_tested(found)


def seconds_of(how: str) -> float:
    """About how long a back-test takes here."""
    hide, runs, futures = HOW[how]
    return state.fit_seconds(runs + 2 * futures, state.USUAL_CHILDREN, len(hide))


def begin(council: str, how: str) -> None:
    """Begin a back-test: a callback."""
    hide, runs, futures = HOW[how]
    task = BackTest(council, True, hide, runs, futures)
    state.begin(task, "Back-testing", seconds_of(how))


def draw_tested(found: Tested) -> None:
    """What a back-test says, its errors, and whether its ranges held."""
    st.markdown(f"**Just tried: {show._plain(found.result.title)}**")
    if found.note:
        st.warning(show._plain(found.note), icon=":material/history_toggle_off:")
    elif found.result.beaten:
        st.success("The forecast beats no change at three years.", icon=":material/check:")
    else:
        st.info("No third year was forecast: nothing is said about three years.")
    covered = found.result.covered
    st.markdown(
        f"Of {covered.of} figures that came later, the 80% range held {covered.inside}. A ratio "
        "below 1 is better than assuming that nothing changes."
    )
    show.table_with_csv(errors(found.errors), "errors of the back-test", "backtest_now")


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Errors with words for the methods; what was not tried is left out."""
    named = table.assign(method=table["method"].map(method_said).map(first_capital))
    wanted = {
        "method": "method",
        "percent_1": "off by, 1 year (share)",
        "to_no_change_1": "against no change, 1 year",
        "percent_3": "off by, 3 years (share)",
        "to_no_change_3": "against no change, 3 years",
    }
    there = {name: title for name, title in wanted.items() if name in named.columns}
    return named[list(there)].rename(columns=there).dropna(axis=1, how="all")
