"""Worker processes of this computer that may be lost without losing a task.

Each process is spawned, never forked, and has a thread here that hands it one task at a time and
starts another process when it is lost. Python's own `ProcessPoolExecutor` gives up all its tasks
when one process dies.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from model.executors.losses import TRIES, WORKER_DIED, LostWorkerError
from model.executors.stamped import Stamp, compute, pack, stamp
from model.memory import keep_what_is_freed

P = ParamSpec("P")
Found = TypeVar("Found")
Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...], dict[str, Any]]

SPAWN = multiprocessing.get_context("spawn")
MASKED = hasattr(signal, "pthread_sigmask")  # not on Windows


def processes(count: int) -> Processes:
    """So many spawned processes of this computer, to be used in a ``with`` block."""
    return Processes(count)


class Processes(Executor):
    """An executor of spawned processes.

    Leaving its ``with`` block by an error (Ctrl-C too), `stop`, and the end of the program end
    the processes at once; they also end when this process is killed.

    Parameters
    ----------
    workers : processes; each starts with its first task.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._own = threading.local()
        self._alive: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = self._stopped = False
        self._stamp = stamp()
        if MASKED:
            resource_tracker.ensure_running()  # later, its start would lift the threads' mask
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()
        atexit.register(self.stop)

    def submit(self, fn: Callable[P, Found], /, *args: P.args, **kwargs: P.kwargs) -> Future[Found]:
        """Have ``fn(*args, **kwargs)`` done by a process; all of it must pickle."""
        future: Future[Found] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("these processes were ended and take no new task")
            self._tasks.put((future, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End each process when there is no task left; those not begun may be cancelled."""
        with self._lock:
            self._closed = True
            with contextlib.suppress(queue.Empty):
                while cancel_futures:
                    task = self._tasks.get_nowait()
                    if task and task[0].cancel():
                        task[0].set_running_or_notify_cancel()
            for _ in self._threads:
                self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            atexit.unregister(self.stop)

    def stop(self) -> None:
        """End the processes at once, whatever they do; their tasks raise CancelledError."""
        with self._lock:
            self._stopped = True
            for worker in self._alive:
                worker.process.kill()
        self.shutdown(cancel_futures=True)

    def __exit__(self, kind: object, error: object, where: object) -> None:
        """Wait for the tasks; after an error, end at once."""
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def _serve(self) -> None:
        """Hand the tasks to one process, one after the other: what each thread does."""
        if MASKED:  # what it starts inherits this: Ctrl-C is for the one who asked
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._own.worker = None
        while self._serve_one(self._tasks.get()):
            pass
        self._leave()

    def _serve_one(self, task: Task | None) -> bool:
        """Settle one task; False where there is none any more."""
        if task is None:
            return False
        future, fn, args, kwargs = task
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(self._done(fn, args, kwargs))
            except BaseException as error:
                future.set_exception(error)
        return True

    def _done(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of a task, from as many processes as it takes up to the limit."""
        message = pickle.dumps((self._stamp, pack(fn, args, kwargs)))
        for _ in range(TRIES):
            try:
                reply = self._worker().answer(message)
            except (EOFError, OSError):
                self._leave()
                continue
            good, found = pickle.loads(reply)
            if good:
                return found
            raise found
        raise LostWorkerError(WORKER_DIED)

    def _worker(self) -> Worker:
        """This thread's process, started where there is none."""
        if self._own.worker is None:
            with self._lock:
                if self._stopped:
                    raise CancelledError
                self._own.worker = Worker()
                self._alive.add(self._own.worker)
        return self._own.worker

    def _leave(self) -> None:
        """End this thread's process, if there is one; it has nothing to do."""
        worker, self._own.worker = self._own.worker, None
        if worker is not None:
            worker.end()
            with self._lock:
                self._alive.remove(worker)


class Worker:
    """A spawned process and the pipe to it."""

    def __init__(self) -> None:
        self.pipe, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()  # else nobody would notice the other end's death

    def answer(self, message: bytes) -> bytes:
        """What the process makes of a message.

        Raises EOFError or OSError when the process is lost.
        """
        self.pipe.send_bytes(message)
        return self.pipe.recv_bytes()

    def end(self) -> None:
        """Let the process end, and wait for it."""
        self.pipe.close()
        self.process.join()


def work(pipe: Connection) -> None:
    """Do tasks until the pipe is closed: what each process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_what_is_freed()
    threading.Thread(target=end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(reply_to(*pickle.loads(pipe.recv_bytes())))


def reply_to(client: Stamp, packed: bytes) -> bytes:
    """The pickled result of a task, or its error."""
    try:
        return pickle.dumps((True, compute(client, packed)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        told = traceback.format_exc()
        try:
            error.add_note(told)
            reply = pickle.dumps((False, error))
            pickle.loads(reply)  # some errors only say here that they cannot travel
        except Exception:
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}\n{told}")))
        return reply


def end_with_parent() -> None:
    """End this process, busy or not, when the process that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
