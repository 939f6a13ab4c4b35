"""Make the worked example afresh: python -m model.worked_example [answer] [checks].

Run it when parameters, scenarios or the model have changed, look at the app, and commit what it
wrote. It takes some minutes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from functools import partial

from model import __version__, check, simulate, worked_example
from model.answers import Question, digest_of
from model.asking import latest_start
from model.executors import executor_for
from model.futures import answer_to
from model.progress import ProgressLine
from model.results import Sampling
from model.worked_example import Check

AREA, SCENARIO, YEARS, DRAWS = "sefton", "stockport_pathway", 5, 48
CHECKED_AREAS = ("sefton", "stockport")


def make_answer() -> None:
    """Run the worked question and write its answer."""
    sampling = Sampling.drawn(DRAWS)
    question = Question(AREA, SCENARIO, latest_start(AREA), YEARS, sampling)
    line = ProgressLine(sampling.tasks)
    line.now(f"{AREA}, {SCENARIO}")
    with executor_for(None, sampling.tasks) as executor:
        found = answer_to(question, executor, partial(_step, line))
    line.end()
    worked_example.save(replace(found, digest=digest_of(question)))


def _step(line: ProgressLine, done: int) -> None:
    if done:
        line.step(done, line.total)


def make_check(area: str) -> None:
    """Check an area and write the table."""
    prepared = simulate.prepare(area, start=check.START, years=check.YEARS)
    line = ProgressLine(check.REPLICATIONS)
    line.now(f"check {area}")
    with executor_for(None, check.REPLICATIONS) as executor:
        results = simulate.run(prepared, check.REPLICATIONS, 1, executor, line.step)
    line.end()
    rows = check.check_table(results, prepared.inputs.parameters)
    found = Check(
        area=area,
        title=prepared.inputs.area.title,
        made_on=datetime.now().astimezone().date(),
        version=__version__,
        digest=prepared.inputs.digest(),
        replications=check.REPLICATIONS,
        seed=results.sampling.seed,
        rows=rows,
    )
    worked_example.save_check(found)


def main(wanted: list[str]) -> None:
    """Make what is wanted; everything when nothing is named."""
    if not wanted or "answer" in wanted:
        make_answer()
    if not wanted or "checks" in wanted:
        for area in CHECKED_AREAS:
            make_check(area)


if __name__ == "__main__":
    main(sys.argv[1:])
