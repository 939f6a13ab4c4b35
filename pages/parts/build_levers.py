"""What a service lead can change: a card for each lever, with today's value and its evidence."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from model.explain import graded, title_of
from model.parameters.evidence import Source, sources
from model.redesigns import moves
from model.redesigns.drafts import Draft, without_change
from model.redesigns.levers import EVIDENCE, Lever, Today, lever_named, levers, today
from model.redesigns.moves import EVERYWHERE, Standing, Steps
from model.redesigns.telling import sentences_of_change
from model.scenarios.run_dates import THROUGHOUT
from pages.parts import build_dates, build_state, choices
from pages.parts.build_state import Site

GROUP, WHEN = "build_group", "_build_when"
FROM_THE_START = ("What early help does", "The world outside")
AS_PERCENT = "share of "
PERCENT = 100.0


@st.cache_resource(max_entries=4, show_spinner=False)
def cited(fingerprint: str) -> dict[str, Source]:
    """The sources, read once for each state of the files."""
    return sources(build_state.numbers_of(choices.FIRST_AREA, fingerprint).root)


def draw(where: Site) -> None:
    """Draw the levers of one part of the pathway, and what no lever shows."""
    now = build_state.draft()
    moved = moves.moved_levers(now, where.area)
    groups = list(dict.fromkeys(lever.group for lever in levers()))
    counts = {group: sum(lever_named(name).group == group for name in moved) for group in groups}
    group = st.segmented_control(
        "Part of the pathway",
        groups,
        default=groups[0],
        required=True,
        wrap=True,
        format_func=lambda one: f"{one} ({counts[one]} changed)" if counts[one] else one,
        key=GROUP,
    )
    for lever in levers():
        if lever.group == group:
            card(lever, now, where)
    draw_others(now, where)


def card(lever: Lever, now: Draft, where: Site) -> None:
    """One lever."""
    stands = moves.standing(now, lever, where.area)
    behind = today(lever, where.area)
    with st.container(border=True, key=f"lever_{lever.name}", gap="small"):
        with st.container(horizontal=True):
            st.markdown(f"### {lever.label}", width="stretch")
            evidence(lever, behind)
        st.caption(f"{lever.help}  \nToday: **{behind.says}** · evidence: {behind.grade}")
        if stands is None:
            st.info("Changed in a way of its own: see **Other changes** below.")
        else:
            for place in stands.by_place:
                steps(lever, place, stands, behind, where)
        build_state.told(lever.name)


def evidence(lever: Lever, behind: Today) -> None:
    """What stands behind today's value."""
    known = cited(choices.fingerprint())
    with st.popover("Source and range", type="tertiary", key=f"source_{lever.name}"):
        st.markdown(
            f"**{lever.label}**\n\nToday: {behind.says}, range {behind.evidence_range}\n\n"
            f"Grade: {graded(behind.grade)}"
        )
        for source in behind.sources:
            st.markdown(f"- {title_of(source, known)}")
        if behind.note:
            st.markdown(behind.note)
        st.markdown(range_says(lever))


def range_says(lever: Lever) -> str:
    """What range a change by this lever will have."""
    if lever.kind == EVIDENCE:
        return "A value of your own keeps the range of this evidence."
    if lever.kind == "guess":
        return (
            "How far it will move is not known: the range runs from no change to twice the change "
            "that you choose, and counts as an assumption."
        )
    return "It is what you decide, so it has no range."


def steps(lever: Lever, place: str, stands: Standing, behind: Today, where: Site) -> None:
    """The controls of a lever in one place: value and date, one row for each step."""
    found = stands.by_place[place]
    neutral = stands.neutral[place]
    rows: Steps = found or ((remembered(lever, place, where), neutral),)
    does = partial(change, lever, place, len(rows), where)
    for number, (when, value) in enumerate(rows):
        with st.container(key=f"step_{lever.name}_{place}_{number}"):
            left, right = st.columns([3, 2], vertical_alignment="bottom")
            with left:
                value_of(lever, place, number, value, neutral, behind, does)
            with right:
                if not moves.whole_run_only(lever):
                    label = f"{name_of(lever, place)}: from"
                    here = key(lever, place, number, "from")
                    build_dates.picker(label, here, when, where, does, beside=True)
    if found and not moves.whole_run_only(lever):
        more_or_fewer(lever, place, found, where)


def more_or_fewer(lever: Lever, place: str, found: Steps, where: Site) -> None:
    """Buttons for steps that come later, and for putting a lever back."""
    name = name_of(lever, place)
    with st.container(horizontal=True):
        st.button(
            "Add a later step",
            on_click=add_step,
            args=(lever, place, found, where),
            type="tertiary",
            icon=":material/add:",
            key=key(lever, place, 0, "more"),
            help=f"{name}: another value from a later month",
        )
        if len(found) > 1:
            st.button(
                "Take out the last step",
                on_click=set_steps,
                args=(lever, place, found[:-1], where),
                type="tertiary",
                icon=":material/remove:",
                key=key(lever, place, 0, "fewer"),
                help=f"{name}: without the last step",
            )
        st.button(
            "As today",
            on_click=set_steps,
            args=(lever, place, (), where),
            type="tertiary",
            icon=":material/restart_alt:",
            key=key(lever, place, 0, "back"),
            help=f"{name}: put back to today's value",
        )


def value_of(
    lever: Lever,
    place: str,
    number: int,
    value: float,
    neutral: float,
    behind: Today,
    does: partial[None],
) -> None:
    """The control of a value: a box for counts, a slider for ratios and shares."""
    scale = scale_of(lever)
    here = key(lever, place, number, "value")
    shown = round(value * scale, 6)
    low, high = min(behind.low * scale, shown), max(behind.high * scale, shown)
    if lever.unit.startswith(AS_PERCENT):
        low, high = min(low, neutral * scale), max(high, neutral * scale)
    st.session_state[here] = float(shown)
    label = f"{name_of(lever, place)}{', step ' + str(number + 1) if number else ''}"
    if place in behind.by_locality:
        label += f" (today {behind.by_locality[place]:g})"
    visible: Literal["visible", "collapsed"] = "visible" if place or number else "collapsed"
    if place or lever.step >= 1:
        st.number_input(
            label,
            float(low),
            float(high),
            step=float(lever.step * scale),
            format="%g",
            key=here,
            on_change=does,
            label_visibility=visible,
        )
    else:
        st.slider(
            label,
            float(low),
            float(high),
            step=float(lever.step * scale),
            format=f"%g{unit_of(lever)}",
            key=here,
            on_change=does,
            label_visibility=visible,
        )


def change(lever: Lever, place: str, rows: int, where: Site) -> None:
    """A control was moved: a callback."""
    state, scale = st.session_state, scale_of(lever)
    wanted = []
    for number in range(rows):
        value = float(state[key(lever, place, number, "value")]) / scale
        when = state.get(key(lever, place, number, "from"), THROUGHOUT)
        wanted.append((when, round(value, 6)))
    state.setdefault(WHEN, {})[lever.name, place] = wanted[0][0]
    set_steps(lever, place, tuple(wanted), where)


def set_steps(lever: Lever, place: str, wanted: Steps, where: Site) -> None:
    """Move a lever in one place: a callback."""
    build_state.edit(
        lever.name, lambda now: moves.moved(now, lever, place, wanted, where.area), where
    )


def add_step(lever: Lever, place: str, found: Steps, where: Site) -> None:
    """Another step, a month after the last one: a callback."""
    when, value = found[-1]
    behind = today(lever, where.area)
    nearer = value + lever.step if value + lever.step <= behind.high else value - lever.step
    later = (build_dates.after(when, where), round(nearer, 6))
    set_steps(lever, place, (*found, later), where)


def remembered(lever: Lever, place: str, where: Site) -> str:
    """The date beside a lever that is not moved yet: as chosen, or as is usual."""
    kept: dict[tuple[str, str], str] = st.session_state.get(WHEN, {})
    if moves.whole_run_only(lever) or lever.group in FROM_THE_START:
        return kept.get((lever.name, place), THROUGHOUT)
    return kept.get((lever.name, place), build_dates.usual(where))


def draw_others(now: Draft, where: Site) -> None:
    """Changes that no lever shows: said in words, and taken out at will."""
    rest = moves.others(now, where.area)
    if not rest:
        return
    with st.container(border=True, key="other_changes"):
        st.markdown("### Other changes")
        st.caption("This redesign also changes what has no control here. You can take it out.")
        for place, _ in rest:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(sentences_of_change(now, place, where.area), width="stretch")
                st.button(
                    "Take out",
                    on_click=take_out,
                    args=(place, where),
                    key=f"take_out_{place}",
                    icon=":material/delete:",
                    type="tertiary",
                    help=f"Take out change {place + 1}",
                )
        build_state.told("others")


def take_out(place: int, where: Site) -> None:
    """Take out a change: a callback."""
    build_state.edit("others", lambda now: without_change(now, place), where)


def key(lever: Lever, place: str, number: int, what: str) -> str:
    """Of a widget."""
    return f"build_{lever.name}_{place}_{number}_{what}"


def name_of(lever: Lever, place: str) -> str:
    """What a control moves, and where."""
    if place == EVERYWHERE:
        return lever.label
    return f"{place}: {lever.label[0].lower()}{lever.label[1:]}"


def scale_of(lever: Lever) -> float:
    """Shares are shown in percent."""
    return PERCENT if lever.unit.startswith(AS_PERCENT) else 1.0


def unit_of(lever: Lever) -> str:
    """The unit beside a slider's figure; a percent sign is written twice in a format."""
    if lever.unit.startswith(AS_PERCENT):
        return f"%% of {lever.unit.removeprefix(AS_PERCENT)}"
    return f" {lever.unit}"
