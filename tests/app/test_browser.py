"""The app in a real browser: every page, a question to its download, a telephone's width.

Needs Chromium or Chrome; skipped where there is none.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pages.parts import frame
from tests.app.browser import DESKTOP, PHONE, SECOND, faults, go_to, grave_issues, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLES = [title for rows in frame.PAGES.values() for name, title, _ in rows if frame.exists(name)]
LONGEST_RUN = 150 * SECOND  # on a computer where the model has never run, and a slow one


def main_width(page) -> int:
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")


def test_every_page_opens_without_fault_and_axe_finds_nothing_grave(new_page, address):
    """On a desktop and at a telephone's width; the app speaks to no other computer."""
    page = new_page()
    page.goto(address)
    settle(page)
    found = {}
    for title in TITLES:
        page.set_viewport_size(DESKTOP)
        go_to(page, title)
        page.get_by_role("heading", level=1).first.wait_for()
        found[title] = [*faults(page), *grave_issues(page)]
        page.set_viewport_size(PHONE)
        page.wait_for_timeout(300)
        if main_width(page) > PHONE["width"]:
            found[title].append(f"{main_width(page)} pixels wide on a telephone")
    assert not any(found.values()), found


def test_a_page_opened_by_its_own_address_has_its_frame_and_its_choices(new_page, address):
    page = new_page()
    page.goto(f"{address}/evidence?years=3&futures=8")  # few: the server has other work
    page.get_by_role("slider", name="Years").wait_for()
    assert page.get_by_role("slider", name="Years").input_value() == "3"


def test_two_people_share_a_job_that_outlives_a_refresh_and_a_dead_worker(
    new_page, address, served
):
    """A link opened by a second person shows the same job; killing the process loses nothing."""
    one, two = new_page(), new_page()
    one.goto(f"{address}/?years=1")
    one.get_by_role("button", name="Stop").wait_for()
    two.goto(one.url, wait_until="commit")
    two.get_by_text("1 year from").first.wait_for(timeout=LONGEST_RUN)
    one.get_by_text("1 year from").first.wait_for()
    os.kill(service_of(served[1]), signal.SIGKILL)
    one.reload()
    settle(one)
    one.get_by_text("1 year from").first.wait_for()
    one.get_by_role("button", name="Stop").or_(one.get_by_text("Decision-grade")).first.wait_for()
    assert not faults(one) + faults(two)
    two.get_by_role("button", name="Stop").click()
    two.get_by_text("Stopped.").wait_for()
    one.get_by_role("button", name="Stop").click()
    one.get_by_role("button", name="Go on").wait_for()


def service_of(server: int) -> int:
    """The process that works for a server."""
    children = Path(f"/proc/{server}/task/{server}/children")
    if not children.exists():
        pytest.skip("only Linux says which processes a server has started")
    tasks = Path(f"/proc/{server}/task").glob("*/children")
    found = [int(number) for path in tasks for number in path.read_text().split()]
    commands = {one: Path(f"/proc/{one}/cmdline").read_bytes() for one in found}
    return next(one for one, said in commands.items() if b"spawn_main" in said)
