"""Where this system keeps what the program can make again, and the names of what is unfinished.

A process writes under a name that says whose it is, so that whoever comes later knows what a
killed run left behind. This module does not know what is kept.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path

CACHE_NAME = "family-pathways"
OLD_SECONDS = 86_400  # a day: nobody is still writing
UNFINISHED = re.compile(r"\.(?:part|in-use)-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}")


def user_cache_folder() -> Path:
    """Where this system keeps what this program can make again.

    Raises
    ------
    RuntimeError
        When the user has no home folder.
    """
    home = Path.home()
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = home / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return caches / CACHE_NAME


def unfinished(folder: Path, what: str = "part") -> Path:
    """A new name in a folder for what this process has not finished: "part" or "in-use"."""
    return folder / f".{what}-{computer()}-{os.getpid()}-{secrets.token_hex(4)}"


def left_behind(path: Path) -> bool:
    """Whether an unfinished file belongs to nobody: its process is gone, or it is a day old."""
    named = UNFINISHED.fullmatch(path.name)
    if named is None:
        return False
    try:
        old = time.time() - path.stat().st_mtime > OLD_SECONDS
    except OSError:  # its owner has just removed it
        return False
    return old or (named[1] == computer() and not lives(int(named[2])))


def computer() -> str:
    """Eight hexadecimal digits that stand for this computer's name."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def lives(process: int) -> bool:
    """Whether a process of this computer still runs; yes where nobody can tell."""
    if sys.platform == "win32":
        import ctypes  # os.kill would end the process here

        kernel, may_wait, still_runs = ctypes.windll.kernel32, 0x0010_0000, 0x102
        handle = kernel.OpenProcess(may_wait, False, process)
        if not handle:
            return bool(kernel.GetLastError() == 5)  # access denied: it is somebody else's
        answer = kernel.WaitForSingleObject(handle, 0)
        kernel.CloseHandle(handle)
        return bool(answer == still_runs)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def children(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and have it on the disk when this returns."""
    made = unfinished(path.parent)
    try:
        with made.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        for pause in (0.01, 0.1, 0.5):
            try:
                made.replace(path)
                break
            except PermissionError:  # Windows: somebody reads the old file just now
                time.sleep(pause)
        else:
            made.replace(path)
    finally:
        drop(made)
    if os.name == "posix":
        with suppress(OSError):  # some network drives cannot
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def drop(path: Path) -> None:
    """Remove a file, if it is there and can be removed."""
    with suppress(OSError):
        path.unlink()
