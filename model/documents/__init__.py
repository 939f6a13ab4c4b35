"""Documents of one comparison: an Excel file of everything, a Word briefing, slides.

Each is bytes, for a download or a file, and every figure in it comes from the tables of
`model.savings`. This package runs nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from model import flow_difference, flow_difference_svg
from model.documents.everything import SAYS, everything
from model.documents.slides import slides
from model.documents.word import briefing
from model.documents.workbook import workbook
from model.results import Results
from model.savings import Case, caveats, headline, points
from model.scenarios import Scenario

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KINDS: dict[str, str] = {"docx": WORD, "pptx": POWERPOINT, "xlsx": EXCEL}


def readme_lines(case: Case, more: Sequence[str] = ()) -> list[str]:
    """What a workbook says of itself: question, headline, units, sources, versions."""
    about = case.about
    sampling = about.sampling
    return [
        f"Question: {about.asked}",
        *([f"The redesign: {about.rationale}"] if about.rationale else []),
        f"Headline: {headline(case)}.",
        *(f"{name}: {says}" for name, says in points(case)),
        *more,
        *caveats(case),
        f"Money: {case.says}; unit costs: set '{about.cost_set}', {about.base_year} prices. Sheets "
        "that say constant prices are in those, at average prices. Positive is saved.",
        f"Futures: {sampling.says}",
        f"Seed {sampling.seed}; scenario '{about.scenario}' against 'baseline'; area "
        f"'{about.area}'; first day {about.start.isoformat()}; {about.years} years",
        "Low and high are the ends of the range that holds 80% of simulated futures. Families and "
        "children are counted apart: each row says which.",
        about.source,
    ]


def excel(
    case: Case,
    baseline: Results,
    scenario: Results,
    plan: Scenario | None = None,
    more: Mapping[str, pd.DataFrame] | None = None,
    sentences: Sequence[str] = (),
) -> bytes:
    """Every table of a comparison as one Excel file.

    Parameters
    ----------
    case : the comparison, priced. plan : the redesign, for its changes and programme costs.
    more : tables that needed runs of their own. sentences : what they say.
    """
    tables = everything(case, baseline, scenario, plan, more)
    title = f"Projected savings: {case.about.scenario_title}, {case.about.area_title}"
    return workbook(title, readme_lines(case, sentences), tables, SAYS)


def presentation(
    case: Case, baseline: Results, scenario: Results, sentences: Sequence[str] = ()
) -> bytes:
    """The slides of a comparison, with the map of the difference where the runs made flows."""
    if not len(baseline.flows):
        return slides(case, extra=sentences)
    table = flow_difference.flow_differences(baseline, scenario)
    stages = flow_difference.stage_differences(baseline, scenario)
    return slides(
        case,
        flow_difference_svg.png(table, stages),
        flow_difference.headline(table),
        flow_difference.in_words(table),
        flow_difference.lines(table),
        sentences,
    )


def report(
    case: Case,
    baseline: Results,
    scenario: Results,
    plan: Scenario | None = None,
    more: Mapping[str, pd.DataFrame] | None = None,
    sentences: Sequence[str] = (),
) -> dict[str, bytes]:
    """The three documents of a comparison, by the ending of their names."""
    return {
        "docx": briefing(case, sentences),
        "pptx": presentation(case, baseline, scenario, sentences),
        "xlsx": excel(case, baseline, scenario, plan, more, sentences),
    }


__all__ = [
    "EXCEL",
    "KINDS",
    "POWERPOINT",
    "WORD",
    "briefing",
    "everything",
    "excel",
    "presentation",
    "readme_lines",
    "report",
    "slides",
    "workbook",
]
