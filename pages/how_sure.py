"""How sure: chance and ignorance, payback by year, what moves the answer, when it stops paying."""

import streamlit as st

from model import headlines
from model.how_sure.asked import ONE_WAY, STRENGTH, UPTAKE
from pages.parts import frame, how_sure_case, how_sure_jobs, look, savings_case, show
from pages.parts.how_sure_jobs import Kind
from pages.parts.once import once

KINDS = (
    Kind(
        ONE_WAY,
        "Which assumptions move the answer",
        "Each uncertain number is moved to the low and to the high end of its own range, one at a "
        "time, all others staying where they are, for the same simulated families.",
        "A long bar is an assumption worth checking first. Both ends on one side of nought: that "
        "assumption alone does not decide whether it pays. These runs hold **chance only**: the "
        "standard error in the table says how much of a bar could be chance, and a bar shorter "
        "than two of them says nothing. What several assumptions do together is not shown.",
    ),
    Kind(
        STRENGTH,
        "How weak the effect may be",
        "What help and the redesign do for families is made weaker, step by step, from what the "
        "evidence has (100%) to nothing.",
        "Where the line crosses nought, the redesign stops paying on average. If it pays even "
        "without any effect, the money comes from something else: from the mix of workers, or "
        "from demand that goes elsewhere. A flat line means that the effect is not what decides.",
    ),
    Kind(
        UPTAKE,
        "How few families may accept",
        "More families, or fewer, decline early help under the redesign; today's uptake stays.",
        "Read from right to left: as fewer families accept, help is given to fewer and saves, or "
        "costs, less. Where the line crosses nought, it stops paying on average.",
    ),
)


shown = frame.shown()
answer = shown.answer
st.title("How sure is it?")
basis = savings_case.choose_basis()
if answer.sampling.draws:
    look.headline(f"{once(answer, how_sure_case.sentence, basis)}.")
else:
    look.headline("These futures hold chance only: what nobody knows exactly comes on top.")
    st.caption("Switch on **Include what is not known**, under More choices at the side.")
chance, paid, *_ = once(answer, savings_case.boxes, basis)[1:]
look.boxes([chance, paid], redesign=True)
st.markdown(once(answer, how_sure_case.known_to, basis))
st.caption(savings_case.basis_says(savings_case.case_of(answer, basis)))

st.subheader("Chance, and what nobody knows exactly")
st.markdown(
    "**Chance** is luck in a world that we know: who comes, what happens to whom. **What is not "
    "known** is the world itself: effects, rates, places and prices, each within the range of its "
    "evidence. Better evidence narrows the second only; nothing narrows the first."
)
if answer.sampling.draws:
    show.chart(answer, how_sure_case.of_chance, basis)
    st.caption(
        "**How to read it.** One standard deviation each: about two thirds of futures lie within "
        "it. The two add up as squares, not as lengths."
    )

st.subheader("Chance of payback by year")
show.chart(answer, savings_case.payback_chance, basis)
st.caption(
    "**How to read it.** The share of simulated futures in which the programme has been paid back "
    "by the end of a year and stays so. Above the dashed line it is more likely than not."
)

if refusal := how_sure_jobs.refused():
    st.error(refusal, icon=":material/error:")
found = {kind.which: how_sure_jobs.draw(kind, answer, basis) for kind in KINDS}


def every_table():
    """Every table of the page that there is."""
    tables = {"chance_and_ignorance": once(answer, how_sure_case.spreads, basis)}
    tables["payback"] = savings_case.payback_chance(answer, basis).table
    return tables | {
        which: one.table
        for which, one in found.items()
        if one is not None and one.table is not None
    }


show.workbook_button(
    "All tables of this page (Excel)",
    "how_sure.xlsx",
    every_table,
    lambda: "\n".join(
        [
            headlines.about(answer),
            f"Money: {savings_case.case_of(answer, basis).says}.",
            *savings_case.caveats(answer, basis),
            headlines.source(answer),
        ]
    ),
)
