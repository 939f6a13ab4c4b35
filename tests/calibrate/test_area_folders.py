"""An area folder: written whole or not at all, and read wherever an area's name is."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import calibrate, parameters, simulate
from model.calibrate.area_folder import calibrated, check_place, texts_of, write_area_folder
from model.calibrate.fit import fit_with, task_of
from model.calibrate.targets import targets_of
from model.errors import InputError
from model.keeping import about
from model.parameters.area_files import AREAS_VARIABLE
from model.parameters.evidence import Source
from model.parameters.knobs import Joint
from model.results import Sampling
from model.uncertainty import Draw, as_fitted, drawn_parameters
from tests import synthetic
from tests.calibrate.invented_area import KNOBS, START, root_in
from tests.calibrate.stand_ins import NO_GAP, YEAR, Curved, figures

SOURCE = Source("town_hall", "Figures of the town hall", "Testshire", "2025", "Testshire")
SLOPES = np.array([[1.0, 1.0], [0.9, 0.9], [0.2, -0.1], [0.1, 0.4]])


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return root_in(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def found(root):
    """The invented area, renamed, with a posterior of contacts and the pace of leaving care."""
    simulator = Curved(SLOPES)
    aims = targets_of(figures(simulator.at([1.2, 0.9])), YEAR, 1)
    posterior = fit_with(simulator, task_of(KNOBS, aims, NO_GAP, 150, 1))
    known = parameters.load(synthetic.AREA, root)
    area = replace(known.area, name="elsewhere", title="Elsewhere", forecast_note="Take care.")
    return calibrated(replace(known, area=area), posterior, SOURCE, "figures of the town hall")


@pytest.fixture
def folder(found, tmp_path):
    """The same, written."""
    place = tmp_path / "areas" / "elsewhere"
    calibrate.write(place, found, "# Report\n")
    return place


def test_what_was_written_is_what_is_read(found, folder, root):
    read = parameters.load(str(folder), root)
    assert read.area == found.parameters.area
    assert {name: one.value for name, one in read.items()} == {
        name: one.value for name, one in found.parameters.items()
    }
    assert read.posterior == found.parameters.posterior
    contacts = read["population.contacts_per_10000"]
    assert contacts.grade == "fitted" and "town_hall" in contacts.sources
    assert contacts.fitted_to == ("referrals",)
    assert read.sources["town_hall"].title == "Figures of the town hall"
    assert parameters.load(synthetic.AREA, root).posterior is None


def test_it_runs_as_what_was_in_memory(found, folder, root):
    path = str(folder)
    one = simulate.prepare(path, start=START, years=1, root=root, tables=("measures",))
    tables = simulate.run(one, 1, draws=2).measures
    again = simulate.run(
        simulate.prepare(path, start=START, years=1, root=root, tables=("measures",)), 1, draws=2
    ).measures
    pd.testing.assert_frame_equal(tables, again)
    assert one.inputs.area.name == "elsewhere"
    moved = one.inputs.parameters["looked_after.pace"].value
    usual = parameters.load(synthetic.AREA, root)["looked_after.pace"].value
    at = list(found.posterior.knobs).index(KNOBS[1])
    assert moved == pytest.approx(usual * found.posterior.centre[at], rel=1e-5)


def test_a_folder_in_areas_or_where_the_variable_points_has_a_name(folder, root, monkeypatch):
    assert "elsewhere" not in parameters.areas(root)
    for place in (folder, folder.parent):
        monkeypatch.setenv(AREAS_VARIABLE, str(place))
        assert parameters.areas(root)["elsewhere"].forecast_note == "Take care."
        assert parameters.load("elsewhere", root).posterior is not None
    monkeypatch.delenv(AREAS_VARIABLE)
    shutil.copytree(folder, root / "areas" / "elsewhere")
    try:
        assert parameters.area_named("elsewhere", root).title == "Elsewhere"
    finally:
        shutil.rmtree(root / "areas")


def test_two_areas_of_one_name_are_an_error(folder, root, monkeypatch):
    (folder / "elsewhere.toml").rename(folder / "testshire.toml")
    monkeypatch.setenv(AREAS_VARIABLE, str(folder))
    with pytest.raises(InputError, match="a second area 'testshire'"):
        parameters.areas(root)


def test_what_is_half_written_is_never_read(found, folder, root, monkeypatch):
    half = folder.parent / ".part-0-0-0"
    shutil.copytree(folder, half)
    monkeypatch.setenv(AREAS_VARIABLE, str(folder.parent))
    assert list(parameters.areas(root)) == ["elsewhere", "testshire"]
    with pytest.raises(InputError, match="calibrate"):
        parameters.load(str(half), root)


def test_a_failure_while_writing_leaves_what_was_there(found, folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(InputError, match="No space left"):
        write_area_folder(folder, {"elsewhere.toml": "[area]\n"})
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["elsewhere"]


def test_an_area_folder_is_replaced_and_anything_else_is_not(found, folder, tmp_path):
    calibrate.write(folder, found, "# Second report\n")
    assert (folder / "report.md").read_text() == "# Second report\n"
    assert [path.name for path in folder.parent.iterdir()] == ["elsewhere"]
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "to_a_friend.txt").write_text("Dear friend")
    for place in (letters, letters / "to_a_friend.txt"):
        with pytest.raises(InputError, match="a new folder, or an area folder"):
            check_place(place)


def test_a_damaged_posterior_is_an_error_that_says_where(folder, root):
    path = folder / "posterior.csv"
    whole = path.read_text()
    for damage, words in (
        (whole.replace("contacts", "contracts", 1), "contacts, leaving_care"),
        (whole.splitlines()[0] + "\n", "no rows"),
        (whole + "1.0\n", "1 columns"),
        (whole + "1.0,none\n", "numbers"),
        (whole + "1.0,-1.0\n", "numbers above 0"),
    ):
        path.write_text(damage)
        with pytest.raises(InputError, match=words):
            parameters.load(str(folder), root)


def test_draws_take_what_was_fitted_together_from_one_row(found):
    known = found.parameters
    usual = known["population.contacts_per_10000"].value["police"]
    pace = known["looked_after.pace"].value
    rows = {
        (
            round(known_in["population.contacts_per_10000"].value["police"] / usual, 6),
            round(known_in["looked_after.pace"].value / pace, 6),
        )
        for known_in in (drawn_parameters(known, Draw(1, k)) for k in range(64))
    }
    assert len(rows) == 64
    assert known.posterior is not None
    every = np.array(known.posterior.factors)
    drawn = np.array(sorted(rows))
    nearest = np.abs(drawn[:, None, :] - every[None, :, :]).sum(axis=2).min(axis=1)
    assert nearest.max() < 1e-5, "each draw is a row, not a mixture of rows"
    logs = np.log(drawn)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(np.corrcoef(np.log(every).T)[0, 1], abs=0.1)
    assert logs.std(axis=0) == pytest.approx(np.log(every).std(axis=0), rel=0.15)


def test_few_draws_are_spread_and_as_many_as_rows_take_each_once(found):
    known = found.parameters
    rows = len(known.posterior.factors)
    place = {row: number for number, row in enumerate(known.posterior.factors)}
    order = Joint(known.posterior.knobs, tuple((float(k), 1.0) for k in range(1, rows + 1)))
    numbered = replace(known, posterior=order)
    pace = known["population.contacts_per_10000"].value["police"]

    def row(k):
        drawn = as_fitted(numbered, Draw(1, k))["population.contacts_per_10000"].value["police"]
        return round(drawn / pace) - 1

    assert {row(k) * 4 // rows for k in range(4)} == {0, 1, 2, 3}
    assert sorted(row(k) for k in range(rows)) == list(range(rows))
    assert len(place) > rows * 0.9


def test_what_is_not_fitted_is_drawn_as_without_a_posterior(found):
    known = found.parameters
    alone = replace(known, posterior=None)
    with_it, without = (drawn_parameters(one, Draw(2, 5)) for one in (known, alone))
    fitted = known.posterior.parameters
    for name in known:
        same = with_it[name].value == without[name].value
        assert same or name in fitted
    assert with_it["looked_after.pace"].value != without["looked_after.pace"].value


def test_another_posterior_is_another_question_to_the_store(folder, root):
    def key():
        plan = simulate.prepare(str(folder), start=START, years=1, root=root)
        return about(plan, Sampling(1, 2)), about(plan, Sampling(2, 0))

    drawn, central = key()
    path = folder / "posterior.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n")
    drawn_then, central_then = key()
    assert drawn != drawn_then and central == central_then


def test_texts_hold_every_number_of_the_areas_own(found):
    texts = texts_of(found, "")
    assert set(texts) == {
        "elsewhere.toml",
        "sources.toml",
        "targets.csv",
        "report.md",
        "knobs.toml",
        "posterior.csv",
    }
    assert 'forecast_note = "Take care."' in texts["elsewhere.toml"]
