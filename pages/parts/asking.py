"""Questions put to the server's one board of jobs, and what has come of them.

A page asks, and gets what is known by now: nothing yet, a first answer, or a firm one. Asking the
same again costs nothing. Answers belong to the server, not to a session: whoever asks the same,
or comes back after losing the connection, finds the same job.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model import worked_example
from model.answers import Answer
from model.enough import FLOOR, Verdict, verdict
from model.errors import InputError
from model.jobs import Board, Job, State
from model.questions import Question
from model.wording import simulated
from pages.parts import choices
from pages.parts.once import once

JOBS, LEFT = "_jobs", "_left"
MAIN = "main"
# A look costs a browser more than the server: twenty people who wait would keep a processor busy.
SECONDS_BETWEEN_LOOKS, SECONDS_WHILE_FIRMING_UP = 1.0, 2.5
FIRST_WAIT_SECONDS = 3.0  # for a first answer, before the page is drawn without it


@dataclass(frozen=True)
class Found:
    """What is known of a question by now.

    Attributes
    ----------
    question : that was asked. answer : what is said by now; None where nothing is yet.
    job : on its way, or how it ended; None where the answer was there.
    example : whether it is the committed worked example, which has fewer futures than asked for.
    left : whether this person stopped it.
    """

    question: Question
    answer: Answer | None
    job: Job | None = None
    example: bool = False
    left: bool = False

    @property
    def firm(self) -> bool:
        """Whether no more futures are on their way."""
        return self.answer is not None and (self.job is None or self.job.state is State.DONE)

    @property
    def working(self) -> bool:
        """Whether more is coming."""
        return self.job is not None and not self.job.finished and not self.left


@st.cache_resource(show_spinner=False)
def board() -> Board:
    """The server's one board of jobs; it knows the worked example as an answer."""
    found = Board()
    example = worked_example.load()
    found.keep(example)
    found.warm(example.question)
    return found


def user() -> str:
    """Who asks: one browser session."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def ask(question: Question, slot: str = MAIN, start: bool = True) -> Found:
    """What is known of a question; it is set going where nothing is.

    Parameters
    ----------
    slot : what it is for. A new question in a slot takes the place of the last one there, which
        is stopped when nobody else wants it.
    start : whether to set it going.

    Raises
    ------
    InputError for anything wrong in the files or in the choice, or a job that is too long.
    """
    digest = choices.digest(question, choices.fingerprint())
    here = board()
    answer = here.answer(question, digest)
    if answer is not None:
        _take_slot(slot, None)
        return Found(question, answer)
    job = here.job(question, digest)
    left = st.session_state.get(LEFT) == _key(question, digest)
    if job is None or job.state is State.STOPPED:
        example = worked_example.load()
        same = question.is_about_the_same_as(example.question) and digest == example.digest
        if same and not st.session_state.get(_wanted(question)):
            return Found(question, example, None, example=True)
        if start and not left:
            job = here.ask(question, user(), digest)
    elif not left and not job.finished:
        here.ask(question, user(), digest)
    if job is not None and not left:
        _take_slot(slot, job)
        _wait_a_little(job)
    found = job.answer if job else None
    return Found(question, found, job, left=left)


def firm_up(question: Question) -> None:
    """Go on with a question of which only the worked example is known: a button's callback."""
    st.session_state[_wanted(question)] = True
    st.session_state.pop(LEFT, None)


def leave(found: Found) -> None:
    """Stop what is on its way for this person, and altogether unless somebody else wants it."""
    if found.job is not None:
        st.session_state[LEFT] = _key(found.job.question, found.job.digest)
        board().leave(found.job, user())


def go_on(found: Found) -> None:
    """Go on with what was stopped: a button's callback."""
    st.session_state.pop(LEFT, None)


def sure(found: Found) -> str:
    """How sure what is shown is, in a few words."""
    answer = found.answer
    if answer is None:
        return "No answer yet"
    said = simulated(answer.sampling.futures)
    if not found.question.until_enough and found.firm:
        return f"{said}, as many as you chose"
    if answer.sampling.futures < FLOOR and not found.example:
        return f"First answer, {said}: the ranges are rough"
    standing = once(answer, _standing)
    if found.firm and standing.enough and not found.example:
        return f"Decision-grade, {said}: more would not change what is said"
    if found.firm and not found.example:
        return f"{said}, the most allowed: the chance of a saving is known to " + _points(
            standing.chance_error
        )
    return f"{said}: the chance of a saving is known to {_points(standing.chance_error)}"


def _standing(answer: Answer) -> Verdict:
    return verdict(answer.baseline, answer.scenario)


def is_stale(answer: Answer) -> bool:
    """Whether the files of today would give other figures."""
    try:
        return choices.digest(answer.question, choices.fingerprint()) != answer.digest
    except InputError:
        return True


def _points(share: float) -> str:
    return f"{100 * share:.0f} points either way"


def _key(question: Question, digest: str) -> str:
    return f"{digest} {question!r}"


def _wanted(question: Question) -> str:
    return f"_firm_up {question!r}"


def _take_slot(slot: str, job: Job | None) -> None:
    """A slot has one job at a time; the one before it is left."""
    jobs: dict[str, Job | None] = st.session_state.setdefault(JOBS, {})
    before = jobs.get(slot)
    jobs[slot] = job
    wanted = [one for one in jobs.values() if one is not None]
    if before is not None and before not in wanted and not before.finished:
        board().leave(before, user())


def _wait_a_little(job: Job) -> None:
    """Give a first answer the time that it needs when nobody else is there."""
    until = time.monotonic() + FIRST_WAIT_SECONDS
    while job.answer is None and not job.finished and time.monotonic() < until:
        time.sleep(0.02)
