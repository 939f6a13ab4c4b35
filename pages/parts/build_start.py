"""Where a redesign begins, its title and reason, and the way back from an edit."""

from __future__ import annotations

import streamlit as st

from model.errors import InputError, Where
from model.redesigns import drafts, shelf
from model.redesigns.drafts import with_words
from pages.parts import build_state, choices
from pages.parts.build_state import Site

SLOT, WORDS = "start", "words"
BLANK, LIBRARY, SAVED, FILE = "Blank", "A redesign of the library", "A saved redesign", "A file"
SOURCE, FROM_LIBRARY, FROM_SHELF, UPLOAD = (
    "build_source",
    "build_from_library",
    "build_from_shelf",
    "build_upload",
)
TITLE, WHY = "build_title", "build_why"
MOST_WORDS = 1000
LARGEST_BYTES = 200_000
DELETING, READ = "_build_deleting", "_build_read"


def draw(where: Site) -> None:
    """What to start from, and taking edits back."""
    past = build_state.history()
    with st.expander("Start from", expanded=past.now.empty, icon=":material/play_circle:"):
        source = st.radio("Start from", (BLANK, LIBRARY, SAVED, FILE), horizontal=True, key=SOURCE)
        {BLANK: blank, LIBRARY: library, SAVED: saved, FILE: file}[source or BLANK](where)
        build_state.told(SLOT)
        if source == FILE:
            build_state.told(UPLOAD)
    with st.container(horizontal=True):
        st.button(
            "Undo",
            on_click=build_state.undo,
            disabled=not past.before,
            icon=":material/undo:",
            key="build_undo",
        )
        st.button(
            "Redo",
            on_click=build_state.redo,
            disabled=not past.after,
            icon=":material/redo:",
            key="build_redo",
        )
        st.button(
            "Duplicate",
            on_click=duplicate,
            icon=":material/content_copy:",
            key="build_duplicate",
            help="Go on with a copy under another title; save the first one before you do.",
        )
    build_state.told(build_state.TOP)


def words(where: Site) -> None:
    """Title and reason."""
    now = build_state.draft()
    st.session_state[TITLE] = now.title
    st.session_state[WHY] = str(now.table.get("rationale", ""))[:MOST_WORDS]
    left, right = st.columns([1, 2])
    with left:
        st.text_input("Title", key=TITLE, on_change=reworded, max_chars=80)
    with right:
        st.text_input(
            "Why, in a sentence or two", key=WHY, on_change=reworded, max_chars=MOST_WORDS
        )
    build_state.told(WORDS)


def reworded() -> None:
    """Title or reason were changed: a callback."""
    title, why = str(st.session_state[TITLE]), str(st.session_state[WHY])
    build_state.replace(with_words(build_state.draft(), title, why))


def blank(where: Site) -> None:
    """Nothing changed yet."""
    if build_state.draft().empty:
        st.caption("You are at the start: nothing is changed yet. Move something below.")
        return
    st.button(
        "Start again from blank",
        on_click=begin,
        args=(drafts.blank(), "A blank redesign. Undo brings the last one back."),
        icon=":material/check_box_outline_blank:",
    )


def library(where: Site) -> None:
    """A redesign of the library that makes sense here."""
    offer = choices.offered(choices.fingerprint())
    known = offer.redesigns_for(where.name)
    name = st.selectbox(
        "Redesign of the library",
        known,
        format_func=lambda one: offer.redesigns[one].title,
        key=FROM_LIBRARY,
    )
    if name:
        st.caption(offer.redesigns[name].rationale)
        st.button("Start from this one", on_click=from_library, icon=":material/input:")


def from_library() -> None:
    """A callback."""
    name = str(st.session_state[FROM_LIBRARY])
    try:
        found = drafts.started_from(name)
    except InputError as error:
        build_state.refuse(SLOT, error)
        return
    begin(with_words(found, f"{found.title}, changed"), f"Started from {found.title!r}.")


def saved(where: Site) -> None:
    """A redesign on the shelf: load it, or delete it."""
    kept = shelf.kept()
    if not kept:
        st.caption("Nothing is saved on this server yet.")
        return
    name = st.selectbox("Saved redesign", kept, key=FROM_SHELF)
    with st.container(horizontal=True):
        st.button("Load", on_click=load, icon=":material/folder_open:")
        if st.session_state.get(DELETING) == name:
            st.button(f"Yes, delete {name!r} for everyone", on_click=throw_away, type="primary")
            st.button("Keep it", on_click=st.session_state.pop, args=(DELETING, None))
        else:
            st.button("Delete", on_click=ask_to_delete, icon=":material/delete:")


def load() -> None:
    """A callback."""
    name = str(st.session_state[FROM_SHELF])
    try:
        found = shelf.taken(name)
    except InputError as error:
        build_state.refuse(SLOT, error)
        return
    begin(found, f"Loaded {name!r}.")


def ask_to_delete() -> None:
    """A callback."""
    st.session_state[DELETING] = st.session_state[FROM_SHELF]


def throw_away() -> None:
    """A callback."""
    name = str(st.session_state.pop(DELETING))
    shelf.thrown_away(name)
    build_state.say(SLOT, f"{name!r} is deleted.")


def file(where: Site) -> None:
    """A scenario file that was exported, or written by hand."""
    found = st.file_uploader(
        "Scenario file (TOML)",
        type=["toml"],
        key=UPLOAD,
        help="As exported here, or as in the folder scenarios/.",
    )
    if found is None:
        st.session_state.pop(READ, None)
        return
    if st.session_state.get(READ) == found.file_id:
        return
    st.session_state[READ] = found.file_id
    try:
        taken = imported(found.name, found.getvalue(), where)
    except InputError as error:
        build_state.refuse(UPLOAD, f"**{found.name}** was not taken. {build_state.in_words(error)}")
        return
    begin(taken, f"Read {found.name!r}.")
    st.rerun()


def imported(name: str, content: bytes, where: Site) -> drafts.Draft:
    """The redesign in a file.

    Raises
    ------
    InputError for a file that is too large, no text, no scenario, or not meant for this area.
    """
    here = Where(name)
    if len(content) > LARGEST_BYTES:
        found = f"a file of {len(content):,} bytes"
        raise InputError(here, found, f"at most {LARGEST_BYTES:,} bytes: a scenario file is small")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            here,
            "a file that is no text",
            "a scenario file (TOML)",
            "Choose one that was exported at the foot of this page.",
        ) from None
    found = drafts.from_toml(text, name)
    wrong = build_state.check(found, where)
    if wrong is not None:
        raise wrong
    return found


def begin(found: drafts.Draft, said: str) -> None:
    """Let another redesign take the place of this one: a callback."""
    build_state.replace(found)
    build_state.say(build_state.TOP, said)


def duplicate() -> None:
    """Go on with a copy: a callback."""
    now = build_state.draft()
    begin(with_words(now, f"{now.title} (copy)"), "You are now changing a copy.")
