"""Today: the pathway as a map, with a year's families, waits, caseloads and pounds."""

import streamlit as st

from model import answers, headlines, pathway_map, pathway_svg, pictures
from model.wording import label, millions, stage_label, whole
from pages.parts import fit, frame, look, show
from pages.parts.once import once

TRENDS = ("looked_after", "child_protection_plans_open", "child_in_need_plans_open")

shown = frame.shown()
answer = shown.answer

st.title(f"Today's pathway in {answer.area_title}")
period = (
    st.segmented_control("Financial year", answer.periods, default=answer.periods[0], key="year")
    if len(answer.periods) > 1
    else answer.periods[0]
) or answer.periods[0]
stages = once(answer, answers.stages_in, period)
flows = once(answer, answers.flows_in, period)
pools = once(answer, answers.pools_in, period)
by_stage = stages.set_index("stage")

look.headline(once(answer, headlines.today, period))
look.boxes(
    [
        (
            "Contacts",
            whole(by_stage.loc["contact", "families"]),
            f"families, with {whole(by_stage.loc['contact', 'children'])} children",
        ),
        (
            "Early help plans started",
            whole(by_stage.loc["early_help_plan", "families"]),
            f"{whole(by_stage.loc['early_help_plan', 'families_open'])} families at year end",
        ),
        (
            "Children referred",
            whole(by_stage.loc["referral", "children"]),
            f"from {whole(by_stage.loc['referral', 'families'])} families",
        ),
        (
            "Children looked after",
            whole(by_stage.loc["looked_after", "children_open"]),
            f"at year end; {millions(by_stage.loc['looked_after', 'gbp'])} in the year",
        ),
    ]
)

st.subheader("The pathway")
st.caption(
    f"Today's arrangements in {period}, mean of {headlines.futures_in(answer)}; money in "
    f"{headlines.price_base(answer)}. Care includes court proceedings."
)
alt = (
    once(answer, headlines.today, period)
    + ". The stage table below holds every figure of this map."
)
drawing = pathway_svg.svg(stages, flows, alt)
look.wide_and_narrow(pathway_svg.as_image(drawing), alt, pathway_map.narrow(stages, flows))
st.download_button(
    "The map as SVG",
    drawing,
    file_name="pathway.svg",
    mime="image/svg+xml",
    on_click="ignore",
    type="tertiary",
    icon=":material/download:",
)

stage_rows = stages.assign(stage=stages["stage"].map(stage_label))
flow_rows = flows.drop(columns="splits").assign(
    stage=flows["stage"].map(stage_label),
    outcome=flows["outcome"].map(label),
    to=flows["to"].map(lambda to: stage_label(to) if to else ""),
)
pool_rows = pools.assign(pool=pools["pool"].map(label))
with st.container(border=True):
    st.markdown("**Every figure of the map**")
    tabs = st.tabs(["Stages", "Where families go", "Workers and places"])
    with tabs[0]:
        st.caption(
            "Families and children who enter a stage in the year, who is there at its end, how "
            "long those served had waited (half, and nine in ten), and what it cost."
        )
        show.table_with_csv(stage_rows, "stages of the pathway", "stages")
    with tabs[1]:
        show.table_with_csv(flow_rows, "where families go", "flows")
    with tabs[2]:
        st.caption("Cases held at the year's end. A case is a family, or one child in care.")
        show.table_with_csv(pool_rows, "workers and places", "workers_and_places")
    st.caption(headlines.source(answer))

show.chart(answer, pictures.cost_of_stages, period)

st.subheader("If nothing changes")
st.markdown(
    "Today's arrangements are a forecast, not a frozen year: population and demand follow their "
    "trends, and today's caseload works its way through."
)
for column, measure in zip(st.columns(len(TRENDS)), TRENDS, strict=True):
    with column:
        show.chart(answer, pictures.doing_nothing, measure)

fit.draw(shown.area)

show.workbook_button(
    "All tables of this page (Excel)",
    "today.xlsx",
    lambda: {
        "stages": stage_rows,
        "where_families_go": flow_rows,
        "workers_and_places": pool_rows,
        **{name: pictures.doing_nothing(answer, name).table for name in TRENDS},
    },
    f"{headlines.about(answer)}\nToday's arrangements, {period}\n{headlines.source(answer)}",
)
