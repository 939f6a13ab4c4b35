"""Area folders: put one in, take one out, remove one."""

from __future__ import annotations

import streamlit as st

from model.errors import InputError
from model.parameters import areas
from model.uploads import kept_areas, remove, texts_of_zip, zip_of
from model.uploads.area_zip import folder_texts
from pages.parts import your_data_calibrate as calibrating
from pages.parts import your_data_state as state

UPLOADER = "area_folder"


def draw(may_upload: bool) -> None:
    """Upload an area folder, and those that are kept here."""
    st.markdown(
        "An area folder is what calibration makes: numbers, sources, the joint posterior and the "
        "report. It holds no child and may be passed on."
    )
    if may_upload:
        given = st.file_uploader(
            "Area folder (zip)",
            ["zip"],
            key=state.uploader_key(UPLOADER),
            help="As this page or `python -m model calibrate` makes it, zipped; 5 MB at most.",
        )
        st.button(
            "Check it and use it",
            on_click=take_in,
            disabled=given is None,
            icon=":material/check_circle:",
        )
    kept = kept_areas()
    if not kept:
        st.caption("No area folder is kept here yet.")
        return
    titles = {name: one.title for name, one in areas().items()}
    name = st.selectbox(
        "Area folders kept here",
        kept,
        format_func=lambda one: f"{titles.get(one, one)} ({one})",
        key="kept_area",
    )
    with st.container(horizontal=True):
        st.button("Use it in the app", on_click=choose, args=(name,), icon=":material/check:")
        st.download_button(
            "Download it (zip)",
            zip_of(name, folder_texts(name)),
            file_name=f"{name}.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/folder_zip:",
        )
        if may_upload:
            st.button("Remove it", on_click=take_away, args=(name,), icon=":material/delete:")


def take_in() -> None:
    """Check an uploaded area folder, keep it, choose it: a callback."""
    st.session_state.pop(state.REFUSED, None)
    try:
        files = state.take(UPLOADER)
        texts = texts_of_zip(files[0].data, files[0].name)
    except InputError as error:
        st.session_state[state.REFUSED] = error
        return
    calibrating.use_texts(texts)


def choose(name: str) -> None:
    """Choose a kept area at the side: a callback."""
    st.session_state["area"] = name
    st.session_state[calibrating.ADOPTED] = name


def take_away(name: str) -> None:
    """Remove a kept area: a callback. Whoever had chosen it gets the first one."""
    remove(name)
    if st.session_state.get("area") == name:
        st.session_state["area"] = next(iter(areas()))
    st.session_state.pop("kept_area", None)
