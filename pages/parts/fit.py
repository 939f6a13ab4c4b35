"""How well it fits: published statistics beside what the model gives, misses shown as misses."""

import pandas as pd
import streamlit as st

from model import backtest_kept, check, headlines, pictures, worked_example
from model.inputs import resolve
from model.register_words import title_of
from model.results import CHANCE
from model.tables import figure
from model.wording import day, label
from model.worked_example import Check
from pages.parts import choices, look, show

BESIDE = ["published", "low", "high", "simulated", "simulated_low", "simulated_high"]
COLUMNS = ["measure", "verdict", *BESIDE, "used", "unit", "stages", "note"]


@st.cache_data(max_entries=8, show_spinner=False)
def digest_now(area: str, fingerprint: str) -> str:
    """The numbers that a check of this area would use today."""
    return resolve(area, start=check.START, years=check.YEARS).digest()


@st.cache_data(max_entries=8, show_spinner=False)
def backtest_of(area: str, fingerprint: str) -> backtest_kept.Kept:
    """What is kept of an area's back-test, read once for each state of the files."""
    return backtest_kept.read(area)


def draw(area: str, title: str) -> None:
    """The kept check of an area, and its back-test; or that there is none."""
    st.subheader("How well it matches your council")
    if area in worked_example.checked_areas():
        draw_check(worked_example.load_check(area))
    else:
        st.info(
            f"No check against published figures is kept for {title}. `python -m model check "
            f"--area {area}` makes one.",
            icon=":material/info:",
        )
    st.subheader("Would it have forecast the past?")
    draw_backtest(backtest_of(area, choices.fingerprint()), title)


def draw_check(found: Check) -> None:
    """What agrees and what is missed; the chart, every figure, and one by year."""
    in_words(found)
    plain, charted, every, by_year = st.tabs(
        ["In plain words", "Chart", "Every figure", "One figure by year"],
        key="fit_tabs",
        on_change="rerun",
    )
    if plain.open:
        with plain:
            show.table(sentences(found.rows), "what the model gives beside what is published")
            st.caption(footer_of(found))
    if charted.open:
        with charted:
            show.picture(pictures.fit(found.rows, found.title, footer_of(found)))
    if every.open:
        with every:
            every_figure(found)
    if by_year.open:
        with by_year:
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


def sentences(rows: pd.DataFrame) -> pd.DataFrame:
    """Each figure of a check: whether it agrees, both figures, and what it set; misses first.

    Parameters
    ----------
    rows : as `check.check_table`.
    """
    table = pd.DataFrame(
        {
            "figure": rows["measure"].map(label),
            "agrees": rows["inside"].map({True: "✓ agrees", False: "✗ misses"}),
            "model": [written(row.measure, row.simulated) for row in rows.itertuples()],
            "published": [
                written(row.measure, row.published)
                + (
                    f" ({written(row.measure, row.low)} to {written(row.measure, row.high)})"
                    if row.low < row.high
                    else ""
                )
                for row in rows.itertuples()
            ],
            "what it set": [
                "; ".join(title_of(name) for name in names) or "nothing: a test of the model"
                for names in rows["sets"]
            ],
        }
    )
    return table.loc[rows["inside"].sort_values(kind="stable").index]


def written(measure: str, value: float) -> str:
    """A figure of a check: a share as percent."""
    if pd.isna(value):
        return "–"
    if "share" in measure:
        return f"{100 * value:.0f}%"
    return f"{value:,.0f}" if abs(value) >= 10 else figure(value)


def footer_of(found: Check) -> str:
    """Source, version and range of a check."""
    return (
        f"Source: published statistics of the Department for Education and others (parameters/"
        f"published.csv); Family Pathways {found.version}, {found.replications} simulated futures, "
        f"made {day(found.made_on)}. Ranges hold 80% of simulated futures; {CHANCE}."
    )


def every_figure(found: Check) -> None:
    """Every figure in a table, with the stages that it sums."""
    st.caption(
        "Published: mean, lowest and highest of the years to March 2023, 2024 and 2025 that exist."
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


def draw_backtest(kept: backtest_kept.Kept, title: str) -> None:
    """What the back-test says, and its errors."""
    says = backtest_kept.in_words(kept, title)
    if kept.beaten:
        st.success(says, icon=":material/check:")
    else:
        st.warning(says, icon=":material/history_toggle_off:")
    if kept.errors is not None:
        st.caption(
            "With the last years hidden: how far each forecast was off, percent of what happened, "
            "the mean over children looked after, care starts, protection plans and children in "
            "need. The protocol is in docs/backtest.md."
        )
        show.table_with_csv(kept.errors, "errors of forecasts of the past", "backtest_errors")
