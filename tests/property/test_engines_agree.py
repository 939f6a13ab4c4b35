"""The compiled engine returns the reference engine's log, byte for byte, whatever it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from model import scenarios, simulate
from model.engines import compiled_engine, simpy_engine
from model.engines.cases import Cases
from model.engines.engine_arrays import world_of
from model.episodes import (
    CHILD_COMES_HOME,
    COLUMNS,
    COMPLETED,
    GROWN_UP,
    HOUSEHOLD_CHANGED,
    OPEN,
    OUTCOME_CODE,
    EpisodeLog,
)
from model.errors import InputError
from model.luck import run_key
from model.network import Network
from tests.arbitrary_networks import Scramble, scrambled, scrambles
from tests.small_networks import arriving, leads, small_network, stage_named

ROOT = Path(__file__).parents[2]
AREAS = ("sefton", "stockport", "england")
START = date(2025, 4, 1)
YEARS = 2
SEEDS = (1, 2)
NETWORKS = 500

pytestmark = pytest.mark.skipif(not compiled_engine.available(), reason="Numba is not installed")


def both(net: Network, cases: Cases, seed: int = 1) -> tuple[EpisodeLog, EpisodeLog]:
    """The same replication on both engines."""
    return simpy_engine.run(net, cases, seed, 0), compiled_engine.run(net, cases, seed, 0)


def assert_equal(one: EpisodeLog, other: EpisodeLog) -> None:
    """Equal to the byte; else the first row in which they differ."""
    if one.fingerprint() != other.fingerprint():
        count = min(len(one.rows), len(other.rows))
        differ = (one.rows[:count] != other.rows[:count]).any(axis=1)
        first = int(differ.argmax()) if differ.any() else count
        rows = [dict(zip(COLUMNS, log.rows[first].tolist(), strict=True)) for log in (one, other)]
        pytest.fail(f"row {first} of {len(one.rows)} and {len(other.rows)}:\n{rows[0]}\n{rows[1]}")


def shipped() -> list[tuple[str, str]]:
    """Every scenario in every area for which it makes sense."""
    return [
        (area, name)
        for name in scenarios.names(ROOT)
        for area in AREAS
        if area in (scenarios.load(name, ROOT).areas or AREAS)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("area", "scenario"), shipped())
def test_engines_agree_on_every_shipped_scenario(area, scenario):
    prepared = simulate.prepare(area, scenario, start=START, years=YEARS, root=ROOT)
    for seed in SEEDS:
        key = run_key(seed, 0)
        cases = prepared.opening.cases(prepared.inputs, prepared.network, key)
        assert_equal(*both(prepared.network, cases, seed))


@pytest.mark.slow
def test_engines_agree_on_arbitrary_networks():
    met: Counter[str] = Counter()

    @settings(max_examples=NETWORKS)
    @given(scrambles())
    def agree(how: Scramble) -> None:
        net, cases = scrambled(how)
        try:
            log = simpy_engine.run(net, cases, how.seed, 0)
        except InputError as circles:
            met["round in circles"] += 1
            with pytest.raises(InputError, match=str(circles).split(" has")[0]):
                compiled_engine.run(net, cases, how.seed, 0)
            return
        assert_equal(log, compiled_engine.run(net, cases, how.seed, 0))
        met.update(what_happened(log))

    agree()
    assert not {name for name in what_happened(None) if met[name] < NETWORKS // 10}
    assert met["round in circles"] < NETWORKS // 10


def what_happened(log: EpisodeLog | None) -> list[str]:
    """Which of the things that engines could do differently happened in a run; all for None."""
    outcomes = (HOUSEHOLD_CHANGED, GROWN_UP, CHILD_COMES_HOME, COMPLETED)
    if log is None:
        return [*outcomes, "in no time", "waited", "never served", "same minute", "long row"]
    start, end = log.column("start"), log.column("end")
    served, place = log.column("served"), log.column("place")
    found = [name for name in outcomes if (log.column("outcome") == OUTCOME_CODE[name]).any()]
    things = {
        "in no time": (end == start).any(),
        "waited": (served > start).any(),
        "never served": ((served == OPEN) & (place != OPEN) & (end != OPEN)).any(),
        "same minute": len(np.unique(end[end > 0])) < (end > 0).sum(),
        "long row": (log.column("nth") > 20).any(),
    }
    return found + [name for name, happened in things.items() if happened]


# --- how the compiled engine is held --------------------------------------------------------------


def test_room_that_is_made_during_a_run_changes_nothing():
    net, cases = scrambled(Scramble(seed=5, scarce=True, ends=True))
    expected = simpy_engine.run(net, cases, 1, 0)
    world = world_of(net, cases, 1, 0)
    small = world._replace(
        rows=world.rows[:40].copy(),
        events=world.events[:20].copy(),
        people=world.people[: len(cases.case) + 1].copy(),
    )
    rows = compiled_engine.log_rows(compiled_engine.advanced(small, net.horizon, net.stage_names))
    assert_equal(expected, replace(expected, rows=rows))


def test_telling_the_progress_changes_nothing():
    net, cases = scrambled(Scramble(seed=6, scarce=True, ties=True))
    told: list[float] = []
    log = compiled_engine.run(net, cases, 1, 0, told.append)
    assert_equal(simpy_engine.run(net, cases, 1, 0), log)
    assert told == [part / 20 for part in range(1, 20)]


def test_what_it_is_given_is_left_alone_even_when_it_may_not_be_written():
    net, cases = scrambled(Scramble(seed=7))
    arrays = {name: value for name, value in vars(net).items() if isinstance(value, np.ndarray)}
    frozen = {name: array.copy() for name, array in arrays.items()}
    for array in frozen.values():
        array.flags.writeable = False
    before = compiled_engine.run(net, cases, 1, 0)
    assert_equal(before, compiled_engine.run(replace(net, **frozen), cases, 1, 0))
    assert all(np.array_equal(arrays[name], array) for name, array in frozen.items())


def test_another_network_is_not_compiled_anew():
    for seed in range(3):
        compiled_engine.run(*scrambled(Scramble(seed=seed, days=30, dates=seed)), 1, 0)
    stages = (stage_named("contact"),)
    ends = tuple(leads(end.outcome) for end in stages[0].ends)
    net = small_network((replace(stages[0], ends=ends, by=()),), {"contact.ends": 0.25})
    cases = arriving([5, 5, 9])
    compiled_engine.run(net, cases, 1, 0)
    kernel = compiled_engine.compiled(world_of(net, cases, 1, 0))
    assert len(kernel.advance.signatures) == len(kernel.first_jumbled.signatures) == 1


def test_threads_do_not_disturb_each_other():
    runs = [scrambled(Scramble(seed=seed, ends=True, scarce=True)) for seed in range(4)]
    alone = [compiled_engine.run(net, cases, 1, 0).fingerprint() for net, cases in runs]
    with ThreadPoolExecutor(4) as threads:
        logs = threads.map(lambda run: compiled_engine.run(*run, 1, 0), runs * 5)
        assert [log.fingerprint() for log in logs] == alone * 5


def test_a_pathway_without_time_is_refused_by_both():
    contact = stage_named("contact")
    round_and_round = replace(contact, ends=(leads("to_screening", "contact"),), by=())
    net = small_network((round_and_round,), {"contact.ends": 1.0})
    for engine in (simpy_engine, compiled_engine):
        with pytest.raises(InputError, match="4000 stays"):
            engine.run(net, arriving([5]), 1, 0)


COMPILES_A_LITTLE = """
import numpy as np
from model.engines import compiled_engine, compiled_kernel
function = compiled_engine.jitted(compiled_kernel.first_jumbled)
print(function(np.zeros((3, 11), np.int64), 3, 0), sum(function.stats.cache_hits.values()))
"""


def test_processes_that_compile_at_once_share_what_is_kept_on_disk(tmp_path):
    """Shown on the kernel's smaller function; the other is kept in the same way."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def begun() -> subprocess.Popen:
        command = [sys.executable, "-c", COMPILES_A_LITTLE]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)

    together = [begun() for _ in range(4)]
    said = [process.communicate()[0].decode() for process in together]
    assert {line.rsplit(maxsplit=1)[0] for line in said} == {"(3, 3)"}
    later = begun().communicate()[0].decode()
    assert later.split() == ["(3,", "3)", "1"]
    kept = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 2 and not [name for name in kept if "tmp" in name]


def test_another_version_of_the_kernel_is_kept_elsewhere(tmp_path, monkeypatch):
    here = compiled_engine.kernel_folder(str(tmp_path))
    for name in compiled_engine.KERNEL_FILES:
        source = Path(compiled_engine.__file__).with_name(name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(source + "\n", encoding="utf-8")
    monkeypatch.setattr(compiled_engine, "__file__", str(tmp_path / "compiled_engine.py"))
    assert compiled_engine.kernel_folder(str(tmp_path)) != here


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from model.engines import compiled_engine
print(compiled_engine.available())
"""


def test_the_model_knows_when_numba_is_missing():
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMBA], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
