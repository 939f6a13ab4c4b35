"""Every page on the worked example, without a browser: what a person reads is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model import check, worked_example
from model.answers import digest_of
from model.executors import WORKER_DIED, LostWorkerError
from model.inputs import resolve
from model.jobs import Board
from model.service import Advance, Reached
from model.standing import Standing
from pages.parts import asking

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "pages/start.py": "Family Pathways",
    "pages/today.py": "Today's pathway in Sefton",
    "pages/compare.py": "Compare redesigns with today",
    "pages/evidence.py": "Evidence and assumptions",
}
FIRM_UP = "Make it decision-grade"


class Silent:
    """A service that never answers: pages are looked at while they wait."""

    engine, memory_bytes = "compiled", 0

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        """Wait until told to pause."""
        while isinstance(request, Advance) and not to_pause():
            time.sleep(0.02)
        return Reached(None, Standing(0, 500, False), 0)

    def end(self) -> None:
        """Nothing to end."""


@pytest.fixture(autouse=True)
def quiet_board(monkeypatch):
    """A board that knows the worked example, and whose service never answers."""
    board = Board(Silent())
    board.keep(worked_example.load())
    monkeypatch.setattr(asking, "board", lambda: board)
    monkeypatch.setattr(asking, "FIRST_WAIT_SECONDS", 0.05)
    yield board
    for job in list(board._jobs.values()):
        board.stop(job)


@pytest.fixture
def app():
    """The app as it opens."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def words(app: AppTest) -> str:
    """Everything that the page says."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(str(part.value) for part in [*parts, *app.error])


def button(app: AppTest, label: str):
    """The button with this label."""
    return next(each for each in app.button if each.label == label)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_result(app, page):
    app.switch_page(page).run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == PAGES[page]
    assert "**Shown:** Sefton" in words(app)


def test_the_app_opens_on_the_start_page_and_says_that_it_is_a_worked_example(app):
    assert app.title[0].value == PAGES["pages/start.py"]
    assert "Worked example" in words(app)
    assert button(app, FIRM_UP)


def test_the_comparison_gives_ranges_payers_and_the_grade_of_the_evidence(app):
    app.switch_page("pages/compare.py").run()
    said = words(app)
    for part in ("The council over the run", "Everybody over the run", "Who pays and who gains"):
        assert part in said
    assert "80% of simulated futures; chance and what is not known" in said
    assert "Evidence that the redesign works: weak" in said


def test_a_check_shows_its_misses(app):
    app.switch_page("pages/today.py").run()
    rows = worked_example.load_check("sefton").rows
    missed = int((~rows["inside"]).sum())
    assert missed == 0 or "**Missed:**" in words(app)


def test_another_choice_is_set_going_and_the_figures_on_screen_are_said_to_be_others(app):
    app.slider(key="years").set_value(7).run()
    assert button(app, "Stop")
    assert "not yet the figures of your choice" in words(app)
    assert "5 years" in words(app)
    app.slider(key="years").set_value(5).run()
    assert button(app, FIRM_UP)


def test_what_was_stopped_stays_stopped_until_it_is_to_go_on(app, quiet_board):
    app.slider(key="years").set_value(7).run()
    button(app, "Stop").click().run()
    assert "Stopped" in words(app)
    assert all(job.finished or job.stop for job in quiet_board._jobs.values())
    button(app, "Go on").click().run()
    assert button(app, "Stop")


def test_a_new_choice_leaves_the_job_of_the_last_one(app, quiet_board):
    app.slider(key="years").set_value(7).run()
    (first,) = quiet_board._jobs.values()
    app.slider(key="years").set_value(8).run()
    assert first.stop


def test_a_job_that_failed_says_why_and_is_tried_again(app, quiet_board, monkeypatch):
    def lost(request, told=None, to_pause=None):
        raise LostWorkerError(WORKER_DIED)

    monkeypatch.setattr(quiet_board.service, "do", lost)
    monkeypatch.setattr(asking, "FIRST_WAIT_SECONDS", 5)
    app.slider(key="years").set_value(7).run()
    assert app.error[0].value == WORKER_DIED
    assert button(app, "Try again")


def test_only_redesigns_meant_for_the_area_are_offered(app):
    offered = app.selectbox(key="scenario").options
    app.selectbox(key="area").set_value("stockport").run()
    assert not app.exception
    there = app.selectbox(key="scenario").options
    assert "Stockport pilot: one officer of five" in set(there) - set(offered)
    assert "Bootle pilot: Family Help pods" in set(offered) - set(there)


def test_numbers_are_found_by_word_and_by_grade(app):
    app.switch_page("pages/evidence.py").run()
    app.text_input(key="search").set_value("early_help_on_step_up").run()
    app.multiselect(key="grades").set_value(["strong"]).run()
    assert not app.exception
    assert " of " in words(app)


def test_with_other_parameters_the_worked_example_is_made_afresh(monkeypatch, tmp_path):
    """The old figures stay on the screen until there are new ones, and are said to be old."""
    home = copied_project(tmp_path)
    edit(home / "parameters/areas/sefton.toml", "value = 53472", "value = 53000")
    monkeypatch.setenv("MODEL_HOME", str(home))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "not yet the figures of your choice" in words(app)
    assert button(app, "Stop")


def test_a_mistake_in_a_file_is_a_sentence_and_not_a_traceback(monkeypatch, tmp_path):
    home = copied_project(tmp_path)
    edit(home / "parameters/areas/sefton.toml", "[area]", "[aera]")
    monkeypatch.setenv("MODEL_HOME", str(home))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "parameters/areas/sefton.toml" in app.error[0].value


def copied_project(folder: Path) -> Path:
    """A copy of the parameters and scenarios that a test may spoil."""
    for name in ("parameters", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace words in a file; they must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_committed_example_fits_the_files():
    """After a change of parameters, scenarios or version: python -m model.worked_example."""
    example = worked_example.load()
    assert example.digest == digest_of(example.question)
    for area in worked_example.checked_areas():
        inputs = resolve(area, start=check.START, years=check.YEARS)
        assert worked_example.load_check(area).digest == inputs.digest(), area


def test_a_worker_that_loads_the_app_stays_small():
    """A spawned process runs app.py under another name: it must import nothing heavy."""
    code = (
        "import runpy, sys; runpy.run_path('app.py', run_name='__mp_main__'); "
        "import model.service; sys.exit(any(m in sys.modules for m in ('streamlit', 'altair')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
