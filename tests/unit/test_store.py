"""The store keeps futures whole or not at all, and reads nothing that is not what was written."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from model import caches, store
from model.errors import InputError
from model.store import Store
from tests.unit.store_writer import ABOUT, keep, tables_of

ROOT = Path(__file__).parents[2]
WANTED, SIZE = 18, 8  # blocks 0-7, 8-15 and 16-17


@pytest.fixture
def kept(tmp_path):
    """An entry with 18 futures in three blocks."""
    entry = Store(tmp_path / "results").entry(ABOUT, {"engine": "compiled"})
    keep(entry, WANTED, SIZE)
    return entry


def everything(entry, wanted):
    """Both tables of an entry, as an undisturbed run would have them."""
    return [entry.read(name, wanted) for name in ("measures", "costs")]


def assert_undisturbed(entry, wanted):
    for found, right in zip(everything(entry, wanted), tables_of(0, wanted).values(), strict=True):
        assert_frame_equal(found, right, check_exact=True, check_categorical=True)


def blocks(entry):
    return [path.name for path in caches.children(entry.folder) if path.suffix == ".zip"]


def unfinished(folder):
    return [path.name for path in Path(folder).rglob("*") if path.name.startswith(".")]


def writers(folder, wanted, *sizes):
    """Processes of their own, all ready to write; `go` starts one."""
    command = [sys.executable, "-m", "tests.unit.store_writer", str(folder), str(wanted)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    started = [subprocess.Popen([*command, str(size)], **pipes) for size in sizes]
    assert all(process.stdout.readline() == "ready\n" for process in started)
    return started


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


# --- what is written comes back -------------------------------------------------------------------


def test_every_column_comes_back_with_its_type(tmp_path):
    count = 6
    table = pd.DataFrame(
        {
            "future": np.repeat(np.array([3, 4], dtype="int16"), 3),
            "text": ["£", "", None] * 2,
            "missing text": pd.Series([None] * count, dtype="str"),
            "a.b / ü": np.arange(count, dtype="uint8"),
            "small": np.arange(count, dtype="float32"),
            "value": [0.1, np.nan, np.inf, -0.0, 1e-300, 1 / 3],
            "yes": [True, False] * 3,
            "count": pd.array([1, None, 2**60 + 1] * 2, dtype="Int64"),
            "maybe": pd.array([True, None, False] * 2, dtype="boolean"),
            "stage": pd.Categorical(["b", None, "a"] * 2, ["c", "b", "a"]),
            "need": pd.Categorical(["low", "high", None] * 2, ["low", "mid", "high"], ordered=True),
            "level": pd.Categorical([1, 2, None] * 2, [4, 3, 2, 1]),
            "never": pd.Categorical([None] * count, ["x"]),
            "day": pd.to_datetime(["2025-04-01"] * count).astype("datetime64[s]"),
            "minute": pd.date_range("2025-04-01", periods=count, freq="min", tz="UTC"),
            "wait": pd.to_timedelta(range(count), unit="D"),
            "month": pd.period_range("2025-04", periods=count, freq="M"),
            "date": [datetime.date(2025, 4, 1)] * count,
        }
    )
    entry = Store(tmp_path).entry(ABOUT)
    entry.write(0, {"t": table.assign(future=table["future"] - 3)}, 2, 1.0)
    entry.write(2, {"t": table[:0]}, 1, 1.0)  # a future without a row
    entry.write(3, {"t": table}, 2, 1.0)
    right = pd.concat([table.assign(future=table["future"] - 3), table], ignore_index=True)
    found = entry.read("t", 5)
    assert_frame_equal(found, right, check_exact=True, check_categorical=True)
    assert list(found["stage"].cat.categories) == ["c", "b", "a"]
    assert_frame_equal(entry.read("t", 5, {"text": "none such"}), right[:0], check_categorical=True)


def test_rows_are_sorted_by_future_and_otherwise_stay(tmp_path):
    rows = pd.DataFrame({"future": [1, 0, 1, 0], "value": [4, 3, 2, 1]})
    entry = Store(tmp_path).entry(ABOUT)
    entry.write(0, {"t": rows}, 2, 1.0)
    assert entry.read("t", 2)["value"].tolist() == [3, 1, 4, 2]


def test_categories_that_differ_between_blocks_are_joined(tmp_path):
    entry = Store(tmp_path).entry(ABOUT)
    for future, category in enumerate("ab"):
        rows = pd.DataFrame({"future": [future], "stage": pd.Categorical([category])})
        entry.write(future, {"t": rows}, 1, 1.0)
    found = entry.read("t", 2)["stage"]
    assert found.tolist() == ["a", "b"]
    assert found.cat.categories.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"future": [0.0]}),
        pd.DataFrame({"value": [1]}),
        pd.DataFrame({"future": [2]}),
        pd.DataFrame([[0, 1, 1]], columns=["future", "value", "value"]),
        pd.DataFrame([[0, 1]], columns=["future", 5]),
        pd.DataFrame({"future": [0, 1], "mixed": ["a", 1]}),
        pd.DataFrame({"future": [0, 1], "mixed": [1j, 1]}),
        pd.DataFrame({"future": [0], "pair": [(1, 2)]}),
    ],
)
def test_a_table_that_would_not_come_back_is_refused(tmp_path, table):
    entry = Store(tmp_path).entry(ABOUT)
    with pytest.raises((ValueError, TypeError), match=r"the table t "):
        entry.write(0, {"t": table}, 2, 1.0)
    assert entry.held(2) == set()


@pytest.mark.parametrize("name", ["", "../t", "a/b", "CON", "a b", "t.parquet", "ä"])
def test_a_table_name_that_is_no_plain_word_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="the table name"):
        Store(tmp_path).entry(ABOUT).write(0, tables_of(0, 1) | {name: tables_of(0, 1)}, 1, 1.0)


# --- the question, and growing --------------------------------------------------------------------


def test_the_key_is_what_was_asked_and_not_how_it_is_written(tmp_path):
    one = Store(tmp_path).entry({"b": (1, 2.5), "a": {2: "x", 10: None}}, {"engine": "simpy"})
    two = Store(tmp_path).entry({"a": {"10": None, "2": "x"}, "b": [1, 2.5]}, {"engine": "other"})
    assert one.key == two.key
    assert one.faults == []
    assert store.key_of({"seed": 1}) != store.key_of({"seed": 2}) != store.key_of({"seed": "2"})
    for nonsense in ({"a": float("nan")}, {"a": {1}}):
        with pytest.raises((ValueError, TypeError)):
            store.key_of(nonsense)


def test_weird_names_of_areas_and_scenarios_stay_inside(tmp_path):
    names = ["../../etc", "con", "a\nb", "\ud800", "名", "x" * 999, "", "'; drop"]
    for name in names:
        entry = Store(tmp_path).entry({"area": name, "scenario": name})
        entry.write(0, tables_of(0, 1), 1, 1.0)
        assert entry.folder.parent == tmp_path
        assert entry.held(1) == {0}
    found = Store(tmp_path).entries()
    assert set(found["area"]) == {*names, "?"} - {"\ud800"}
    assert Store(tmp_path).check() == []


def test_an_entry_grows_and_keeps_what_it_has(kept):
    before = {name: (kept.folder / name).read_bytes() for name in blocks(kept)}
    assert kept.held(WANTED) == kept.held(99) == set(range(WANTED))
    assert kept.held(5) == set(range(5))
    kept.write(0, tables_of(0, 30), 30, 30.0)  # only 18 to 29 are new
    assert kept.held(30) == set(range(30))
    assert {name: (kept.folder / name).read_bytes() for name in before} == before
    assert blocks(kept)[3:] == ["futures-000018-000029.zip"]
    assert_undisturbed(kept, 30)
    assert_undisturbed(kept, 12)
    assert json.loads((kept.folder / "manifest.json").read_text())["seconds"] == 9.0 + 12.0


def test_a_gap_is_filled_and_never_read_over(tmp_path):
    entry = Store(tmp_path).entry(ABOUT)
    entry.write(8, tables_of(8, 4), 4, 1.0)
    assert entry.held(20) == {8, 9, 10, 11}
    with pytest.raises(InputError, match="8 of the 12 futures missing, the first is 0"):
        entry.read("measures", 12)
    entry.write(0, tables_of(0, 16), 16, 1.0)
    assert_undisturbed(entry, 16)


def test_the_manifest_says_what_was_asked_and_with_what(kept):
    says = json.loads((kept.folder / "manifest.json").read_text())
    assert (says["format"], says["about"], says["notes"]) == (1, ABOUT, {"engine": "compiled"})
    assert says["made_on"].endswith("+00:00")
    Store(kept.store.folder).entry(ABOUT, {"engine": "another"}).write(18, tables_of(18, 1), 1, 1.0)
    assert json.loads((kept.folder / "manifest.json").read_text())["notes"]["engine"] == "compiled"


# --- reading --------------------------------------------------------------------------------------


def test_a_reader_gets_the_rows_and_columns_it_asks_for(kept):
    right = tables_of(0, 10)["measures"]
    asked = {
        "measure": ["referrals", "looked_after"],
        "future": range(3, 99),
        "stage": "early_help",
    }
    found = kept.read("measures", 10, asked, ["value", "future"])
    right = right[right["measure"].isin(asked["measure"]) & (right["future"] >= 3)]
    assert_frame_equal(found, right[["value", "future"]].reset_index(drop=True))
    assert len(kept.read("measures", 10, {"measure": []})) == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("measure", 5), "'measures'"),
        (("measures", 5, {"mesure": "x"}), "'measure'"),
        (("measures", 5, None, ["valu"]), "'value'"),
        (("measures", 19), "1 of the 19 futures missing"),
    ],
)
def test_a_reader_is_told_what_is_not_there(kept, asked, says):
    with pytest.raises(InputError, match=says):
        kept.read(*asked)


# --- killed, and at the same time -----------------------------------------------------------------


def test_a_killed_run_leaves_whole_blocks_and_the_next_one_finishes(tmp_path):
    chance, kills = random.Random(7), 0
    for process in writers(tmp_path, 240, 3, 3, 3):
        go(process)
        time.sleep(chance.uniform(0.0, 0.3))
        kills += process.poll() is None
        process.kill()
        process.communicate()
        assert Store(tmp_path).check() == []
    assert kills >= 2
    entry = Store(tmp_path).entry(ABOUT)
    held = len(entry.held(240))
    assert 0 < held < 240
    assert keep(entry, 240, 3) < 80
    assert_undisturbed(entry, 240)
    entry.close()
    assert unfinished(tmp_path) == []


def test_a_leftover_of_the_middle_of_a_write_is_removed_by_the_next_writer(kept):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine, another = caches.unfinished(kept.folder), caches.unfinished(kept.folder)
    left = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{gone.pid}-"))
    old = mine.with_name(mine.name.replace(caches.computer(), "0123abcd"))
    fresh = another.with_name(another.name.replace(caches.computer(), "0123abcd"))
    for path in (left, old, fresh, mine):
        path.write_bytes(b"half a block")
    os.utime(old, (time.time() - 90_000,) * 2)
    assert kept.held(99) == set(range(WANTED))
    kept.write(18, tables_of(18, 1), 1, 1.0)
    assert [path.exists() for path in (left, old, fresh, mine)] == [False, False, True, True]


def test_processes_that_write_the_same_futures_at_once_agree(tmp_path):
    processes = writers(tmp_path, 150, 5, 7)
    for process in processes:
        go(process)
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    entry = Store(tmp_path).entry(ABOUT)
    assert entry.faults == []
    assert_undisturbed(entry, 150)
    work = sum(block.says["seconds"] for block in store.look(entry.folder).whole)
    assert work == pytest.approx(75.0)
    assert unfinished(tmp_path) == [entry._mark.name]


def test_the_second_to_finish_a_block_drops_its_own(kept, monkeypatch):
    whole = kept.folder / "futures-000016-000017.zip"
    before = whole.read_bytes()
    whole.rename(whole.with_name("away"))
    arrived = []
    original = store.put

    def other_process_is_faster(path, content):
        if path.suffix == ".zip" and not arrived:
            arrived.append(whole.with_name("away").rename(whole))
        original(path, content)

    monkeypatch.setattr(store, "put", other_process_is_faster)
    kept.write(16, tables_of(16, 8), 8, 8.0)
    assert kept.faults == []
    assert whole.read_bytes() == before
    assert_undisturbed(kept, 24)


# --- damage ---------------------------------------------------------------------------------------


def resealed(path, change):
    """Write a block again with other words about itself, or other tables, and a right seal."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    says = json.loads(members["block.json"])
    change(says, members)
    members["block.json"] = json.dumps(says).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    body = buffer.getvalue()[:-64]
    path.write_bytes(body + hashlib.sha256(body).hexdigest().encode())


DAMAGE = {
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-500]), "checksum"),
    "empty": (lambda path: path.write_bytes(b""), "checksum"),
    "of zeros": (lambda path: path.write_bytes(bytes(path.stat().st_size)), "checksum"),
    "not a zip": (
        lambda path: path.write_bytes(b"x" + hashlib.sha256(b"x").hexdigest().encode()),
        "no readable block",
    ),
    "no JSON": (lambda path: resealed(path, lambda says, _: says.clear()), "no readable block"),
    "a table missing": (
        lambda path: resealed(path, lambda _, members: members.pop("costs.parquet")),
        "a table missing",
    ),
    "another entry's": (
        lambda path: resealed(path, lambda says, _: says.update(key="0" * 64)),
        "futures of another entry",
    ),
    "another name": (
        lambda path: resealed(path, lambda says, _: says.update(first=9)),
        "the futures 9 to 15, against its name",
    ),
    "a newer format": (
        lambda path: resealed(path, lambda says, _: says.update(format=2)),
        "format 2, where this program knows 1",
    ),
}


@pytest.mark.parametrize(("damage", "says"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_block_is_named_left_out_and_replaced(kept, damage, says):
    path = kept.folder / "futures-000008-000015.zip"
    assert len(kept.held(WANTED)) == WANTED
    damage(path)
    assert kept.held(WANTED) == {*range(8), 16, 17}
    (fault,) = kept.faults
    assert fault.startswith(f"{kept.key}/{path.name}: found ")
    assert says in fault
    assert "run again" in fault
    assert str(kept.store.folder) not in fault
    assert kept.store.check() == [fault]
    with pytest.raises(InputError, match="8 of the 18 futures missing, the first is 8"):
        kept.read("measures", WANTED)
    assert_undisturbed(kept, 8)
    assert keep(kept, WANTED, SIZE) == 1
    assert kept.faults == []
    assert_undisturbed(kept, WANTED)


def test_any_flipped_bit_is_found(kept):
    path, chance = kept.folder / "futures-000016-000017.zip", random.Random(3)
    content = path.read_bytes()
    for place in [0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(40))]:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        assert 16 not in kept.held(WANTED)
    path.write_bytes(content)
    assert kept.faults == []


def test_a_damaged_block_cut_otherwise_goes_when_its_futures_are_written(kept):
    (kept.folder / "futures-000008-000015.zip").write_bytes(b"")
    kept.write(10, tables_of(10, 2), 2, 1.0)
    assert kept.faults == []
    assert kept.held(WANTED) == {*range(8), 10, 11, 16, 17}


def test_a_block_with_futures_that_another_holds_is_named_and_left_out(kept):
    other = Store(kept.store.folder / "other").entry(ABOUT)
    other.write(12, tables_of(12, 12), 12, 1.0)
    shutil.copy(other.folder / blocks(other)[0], kept.folder)
    (kept.folder / "futures-000016-000017.zip").unlink()
    assert kept.held(99) == set(range(16))
    assert "found futures that futures-000008-000015.zip holds too" in kept.faults[0]
    assert keep(kept, 24, SIZE) == 1
    assert kept.faults == []
    assert_undisturbed(kept, 24)


MANIFESTS = {
    "cut short": lambda text: text[:-9],
    "empty": lambda text: "",
    "a list": lambda text: "[]",
    "another question": lambda text: text.replace("sefton", "stockport"),
    "another time": lambda text: text.replace("+00:00", "+01:00"),
    "newer": lambda text: text.replace('"format": 1', '"format": 2'),
}


@pytest.mark.parametrize("change", MANIFESTS.values(), ids=MANIFESTS)
def test_an_entry_with_a_damaged_manifest_is_not_read_until_it_is_written(kept, change):
    path = kept.folder / "manifest.json"
    path.write_text(change(path.read_text()))
    again = Store(kept.store.folder).entry(ABOUT)
    assert again.held(WANTED) == set()
    assert again.faults[0].startswith(f"{kept.key}/manifest.json: found ")
    assert again.store.check() == again.faults
    assert again.store.entries()["area"].tolist() == ["(damaged)"]
    keep(again, WANTED, SIZE)
    assert again.faults == []
    assert_undisturbed(again, WANTED)


def test_a_renamed_entry_is_not_read_and_a_lost_manifest_is_found_out(kept):
    other = kept.store.entry({"area": "sefton"})
    shutil.rmtree(other.folder)
    shutil.copytree(kept.folder, other.folder)
    assert other.held(WANTED) == set()
    assert "the question of another entry" in other.faults[0]
    (kept.folder / "manifest.json").unlink()
    assert kept.held(WANTED) == set()
    assert "manifest.json" in kept.faults[0]


def test_foreign_files_are_named_and_left_alone(kept):
    names = ["notes.txt", ".DS_Store", "futures-1-2.zip", "futures-000000-000007.zip.bak", "ü"]
    folder = kept.store.folder
    for name in names:
        (kept.folder / name).write_text("mine")
        (folder / name).write_text("mine")
    (folder / ("A" * 64)).mkdir()
    assert kept.held(WANTED) == set(range(WANTED))
    found = kept.store.check()
    assert len(kept.faults) == len(names)
    assert len(found) == 2 * len(names) + 1
    assert all("found a name that is not ours" in fault for fault in found)
    assert any(fault.startswith("notes.txt: ") for fault in found)
    keep(kept, 30, SIZE)
    kept.close()
    assert kept.store.prune(0) == [kept.key]
    assert {path.name for path in kept.folder.iterdir()} == set(names)
    assert all((kept.folder / name).read_text() == "mine" for name in names)


# --- the limit ------------------------------------------------------------------------------------


def filled(folder, count, limit=None):
    """A store with entries of one block each, last used an hour apart, the first longest ago."""
    made = Store(folder, limit)
    for number in range(count):
        entry = made.entry({"area": "sefton", "scenario": f"s{number}"})
        entry.write(0, tables_of(0, 2), 2, 60.0)
        moment = time.time() - 3600 * (count - number)
        os.utime(entry.folder / "manifest.json", (moment, moment))
        del entry
    return made


def test_entries_are_listed_and_reported(tmp_path):
    assert len(store.report(Store(tmp_path / "nowhere"))) == 0
    made = filled(tmp_path, 3)
    found = made.entries()
    assert found["scenario"].tolist() == ["s2", "s1", "s0"]
    assert found["futures"].tolist() == [2, 2, 2]
    assert found["seconds"].tolist() == [60.0] * 3
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert found["bytes"].sum() == size
    printed = store.report(made)
    assert printed["minutes_of_work"].tolist() == [1.0] * 3
    assert printed["last_used"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d").all()


def test_prune_removes_the_least_recently_used(tmp_path):
    made = filled(tmp_path, 4)
    table = made.entries().set_index("scenario")
    made.entry({"area": "sefton", "scenario": "s0"})  # used just now
    removed = made.prune(int(table["bytes"].sum()) - 1)
    assert removed == [table.loc["s1", "key"]]
    assert made.prune(int(table["bytes"].max())) == table.loc[["s2", "s3"], "key"].tolist()
    assert made.entries()["scenario"].tolist() == ["s0"]
    assert len(made.prune(0)) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_write_keeps_the_limit_and_never_takes_an_entry_in_use(tmp_path):
    made = filled(tmp_path / "a", 1)
    size = int(made.entries()["bytes"].sum())
    made = filled(tmp_path / "b", 5, limit=3 * size + size // 2)
    assert made.entries()["scenario"].tolist() == ["s4", "s3", "s2"]
    one, two = (made.entry({"scenario": name}) for name in ("one", "two"))
    for entry in (one, two):
        keep(entry, 60, 20)
    assert set(made.entries()["key"]) == {one.key, two.key}
    assert_undisturbed(one, 60)
    assert made.prune(0) == []


def test_an_entry_in_use_by_another_process_stays(tmp_path):
    (process,) = writers(tmp_path, 5000, 1)
    go(process)
    time.sleep(0.5)
    assert Store(tmp_path).prune(0) == []
    process.kill()
    process.communicate()
    assert len(Store(tmp_path).prune(0)) >= 2  # its mark and the entry
    assert list(tmp_path.iterdir()) == []


# --- folders that cannot be used, and the environment ---------------------------------------------


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        InputError, match=r"FAMILY_PATHWAYS_STORE, or run with --no-store"
    ) as caught:
        Store(tmp_path / "file" / "results").entry(ABOUT)
    assert str(tmp_path / "file" / "results") in str(caught.value)


def test_an_entry_is_in_use_until_nobody_holds_it(tmp_path):
    entry = Store(tmp_path).entry(ABOUT)
    entry.write(0, tables_of(0, 1), 1, 1.0)
    assert unfinished(tmp_path) == [entry._mark.name]
    del entry
    assert unfinished(tmp_path) == []
    entry = Store(tmp_path).entry(ABOUT)
    entry.close()
    entry.write(1, tables_of(1, 1), 1, 1.0)
    assert unfinished(tmp_path) == []
    assert_undisturbed(entry, 2)


def test_a_full_disk_says_what_to_do_and_leaves_nothing(kept, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"No space left on device.* --no-store"):
        kept.write(18, tables_of(18, 4), 4, 1.0)
    assert unfinished(kept.folder) == [kept._mark.name]
    assert_undisturbed(kept, WANTED)


def test_a_store_on_a_read_only_drive_is_read(kept, monkeypatch):
    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    for name in ("touch", "write_bytes", "unlink"):
        monkeypatch.setattr(Path, name, refused)
    monkeypatch.setattr(os, "utime", refused)
    again = Store(kept.store.folder).entry(ABOUT)
    assert_undisturbed(again, WANTED)
    with pytest.raises(InputError, match="Read-only"):
        again.write(18, tables_of(18, 1), 1, 1.0)


def test_the_environment_names_folder_and_limit(tmp_path, monkeypatch):
    monkeypatch.delenv("FAMILY_PATHWAYS_STORE", raising=False)
    monkeypatch.delenv("FAMILY_PATHWAYS_STORE_LIMIT", raising=False)
    assert Store().folder == caches.user_cache_folder() / "results"
    assert Store().limit_bytes == store.DEFAULT_LIMIT == 2 * 1024**3
    monkeypatch.setenv("FAMILY_PATHWAYS_STORE", str(tmp_path))
    assert Store().folder == tmp_path
    for text, size in {"500MB": 5e8, " 2 GiB ": 2**31, "1.5g": 1.5 * 2**30, "900": 900}.items():
        monkeypatch.setenv("FAMILY_PATHWAYS_STORE_LIMIT", text)
        assert Store().limit_bytes == size
    for text in ("much", "-5MB", "5 parsecs", "1e9"):
        monkeypatch.setenv("FAMILY_PATHWAYS_STORE_LIMIT", text)
        with pytest.raises(InputError, match="FAMILY_PATHWAYS_STORE_LIMIT"):
            Store()
