"""A measurement in a process of its own, so that neither memory nor leftovers of one touch another.

    python -m benchmarks.apart MODULE FUNCTION ARGUMENTS

What is measured is a function of a module of this package; its arguments and what it gives are
plain JSON values.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 2**20
LINUX_STATUS = Path("/proc/self/status")
OF_THE_WHOLE = "whole_process_seconds"


def apart(
    function: Callable[..., Any], *arguments: Any, variables: dict[str, str] | None = None
) -> Any:
    """What a function gives in a process of its own; a dict also gets the process's seconds.

    Parameters
    ----------
    variables : of the environment, beside those that there are.
    """
    module, name = function.__module__, function.__name__
    print(f"measuring {name}{arguments} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.apart", module, name, json.dumps(arguments)]
    began = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **(variables or {})}
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{name}{arguments} failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    return {**found, OF_THE_WHOLE: seconds} if isinstance(found, dict) else found


def peak_megabytes() -> float | None:
    """The most memory that this process has had; None where the system does not say (Windows)."""
    if LINUX_STATUS.exists():  # getrusage would tell the most of this process's parent too
        most = re.search(r"VmHWM:\s+(\d+) kB", LINUX_STATUS.read_text(encoding="ascii"))
        return int(most[1]) * 1024 / MEGABYTE if most else None
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE  # macOS: bytes


def main(module: str, name: str, arguments: str) -> None:
    """Do what another process asks for."""
    function = getattr(importlib.import_module(module), name)
    print(json.dumps(function(*json.loads(arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
