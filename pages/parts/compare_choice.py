"""Which scenarios stand side by side: today's arrangements, the redesign of the sidebar, two more.

Two more may come from the library, from the saved redesigns, or be the draft that is being built.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from model.answers import Answer
from model.charts_money import REDESIGNS
from model.errors import InputError
from model.pictures import TODAYS
from model.questions import Question, Redesign
from model.redesigns import shelf
from pages.parts import choices, frame
from pages.parts.asking import Found

SLOT, CHOSEN = "compare", "_beside"
MOST_MORE = 2  # today's, the sidebar's and two more make four
SAVED = "Saved: "
SHAPES = {0: "&#9632;", 1: "&#9650;", 2: "&#9670;"}  # square, triangle, diamond: as in the charts
BLUE = "#12436D"


def more(shown: frame.Shown) -> tuple[Redesign, ...]:
    """The redesigns that are set beside that of the sidebar."""
    offer = offered(shown.question)
    picked = st.multiselect(
        f"Set beside {shown.question.redesigns[0].plan().title}, up to two more",
        list(offer),
        [name for name in st.session_state.get(CHOSEN, []) if name in offer],
        max_selections=MOST_MORE,
        select_all=False,
        placeholder="From the library, your saved redesigns, or your draft",
        key="beside",
        bind="query-params",
        help="Every redesign meets the same simulated families as today's arrangements do.",
    )
    st.session_state[CHOSEN] = picked
    return tuple(offer[name] for name in picked if name in offer)


def offered(question: Question) -> dict[str, Redesign]:
    """What can be set beside the redesign of a question, by the name as people say it."""
    offer = choices.offered(choices.fingerprint())
    found = {
        offer.redesigns[name].title: Redesign(name) for name in offer.redesigns_for(question.area)
    }
    draft = choices.draft()
    if draft is not None and not draft.empty:
        found[f"My draft: {draft.title}"] = choices.redesign_of(draft)
    for name in shelf.kept():
        try:
            found[f"{SAVED}{name}"] = choices.redesign_of(shelf.taken(name))
        except InputError:  # a file that is no longer a scenario: Build says so
            continue
    own = question.redesigns[0].name
    return {title: one for title, one in found.items() if one.name != own}


def asked(shown: frame.Shown, beside: tuple[Redesign, ...]) -> tuple[Answer, Found | None]:
    """The answer to draw, and what is known of the question that it is to be of.

    While there is none for all of them, that of the sidebar's redesign alone is drawn.
    """
    if not beside:
        return shown.answer, None
    names: set[str] = set()
    unique = tuple(one for one in beside if not (one.name in names or names.add(one.name)))
    try:
        found = frame.ask(replace(shown.question, beside=unique), SLOT)
    except InputError as error:  # one of them cannot be run so: the others are still worth a look
        frame.refuse(error)
        return shown.answer, None
    return found.answer or shown.answer, found


def titles(answer: Answer) -> list[str]:
    """The redesigns as people say them, each name once."""
    found: list[str] = []
    for one in answer.each:
        title = one.scenario_title
        while title in found or title == TODAYS:
            title += " (another)"
        found.append(title)
    return found


def key(names: list[str]) -> None:
    """Which colour and shape belongs to which scenario, on every chart of the page."""
    rows = [f'<span class="fp-key"><b style="color:{BLUE}">&#9679;</b> {TODAYS}</span>']
    for place, name in enumerate(names):
        colour = REDESIGNS[place]
        rows.append(
            f'<span class="fp-key"><b style="color:{colour}">{SHAPES[place]}</b> '
            f"{escape(name)}</span>"
        )
    st.html(
        "<style>.fp-key { display: inline-block; margin: 0 1.4rem 0.2rem 0; }"
        ".fp-key b { font-size: 1.15rem; }</style>"
        f'<div aria-label="Key of the charts" role="group">{"".join(rows)}</div>'
    )
