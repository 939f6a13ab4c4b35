"""Whatever stands in a file: an InputError, or every row accounted for; never a crash."""

from __future__ import annotations

import string
import tempfile
import zipfile
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import InputError
from model.returns import annex_a
from model.returns.annex_a_codes import code_of
from model.returns.annex_a_words import CODE_SETS
from model.returns.dates import day_of, days_of
from model.returns.faults import Severity
from model.returns.identity import child_id, ids_of
from model.returns.records import Records
from model.returns.sheets import Sheet, is_blank, open_sheets
from tests.returns.annex_files import (
    HEADINGS,
    contact,
    old_workbook,
    open_document,
    table,
    text_table,
    workbook,
)

steady = settings(derandomize=True, deadline=None, max_examples=30)
EXTRACT = date(2024, 3, 31)
NAMES = ("annex.xlsx", "annex.xls", "annex.ods", "List 1.csv")
TABLES_OF_LIST = {1: "contacts", 2: "early_help", 3: "referrals", 4: "assessments"}

cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=30),
    st.text(string.digits + "/-. :eE+", max_size=20),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["N/A", "31/02/2024", "a) Yes", "q) 6: Police", "1.0E+20", "00012", "=1+1"]),
)


@cache
def whole_file(name: str) -> bytes:
    """A good file of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        rows = table(1, *(contact(n) for n in range(1, 30)))
        if name.endswith(".xlsx"):
            workbook(path, {"List_1": rows})
        elif name.endswith(".ods"):
            open_document(path, {"List_1": rows})
        elif name.endswith(".xls"):
            old_workbook(path, "List_1", [[str(c) for c in row] for row in rows])
        else:
            text_table(path, rows)
        return path.read_bytes()


def read_bytes(name: str, data: bytes) -> Records | None:
    """What a reader makes of these bytes; None where it refuses them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            records = annex_a.read([path], EXTRACT)
        except InputError as error:
            assert error.where.file == name
            return None
    return accounted(records)


def accounted(records: Records) -> Records:
    """Every row that was read became a record, or there is a fault that says why not."""
    for one in records.recognised:
        here = [fault.severity for fault in records.faults if fault.part == one.part]
        assert one.used <= one.rows
        if "no list" in one.what or "not needed" in one.what or Severity.REFUSED in here:
            continue
        assert one.used + here.count(Severity.DROPPED) >= one.rows
    return records


@pytest.mark.parametrize("name", NAMES)
def test_good_files_are_read(name):
    records = read_bytes(name, whole_file(name))
    assert records is not None
    assert len(records["contacts"]) == 29


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@steady
def test_a_good_file_with_some_bytes_changed(name, data):
    content = bytearray(whole_file(name))
    changes = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    for place, byte in data.draw(st.lists(changes, min_size=1, max_size=12)):
        content[place] = byte
    read_bytes(name, bytes(content))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(derandomize=True, deadline=None, max_examples=15)
def test_a_good_file_with_a_piece_cut_out_or_doubled(name, data):
    content = whole_file(name)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    for mangled in (content[:start] + content[end:], content[:end] + content[start:]):
        read_bytes(name, mangled)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "start", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]
)
@given(noise=st.binary(max_size=3000))
@settings(derandomize=True, deadline=None, max_examples=10)
def test_noise_with_the_right_beginning(name, start, noise):
    read_bytes(name, start + noise)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@given(data=st.data())
@steady
def test_a_workbook_whose_parts_are_changed_but_whose_archive_is_whole(part, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annex.xlsx"
        source = Path(folder) / "source.xlsx"
        source.write_bytes(whole_file("annex.xlsx"))
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                text = bytearray(old.read(name))
                if name == part:
                    place = st.tuples(st.integers(0, len(text) - 1), st.sampled_from(b'09<>/"AZ '))
                    for at, byte in data.draw(st.lists(place, min_size=1, max_size=8)):
                        text[at] = byte
                new.writestr(name, bytes(text))
        try:
            accounted(annex_a.read([path], EXTRACT))
        except InputError as error:
            assert error.where.file == "annex.xlsx"


@pytest.mark.parametrize("number", sorted(HEADINGS))
@given(data=st.data())
@settings(derandomize=True, deadline=None, max_examples=12)
def test_any_cells_below_good_headings(number, data):
    width = len(HEADINGS[number])
    rows = data.draw(st.lists(st.lists(cells, max_size=width + 2), min_size=1, max_size=12))
    every = [list(HEADINGS[number]), *rows]
    sheet = Sheet("f.xlsx", f"List_{number}", every, list(range(1, len(every) + 1)))
    records = accounted(annex_a.read_sheets([sheet], EXTRACT))
    for frame in records.tables.values():
        for name, column in frame.items():
            if name != "birth_on" and str(name).endswith("on") and str(column.dtype)[0] == "d":
                assert (column.dropna() <= pd.Timestamp(EXTRACT)).all()
        if {"began_on", "ended_on"} <= set(frame):
            assert not (frame["ended_on"] < frame["began_on"]).any()


@given(st.lists(st.lists(cells, max_size=9), max_size=6), st.text(max_size=12))
@steady
def test_any_headings_at_all(rows, name):
    sheet = Sheet("f.xlsx", name, rows, list(range(1, len(rows) + 1)))
    try:
        accounted(annex_a.read_sheets([sheet], EXTRACT))
    except InputError as error:
        assert "no list of Annex A" in str(error)


@given(cells)
@settings(derandomize=True, deadline=None, max_examples=400)
def test_a_day_is_a_day_or_a_fault_or_a_blank(cell):
    day, kind = day_of(cell)
    if day is None:
        assert kind or is_blank(cell)
    else:
        assert not kind
        assert date(1960, 1, 1) <= day <= date(2099, 12, 31)
    column = days_of([cell, None, cell])
    assert (column.kind[0], column.kind[1]) == (kind, "")
    assert np.isnat(column.day[1])


FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%Y%m%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S")


@given(st.dates(date(1960, 1, 1), date(2099, 12, 31)))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_every_day_comes_back_from_every_way_of_writing_it(day):
    for form in FORMS:
        assert day_of(day.strftime(form)) == (day, "")
    serial = (day - date(1899, 12, 30)).days
    assert day_of(serial) == (day, "")
    assert day_of(float(serial) + 0.75) == (day, "")
    assert day_of(datetime(day.year, day.month, day.day, 23, 59)) == (day, "")
    assert day_of((day - date(1904, 1, 1)).days, from_1904=True) == (day, "")
    if 1960 <= day.year < 2050:
        two = day.strftime("%d/%m/%y")
        expected = day if day.year >= 2000 or day.year % 100 >= 50 else None
        assert day_of(two)[0] == expected
    swapped = day.strftime("%m/%d/%Y")
    if day.day > 12:
        assert day_of(swapped)[0] is None  # never read as the month first


@given(cells)
@settings(derandomize=True, deadline=None, max_examples=400)
def test_an_id_is_an_id_or_a_fault(cell):
    child, kind = child_id(cell)
    assert bool(child) != bool(kind)
    if child:
        assert child == child.strip().upper()
        assert child_id(child) == (child, "")  # the same child again
    column = ids_of([cell, cell])
    assert list(column.child) == [child, child]


@given(st.integers(1, 10**15 - 1))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_a_number_is_the_same_child_in_every_spelling(number):
    spellings = (number, float(number), str(number), f"000{number}", f"{number}.0", f" {number} ")
    assert {child_id(one) for one in spellings} == {(str(number), "")}


@pytest.mark.parametrize("name", sorted(CODE_SETS))
@given(cell=cells)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_code_is_of_its_set_or_a_fault_or_unknown(name, cell):
    codes = CODE_SETS[name]
    value, kind = code_of(cell, codes)
    assert not (value and kind)
    known = {*codes.values.values(), *codes.words.values(), *(v for _, v in codes.keywords)}
    assert value in {*known, codes.several, ""}


@given(
    st.lists(st.lists(st.text("ab,;|\t\"'\n\r\x00\u00e9 1", max_size=8), max_size=5), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
@steady
def test_any_text_table_opens_or_is_refused(rows, delimiter, encoding):
    with tempfile.TemporaryDirectory() as folder:
        path = text_table(Path(folder) / "t.csv", rows, delimiter, encoding)
        try:
            sheet = open_sheets(path)[0]
        except InputError:
            return
    assert len(sheet.rows) == len(sheet.lines)
    assert sheet.lines == sorted(sheet.lines)
    assert all(row and row[-1] is not None for row in sheet.rows)


def test_a_hundred_thousand_rows_are_read_in_seconds():
    start = date(2023, 10, 1)
    rows = [
        [
            n % 60_000 + 1,
            None,
            None,
            date(2010, 1, 1) + timedelta(n % 5000),
            None,
            start + timedelta(n % 180),
            "q) 6: Police",
        ]
        for n in range(100_000)
    ]
    sheet = Sheet("f.xlsx", "List_1", [list(HEADINGS[1]), *rows], list(range(1, 100_002)))
    began = pd.Timestamp.now()
    records = annex_a.read_sheets([sheet], EXTRACT)
    assert len(records["contacts"]) == 100_000
    assert (pd.Timestamp.now() - began).total_seconds() < 60
