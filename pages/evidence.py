"""Evidence: every number of the model, what stands behind it, and what each word means."""

import pandas as pd
import streamlit as st

from model import measures
from model.costs import load_partner_costs
from model.costs.unit_costs import load_unit_costs
from model.register_changes import TEMPLATE
from pages.parts import (
    choices,
    evidence_changes,
    evidence_numbers,
    evidence_words,
    frame,
    look,
    show,
)

shown = frame.shown()
area, files = shown.area, choices.fingerprint()
offer = choices.offered(files)
title = offer.areas[area]
numbers = evidence_numbers.numbers_of(area, files)
counts = numbers["grade"].value_counts()


@st.cache_data(max_entries=8, show_spinner=False)
def prices_of(area: str, cost_set: str, fingerprint: str) -> pd.DataFrame:
    """The unit costs of an area and its partners, read once for each state of the files."""
    load = (load_unit_costs, load_partner_costs)
    own, partners = (one(area, cost_set).table() for one in load)
    return pd.concat(
        [own.assign(used="in every case"), partners.assign(used="shown apart, added to nothing")],
        ignore_index=True,
    )


st.title("Evidence and assumptions")
good = int(counts.get("strong", 0) + counts.get("moderate", 0))
look.headline(
    f"{len(numbers):,} numbers stand behind {title}; {good} of them have strong or moderate "
    "evidence"
)
evidence_numbers.grades_strip(counts)

names = [
    "Numbers",
    "Look at first",
    "What was changed",
    "Unit costs",
    "Sources",
    "Measures",
    "Glossary",
]
tabs = dict(zip(names, st.tabs(names, key="evidence_tab", on_change="rerun"), strict=True))
open_tab = next((name for name, tab in tabs.items() if tab.open), names[0])
with tabs[open_tab]:
    if open_tab == "Numbers":
        evidence_numbers.draw(area)
    elif open_tab == "Look at first":
        evidence_changes.draw_first(shown.answer)
    elif open_tab == "What was changed":
        plan = shown.question.redesigns[0].plan()
        evidence_changes.draw(area, title, offer.areas.get(TEMPLATE, TEMPLATE), plan)
    elif open_tab == "Unit costs":
        prices = prices_of(area, shown.question.cost_set, files)
        st.caption(
            "What each stage costs, in the prices of which year it was published and in today's, "
            "who pays, and whether it can be banked."
        )
        show.table_with_csv(prices, "unit costs", f"unit_costs_{area}")
    elif open_tab == "Sources":
        evidence_numbers.draw_sources(area)
    elif open_tab == "Measures":
        st.caption("What each measure counts, and what it is called in the council's own return.")
        show.table_with_csv(measures.dictionary(), "definitions of measures", "measures")
    else:
        evidence_words.draw()
