"""The frame around every page: navigation, choices, what is shown, and how sure it is.

For those who write pages. A page is a thin file in `pages/`, named in `PAGES`; it is in the
navigation as soon as the file is there. It begins with

    shown = frame.shown()            # the sidebar's question, and what is known of it by now
    answer = shown.answer            # an Answer: there is always one to draw

A page with a question of its own asks

    found = frame.ask(question, "my page")   # answer is None until there is a first one
    frame.strip(found, "my page")            # how sure it is, time left, stop

and `frame.use(draft)` lets every page show the redesign that is being built.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from model import headlines, worked_example
from model.answers import Answer
from model.errors import InputError
from model.jobs import State
from model.questions import Question
from model.wording import day, duration
from pages.parts import asking, choices, look, people
from pages.parts.asking import Found, ask
from pages.parts.choices import use

# Who a page is for: its file, title, icon.
PAGES = {
    "": (("start", "Start", ":material/home:"),),
    "For service leads": (
        ("today", "Today", ":material/account_tree:"),
        ("build", "Build a redesign", ":material/construction:"),
        ("compare", "Compare", ":material/compare_arrows:"),
        ("flow", "Flow", ":material/animation:"),
    ),
    "For leadership": (("savings", "Savings", ":material/savings:"),),
    "For analysts": (
        ("how_sure", "How sure", ":material/query_stats:"),
        ("evidence", "Evidence and assumptions", ":material/menu_book:"),
        ("your_data", "Your data", ":material/upload_file:"),
    ),
}
HERE = Path(__file__).resolve().parents[1]
FRAMED, SHOWN, LAST = "_framed", "_shown", "_last"


@dataclass(frozen=True)
class Shown:
    """What the pages draw.

    Attributes
    ----------
    answer : the figures: those of the question, or the last ones while it has none yet.
    question : what is chosen. found : what is known of it by now.
    stale : whether the figures are not those of the choices or of the files as they are now.
    example : whether they are the committed worked example. area : the area that is chosen.
    """

    answer: Answer
    question: Question
    found: Found
    stale: bool
    example: bool
    area: str


@choices.one_look_at_files()
def start() -> None:
    """Draw the frame and, inside it, the page that was chosen."""
    st.set_page_config("Family Pathways", look.ICON, layout="wide")
    page = st.navigation(pages(), position="hidden")
    look.lay_out()
    people.let_in()
    with st.sidebar:
        navigation()
    try:
        with st.sidebar:
            question = choices.choose(choices.offered(choices.fingerprint()))
        settled = settle(question)
    except InputError as error:
        refuse(error)
        settled = without_answer()
    st.session_state[SHOWN] = settled
    tell(settled)
    st.session_state[FRAMED] = True
    try:
        page.run()
    except InputError as error:
        refuse(error)
    finally:
        st.session_state[FRAMED] = False


def pages() -> dict[str, list[st.Page]]:
    """The pages that there are, by whom they are for."""
    found = {
        group: [
            st.Page(f"pages/{name}.py", title=title, icon=icon, default=name == "start")
            for name, title, icon in rows
            if exists(name)
        ]
        for group, rows in PAGES.items()
    }
    return {group: rows for group, rows in found.items() if rows}


def navigation() -> None:
    """The links at the side. Streamlit's own list of pages nests headings as no list may."""
    with st.container(key="navigation", gap="xxsmall"):
        for group, rows in PAGES.items():
            here = [row for row in rows if exists(row[0])]
            if here and group:
                st.html(f'<p class="fp-group">{group}</p>')
            for name, title, icon in here:
                st.page_link(f"pages/{name}.py", label=title, icon=icon, width="stretch")


def exists(name: str) -> bool:
    """Whether there is a page of this name."""
    return (HERE / f"{name}.py").is_file()


def link(name: str, label: str) -> None:
    """A link to another page, with the same choices."""
    icons = {one: icon for rows in PAGES.values() for one, _, icon in rows}
    st.page_link(f"pages/{name}.py", label=label, icon=icons[name])


def shown() -> Shown:
    """What a page is to draw; a page that was opened without its frame gets it first."""
    if not st.session_state.get(FRAMED):
        start()
        st.stop()
    found: Shown = st.session_state[SHOWN]
    return found


def settle(question: Question) -> Shown:
    """What the pages draw for a question, by now."""
    found = ask(question)
    if found.answer is not None:
        st.session_state[LAST] = found.answer
    answer = found.answer or st.session_state.get(LAST) or worked_example.load()
    stale = found.answer is None or (found.example and asking.is_stale(answer))
    return Shown(answer, question, found, stale, found.example, question.area)


def without_answer() -> Shown:
    """What the pages draw when the choice cannot be run: what was there before."""
    answer = st.session_state.get(LAST) or worked_example.load()
    question = answer.question
    example = answer is worked_example.load()
    return Shown(answer, question, Found(question, answer), True, example, question.area)


def refuse(error: InputError) -> None:
    """Show what is wrong in a file or a choice, and the remedy."""
    st.error(
        f"**{error.where}** cannot be used.\n\nFound: {error.found}\n\n"
        + (f"Allowed: {error.allowed}\n\n" if error.allowed else "")
        + error.remedy,
        icon=":material/error:",
    )


def tell(settled: Shown) -> None:
    """Say what is on the screen and how sure it is, above every page."""
    st.markdown(f"**Shown:** {headlines.about(settled.answer)}")
    if settled.stale and settled.found.answer is None:
        when = "when you go on" if settled.found.left else "as soon as there is a first answer"
        says = f"**These are not yet the figures of your choice.** They change {when}."
        st.info(says, icon=":material/hourglass_top:")
    elif settled.stale:
        st.warning(
            f"**Out of date.** Parameters, the scenario or the model have changed since this was "
            f"made on {day(settled.answer.made_on)} (inputs {settled.answer.digest[:12]}).",
            icon=":material/history:",
        )
    strip(settled.found)


def strip(found: Found, slot: str = asking.MAIN) -> None:
    """How sure what is shown is; while more is coming, how far it is, with a button that stops."""
    job = found.job
    if found.working:
        waits = found.answer is None
        every = asking.SECONDS_BETWEEN_LOOKS if waits else asking.SECONDS_WHILE_FIRMING_UP
        st.fragment(on_its_way, run_every=every)(found, slot)
    elif found.left:
        words = "Stopped. What was finished is kept."
        _with_button(words, "Go on", asking.go_on, found, slot, ":material/play_arrow:")
    elif job is not None and job.state is State.FAILED:
        st.error(job.message, icon=":material/error:")
        _with_button("", "Try again", _again, found, slot, ":material/refresh:")
    elif found.example:
        label, icon = "Make it decision-grade", ":material/play_arrow:"
        assert found.answer is not None
        says = f":material/bookmark: Worked example, made on {day(found.answer.made_on)}. "
        _with_button(says + asking.sure(found), label, _firm_up, found, slot, icon)
    elif found.answer is not None:
        st.caption(f":material/verified: {asking.sure(found)}.")


def on_its_way(found: Found, slot: str) -> None:
    """How far a job is; the page is drawn again as soon as there is a firmer answer."""
    job = found.job
    assert job is not None
    if job.finished or job.answer is not found.answer:
        st.rerun()
    says = "Working on a first answer"
    if found.answer:
        left = duration(asking.board().seconds_left(job))
        says = f"{asking.sure(found)}. Firming up: {job.futures} futures done, {left} left"
    if others := asking.board().ahead(job):
        says += f", taking turns with {others} other{'s' if others > 1 else ''}"
    with st.container(
        border=True, key=f"on_its_way_{slot}", horizontal=True, vertical_alignment="center"
    ):
        st.progress(job.share(), text=says)
        if st.button("Stop", icon=":material/stop_circle:", key=f"stop_{slot}"):
            asking.leave(found)
            st.rerun()


def _with_button(words: str, label: str, does: object, found: Found, slot: str, icon: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if words:
            st.caption(words)
        st.button(label, on_click=does, args=(found,), icon=icon, key=f"{label}_{slot}")


def _firm_up(found: Found) -> None:
    asking.firm_up(found.question)


def _again(found: Found) -> None:
    assert found.job is not None
    asking.board().ask(found.question, asking.user())


__all__ = [
    "PAGES",
    "Found",
    "Shown",
    "ask",
    "exists",
    "link",
    "refuse",
    "shown",
    "start",
    "strip",
    "use",
]
