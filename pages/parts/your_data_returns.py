"""Uploading returns, and the report on what was wrong in them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.errors import InputError
from model.returns.faults import Severity
from model.uploads import ReadReturns
from model.uploads.quality import Quality
from pages.parts import look, show
from pages.parts import your_data_state as state

ENDINGS = ["xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt", "xml"]
UPLOADER = "returns"
MOST_NAMES = 20
MEANINGS = {
    Severity.REFUSED: "the file, or a list of it, is not used",
    Severity.DROPPED: "the row is not used",
    Severity.BLANKED: "the row is used without this value",
    Severity.REPAIRED: "the value is used after a stated repair",
    Severity.NOTED: "used as it is; you should know",
}


def draw_upload() -> None:
    """Choose files, and have them read."""
    st.markdown(
        "Ofsted's **Annex A** (a workbook, or one file a list), the **children in need census** "
        "(XML) and **SSDA903** (csv, XML or a workbook): any of them, several years, all together."
    )
    given = st.file_uploader(
        "Returns",
        ENDINGS,
        accept_multiple_files=True,
        key=state.uploader_key(UPLOADER),
        help="200 MB in all. They are told by what is in them, not by their names.",
    )
    count = len(given or [])
    words = f"Read {count} file{'s' * (count != 1)}" if count else "Read the files"
    st.button(
        words, on_click=read, disabled=not count, type="primary", icon=":material/fact_check:"
    )


def read() -> None:
    """Hand the files over to the desk's process: a callback."""
    try:
        files = state.take(UPLOADER)
    except InputError as error:
        st.session_state[state.REFUSED] = error
        return
    here = state.desk()
    here.found.pop("ReadReturns", None)
    here.found.pop("CalibrateReturns", None)
    size = sum(len(one.data) for one in files)
    state.begin(ReadReturns(files), "Reading", 5.0 + size / 1e6)


def report() -> Quality | None:
    """The report on the returns of this session."""
    found = state.desk().found.get("ReadReturns")
    return found if isinstance(found, Quality) else None


def draw_report(found: Quality) -> None:
    """What was recognised, what is wrong, and what was done about it."""
    st.subheader("What was read, and what is wrong in it")
    look.headline(headline(found))
    if found.refused:
        st.error(
            "**Refused:**\n\n" + "\n".join(f"- {show._plain(one)}" for one in found.refused),
            icon=":material/block:",
        )
    if found.not_recognised:
        st.warning(
            f"**No return that is read:** {quoted(found.not_recognised)}. An Annex A list needs "
            "its headings, an SSDA903 table its column names, a census its `Message` of "
            "`Children`.",
            icon=":material/help:",
        )
    if found.other_sheets:
        st.caption(
            f"Sheets taken for no list: {quoted(found.other_sheets)}. If one of them is a list, "
            "look at its headings and upload it again."
        )
    names = ["By kind", "Recognised", "By place", "Line by line", "Records"]
    tabs = dict(zip(names, st.tabs(names, key="quality_tab", on_change="rerun"), strict=True))
    tables = {
        "By kind": kinds_first(found.by_kind),
        "Recognised": found.recognised,
        "By place": found.by_place,
        "Line by line": found.lines,
        "Records": found.records,
    }
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                draw_table(name, tables[name], found.usable)
    show.workbook_button(
        "The whole report (Excel)", "data_quality.xlsx", found.tables(), about(found)
    )
    st.caption(
        "Numbers of rows and records are rounded to 5, and under 5 not told. Of a fault only its "
        "place and its kind are said, never what stood there."
    )


def quoted(names: tuple[str, ...]) -> str:
    """The first names of files or sheets as they stand there: Markdown does nothing to them."""
    return ", ".join(f"`{one.replace('`', '')}`" for one in names[:MOST_NAMES])


def draw_table(name: str, rows: pd.DataFrame, usable: bool) -> None:
    """One table of the report, with its download."""
    if rows.empty and not usable:
        st.caption("No file was read, so there is nothing to tell.")
        return
    if rows.empty:
        st.success("Nothing to report.", icon=":material/check:")
        return
    if "severity" in rows:
        st.caption("; ".join(f"**{one}**: {says}" for one, says in MEANINGS.items()) + ".")
    show.table_with_csv(rows, f"{name.lower()}, of the uploaded returns", f"data_quality_{name}")


def headline(found: Quality) -> str:
    """The report in one sentence."""
    if not found.usable:
        return "Nothing in these files can be used"
    faults = int(found.by_kind["times"].sum())
    kinds = len(found.by_kind)
    lists = found.recognised["what"].nunique()
    said = f"{counted(lists, 'kind')} of list recognised; {counted(faults, 'fault')} of "
    said += counted(kinds, "kind")
    dropped = found.by_kind.loc[found.by_kind["severity"] == "dropped", "times"].sum()
    rows = counted(int(dropped), "row")
    return f"{said}; {rows} not used" if faults else f"{counted(lists, 'kind')} of list recognised"


def counted(count: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "kind"), counted(1200, "row")
    ('1 kind', '1,200 rows')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def kinds_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Faults by kind, the kind first: a telephone shows two columns."""
    return rows[["kind", "times", "severity", "done"]]


def about(found: Quality) -> str:
    """What the workbook says of itself."""
    return (
        "Report on the returns that were uploaded. It holds no child's value.\n"
        "Numbers of rows and records are rounded to 5; under 5 they are not told.\n"
        + "\n".join(f"{severity}: {says}." for severity, says in MEANINGS.items())
        + (f"\nCouncil named in the files: {found.council}" if found.council else "")
    )
