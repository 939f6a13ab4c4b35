"""The benchmark pathway: a small pathway with queues, to time engines on.

Contact, screening, early help, assessment, child in need, care, and what each waits for in the real
pathway: a screening officer, a key worker, a social worker. Families stay whole, every hour is a
working hour, nothing spills, nothing changes on a date. It is declared as the real pathway is and
built by the same `model.network`; `benchmarks.usual_way` writes the same thing as a plain SimPy
model.

Every number here is round and invented. It knows no area and no engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model import luck
from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY
from model.inputs import Bands, Shape
from model.network import Network, NetworkBuilder
from model.pathway import GONE, End, Rates, Scope, Stage, Time, Unit, Wait
from model.population import choose, pack
from model.working_days import MINUTES_PER_DAY, years_after

START = date(2025, 4, 1)

STAGES: tuple[Stage, ...] = (
    Stage(
        "contact",
        Unit.FAMILY,
        Scope.CONTACTED,
        "Someone tells the council about a family",
        Time.AT_ONCE,
        ends=(
            End("early_help_door", "early_help_wait"),
            End("to_screening", "screening", otherwise=True),
        ),
    ),
    Stage(
        "screening",
        Unit.FAMILY,
        Scope.CONTACTED,
        "An officer at the front door decides what the contact needs",
        Time.EFFORT,
        by=("need",),
        place=("screening_officers",),
        wait=Wait.BLOCKS,
        ends=(
            End("referral", "assessment", sets={"need": "level_4"}),
            End("early_help_recommendation", "early_help_wait"),
            End("advice_only", GONE, otherwise=True),
        ),
    ),
    Stage(
        "early_help_wait",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "The family waits for a key worker with a free place",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        place=("key_workers",),
        wait=Wait.WAITING_STAGE,
        ends=(
            End("allocated", "early_help"),
            End("disengages", GONE),
            End("escalates", "assessment", sets={"need": "level_4"}),
        ),
    ),
    Stage(
        "early_help",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "A key worker helps the family",
        Time.HAZARDS,
        rates=Rates.BANDS,
        place=("key_workers",),
        wait=Wait.AT_ONCE,
        ends=(
            End("outcomes_met", GONE),
            End("disengaged", GONE),
            End("step_up", "assessment", sets={"need": "level_4"}),
        ),
    ),
    Stage(
        "assessment",
        Unit.FAMILY,
        Scope.REFERRED,
        "A social worker assesses the child and family",
        Time.DURATION,
        by=("need",),
        place=("social_workers",),
        wait=Wait.CLOCK_RUNS,
        ends=(
            End("child_in_need", "child_in_need"),
            End("early_help", "early_help_wait", sets={"need": "level_3"}),
            End("not_in_need", GONE, otherwise=True),
        ),
    ),
    Stage(
        "child_in_need",
        Unit.FAMILY,
        Scope.REFERRED,
        "A child in need plan, with a social worker",
        Time.HAZARDS,
        rates=Rates.BANDS,
        place=("social_workers",),
        wait=Wait.CLOCK_RUNS,
        ends=(
            End("closes", GONE),
            End("step_down", "early_help_wait", sets={"need": "level_3"}),
            End("care_entry", "care"),
        ),
    ),
    Stage(
        "care",
        Unit.FAMILY,
        Scope.CARE_ENTRY,
        "The family's children are looked after",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        ends=(End("returns_home", "child_in_need"), End("leaves_care", GONE)),
    ),
)

# Shares of decisions, or of all endings of a stage with bands, in the order of its ends; a row
# for each level of need where the stage depends on it.
SHARES: dict[str, tuple] = {
    "contact": (0.1, 0.9),
    "screening": ((0.05, 0.1, 0.85), (0.15, 0.35, 0.5), (0.45, 0.35, 0.2), (0.85, 0.1, 0.05)),
    "early_help": (0.6, 0.2, 0.2),
    "assessment": ((0.1, 0.3, 0.6), (0.2, 0.3, 0.5), (0.3, 0.3, 0.4), (0.5, 0.2, 0.3)),
    "child_in_need": (0.7, 0.2, 0.1),
}
NEED_SHARES = np.array([0.4, 0.3, 0.2, 0.1])
# How long stays last: shares by band.
BANDS: dict[str, Bands] = {
    "screening": Bands((0, 30, 60, 120), "minutes", (0.25, 0.4, 0.35), None),
    "assessment": Bands((0, 10, 25, 45, 60), "working_days", (0.15, 0.3, 0.45, 0.1), None),
    "early_help": Bands((0, 13, 26, 52), "weeks", (0.3, 0.35, 0.25, 0.1), 26),
    "child_in_need": Bands((0, 13, 26, 52, 104), "weeks", (0.3, 0.25, 0.25, 0.15, 0.05), 52),
}
# Events per year at risk, and how that changes with the time in the stage.
YEARLY: dict[str, dict[str, float]] = {
    "early_help_wait": {"disengages": 0.5, "escalates": 0.3},
    "care": {"returns_home": 0.25, "leaves_care": 0.25},
}
TIME_SHAPES: dict[str, Shape] = {
    "early_help_wait": Shape((0,), "weeks", {"disengages": (1.0,), "escalates": (1.0,)}),
    "care": Shape(
        (0, 26, 104), "weeks", {"returns_home": (2.0, 1.0, 0.4), "leaves_care": (0.5, 1.0, 1.2)}
    ),
}


@dataclass(frozen=True)
class Load:
    """How much the benchmark has to do.

    Attributes
    ----------
    families_per_year, years : new families, spread evenly by luck.
    screening_officers, key_worker_places, social_worker_places : what there is to wait for.
    """

    name: str
    families_per_year: int
    years: int
    screening_officers: int
    key_worker_places: int
    social_worker_places: int

    @property
    def horizon_minutes(self) -> int:
        """Minutes from the first day to the last."""
        return (years_after(START, self.years) - START).days * MINUTES_PER_DAY


ORDINARY = Load("ordinary", 12_000, 10, 2, 2_350, 1_650)
CONGESTED = Load("congested", 12_000, 5, 1, 900, 1_450)
SHORT = Load("short", 6_000, 1, 1, 500, 300)  # for simulators that take minutes over the others


class BenchmarkInputs:
    """Answers what `NetworkBuilder` asks of `model.inputs.Inputs`, from the numbers above."""

    localities = ("everywhere",)
    change_dates = (START,)
    start = START

    def __init__(self, load: Load) -> None:
        self.load = load
        self.horizon = years_after(START, load.years)

    def varies(self, name: str) -> bool:
        """Nothing changes on a date."""
        return False

    def number(self, name: str, epoch: int = 0) -> float:
        """A capacity; nothing else is waited for. Every hour is a working hour."""
        return {
            "capacity.screening_officers": self.load.screening_officers,
            "capacity.key_workers": self.load.key_worker_places,
            "capacity.families_per_key_worker": 1.0,
            "capacity.social_workers": self.load.social_worker_places,
            "capacity.cases_per_social_worker": 1.0,
        }.get(name, 0.0)

    def shares(self, name: str, epoch: int = 0) -> NDArray[np.float64]:
        """Shares of a stage's endings; a pace or ratio is 1, and overload stretches nothing."""
        stage, _, what = name.partition(".")
        if what == "ends":
            return np.array(SHARES[stage], np.float64)
        if what == "overload_stretch":
            return np.zeros(())
        return np.ones(1 if stage == "duration_ratio" else ())

    def yearly(self, name: str, epoch: int = 0) -> NDArray[np.float64]:
        """Events per year at risk, by outcome."""
        return np.array(list(YEARLY[name.partition(".")[0]].values()))

    def outcomes(self, name: str) -> tuple[str, ...]:
        """The outcomes that have a yearly rate; no ending has a hazard ratio."""
        return tuple(YEARLY[name.partition(".")[0]]) if name.endswith("yearly_rates") else ()

    def bands(self, name: str, index: tuple[int, ...] = ()) -> Bands:
        """How long a stage lasts."""
        return BANDS[name.partition(".")[0]]

    def shape(self, name: str) -> Shape:
        """How a stage's rates change with the time in it."""
        return TIME_SHAPES[name.partition(".")[0]]


def build(load: Load) -> Network:
    """The benchmark pathway as a network, under a load."""
    inputs = BenchmarkInputs(load)
    return NetworkBuilder(inputs, inputs, stages=STAGES, every_day=True).build()


def arrivals(load: Load, key: int) -> Cases:
    """The families of a replication: one child each, need by luck, minutes spread evenly.

    Parameters
    ----------
    key : of the replication (`luck.run_key`).
    """
    count = load.families_per_year * load.years
    case = (FIRST_ARRIVAL_FAMILY + np.arange(count, dtype=np.int64)) * CASES_PER_FAMILY
    keys = luck.case_keys(key, case)
    minute = (luck.uniforms(keys, "minute") * load.horizon_minutes).astype(np.int64)
    state = pack(need=choose(luck.uniforms(keys, "need"), NEED_SHARES))
    order = np.lexsort((case, minute))
    none, one = np.zeros(count, np.int64), np.ones(count, np.int64)
    return Cases(
        minute=minute[order],
        case=case[order],
        stage=none,
        state=state[order],
        household=one,
        scopes=np.ones((count, len(Scope)), np.int64),
        births=none[:, None],
        spent=none,
        floor=np.zeros(count),
    )
