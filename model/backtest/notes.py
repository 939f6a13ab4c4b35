"""Where a back-test's scores and verdict are kept, so that they go with every saving of its area.

The sentence stands in the area's own file (`area.forecast_note`); the scores in
parameters/backtests.csv for areas of the project, in `backtest.csv` beside the file of an area
folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from model import root as project
from model.backtest.report import AreaResult, sentence
from model.backtest.scoring import SCORE_COLUMNS
from model.errors import InputError, Where, listed
from model.parameters.area_files import file_of, files

NOTE = "forecast_note"
TABLE, BESIDE = "backtests.csv", "backtest.csv"
DIGITS = "%.6g"


def has_file(area: str, root: str | Path | None = None) -> bool:
    """Whether an area of published figures has a file that can take a sentence."""
    return area in files(project.find(root)) or Path(area).is_dir()


def table_of(area: str, root: str | Path | None = None) -> Path:
    """Where the scores of an area are kept.

    Parameters
    ----------
    area : name of an area of the project, or the path of an area folder.
    """
    if Path(area).is_dir():
        return file_of(area, project.find(root)).parent / BESIDE
    return project.find(root) / project.PARAMETERS / TABLE


def keep(result: AreaResult, area: str, root: str | Path | None = None) -> list[Path]:
    """Write the scores into their table, and the sentence into the area's file if it has one.

    Where no change is beaten, a sentence of an earlier back-test is taken out.

    Returns
    -------
    The files written.
    """
    table = table_of(area, root)
    earlier = read_scores(table) if table.is_file() else pd.DataFrame(columns=list(SCORE_COLUMNS))
    others = earlier[earlier["area"] != result.area]
    parts = [part for part in (others, result.scores) if len(part)]
    replaced(table, pd.concat(parts)[list(SCORE_COLUMNS)].to_csv(index=False, float_format=DIGITS))
    if not has_file(area, root):
        return [table]
    path = file_of(area, project.find(root))
    replaced(path, with_note(path.read_text(encoding="utf-8"), sentence(result)))
    return [path, table]


def read_scores(path: Path) -> pd.DataFrame:
    """Scores that were kept, with the columns of `scoring.SCORE_COLUMNS`.

    Raises
    ------
    InputError when the table has other columns.
    """
    found = pd.read_csv(path)
    if tuple(found.columns) != SCORE_COLUMNS:
        raise InputError(Where(path.name, "columns"), listed(found.columns), listed(SCORE_COLUMNS))
    return found.astype({"inside": object})


def kept(titles: dict[str, str], root: str | Path | None = None) -> list[AreaResult]:
    """The back-tests kept of the project's areas.

    Parameters
    ----------
    titles : of the areas wanted, by name, in order.

    Raises
    ------
    InputError for an area of which none is kept.
    """
    path = project.find(root) / project.PARAMETERS / TABLE
    scores = read_scores(path) if path.is_file() else pd.DataFrame(columns=list(SCORE_COLUMNS))
    missing = [name for name in titles if name not in set(scores["area"])]
    if missing:
        remedy = "Run the back-test of the area with --keep."
        where = Where(f"{project.PARAMETERS}/{TABLE}", "area")
        raise InputError(where, f"no back-test of {listed(missing)}", "", remedy)
    return [
        AreaResult(name, title, scores[scores["area"] == name].reset_index(drop=True))
        for name, title in titles.items()
    ]


def with_note(text: str, note: str) -> str:
    """An area's file with the sentence, or without one where it is empty; all else as it is."""
    document = tomlkit.parse(text)
    area: Any = document["area"]
    if note:
        area[NOTE] = note
    elif NOTE in area:
        del area[NOTE]
    return tomlkit.dumps(document)


def replaced(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
