"""The pathway's declaration is whole, and the diagram in the README is drawn from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import diagram
from model.errors import InputError
from model.pathway import (
    ATTRIBUTES,
    BESIDE,
    EFFECTS,
    GONE,
    PATHWAY,
    POOLS,
    REJOINS_FAMILY,
    SAME_STAGE,
    SPILL,
    STAGE_NAMES,
    Time,
)

README = Path(__file__).parents[2] / "README.md"
SPECIAL = {GONE, SAME_STAGE, REJOINS_FAMILY}


@pytest.mark.parametrize("stage", PATHWAY, ids=lambda stage: stage.name)
def test_every_end_leads_somewhere(stage):
    for end in stage.ends:
        assert end.to in SPECIAL | set(STAGE_NAMES)
        assert not end.splits or end.rest in SPECIAL | set(STAGE_NAMES)
        assert set(end.effects) <= set(EFFECTS)


@pytest.mark.parametrize("stage", PATHWAY, ids=lambda stage: stage.name)
def test_a_decision_has_one_outcome_that_takes_the_rest_listed_last(stage):
    rest = [end.otherwise for end in stage.ends]
    if stage.time is Time.HAZARDS:
        assert not any(rest)
    else:
        assert rest.count(True) == 1
        assert rest[-1]


@pytest.mark.parametrize("stage", PATHWAY, ids=lambda stage: stage.name)
def test_a_stage_depends_on_three_attributes_at_most(stage):
    assert len(stage.by) <= 3
    assert set(stage.by + stage.pace_by) <= set(ATTRIBUTES)
    assert set(stage.place) <= set(POOLS)
    assert {beside.stage for beside in stage.beside} <= set(BESIDE)


def test_every_stage_but_contact_and_care_can_be_reached():
    reached = {end.to for stage in PATHWAY for end in stage.ends}
    assert set(STAGE_NAMES) - reached == set()


def test_spill_ends_in_a_kind_of_place():
    assert all(pool in POOLS for chain in SPILL.values() for pool in chain)


def test_an_attribute_fits_its_four_bits():
    assert all(len(values) <= 16 for values in ATTRIBUTES.values())
    assert len(ATTRIBUTES) <= 15


def test_the_readme_shows_the_pathway_as_it_is_declared():
    assert diagram.mermaid() in README.read_text(encoding="utf-8")


def test_the_diagram_is_written_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{diagram.START_MARK}\nold\n{diagram.END_MARK}\nafter\n")
    diagram.update(page)
    text = page.read_text()
    assert "old" not in text
    assert text.startswith("before") and text.endswith("after\n")
    assert "flowchart TD" in text


def test_a_page_without_marks_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    with pytest.raises(InputError, match="no marks for the diagram"):
        diagram.update(page)
