"""Where a back-test's verdict is kept, so that it goes with every saving of its area.

The sentence stands in the area's own file (`area.forecast_note`), the figures behind it in a
`backtest.json` beside an area folder, or in parameters/backtests/ for areas of the project.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tomlkit

from model import root as project
from model.backtest.report import AreaResult, sentence, summary
from model.parameters.area_files import file_of, files, folder_of

NOTE = "forecast_note"
FOLDER, FILE = "backtests", "backtest.json"


def result_file(area: str, root: str | Path | None = None) -> Path:
    """Where the figures of an area's back-test are kept.

    Parameters
    ----------
    area : name of an area of the project, or the path of an area folder.
    """
    folder = project.find(root)
    path = file_of(area, folder)
    if path.parent == folder_of(folder):
        return folder / project.PARAMETERS / FOLDER / f"{path.stem}.json"
    return path.parent / FILE


def has_file(area: str, root: str | Path | None = None) -> bool:
    """Whether an area of published figures has a file that can take a sentence."""
    return area in files(project.find(root)) or Path(area).is_dir()


def keep(result: AreaResult, area: str, root: str | Path | None = None) -> tuple[Path, Path]:
    """Write the sentence into the area's file, and the figures beside it.

    Where no change is beaten, a sentence of an earlier back-test is taken out.

    Returns
    -------
    The area's file and the file of figures.
    """
    path = file_of(area, project.find(root))
    text = with_note(path.read_text(encoding="utf-8"), sentence(result))
    replaced(path, text)
    figures = result_file(area, root)
    figures.parent.mkdir(parents=True, exist_ok=True)
    replaced(figures, json.dumps(summary([result]), indent=1) + "\n")
    return path, figures


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
