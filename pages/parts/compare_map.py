"""Where in the pathway the difference arises: the map, its rows on a telephone, its table."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from model import flow_difference, flow_difference_svg, headlines, pathway_svg
from model.answers import Answer
from model.wording import stage_label
from pages.parts import compare_tables, look, show
from pages.parts.compare_choice import titles
from pages.parts.once import once

WHOLE_RUN = "Whole run"


def draw(answer: Answer) -> None:
    """Draw the map of the difference of one redesign."""
    names = titles(answer)
    place = 0
    if len(names) > 1:
        chosen = st.radio("Redesign on the map", names, horizontal=True, key="mapped")
        place = names.index(chosen) if chosen in names else 0
    periods = [WHOLE_RUN, *answer.periods]
    chosen = st.selectbox("Period of the map", periods, key="mapped_period")
    period = "" if chosen == WHOLE_RUN else chosen
    table = once(answer, compare_tables.links, place, period)
    stages = once(answer, compare_tables.stages, place, period)
    drawing = once(answer, svg, place, period)
    alt = flow_difference.in_words(table)
    with st.container(border=True):
        st.markdown(f"**{flow_difference.headline(table)}**")
        st.caption(
            f"{names[place]} beside today's arrangements, {answer.area_title}, "
            f"{chosen.lower() if period == '' else period}. Families; children into, within and "
            "out of care. Means, and 80% of the differences, future by future."
        )
        rows = "".join(f"<li>{escape(row)}</li>" for row in flow_difference_svg.narrow_rows(table))
        narrow = f'<div class="fp-card"><ul>{rows or "<li>No link changes clearly</li>"}</ul></div>'
        look.wide_and_narrow(pathway_svg.as_image(drawing), alt, narrow)
        tabs = st.tabs(["Every link", "Every stage"])
        with tabs[0]:
            show.table_with_csv(in_words(table), "every link of the pathway", "pathway_links")
        with tabs[1]:
            said = stages.assign(stage=stages["stage"].map(stage_label))
            show.table_with_csv(said, "every stage of the pathway", "pathway_stages")
        with st.container(horizontal=True, gap="small"):
            for kind, mime, make in (
                ("svg", "image/svg+xml", lambda: drawing.encode()),
                ("png", "image/png", partial(flow_difference_svg.png, table, stages)),
            ):
                st.download_button(
                    f"Map ({kind.upper()})",
                    make,
                    file_name=f"difference_map.{kind}",
                    mime=mime,
                    on_click="ignore",
                    type="tertiary",
                    icon=":material/download:",
                    key=f"difference_map_{kind}",
                )
        st.caption(headlines.source(answer))


def svg(answer: Answer, place: int, period: str) -> str:
    """The map as an SVG document."""
    return flow_difference_svg.svg(
        once(answer, compare_tables.links, place, period),
        once(answer, compare_tables.stages, place, period),
    )


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The links named as people name them."""
    said = [flow_difference.link_words(row.stage, row.to) for row in table.itertuples()]
    return table.drop(columns=["stage", "to"]).assign(link=said)[
        ["link", "counted_in", "baseline", "scenario", "difference", "low", "high", "change"]
    ]
