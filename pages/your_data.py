"""Your data: returns and statistics into an area of your own, area folders, back-tests."""

import streamlit as st

from pages.parts import (
    frame,
    look,
    people,
    your_data_areas,
    your_data_backtest,
    your_data_calibrate,
    your_data_returns,
)
from pages.parts import your_data_state as state

shown = frame.shown()
st.title("Your data")
look.headline("Your council's own numbers in place of a template's")
st.info(
    "**Data about children stays in the memory of this computer.** What you upload is read by a "
    "process of its own, is never written to disk, logged or kept, and goes when you clear it, "
    "when you close the page, or when nobody looks at it for half an hour. Only sums and rates "
    "leave it: numbers under 5 are not told, others are rounded to 5.",
    icon=":material/lock:",
)
adopted = st.session_state.pop(your_data_calibrate.ADOPTED, "")
if adopted:
    st.success(
        f"**{adopted}** is now the area of every page: its own figures come as soon as there is a "
        "first answer.",
        icon=":material/check_circle:",
    )

state.tell()
here = state.desk()
may_upload = people.may_upload()
if here.holds or here.found:
    st.button(
        "Clear everything that I uploaded",
        on_click=state.clear,
        icon=":material/delete_forever:",
        help="Ends the process that holds it, and forgets what was found.",
    )

names = ["Returns", "Published statistics", "Area folders", "Back-test"]
tabs = dict(zip(names, st.tabs(names, key="your_data_tab", on_change="rerun"), strict=True))
with tabs["Returns"]:
    if not may_upload:
        st.warning(people.why_not(), icon=":material/lock:")
    else:
        your_data_returns.draw_upload()
        report = your_data_returns.report()
        if report is not None:
            your_data_returns.draw_report(report)
            if report.usable:
                your_data_calibrate.draw_from_returns(report)
        done = your_data_calibrate.latest(your_data_calibrate.CalibrateReturns)
        if done is not None:
            your_data_calibrate.draw_result(done, "returns")
if tabs["Published statistics"].open:
    with tabs["Published statistics"]:
        if not may_upload:
            st.warning(people.why_not(), icon=":material/lock:")
        else:
            your_data_calibrate.draw_from_statistics()
            done = your_data_calibrate.latest(your_data_calibrate.CalibratePublished)
            if done is not None:
                your_data_calibrate.draw_result(done, "statistics")
if tabs["Area folders"].open:
    with tabs["Area folders"]:
        your_data_areas.draw(may_upload)
if tabs["Back-test"].open:
    with tabs["Back-test"]:
        your_data_backtest.draw(shown.area, shown.answer.area_title)
