"""A server with a store of its own and a real browser, for tests and benchmarks of the app.

Needs Debian's Chromium or Google's Chrome; `browser_path` says where one is.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# The last four keep the browser from speaking to anybody; the sandbox needs rights that a
# container rarely has.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
SECOND = 1000  # milliseconds, as the browser counts
GRAVE = ("serious", "critical")
START_SECONDS = 60
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-connection-state') !== 'CONNECTED') return false;
  return app.getAttribute('data-test-script-state') !== 'running';
}"""


def browser_path() -> str | None:
    """Where a browser is, if there is one."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def server(folder: Path, log: Path | None = None) -> Iterator[tuple[str, int]]:
    """The app on a free port, with its results kept in a folder; its address and process.

    Parameters
    ----------
    folder : for the store. log : for what it says; nowhere when None.
    """
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--server.port={port}", "--server.headless=true"]
    own = {
        "FAMILY_PATHWAYS_STORE": str(folder / "results"),
        "FAMILY_PATHWAYS_REDESIGNS": str(folder / "redesigns"),
        "FAMILY_PATHWAYS_AREAS": str(folder / "areas"),
    }
    out = log.open("wb") if log else subprocess.DEVNULL
    started = subprocess.Popen(
        command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | own
    )
    found = f"http://localhost:{port}"
    try:
        wait_for_server(f"{found}/_stcore/health", started)
        yield found, started.pid
    finally:
        started.terminate()
        started.wait(timeout=30)


def wait_for_server(address: str, started: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if started.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} seconds")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path(), args=list(SWITCHES))
        try:
            yield started
        finally:
            started.close()


def settle(page: Any, seconds: float = 60) -> None:
    """Wait until the page is drawn: Streamlit runs nothing, twice in a row."""
    page.get_by_test_id("stApp").wait_for()
    for _ in range(2):
        page.wait_for_function(IDLE, timeout=seconds * SECOND)
        page.wait_for_timeout(150)


def go_to(page: Any, title: str) -> None:
    """Choose a page at the side, and wait until it is drawn."""
    links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink")
    links.get_by_text(title, exact=True).click()
    settle(page)


def faults(page: Any) -> list[str]:
    """What is wrong on a page: exceptions on the screen."""
    return [one.inner_text() for one in page.get_by_test_id("stException").all()]


def grave_issues(page: Any) -> list[str]:
    """What axe finds to be a serious or critical obstacle on a page, in a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({json.dumps([node['html'][:160] for node in one['nodes']])})"
        for one in found
        if one["impact"] in GRAVE
    ]
