"""Flow: a sample of invented families moving through the pathway, today beside the redesign."""

from collections.abc import Mapping
from typing import cast

import pandas as pd
import streamlit as st

from model import flow_pictures
from model.flow_frames import GROUPS, Flow, by_month, request
from model.pathway_svg import as_image
from model.wording import day, whole, years
from pages.parts import choices, errands, flow_player, frame, look, show


@st.cache_resource(max_entries=24, show_spinner=False)
def drawn(asked: str, group: str, _flow: Flow) -> tuple[str, str, str, pd.DataFrame]:
    """The picture for wide and for narrow screens, its text, and its table: for everybody."""
    wide, narrow = (flow_pictures.small_multiples(_flow, columns) for columns in (4, 1))
    table = flow_pictures.side_by_side(by_month(_flow))
    return wide, narrow, flow_pictures.alt(_flow), table


shown = frame.shown()
question = shown.question
plans = [one.plan() for one in question.redesigns]

st.title("Families moving through the pathway")
st.markdown(
    "**Every family here is invented.** The model makes them up, and none is or stands for a real "
    "one. Both sides show the same families with the same luck: what differs, the redesign changes."
)
redesign = 0
if len(plans) > 1:
    redesign = st.selectbox(
        "Redesign beside today's arrangements",
        range(len(plans)),
        format_func=lambda number: plans[number].title,
        key="flow_redesign",
    )
group = st.selectbox(
    "Which families to follow", list(GROUPS), format_func=GROUPS.__getitem__, key="flow_group"
)
asked = request(question, choices.digest(question, choices.fingerprint()), redesign)
found = errands.brought(asked, f"Simulating {years(question.years)} for these families, twice")
if found is None:
    st.stop()
flow = cast(Mapping[str, Flow], found)[group]
if not flow.families:
    st.info("There is no such family in this future.", icon=":material/info:")
    st.stop()

look.headline(
    f"A sample: {flow.families} of {whole(flow.in_group)} "
    f"{GROUPS[group][:1].lower()}{GROUPS[group][1:]}"
)
st.caption(
    f"One simulated future of {years(question.years)} from {day(flow.start)}, every number at its "
    "central value. One future shows how families move; how large a difference is, and how sure, "
    "is on the pages Compare and How sure. Stays of hours or days are drawn a little longer, so "
    "that they can be seen. Court proceedings run beside and move nobody."
)
flow_player.play(flow)

st.subheader("The same without movement")
st.caption(
    f"Where these {flow.families} families are at the end of each month. Children in care are "
    "counted in care; all other children are with their family."
)
wide, narrow, alt, table = drawn(repr(asked), group, flow)
look.wide_and_narrow(
    as_image(wide), alt, f'<img src="{as_image(narrow)}" alt="" style="width: 100%; height: auto">'
)
st.download_button(
    "This picture (SVG)",
    wide,
    file_name=f"flow_{group}.svg",
    mime="image/svg+xml",
    on_click="ignore",
    type="tertiary",
    icon=":material/download:",
)
with st.container(border=True):
    st.markdown("**Month by month**")
    show.table_with_csv(
        table,
        "where the sampled families are at the end of each month",
        f"flow_{group}",
    )
