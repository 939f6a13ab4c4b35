"""The compiled engine returns the reference engine's log, byte for byte, whatever it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from model import scenarios, simulate
from model.compiling import kernel_folder
from model.engines import compiled_engine, simpy_engine
from model.engines.cases import FAR, MOST_STAYS, NOT_YET, Case, Cases
from model.engines.engine_arrays import world_of
from model.engines.rules import Effect, End
from model.episodes import (
    CASES_PER_FAMILY,
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
from model.inputs import resolve
from model.luck import run_key
from model.network import NONE, STAGE_FIELDS, TIME_CODE, Network
from model.pathway import Time
from tests.arbitrary_networks import Scramble, scrambled, scrambles
from tests.small_networks import arriving, leads, small_network, stage_named

ROOT = Path(__file__).parents[2]
AREAS = sorted(path.stem for path in (ROOT / "parameters" / "areas").glob("*.toml"))
START = date(2025, 4, 1)
YEARS = 2
SEEDS = (1, 2)
MOST_USED = ("baseline", "stockport_pathway")  # with every seed; the others with the first
COUNCILS = ("sefton", "stockport")
NETWORKS, DISTINCT = 500, 400  # tried; with different logs
MOST_CASES = 300  # in each
FAIR_SHARE = 0.1
CIRCLES = 60  # networks that are made to lead in circles

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
    """Every scenario in both councils where it makes sense; the most used in every area."""
    return [
        (area, name)
        for name in scenarios.names(ROOT)
        for area in (AREAS if name in MOST_USED else COUNCILS)
        if area in (scenarios.load(name, ROOT).areas or AREAS)
    ]


EARLY = date(2025, 10, 1)  # a redesign that has changed all by then is run for one year
LONGER = {"family_help_rollout": 3, "first_1000_days": 5}  # years, where changes come late


def years_of(area: str, scenario: str) -> int:
    """How long to run a scenario, so that its last change is followed by months of the run."""
    if scenario in MOST_USED or scenario in LONGER:
        return LONGER.get(scenario, YEARS)
    found = resolve(area, scenario, start=START, years=YEARS, root=ROOT)
    return 1 if found.change_dates[-1] <= EARLY else YEARS


@pytest.mark.slow
@pytest.mark.parametrize(("area", "scenario"), shipped())
def test_engines_agree_on_every_shipped_scenario(area, scenario):
    years = years_of(area, scenario)
    prepared = simulate.prepare(area, scenario, start=START, years=years, root=ROOT)
    for seed in SEEDS if scenario in MOST_USED else SEEDS[:1]:
        key = run_key(seed, 0)
        cases = prepared.opening.cases(prepared.inputs, prepared.network, key)
        assert_equal(*both(prepared.network, cases, seed))


@pytest.mark.slow
def test_engines_agree_on_arbitrary_networks():
    met: Counter[str] = Counter()
    logs: set[str] = set()

    @settings(max_examples=NETWORKS)
    @given(scrambles())
    def agree(how: Scramble) -> None:
        net, cases = scrambled(how)
        assert len(cases.case) <= MOST_CASES
        log, happened = said_by_both(net, cases, how.seed)
        if isinstance(log, str):
            met["round in circles"] += 1
        else:
            logs.add(log.fingerprint())
            met.update(happened | seen_in(net, cases, log))

    agree()
    rare = {name: met[name] for name in THINGS if met[name] < FAIR_SHARE * NETWORKS}
    assert not rare, f"of {NETWORKS} networks, too few have these: {rare}"
    assert met["round in circles"] < FAIR_SHARE * NETWORKS
    assert len(logs) >= DISTINCT


def said_by_both(net: Network, cases: Cases, seed: int) -> tuple[EpisodeLog | str, set[str]]:
    """The log that both engines return, or the words in which both refuse; and what happened."""
    watched = Watched(net, cases, seed, 0)
    try:
        log = watched.run()
    except InputError as refused:
        with pytest.raises(InputError) as refused_too:
            compiled_engine.run(net, cases, seed, 0)
        assert str(refused_too.value) == str(refused)
        return str(refused), watched.happened
    assert_equal(log, compiled_engine.run(net, cases, seed, 0))
    return log, watched.happened


# --- what happened --------------------------------------------------------------------------------

# What engines could do differently. Each must happen in a fair share of the arbitrary networks,
# so that the test fails when something is no longer tried.
SEEN_BY_THE_WATCHER = (
    "a family splits",
    "a child joins an open stay",
    "a child ends a stay away",
    "a child reopens the family",
    "a placement spills over",
    "another kind of placement comes first",
    "no placement has room",
    "places are cut below those in use",
    "places rise and a waiting case is served",
    "a delayed effect acts",
    "an effect acts on everybody",
)
SEEN_IN_THE_LOG = (
    "places for one",
    "somebody waits for the only place",
    "numbers change on dates",
    "cases appear in the same minute",
    "stays end in the same minute",
    "a stay that has a duration lasts no time",
    "a child grows up as another stay ends",
    "somebody waits",
    "somebody gives up waiting",
    "a case has many stays",
    "a stay goes on from before the start",
    HOUSEHOLD_CHANGED,
    GROWN_UP,
    CHILD_COMES_HOME,
    COMPLETED,
)
THINGS = SEEN_BY_THE_WATCHER + SEEN_IN_THE_LOG


class Watched(simpy_engine.SimpyEngine):
    """The reference engine, watched for what its log does not say; it runs as ever."""

    def __init__(self, network: Network, cases: Cases, seed: int, replication: int) -> None:
        super().__init__(network, cases, seed, replication)
        self.happened: set[str] = set()

    def enter_care(self, family: Case, end: End) -> None:
        super().enter_care(family, end)
        if family.home & family.mask:
            self.happened.add("a family splits")

    def rejoin(self, child: Case) -> None:
        family = child.family
        if family.rules is None:
            self.happened.add("a child reopens the family")
        elif family.row_start != NOT_YET:
            away = family.rules.code == self.return_stage
            self.happened.add("a child ends a stay away" if away else "a child joins an open stay")
        super().rejoin(child)

    def take_placement(self, case: Case) -> None:
        asked, kind = case.state, case.state >> simpy_engine.PLACEMENT_SHIFT & 15
        super().take_placement(case)
        first = self.spill[kind][0]
        if first != NONE and self.network.pool_placement[first] != kind:
            self.happened.add("another kind of placement comes first")
        if case.placement_pool == NOT_YET:
            self.happened.add("no placement has room")
        elif case.state != asked:
            self.happened.add("a placement spills over")

    def serve(self, number: int) -> None:
        pool, now = self.pools[number], self.clock.now
        if self.epoch and now == self.change_at[self.epoch]:
            before, after = self.network.capacity[self.epoch - 1 : self.epoch + 1, number]
            if NONE != after < min(before, pool.in_use):
                self.happened.add("places are cut below those in use")
            if after > before and any(case.waiting == request for *_, request, case in pool.queue):
                self.happened.add("places rise and a waiting case is served")
        super().serve(number)

    def effects_on(self, case: Case, end: End) -> Sequence[Effect]:
        effects = super().effects_on(case, end)
        since = self.clock.now - case.helped_at
        if any(since >= effect.steps[1] > 0 for effect in effects):
            self.happened.add("a delayed effect acts")
        if any(effect.mask == 0 for effect in effects):
            self.happened.add("an effect acts on everybody")
        return effects


def seen_in(net: Network, cases: Cases, log: EpisodeLog) -> set[str]:
    """Which of the things that engines could do differently are to be seen in a log."""
    start, end, served = (log.column(name) for name in ("start", "end", "served"))
    place = log.column("place")
    waited = served > start
    places_then = net.capacity[np.searchsorted(net.epochs, start, "right") - 1, place]
    beside = [NONE]
    stage_time = np.append(net.stages[:, STAGE_FIELDS.index("time")], beside)
    stage = np.minimum(log.column("stage"), len(net.stages))
    takes_time = stage_time[stage] == TIME_CODE[Time.DURATION]
    grows_up = log.column("outcome") == OUTCOME_CODE[GROWN_UP]
    come = cases.minute[cases.minute > 0]
    outcomes = set(log.column("outcome").tolist())
    things = {
        "places for one": (net.capacity == 1).any(),
        "somebody waits for the only place": (places_then[waited] == 1).any(),
        "numbers change on dates": (start >= [*net.epochs, FAR][1]).any(),
        "cases appear in the same minute": len(np.unique(come)) < len(come),
        "stays end in the same minute": len(np.unique(end[end > 0])) < (end > 0).sum(),
        "a stay that has a duration lasts no time": (end == start)[takes_time].any(),
        "a child grows up as another stay ends": np.isin(end[grows_up], end[~grows_up]).any(),
        "somebody waits": waited.any(),
        "somebody gives up waiting": ((served == OPEN) & (place != OPEN) & (end != OPEN)).any(),
        "a case has many stays": (log.column("nth") > 20).any(),
        "a stay goes on from before the start": (cases.spent > 0).any(),
    }
    for name in (HOUSEHOLD_CHANGED, GROWN_UP, CHILD_COMES_HOME, COMPLETED):
        things[name] = OUTCOME_CODE[name] in outcomes
    assert set(things) == set(SEEN_IN_THE_LOG)
    return {name for name, happened in things.items() if happened}


# --- round in circles -----------------------------------------------------------------------------


@pytest.mark.slow
def test_engines_refuse_the_same_circles_in_the_same_words():
    """Stages that lead to each other in no time: through places, care and returns as well."""
    refused: Counter[str] = Counter()
    stages: set[str] = set()

    @settings(max_examples=CIRCLES)
    @given(scrambles())
    def agree(how: Scramble) -> None:
        how = replace(how, circles=True, days=30)
        complaint, happened = said_by_both(*scrambled(how), how.seed)
        if isinstance(complaint, str):
            stages.add(complaint.split("comes to stage ")[1].split()[0])
            refused.update({"any", *happened})

    agree()
    assert refused["any"] > CIRCLES / 2 and len(stages) > 5
    for name in ("a family splits", "a child reopens the family"):
        assert refused[name] > FAIR_SHARE * CIRCLES, name


def test_a_pathway_without_time_is_refused_by_both():
    contact = stage_named("contact")
    round_and_round = replace(contact, ends=(leads("to_screening", "contact"),), by=())
    net = small_network((round_and_round,), {"contact.ends": 1.0})
    cases = arriving([5])
    for engine in (simpy_engine, compiled_engine):
        with pytest.raises(InputError) as complaint:
            engine.run(net, cases, 1, 0)
        assert f"case {cases.case[0]} has begun {MOST_STAYS} stays" in str(complaint.value)
        assert "stage 'contact'" in str(complaint.value)


def test_the_order_of_events_has_room_for_every_row_of_a_case():
    """What one stay can add to the last: each child grows up and comes home; all runs beside."""
    stages = simulate.prepare("sefton", "baseline", start=START, years=1, root=ROOT).network
    beside = int(stages.stage_field("besides").max())
    one = simpy_engine.order_key(0, 0, 1, 0)
    assert MOST_STAYS + beside + 2 * CASES_PER_FAMILY < one


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


COMPILES_A_LITTLE = """
import numpy as np
from model.compiling import jitted
from model.engines import compiled_engine, compiled_kernel
function = jitted(compiled_kernel.first_jumbled, compiled_engine.KERNEL_FILES)
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


def test_another_version_of_the_kernel_is_kept_elsewhere(tmp_path):
    here = kernel_folder(compiled_engine.KERNEL_FILES)
    others = [tmp_path / file.name for file in compiled_engine.KERNEL_FILES]
    for file, other in zip(compiled_engine.KERNEL_FILES, others, strict=True):
        other.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assert kernel_folder(others) == here
    others[-1].write_text("# another version\n", encoding="utf-8")
    assert kernel_folder(others) != here


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from model.compiling import available
print(available())
"""


def test_the_model_knows_when_numba_is_missing():
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMBA], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
