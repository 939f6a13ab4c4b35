"""The app in a real browser: every page, a question to its download, a telephone's width.

Needs Chromium or Chrome; skipped where there is none.
"""

from __future__ import annotations

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
    page.goto(f"{address}/compare?years=3")
    settle(page)
    page.get_by_role("slider", name="Years").wait_for()
    assert page.get_by_role("slider", name="Years").get_attribute("aria-valuenow") == "3"
