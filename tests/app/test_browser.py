"""The app in a real browser: every page, one comparison to its download, a telephone's width.

Needs Chromium or Chrome; skipped where there is none.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from openpyxl import load_workbook

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PAGES = {
    "Today": "Today's pathway in Sefton",
    "Compare": "Stockport Supporting Families Pathway",
    "How well it fits": "How well it fits",
    "Evidence": "Evidence",
}
PHONE = {"width": 390, "height": 844}
SECOND = 1000
LONGEST_RUN = 150 * SECOND  # on a computer where the model has never run, and a slow one
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def browser_path() -> str | None:
    """Where a browser is, if there is one."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="module")
def address():
    """The address of the app on a free port, as `python run.py` starts it."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--server.port={port}", "--server.headless=true"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    found = f"http://localhost:{port}"
    try:
        wait_for(f"{found}/_stcore/health", server)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the server did not answer within a minute")


@pytest.fixture(scope="module")
def browser():
    """Chromium, without a window."""
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium or Chrome on this computer")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A window that notes every request to another computer."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(60 * SECOND)
    abroad: list[str] = []

    def note(request) -> None:
        if not request.url.startswith(("http://localhost", "data:", "blob:")):
            abroad.append(request.url)

    opened.on("request", note)
    yield opened
    opened.close()
    assert abroad == [], "the app must send nothing to another computer"


def go_to(page, title: str) -> None:
    """Choose a page in the bar at the top, and wait until it is drawn."""
    page.get_by_test_id("stTopNav").get_by_text(title, exact=True).click()
    page.get_by_role("heading", level=1, name=PAGES[title]).wait_for()


def test_every_page_opens_and_nothing_leaves_this_computer(page, address):
    page.goto(address)
    page.get_by_role("heading", level=1, name=PAGES["Today"]).wait_for()
    for title in PAGES:
        go_to(page, title)
        assert page.get_by_test_id("stException").count() == 0
    go_to(page, "Compare")
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    page.wait_for_timeout(SECOND)


def test_a_page_opened_by_its_own_address_has_its_frame(page, address):
    page.goto(f"{address}/compare")
    page.get_by_role("heading", level=1, name=PAGES["Compare"]).wait_for()
    page.get_by_role("button", name="Run this comparison").wait_for()


def test_on_a_telephone_nothing_is_wider_than_the_screen(page, address):
    page.set_viewport_size(PHONE)
    for name in ("", "compare", "fit", "evidence"):
        page.goto(f"{address}/{name}")
        page.get_by_role("heading", level=1).first.wait_for()
        page.get_by_test_id("stStatusWidget").wait_for(state="detached")
        page.wait_for_timeout(SECOND)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= PHONE["width"], name


def test_a_comparison_is_run_and_downloaded(page, address):
    """From the first choice to the Excel file; the run goes on while pages change."""
    page.goto(f"{address}/compare")
    page.get_by_role("heading", level=1, name=PAGES["Compare"]).wait_for()
    for slider in ("Years", "Simulated futures"):
        page.get_by_role("slider", name=slider).focus()
        page.keyboard.press("Home")
        page.wait_for_timeout(SECOND / 2)
    page.get_by_text("has not been run yet").wait_for()
    page.get_by_role("button", name="Run this comparison").click()
    page.get_by_role("button", name="Stop the run").wait_for()
    go_to(page, "Today")
    page.get_by_text("1 year from").first.wait_for(timeout=LONGEST_RUN)
    go_to(page, "Compare")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="All tables of this comparison (Excel)").click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert "1 year from" in book["about"]["A2"].value
    assert book["measures"].max_row > 50
