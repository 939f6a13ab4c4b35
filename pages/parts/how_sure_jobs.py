"""Analyses of how sure an answer is: asked for, on their way, found; kept through page changes.

They are done in the server's process for work, in turns with everybody's questions, and belong to
the server: whoever asks the same finds the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from model.answers import Answer
from model.charts import Picture
from model.errors import InputError
from model.how_sure import pictures as drawn
from model.how_sure.asked import ONE_WAY, STRENGTH, UPTAKE, Analysis, Finding
from model.jobs import Job, State
from model.savings import COUNCIL
from model.wording import duration
from pages.parts import asking, choices, show
from pages.parts.savings_case import case_of

ASKED = "_how_sure"
SECONDS_BETWEEN_LOOKS = 2.0
THOROUGH = {"Quick": 8, "Usual": 16, "Thorough": 48}
MAKERS: dict[str, Callable[..., Picture]] = {
    ONE_WAY: drawn.tornado,
    STRENGTH: drawn.strength,
    UPTAKE: drawn.uptake,
}


@dataclass(frozen=True)
class Kind:
    """One analysis on the page.

    Attributes
    ----------
    which : of `how_sure.asked.WHICH`. title : heading. asks : what it answers. reading : how to
    read what it shows.
    """

    which: str
    title: str
    asks: str
    reading: str


def analysis(answer: Answer, which: str, basis: str, futures: int) -> Analysis:
    """The analysis of an answer; the first of its redesigns."""
    known: tuple[float, ...] = ()
    sampling = None
    if which == ONE_WAY:
        saved = case_of(answer, basis).saved(COUNCIL).sum(axis=1)
        known, sampling = tuple(float(value) for value in saved), answer.sampling
    question = replace(answer.question, beside=())
    return Analysis(question, which, basis, futures, known, sampling)


def draw(kind: Kind, answer: Answer, basis: str) -> Finding | None:
    """Draw one analysis: what was found, how far it is, or the button that starts it."""
    st.subheader(kind.title)
    st.markdown(kind.asks)
    asked = _asked().get(kind.which)
    if asked is not None and not _fits(asked, answer, basis):
        st.caption(":material/history: The last run was of other choices; run it again for these.")
        asked = None
    job = _job(asked) if asked else None
    found = _found(asked, job) if asked else None
    if found is not None and found.table is not None:
        _show(kind, answer, basis, found)
    elif job is not None and not job.finished and not job.stop:
        on_its_way(kind, job)
        return None
    elif job is not None and job.state is State.FAILED:
        st.error(job.message, icon=":material/error:")
    elif job is not None:
        st.caption("Stopped. What was finished is kept, as long as the server has room.")
    _starter(kind, answer, basis, again=found is not None)
    return found


def of_session(answer: Answer, basis: str) -> dict[str, Finding]:
    """What was found for this answer in this session, by analysis."""
    found = {}
    for which, asked in _asked().items():
        if _fits(asked, answer, basis):
            here = _found(asked, _job(asked))
            if here is not None and here.table is not None:
                found[which] = here
    return found


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def on_its_way(kind: Kind, job: Job) -> None:
    """How far an analysis is, with a button that stops it."""
    if job.finished:
        st.rerun()
    board = asking.board()
    says = "Getting ready"
    if job.done:
        says = f"{job.done} of {job.expected} runs done, {duration(board.seconds_left(job))} left"
    if others := board.ahead(job):
        says += f", taking turns with {others} other{'s' if others > 1 else ''}"
    row = st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"way_{kind.which}"
    )
    with row:
        st.progress(job.share(), text=says)
        if st.button("Stop", icon=":material/stop_circle:", key=f"stop_{kind.which}"):
            board.leave(job, asking.user())
            st.rerun()


def _starter(kind: Kind, answer: Answer, basis: str, again: bool) -> None:
    """How thorough, how long, and the button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = st.segmented_control(
            "How thorough",
            list(THOROUGH),
            default="Usual",
            required=True,
            key=f"thorough_{kind.which}",
            persist_state="session",
            help="How many simulated futures each run has: " + _options(),
        )
        wanted = analysis(answer, kind.which, basis, THOROUGH[how or "Usual"])
        st.button(
            "Run it again" if again else "Run it",
            on_click=_start,
            args=(wanted,),
            icon=":material/play_arrow:",
            key=f"run_{kind.which}",
        )
    seconds = duration(asking.board().seconds(wanted))
    st.caption(
        f"{wanted.runs_at_most} runs of {wanted.runs.futures} simulated futures, {seconds} at most "
        "on this computer. You can go to other pages meanwhile."
    )


def _start(wanted: Analysis) -> None:
    """Have it worked on: a button's callback. What cannot be run is said when it is drawn."""
    _asked()[wanted.which] = wanted
    try:
        asking.board().ask(wanted, asking.user())
    except InputError as error:
        del _asked()[wanted.which]
        st.session_state[f"{ASKED}_refused"] = str(error)


def refused() -> str:
    """Why the last analysis that was asked for could not begin; said once."""
    return str(st.session_state.pop(f"{ASKED}_refused", ""))


def _show(kind: Kind, answer: Answer, basis: str, found: Finding) -> None:
    case = case_of(answer, basis)
    runs = found.question.runs
    picture = MAKERS[kind.which](case.about, found.table, runs, case.says)
    show.picture(picture, f"picture_{kind.which}")
    st.caption(
        f"**How to read it.** {kind.reading} It has {runs.futures} futures of its own: compare its "
        "figures with one another, not with the saving on other pages."
    )
    if found.digest != _digest(found.question):
        st.warning("**Out of date.** Parameters or the scenario have changed since this was run.")


def _fits(asked: Analysis, answer: Answer, basis: str) -> bool:
    """Whether an analysis is of what is shown."""
    return asked.basis == basis and asked.question == replace(answer.question, beside=())


def _found(asked: Analysis, job: Job | None) -> Finding | None:
    found = job.answer if job is not None else None
    if found is None:
        found = asking.board().answer(asked, _digest(asked))
    return found if isinstance(found, Finding) else None


def _job(asked: Analysis) -> Job | None:
    return asking.board().job(asked, _digest(asked))


def _digest(asked: Analysis) -> str:
    return choices.digest(asked.question, choices.fingerprint())


def _asked() -> dict[str, Analysis]:
    found: dict[str, Analysis] = st.session_state.setdefault(ASKED, {})
    return found


def _options() -> str:
    return ", ".join(f"{name.lower()} {number}" for name, number in THOROUGH.items()) + "."
