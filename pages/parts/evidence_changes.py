"""What is not as it comes, and what to look at first: both on the screen."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from model import key_assumptions, register_changes
from model.answers import Answer
from model.documents.everything import programme_costs_of
from model.how_sure.ranking import FEWEST_DRAWS
from model.register_changes import TEMPLATE
from model.scenarios import Scenario
from model.wording import label
from pages.parts import choices, errands, show

SHOWN_FIRST = ["assumption", "grade", "told_from_chance", "goes_with_the_saving", "kind"]


@st.cache_data(max_entries=8, show_spinner=False)
def against_template(area: str, fingerprint: str) -> pd.DataFrame:
    """An area's own numbers beside the template's, read once for each state of the files."""
    return register_changes.against_template(area)


def draw(area: str, title: str, template: str, plan: Scenario) -> None:
    """An area beside the template, and a redesign beside today."""
    st.subheader(f"{title} beside the template")
    if area == TEMPLATE:
        st.markdown(f"{title} is the template itself: every other area is set beside it.")
    else:
        own = against_template(area, choices.fingerprint())
        st.markdown(
            f"**{len(own)} numbers are not those of the template** ({template}). They stand in "
            f"the file of {title}; the largest differences come first. A number marked *fitted* "
            "was set so that the model meets published figures, which it names."
        )
        show.table_with_csv(own, f"numbers of {title} beside the template", f"own_{area}")
    st.subheader("The redesign beside today")
    st.markdown(f"**{plan.title}** · evidence: {plan.evidence or 'not graded'}\n\n{plan.rationale}")
    changed = register_changes.by_redesign(plan, area)
    if changed.empty:
        st.info("It changes no number.", icon=":material/info:")
    else:
        none = int((changed["no_change_in_range"] == "yes").sum())
        st.markdown(
            f"It changes {len(changed)} numbers; the ranges of {none} include no change at all. "
            "Everything else stays as it is today."
        )
        show.table_with_csv(changed, f"changes of {plan.title}", "changes_of_the_redesign")
    if plan.programme_costs:
        costs = programme_costs_of(plan)
        costs["funder"] = costs["funder"].map(label)
        show.table_with_csv(costs, f"programme costs of {plan.title}", "programme_costs")


def draw_first(answer: Answer) -> None:
    """The assumptions to look at first."""
    st.subheader("What to look at first")
    if answer.sampling.draws < FEWEST_DRAWS:
        st.info(
            "These figures hold every number at its central value, so they cannot show which of "
            "them move the saving. Turn on **Include what is not known** under More choices.",
            icon=":material/info:",
        )
        return
    found = errands.brought(key_assumptions.request(answer), "Ranking every assumption")
    if found is None:
        return
    table = cast(pd.DataFrame, found)
    told = int((~table["by_chance"].astype(bool)).sum())
    st.markdown(
        f"Of {len(table)} uncertain numbers behind **{answer.scenario_title}**, the council's "
        f"saving goes with {told} more closely than chance alone would explain, over "
        f"{answer.sampling.draws} draws. They come first; then the effects of help and what the "
        "redesign itself states, the weakest evidence first. **This is a list of what to check, "
        "not a measure**: with few draws some go together by chance. **How sure** moves them one "
        "by one."
    )
    words = table.assign(
        told_from_chance=table["by_chance"].map({True: "no", False: "yes"}),
        goes_with_the_saving=table["correlation"].map(_strength),
    )[[*SHOWN_FIRST, "correlation"]]
    show.table(words[SHOWN_FIRST], "uncertain numbers, what to check first at the top")
    st.download_button(
        f"All {len(words)} in this order (CSV)",
        show.csv(words),
        file_name="assumptions_in_order.csv",
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _strength(correlation: float) -> str:
    """A rank correlation in words: which way, and how closely."""
    if abs(correlation) < 0.2:
        return "hardly"
    way = "more of it, more saved" if correlation > 0 else "more of it, less saved"
    return f"{'closely' if abs(correlation) >= 0.5 else 'somewhat'}: {way}"
