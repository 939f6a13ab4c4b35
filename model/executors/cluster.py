"""Workers on other computers, joined by a Dask scheduler. Dask is asked for only when it is used.

Dask knows who is there and hands tasks out again when a worker is lost. It knows nothing of
versions: see `stamped`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from model.errors import InputError, Where
from model.executors.losses import SCHEDULER_LOST, WORKER_DIED, LostWorkerError
from model.executors.stamped import SAME_VERSION, compute, pack, stamp

P = ParamSpec("P")
Found = TypeVar("Found")

SWITCH = Where("--dask")
CONNECT_SECONDS = 8
EXAMPLE = "the address that the scheduler prints when it starts, such as tcp://10.0.0.5:8786"
REACHABLE = "See that the scheduler runs, and that no firewall keeps this computer from it."
INSTALL = 'Install it: pip install "family-pathways[cluster]", or in the folder of the project: '
INSTALL += 'pip install ".[cluster]".'


class Cluster(Executor):
    """An executor of the workers that a Dask client reaches.

    Parameters
    ----------
    client : a connected `distributed.Client`.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._inner: Executor = client.get_executor(pure=False)  # luck is in the arguments

    @property
    def workers(self) -> int:
        """How many tasks the cluster does at once, now: workers come and go."""
        return sum(self._client.nthreads().values())

    def submit(self, fn: Callable[P, Found], /, *args: P.args, **kwargs: P.kwargs) -> Future[Found]:
        """Have ``fn(*args, **kwargs)`` done by a worker; all of it must pickle."""
        return self._inner.submit(compute, stamp(), pack(fn, args, kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the tasks, or have the scheduler forget them."""
        self._inner.shutdown(wait=wait and not cancel_futures)


@contextmanager
def dask(address: str) -> Iterator[Cluster]:
    """The workers of a Dask cluster, for a ``with`` block.

    Parameters
    ----------
    address : of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InputError where Dask is not installed, no scheduler answers within about ten seconds, it has
    no worker, or a worker has another version.
    LostWorkerError where workers are lost again and again, or the scheduler is.
    """
    try:
        import distributed
    except ImportError:
        raise InputError(SWITCH, "no Dask on this computer", remedy=INSTALL) from None
    check_scheduler(distributed, address)
    with distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False) as client:
        check_workers(client, address)
        executor = Cluster(client)
        try:
            yield executor
        except distributed.KilledWorker as error:
            raise LostWorkerError(WORKER_DIED) from error
        except CancelledError as error:
            raise LostWorkerError(SCHEDULER_LOST) from error


def check_scheduler(distributed: Any, address: str) -> None:
    """Refuse an address where no scheduler answers.

    Asked without a client: one that fails says so late, and with a traceback of its own.
    """

    async def who() -> str:
        security = distributed.Security().get_connection_args("client")
        async with (
            asyncio.timeout(CONNECT_SECONDS),
            distributed.rpc(address, connection_args=security) as there,
        ):
            return str((await there.identity())["type"])

    why = f"no Dask scheduler answers there ({{}}; asked for up to {CONNECT_SECONDS} seconds)"
    try:
        with ThreadPoolExecutor(1) as apart:  # a notebook has a loop of its own in this thread
            found = apart.submit(asyncio.run, who()).result()
        why = "" if found == "Scheduler" else f"that is a Dask {found.lower()}, not a scheduler"
    except Exception as error:  # what a stranger's answer can cause has no end
        why = why.format(str(error) or "no reply")
    if why:
        raise InputError(SWITCH, f"{address!r}, but {why}", EXAMPLE, REACHABLE)


def check_workers(client: Any, address: str) -> None:
    """Refuse a cluster without workers, or where anyone has another version."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        found = f"no worker at the scheduler {address}"
        raise InputError(SWITCH, found, remedy=f"Start some: dask worker {address}") from None
    task = (compute, stamp(), pack(os.getpid, (), {}))
    replies = {
        f"worker {name}": found for name, found in client.run(*task, on_error="return").items()
    }
    try:
        client.run_on_scheduler(*task)
    except Exception as error:
        replies["scheduler"] = error
    for name, found in replies.items():
        if isinstance(found, InputError):
            raise InputError(
                Where(f"{name} ({found.where})"), found.found, found.allowed, found.remedy
            )
        if isinstance(found, Exception):
            said = f"no Family Pathways that can be used ({type(found).__name__}: {found})"
            raise InputError(Where(name), said, remedy=SAME_VERSION) from found
