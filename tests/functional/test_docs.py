"""The examples in the documents work as they are printed."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from model import inputs, scenarios
from model.errors import Where
from model.parameters.evidence import check_evidence, sources

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"```toml\n(.*?)```", (ROOT / "docs" / "your_council.md").read_text(encoding="utf-8"), re.S
)


@pytest.fixture
def copy_of_the_project(tmp_path):
    for folder in ("parameters", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_example_of_an_entry_says_what_an_entry_must_say():
    entry = tomllib.loads(BLOCKS[0])["early_help_offer"]["ends"]
    evidence = {key: entry[key] for key in ("unit", "grade", "source", "uncertainty", "note")}
    check_evidence(evidence, Where("docs/your_council.md"), sources(ROOT))


def test_the_example_of_a_scenario_runs_in_its_area(copy_of_the_project):
    (copy_of_the_project / "scenarios" / "six_key_workers.toml").write_text(BLOCKS[1])
    found = scenarios.load("six_key_workers", copy_of_the_project)
    run = inputs.resolve("sefton", found, start=date(2025, 4, 1), years=2, root=copy_of_the_project)
    before, after = run.number("capacity.key_workers", 0), run.number("capacity.key_workers", 1)
    assert (after - before).tolist() == [0.0, 0.0, 6.0]
    assert [str(day) for day in run.change_dates] == ["2025-04-01", "2025-10-01"]
    assert len(run.programme_costs) == 1
