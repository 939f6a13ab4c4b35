"""The register in words, what is not as it comes, what to look at first, and the glossary."""

from __future__ import annotations

import pandas as pd
import pytest

from model import glossary, key_assumptions, register_changes, register_words, scenarios
from model.errors import InputError
from model.parameters.catalogue import SPECS
from model.parameters.register import ALL_AREAS, register


@pytest.fixture(scope="module")
def numbers():
    """The register of Sefton."""
    return register("sefton")


@pytest.fixture(scope="module")
def words(numbers):
    """The same in words."""
    return register_words.in_words(numbers, "Sefton")


def test_every_parameter_has_a_part_and_a_title_of_its_own(numbers):
    names = sorted({*SPECS, *numbers["name"]})
    assert {register_words.part_of(name) for name in names} == set(register_words.PARTS)
    titles = [register_words.title_of(name) for name in names]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    assert twice == []
    assert not [title for title in titles if "_" in title]


def test_words_stand_beside_the_numbers_of_the_register_and_change_none(numbers, words):
    assert words["value"].equals(numbers["value"])
    one = words[words["name"] == "capacity.screening_officers"].iloc[0]
    assert one["number"] == "Screening officers: how many there are"
    assert one["range"] == "5 to 9"
    assert one["stated_in"] == "the file of Sefton"
    relative = words[words["name"] == "population.need_at_contact"].iloc[0]
    assert relative["range"] == "0.7 to 1.4 times the value"
    fixed = numbers["distribution"] == "fixed"
    assert words.loc[fixed, "range"].str.startswith("no range").all()
    assert not words.loc[~fixed, "range"].str.startswith("no range").any()


def test_search_finds_what_holds_every_word_and_filters_narrow_it(words):
    found = register_words.found(words, "early_help step up")
    assert register_words.found(words, "EARLY help Step-up").equals(found)
    assert 0 < len(found) < len(words)
    weak = register_words.found(words, grades=("weak",), parts=("Early help",))
    assert set(weak["grade"]) == {"weak"}
    assert set(weak["part"]) == {"Early help"}
    (title,) = {one for one in words["source"].iloc[0].split("; ")}
    cited = register_words.found(words, sources=(title,))
    assert cited["source"].str.contains(title, regex=False).all()
    assert register_words.found(words, "no such word anywhere").empty
    assert register_words.found(words).equals(words)


def test_a_line_for_each_table_says_how_many_numbers_it_has_and_from_where_to_where(words):
    lines = register_words.by_parameter(words).set_index("number")
    assert len(lines) == words["name"].nunique()
    assert lines.loc["Screening officers: how many there are", "value"] == "6"
    assert lines.loc["Share of contacts in each locality", "value"] == "3 numbers, 0.25 to 0.47"


def test_an_area_is_set_beside_the_template_number_by_number(numbers):
    table = register_changes.against_template("sefton")
    usual = register("england").set_index(["name", "key"])["value"]
    own = numbers[numbers["area"] != ALL_AREAS]
    differ = [
        row
        for row in own.itertuples()
        if abs(row.value - usual.get((row.name, row.key), float("inf")))
        > 1e-8 + 1e-5 * abs(usual.get((row.name, row.key), 0.0))
    ]
    assert len(table) == len(differ)
    far = table["ratio"].where(table["ratio"] > 0).dropna().map(lambda ratio: max(ratio, 1 / ratio))
    assert far.is_monotonic_decreasing
    assert register_changes.against_template("england").empty


def test_a_redesign_is_set_beside_today():
    plan = scenarios.load("stockport_pathway")
    table = register_changes.by_redesign(plan, "sefton").set_index("parameter")
    assert len(table) == len(plan.changes)
    places = table.loc["capacity.partner_lead_practitioners"]
    assert (places["today"], places["then"]) == ("150", "1,600")
    assert places["stated_in"].startswith("scenarios/")
    assert set(table["no_change_in_range"]) <= {"yes", "no"}
    assert register_changes.by_redesign(scenarios.load("baseline"), "sefton").empty


def test_what_to_look_at_first_is_told_from_chance_then_of_the_redesign_then_weak():
    table = pd.DataFrame(
        {
            "key": list("abcde"),
            "grade": ["weak", "moderate", "assumption", "weak", "strong"],
            "correlation": [0.9, -0.2, 0.1, -0.6, 0.95],
            "by_chance": [True, True, True, False, False],
            "of_redesign": [False, True, True, False, False],
        }
    )
    assert list(key_assumptions.ordered(table)["key"]) == ["d", "e", "c", "b", "a"]


def test_every_grade_has_its_weight():
    from model.wording import GRADES

    assert set(key_assumptions.WEAKNESS) == set(GRADES)


def test_the_glossary_is_in_order_and_finds_by_every_word_named_ones_first():
    titles = [term.title for term in glossary.terms()]
    assert titles == sorted(titles, key=str.lower)
    assert len(set(titles)) == len(titles) > 60
    found = glossary.found("section 47")
    assert found[0].title == "Section 47 enquiry"
    assert all("section" in term.text and "47" in term.text for term in found)
    assert {term.kind for term in glossary.found("", ("money",))} == {"money"}
    assert {term.kind for term in glossary.terms()} == set(glossary.KINDS)
    for word in ("mash", "step-down", "lead practitioner", "annex a", "pre-proceedings"):
        assert word in glossary.found(word)[0].title.lower()


def test_a_glossary_with_a_fault_names_the_term(tmp_path, monkeypatch):
    file = tmp_path / "glossary.toml"
    file.write_text('[mash]\ntitle = "MASH"\nkind = "front dor"\nsays = "A hub."\n')
    monkeypatch.setattr(glossary, "FILE", file)
    glossary.terms.cache_clear()
    with pytest.raises(InputError, match="mash"):
        glossary.terms()
    glossary.terms.cache_clear()
