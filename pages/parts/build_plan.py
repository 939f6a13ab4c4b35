"""What a redesign changes: in plain sentences, on a timeline, and with everything behind it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from model import explain
from model.charts import Picture
from model.pictures_schedule import schedule
from model.questions import Redesign
from model.redesigns import telling
from model.scenarios import Scenario
from model.wording import GRADES
from pages.parts import build_state, choices, show
from pages.parts.build_state import Site
from pages.parts.once import kept


def draw_words(where: Site) -> None:
    """Plain sentences, the grade of the whole, and the full explanation."""
    now = build_state.draft()
    if not now.changes and not now.costs:
        st.markdown(telling.NOTHING)
        return
    redesign, files = choices.redesign_of(now), choices.fingerprint()
    plan = kept(plan_of, redesign, files)
    st.markdown("\n".join(f"- {one}" for one in telling.sentences(plan, where.area)))
    grade = plan.evidence
    st.markdown(
        f"**Why:** {plan.rationale}\n\n**Evidence for the whole: {grade}.** {GRADES[grade]}."
    )
    with st.expander("Everything that it changes, and what stands behind it"):
        said = kept(explained, redesign, where.name, files)
        st.code(said, language=None, wrap_lines=True)


def draw_timeline(where: Site) -> None:
    """The schedule as a picture with its table."""
    now = build_state.draft()
    if not now.changes and not now.costs:
        return
    redesign, files = choices.redesign_of(now), choices.fingerprint()
    show.timeless(timeline, redesign, where.start, where.years, files, key="schedule")


def plan_of(redesign: Redesign, fingerprint: str) -> Scenario:
    """The scenario that a redesign is, for a state of the files."""
    return redesign.plan()


def explained(redesign: Redesign, area: str, fingerprint: str) -> str:
    """Everything that a redesign changes, in words."""
    return explain.explain(redesign.plan(), area)


def timeline(redesign: Redesign, start: date, years: int, fingerprint: str) -> Picture:
    """The schedule of a redesign."""
    return schedule(redesign.plan(), start, years)
