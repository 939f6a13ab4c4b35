"""Tasks that a worker does only where its version is that of whoever asks.

Results are the same to the last bit on every computer, as long as the same sources and the same
packages compute them. Every task therefore travels with a stamp of its client, and stays closed
until the worker has compared the stamp with its own.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import model
from model.errors import InputError, Where, listed

DIGEST_DIGITS = 12
# What can change the last bits of a result: Python too, whose sum() of floats changed with 3.12.
PACKAGES = ("numpy", "pandas", "scipy", "simpy")
SAME_VERSION = (
    "Install the same Family Pathways on every computer, with the same Python and the packages of "
    "requirements.lock, and start it again; with Dask, the scheduler and every worker."
)
Stamp = dict[str, str]


@cache
def stamp() -> Stamp:
    """What decides this process's results: versions, and a digest of the model's source files."""
    home, says = Path(model.__file__).parent, hashlib.sha256()
    for path in sorted(home.rglob("*.py"), key=lambda path: path.relative_to(home).as_posix()):
        source = path.read_bytes().replace(b"\r\n", b"\n")  # Git may change the line ends
        says.update(f"{path.relative_to(home).as_posix()} {len(source)} ".encode() + source)
    return {
        "Family Pathways": f"{model.__version__} (sources {says.hexdigest()[:DIGEST_DIGITS]})",
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def check_same(client: Stamp, worker: Stamp, name: str) -> None:
    """Refuse a worker whose stamp is not its client's.

    Raises
    ------
    InputError that names the worker, and what differs there and here.
    """
    differ = [key for key in {**client, **worker} if client.get(key) != worker.get(key)]
    if differ:
        there = listed(f"{key} {worker.get(key, 'unknown')}" for key in differ)
        here = listed(f"{key} {client.get(key, 'unknown')}" for key in differ)
        raise InputError(Where(name), there, f"{here}, as on the computer that asks", SAME_VERSION)


def pack(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """A task as bytes, for `compute` to open."""
    return pickle.dumps((function, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)


def compute(client: Stamp, packed: bytes) -> Any:
    """Do a task in a worker of the client's version; refuse it in any other."""
    check_same(client, stamp(), f"process {os.getpid()} on {platform.node()}")
    function, args, kwargs = pickle.loads(packed)
    return function(*args, **kwargs)
