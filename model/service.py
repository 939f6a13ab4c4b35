"""The process beside a server that does its work: one for each server, warm, and told what to do.

It is spawned, never forked, reads the model once, and simulates on threads, over the compiled
kernel. It takes one request at a time through a pipe; a word to pause is heard at once and acts
before the next replication. It knows no queue, no user and no screen.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from model.answers import Answer
from model.errands import Does
from model.errors import InputError
from model.executors import processors
from model.executors.pool import end_with_parent
from model.how_sure.asked import Analysis, Finding
from model.memory import give_back, keep_what_is_freed, memory_bytes
from model.questions import Question
from model.runs import Run, Runs, StoppedError, engine_in_use
from model.standing import Standing

PAUSE = "pause"
WARM_TASKS = 4  # twice as many as a first answer is made of
AFTER_PAGES = 10  # on a busy computer, whoever turns a page comes before whoever waits for figures
GROWN_BYTES = 1300 * 1024**2  # beyond it, what is free goes back to the system


@dataclass(frozen=True)
class Advance:
    """A request: go on with a question.

    Attributes
    ----------
    key : names the run. question : is read when the run begins. tasks : to reach.
    """

    key: str
    question: Question | Analysis
    tasks: int


@dataclass(frozen=True)
class Warm:
    """A request: get ready for an area, so that the first question meets everything loaded.

    Today's arrangements are then known for the first futures of any redesign over as many years.
    """

    question: Question


@dataclass(frozen=True)
class Forget:
    """A request: let go of a run."""

    key: str


@dataclass(frozen=True)
class Ready:
    """What the process says first: it has read the model, and which engine it has."""

    engine: str


@dataclass(frozen=True)
class Done:
    """So many tasks of the request under way are done."""

    tasks: int


@dataclass(frozen=True)
class Reached:
    """A request is answered.

    Attributes
    ----------
    answer : what is said by now; None where the request was paused. standing : how far it is.
    memory_bytes : what this process takes. brought : by an errand.
    """

    answer: Answer | Finding | None
    standing: Standing
    memory_bytes: int
    brought: object = None
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """A request could not be done.

    Attributes
    ----------
    error : of an input. message : of anything else.
    """

    error: InputError | None
    message: str = ""
    brought: None = None

    @property
    def why(self) -> str:
        """What went wrong, for people."""
        return str(self.error) if self.error else self.message


class Service:
    """The requests of one pipe, done one after the other on threads of this process.

    Parameters
    ----------
    pipe : to whoever asks. threads : how many.
    """

    def __init__(self, pipe: Connection, threads: int) -> None:
        self.pipe = pipe
        self.requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.paused = threading.Event()
        self.runs = Runs(ThreadPoolExecutor(threads, "futures"))

    def listen(self) -> None:
        """Take requests and words to pause, until the pipe is closed; then end the process."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                said = pickle.loads(self.pipe.recv_bytes())
                if said == PAUSE:
                    self.paused.set()
                else:
                    self.paused.clear()
                    self.requests.put(said)
        os._exit(0)

    def say(self, what: object) -> None:
        """Send something to whoever asks."""
        self.pipe.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))

    def check(self) -> None:
        """Stop here when asked to pause.

        Raises StoppedError then.
        """
        if self.paused.is_set():
            raise StoppedError

    def serve(self) -> None:
        """Do the requests, for as long as there is a process that asks."""
        threading.Thread(target=self.listen, name="requests", daemon=True).start()
        self.say(Ready(engine_in_use()))
        while True:
            request = self.requests.get()
            try:
                reply = self.reply_to(request)
            except InputError as error:
                reply = Refused(error)
            except Exception as error:  # whatever it is, the server must hear of it
                reply = Refused(None, f"The run failed: {type(error).__name__}: {error}")
            self.say(reply)

    def reply_to(self, request: object) -> Reached | Refused:
        """Do one request."""
        if isinstance(request, Advance):
            return self.advance(request)
        if isinstance(request, Does):
            return Reached(None, Standing(0, 0, True), memory_bytes(), request.bring())
        if isinstance(request, Forget):
            self.runs.forget(request.key)
        elif isinstance(request, Warm):
            run = Run(request.question, self.runs.todays)
            with contextlib.suppress(StoppedError):
                run.advance(WARM_TASKS, self.runs.executor, lambda _: None, self.check)
        give_back()
        return Reached(None, Standing(0, 0, True), memory_bytes())

    def advance(self, request: Advance) -> Reached:
        """Go on with a run until its tasks are done, it is enough, or it is to pause."""
        run = self.runs.run_of(request.key, request.question)
        answer: Answer | Finding | None = None
        say: Callable[[int], None] = lambda tasks: self.say(Done(tasks))  # noqa: E731
        say(run.standing.tasks)
        try:
            run.advance(request.tasks, self.runs.executor, say, self.check)
            answer = run.answer()
        except StoppedError:
            answer = None
        if memory_bytes() > GROWN_BYTES:
            give_back()
        return Reached(answer, run.standing, memory_bytes())


def work(pipe: Connection) -> None:
    """What the process does from its first to its last moment."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(AFTER_PAGES)
    keep_what_is_freed()
    threading.Thread(target=end_with_parent, daemon=True).start()
    Service(pipe, processors()).serve()
