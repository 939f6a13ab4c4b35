"""Savings, Compare and How sure without a browser: one basis, one set of figures, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import savings, worked_example
from model.how_sure.asked import STRENGTH, Finding
from model.how_sure.strength import strength_table
from model.jobs import Board
from model.savings import CASH, CONSTANT
from pages.parts import asking, how_sure_jobs
from tests.app.test_pages import Silent, button, words

ROOT = Path(__file__).resolve().parents[2]
MONEY_PAGES = ("pages/savings.py", "pages/compare.py", "pages/how_sure.py")
BESIDE = "Family group conferences in early help"


@pytest.fixture(autouse=True)
def board(monkeypatch):
    """A board that knows the worked example, and whose service never answers."""
    found = Board(Silent())
    found.keep(worked_example.load())
    monkeypatch.setattr(asking, "board", lambda: found)
    monkeypatch.setattr(asking, "FIRST_WAIT_SECONDS", 0.05)
    yield found
    for job in list(found._jobs.values()):
        found.stop(job)


@pytest.fixture
def app():
    """The app as it opens."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()


def at(app: AppTest, page: str) -> AppTest:
    """The app on a page, without fault."""
    app.switch_page(page).run()
    assert not app.exception
    assert not app.error
    return app


def html(app: AppTest) -> str:
    """What is drawn by hand on the page."""
    return "\n".join(str(one.proto.body) for one in app.get("html"))


def case(basis: str) -> savings.Case:
    """The worked example, priced."""
    example = worked_example.load()
    return savings.case(example.baseline, example.scenario, basis=basis)


def test_savings_says_the_headline_the_answers_and_three_caveats(app):
    at(app, "pages/savings.py")
    known = case(CASH)
    assert savings.headline(known) in html(app)
    for name, _ in savings.points(known):
        assert name in html(app)
    for line in savings.caveats(known):
        assert line in words(app)
    assert "**cash of each year**" in words(app)


def test_one_basis_holds_on_every_page_of_money(app):
    """Chosen once, on any of them, it is there on the others, and the figures are of it."""
    at(app, "pages/savings.py")
    app.segmented_control(key="basis").set_value(CONSTANT).run()
    known = case(CONSTANT)
    assert savings.headline(known) in html(app)
    for page in MONEY_PAGES:
        at(app, page)
        assert app.segmented_control(key="basis").value == CONSTANT
        assert f"**constant prices of {known.about.base_year}**" in words(app)
        assert "cash of each year" not in words(app)
    assert savings.total_says(known, savings.COUNCIL) in html(at(app, "pages/compare.py"))


def test_budgets_and_statement_are_worked_out_when_they_are_opened(app):
    at(app, "pages/savings.py")
    assert "Present value to the public sector" not in words(app)
    app.session_state["more"] = True
    app.run()
    assert not app.exception
    assert "Present value to the public sector" in words(app)


def test_the_print_view_is_one_column_without_what_paper_cannot_do(app):
    at(app, "pages/savings.py")
    button(app, "Print view").click().run()
    assert not app.exception
    assert "max-width: 760px" in html(app)
    assert not [one for one in app.button if one.label == "Print view"]
    button(app, "Back to the screen").click().run()
    assert button(app, "Print view")


def test_redesigns_that_are_added_are_asked_for_and_said_to_be_missing_meanwhile(app, board):
    at(app, "pages/compare.py")
    app.multiselect(key="beside").set_value([BESIDE]).run()
    assert not app.exception
    assert "The redesigns that you added are not shown yet" in words(app)
    (job,) = board._jobs.values()
    assert [one.name for one in job.question.redesigns] == [
        "stockport_pathway",
        "conference_early_help",
    ]


def test_scenarios_stand_side_by_side_each_with_its_colour_and_shape(app, board):
    at(app, "pages/compare.py")
    app.multiselect(key="beside").set_value([BESIDE]).run()
    (job,) = board._jobs.values()
    example = worked_example.load()
    alone = replace(example.question, scenario="conference_early_help")
    other = replace(example, question=alone, scenario_title=BESIDE)
    board.keep(replace(example, question=job.question, beside=(other,), digest=job.digest))
    app.run()
    assert not app.exception
    assert html(app).count('class="fp-key"') == 3
    for sign in ("&#9679;", "&#9632;", "&#9650;"):
        assert sign in html(app)
    said = words(app)
    assert f"**{BESIDE}**: " in said
    assert "In how many futures each redesign saves the council most" in said


@pytest.mark.parametrize("tab", ["Families", "Waits", "Where it arises", "By locality"])
def test_every_view_of_the_comparison_has_figures_with_ranges(app, tab):
    at(app, "pages/compare.py")
    app.session_state["compared"] = tab
    app.run()
    assert not app.exception
    assert "80% of the differences, future by future" in words(app)


def test_an_analysis_is_run_on_demand_shows_how_far_it_is_and_stops(app, board):
    at(app, "pages/how_sure.py")
    assert "runs of 16 simulated futures, about" in words(app)
    app.button(key=f"run_{STRENGTH}").click().run()
    (job,) = board._jobs.values()
    assert not job.finished
    at(app, "pages/savings.py")
    at(app, "pages/how_sure.py")
    app.button(key=f"stop_{STRENGTH}").click().run()
    assert job.stop
    assert "Stopped." in words(app)
    assert app.button(key=f"run_{STRENGTH}")


def test_what_was_found_stays_through_page_changes_and_goes_with_another_basis(app, board):
    example = worked_example.load()
    asked = how_sure_jobs.analysis(example, STRENGTH, CASH, 16)
    values = {0.0: np.full(16, -2e6), 1.0: np.full(16, 2e6)}
    board.keep(Finding(asked, example.digest, strength_table(values, asked.runs), 5))
    at(app, "pages/how_sure.py")
    app.button(key=f"run_{STRENGTH}").click().run()
    says = "it stops paying for the council where the effect is below 50%"
    assert says in words(app)
    assert says in words(at(at(app, "pages/today.py"), "pages/how_sure.py"))
    app.segmented_control(key="basis").set_value(CONSTANT).run()
    assert says not in words(app)
    assert "The last run was of other choices" in words(app)
