"""What a redesign changes: in plain sentences, on a timeline, and with everything behind it."""

from __future__ import annotations

import streamlit as st

from model import explain
from model.pictures_schedule import schedule
from model.redesigns import drafts, telling
from model.wording import GRADES
from pages.parts import build_state, choices, show
from pages.parts.build_state import Site


def draw_words(where: Site) -> None:
    """Plain sentences, the grade of the whole, and the full explanation."""
    now = build_state.draft()
    if not now.changes and not now.costs:
        st.markdown(telling.NOTHING)
        return
    plan = drafts.scenario_of(now, choices.redesign_of(now).name)
    st.markdown("\n".join(f"- {one}" for one in telling.sentences(plan, where.area)))
    grade = plan.evidence
    st.markdown(
        f"**Why:** {plan.rationale}\n\n**Evidence for the whole: {grade}.** {GRADES[grade]}."
    )
    with st.expander("Everything that it changes, and what stands behind it"):
        st.code(explain.explain(plan, where.name), language=None, wrap_lines=True)


def draw_timeline(where: Site) -> None:
    """The schedule as a picture with its table."""
    now = build_state.draft()
    if not now.changes and not now.costs:
        return
    plan = drafts.scenario_of(now, choices.redesign_of(now).name)
    show.picture(schedule(plan, where.start, where.years), key="schedule")
