"""The board of jobs: one job for one question, stops that stop, errors that are sentences."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from model import answers, jobs, simulate, worked_example
from model.answers import Question
from model.errors import InputError, Where
from model.executors import WORKER_DIED, LostWorkerError
from model.futures import answer_to
from model.jobs import KEPT_ANSWERS, Board, Job, State
from model.results import YEARLY, Sampling
from tests import synthetic

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Question("sefton", "stockport_pathway", date(2025, 4, 1), 5, Sampling(2, 32))


@pytest.fixture
def example():
    """The committed answer."""
    return worked_example.load()


@pytest.fixture
def waiting(monkeypatch, example):
    """Runs that go on until they are let go, and give the worked example."""
    go = threading.Event()

    def slowly(question, executor, progress, keeper):
        progress(0)
        while not go.wait(0.01):
            progress(1)
        return replace(example, question=question)

    monkeypatch.setattr(jobs, "answer_to", slowly)
    yield go
    go.set()


def settled(job: Job) -> State:
    """How a job ended, once it has."""
    until = time.monotonic() + 20
    while not job.finished and time.monotonic() < until:
        time.sleep(0.01)
    return job.state


def until_running(job: Job) -> None:
    while job.state is not State.RUNNING and not job.finished:
        time.sleep(0.01)


def test_the_same_question_is_one_job_and_its_answer_is_kept(waiting):
    board = Board(1)
    job = board.ask(QUESTION)
    assert board.ask(QUESTION) is job
    waiting.set()
    assert settled(job) is State.DONE
    assert board.answer(QUESTION, job.digest).digest == job.digest
    assert board.answer(QUESTION, "another digest") is None


def test_more_futures_answer_for_fewer_and_not_the_other_way_round(example):
    board = Board(1)
    board.keep(example)
    fewer = replace(QUESTION, sampling=Sampling(2, 16))
    more = replace(QUESTION, sampling=Sampling(2, 33))
    chance_only = replace(QUESTION, sampling=Sampling(10))
    until_enough = replace(QUESTION, until_enough=True)
    assert board.answer(fewer, example.digest) is example
    assert board.answer(more, example.digest) is None
    assert board.answer(replace(fewer, years=4), example.digest) is None
    assert board.answer(chance_only, example.digest) is None
    assert board.answer(until_enough, example.digest) is None


def test_a_running_job_stops_and_the_next_one_runs(waiting):
    board = Board(1)
    first, second = board.ask(QUESTION), board.ask(replace(QUESTION, years=4))
    until_running(first)
    assert second.state is State.WAITING
    board.stop(first)
    assert settled(first) is State.STOPPED
    waiting.set()
    assert settled(second) is State.DONE


def test_a_job_that_waits_can_be_stopped_before_it_begins(waiting):
    board = Board(1)
    first, second = board.ask(QUESTION), board.ask(replace(QUESTION, years=4))
    until_running(first)
    board.stop(second)
    waiting.set()
    assert settled(second) is State.STOPPED
    assert settled(first) is State.DONE


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError(Where("scenarios/x.toml", "title"), "nothing"), "scenarios/x.toml"),
        (LostWorkerError(WORKER_DIED), WORKER_DIED),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_what_goes_wrong_is_said_and_the_board_goes_on(monkeypatch, example, error, words):
    def fails(question, executor, progress, keeper):
        raise error

    monkeypatch.setattr(jobs, "answer_to", fails)
    board = Board(1)
    job = board.ask(QUESTION)
    assert settled(job) is State.FAILED
    assert words in job.message
    monkeypatch.setattr(jobs, "answer_to", lambda *_: example)
    assert settled(board.ask(QUESTION)) is State.DONE


def test_a_choice_that_cannot_be_run_is_refused_at_once():
    with pytest.raises(InputError, match="stockport"):
        Board(1).ask(replace(QUESTION, scenario="stockport_pilot"))


def test_only_so_many_answers_are_kept(example):
    board = Board(1)
    for years in range(1, KEPT_ANSWERS + 2):
        board.keep(replace(example, question=replace(QUESTION, years=years)))
    assert board.answer(replace(QUESTION, years=1), example.digest) is None
    assert board.answer(replace(QUESTION, years=2), example.digest) is not None


def test_the_time_left_falls_as_futures_are_done():
    job = Job(QUESTION, "", 60.0)
    assert job.seconds_left() == 60.0
    assert not job.overdue()
    job.began = time.monotonic() - 70
    assert job.overdue()
    job.began = time.monotonic() - 30
    job.tell(16)
    assert job.seconds_left() == pytest.approx(30, abs=1)
    assert job.share() == 0.5


def with_prices(root: Path) -> Path:
    """The invented area with England's unit costs, and the sources that they cite."""
    real, invented = ROOT / "parameters", root / "parameters"
    for name in ("unit_costs.toml", "partner_costs.toml", "prices.toml"):
        shutil.copy(real / name, invented / name)
    sources = [folder / "sources.toml" for folder in (real, invented)]
    together = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    (invented / "sources.toml").write_text(together, encoding="utf-8")
    return root


def test_the_apps_figures_are_those_of_the_command_line(tmp_path, monkeypatch):
    root = with_prices(synthetic.write_synthetic_root(tmp_path))
    officers = synthetic.change("capacity.key_workers", 6)
    synthetic.add_scenario(root, "fewer", changes=[officers])
    monkeypatch.setenv("MODEL_HOME", str(root))
    question = Question(synthetic.AREA, "fewer", date(2025, 4, 1), 2, Sampling(2, 2))
    seen: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        found = answer_to(question, executor, seen.append)
    assert seen == [0, 1, 2]
    for scenario, ours in (("baseline", found.baseline), ("fewer", found.scenario)):
        prepared = simulate.prepare(question.area, scenario, start=question.start, years=2)
        theirs = simulate.run(prepared, 2, draws=2)
        for name in YEARLY:
            pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name))
    last = found.periods[-1]
    stages = answers.stages_in(found, last).set_index("stage")
    assert stages.loc["contact", "families"] > 0
    pools = answers.pools_in(found, last).set_index(["pool", "locality"])
    assert pools.loc[("key_workers", "North"), "places"] > 0
