"""One line of progress on standard error: how many are done, and how long it will take."""

from __future__ import annotations

import sys
import time


class ProgressLine:
    """Progress over several runs of many replications.

    Parameters
    ----------
    total : replications in all.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.before = 0
        self.last = 0
        self.began = time.monotonic()
        self.name = ""
        self.alive = sys.stderr.isatty()

    def now(self, name: str) -> None:
        """Say what is being run now."""
        self.before += self.last
        self.last, self.name = 0, name
        if not self.alive:
            print(f"{name}: started", file=sys.stderr, flush=True)

    def step(self, done: int, of: int) -> None:
        """So many of this run's replications are done."""
        self.last = done
        finished = self.before + done
        spent = time.monotonic() - self.began
        left = spent / finished * (self.total - finished)
        text = f"{self.name}: {finished} of {self.total} replications, {left:.0f} s left"
        if self.alive:
            print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)
        elif done == of:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Finish the line."""
        if self.alive:
            print(file=sys.stderr)
