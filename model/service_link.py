"""The server's end of the pipe to the process that works for it.

It starts the process, hands it one request at a time, hears how far it is, and notices when it is
gone. It knows no queue and no screen.
"""

from __future__ import annotations

import math
import multiprocessing
import pickle
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection

from model.executors import WORKER_DIED, LostWorkerError
from model.executors.pool import MASKED
from model.service import PAUSE, Done, Reached, Ready, Refused, Warm, work

SPAWN = multiprocessing.get_context("spawn")
LOOK_SECONDS = 0.05
PAUSE_SECONDS = 60.0  # after which a process that does not pause is ended: a busy computer is slow
START_SECONDS = 120.0  # on a slow computer where the model has never run
SIMPY = "simpy"


class ServiceLink:
    """One process that works for this one; started when it is first needed.

    Parameters
    ----------
    target : what the process does, given its end of the pipe.
    """

    def __init__(self, target: Callable[[Connection], None] = work) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self.engine = ""
        self.memory_bytes = 0
        self.starts = 0

    @property
    def process(self) -> int | None:
        """The number of the process; None while there is none."""
        found = self._process
        return found.pid if found is not None and found.is_alive() else None

    def start(self) -> None:
        """Start the process, where there is none, and wait until it has read the model.

        Raises LostWorkerError when it cannot.
        """
        if self._process is not None and self._process.is_alive():
            return
        self.end()
        if MASKED:  # what it starts inherits this: Ctrl-C is for the server
            resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(
            target=self._target, args=(theirs,), daemon=True, name="service"
        )
        self._process.start()
        theirs.close()
        self.starts += 1
        if not self._pipe.poll(START_SECONDS):
            self.end()
            raise LostWorkerError(WORKER_DIED)
        first = self._heard()
        self.engine = first.engine if isinstance(first, Ready) else ""

    def do(
        self,
        request: object,
        told: Callable[[int], None] = lambda _: None,
        to_pause: Callable[[], bool] = lambda: False,
    ) -> Reached | Refused:
        """Have a request done.

        Parameters
        ----------
        told : how many tasks are done. to_pause : asked often; once it says yes, the process is
            told to pause, and ended where it cannot. One that gets warm is not ended: it may be
            compiling, which it would have to begin again.

        Raises
        ------
        LostWorkerError when the process ends before it has answered.
        """
        with self._lock:
            self.start()
            self._say(request)
            patience = math.inf if isinstance(request, Warm) else PAUSE_SECONDS
            paused_at = 0.0
            while True:
                if not paused_at and to_pause():
                    paused_at = time.monotonic()
                    self.pause()
                if paused_at and time.monotonic() - paused_at > patience:
                    self.end()
                    raise LostWorkerError(WORKER_DIED)
                if not self._pipe.poll(LOOK_SECONDS):
                    continue
                heard = self._heard()
                if isinstance(heard, Done):
                    told(heard.tasks)
                elif isinstance(heard, Reached | Refused):
                    if isinstance(heard, Reached):
                        self.memory_bytes = heard.memory_bytes
                    return heard

    def pause(self) -> None:
        """Tell the process to pause before the next replication; end it where that takes long.

        Raises LostWorkerError when it was ended.
        """
        if self.engine == SIMPY:  # a replication may take many seconds
            self.end()
            raise LostWorkerError(WORKER_DIED)
        self._say(PAUSE)

    def end(self) -> None:
        """End the process at once, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            self._pipe.close()

    def _say(self, what: object) -> None:
        try:
            self._pipe.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
        except (OSError, ValueError) as error:
            self.end()
            raise LostWorkerError(WORKER_DIED) from error

    def _heard(self) -> object:
        try:
            return pickle.loads(self._pipe.recv_bytes())
        except (EOFError, OSError) as error:
            self.end()
            raise LostWorkerError(WORKER_DIED) from error
