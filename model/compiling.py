"""Code that is compiled where Numba is installed, and kept on disk for the next process.

Numba is optional: `available` says whether it is there. Compiled code is kept in a folder named by
what its files say, where it outlives a reinstallation. This module knows no engine and no measure.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from model.caches import user_cache_folder

NAME_DIGITS = 16
SECONDS_PER_DAY = 86_400
DAYS_KEPT = 60  # on disk, of code that has changed since
# Neither lock nor reference is held, so that threads run side by side: every array belongs to the
# caller. Sums are made in the order written, so that they agree to the last bit.
OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    "boundscheck": False,
    "_nrt": False,
}
Function = TypeVar("Function", bound=Callable[..., Any])
_compiling = Lock()


@cache
def available() -> bool:
    """Whether this computer can compile: Numba is installed and works."""
    try:
        importlib.import_module("numba")
    except Exception:  # broken, or for another NumPy: whatever it says, it does not work
        return False
    return True


def compiled(function: Function) -> Function:
    """A function that is compiled at its first call; without Numba it runs as it is written.

    It takes arrays and whole numbers, and writes into arrays that it is given.
    """
    found: list[Callable[..., Any]] = []

    @wraps(function)
    def call(*args: Any) -> Any:
        if not found:
            with _compiling:
                if not found:
                    file = Path(sys.modules[function.__module__].__file__ or "")
                    found.append(jitted(function, [file]) if available() else function)
        return found[0](*args)

    return cast(Function, call)


def jitted(function: Callable[..., Any], files: Sequence[Path]) -> Any:
    """A function to be compiled, and kept on disk where any folder can be written to.

    Parameters
    ----------
    files : all that the compiled code is made from.
    """
    numba = importlib.import_module("numba")
    asked = numba.config.CACHE_DIR
    try:
        folder = kernel_folder(files, asked)
        numba.config.CACHE_DIR = str(folder)
        with suppress(OSError):
            os.utime(folder)  # it is in use, see `forget_old_kernels`
        return numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # this user has no folder that can be written to
        return numba.njit(**OPTIONS)(function)
    finally:
        numba.config.CACHE_DIR = asked


def kernel_folder(files: Sequence[Path], asked: str = "") -> Path:
    """Where code made from these files, as they are now, is kept.

    Another version never writes there, so that processes of two versions do not meet. Numba
    itself renames finished files into place.

    Parameters
    ----------
    asked : the folder that NUMBA_CACHE_DIR names, if any.
    """
    says = hashlib.sha256()
    for file in (Path(__file__), *files):
        says.update(file.read_bytes())
    home = Path(asked) if asked else user_cache_folder()
    return home / f"kernel_{says.hexdigest()[:NAME_DIGITS]}"


def forget_old_kernels() -> None:
    """Remove from the usual folder what nobody has used for long."""
    with suppress(OSError, RuntimeError):
        for folder in user_cache_folder().glob("kernel_" + "[0-9a-f]" * NAME_DIGITS):
            age_days = (time.time() - folder.stat().st_mtime) / SECONDS_PER_DAY
            if age_days > DAYS_KEPT:
                shutil.rmtree(folder, ignore_errors=True)


__all__ = [
    "available",
    "compiled",
    "forget_old_kernels",
    "jitted",
    "kernel_folder",
]
