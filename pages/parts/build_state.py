"""The redesign being built in this session: what it is, how it is edited, and what went wrong.

An edit that cannot be right is refused with a sentence beside its control, and the redesign stays
as it was. The text of the redesign itself belongs to `choices`, which puts it into the link too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from model import parameters
from model.errors import InputError
from model.inputs import resolve
from model.parameters import Parameters
from model.redesigns import drafts
from model.redesigns.drafts import Draft, History
from pages.parts import choices

HISTORY, FAULT, SAID = "_build_history", "_build_fault", "_build_said"
TOP = "top"
WORDS = {
    "differs from today's": "It comes out as today's value: choose another one.",
}


@dataclass(frozen=True)
class Site:
    """Where and for when a redesign is built.

    Attributes
    ----------
    area : numbers of the area. start, years : of the run.
    """

    area: Parameters
    start: date
    years: int

    @property
    def name(self) -> str:
        """Name of the area."""
        return self.area.area.name


@st.cache_resource(max_entries=8, show_spinner=False)
def numbers_of(area: str, fingerprint: str) -> Parameters:
    """An area's numbers, read once for each state of the files."""
    return parameters.load(area)


def site(area: str, start: date, years: int) -> Site:
    """Where and for when, as chosen at the side."""
    return Site(numbers_of(area, choices.fingerprint()), start, years)


def history() -> History:
    """The redesign with all that came before it; that of a link where this session has none."""
    text = choices.draft()
    kept: History | None = st.session_state.get(HISTORY)
    if kept is not None and (text is None or text.table == kept.now.table):
        return kept
    found = History(text or drafts.blank())
    st.session_state[HISTORY] = found
    return found


def draft() -> Draft:
    """The redesign as it is now."""
    return history().now


def edit(slot: str, change: Callable[[Draft], Draft], where: Site) -> bool:
    """Change the redesign, in a callback; what cannot be right is refused and said at its slot.

    Parameters
    ----------
    slot : names the control, for `fault`. change : gives the redesign as it is to be.
    """
    st.session_state.pop(FAULT, None)
    st.session_state.pop(SAID, None)
    before = history()
    try:
        after = change(before.now)
        if check(before.now, where) is None:
            fault_of = check(after, where)
            if fault_of is not None:
                raise fault_of
    except InputError as error:
        st.session_state[FAULT] = (slot, in_words(error))
        return False
    put(before.then(after))
    return True


def put(after: History) -> None:
    """Let this be the redesign, here and on every page."""
    st.session_state[HISTORY] = after
    choices.use(after.now)


def replace(found: Draft) -> None:
    """Let another redesign take the place of this one; it can be undone."""
    st.session_state.pop(FAULT, None)
    put(history().then(found))


def undo() -> None:
    """One edit back: a button's callback."""
    st.session_state.pop(FAULT, None)
    put(history().undone())


def redo() -> None:
    """One edit forward again: a button's callback."""
    st.session_state.pop(FAULT, None)
    put(history().redone())


def check(found: Draft, where: Site) -> InputError | None:
    """What is wrong with a redesign for this area and these years; None for nothing."""
    if not found.changes and not found.costs:
        return None
    try:
        plan = drafts.scenario_of(found)
        resolve(where.name, plan, start=where.start, years=where.years, parameters=where.area)
    except InputError as error:
        return error
    return None


def refuse(slot: str, error: InputError | str) -> None:
    """Say at a slot what is wrong, when the page is next drawn."""
    st.session_state[FAULT] = (slot, error if isinstance(error, str) else in_words(error))


def say(slot: str, words: str) -> None:
    """Say at a slot what was done, when the page is next drawn."""
    st.session_state[SAID] = (slot, words)


def told(slot: str) -> None:
    """Draw what is to be said at a slot, if anything."""
    kept = st.session_state.get(FAULT)
    if kept and kept[0] == slot:
        st.error(kept[1], icon=":material/error:")
    said = st.session_state.get(SAID)
    if said and said[0] == slot:
        st.success(said[1], icon=":material/check:")


def in_words(error: InputError) -> str:
    """A complaint as a person reads it, without the place in a file that they never saw."""
    allowed = f" Allowed: {error.allowed}." if error.allowed else ""
    return f"That cannot be: {error.found}.{allowed} {error.remedy}".strip()
