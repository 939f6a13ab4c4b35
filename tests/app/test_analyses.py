"""Analyses of how sure an answer is: step by step, stopped and gone on with, on one basis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from model import compare, how_sure, savings, worked_example
from model.how_sure.asked import ONE_WAY, STRENGTH, UPTAKE, Analysis
from model.how_sure.basis import saving_on
from model.how_sure.steps import AnalysisRun
from model.how_sure.told_apart import told_apart
from model.jobs import next_step
from model.questions import Question
from model.results import Sampling
from model.runs import Runs, StoppedError
from model.savings import CASH, CONSTANT, COUNCIL

QUESTION = Question("sefton", "stockport_pathway", date(2025, 4, 1), 1, Sampling(2))
FUTURES = 2


@pytest.fixture(scope="module")
def threads():
    """Two threads."""
    with ThreadPoolExecutor(2) as found:
        yield found


def never() -> None:
    """Nobody stops it."""


def test_strengths_step_by_step_are_those_of_one_run(threads):
    """Stopped after the second step and gone on with, the table is the same."""
    run = AnalysisRun(Analysis(QUESTION, STRENGTH, CONSTANT, FUTURES))
    steps: list[int] = []

    def stop_after_two() -> None:
        if run.done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        run.advance(99, threads, steps.append, stop_after_two)
    assert steps == [1, 2]
    assert run.answer().table is None
    run.advance(99, threads, steps.append, never)
    assert steps == [1, 2, 3, 4, 5]
    assert run.standing.finished
    whole = how_sure.run_strengths(run.plans, Sampling(FUTURES))
    pd.testing.assert_frame_equal(run.answer().table, whole)


def test_one_way_moves_what_is_worth_a_run_and_every_price(threads):
    analysis = Analysis(QUESTION, ONE_WAY, CASH, FUTURES)
    runs = Runs(threads, stored=False)
    run = runs.run_of("one way", analysis)
    assert len(run.steps) == 1 + 2 * len(run.chosen)
    run.advance(3, threads, lambda _: None, never)
    first = run.chosen[0]
    assert {None, (first.key, "low"), (first.key, "high")} == set(run.values)
    assert runs.run_of("one way", analysis) is run
    assert first.is_effect
    assert {"price"} <= {one.kind for one in run.chosen}


@pytest.mark.parametrize("basis", [CASH, CONSTANT])
def test_an_analysis_counts_the_council_s_money_as_the_savings_page_does(basis):
    example = worked_example.load()
    case = savings.case(example.baseline, example.scenario, basis=basis)
    found = saving_on(basis)(example.baseline, example.scenario)
    np.testing.assert_allclose(found, case.saved(COUNCIL).sum(axis=1), rtol=1e-9)


def test_chance_and_ignorance_in_constant_prices_are_those_of_the_comparison():
    example = worked_example.load()
    case = savings.case(example.baseline, example.scenario, basis=CONSTANT)
    theirs = compare.spreads(example.baseline, example.scenario, ())
    pd.testing.assert_frame_equal(told_apart(case), theirs, rtol=1e-9)


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="none of cash, constant"):
        saving_on("real")


def test_an_analysis_takes_turns_after_every_step_and_knows_its_work():
    drawn = replace(QUESTION, sampling=Sampling(2, 32))
    uptake = Analysis(drawn, UPTAKE, CASH, 16)
    assert uptake.runs == Sampling(2, 8, 1)
    assert uptake.future_years == 5 * 16 * 2
    assert [next_step(uptake, done) for done in (0, 1, 4, 5)] == [1, 2, 5, 5]
    assert not drawn.is_answered_by(uptake)
    assert not uptake.is_answered_by(drawn)
    assert uptake.is_answered_by(Analysis(drawn, UPTAKE, CASH, 16))
    assert not uptake.is_answered_by(Analysis(drawn, UPTAKE, CONSTANT, 16))
