"""The benchmark says something only while all writings of its pathway give the same log."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks import apart, benchmark_pathway, cold_start, engines, side_by_side, whole_runs
from benchmarks.benchmark_pathway import CONGESTED, ORDINARY, Load
from benchmarks.families import STAGE
from benchmarks.figures import Figure, Settings, found
from benchmarks.writings import CIW, COMPILED, CPP, OURS, SALABIM, USUAL, benchmark_run, can_run
from model import luck
from model.engines import simpy_engine
from model.episodes import OPEN, EpisodeLog

SMALL = replace(ORDINARY, years=2, families_per_year=1_500, key_worker_places=300)
QUEUES = replace(CONGESTED, years=1, key_worker_places=100, social_worker_places=200)
FEW = replace(CONGESTED, years=1, families_per_year=600, key_worker_places=20)
FEW = replace(FEW, social_worker_places=20)


@cache
def log_of(writing: str, load: Load) -> EpisodeLog:
    """The log that a writing gives; the usual way's is compared with several, and made once."""
    return benchmark_run(writing, load)()[0]


def needs(*writings: str):
    """The writings whose packages or compilers are here; others are skipped."""
    return [
        pytest.param(name, marks=pytest.mark.skipif(not can_run(name), reason=f"without {name}"))
        for name in writings
    ]


def waited(log: EpisodeLog, stage: str) -> np.ndarray:
    """Which stays in a stage began without a place."""
    here = log.column("stage") == STAGE[stage]
    return (log.column("served") != log.column("start"))[here]


@pytest.mark.parametrize("load", [SMALL, QUEUES], ids=["ordinary", "congested"])
@pytest.mark.parametrize("writing", needs(OURS, COMPILED, CPP))
def test_every_writing_gives_the_same_log(writing, load):
    usual, other = log_of(USUAL, load), log_of(writing, load)
    assert np.array_equal(usual.rows, other.rows)
    assert usual.fingerprint() == other.fingerprint()


@pytest.mark.parametrize("writing", needs(CIW, SALABIM))
def test_so_do_the_other_simulators(writing):
    assert log_of(USUAL, FEW).fingerprint() == log_of(writing, FEW).fingerprint()


def test_the_pathway_has_everything_in_it():
    log = log_of(OURS, SMALL)
    assert len(log.rows) > SMALL.families_per_year * SMALL.years
    assert set(log.column("stage").tolist()) == set(range(len(benchmark_pathway.STAGES)))


def test_everybody_queues_under_the_congested_load():
    log = log_of(OURS, QUEUES)
    assert waited(log, "screening").mean() > 0.5
    for stage in ("early_help_wait", "assessment", "child_in_need"):
        assert waited(log, stage).sum() > 200, stage
    never = log.column("served") == OPEN
    assert never[log.column("stage") == STAGE["early_help_wait"]].sum() > 1_000


def test_other_luck_is_another_log():
    network = benchmark_pathway.build(SMALL)
    logs = []
    for replication in (0, 1):
        cases = benchmark_pathway.arrivals(SMALL, luck.run_key(3, replication))
        logs.append(simpy_engine.run(network, cases, 3, replication).fingerprint())
    assert logs[0] != logs[1]


# --- what is measured -----------------------------------------------------------------------------


def run(log: str, seconds: float) -> dict:
    """A measurement made up."""
    counts = {"events": 10, "events_per_second": 10 / seconds, "rows": 20}
    return {"seconds": seconds, **counts, "peak_megabytes": None, "log": log}


def test_a_ratio_is_the_median_of_the_rounds(monkeypatch):
    times = {USUAL: iter([4.0, 9.0, 5.0]), OURS: iter([1.0, 2.0, 1.0])}
    monkeypatch.setattr(
        side_by_side, "apart", lambda _, what, *rest: run("same", next(times[what]))
    )
    one = side_by_side.in_turns(side_by_side.of_load, [USUAL, OURS], "ordinary", 1, rounds=3)
    assert side_by_side.times_faster(one, OURS, USUAL) == 4.5
    lines = {figure.what: figure for figure in side_by_side.figures_of(one)}
    ratio = lines[f"ordinary 1 y, {OURS} against {USUAL}"]
    assert ratio.value == 4.5 and ratio.at_least == 4.0 and ratio.met


def test_times_of_different_logs_are_not_compared(monkeypatch):
    monkeypatch.setattr(side_by_side, "apart", lambda _, what, *rest: run(what, 1.0))
    with pytest.raises(SystemExit, match="the logs differ"):
        side_by_side.in_turns(side_by_side.of_load, [USUAL, OURS], "congested", 1, rounds=1)


def test_a_figure_knows_whether_its_aim_is_met():
    assert Figure("a", 2.0, "s", at_most=2.0).met
    assert not Figure("a", 119.0, "times faster", at_least=120.0).met
    assert Figure("a", 1.0, "s").met is None
    assert "MISSED" in Figure("a", 3.0, "s", at_most=2.0).line()


def test_one_command_one_table_or_json(monkeypatch, capsys):
    part = found([Figure("something slow", 3.0, "s", at_most=2.0)], {"seconds": 3.0})
    monkeypatch.setattr(engines, "PARTS", {"one": lambda _: part, "other": lambda _: part})
    engines.main(["--quick"])
    printed = capsys.readouterr().out
    assert printed.count("something slow") == 2 and "medians of 1 rounds" in printed
    engines.main(["--json", "--only", "other"])
    told = json.loads(capsys.readouterr().out)
    assert list(told["parts"]) == ["other"]
    assert told["parts"]["other"]["figures"][0]["met"] is False


def test_a_process_of_its_own_gives_what_the_function_gives(monkeypatch):
    there = apart.apart(cold_start.first_run) if can_run(COMPILED) else None
    assert there is None or there[apart.OF_THE_WHOLE] > there["seconds"] > 0
    with pytest.raises(SystemExit, match="failed"):
        apart.apart(side_by_side.of_load, "nobody's writing", "no such load", 1)


@pytest.mark.slow
def test_whole_runs_are_measured(monkeypatch):
    monkeypatch.setattr(whole_runs, "apart", lambda function, *rest: function(*rest))
    for part in (whole_runs.aggregation, whole_runs.rebuild):
        figures = part(Settings(quick=True)).figures
        assert figures and all(figure.value > 0 for figure in figures)
