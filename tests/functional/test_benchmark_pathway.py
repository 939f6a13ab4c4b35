"""The benchmark pathway says something only while both of its writings give the same log."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import benchmark_pathway, engines, usual_way
from benchmarks.benchmark_pathway import CONGESTED, ORDINARY, Load
from benchmarks.engines import OURS, USUAL, Measurement
from model import luck
from model.engines import simpy_engine
from model.episodes import OPEN, EpisodeLog

SMALL = replace(ORDINARY, years=2, families_per_year=1_500, key_worker_places=300)
QUEUES = replace(CONGESTED, years=1, key_worker_places=100, social_worker_places=200)
SEED = 3


def both(load: Load, replication: int) -> tuple[EpisodeLog, EpisodeLog]:
    """The log of our engine and that of the usual way."""
    network = benchmark_pathway.build(load)
    cases = benchmark_pathway.arrivals(load, luck.run_key(SEED, replication))
    ours = simpy_engine.run(network, cases, SEED, replication)
    return ours, usual_way.run(network, load, cases, SEED, replication)


def waited(log: EpisodeLog, stage: str) -> np.ndarray:
    """Which stays in a stage began without a place."""
    here = log.column("stage") == usual_way.STAGE[stage]
    return (log.column("served") != log.column("start"))[here]


@pytest.mark.parametrize("replication", [0, 1])
def test_both_writings_give_the_same_log(replication):
    ours, usual = both(SMALL, replication)
    assert len(ours.rows) > SMALL.families_per_year * SMALL.years
    assert set(ours.column("stage").tolist()) == set(range(len(benchmark_pathway.STAGES)))
    assert ours.fingerprint() == usual.fingerprint()


def test_both_give_the_same_log_when_everybody_queues():
    ours, usual = both(QUEUES, 0)
    assert ours.fingerprint() == usual.fingerprint()
    assert waited(ours, "screening").mean() > 0.5
    for stage in ("early_help_wait", "assessment", "child_in_need"):
        assert waited(ours, stage).sum() > 200, stage
    never = ours.column("served") == OPEN
    assert never[ours.column("stage") == usual_way.STAGE["early_help_wait"]].sum() > 1_000


def test_other_luck_is_another_log():
    first, second = both(SMALL, 0)[0], both(SMALL, 1)[0]
    assert first.fingerprint() != second.fingerprint()


def measurement(log: str, seconds: float) -> Measurement:
    """A measurement made up."""
    return Measurement(seconds, 0.1, 10, 20, None, log)


def test_a_ratio_is_the_median_of_the_rounds(monkeypatch):
    times = {USUAL: iter([4.0, 9.0, 5.0]), OURS: iter([1.0, 2.0, 1.0])}
    monkeypatch.setattr(engines, "apart", lambda what, *_: measurement("same", next(times[what])))
    found = engines.in_turns([USUAL, OURS], "ordinary", 1, rounds=3)
    assert found["times_faster_by_round"][OURS] == [4.0, 4.5, 5.0]
    assert found["times_faster"] == {USUAL: 1.0, OURS: 4.5}


def test_times_of_different_logs_are_not_compared(monkeypatch):
    monkeypatch.setattr(engines, "apart", lambda what, *_: measurement(what, 1.0))
    with pytest.raises(SystemExit, match="the logs differ"):
        engines.in_turns([USUAL, OURS], "congested", 1, rounds=1)


def test_what_is_measured_is_written_as_a_table_and_as_json(monkeypatch, capsys):
    monkeypatch.setattr(engines, "apart", lambda *_: measurement("same", 0.5))
    engines.main(["--rounds", "1"])
    printed = capsys.readouterr().out
    assert "congested, 10 years" in printed and "the usual way" in printed
    engines.main(["--rounds", "1", "--json", "--quick"])
    assert '"years": 2' in capsys.readouterr().out


def test_a_measurement_is_of_a_whole_run(monkeypatch):
    monkeypatch.setitem(engines.LOADS, "small", SMALL)
    found = engines.one(OURS, "small", "1")
    assert found.seconds > 0 and found.rows >= found.events > SMALL.families_per_year
    assert found.log == engines.one(USUAL, "small", "1").log
