"""Evidence: every number of the model, what stands behind it, and what each word means."""

import streamlit as st

from model import measures
from model.costs.unit_costs import load_unit_costs
from model.parameters import register
from model.wording import GRADES
from pages.parts import choices, frame, look, show, tables

shown = frame.shown()


@st.cache_data(max_entries=8, show_spinner=False)
def numbers_of(area: str, fingerprint: str):
    """The register of an area, read once for each state of the files."""
    return register.register(area)


@st.cache_data(max_entries=8, show_spinner=False)
def prices_of(area: str, fingerprint: str):
    """The unit costs of an area, read once for each state of the files."""
    return load_unit_costs(area).table()


files = choices.fingerprint()
offer = choices.offered(files)
numbers = numbers_of(shown.area, files)
counts = numbers["grade"].value_counts()

st.title("Evidence and assumptions")
good = int(counts.get("strong", 0) + counts.get("moderate", 0))
look.headline(
    f"{len(numbers):,} numbers stand behind {offer.areas[shown.area]}; {good} of them have strong "
    "or moderate evidence"
)
look.boxes(
    [
        (grade.capitalize(), f"{int(counts.get(grade, 0)):,}", words)
        for grade, words in GRADES.items()
        if counts.get(grade, 0)
    ]
)

tabs = st.tabs(["Numbers", "Unit costs", "Redesigns", "Measures"])
with tabs[0]:
    left, right = st.columns([2, 1])
    words = left.text_input(
        "Search names, sources and notes", placeholder="for example: step_up", key="search"
    )
    grades = right.multiselect("Grade", list(GRADES), format_func=str.capitalize, key="grades")
    found = numbers
    if words:
        text = found.map(str).agg(" ".join, axis=1).str.lower()
        found = found[[all(word in row for word in words.lower().split()) for row in text]]
    if grades:
        found = found[found["grade"].isin(grades)]
    st.caption(f"{len(found):,} of {len(numbers):,} numbers. Change one in the file it names.")
    show.table_with_csv(found, "the register of assumptions", f"register_{shown.area}")
with tabs[1]:
    prices = prices_of(shown.area, files)
    st.caption("What each stage costs, who pays, and whether it can be banked.")
    show.table_with_csv(prices, "unit costs", f"unit_costs_{shown.area}")
with tabs[2]:
    for name in offer.redesigns_for(shown.area):
        plan = offer.redesigns[name]
        st.markdown(f"**{plan.title}** · evidence: {plan.evidence}\n\n{plan.rationale}")
        show.table_with_csv(tables.changes_of(plan), f"changes of {plan.title}", f"changes_{name}")
        if plan.programme_costs:
            show.table_with_csv(tables.costs_of(plan), "programme costs", f"costs_{name}")
with tabs[3]:
    st.caption("What each measure counts, and what it is called in the council's own return.")
    show.table_with_csv(measures.dictionary(), "definitions of measures", "measures")

show.workbook_button(
    "All of it (Excel)",
    f"evidence_{shown.area}.xlsx",
    {
        "numbers": numbers,
        "unit_costs": prices_of(shown.area, files),
        "measures": measures.dictionary(),
    },
    f"Evidence behind {offer.areas[shown.area]}\n"
    + "\n".join(f"{grade}: {words}" for grade, words in GRADES.items()),
)
