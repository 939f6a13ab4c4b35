"""Your data in a real browser: a wrong upload, one that is read and cleared, telephone width."""

from __future__ import annotations

import pytest

from tests.app.browser import DESKTOP, PHONE, SECOND, faults, grave_issues, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 400 * SECOND
CONTACTS = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),Date of Contact,"
    "Contact Source\n"
    + "".join(
        f"77100{n:02d},b) Female,a) WBRI,0{n % 9 + 1}/05/2014,10,{n + 1:02d}/02/2025,q) 6: Police\n"
        for n in range(24)
    )
    + "7719999,b) Female,a) WBRI,31/02/2014,10,14/13/2025,q) 6: Police\n"
).encode()


def given(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def upload(page, *files) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(
        [given(*one) for one in files]
    )
    page.get_by_role("button", name="Read").filter(has_text="file").click(timeout=LONG)


def test_wrong_files_are_refused_and_returns_are_read_and_cleared(new_page, address):
    page = new_page(DESKTOP)
    page.goto(f"{address}/your_data")
    page.get_by_role("heading", name="Your data", exact=True).wait_for(timeout=LONG)
    page.get_by_text("Data about children stays in the memory of this computer").wait_for()
    upload(page, ("returns.xlsx", b"%PDF-1.7"), ("notes.csv", b"colour,number\nred,1\n"))
    page.get_by_text("Nothing in these files can be used").wait_for(timeout=LONG)
    assert page.get_by_text("a PDF document, not what its name says").count()
    upload(page, ("list_1.csv", CONTACTS))
    page.get_by_text("1 kind of list recognised").wait_for(timeout=LONG)
    settle(page)
    text = page.locator("body").inner_text()
    assert "7719999" not in text and "31/02/2014" not in text
    assert not faults(page) + grave_issues(page)
    page.get_by_role("button", name="Clear everything that I uploaded").click()
    page.get_by_text("1 kind of list recognised").wait_for(state="detached", timeout=LONG)


def test_every_tab_reads_well_on_a_telephone(new_page, address):
    page = new_page(PHONE)
    page.goto(f"{address}/your_data")
    page.get_by_role("heading", name="Your data", exact=True).wait_for(timeout=LONG)
    for name in ("Published statistics", "Area folders", "Back-test", "Returns"):
        page.get_by_role("tab", name=name).click()
        settle(page)
        assert not faults(page) + grave_issues(page), name
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, name
