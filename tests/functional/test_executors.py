"""The same results from anyone who computes, and nothing lost when a worker is."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future
from datetime import date
from pathlib import Path

import pytest

from model import simulate
from model.errors import InputError, UnknownNameError, Where
from model.executors import (
    LostWorkerError,
    Processes,
    cluster,
    dask,
    executor_for,
    in_order,
    processes,
    stamped,
    threads,
)
from model.executors import pool as pool_module
from model.executors.stamped import stamp
from tests.synthetic import AREA, write_synthetic_root
from tests.worker_tasks import (
    NONSENSE,
    TASKS,
    always_dies,
    fails_at_two,
    fails_strangely,
    kills_its_worker,
    noted,
    slow_then_quick,
    square,
    where_done,
)

ROOT = Path(__file__).parents[2]
NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")


# --- anyone ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool():
    with processes(2) as found:
        yield found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def dask_process(*words: str) -> subprocess.Popen:
    """A scheduler or a worker, on this computer only."""
    command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, **quiet)


def dask_worker(address: str) -> subprocess.Popen:
    return dask_process("worker", address, "--no-nanny", "--nthreads", "1")


@pytest.fixture(scope="module")
def address():
    """A scheduler with two worker processes."""
    pytest.importorskip("distributed")
    port = free_port()
    found = f"tcp://127.0.0.1:{port}"
    running = [dask_process("scheduler", "--port", str(port))]
    running += [dask_worker(found), dask_worker(found)]
    yield found
    for one in running:
        one.kill()
        one.wait()


def wait_for_workers(executor: cluster.Cluster, count: int) -> None:
    until = time.monotonic() + 30
    while executor.workers < count:
        assert time.monotonic() < until, "the workers do not come"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def dasks(address):
    with dask(address) as found:
        wait_for_workers(found, 2)
        yield found


@pytest.fixture(params=["here", "threads", "processes", "dask"])
def anyone(request):
    if request.param == "here":
        return None
    if request.param == "threads":
        executor = threads(2)
        request.addfinalizer(executor.shutdown)
        return executor
    return request.getfixturevalue({"processes": "pool", "dask": "dasks"}[request.param])


def test_results_come_in_the_order_of_the_tasks(anyone):
    found = list(in_order(anyone, slow_then_quick, TASKS))
    assert found == [(number, number * number) for number in TASKS]


def test_endless_tasks_stop_at_the_same_one_with_anyone(anyone):
    """A rule that looks at the results so far: enough when they sum to fifty."""
    found: list[int] = []
    with contextlib.closing(in_order(anyone, square, itertools.count())) as coming:
        for _, result in coming:
            found.append(result)
            if sum(found) >= 50:
                break
    assert found == [0, 1, 4, 9, 16, 25]


def test_an_error_comes_back_as_itself(anyone):
    coming = in_order(anyone, fails_at_two, TASKS)
    assert [next(coming), next(coming)] == [(0, 0), (1, 1)]
    with pytest.raises(InputError) as caught:
        next(coming)
    assert str(caught.value) == str(NONSENSE)


def test_an_error_cancels_the_tasks_that_have_not_begun(anyone, tmp_path):
    with pytest.raises(InputError):
        list(in_order(anyone, noted, [(tmp_path, number) for number in range(12)], in_flight=12))
    time.sleep(0.5)
    begun = {int(path.name) for path in tmp_path.iterdir()}
    assert {0, 1} <= begun
    assert len(begun) <= 8, "tasks were begun after the error"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_number_of_processes_gives_the_same(count):
    with processes(count) as executor:
        found = dict(in_order(executor, where_done, range(12)))
    assert [number for number, _ in found.values()] == list(range(12))
    assert os.getpid() not in {process for _, process in found.values()}


def test_a_simulation_is_the_same_from_a_cluster(dasks, tmp_path):
    root = write_synthetic_root(tmp_path, **{"population.children_0_17": 2_000})
    for name in ("unit_costs.toml", "partner_costs.toml", "prices.toml"):
        shutil.copy(ROOT / "parameters" / name, root / "parameters")
    with (root / "parameters" / "sources.toml").open("a", encoding="utf-8") as sources:
        sources.write((ROOT / "parameters" / "sources.toml").read_text(encoding="utf-8"))
    prepared = simulate.prepare(AREA, start=date(2025, 4, 1), years=1, root=root, engine="simpy")
    here = simulate.run(prepared, 4)
    there = simulate.run(prepared, 4, executor=dasks)
    for table in ("measures", "localities", "timeliness", "costs"):
        assert getattr(here, table).equals(getattr(there, table)), table
        assert len(getattr(here, table))


# --- in flight ------------------------------------------------------------------------------------


class Counting:
    """An executor that does nothing by itself and counts what it was handed."""

    def __init__(self):
        self.futures: list[Future] = []

    def submit(self, function, item):
        self.futures.append(Future())
        return self.futures[-1]

    def give(self, number):
        self.futures[number].set_result("done")


def test_no_more_tasks_are_in_flight_than_allowed():
    executor, taken = Counting(), []
    items = (taken.append(number) or number for number in itertools.count())
    coming = in_order(executor, square, items, in_flight=3)
    for number in range(10):
        threading.Timer(0.01, executor.give, (number,)).start()
        assert next(coming) == (number, "done")
        assert len(executor.futures) == len(taken) == number + 3
    coming.close()
    assert [future.cancelled() for future in executor.futures] == [False] * 10 + [True] * 2


# --- workers that are lost ------------------------------------------------------------------------


@NOT_ON_WINDOWS
@pytest.mark.parametrize("who", ["processes", "dask"])
def test_a_killed_worker_loses_nothing(who, request, tmp_path):
    tasks = [(tmp_path, number) for number in range(12)]
    with contextlib.ExitStack() as stack:
        if who == "processes":
            executor = stack.enter_context(processes(2))
        else:
            executor = request.getfixturevalue("dasks")
            third = dask_worker(request.getfixturevalue("address"))
            stack.callback(third.wait)
            stack.callback(third.kill)
            wait_for_workers(executor, 3)
        found = [number for _, number in in_order(executor, kills_its_worker, tasks)]
    assert found == list(range(12))
    assert (tmp_path / "died").exists()


@NOT_ON_WINDOWS
def test_a_task_that_always_loses_its_worker_is_given_up_and_the_others_go_on(tmp_path):
    with processes(2) as executor:
        lost = executor.submit(always_dies, tmp_path)
        assert dict(in_order(executor, square, TASKS)) == {n: n * n for n in TASKS}
        with pytest.raises(LostWorkerError, match="ran out of memory"):
            lost.result()
        assert len(list(tmp_path.iterdir())) == 3
        assert executor.submit(square, 5).result() == 25


def test_a_cluster_that_loses_too_much_says_so(address):
    distributed = pytest.importorskip("distributed")
    with pytest.raises(LostWorkerError, match="ran out of memory"), dask(address):
        raise distributed.KilledWorker("task", None, 3)
    with pytest.raises(LostWorkerError, match="scheduler"), dask(address):
        raise CancelledError


ENDLESS = """
import sys, time
from model.executors import processes
from tests.worker_tasks import ready_then_endless

if __name__ == "__main__":
    pool = processes(2)
    if sys.argv[1] == "forgets":
        pool.submit(ready_then_endless), pool.submit(ready_then_endless)
        time.sleep(float(sys.argv[2]))
        sys.exit()
    with pool:
        tasks = [pool.submit(ready_then_endless) for _ in range(4)]
        tasks[0].result()
"""


@NOT_ON_WINDOWS
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL, None])
def test_no_process_lives_on(end, tmp_path):
    """After Ctrl-C, when the program is killed, and when it ends without a word to its workers."""
    (tmp_path / "endless.py").write_text(ENDLESS)
    command = [sys.executable, str(tmp_path / "endless.py"), "runs" if end else "forgets", "3"]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if end:
        assert [running.stdout.readline(), running.stdout.readline()] == ["ready\n"] * 2
    if end == signal.SIGINT:
        os.killpg(running.pid, end)  # as a terminal does: workers get it too
    elif end:
        running.send_signal(end)
    # Whoever still lived would hold these pipes open.
    _, errors = running.communicate(timeout=30)
    assert running.returncode == (-end if end else 0)
    assert errors.count("Traceback") == (1 if end == signal.SIGINT else 0), errors


def test_stopped_processes_raise_cancelled_and_take_no_more():
    executor = processes(1)
    tasks = [executor.submit(time.sleep, 600) for _ in range(3)]
    while not tasks[0].running():
        time.sleep(0.01)
    executor.stop()
    for task in tasks:
        with pytest.raises(CancelledError):
            task.result(timeout=0)
    with pytest.raises(RuntimeError, match="no new task"):
        executor.submit(square, 1)
    executor.stop()


def test_an_error_that_cannot_travel_is_told(pool):
    with pytest.raises(RuntimeError, match=r"CannotTravelError: only this"):
        pool.submit(fails_strangely, 1).result()


@pytest.mark.parametrize("kind", [InputError, UnknownNameError])
def test_an_input_error_travels_whole(kind):
    error = kind(Where("a.toml", "b"), "this", "that", "Do so.")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.where) == (kind, str(error), error.where)


# --- versions -------------------------------------------------------------------------------------


@pytest.fixture
def another_version(monkeypatch):
    """This process says that it is of another version; its workers are what they are."""
    faked = {**stamp(), "Family Pathways": "9.9.9 (sources abc)", "numpy": "1.0"}
    for module in (pool_module, cluster):
        monkeypatch.setattr(module, "stamp", lambda: faked)


def test_a_process_of_another_version_is_refused(another_version):
    with processes(1) as executor, pytest.raises(InputError) as caught:
        executor.submit(square, 2).result()
    assert "9.9.9" in caught.value.allowed
    assert "numpy 1.0" in caught.value.allowed
    assert stamp()["Family Pathways"] in caught.value.found
    assert "Install the same" in caught.value.remedy


def test_a_cluster_of_another_version_is_refused_on_connecting(address, another_version):
    with (
        pytest.raises(InputError, match=r"worker tcp://.*9\.9\.9.*Install the same"),
        dask(address),
    ):
        raise AssertionError("connected")


def test_a_worker_of_another_version_that_joins_later_is_refused(dasks, another_version):
    with pytest.raises(InputError, match=r"process .*9\.9\.9.*Install the same"):
        dasks.submit(square, 2).result()


def test_a_task_stays_closed_in_another_version():
    with pytest.raises(InputError, match="Install the same"):
        stamped.compute({**stamp(), "Python": "3.0"}, b"no pickle at all")


def test_the_stamp_names_what_decides_the_results():
    assert {"Family Pathways", "Python", "numpy"} <= set(stamp())
    assert stamp()["Python"] == f"{sys.version_info.major}.{sys.version_info.minor}"


# --- the choice -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["elsewhere", "http://127.0.0.1:9", "tcp://127.0.0.1:9"])
def test_a_wrong_address_is_refused_soon_with_an_example(given, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(InputError, match=r"tcp://10\.0\.0\.5:8786") as caught, dask(given):
        raise AssertionError("connected")
    assert given in str(caught.value)
    assert time.monotonic() - began < 3


def test_whoever_is_there_but_is_no_scheduler_is_refused(address, dasks, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    worker = next(iter(dasks._client.nthreads()))
    with pytest.raises(InputError, match="a Dask worker, not a scheduler"), dask(worker):
        raise AssertionError("connected")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(InputError, match="no reply"), dask(f"tcp://127.0.0.1:{port}"):
            raise AssertionError("connected")


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"family-pathways\[cluster\]"), dask("tcp://127.0.0.1:9"):
        raise AssertionError("connected")


def test_the_command_line_gets_what_it_asks_for(address, dasks):
    for workers, tasks in [(1, 9), (4, 1), (None, 1), (4, 0)]:
        with executor_for(workers, tasks) as executor:
            assert executor is None
    with executor_for(4, 3) as executor:
        assert isinstance(executor, Processes)
        assert executor.workers == 3
    with executor_for(2, 3, kind="threads") as executor:
        assert executor.submit(threading.get_ident).result() != threading.get_ident()
    with executor_for(None, 1, address) as executor:
        assert isinstance(executor, cluster.Cluster)
    refused = pytest.raises(InputError, match="leave --workers out")
    with refused, executor_for(2, 3, address):
        raise AssertionError("chosen")
