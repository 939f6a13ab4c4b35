"""Finished futures kept in the store, and taken from it: what makes a run survive being killed.

The same question, with the same numbers, ranges and version of the model, is answered from disk;
a question for more futures runs only those that are missing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from model.engines.choice import engine_named
from model.executors import stamp
from model.results import FUTURE, Sampling, Tables
from model.simulate import OfTask, Prepared, joined
from model.store import Entry, Store
from model.uncertainty import changes_of, price_ranges_of, ranges_of

BLOCK_TASKS = 16
BLOCK_SECONDS = 20.0  # after which a smaller block is written


class KeptInStore:
    """Keeps the futures of a run in a store, block by block.

    Parameters
    ----------
    store : where. say : told what is damaged in the store, and ignored.
    measures : names of those that are counted; empty for every one.
    """

    def __init__(
        self,
        store: Store,
        say: Callable[[str], None] = lambda _: None,
        measures: tuple[str, ...] = (),
    ) -> None:
        self.store, self.say, self.measures = store, say, measures
        self.entries: dict[str, Entry] = {}
        self.sampling = Sampling(1)
        self.waiting: list[OfTask] = []
        self.kept = self.next = 0  # tasks found in the store, tasks in it now
        self.since = time.monotonic()

    def begin(self, plans: Sequence[Prepared], sampling: Sampling) -> int:
        """How many tasks, from the first on, are kept already for every scenario."""
        self.sampling = sampling
        self.entries = {
            plan.scenario: self.store.entry(about(plan, sampling, self.measures), notes(plan))
            for plan in plans
        }
        held = []
        for entry in self.entries.values():
            for fault in entry.faults:
                self.say(fault)
            futures = entry.held(sampling.futures)
            first_missing = next(k for k in range(sampling.futures + 1) if k not in futures)
            held.append(sampling.whole_tasks(first_missing))
        self.kept = self.next = min(held)
        self.since = time.monotonic()
        return self.kept

    def task(self, task: int) -> OfTask:
        """The money of a task that is kept, which is what the rule for enough futures looks at."""
        futures = self.sampling.of_task(task)
        return {
            scenario: {name: table[table[FUTURE].isin(futures)] for name, table in found.items()}
            for scenario, found in self.money.items()
        }

    @cached_property
    def money(self) -> OfTask:
        """Costs and programme costs of the futures that were kept before this run."""
        futures = self.sampling.before(self.kept)
        return {
            scenario: {name: entry.read(name, futures) for name in ("costs", "programme")}
            for scenario, entry in self.entries.items()
        }

    def keep(self, task: int, found: OfTask) -> None:
        """Take the tables of the next task; write them when there are enough for a block."""
        self.waiting.append(found)
        due = time.monotonic() - self.since > BLOCK_SECONDS
        if due or len(self.waiting) == BLOCK_TASKS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if not self.waiting:
            return
        spent = time.monotonic() - self.since
        first = self.sampling.before(self.next)
        futures = self.sampling.before(self.next + len(self.waiting)) - first
        for scenario, entry in self.entries.items():
            tables = joined([found[scenario] for found in self.waiting])
            entry.write(first, tables, futures, spent / len(self.entries))
        self.next += len(self.waiting)
        self.waiting, self.since = [], time.monotonic()

    def tables(self, plan: Prepared, sampling: Sampling) -> Tables:
        """The tables of all futures of a scenario, read back."""
        entry = self.entries[plan.scenario]
        return {name: entry.read(name, sampling.futures) for name in plan.tables}


def about(plan: Prepared, sampling: Sampling, measures: tuple[str, ...] = ()) -> dict[str, Any]:
    """What decides the futures of a plan, as plain JSON values: the question of an entry.

    Parameters
    ----------
    measures : names of those that are counted; empty for every one.
    """
    inputs, prices = plan.inputs, plan.unit_costs
    unsure: dict[str, Any] = {"draws": False}
    if sampling.draws:
        ranges = (
            ranges_of(inputs.parameters),
            changes_of(inputs.scenario),
            price_ranges_of(prices),
            price_ranges_of(plan.partners),
        )
        unsure = {
            "draws": True,
            "replications_of_each": sampling.replications,
            "repeated": sampling.repeated,
            "ranges": digest(repr(ranges)),
        }
    return {
        "area": inputs.area.name,
        "scenario": inputs.scenario.name,
        "changes": [
            repr((one.parameter, one.at, one.how, one.steps)) for one in inputs.scenario.changes
        ],
        "start": inputs.start.isoformat(),
        "years": inputs.years,
        "inputs": inputs.digest(),
        "usual_inputs": plan.opening.inputs.digest(),
        "prices": digest(prices.table().to_csv() + plan.partners.table().to_csv()),
        "cost_set": prices.cost_set,
        "base_year": prices.deflator.base_year,
        "tables": list(plan.tables),
        "seed": sampling.seed,
        **({"measures": list(measures)} if measures else {}),
        **unsure,
        "made_by": stamp(),
    }


def notes(plan: Prepared) -> dict[str, Any]:
    """What does not decide the futures of a plan, and is worth knowing."""
    return {
        "title": plan.inputs.scenario.title,
        "engine": engine_named(plan.engine).__module__.rpartition(".")[2],
    }


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


__all__ = ["KeptInStore", "about", "notes"]
