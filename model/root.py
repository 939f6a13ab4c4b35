"""Where the project's files are: the folder that holds `parameters/` and `scenarios/`.

It is the folder above the package, or the one that MODEL_HOME names. This module reads no file.
"""

from __future__ import annotations

import os
from pathlib import Path

from model.errors import InputError, Where

HOME_VARIABLE = "MODEL_HOME"
PARAMETERS = "parameters"
SCENARIOS = "scenarios"


def find(root: str | Path | None = None) -> Path:
    """The folder that holds the parameters and scenarios.

    Parameters
    ----------
    root : a folder to use instead; None for MODEL_HOME where it is set, else the folder above
        this package.

    Raises
    ------
    InputError
        When the folder has no `parameters/` or no `scenarios/`.
    """
    if root is not None:
        folder, says = Path(root), "the folder that was asked for"
    elif os.environ.get(HOME_VARIABLE):
        folder, says = Path(os.environ[HOME_VARIABLE]), f"the folder that {HOME_VARIABLE} names"
    else:
        folder, says = Path(__file__).resolve().parent.parent, "the folder above the model"
    for needed in (PARAMETERS, SCENARIOS):
        if not (folder / needed).is_dir():
            raise InputError(
                Where(str(folder)),
                f"no folder {needed}/ in {says}",
                f"a folder with {PARAMETERS}/ and {SCENARIOS}/ in it",
                f"Set the environment variable {HOME_VARIABLE} to the project's folder.",
            )
    return folder


def shown(path: Path, root: Path) -> str:
    """A path as a person knows it: from the root, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
