"""An errand asked of the server's board, and what a page shows until it is done.

flows = errands.brought(request, "Following families")
if flows is None:
    st.stop()
"""

from __future__ import annotations

import time

import streamlit as st

from model.errands import Does, Errand
from pages.parts import asking


def brought(request: Does, doing: str) -> object:
    """What an errand brought; None while it is on its way or has failed, which the page then says.

    Parameters
    ----------
    request : what is to be done. doing : the same in a few words, for whoever waits.
    """
    errand = asking.board().errands.ask(request)
    until = time.monotonic() + asking.FIRST_WAIT_SECONDS
    while not errand.finished and time.monotonic() < until:
        time.sleep(0.02)
    if errand.message:
        st.error(errand.message, icon=":material/error:")
        st.button("Try again", on_click=_again, args=(request,), icon=":material/refresh:")
    elif not errand.finished:
        _on_its_way(errand, doing)
    return errand.brought


@st.fragment(run_every=asking.SECONDS_BETWEEN_LOOKS)
def _on_its_way(errand: Errand, doing: str) -> None:
    """Say that it is on its way; the page is drawn again when it is there."""
    if errand.finished:
        st.rerun()
    st.info(f"{doing} …", icon=":material/hourglass_top:")


def _again(request: Does) -> None:
    asking.board().errands.ask(request, again=True)
