"""Your data: an upload from first click to an area in use, wrong files, and nothing that leaks."""

from __future__ import annotations

import doctest
import io
import re
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from model import parameters, worked_example
from model.errors import InputError, Where
from model.jobs import Board
from model.returns.folder import UNRECOGNISED
from model.returns.records import Recognised, Records
from model.service import Reached, Refused
from model.standing import Standing
from model.synthesise.files import files_of
from model.uploads import desk as desks
from model.uploads import quality, tasks
from model.uploads.process import STOPPED, PrivateService
from pages.parts import asking, people, your_data_returns
from pages.parts import your_data_calibrate as calibrating
from pages.parts import your_data_state as state
from tests.app.test_pages import Silent
from tests.returns.synthetic_run import SIZE, returns

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/your_data.py"
PATIENCE_SECONDS = 600  # the machine may be busy; how fast it is, is measured elsewhere
FORMATS = ("annex_a_csv", "cin_census", "ssda903")
BIRTHS = re.compile(r"\b(\d\d/\d\d/(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b")


class Here:
    """A process that is this one."""

    def __init__(self) -> None:
        self.process = None
        self.service = PrivateService.__new__(PrivateService)
        self.service.table = desks_table(self)
        self.said = []
        self.to_pause = lambda: False

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        self.process, self.told, self.to_pause = 1, told, to_pause
        return self.service.reply_to(request)

    def end(self):
        self.process = None
        self.service.table = desks_table(self)


def desks_table(link):
    from model.runs import StoppedError
    from model.uploads.tasks import Table

    def told(done, total):
        if link.to_pause():
            raise StoppedError
        link.told(round(1000 * done / total))

    return Table(None, told)


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """Every place that anything may be written to, and a board that answers nothing."""
    for name, place in (
        ("FAMILY_PATHWAYS_AREAS", "areas"),
        ("FAMILY_PATHWAYS_STORE", "store"),
        ("FAMILY_PATHWAYS_REDESIGNS", "redesigns"),
        ("TMPDIR", "temporary"),
    ):
        (tmp_path / place).mkdir()
        monkeypatch.setenv(name, str(tmp_path / place))
    board = Board(Silent())
    board.keep(worked_example.load())
    monkeypatch.setattr(asking, "board", lambda: board)
    monkeypatch.setattr(asking, "FIRST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(calibrating, "THOROUGH", {"Quick look": 64, "Usual": 64})
    yield tmp_path
    for job in list(board._jobs.values()):
        board.stop(job)


@pytest.fixture
def app(homes):
    found = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_SECONDS).run()
    found.switch_page(PAGE).run()
    yield found
    if state.OWNER in found.session_state:
        found.session_state[state.OWNER].desk.clear()


@pytest.fixture
def here(app):
    """The same, with the process of uploads in this one."""
    app.session_state[state.OWNER] = desks.Owner(desks.Desk(Here()))
    return app


def desk_of(app) -> desks.Desk:
    return app.session_state[state.OWNER].desk


def words(app) -> str:
    """Everything that the page shows as text, its tables among it."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    parts += [*app.error, *app.success]
    texts = [str(part.value) for part in parts]
    texts += [one.value.to_csv(index=False) for one in app.dataframe]
    texts += [one.proto.body for one in app.get("html")]
    return "\n".join(texts)


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def finished(app):
    """Wait until the desk has done its task, and draw the page."""
    until = time.monotonic() + PATIENCE_SECONDS
    while desk_of(app).busy and time.monotonic() < until:
        time.sleep(0.05)
    return app.run()


def uploaded(app, files):
    uploader = next(one for one in app.file_uploader if one.label == "Returns")
    uploader.set_value([(name, data, "application/octet-stream") for name, data in files.items()])
    app.run()
    button(app, "Read").click().run()
    return finished(app)


def secrets_of(files: dict[str, bytes]) -> set[str]:
    """Ids of children and dates of birth, as the files write them."""
    found = set()
    for name, data in files.items():
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        for line in text.splitlines():
            if name.startswith("annex_a") and re.match(r"^\w*\d{5,}", line):
                cells = line.split(",")
                found |= {cells[0], *(one for one in cells[1:4] if BIRTHS.fullmatch(one))}
        found |= set(re.findall(r"<LAchildID>([^<]+)<", text))
        found |= set(re.findall(r"<PersonBirthDate>([^<]+)<", text))
    return {one for one in found if len(one) > 5}


def test_returns_become_an_area_in_use_and_no_child_leaves(app, homes, capfd, caplog):
    files = dict(files_of(returns("few"), FORMATS))
    secrets = secrets_of(files)
    assert len(secrets) > 1000
    shown = [words(uploaded(app, files))]
    assert "kinds of list recognised" in shown[0] and "rows not used" in shown[0]
    assert not [one for one in app.file_uploader if one.value], "the page holds no upload"
    app.text_input(key="your_title").set_value("Little Sefton")
    app.number_input(key="your_children").set_value(round(53472 * SIZE))
    app.run()
    button(app, "Calibrate").click().run()
    assert not app.exception
    finished(app)
    assert not app.error, words(app)
    shown.append(words(app))
    assert "Please answer before you use it" in shown[-1]
    assert (
        "completion date of early help" in shown[-1] and "list of contacts one child" in shown[-1]
    )
    process = desk_of(app).link.process
    app.button(key="use_returns").click().run()
    assert not app.exception
    # Nothing is wrong but that so small a council has too few officers for the redesign chosen.
    assert [one for one in app.error if "officers_adopting" not in one.value] == [], words(app)
    assert app.selectbox(key="area").value == "little_sefton"
    assert parameters.load("little_sefton").area.title == "Little Sefton"
    shown += [words(app), repr(app.session_state._state.filtered_state)]
    shown += [repr(desk_of(app).found), repr(desk_of(app).task)]
    button(app, "Clear everything").click().run()
    assert not Path(f"/proc/{process}").exists() and desk_of(app).found == {}
    written = [one for one in homes.rglob("*") if one.is_file()]
    assert {one.name for one in written} >= {"little_sefton.toml", "posterior.csv", "report.md"}
    told = capfd.readouterr()
    everything = "\n".join(
        [*shown, told.out, told.err, caplog.text, repr(app.session_state._state.filtered_state)]
        + [one.read_bytes().decode("utf-8", "replace") for one in written]
    )
    assert not [one for one in secrets if one in everything]


def zip_bomb() -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return found.getvalue()


def test_wrong_files_are_refused_in_words_and_hide_nothing_else(here):
    uploaded(
        here,
        {
            "returns.xlsx": b"%PDF-1.7 not a workbook",
            "large.xlsx": zip_bomb(),
            "notes.csv": b"colour,number\nred,1\n",
        },
    )
    said = words(here)
    assert not here.exception
    assert "Nothing in these files can be used" in said
    assert "a PDF document, not what its name says" in said
    assert "large.xlsx: an archive that unpacks to far more than a return holds" in said
    assert "No return that is read:** `notes.csv`" in said
    assert not [one for one in here.button if one.label == "Calibrate"]


def an_empty_table(usable):
    import pandas as pd

    from pages.parts import your_data_returns

    your_data_returns.draw_table("By kind", pd.DataFrame(), usable)


@pytest.mark.parametrize(
    ("usable", "says"),
    [(True, "Nothing to report."), (False, "No file was read, so there is nothing to tell.")],
)
def test_nothing_to_report_is_said_only_of_files_that_were_read(usable, says):
    drawn = AppTest.from_function(an_empty_table, kwargs={"usable": usable}).run()
    assert [one.value for one in (*drawn.success, *drawn.caption)] == [says]


def test_a_workbook_whose_lists_are_read_is_a_return_whatever_else_is_in_it():
    records = Records()
    records.recognised += [
        Recognised("annex_a.xlsx", "List_1", "Annex A list 1, contacts", 30, 30),
        Recognised("annex_a.xlsx", "Guidance", UNRECOGNISED, 9, 0),
        Recognised("notes.xlsx", "Sheet1", UNRECOGNISED, 1, 0),
    ]
    found = quality.quality_of(records)
    assert found.not_recognised == ("notes.xlsx",)
    assert found.other_sheets == ("Guidance",)


def test_whoever_may_not_upload_is_told_and_has_nothing_to_upload_with(app, monkeypatch):
    monkeypatch.setattr(people, "may_upload", lambda: False)
    app.run()
    assert "FAMILY_PATHWAYS_UPLOADERS" in words(app)
    assert not app.file_uploader


@pytest.mark.parametrize("part", [quality, tasks, your_data_returns])
def test_the_examples_in_the_docstrings_hold(part):
    found = doctest.testmod(part)
    assert found.attempted and not found.failed


class Ends:
    """A task that goes on until it is stopped, fails, or brings something."""

    def __init__(self, how):
        self.how = how

    def work(self, table):
        if self.how == "fails":
            raise KeyError("child 123456 born 2012-03-04")
        until = time.monotonic() + 30
        while self.how == "long" and time.monotonic() < until:
            table.told(1, 10)
            time.sleep(0.01)
        return "brought"


def ended(task):
    until = time.monotonic() + 30
    while not task.finished and time.monotonic() < until:
        time.sleep(0.01)
    return task


def test_an_unforeseen_fault_is_told_by_its_kind_alone():
    task = ended(desks.Desk(Here()).begin(Ends("fails"), "Failing"))
    assert "KeyError" in task.message and "123456" not in task.message
    assert task.brought is None


def test_a_task_that_is_stopped_stops_and_what_was_read_stays():
    desk = desks.Desk(Here())
    ended(desk.begin(Ends("short"), "Reading"))
    task = desk.begin(Ends("long"), "Working")
    desk.stop()
    assert ended(task).message == STOPPED
    assert desk.found == {"Ends": "brought"} and desk.has(Ends)


def test_a_desk_left_alone_gives_up_its_process_and_keeps_what_was_found():
    desk = desks.Desk(Here())
    ended(desk.begin(Ends("short"), "Reading"))
    desks.clear_idle(time.monotonic() + desks.IDLE_SECONDS - 60)
    assert desk.holds
    desks.clear_idle(time.monotonic() + desks.IDLE_SECONDS + 1)
    assert not desk.holds and not desk.has(Ends) and desk.found == {"Ends": "brought"}


def test_the_desk_goes_with_its_owner():
    link = Here()
    owner = desks.open_desk()
    owner.desk.link = link
    ended(owner.desk.begin(Ends("short"), "Reading"))
    assert link.process
    del owner
    assert link.process is None


def test_more_people_than_the_computer_bears_are_asked_to_wait(monkeypatch):
    monkeypatch.setattr(desks, "ALL", set())
    crowd = [desks.Desk(Here()) for _ in range(desks.MOST_DESKS + 1)]
    for one in crowd[:-1]:
        ended(one.begin(Ends("short"), "Reading"))
    with pytest.raises(ValueError, match="people at work"):
        crowd[-1].begin(Ends("short"), "Reading")


def test_replies_are_those_of_the_servers_own_words():
    link = Here()
    assert isinstance(link.do(Ends("short")), Reached)
    assert isinstance(link.do(Ends("fails")), Refused)
    assert link.do(Ends("short")).standing == Standing(0, 0, True)


def test_what_a_row_of_contacts_is_reaches_the_count(monkeypatch):
    begun, counted = [], {}
    monkeypatch.setattr(state, "begin", lambda task, *_: begun.append(task))
    calibrating.calibrate_returns("Little", 9000.0, None, "family", "North, South", 240)
    assert begun[0].localities == ("North", "South")

    def calibrated(*_, **asked):
        counted.update(asked)
        raise InputError(Where("here"), "enough seen")

    monkeypatch.setattr(tasks.calibrate, "calibrate_returns", calibrated)
    with pytest.raises(InputError, match="enough seen"):
        begun[0].work(SimpleNamespace(records=object(), executor=None, told=None, check=None))
    assert counted["contact_unit"] == "family"
