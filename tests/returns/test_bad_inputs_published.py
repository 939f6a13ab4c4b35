"""Statistics files that cannot give a right figure, each with what the message must say."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import InputError
from model.returns import published_statistics as statistics
from tests.returns import published_files as files

line = files.line
HEADER = f"{files.PLACE},{files.REFERRAL_COLUMNS}"
GOOD = line(2022, "Ayton", 1000, 200, 50, 300)


def without(column):
    """The table of referrals without one column, which its figures lack too."""
    names = HEADER.split(",")
    place = names.index(column)
    rows = [HEADER.split(","), GOOD.split(",")]
    return "\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows) + "\n"


BAD_FILES = {
    "nothing": (b"", "an empty file"),
    "only spaces": (b"  \n \n", "an empty file"),
    "a workbook": (b"PK\x03\x04 more", "a zip file or workbook"),
    "not text": (b"\x00\x01\x02\x03" * 50, "a file that is not text"),
    "uneven rows": (
        f"{HEADER}\n{GOOD},1,2,3,4\n{GOOD}\n{GOOD},,,,,,,,,\n",
        "line 2: found 18 values under 14 columns",
    ),
    "a separator without quotes": (
        files.referrals(line(2022, "Ayton", "1,000", 200, 50, 300)),
        "line 2: found 15 values under 14 columns",
    ),
    "a row that is cut short": (
        f"{HEADER}\n{GOOD}\n{GOOD[:-8]}\n",
        "line 3: found 12 values under 14 columns",
    ),
    "a header alone": (f"{HEADER}\n", "a header and no row"),
    "no figures column": (without("rereferral_count"), "without the column rereferral_count"),
    "no year column": (without("time_period"), "without the column time_period"),
    "no level column": (without("geographic_level"), "without the column geographic_level"),
    "no council code": (without("new_la_code"), "without the column new_la_code"),
    "no council name": (without("la_name"), "without the column la_name"),
    "a misspelt column": (
        files.referrals().replace("no_further_action_count", "no_futher_action_count"),
        "Is it the column 'no_futher_action_count'?",
    ),
    "an unknown level": (
        files.referrals(GOOD.replace("Local authority", "Ward")),
        "National, Regional or Local authority",
    ),
    "a council without a name": (
        files.referrals(GOOD.replace("E06000901,Ayton", "E06000901,")),
        "line 2, la_name: found nothing",
    ),
    "a word for a figure": (
        files.referrals(line(2022, "Ayton", "many", 200, 50, 300)),
        "line 2, referral_count: found 'many'",
    ),
    "two numbers in a figure": (
        files.referrals(line(2022, "Ayton", "10 or 12", 200, 50, 300)),
        "found '10 or 12'",
    ),
    "a broken separator": (
        files.referrals(line(2022, "Ayton", '"1,00"', 20, 50, 300)),
        "found '1,00'",
    ),
    "a negative count": (
        files.referrals(line(2022, "Ayton", 1000, -3, 50, 300)),
        "nought or more",
    ),
    "a part above the whole": (
        files.referrals(line(2022, "Ayton", 100, 200, 50, 300)),
        "200, more than the 100 of referral_count",
    ),
    "a year of two digits": (
        files.referrals(line(22, "Ayton", 1000, 200, 50, 300)),
        "line 2, time_period: found '22'",
    ),
    "a financial year that is none": (
        files.referrals(line(202225, "Ayton", 1000, 200, 50, 300)),
        "such as 2025, 202425 or 2024-25",
    ),
    "a year long past": (
        files.referrals(line(1066, "Ayton", 1000, 200, 50, 300)),
        "a year from 1990 to 2050",
    ),
    "a year that is a date": (
        files.referrals(line("31/03/2022", "Ayton", 1000, 200, 50, 300)),
        "found '31/03/2022'",
    ),
    "a place twice with other figures": (
        files.referrals(GOOD, line(2022, "Ayton", 999, 200, 50, 300)),
        "line 3: found a second row with other figures for ayton, 2022",
    ),
    "a label twice with other figures": (
        files.characteristics(
            line(2023, "Ayton", "Reason episode ceased", "Adopted", 10, 1),
            line(2023, "Ayton", "Reason episode ceased", "Adopted", 12, 1),
        ),
        "a second row with other figures for ayton, 2023, Reason episode ceased / Adopted",
    ),
    "a part of a long table above its whole": (
        files.characteristics().replace("Under 1 year,10", "Under 1 year,110"),
        "110, more than the 100",
    ),
    "a percentage above 100": (
        f"{files.PLACE},inpost_fte,agency_rate_fte,vacancy_rate_fte,case_holders_fte,cases\n"
        f"{line(2022, 'Ayton', 120, 130, 20, 80, 1300)}\n",
        "a percentage from 0 to 100",
    ),
    "none of the tool's indicators that are used": (
        files.lait("Unused,,2022,Ayton,1,Other"),
        "no row that says",
    ),
    "a table that is no statistics": ("name,age\nA,3\n", "none that we know among bad.csv"),
    "a population of other ages": (
        files.population(line(2021, "Ayton", "Adults", 90_000)),
        "no row that says 'Children aged 0 to 17 years'",
    ),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_refused_with_the_reason(tmp_path, what):
    text, says = BAD_FILES[what]
    with pytest.raises(InputError) as error:
        statistics.read(files.folder(tmp_path / "s", bad=text))
    assert says in str(error.value)
    if what != "a table that is no statistics":
        assert "bad.csv" in str(error.value)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        statistics.read(tmp_path / "nowhere")


def test_a_folder_without_csv_files(tmp_path):
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(InputError, match=r"no csv file.*The tables read are"):
        statistics.read(tmp_path)


def test_a_code_that_is_not_in_the_files_gives_the_nearest(tmp_path):
    found = statistics.read(files.folder(tmp_path / "s"))
    with pytest.raises(InputError, match="Did you mean 'E06000901'"):
        statistics.of_council(found, "E06000911")


def test_a_name_that_is_not_in_the_files_gives_the_nearest(tmp_path):
    found = statistics.read(files.folder(tmp_path / "s"))
    with pytest.raises(InputError, match="Did you mean 'Beeby'"):
        statistics.of_council(found, "Beebie")


def test_a_council_without_population_is_refused(tmp_path):
    found = statistics.read(files.folder(tmp_path / "s", r=files.referrals()))
    with pytest.raises(InputError, match="no population aged 0 to 17"):
        statistics.of_council(found, "Ayton")


def test_a_council_whose_years_do_not_meet_is_refused(tmp_path):
    people = files.population(line(2010, "Ayton", "Children aged 0 to 17 years", 50_000))
    named = files.folder(tmp_path / "s", r=files.referrals(), p=people)
    with pytest.raises(InputError, match="population of 2011 to 2011 and other figures of 2021"):
        statistics.of_council(statistics.read(named), "Ayton")


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("model.returns.published_text.MOST_BYTES", 100)
    with pytest.raises(InputError, match="at most"):
        statistics.read(files.folder(tmp_path / "s"))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.sampled_from([files.referrals(), files.characteristics(), files.lait()]),
    st.integers(0, 2000),
    st.one_of(st.text(max_size=6), st.sampled_from(["\n", ",", '"', "\0", "-", "1e9", "٣", "½"])),
)
def test_a_damaged_file_gives_figures_or_a_reason_and_nothing_else(text, place, instead):
    place %= len(text)
    damaged = text[:place] + instead + text[place + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        try:
            rows = statistics.read(files.folder(Path(folder), bad=damaged.encode("utf-8"))).rows
        except InputError:
            return
    assert rows["value"].ge(0).all()
    assert rows["year"].between(1990, 2051).all()
