"""Compare: up to four scenarios side by side, in families, children, waits, outcomes and pounds."""

import streamlit as st

from model import headlines
from model.documents.everything import changes_of, programme_costs_of
from model.headlines import COUNCIL, EVERYBODY
from model.redesigns import telling
from model.wording import first_capital, label
from pages.parts import (
    choices,
    compare_choice,
    compare_map,
    compare_pictures,
    compare_tables,
    evidence_numbers,
    frame,
    look,
    savings_case,
    show,
)
from pages.parts.once import once

MONEY, MAP, LOCALITIES, PLANS = "Money", "Where it arises", "By locality", "What each changes"
CHANGE, STANDS, YEARS = "Change from today", "As each stands", "By year"
MAKERS = {CHANGE: compare_pictures.change, STANDS: compare_pictures.as_it_stands}

shown = frame.shown()
st.title("Compare redesigns with today")
beside = compare_choice.more(shown)
answer, found = compare_choice.asked(shown, beside)
if found is not None:
    frame.strip(found, compare_choice.SLOT)
    if found.answer is None:
        st.info(
            "**The redesigns that you added are not shown yet.** They come with a first answer.",
            icon=":material/hourglass_top:",
        )
basis = savings_case.choose_basis()
names = compare_choice.titles(answer)
compare_choice.key(names)
look.headline(once(answer, compare_pictures.headline, basis))
for place, name in enumerate(names):
    money = ""  # of one redesign the headline has said it
    if len(names) > 1:
        money = f"**{name}**: {once(answer, compare_pictures.total_says, basis, place)}. "
    st.markdown(f"{money}{once(answer, compare_pictures.people_say, place)}.")
st.caption(
    f"{savings_case.basis_says(savings_case.case_of(answer, basis))} "
    f"{headlines.ranges_say(answer)}."
)
lines = "\n".join(f"- {line}" for line in once(answer, savings_case.caveats, basis))
with st.expander("Before you rely on it"):
    st.markdown(lines)

last = answer.periods[-1]
groups = [MONEY, *compare_tables.GROUPS, MAP, LOCALITIES, PLANS]
tabs = dict(zip(groups, st.tabs(groups, key="compared", on_change="rerun"), strict=True))


def of_money() -> None:
    """Money: totals, by year, who pays, which saves most."""
    for column, who in zip(st.columns(2), (COUNCIL, EVERYBODY), strict=True):
        with column:
            show.chart(answer, compare_pictures.money, basis, who)
    for column, who in zip(st.columns(2), (COUNCIL, EVERYBODY), strict=True):
        with column:
            show.chart(answer, compare_pictures.running_totals, basis, who)
    show.chart(answer, compare_pictures.payers, basis)
    if len(names) > 1:
        st.markdown("**In how many futures each redesign saves the council most**")
        show.table_with_csv(
            once(answer, compare_tables.best, basis), "which redesign saves most", "saves_most"
        )
    frame.link("savings", "The savings of the redesign at the side, in full")


def of_group(group: str) -> None:
    """The measures of one group, as changes, as they stand, or year by year."""
    row = st.columns(2)
    with row[0]:
        how = st.segmented_control(
            "Show", [CHANGE, STANDS, YEARS], default=CHANGE, required=True, key=f"how_{group}"
        )
    with row[1]:
        period = (
            st.selectbox("Financial year", answer.periods, len(answer.periods) - 1, key="year_of")
            if how != YEARS
            else last
        ) or last
    measures = compare_tables.there(answer, compare_tables.GROUPS[group])
    for at in range(0, len(measures), 2):
        for column, measure in zip(st.columns(2), measures[at : at + 2], strict=False):
            with column:
                if how == YEARS:
                    show.chart(answer, compare_pictures.over_time, measure)
                else:
                    show.chart(answer, MAKERS[how or CHANGE], measure, period)


def of_localities() -> None:
    """One measure in each locality."""
    every = [one for group in compare_tables.GROUPS.values() for one in group]
    counted = set(answer.baseline.localities["measure"].unique())
    measures = [one for one in every if one in counted]
    measure = st.selectbox(
        "Measure by locality",
        measures,
        measures.index("early_help_started") if "early_help_started" in measures else 0,
        format_func=label,
        key="locality_measure",
    )
    show.chart(answer, compare_pictures.localities, measure, last)


def of_plans() -> None:
    """What each redesign changes, and what its programme costs."""
    today = evidence_numbers.known(answer.question.area, choices.fingerprint())
    for name, one in zip(names, answer.each, strict=True):
        plan = one.question.redesigns[0].plan()
        st.subheader(name)
        st.markdown(plan.rationale)
        stem = one.question.scenario
        st.markdown("\n".join(f"- {says}" for says in telling.sentences(plan, today)))
        with st.expander("The same as tables, with ranges and evidence"):
            show.table_with_csv(changes_of(plan), f"changes of {name}", f"changes_{stem}")
            if plan.programme_costs:
                show.table_with_csv(programme_costs_of(plan), f"costs of {name}", f"costs_{stem}")


def about() -> str:
    """What the workbook says of itself."""
    said = [
        first_capital(compare_pictures.total_says(answer, basis, at)) for at in range(len(names))
    ]
    pairs = [f"{name}: {says}" for name, says in zip(names, said, strict=True)]
    case = savings_case.case_of(answer, basis)
    numbers = [f"Redesign {number}: {name}" for number, name in enumerate(names, 1)]
    return "\n".join(
        [
            headlines.about(answer),
            *pairs,
            *numbers,
            f"Money: {case.says}.",
            *savings_case.caveats(answer, basis),
            headlines.source(answer),
        ]
    )


drawing = {
    MONEY: of_money,
    MAP: lambda: compare_map.draw(answer),
    LOCALITIES: of_localities,
    PLANS: of_plans,
    **{group: (lambda group=group: of_group(group)) for group in compare_tables.GROUPS},
}
for group, tab in tabs.items():
    if tab.open:
        with tab:
            drawing[group]()

show.workbook_button(
    "All tables of this comparison (Excel)",
    "comparison.xlsx",
    lambda: compare_tables.everything(answer, basis),
    about,
)
