"""How long one waits for the first answer of a server that has answered before."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from benchmarks.apart import apart
from benchmarks.area_runs import REDESIGN, START
from benchmarks.figures import Figure, Found, Settings, found
from model.answers import Question
from model.executors import processes, processors
from model.futures import answer_to
from model.results import Sampling

FIRST_REPLICATIONS = 4
YEARS = 5


def first_answer(area: str, years: int) -> dict[str, Any]:
    """The first answer of a server whose processes have answered another question before."""
    question = Question(area, REDESIGN, START, years, Sampling(FIRST_REPLICATIONS))
    with processes(processors()) as pool:
        answer_to(replace(question, sampling=Sampling(FIRST_REPLICATIONS, seed=2)), pool)
        began = time.perf_counter()
        answer_to(question, pool)
        return {"seconds": time.perf_counter() - began}


def warm_answer(settings: Settings) -> Found:
    """A redesign beside today's arrangements, four replications, in the app's way."""
    years = 1 if settings.quick else YEARS
    runs = apart(first_answer, settings.area, years)
    what = f"first answer, {FIRST_REPLICATIONS} replications of both, {years} years"
    return found([Figure(what, runs["seconds"], "s", at_most=2.0)], runs)
