"""The first question of docs/first_question.md, in a real browser, and what the page promises.

Needs Chromium or Chrome; skipped where there is none.
"""

from __future__ import annotations

import json
import re
import shlex

import pytest

from model import __main__ as command_line
from model.savings import COUNCIL
from model.wording import change_in_spending, spending_range
from tests.app.browser import PHONE, faults, go_to, grave_issues, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FEW = "8"  # futures: the same ones here and there, so that few show as well whether figures agree
SIX = "Bootle: more key workers (today 17)"
ANSWER_SECONDS = 180  # on a slow computer, or a busy one


@pytest.fixture
def page(new_page, address):
    """The page as a new person finds it, asked for few futures."""
    found = new_page()
    found.goto(f"{address}/?futures={FEW}")
    settle(found, ANSWER_SECONDS)
    go_to(found, "Build a redesign")
    return found


def answer_box(page, name: str) -> str:
    """The figure and its range in a box of the answer."""
    box = page.locator(".st-key-answer .fp-box", has_text=name)
    box.wait_for(timeout=ANSWER_SECONDS * 1000)
    return " ".join(box.inner_text().split())


def ask(page) -> None:
    """Six more key workers in Bootle from October, over four years, and their pay."""
    years = page.get_by_role("slider", name="Years")
    years.press("ArrowLeft")
    settle(page, ANSWER_SECONDS)
    assert years.input_value() == "4"
    page.get_by_role("radio", name="Early help", exact=True).click()
    settle(page, ANSWER_SECONDS)
    page.get_by_label(SIX).fill("6")
    page.get_by_label(SIX).press("Enter")
    settle(page, ANSWER_SECONDS)
    page.get_by_text("+6 full-time equivalents from 1 October 2025").first.wait_for()
    page.get_by_role("button", name="Add the pay of 6 key workers").click()
    settle(page, ANSWER_SECONDS)
    page.get_by_text("as many as you chose").first.wait_for(timeout=ANSWER_SECONDS * 1000)
    settle(page, ANSWER_SECONDS)


def on_the_command_line(command: str, folder, monkeypatch, capsys) -> dict:
    """What the command on the screen gives, typed where the exported file lies."""
    typed = shlex.split(command)
    assert typed[:3] == ["python", "run.py", "model"]
    monkeypatch.chdir(folder)
    capsys.readouterr()
    assert command_line.main([*typed[3:], "--no-store", "--json"]) == 0
    return json.loads(capsys.readouterr().out)["compared"][0]["financial"]


def test_a_new_person_answers_the_first_question_and_the_command_line_agrees(
    page, tmp_path, monkeypatch, capsys
):
    ask(page)
    money = answer_box(page, "The council's money over 4 years")
    payback = answer_box(page, "Pays back within 4 years")
    assert not faults(page) and not grave_issues(page)

    with page.expect_download() as coming:
        page.get_by_role("button", name="Export as a file (TOML)").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    command = page.get_by_text(re.compile("^python run.py model compare")).first.inner_text()
    found = on_the_command_line(command, tmp_path, monkeypatch, capsys)

    last = [row for row in found["financial_by_year"] if row["payer"] == COUNCIL][-1]
    assert change_in_spending(last["cumulative_gbp"]) in money
    assert spending_range(last["cumulative_low_gbp"], last["cumulative_high_gbp"]) in money
    chance = [row for row in found["chances"] if row["holder"] == COUNCIL][-1]["chance_of_payback"]
    assert f"{100 * chance:.0f}% of futures" in payback
    assert "31 March 2029" in payback


def test_a_link_shows_the_same_in_another_browser_and_a_refresh_loses_nothing(page, new_page):
    ask(page)
    money = answer_box(page, "The council's money over 4 years")
    page.get_by_text("Share by a link").click()
    shared = page.get_by_text(re.compile(r"^http://localhost")).first
    shared.wait_for(state="visible")
    link = shared.inner_text()
    other = new_page(PHONE)
    other.goto(link.replace("\n", ""))
    settle(other, ANSWER_SECONDS)
    assert answer_box(other, "The council's money over 4 years") == money
    other.get_by_text("Pay of 6 key workers from 1 October 2025: £").first.wait_for()
    assert other.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    page.reload()
    settle(page, ANSWER_SECONDS)
    assert answer_box(page, "The council's money over 4 years") == money
    page.get_by_role("button", name="Remove this cost").click()
    settle(page, ANSWER_SECONDS)
    page.get_by_role("button", name="Undo").click()
    settle(page, ANSWER_SECONDS)
    page.get_by_text("The pay of 6 key workers is in the costs").first.wait_for()


def test_a_wrong_file_is_refused_in_plain_words(page, tmp_path):
    page.get_by_text("A file", exact=True).click()
    settle(page, ANSWER_SECONDS)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("title = 'No redesign'\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(wrong)
    settle(page, ANSWER_SECONDS)
    page.get_by_text("was not taken").wait_for()
    assert page.get_by_text("no change at all").is_visible()
    assert not faults(page)
