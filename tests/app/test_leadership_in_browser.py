"""Leadership's journey in a real browser: from the first click to the Word document in hand."""

from __future__ import annotations

import pytest
from docx import Document

from tests.app.browser import faults, go_to, grave_issues, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_the_first_click_to_a_word_document_that_says_what_the_screen_says(
    new_page, address, tmp_path
):
    page = new_page()
    page.goto(address)
    settle(page)
    go_to(page, "Savings")
    headline = page.get_by_role("heading", level=2).first
    headline.wait_for()
    says = headline.inner_text()
    answers = page.locator("dl.fp-answers dd").all_inner_texts()
    assert not [*faults(page), *grave_issues(page)]
    with page.expect_download() as coming:
        page.get_by_role("button", name="Word briefing").click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    assert path.name == "sefton_stockport_pathway.docx"
    written = Document(str(path))
    assert says in [one.text for one in written.paragraphs]
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    assert len(answers) == 5
    for answer in answers:
        assert answer in cells
    page.get_by_text("Constant prices", exact=True).first.click()
    page.get_by_text("constant prices of").wait_for()
    assert headline.inner_text() != says
