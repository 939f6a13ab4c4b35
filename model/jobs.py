"""One register of the questions that a server works on: one job for a question, whoever asks.

A job gives a first answer soon, then firmer ones, until there are enough futures. Jobs take turns
so that nobody waits for somebody else's long one. The work is done in another process
(`model.service`); this register draws nothing and knows no screen.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from model.answers import Answer
from model.errands import Errands
from model.errors import InputError, Where
from model.executors import LostWorkerError
from model.how_sure.asked import Analysis, Finding
from model.questions import Question, digest_of
from model.service import Advance, Forget, Reached, Refused, Warm
from model.service_link import ServiceLink
from model.standing import Standing
from model.wording import duration

FIRST_FUTURES = 4
KEPT_BYTES = 600 * 1024**2
TURN_SECONDS = 3.0  # of a job, while somebody else waits
LONGEST_SECONDS = 1800.0  # that a job may be expected to take
GUESSED_SECONDS = 0.06  # for one future of one scenario and year; corrected by every job
KEPT_EARLY = 8  # jobs that failed or were stopped
TRIES = 2  # processes that a job may lose
MEMORY_BYTES = 2 * 1024**3  # of the process, beyond which it is started afresh between jobs


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting for its turn"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


FINISHED = (State.DONE, State.FAILED, State.STOPPED)
Asked = Question | Analysis
Found = Answer | Finding


@dataclass
class Job:
    """One question on its way to an answer.

    Attributes
    ----------
    question : what is asked. digest : of the numbers that it uses. number : in the order of asking.
    users : who wants it. state : how far it is. message : what went wrong, for people.
    answer : what is said by now; a new object each time it is firmer.
    done, expected : tasks; expected is what it will take as far as one can tell now.
    worked_seconds : of work. losses : processes lost. stop : whether somebody stopped it.
    """

    question: Asked
    digest: str
    number: int
    users: set[str] = field(default_factory=set)
    state: State = State.WAITING
    message: str = ""
    answer: Found | None = None
    done: int = 0
    expected: int = 0
    worked_seconds: float = 0.0
    losses: int = 0
    stop: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def key(self) -> str:
        """Names it, here and in the process."""
        return f"{self.digest} {self.question!r}"

    @property
    def finished(self) -> bool:
        """Whether it will not go on."""
        return self.state in FINISHED

    @property
    def futures(self) -> int:
        """Futures simulated by now."""
        return self.question.sampling.before(self.done)

    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(self.done / self.expected, 1.0) if self.expected else 0.0


class Works(Protocol):
    """Whoever does the work: a `ServiceLink`."""

    engine: str
    memory_bytes: int

    def do(
        self,
        request: object,
        told: Callable[[int], None] = ...,
        to_pause: Callable[[], bool] = ...,
    ) -> Reached | Refused:
        """Do a request."""

    def end(self) -> None:
        """End the process."""


class Board:
    """Takes questions, has them answered in turns, keeps the answers.

    Parameters
    ----------
    service : does the work; a process of its own when None.
    kept_bytes : what the answers that are kept may take in all.
    """

    def __init__(self, service: Works | None = None, kept_bytes: int = KEPT_BYTES) -> None:
        self.service: Works = service or ServiceLink()
        self.kept_bytes = kept_bytes
        self.seconds_per_future = GUESSED_SECONDS
        self._answers: OrderedDict[tuple[Asked, str], tuple[Found, int]] = OrderedDict()
        self._jobs: dict[tuple[Asked, str], Job] = {}
        self._served: dict[str, float] = {}
        self._asked = 0
        self._to_warm: list[Question] = []
        self._changed = threading.Condition()
        self.errands = Errands(self._changed)
        threading.Thread(target=self._work, name="jobs", daemon=True).start()

    # --- what pages ask ---------------------------------------------------------------------------

    def ask(self, question: Asked, user: str = "", digest: str = "") -> Job:
        """A job for the question: the one that is on its way already, or a new one.

        Parameters
        ----------
        user : who asks; jobs of different users take turns.
        digest : of the numbers that it uses, where that is known already.

        Raises
        ------
        InputError for anything wrong in the files or in the choice, and for a job that would
        take too long.
        """
        digest = digest or digest_of(comparison_of(question))
        with self._changed:
            job = self._jobs.get((question, digest))
            if job is None or job.state in (State.FAILED, State.STOPPED):
                check_size(question, self.seconds(question))
                self._asked += 1
                job = Job(question, digest, self._asked, expected=question.sampling.tasks)
                self._jobs[question, digest] = job
                kept = self._answers.get((question, digest))
                if kept is not None:
                    self._finish(job, State.DONE, kept[0])
            job.users.add(user)
            self._changed.notify_all()
            return job

    def leave(self, job: Job, user: str) -> None:
        """One user does not want a job any more; it stops when nobody does."""
        with self._changed:
            job.users.discard(user)
            if not job.users:
                self.stop(job)

    def job(self, question: Asked, digest: str) -> Job | None:
        """The job of a question, if there is one."""
        with self._changed:
            return self._jobs.get((question, digest))

    def answer(self, question: Asked, digest: str) -> Found | None:
        """A finished answer that still fits the files; None when there is none."""
        with self._changed:
            for (asked, inputs), (found, _) in self._answers.items():
                if inputs == digest and question.is_answered_by(asked):
                    self._answers.move_to_end((asked, inputs))
                    return found
        return None

    def keep(self, answer: Found) -> None:
        """Keep an answer; those not looked at for longest make room."""
        size = answer.size_bytes
        with self._changed:
            self._answers[answer.question, answer.digest] = (answer, size)
            self._answers.move_to_end((answer.question, answer.digest))
            while len(self._answers) > 1 and self.bytes_kept > self.kept_bytes:
                (question, digest), _ = self._answers.popitem(last=False)
                self._jobs.pop((question, digest), None)

    @property
    def bytes_kept(self) -> int:
        """What the answers that are kept take."""
        return sum(size for _, size in self._answers.values())

    def seconds(self, question: Asked) -> float:
        """How long a question takes here at most, in seconds."""
        return question.future_years * self.seconds_per_future

    def seconds_left(self, job: Job) -> float:
        """How long a job will still take once it is its turn."""
        each = job.worked_seconds / job.done if job.done else None
        if each is None:
            return self.seconds(job.question) * job.expected / job.question.sampling.tasks
        return each * max(job.expected - job.done, 0)

    def ahead(self, job: Job) -> int:
        """How many other jobs want to be worked on."""
        with self._changed:
            return sum(not one.finished and one is not job for one in self._jobs.values())

    def stop(self, job: Job) -> None:
        """Stop a job; what is finished of it stays for when it is asked again."""
        with self._changed:
            job.stop = True
            if job.state is State.WAITING:
                self._finish(job, State.STOPPED, job.answer)

    def warm(self, question: Question) -> None:
        """Have the process get ready for a question's area, when nothing else is to do."""
        with self._changed:
            self._to_warm.append(question)
            self._changed.notify_all()

    # --- what the thread does ---------------------------------------------------------------------

    def _work(self) -> None:
        """Work on the jobs in turns, for as long as the server lives."""
        while True:
            job: Job | None = None
            with self._changed:
                while not (errand := self.errands.next()) and not (job := self._next()):
                    if self._to_warm:
                        break
                    self._changed.wait()
                question = None if errand or job else self._to_warm.pop()
                if job:
                    job.state = State.RUNNING
            if errand:
                self.errands.do(errand, self.service.do)
            elif job:
                self._turn(job)
            elif question:
                self._get_warm(question)

    def _next(self) -> Job | None:
        """Whose turn it is: jobs without an answer first, then whose user waits longest."""
        waiting = [job for job in self._jobs.values() if job.state is State.WAITING]

        def turn(job: Job) -> tuple[bool, float, int]:
            served = min((self._served.get(user, 0.0) for user in job.users), default=0.0)
            return job.answer is not None, served, job.number

        return min(waiting, key=turn, default=None)

    def _jobs_wait(self) -> bool:
        with self._changed:
            return self._next() is not None

    def _first_answers_wait(self) -> bool:
        with self._changed:
            job = self._next()
            return job is not None and job.answer is None

    def _others_wait(self) -> bool:
        with self._changed:
            return self.errands.next() is not None or self._jobs_wait()

    def _get_warm(self, question: Question) -> None:
        """Have the process get ready; a failure is said to whoever asks something."""
        try:
            self.service.do(Warm(question), to_pause=self._jobs_wait)
        except LostWorkerError:
            return

    def _turn(self, job: Job) -> None:
        """Work on a job until its next answer, or until it is somebody else's turn."""
        began, done = time.monotonic(), job.done

        def told(tasks: int) -> None:
            job.done = tasks

        def to_pause() -> bool:
            if job.stop or job.answer is None or job.done == done:
                return job.stop
            long = time.monotonic() - began > TURN_SECONDS
            return self._first_answers_wait() or (long and self._others_wait())

        request = Advance(job.key, job.question, next_step(job.question, job.done))
        try:
            reply = self.service.do(request, told, to_pause)
        except LostWorkerError as error:
            job.losses += 1
            self._after_loss(job, str(error))
            return
        finally:
            spent = time.monotonic() - began
            job.worked_seconds += spent
            self._served |= dict.fromkeys(job.users, time.monotonic())
        self._after(job, reply)

    def _after(self, job: Job, reply: Reached | Refused) -> None:
        """Take what a turn gave."""
        if isinstance(reply, Refused):
            job.message = reply.why
            with self._changed:
                self._finish(job, State.FAILED, job.answer)
            return
        standing: Standing = reply.standing
        job.done, job.expected = standing.tasks, standing.expected
        answer = reply.answer and with_digest(reply.answer, job.digest)
        if answer and standing.finished:
            self._measure(job)
            self.keep(answer)
        with self._changed:
            if answer and standing.finished:
                self._finish(job, State.DONE, answer)
            elif job.stop:
                self._finish(job, State.STOPPED, answer or job.answer)
            else:
                job.answer, job.state = answer or job.answer, State.WAITING
        if job.finished:
            self._tidy(job)

    def _after_loss(self, job: Job, message: str) -> None:
        """A process was lost: try once more, unless somebody stopped the job."""
        with self._changed:
            job.done = 0
            if job.stop:
                self._finish(job, State.STOPPED, job.answer)
            elif job.losses >= TRIES:
                job.message = message
                self._finish(job, State.FAILED, job.answer)
            else:
                job.state = State.WAITING

    def _finish(self, job: Job, state: State, answer: Found | None) -> None:
        """A job will not go on; of those that ended early only the last few are remembered."""
        job.answer, job.state = answer, state
        early = [
            key for key, one in self._jobs.items() if one.state in (State.FAILED, State.STOPPED)
        ]
        for key in early[:-KEPT_EARLY]:
            del self._jobs[key]

    def _measure(self, job: Job) -> None:
        """Learn how long futures take here."""
        question = job.question
        if isinstance(question, Analysis):
            return  # its steps take what they take
        worked = question.future_years * job.done / question.sampling.tasks
        self.seconds_per_future = max(job.worked_seconds, 0.1) / max(worked, 1)

    def _tidy(self, job: Job) -> None:
        """Let the process forget what is finished, and start it afresh once it has grown."""
        if job.state is not State.DONE:
            return
        try:
            self.service.do(Forget(job.key))
        except LostWorkerError:
            return
        if self.service.memory_bytes > MEMORY_BYTES:
            self.service.end()


def next_step(question: Asked, done: int) -> int:
    """How many tasks the next answer is made of: few at first, then four times as many each time.

    Every answer is drawn anew by whoever looks, and only four times as many are twice as sure.

    An analysis takes turns with the others after every step: there is nothing to show before all.
    """
    if isinstance(question, Analysis):
        return min(done + 1, question.sampling.tasks)
    step = max(1, question.sampling.whole_tasks(FIRST_FUTURES))
    while step <= done:
        step *= 4
    return min(step, question.sampling.tasks)


def check_size(question: Asked, seconds: float) -> None:
    """Refuse a job that would take too long.

    Raises
    ------
    InputError that says how long, and what to ask for less of.
    """
    if question.until_enough or seconds <= LONGEST_SECONDS:
        return
    raise InputError(
        Where("the comparison", "size"),
        f"{question.sampling.futures:,} futures of {len(question.redesigns)} redesigns over "
        f"{question.years} years, about {duration(seconds)} on this computer",
        f"at most {duration(LONGEST_SECONDS)}",
        "Ask for fewer futures, fewer years or fewer redesigns.",
    )


def comparison_of(question: Asked) -> Question:
    """The comparison that is asked about."""
    return question.question if isinstance(question, Analysis) else question


def with_digest(answer: Found, digest: str) -> Found:
    """An answer that says of which numbers it was made."""
    if isinstance(answer, Finding):
        return answer.with_digest(digest)
    beside = tuple(replace(one, digest=digest) for one in answer.beside)
    return replace(answer, digest=digest, beside=beside)
