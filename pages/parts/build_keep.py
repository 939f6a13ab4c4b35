"""Keep a redesign and hand it on: under a name, by a link, as a file, on the command line."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from model.errors import InputError
from model.redesigns import links, shelf
from model.redesigns.command import command_of
from model.redesigns.drafts import Draft
from model.scenarios import ENDING
from pages.parts import build_state, choices
from pages.parts.frame import Found, Shown

SLOT, NAME, REPLACE, TITLED = "keep", "build_name", "_build_replace", "_build_titled"
LONGEST_NAME = 60
CARRIED = ("cost_set", "futures", "draws")  # choices that a link carries where they are not usual


def draw(shown: Shown, found: Found | None) -> None:
    """Save, share, export, and the command for the same figures."""
    now = build_state.draft()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.session_state.get(TITLED) != now.title:  # another title is another name
            st.session_state[TITLED], st.session_state[NAME] = now.title, now.title[:LONGEST_NAME]
        st.text_input("Save under the name", key=NAME, max_chars=LONGEST_NAME)
        st.button("Save", on_click=save, icon=":material/save:", key="build_save")
        if st.session_state.get(REPLACE):
            st.button("Replace the saved one", on_click=save, args=(True,), key="build_replace")
    build_state.told(SLOT)
    st.caption("Everyone who uses this server finds it under **Start from**, **A saved redesign**.")
    if now.empty:
        st.caption("Once something is changed, you can share it by a link and export it as a file.")
        return
    redesign = choices.redesign_of(now)
    with st.expander("Share by a link", icon=":material/link:"):
        st.markdown("It is long: it carries the redesign and the council area, no figures.")
        try:
            st.code(link_to(shown, now), language=None, wrap_lines=True)
        except InputError as error:
            st.info(f"{error.found}: {error.remedy}")
    st.download_button(
        "Export as a file (TOML)",
        now.toml,
        file_name=f"{redesign.name}{ENDING}",
        mime="application/toml",
        on_click="ignore",
        icon=":material/download:",
    )
    if found is not None:
        st.markdown("**The same figures on the command line**, beside the exported file:")
        st.code(command_of(found.question), language=None, wrap_lines=True)


def link_to(shown: Shown, now: Draft) -> str:
    """The address that opens this redesign in another browser."""
    at = urlsplit(st.context.url or "")
    carried = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    asked = {
        "area": shown.area,
        "years": shown.question.years,
        "scenario": choices.name_of_draft(now),
    }
    query = urlencode(asked | carried | {choices.LINK: links.packed(now)})
    return urlunsplit((at.scheme, at.netloc, at.path, query, ""))


def save(replace: bool = False) -> None:
    """Put the redesign on the shelf under the name that was typed: a callback."""
    name = str(st.session_state[NAME])
    st.session_state.pop(REPLACE, None)
    st.session_state.pop(build_state.FAULT, None)
    try:
        kept = shelf.keep(build_state.draft(), name, replace)
    except InputError as error:
        taken = not replace and " ".join(name.split()) in shelf.kept()
        st.session_state[REPLACE] = taken
        said = f"There is a saved redesign called {name!r}. Choose another name, or replace it."
        build_state.refuse(SLOT, said if taken else error)
        return
    build_state.say(SLOT, f"Saved as {kept!r}.")
