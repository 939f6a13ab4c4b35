"""How well it fits: published statistics beside what the model gives, misses shown as misses."""

import streamlit as st

from model import check, headlines, pictures, worked_example
from model.inputs import resolve
from model.results import CHANCE
from model.wording import day, label
from pages.parts import choices, frame, look, show

shown = frame.shown()
checked = worked_example.checked_areas()

st.title("How well it fits")
area = (
    st.segmented_control(
        "Area checked",
        checked,
        default=shown.area if shown.area in checked else checked[0],
        format_func=lambda name: worked_example.load_check(name).title,
        key="checked_area",
    )
    or checked[0]
)
if shown.area not in checked:
    st.info(
        "No check is kept for the area that you chose. `python -m model check --area "
        f"{shown.area}` makes one."
    )
found = worked_example.load_check(area)
rows = found.rows


@st.cache_data(max_entries=8, show_spinner=False)
def digest_now(area: str, fingerprint: str) -> str:
    """The numbers that a check of this area would use today."""
    return resolve(area, start=check.START, years=check.YEARS).digest()


look.headline(f"{found.title}: {headlines.fitted(rows)}")
used, hit_unused = int(rows["used_as_input"].sum()), rows[~rows["used_as_input"]]["inside"].sum()
st.markdown(
    f"The model starts from the caseload of 31 March 2022 and runs three years; the means are set "
    f"beside published statistics. **{used} of the {len(rows)} figures set a parameter**: meeting "
    f"one of those shows that the fit held, not that the model predicts. Of the "
    f"{len(rows) - used} that set nothing, {hit_unused} "
    f"{'is' if hit_unused == 1 else 'are'} met. A figure is met when it is within 5% of the "
    "published mean or between the lowest and highest published year."
)
missed = rows[~rows["inside"]]
if len(missed):
    st.warning(
        "**Missed:** " + "; ".join(label(name) for name in missed["measure"]) + ". Where the model "
        "misses, distrust what it says about a redesign there too.",
        icon=":material/close:",
    )
if digest_now(area, choices.fingerprint()) != found.digest:
    st.warning(
        f"**Out of date.** The parameters have changed since this check was made on "
        f"{day(found.made_on)} (inputs {found.digest[:12]}).",
        icon=":material/history:",
    )
footer = (
    f"Source: published statistics of the Department for Education and others (parameters/"
    f"published.csv); Family Pathways {found.version}, {found.replications} simulated futures, "
    f"made {day(found.made_on)}. Ranges hold 80% of simulated futures; {CHANCE}."
)
show.picture(pictures.fit(rows, found.title, footer))

verdict = rows.assign(
    measure=rows["measure"].map(label),
    verdict=rows["inside"].map({True: "✓ met", False: "✗ missed"}),
    used=rows["used_as_input"].map({True: "yes", False: "no"}),
    simulated_low=[ends[0] for ends in rows["interval"]],
    simulated_high=[ends[1] for ends in rows["interval"]],
)
columns = ["measure", "verdict", "published", "low", "high", "simulated", "simulated_low"]
columns += ["simulated_high", "used", "unit", "stages", "note"]
verdict = verdict[columns].rename(columns={"used": "used to set a parameter"})
with st.container(border=True):
    st.markdown("**Every figure, with the stages that it sums**")
    st.caption(
        "Published: mean, lowest and highest of the years to March 2023, 2024 and 2025 that exist."
    )
    show.table_with_csv(verdict, "published and simulated figures", f"check_{area}")
    st.caption(footer)

measure = st.selectbox(
    "One figure, year by year", list(rows["measure"]), format_func=label, key="checked_measure"
)
show.picture(pictures.fit_by_year(rows, measure, found.title, footer))
