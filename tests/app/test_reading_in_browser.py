"""Flow plays, pauses and stands still on request; the evidence is searched: in a real browser.

Needs Chromium or Chrome; skipped where there is none.
"""

from __future__ import annotations

import pytest

from tests.app.browser import DESKTOP, SECOND, faults, grave_issues, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONGEST_RUN = 150 * SECOND  # on a computer where the model has never run, and a slow one


def day_of(page) -> int:
    return int(page.get_by_role("slider", name="Day of the simulated years").input_value())


def until_day(page, day: int) -> None:
    """Wait until the player has come so far."""
    page.wait_for_function(
        """day => [...document.querySelectorAll('*')].some(one => one.shadowRoot &&
        Number(one.shadowRoot.querySelector('[data-do="day"]')?.value) >= day)""",
        arg=day,
    )


def test_families_move_stop_step_and_one_is_followed(new_page, address):
    page = new_page(DESKTOP)
    page.goto(f"{address}/flow")
    settle(page)
    play = page.get_by_role("button", name="Play", exact=True)
    play.wait_for(timeout=LONGEST_RUN)
    assert day_of(page) == 0
    page.get_by_label("Speed").select_option("60")
    play.click()
    until_day(page, 10)
    page.get_by_role("button", name="Pause", exact=True).click()
    stopped = day_of(page)
    page.wait_for_timeout(400)
    assert day_of(page) == stopped
    page.get_by_role("button", name="One month on").focus()
    page.keyboard.press("Enter")
    assert day_of(page) > stopped
    page.get_by_label("Follow one family").select_option("3")
    page.get_by_role("heading", name="Family 4:").first.wait_for()
    assert not faults(page) + grave_issues(page)


def test_who_asks_for_less_motion_sees_families_month_by_month(new_page, address):
    page = new_page(DESKTOP)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/flow")
    page.get_by_role("button", name="Play", exact=True).click(timeout=LONGEST_RUN)
    until_day(page, 1)
    page.get_by_role("button", name="Pause", exact=True).click()
    assert day_of(page) in (29, 60, 90, 121, 152)  # ends of months, counted from 1 April


def test_the_evidence_is_searched(new_page, address):
    page = new_page(DESKTOP)
    page.goto(f"{address}/evidence")
    settle(page)
    page.get_by_label("Search names, notes, sources and files").fill("officers adopting")
    page.keyboard.press("Enter")
    page.get_by_text("`screening.officers_adopting`").or_(
        page.get_by_text("screening.officers_adopting")
    ).first.wait_for()
    page.get_by_role("tab", name="Glossary").click()
    page.get_by_label("Search the glossary").fill("section 47")
    page.keyboard.press("Enter")
    page.get_by_text("Section 47 enquiry").first.wait_for()
    page.get_by_text("Net present value").wait_for(state="hidden")
    assert not faults(page) + grave_issues(page)
