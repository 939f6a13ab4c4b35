"""The board of jobs: one job for one question, turns that are fair, errors that are sentences."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from dataclasses import replace
from datetime import date

import pytest

from model import worked_example
from model.answers import Question, Redesign
from model.errors import InputError, Where
from model.executors import WORKER_DIED, LostWorkerError
from model.jobs import TRIES, TURN_SECONDS, Board, Job, State, next_step
from model.results import Sampling
from model.service import Advance, Reached, Refused
from model.service_link import ServiceLink
from model.standing import Standing

QUESTION = Question("sefton", "stockport_pathway", date(2025, 4, 1), 5, Sampling(2, 32))
SECONDS = 20


class Invented:
    """A service that answers with the worked example, when it is let."""

    def __init__(self) -> None:
        self.engine, self.memory_bytes = "compiled", 0
        self.go = threading.Event()
        self.go.set()
        self.long = math.inf  # so many tasks, or more, take until it is paused
        self.asked: list[Advance] = []
        self.fails: list[Exception | Refused] = []

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        """Wait to be let; then give the worked example for the tasks asked for."""
        if not isinstance(request, Advance):
            return Reached(None, Standing(0, 0, True), 0)
        self.asked.append(request)
        while not self.go.wait(0.01) or request.tasks >= self.long:
            told(request.tasks - 1)
            if to_pause():
                return Reached(None, Standing(1, 32, False), 0)
        if self.fails:
            failure = self.fails.pop()
            if isinstance(failure, Refused):
                return failure
            raise failure
        told(request.tasks)
        answer = replace(worked_example.load(), question=request.question)
        most = request.question.sampling.tasks
        return Reached(answer, Standing(request.tasks, most, request.tasks == most), 0)

    def end(self) -> None:
        """Nothing to end."""


@pytest.fixture
def service():
    """An invented service."""
    found = Invented()
    yield found
    found.go.set()


@pytest.fixture
def board(service):
    """A board on it."""
    return Board(service)


def settled(job: Job) -> State:
    """How a job ended, once it has."""
    until = time.monotonic() + SECONDS
    while not job.finished and time.monotonic() < until:
        time.sleep(0.01)
    return job.state


def until(true) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_same_question_of_two_people_is_one_job_and_its_answer_is_kept(board, service):
    service.go.clear()
    job = board.ask(QUESTION, "one")
    assert board.ask(QUESTION, "two") is job
    service.go.set()
    assert settled(job) is State.DONE
    assert board.answer(QUESTION, job.digest).digest == job.digest
    assert board.answer(QUESTION, "another digest") is None


def test_a_first_answer_is_of_few_futures_and_each_next_one_of_four_times_as_many(board, service):
    assert settled(board.ask(QUESTION)) is State.DONE
    assert [one.tasks for one in service.asked] == [2, 8, 32]
    assert next_step(replace(QUESTION, sampling=Sampling(100)), 0) == 4
    assert next_step(replace(QUESTION, sampling=Sampling(2, 5)), 4) == 5


def test_whoever_has_no_answer_yet_goes_before_whoever_has_one(board, service):
    service.go.clear()
    long = board.ask(QUESTION, "one")
    until(lambda: service.asked)
    new = board.ask(replace(QUESTION, years=4), "two")
    service.go.set()
    assert settled(long) is State.DONE
    assert settled(new) is State.DONE
    assert [one.question.years for one in service.asked][:2] == [5, 4]


def test_a_first_answer_does_not_wait_until_the_turn_of_a_firmer_one_is_over(board, service):
    service.long = 32
    firming = board.ask(QUESTION, "one")
    until(lambda: service.asked and service.asked[-1].tasks == 32)
    began = time.monotonic()
    new = board.ask(replace(QUESTION, years=4), "one")
    until(lambda: new.answer is not None)
    assert time.monotonic() - began < TURN_SECONDS
    for job in (firming, new):
        board.stop(job)
    assert settled(firming) is settled(new) is State.STOPPED


def test_a_job_stops_when_nobody_wants_it_any_more_and_not_before(board, service):
    service.go.clear()
    job = board.ask(QUESTION, "one")
    board.ask(QUESTION, "two")
    until(lambda: service.asked)
    board.leave(job, "one")
    assert not job.stop
    board.leave(job, "two")
    assert settled(job) is State.STOPPED
    service.go.set()
    assert settled(board.ask(QUESTION, "one")) is State.DONE


def test_a_job_that_waits_can_be_stopped_before_it_begins(board, service):
    service.go.clear()
    first, second = board.ask(QUESTION), board.ask(replace(QUESTION, years=4))
    until(lambda: service.asked)
    board.stop(second)
    service.go.set()
    assert settled(second) is State.STOPPED
    assert settled(first) is State.DONE


def test_more_futures_answer_for_fewer_and_not_the_other_way_round(board):
    example = worked_example.load()
    board.keep(example)
    fewer = replace(QUESTION, sampling=example.sampling.of_tasks(16))
    more = replace(QUESTION, sampling=example.sampling.of_tasks(49))
    each_twice = replace(QUESTION, sampling=Sampling(2, 16))
    chance_only = replace(QUESTION, sampling=Sampling(10))
    until_enough = replace(QUESTION, until_enough=True)
    another = replace(QUESTION, text='title = "Mine"')
    assert board.answer(fewer, example.digest) is example
    for asked in (more, replace(fewer, years=4), each_twice, chance_only, until_enough, another):
        assert board.answer(asked, example.digest) is None


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Refused(InputError(Where("scenarios/x.toml", "title"), "nothing")), "scenarios/x.toml"),
        (Refused(None, "The run failed: ValueError: odd"), "ValueError: odd"),
    ],
)
def test_what_goes_wrong_is_said_and_the_board_goes_on(board, service, failure, words):
    service.fails = [failure]
    job = board.ask(QUESTION)
    assert settled(job) is State.FAILED
    assert words in job.message
    assert settled(board.ask(QUESTION)) is State.DONE


def test_one_lost_process_is_made_good_and_a_second_is_told(board, service):
    service.fails = [LostWorkerError(WORKER_DIED)]
    assert settled(board.ask(QUESTION)) is State.DONE
    service.fails = [LostWorkerError(WORKER_DIED)] * TRIES
    job = board.ask(replace(QUESTION, years=4))
    assert settled(job) is State.FAILED
    assert job.message == WORKER_DIED


def test_a_choice_that_cannot_be_run_is_refused_at_once(board):
    with pytest.raises(InputError, match="stockport"):
        board.ask(replace(QUESTION, scenario="stockport_pilot"))
    many = tuple(Redesign(f"redesign {number}") for number in range(4))
    with pytest.raises(InputError, match="5 redesigns"):
        board.ask(replace(QUESTION, beside=many))
    with pytest.raises(InputError, match="Rename"):
        board.ask(replace(QUESTION, beside=(Redesign("stockport_pathway"),)))


def test_a_job_that_would_take_an_hour_is_refused_with_what_to_reduce(board):
    with pytest.raises(InputError, match="fewer futures, fewer years or fewer redesigns"):
        board.ask(replace(QUESTION, years=10, sampling=Sampling(2, 5000)))


def test_answers_make_room_by_their_size(service):
    example = worked_example.load()
    board = Board(service, kept_bytes=2 * example.size_bytes + 10)
    for years in (1, 2, 3):
        board.keep(replace(example, question=replace(QUESTION, years=years)))
    assert board.answer(replace(QUESTION, years=1), example.digest) is None
    assert board.answer(replace(QUESTION, years=3), example.digest) is not None
    assert board.bytes_kept <= board.kept_bytes


def test_a_real_process_that_is_killed_is_noticed_and_started_again():
    link = ServiceLink()
    try:
        link.start()
        process = link.process
        os.kill(process, signal.SIGKILL)
        with pytest.raises(LostWorkerError, match="worker process ended"):
            link.do(Advance("one", QUESTION, 2))
        link.start()
        assert link.process != process
    finally:
        link.end()
