"""What is kept of an area's back-test, in words for a screen.

It reads the scores that `model.backtest` keeps and the area's own sentence, and runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model.backtest.notes import read_scores, table_of
from model.backtest.report import AreaResult, error_table, method_said, sentence
from model.parameters.area_files import area_named
from model.wording import first_capital

HORIZONS = (1, 3)


@dataclass(frozen=True)
class Kept:
    """What is known of an area's back-test.

    Attributes
    ----------
    note : the sentence that goes with every saving of the area; empty where there is none.
    beaten : whether the forecast beat no change at three years; None where nothing was tried.
    inside, of : how many of the figures that came later were in the 80% range; of is 0 without.
    errors : method, and for one and three years ahead the mean error in percent; empty without.
    """

    note: str
    beaten: bool | None = None
    inside: int = 0
    of: int = 0
    errors: pd.DataFrame | None = None


def read(area: str, root: str | Path | None = None) -> Kept:
    """What is kept of an area's back-test.

    Parameters
    ----------
    area : name of an area, or the path of its folder.
    """
    about = area_named(area, root)
    file = table_of(area, root)
    scores = read_scores(file) if file.is_file() else pd.DataFrame(columns=["area"])
    own = scores[scores["area"] == about.name].reset_index(drop=True)
    if own.empty:
        return Kept(about.forecast_note)
    result = AreaResult(about.name, about.title, own)
    covered = result.covered
    return Kept(
        about.forecast_note or sentence(result),
        result.beaten,
        covered.inside,
        covered.of,
        _errors(result),
    )


def in_words(kept: Kept, title: str) -> str:
    """How far the forecast may be trusted, in a sentence or two."""
    if kept.note:
        said = kept.note
    elif kept.beaten:
        said = (
            f"For {title}, with the last years hidden, the forecast of three years ahead came "
            "closer to what happened than assuming no change."
        )
    elif kept.errors is not None:
        said = f"For {title} no third year is published, so no forecast of three years was tried."
    else:
        return (
            f"No back-test is kept for {title}: nobody has tried here whether the model would have "
            "forecast the years that are known. Treat savings as a comparison of two ways of "
            "working, not as a forecast of what will be spent."
        )
    if kept.of:
        said += (
            f" Of {kept.of} figures that came later, the 80% range held {kept.inside} "
            f"({100 * kept.inside / kept.of:.0f}%)."
        )
    return said


def _errors(result: AreaResult) -> pd.DataFrame:
    """The mean error of each method, in percent, by years ahead."""
    table = error_table(result.scores)
    found = pd.DataFrame({"method": table["method"].map(method_said).map(first_capital)})
    for years in HORIZONS:
        name = f"percent_off_{years}_year{'s' * (years > 1)}_ahead"
        found[name] = [
            "–" if pd.isna(share) else f"{100 * share:.0f}%" for share in table[f"percent_{years}"]
        ]
    return found
