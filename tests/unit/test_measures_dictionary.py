"""The dictionary of measures, what the documents ask for, and the document that says both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model import measures
from model.errors import InputError
from model.measures.asked_for import ASKED_FOR, OUT_OF_SCOPE, SIMULATED, STANDINGS
from model.measures.definitions import DOCUMENTS, SOURCES
from model.measures.document import TABLE_MARK, update, updated
from model.wording import label

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "measures.md"
NAMES = tuple(measures.MEASURES)


def test_the_dictionary_says_everything_of_every_measure():
    found = measures.dictionary()
    assert found.columns.tolist() == [
        "measure", "definition", "unit", "counted_in", "kind", "stages", "source",
        "council_return",
    ]  # fmt: skip
    assert found.measure.tolist() == list(NAMES)
    assert (found != "").all(axis=None) and found.notna().all(axis=None)
    assert set(found.source) <= set(SOURCES)
    assert found.definition.is_unique


def test_documents_are_the_source_of_measures_or_say_why_not():
    sources = set(measures.dictionary().source)
    assert sources >= set(DOCUMENTS) - {"Sefton family support pathway (Interface, 2014)"}
    assert {each.document for each in ASKED_FOR} == set(DOCUMENTS)


@pytest.mark.parametrize("asked", ASKED_FOR, ids=lambda each: each.asks_for)
def test_what_is_asked_for_is_answered_or_has_its_reason(asked):
    assert asked.standing in STANDINGS
    assert bool(asked.answers) == (asked.standing != OUT_OF_SCOPE)
    assert asked.says or asked.standing == SIMULATED
    for answer in asked.answers:
        if answer.startswith(TABLE_MARK):
            assert callable(getattr(measures, answer.removeprefix(TABLE_MARK)))
        else:
            ending = re.compile(re.escape(answer).replace(r"\*", ".*"))
            assert any(ending.fullmatch(name) for name in asked.measures(NAMES)), answer


@pytest.mark.parametrize(
    "words",
    ["satisfaction", "two-year-old", "education, health", "a&e", "offend", "exploitation"],
)
def test_what_the_documents_name_and_no_log_holds_is_not_passed_over(words):
    found = measures.asked_for()
    here = found[found.asks_for.str.lower().str.contains(words, regex=False)]
    assert len(here) and (here.standing != SIMULATED).all() and (here.says != "").all()


def test_the_page_of_measures_says_what_the_records_say():
    text = PAGE.read_text(encoding="utf-8")
    assert updated(text) == text, "python -m model.measures --update docs/measures.md"


def test_a_page_without_marks_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Measures\n", encoding="utf-8")
    with pytest.raises(InputError, match="no marks"):
        update(page)


def test_measures_of_which_there_are_many_are_labelled_alike():
    assert label("screened_from_police") == "Screened, from police"
    assert label("early_help_outcomes_met_neglect") == "Early help outcomes met, issue: neglect"
    labels = [label(name) for name in NAMES]
    assert len(set(labels)) == len(labels)
