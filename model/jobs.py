"""Questions answered in worker processes, so that a server never stands still.

A board takes questions, runs one after the other on one pool of spawned processes, and keeps
the last answers. The same question asked twice is one job. A job says how far it is; stopping it
ends its processes. The board draws nothing and knows no screen.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError
from dataclasses import replace
from enum import StrEnum

from model.answers import Answer, Question, digest_of
from model.errors import InputError
from model.executors import LostWorkerError, Processes, processes
from model.futures import answer_to
from model.keeping import KeptInStore
from model.store import Store

KEPT_ANSWERS = 16
GUESSED_SECONDS = 0.05  # of one worker, for one future of one year; corrected by every job
START_SECONDS = 4.0  # for the processes to start and read the files


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting for another run to finish"
    PREPARING = "reading the numbers"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class StoppedError(Exception):
    """Someone asked the job to stop."""


FINISHED = (State.DONE, State.FAILED, State.STOPPED)


class Job:
    """One question on its way to an answer.

    Attributes
    ----------
    question : what is asked. state : how far it is. message : what went wrong, for people.
    done, total : futures. began : when it started to run, by `time.monotonic`.
    """

    def __init__(self, question: Question, digest: str, expected_seconds: float) -> None:
        self.question = question
        self.digest = digest
        self.expected_seconds = expected_seconds
        self.state = State.WAITING
        self.message = ""
        self.done = 0
        self.total = question.sampling.tasks
        self.began: float | None = None
        self.stop = False

    @property
    def finished(self) -> bool:
        """Whether it will not go on."""
        return self.state in FINISHED

    def tell(self, done: int) -> None:
        """So many futures are done.

        Raises StoppedError when someone asked the job to stop.
        """
        if self.stop:
            raise StoppedError
        self.state, self.done = State.RUNNING, done

    def seconds_left(self) -> float:
        """How long it will still take: from what is done, and before that, as expected."""
        if self.began is None:
            return self.expected_seconds
        spent = time.monotonic() - self.began
        if not self.done:
            return max(self.expected_seconds - spent, 1.0)
        return spent / self.done * (self.total - self.done)

    def overdue(self) -> bool:
        """Whether nothing is done although everything should be."""
        spent = 0.0 if self.began is None else time.monotonic() - self.began
        return not self.done and spent > self.expected_seconds

    def share(self) -> float:
        """How much is done, 0 to 1."""
        if self.began is None:
            return 0.0
        spent = time.monotonic() - self.began
        by_time = min(spent / self.expected_seconds, 1.0) / self.total
        return min(self.done / self.total + (0.0 if self.done else by_time), 1.0)


class Board:
    """Takes questions, answers them one after the other, keeps the answers.

    Futures are kept in the store, so that a run stopped half-way goes on where it was.

    Parameters
    ----------
    workers : processes; as many as the computer has processors when None.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.seconds_per_future_year = GUESSED_SECONDS
        self._answers: OrderedDict[tuple[Question, str], Answer] = OrderedDict()
        self._jobs: dict[tuple[Question, str], Job] = {}
        self._queue: list[Job] = []
        self._pool: Processes | None = None
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name="jobs", daemon=True).start()

    def ask(self, question: Question) -> Job:
        """A job for the question: the one that is on its way already, or a new one.

        Raises
        ------
        InputError for anything wrong in the files or in the choice.
        """
        digest = digest_of(question)
        with self._changed:
            job = self._jobs.get((question, digest))
            if job is None or job.finished:
                job = Job(question, digest, self.seconds(question))
                self._jobs[question, digest] = job
                self._queue.append(job)
                self._changed.notify_all()
            return job

    def answer(self, question: Question, digest: str) -> Answer | None:
        """An answer to the question that still fits the files; None when there is none."""
        with self._changed:
            for (asked, inputs), found in self._answers.items():
                if inputs == digest and question.is_answered_by(asked):
                    self._answers.move_to_end((asked, inputs))
                    return found
        return None

    def keep(self, answer: Answer) -> None:
        """Keep an answer; the one that was not looked at for longest makes room."""
        with self._changed:
            self._answers[answer.question, answer.digest] = answer
            self._answers.move_to_end((answer.question, answer.digest))
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)

    def seconds(self, question: Question) -> float:
        """How long a question will take here."""
        rounds = -(-2 * question.sampling.futures // self.workers)
        return START_SECONDS + rounds * question.years * self.seconds_per_future_year

    def stop(self, job: Job) -> None:
        """Stop a job; if it is running, its processes end at once."""
        with self._changed:
            job.stop = True
            running, pool = job.state in (State.PREPARING, State.RUNNING), self._pool
            if job.state is State.WAITING:
                job.state = State.STOPPED
        if running and pool is not None:
            pool.stop()

    def _work(self) -> None:
        """Answer the questions one after the other, for as long as the server lives."""
        while True:
            with self._changed:
                while not self._queue:
                    self._changed.wait()
                job = self._queue.pop(0)
                if job.stop:
                    continue
                job.state, job.began = State.PREPARING, time.monotonic()
            self._answer(job)
            with self._changed:
                self._jobs = {key: one for key, one in self._jobs.items() if not one.finished}

    def _answer(self, job: Job) -> None:
        """Run one job to its end, whatever that is; nothing escapes."""
        try:
            self.keep(self._run(job))
            job.state = State.DONE
        except StoppedError:
            job.state = State.STOPPED
        except InputError as error:
            job.message, job.state = str(error), State.FAILED
        except (LostWorkerError, CancelledError, RuntimeError) as error:
            self._pool = None
            job.message = "" if job.stop else str(error)
            job.state = State.STOPPED if job.stop else State.FAILED
        except Exception as error:
            job.message = f"The run failed: {type(error).__name__}: {error}"
            job.state = State.FAILED

    def _run(self, job: Job) -> Answer:
        began = time.monotonic()
        if self._pool is None:
            self._pool = processes(self.workers)
        answer = answer_to(job.question, self._pool, job.tell, KeptInStore(Store()))
        spent = time.monotonic() - began
        rounds = -(-2 * answer.sampling.futures // self.workers)
        measured = max(spent - START_SECONDS, 0.1) / (rounds * job.question.years)
        self.seconds_per_future_year = measured
        return replace(answer, digest=job.digest)
