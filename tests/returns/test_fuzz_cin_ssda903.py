"""Whatever stands in the files: an InputError or records with their faults, never anything else."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import InputError
from model.returns import cin_census, ssda903
from model.returns.records import RECORD_COLUMNS, empty
from model.returns.sheets import open_sheets
from model.returns.xml_guard import Limits
from tests.returns.care_files import EPISODES, episodes, header
from tests.returns.census_files import WHOLE
from tests.returns.test_ssda903 import XML

modest = settings(derandomize=True, deadline=None, max_examples=30)
SECRET = re.compile(r"KID7001|2012-12-06|06/12/2012|\b70[12]\b|04/07/2011|2011-07-04")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "fuzzed"


def sound(records) -> None:
    """Every table in its right kinds, every period forwards, nobody named."""
    for name in RECORD_COLUMNS:
        table = records[name]
        assert list(table.dtypes.items()) == list(empty(name).dtypes.items())
        if {"began_on", "ended_on"} <= set(table.columns):
            assert not (table["ended_on"] < table["began_on"]).any()
        if len(table) and "child" in table:
            assert (table["child"] != "").all()
        first = {"contacts": "on", "referrals": "on"}.get(name, "began_on")
        if first in table and name != "care":
            assert table[first].notna().all()
    for fault in records.faults:
        assert not SECRET.search(str(fault))
    assert not SECRET.search(repr(records))


def census(path, data: bytes) -> None:
    file = path.with_suffix(".xml")
    file.write_bytes(data)
    cin_census.recognise(file)
    try:
        sound(cin_census.read([file], limits=Limits(elements=5_000)))
    except InputError as error:
        assert not SECRET.search(str(error))


def care(path, table: bytes) -> None:
    path.with_suffix(".csv").write_bytes(table)
    other = path.with_name("header.csv")
    other.write_text(header())
    try:
        sheets = [*open_sheets(path.with_suffix(".csv")), *open_sheets(other)]
        sound(ssda903.read([one for one in sheets if ssda903.recognise_sheet(one)]))
    except InputError as error:
        assert not SECRET.search(str(error))


def care_xml(path, data: bytes) -> None:
    file = path.with_suffix(".xml")
    file.write_bytes(data)
    ssda903.recognise_xml(file)
    try:
        sound(ssda903.read([], [file]))
    except InputError as error:
        assert not SECRET.search(str(error))


READERS = [census, care, care_xml]


@pytest.mark.parametrize("read", READERS)
@modest
@given(data=st.binary(max_size=400))
def test_random_bytes(path, read, data):
    read(path, data)


@pytest.mark.parametrize(("read", "text"), [(census, WHOLE), (care, episodes()), (care_xml, XML)])
@modest
@given(
    at=st.floats(0, 1),
    length=st.integers(0, 60),
    piece=st.binary(max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-16", "latin-1"]),
)
def test_a_piece_of_a_good_file_replaced_by_bytes(path, read, text, at, length, piece, encoding):
    data = text.encode(encoding)
    start = int(at * len(data))
    read(path, data[:start] + piece + data[start + length :])


VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-",
            "0",
            "1",
            "NaN",
            "nan",
            "inf",
            "1e999",
            "2023-02-30",
            "31/12/9999",
            "0000-00-00",
            "45000",
            "-1",
            "true",
            "N1",
            "X1",
            "S",
            "=1+1",
            "2023-13-13T99:99:99Z",
            "١٢/٠٣/٢٠٢٣",
            "\u202e2023",
            "٣",
            "²",
        ]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30),
    st.dates().map(str),
    st.integers(-(10**20), 10**20).map(str),
)
TEXTS = list(re.finditer(r">([^<>\n]+)<", WHOLE))
TAGS = sorted({found[1] for found in re.finditer(r"</(\w+)>", WHOLE)})


def escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@modest
@given(which=st.lists(st.sampled_from(range(len(TEXTS))), min_size=1, max_size=4), value=VALUES)
def test_any_value_in_any_element(path, which, value):
    text = WHOLE
    for at in sorted(set(which), reverse=True):
        start, end = TEXTS[at].span(1)
        text = text[:start] + escaped(value) + text[end:]
    census(path, text.encode())


@modest
@given(tag=st.sampled_from(TAGS), other=st.sampled_from([*TAGS, "Kid", "x:y", "_"]))
def test_any_tag_under_any_other_name(path, tag, other):
    census(path, re.sub(rf"(</?){tag}>", rf"\1{other}>", WHOLE).encode())


@modest
@given(tag=st.sampled_from(TAGS), times=st.integers(0, 3))
def test_any_part_left_out_or_repeated(path, tag, times):
    part = re.search(rf"<{tag}>.*?</{tag}>", WHOLE, flags=re.DOTALL)
    census(path, (WHOLE[: part.start()] + part[0] * times + WHOLE[part.end() :]).encode())


@modest
@given(
    row=st.integers(0, 2),
    column=st.integers(0, 9),
    value=VALUES,
    second=st.integers(0, 9),
    other=VALUES,
)
def test_any_value_in_any_cell(path, row, column, value, second, other):
    rows = [line.split(",") for line in EPISODES]
    rows[row][column] = '"' + value.replace('"', '""') + '"'
    rows[row][second] = '"' + other.replace('"', '""') + '"'
    care(path, episodes(*(",".join(cells) for cells in rows)).encode())


CODES = st.sampled_from(["S", "L", "P", "T", "B", "U", ""])
ENDINGS = st.sampled_from(["X1", "E4A", "E11", ""])
SPANS = st.tuples(st.integers(0, 360), st.one_of(st.none(), st.integers(0, 200)))


@modest
@given(rows=st.lists(st.tuples(SPANS, CODES, ENDINGS), min_size=1, max_size=7))
def test_any_order_of_a_childs_episodes_becomes_one_that_can_be(path, rows):
    """No two episodes at the same time; only the last open; placements of the pathway alone."""
    start = pd.Timestamp("2023-04-01")
    lines = []
    for (begin, days), began, ended in rows:
        first = start + pd.Timedelta(days=begin)
        last = "" if days is None else f"{first + pd.Timedelta(days=days):%d/%m/%Y}"
        lines.append(f"701,{first:%d/%m/%Y},{began},C2,N1,U4,PR1,{last},{ended},")
    path.with_suffix(".csv").write_text(episodes(*lines))
    records = ssda903.read(open_sheets(path.with_suffix(".csv")))
    care_rows = records["care"].sort_values("began_on")
    ends = care_rows["ended_on"]
    begins = care_rows["began_on"]
    assert ends[:-1].notna().all()
    assert (ends[:-1].to_numpy() <= begins[1:].to_numpy()).all()
    gap = ends[:-1].to_numpy() < begins[1:].to_numpy()
    assert (care_rows["began"][1:][gap] == "S").all()
    assert (care_rows["ended"][:-1][gap] != "X1").all()
