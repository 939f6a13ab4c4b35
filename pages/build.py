"""Build a redesign: move levers, see what comes of it, keep it and hand it on."""

import streamlit as st

from pages.parts import (
    build_answer,
    build_costs,
    build_keep,
    build_levers,
    build_plan,
    build_start,
    build_state,
    frame,
)

STYLE = """
<style>
.stMainBlockContainer h2 { font-size: 1.45rem; padding-top: 0.6rem; }
.stMainBlockContainer h3 { font-size: 1.1rem; padding: 0; }
.st-key-answer .fp-headline { font-size: 1.15rem; }
.st-key-answer .fp-boxes { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
.st-key-answer .fp-box .figure { font-size: 1.3rem; }
.fp-bar { display: none; }
@media (min-width: 1000px) {
  .stColumn:has(.st-key-answer) { position: sticky; top: 4rem; align-self: flex-start;
    max-height: calc(100vh - 5rem); overflow-y: auto; }
}
@media (max-width: 640px) {
  .fp-bar { display: block; position: fixed; left: 0; right: 0; bottom: 0; z-index: 100;
    padding: 10px 14px; background: #12436D; color: #FFFFFF !important; font-size: 0.95rem; }
  .stMainBlockContainer { padding-bottom: 5rem; }
}
</style>
"""

shown = frame.shown()
where = build_state.site(shown.area, shown.question.start, shown.question.years)
st.html(STYLE)
st.title("Build a redesign")
st.markdown(
    "Change what a service lead can change, say from when and what it costs, and see what comes of "
    "it beside today's arrangements, for the same simulated families."
)
found = build_answer.asked(shown)
left, right = st.columns([3, 2], gap="medium")
with left:
    build_start.draw(where)
    build_start.words(where)
    st.header("What changes", anchor="what-changes")
    build_levers.draw(where)
    st.header("What it costs to bring about", anchor="costs")
    build_costs.draw(where, found.answer if found else None, shown.answer.baseline.base_year)
with right, st.container(key="answer", border=True):
    st.header("What it would do", anchor="answer")
    build_answer.draw(found, where, shown)
st.header("In plain English", anchor="words")
build_plan.draw_words(where)
build_plan.draw_timeline(where)
st.header("Keep it and hand it on", anchor="keep")
build_keep.draw(shown, found)
