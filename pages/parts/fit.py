"""How well it fits: published statistics beside what the model gives, misses shown as misses."""

import pandas as pd
import streamlit as st

from model import check, headlines, pictures, worked_example
from model.inputs import resolve
from model.results import CHANCE
from model.wording import day, label
from model.worked_example import Check
from pages.parts import choices, look, show

BESIDE = ["published", "low", "high", "simulated", "simulated_low", "simulated_high"]
COLUMNS = ["measure", "verdict", *BESIDE, "used", "unit", "stages", "note"]


@st.cache_data(max_entries=8, show_spinner=False)
def digest_now(area: str, fingerprint: str) -> str:
    """The numbers that a check of this area would use today."""
    return resolve(area, start=check.START, years=check.YEARS).digest()


def draw(area: str) -> None:
    """Draw the kept check of an area, or say that there is none."""
    st.subheader("How well it matches your council")
    if area not in worked_example.checked_areas():
        st.info(
            "No check is kept for the area that you chose. `python -m model check --area "
            f"{area}` makes one."
        )
        return
    found = worked_example.load_check(area)
    in_words(found)
    show.picture(pictures.fit(found.rows, found.title, footer_of(found)))
    every_figure(found)
    measure = st.selectbox(
        "One figure, year by year",
        list(found.rows["measure"]),
        format_func=label,
        key="checked_measure",
    )
    show.picture(pictures.fit_by_year(found.rows, measure, found.title, footer_of(found)))


def in_words(found: Check) -> None:
    """What the check says: how many figures are met, which are missed, and whether it is old."""
    rows = found.rows
    look.headline(f"{found.title}: {headlines.fitted(rows)}")
    used, hit = int(rows["used_as_input"].sum()), int(rows[~rows["used_as_input"]]["inside"].sum())
    st.markdown(
        f"The model starts from the caseload of 31 March 2022 and runs three years; the means are "
        f"set beside published statistics. **{used} of the {len(rows)} figures set a parameter**: "
        f"meeting one of those shows that the fit held, not that the model predicts. Of the "
        f"{len(rows) - used} that set nothing, {hit} {'is' if hit == 1 else 'are'} met. A figure "
        "is met when it is within 5% of the published mean or between the lowest and highest "
        "published year."
    )
    missed = rows[~rows["inside"]]
    if len(missed):
        st.warning(
            "**Missed:** "
            + "; ".join(label(name) for name in missed["measure"])
            + ". Where the model misses, distrust what it says about a redesign there too.",
            icon=":material/close:",
        )
    if digest_now(found.area, choices.fingerprint()) != found.digest:
        st.warning(
            f"**Out of date.** The parameters have changed since this check was made on "
            f"{day(found.made_on)} (inputs {found.digest[:12]}).",
            icon=":material/history:",
        )


def footer_of(found: Check) -> str:
    """Source, version and range of a check."""
    return (
        f"Source: published statistics of the Department for Education and others (parameters/"
        f"published.csv); Family Pathways {found.version}, {found.replications} simulated futures, "
        f"made {day(found.made_on)}. Ranges hold 80% of simulated futures; {CHANCE}."
    )


def every_figure(found: Check) -> None:
    """Every figure in a table, with the stages that it sums."""
    with st.container(border=True):
        st.markdown("**Every figure, with the stages that it sums**")
        st.caption(
            "Published: mean, lowest and highest of the years to March 2023, 2024 and 2025 that "
            "exist."
        )
        show.table_with_csv(
            verdicts(found.rows), "published and simulated figures", f"check_{found.area}"
        )
        st.caption(footer_of(found))


def verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a check with their verdicts in words."""
    table = rows.assign(
        measure=rows["measure"].map(label),
        verdict=rows["inside"].map({True: "✓ met", False: "✗ missed"}),
        used=rows["used_as_input"].map({True: "yes", False: "no"}),
        simulated_low=[ends[0] for ends in rows["interval"]],
        simulated_high=[ends[1] for ends in rows["interval"]],
    )
    return table[COLUMNS].rename(columns={"used": "used to set a parameter"})
