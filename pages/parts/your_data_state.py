"""One person's desk for uploads: what is on its way, what was found, and how it is cleared.

Bytes of an upload go from the browser's hands through this server's memory to a process of their
own. They are taken out of Streamlit's memory at once, and are in no cache and no key.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.errors import InputError, Where
from model.returns.given import InMemory
from model.uploads import Desk, Task, open_desk
from model.uploads.desk import Owner
from model.uploads.process import STOPPED
from model.uploads.tasks import Works
from model.wording import duration
from pages.parts import frame

OWNER, ROUND, REFUSED = "_desk", "_uploads_done", "_upload_refused"
SECONDS_BETWEEN_LOOKS = 0.5
MOST_FILES, MOST_BYTES = 200, 200_000_000
SECONDS_A_RUN = 0.15  # of the simulator, for a council of a usual size; corrected as it goes
USUAL_CHILDREN = 55_000


def desk() -> Desk:
    """This session's desk; it goes with the session."""
    if OWNER not in st.session_state:
        st.session_state[OWNER] = open_desk()
    owner: Owner = st.session_state[OWNER]
    owner.desk.look()
    return owner.desk


def begin(request: Works, doing: str, expected_seconds: float = 15.0) -> None:
    """Begin a task; a callback, so that the page is drawn with it on its way."""
    st.session_state.pop(REFUSED, None)
    try:
        desk().begin(request, doing, expected_seconds)
    except InputError as error:
        st.session_state[REFUSED] = error


def clear() -> None:
    """End the process, forget what was found, and take uploads out of the page: a callback."""
    desk().clear()
    st.session_state.pop(REFUSED, None)
    next_round()


def stop() -> None:
    """Stop what is on its way: a callback."""
    desk().stop()


def uploader_key(name: str) -> str:
    """The key of an uploader; another one once its files were taken."""
    return f"{name}_{st.session_state.get(ROUND, 0)}"


def next_round() -> None:
    """Empty every uploader."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def take(name: str) -> tuple[InMemory, ...]:
    """The files of an uploader, taken out of Streamlit's memory; each with a name of its own.

    Raises
    ------
    InputError for too many files, or too much.
    """
    key = uploader_key(name)
    given = st.session_state.get(key) or []
    given = given if isinstance(given, list) else [given]
    found = tuple(InMemory(one.name, one.getvalue()) for one in given)
    context = get_script_run_ctx()
    if context is not None:
        for one in given:
            context.uploaded_file_mgr.remove_file(context.session_id, one.file_id)
    next_round()
    check_size(found)
    return with_own_names(found)


def check_size(found: tuple[InMemory, ...]) -> None:
    """Refuse more than can be read.

    Raises InputError.
    """
    size = sum(len(one.data) for one in found)
    if len(found) > MOST_FILES or size > MOST_BYTES:
        says = f"{len(found)} files of {size / 1e6:,.0f} MB"
        allowed = f"{MOST_FILES} files of {MOST_BYTES / 1e6:.0f} MB together"
        raise InputError(Where("uploads"), says, allowed, "Upload fewer years at a time.")


def with_own_names(found: tuple[InMemory, ...]) -> tuple[InMemory, ...]:
    """Files of one name told apart by a number."""
    names: set[str] = set()
    told = []
    for one in found:
        name, number = one.name, 2
        while name in names:
            stem = one.name.removesuffix(one.suffix)
            name, number = f"{stem} ({number}){one.suffix}", number + 1
        names.add(name)
        told.append(InMemory(name, one.data))
    return tuple(told)


def fit_seconds(runs: int, children: float, fits: int = 1) -> float:
    """About how long fits take here."""
    return fits * runs * SECONDS_A_RUN * max(children / USUAL_CHILDREN, 0.1) + 10.0


def tell() -> None:
    """What is on its way, or how the last task ended where it brought nothing."""
    refused = st.session_state.get(REFUSED)
    if refused is not None:
        frame.refuse(refused)
    task = desk().task
    if task is None:
        return
    if not task.finished:
        on_its_way(task)
    elif task.error is not None:
        frame.refuse(task.error)
    elif task.message == STOPPED:
        st.info("Stopped.", icon=":material/stop_circle:")
    elif task.message:
        st.error(task.message, icon=":material/error:")


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def on_its_way(task: Task) -> None:
    """How far a task is, with a button that stops it; the page is drawn again at its end."""
    if task.finished:
        st.rerun()
    desk().look()
    left = duration(task.seconds_left)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="upload_on_its_way"
    ):
        st.progress(min(task.share, 1.0), text=f"{task.doing}: {left} left")
        st.button("Stop", icon=":material/stop_circle:", key="stop_upload", on_click=stop)
