"""Futures of redesigns set beside today's arrangements, without doing anything twice.

What a redesign does not change is the same whatever it is: the state of the world in a draw, and
what today's arrangements give in it. It is remembered here, so that the next redesign costs half.
The figures are those of `simulate.one_task`, to the last bit. It knows no screen and no queue.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from model import network
from model.engines.cases import Cases
from model.inputs import resolve
from model.results import FUTURE, Sampling
from model.simulate import OfTask, Prepared, cases_of, in_draw, joined, replicate
from model.summary import summary
from model.uncertainty import Draw, drawn_scenario

MOST_WORLDS = 96  # of about a megabyte each


@dataclass
class Today:
    """What is remembered of today's arrangements in one area: by task.

    Attributes
    ----------
    worlds : the run in the task's draw. tables : what its futures gave.
    """

    worlds: OrderedDict[int, Prepared] = field(default_factory=OrderedDict)
    tables: dict[int, dict[str, pd.DataFrame]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def world(self, plan: Prepared, sampling: Sampling, task: int) -> Prepared:
        """Today's arrangements in the draw of a task, or at central values without draws."""
        if not sampling.draws:
            return plan
        with self.lock:
            found = self.worlds.get(task)
        if found is None:
            found = in_draw([plan], Draw(sampling.seed, task))[0]
            with self.lock:
                self.worlds[task] = found
                while len(self.worlds) > MOST_WORLDS:
                    self.worlds.popitem()  # the first futures are asked for most
        return found


@dataclass(frozen=True)
class Wanted:
    """What is made of each future.

    Attributes
    ----------
    plans : today's arrangements first, then the redesigns. sampling : the futures.
    measures : names of those that are counted.
    """

    plans: tuple[Prepared, ...]
    sampling: Sampling
    measures: tuple[str, ...]


def shared_task(wanted: Wanted, today: Today, check: Callable[[], None], task: int) -> OfTask:
    """The futures of one task under every scenario, as `simulate.one_task` gives them.

    Parameters
    ----------
    today : remembers. check : called before every replication; what it raises stops the task.
    """
    usual, sampling = wanted.plans[0], wanted.sampling
    world = today.world(usual, sampling, task)
    known = {plan.scenario: beside(world, plan, sampling, task) for plan in wanted.plans[1:]}
    met: dict[int, Cases] = {}
    found: OfTask = {}
    for name, plan in {usual.scenario: world, **known}.items():
        if plan is world and task in today.tables:
            found[name] = today.tables[task]
            continue
        parts = []
        shared = plan is world or world.opening.same_cases(world.inputs, plan.inputs)
        for future in sampling.of_task(task):
            check()
            if shared and future not in met:
                met[future] = cases_of(world, sampling.seed, future)
            parts.append(one_future(plan, wanted, future, met[future] if shared else None))
        found[name] = joined(parts)
    today.tables[task] = found[usual.scenario]
    return found


def beside(world: Prepared, plan: Prepared, sampling: Sampling, task: int) -> Prepared:
    """A redesign in the world in which today's arrangements stand already."""
    if not sampling.draws:
        return plan
    usual = world.inputs
    inputs = resolve(
        usual.area.name,
        drawn_scenario(plan.inputs.scenario, Draw(sampling.seed, task)),
        start=usual.start,
        years=usual.years,
        parameters=usual.parameters,
        held=True,
    )
    return replace(world, inputs=inputs, network=network.build(inputs, usual))


def one_future(
    plan: Prepared, wanted: Wanted, future: int, cases: Cases | None
) -> dict[str, pd.DataFrame]:
    """The tables of one future of one scenario."""
    log = replicate(plan, wanted.sampling.seed, future, cases)
    tables = summary(
        log,
        plan.inputs,
        plan.network,
        plan.unit_costs,
        plan.partners,
        plan.tables,
        wanted.measures,
    )
    return {name: table.assign(**{FUTURE: future}) for name, table in tables.items()}
