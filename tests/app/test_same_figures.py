"""What the app says is what the command line says: the same futures, the same numbers."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from model import answers, simulate
from model.answers import Question, Redesign
from model.futures import answer_to
from model.keeping import KeptInStore
from model.measures import MEASURES
from model.results import YEARLY, Sampling
from model.runs import Run, StoppedError
from model.shown_measures import SHOWN
from model.store import Store
from pages.parts import compare_tables
from tests import synthetic

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ("measures", "localities")


@pytest.fixture
def question(tmp_path, monkeypatch):
    """A question about the invented area."""
    root = synthetic.with_prices(synthetic.write_synthetic_root(tmp_path))
    officers = synthetic.change("capacity.key_workers", 6)
    synthetic.add_scenario(root, "fewer", changes=[officers])
    synthetic.add_scenario(root, "more", changes=[synthetic.change("capacity.key_workers", 12)])
    monkeypatch.setenv("MODEL_HOME", str(root))
    return Question(synthetic.AREA, "fewer", date(2025, 4, 1), 2, Sampling(2, 2))


@pytest.fixture
def threads():
    """Two threads."""
    with ThreadPoolExecutor(2) as found:
        yield found


def command_line(question: Question, names: list[str]):
    """The results that `python -m model compare` prints from."""
    plans = simulate.prepare_together(question.area, names, start=question.start, years=2)
    return simulate.run_together(plans, question.sampling)


def assert_same(ours, theirs) -> None:
    """Every table is the same, of the measures that are shown."""
    for name in YEARLY:
        table = getattr(theirs, name)
        if name in MEASURED:
            table = table[table["measure"].isin(SHOWN)]
            order = {measure: place for place, measure in enumerate(SHOWN)}
            place = [table["future"], table["measure"].map(order)]
            table = table.assign(f=place[0], m=place[1]).sort_values(["f", "m"], kind="stable")
            table = table.drop(columns=["f", "m"])
        pd.testing.assert_frame_equal(
            getattr(ours, name).reset_index(drop=True), table.reset_index(drop=True)
        )


def advanced(question, threads, steps, todays=None):
    """A run after some steps."""
    run = Run(question, OrderedDict() if todays is None else todays)
    for tasks in steps:
        run.advance(tasks, threads, lambda _: None, lambda: None)
    return run


def test_figures_are_the_same_at_once_in_steps_and_on_the_command_line(question, threads):
    asked = replace(question, beside=(Redesign("more"),))
    found = advanced(asked, threads, [1, 2]).answer()
    baseline, fewer, more = command_line(question, ["baseline", "fewer", "more"])
    assert_same(found.baseline, baseline)
    assert_same(found.scenario, fewer)
    assert_same(found.each[1].scenario, more)
    with_every_measure = answer_to(question).scenario
    for name in YEARLY:
        pd.testing.assert_frame_equal(getattr(with_every_measure, name), getattr(fewer, name))


def test_what_is_remembered_of_today_changes_no_figure(question, threads):
    """The second redesign is set beside what the first one left."""
    todays = OrderedDict()
    advanced(question, threads, [2], todays)
    second = advanced(replace(question, scenario="more"), threads, [2], todays)
    assert len(todays) == 1
    assert_same(second.answer().scenario, command_line(question, ["baseline", "more"])[1])


def test_a_redesign_as_text_gives_the_figures_of_its_file(question, threads, tmp_path):
    text = (tmp_path / "scenarios" / "fewer.toml").read_text(encoding="utf-8")
    asked = replace(question, text=text)
    ours = advanced(asked, threads, [2]).answer()
    theirs = advanced(question, threads, [2]).answer()
    for name in YEARLY:
        pd.testing.assert_frame_equal(getattr(ours.scenario, name), getattr(theirs.scenario, name))
    assert answers.digest_of(asked) == answers.digest_of(question)


def test_a_run_that_was_stopped_goes_on_where_it_was(question, threads):
    run = advanced(question, threads, [1])

    def stops() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        run.advance(2, threads, lambda _: None, stops)
    assert run.standing.tasks == 1
    run.advance(2, threads, lambda _: None, lambda: None)
    assert_same(run.answer().scenario, command_line(question, ["baseline", "fewer"])[1])


def test_after_a_restart_what_was_kept_is_taken_and_only_the_rest_is_run(
    question, threads, tmp_path
):
    first = Run(question, OrderedDict(), KeptInStore(Store(tmp_path / "store"), measures=SHOWN))
    first.advance(1, threads, lambda _: None, lambda: None)
    first.keeper.flush()
    again = Run(question, OrderedDict(), KeptInStore(Store(tmp_path / "store"), measures=SHOWN))
    seen = []
    again.advance(2, threads, seen.append, lambda: None)
    assert seen == [2]
    assert_same(again.answer().scenario, command_line(question, ["baseline", "fewer"])[1])


def test_every_measure_that_a_picture_shows_is_made():
    assert {one for group in compare_tables.GROUPS.values() for one in group} <= set(SHOWN)
    assert set(SHOWN) <= set(MEASURES)
    assert len(set(SHOWN)) == len(SHOWN)
