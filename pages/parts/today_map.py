"""The map of today's pathway: everything on it, or one figure drawn large."""

from __future__ import annotations

from functools import partial

import streamlit as st

from model import answers, headlines, pathway_big, pathway_map, pathway_svg
from model.answers import Answer
from model.pathway_big import EVERYTHING, ON_THE_MAP, POUNDS, WAITS
from pages.parts import look
from pages.parts.once import once

ABOUT = {
    EVERYTHING: " Waits: in how many working days (h: hours) 50% and 90% of those served in the "
    "year were taken up.",
    WAITS: " How long those served in the year had waited for a worker; nobody waits elsewhere: "
    "statutory work is allocated at once.",
    POUNDS: " Everybody's spending on services.",
}


def draw(answer: Answer, period: str) -> None:
    """The map with a choice of what is on it, and its download."""
    which = (
        st.segmented_control("Show on the map", ON_THE_MAP, default=EVERYTHING, key="on_the_map")
        or EVERYTHING
    )
    st.caption(
        f"Today's arrangements in {period}, mean of {headlines.futures_in(answer)}; money in "
        f"{headlines.price_base(answer)}. Care includes court proceedings.{ABOUT.get(which, '')}"
    )
    drawing, narrow, alt = once(answer, drawn, period, which)
    look.wide_and_narrow(pathway_svg.as_image(drawing), alt, narrow)
    st.download_button(
        "The map as SVG",
        drawing,
        file_name="pathway.svg",
        mime="image/svg+xml",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def drawn(answer: Answer, period: str, which: str) -> tuple[str, str, str]:
    """The map for a wide screen (SVG), for a narrow one (HTML), and in words."""
    stages, flows = (make(answer, period) for make in (answers.stages_in, answers.flows_in))
    says = headlines.today(answer, period)
    if which == EVERYTHING:
        alt = f"{says}. The stage table below holds every figure of this map."
        return pathway_svg.svg(stages, flows, alt), pathway_map.narrow(stages, flows), alt
    big = pathway_big.one_figure(stages, which)
    alt = f"{which}. {pathway_big.in_words(big)}."
    card = partial(pathway_big.card, big=big)
    return pathway_svg.svg(stages, flows, alt, card), pathway_big.narrow(big), alt
