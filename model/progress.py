"""One line of progress on standard error: how many are done, and how long it will take."""

from __future__ import annotations

import sys
import time


class ProgressLine:
    """Progress over several runs of many replications.

    Parameters
    ----------
    total : pieces of work in all. at_most : there may be fewer.
    """

    def __init__(self, total: int, at_most: bool = False) -> None:
        self.total, self.at_most = total, at_most
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
        most = "at most " * self.at_most
        text = f"{self.name}: {finished} of {most}{self.total} done, {most}{left:.0f} s left"
        if self.alive:
            print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)
        elif done == of:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Finish the line."""
        if self.alive:
            print(file=sys.stderr)
