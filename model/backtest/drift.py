"""How far rates of services wander from year to year, and futures in which they do.

The size of a yearly step is read from the published figures up to the origin; a path of steps is a
scenario with dated changes, so that the engine needs to know nothing of it. What drifts, and how
its size is read, is part of the protocol (docs/backtest.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import scenarios
from model.backtest.series import by_year, known_to
from model.errors import InputError, Where
from model.pathway import ATTRIBUTES
from model.scenarios import Scenario

Array = NDArray[np.float64]
FEWEST_CHANGES = 3
DEMAND = "demand"
NOT_CONTACTING = ("asylum_seeking",)
WHY = "Rates wander; the size of the step is that of the years before the origin."


@dataclass(frozen=True)
class Wanders:
    """One thing that drifts.

    Attributes
    ----------
    name, title : of it. measure : whose yearly changes say how far. over : the stock that it is
        taken per child of; empty for a plain count.
    less_demand : whether the step of demand is inside those changes and is taken away.
    levers : parameter, way of changing, and the part that it is about.
    """

    name: str
    title: str
    measure: str
    levers: tuple[tuple[str, str, Mapping[str, Sequence[str]]], ...]
    over: str = ""
    less_demand: bool = False


CARE = {"outcome": ["care_entry"]}
WANDERING: tuple[Wanders, ...] = (
    Wanders(
        DEMAND,
        "contacts",
        "referrals",
        (
            (
                "demand.ratio",
                "multiply",
                {"source": [one for one in ATTRIBUTES["source"] if one not in NOT_CONTACTING]},
            ),
            # Contacts are new families and families that come back: both move.
            ("hazard_ratio.return", "multiply", {"outcome": ["comes_back"]}),
        ),
    ),
    Wanders(
        "plans",
        "plans after an enquiry",
        "child_protection_plans_started",
        (("odds_ratio.section_47", "multiply", {"outcome": ["child_protection_plan"]}),),
        less_demand=True,
    ),
    Wanders(
        "care",
        "entry into care",
        "looked_after_started",
        tuple(
            (lever, "multiply", CARE)
            for lever in (
                "odds_ratio.assessment",
                "odds_ratio.section_47",
                "hazard_ratio.child_in_need_plan",
                "hazard_ratio.child_protection_plan",
                "hazard_ratio.pre_proceedings",
                "hazard_ratio.step_down",
                "hazard_ratio.return",
            )
        ),
        less_demand=True,
    ),
    Wanders(
        "leaving",
        "leaving care",
        "looked_after_ceased",
        (
            (
                "hazard_ratio.looked_after",
                "multiply",
                {
                    "outcome": [
                        "returns_home",
                        "special_guardianship",
                        "adopted",
                        "leaves_for_other_reasons",
                    ]
                },
            ),
        ),
        over="looked_after",
    ),
    Wanders(
        "closing",
        "closing of child in need plans",
        "children_in_need_ended",
        (("hazard_ratio.child_in_need_plan", "multiply", {"outcome": ["closes"]}),),
        over="children_in_need",
    ),
)


def step_sizes(rows: pd.DataFrame, origin: int) -> dict[str, float]:
    """Standard deviation of the yearly step of each thing that drifts, on the logarithm.

    Parameters
    ----------
    rows : published rows of one area; only years up to the origin are read.

    Raises
    ------
    InputError where fewer than three yearly changes are published.
    """
    known = known_to(rows, origin)
    squares = {one.name: squared_step(known, one, origin) for one in WANDERING}
    for one in WANDERING:
        if one.less_demand:
            squares[one.name] -= max(squares[DEMAND], 0.0)
    return {name: math.sqrt(max(square, 0.0)) for name, square in squares.items()}


def squared_step(known: pd.DataFrame, one: Wanders, origin: int) -> float:
    """Mean squared yearly log change, less what chance alone gives; may be below nought."""
    count = by_year(known, one.measure)
    rate = count
    if one.over:
        stock = by_year(known, one.over)
        before = stock.reindex(count.index - 1).to_numpy()
        rate = count / ((stock.reindex(count.index) + before) / 2)
    rate = rate.dropna()
    rate = rate[rate > 0]
    together = rate.index.to_series().diff() == 1
    changes = np.log(rate).diff()[together]
    if len(changes) < FEWEST_CHANGES:
        raise InputError(
            Where("the published figures", one.measure),
            f"{len(changes)} yearly changes up to March {origin}",
            f"at least {FEWEST_CHANGES}, to say how far {one.title} wander from year to year",
            "Supply earlier years.",
        )
    chance = 1 / count.reindex(changes.index) + 1 / count.reindex(changes.index - 1).to_numpy()
    return float((changes**2 - chance).mean())


def paths(sizes: Mapping[str, float], years: int, luck: np.random.Generator) -> dict[str, Array]:
    """Factors of each thing in each year after the origin: a random walk on the logarithm.

    Returns
    -------
    By name, shape (years,).
    """
    found = {}
    for one in WANDERING:
        steps = luck.standard_normal(years) * sizes[one.name]
        found[one.name] = np.exp(np.cumsum(steps))
    return found


def as_scenario(factors: Mapping[str, Array], name: str, root: Any = None) -> Scenario:
    """Factors by year as a scenario of dated changes.

    Parameters
    ----------
    factors : by what drifts, one for each year of the run. name : of the scenario.
    """
    rows = [
        {
            "parameter": lever,
            "how": how,
            "at": {key: list(values) for key, values in at.items()},
            "ramp": [[f"start + {12 * year} months", float(f)] for year, f in enumerate(path)],
            "why": WHY,
            "grade": "definition",
            "source": ["definition"],
            "uncertainty": {"distribution": "fixed"},
        }
        for one in WANDERING
        for lever, how, at in one.levers
        for path in [factors.get(one.name, np.ones(0))]
        if len(path) and not np.allclose(path, 1.0)
    ]
    table = {"title": "Drift", "rationale": WHY, "evidence": "definition", "change": rows}
    if not rows:
        return Scenario(scenarios.BASELINE, "Today's arrangements go on")
    return scenarios.parse(table, name, root)
