"""The frame around every page: choices, what is shown, and a run on its way.

A result is always on the screen: the worked example at first, then the last answer. When the
choices differ from what is shown, the frame says so and offers to run them.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from model import headlines, worked_example
from model.answers import Answer, Question
from model.errors import InputError
from model.jobs import Board, Job, State
from model.wording import day, duration, years
from pages.parts import choices, look

PAGES = (
    ("pages/today.py", "Today", ":material/account_tree:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/fit.py", "How well it fits", ":material/fact_check:"),
    ("pages/evidence.py", "Evidence", ":material/menu_book:"),
)
FRAMED, SHOWN, LAST, JOB = "_framed", "_shown", "_last", "_job"
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True)
class Shown:
    """What the pages draw.

    Attributes
    ----------
    answer : the figures. stale : whether the files have changed since it was made.
    example : whether it is the committed worked example. area : the area that is chosen.
    """

    answer: Answer
    stale: bool
    example: bool
    area: str


@st.cache_resource(show_spinner=False)
def board() -> Board:
    """The server's one board of jobs; it knows the worked example as an answer."""
    found = Board()
    found.keep(worked_example.load())
    return found


def start() -> None:
    """Draw the frame and, inside it, the page that was chosen."""
    st.set_page_config("Family Pathways", look.ICON, layout="wide")
    pages = [
        st.Page(path, title=title, icon=icon, default=not place)
        for place, (path, title, icon) in enumerate(PAGES)
    ]
    page = st.navigation(pages, position="top")
    look.lay_out()
    try:
        with st.sidebar:
            question, fresh = ask()
    except InputError as error:
        refuse(error)
        st.session_state[SHOWN] = Shown(worked_example.load(), False, True, choices.FIRST_AREA)
    else:
        show(question, fresh)
    progress()
    st.session_state[FRAMED] = True
    try:
        page.run()
    except InputError as error:
        refuse(error)
    finally:
        st.session_state[FRAMED] = False


def shown() -> Shown:
    """What a page is to draw; a page that was opened without its frame gets it first."""
    if not st.session_state.get(FRAMED):
        start()
        st.stop()
    found: Shown = st.session_state[SHOWN]
    return found


def refuse(error: InputError) -> None:
    """Show what is wrong in a file, and the remedy."""
    st.error(
        f"**{error.where}** cannot be used.\n\nFound: {error.found}\n\n"
        + (f"Allowed: {error.allowed}\n\n" if error.allowed else "")
        + error.remedy,
        icon=":material/error:",
    )


def ask() -> tuple[Question, Answer | None]:
    """The sidebar: the question chosen, its answer if there is one, and the button to run it."""
    st.markdown("### What if?")
    files = choices.fingerprint()
    question = choices.choose(choices.offered(files))
    fresh = board().answer(question, choices.digest(question, files))
    job: Job | None = st.session_state.get(JOB)
    busy = job is not None and not job.finished and job.question == question
    if st.button(
        "Run this comparison",
        type="primary",
        width="stretch",
        disabled=fresh is not None or busy,
        icon=":material/play_arrow:",
    ):
        st.session_state[JOB] = board().ask(question)
    if fresh is not None:
        st.caption("The figures shown answer these choices.")
    else:
        st.caption(f"Takes {duration(board().seconds(question))} on this computer.")
    return question, fresh


def show(question: Question, fresh: Answer | None) -> None:
    """Settle what the pages draw, and say what it is."""
    example = worked_example.load()
    answer = fresh or st.session_state.get(LAST) or example
    if fresh is not None:
        st.session_state[LAST] = fresh
    stale = fresh is None and is_stale(answer)
    st.session_state[SHOWN] = Shown(answer, stale, answer is example, question.area)
    st.markdown(f"**Shown:** {headlines.about(answer)}")
    if answer is example:
        st.caption(f":material/bookmark: Worked example, made on {day(answer.made_on)}.")
    if stale:
        st.warning(
            f"**Out of date.** Parameters, the scenario or the model have changed since this was "
            f"made on {day(answer.made_on)} (inputs {answer.digest[:12]}). Run it again for "
            "figures that fit the files.",
            icon=":material/history:",
        )
    if fresh is None:
        offer = choices.offered(choices.fingerprint())
        st.info(
            f"**Your choice has not been run yet:** {offer.areas[question.area]}, "
            f"{offer.redesigns[question.scenario].title}, {years(question.years)}, "
            f"{choices.futures_in(question)}. Press **Run this comparison** in the "
            "sidebar; until then the figures are those of the line above.",
            icon=":material/info:",
        )


def is_stale(answer: Answer) -> bool:
    """Whether the files of today would give other figures."""
    try:
        return choices.digest(answer.question, choices.fingerprint()) != answer.digest
    except InputError:
        return True


def progress() -> None:
    """A run on its way, or how it ended."""
    job: Job | None = st.session_state.get(JOB)
    if job is None:
        return
    if not job.finished:
        on_its_way()
    elif job.state is State.FAILED:
        st.error(job.message, icon=":material/error:")
    elif job.state is State.STOPPED:
        says = "The run was stopped. What was finished is kept: run it again to go on from there."
        st.info(says, icon=":material/stop_circle:")


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def on_its_way() -> None:
    """How far a run is, with the time left and a button that stops it."""
    job: Job | None = st.session_state.get(JOB)
    if job is None:
        return
    if job.finished:
        if job.state is State.DONE:
            st.session_state.pop(JOB)
        st.rerun()
    left = f"{duration(job.seconds_left())} left"
    if job.overdue():
        left = "longer than usual: the first run on a computer prepares the model for it"
    done = f"{job.done} of {'at most ' * job.question.until_enough}{job.total} done, {left}"
    with st.container(border=True, key="run_on_its_way"):
        st.progress(
            job.share(), text=done if job.state is State.RUNNING else f"{job.state}, {left}"
        )
        st.button("Stop the run", on_click=board().stop, args=(job,), icon=":material/stop_circle:")
