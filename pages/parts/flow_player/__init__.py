"""The player of families who move: what the browser runs, as three files beside this one.

It needs nothing from another computer. `play` puts it on a page.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from model.flow_frames import Flow, as_json

HERE = Path(__file__).resolve().parent


@cache
def _component() -> Any:
    """The component, registered once for each server."""
    html, css, js = (
        (HERE / f"player.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component("family_pathways_flow", html=html, css=css, js=js)


def play(flow: Flow) -> None:
    """Draw the player of a sample; it goes on where it was while the sample is the same."""
    data = as_json(flow)
    data["signature"] = zlib.crc32(repr(flow.moves).encode())
    _component()(data=data, key=f"flow_{flow.group}")
