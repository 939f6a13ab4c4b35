"""The analysts' notebooks run from top to bottom, and hold nothing that a run left behind.

They run with settings that their first cell calls too small for a decision.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = [
    "01_tour",
    "02_calibrate_from_published",
    "03_calibrate_from_returns",
    "04_back_test",
    "05_compare_redesigns",
]
SECONDS_A_CELL = 600  # stops a cell that hangs; speed is measured elsewhere
A_DAY = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b")
ABSOLUTE = re.compile(r"(?<![\w.])/(?:home|tmp|work|Users|usr|opt|root|private)/|\b[A-Z]:\\")
PLAIN = "text/plain"


def sources(path: Path) -> str:
    return "\n\n".join(cell.source for cell in nbformat.read(path, 4).cells)


def said(notebook: Any) -> str:
    """Everything that a notebook printed or showed as text."""
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts.append(output.get("text", ""))
            parts += [str(text) for text in output.get("data", {}).values()]
    return "\n".join(parts)


def test_the_five_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == NAMES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_clean(path):
    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    nbformat.validate(nbformat.from_dict(document))
    assert set(document["metadata"]) == {"kernelspec", "language_info"}
    assert document["metadata"]["kernelspec"]["name"] == "python3"
    assert document["metadata"]["language_info"] == {"name": "python"}
    ids = [cell["id"] for cell in document["cells"]]
    assert len(set(ids)) == len(ids)
    assert not [one for one in ids if re.fullmatch(r"[0-9a-f]{8}(-.*)?", one)], "ids made by chance"
    for cell in document["cells"]:
        assert cell["metadata"] == {}
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert text == json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    assert not ABSOLUTE.search(text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_a_real_run_needs_and_when_to_stop(path):
    text = sources(path)
    assert "**A real run needs**" in text and "FAMILY_PATHWAYS_QUICK" in text
    assert "## When to stop" in text
    assert "**Do not use" in text or "**Do not look for better settings" in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_leaves_nothing_behind(path, tmp_path, monkeypatch):
    monkeypatch.setenv("FAMILY_PATHWAYS_QUICK", "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(FOLDER.iterdir())
    notebook = nbformat.read(path, 4)
    client = NotebookClient(
        notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute()
    shown = said(notebook)
    assert len(shown) > 500
    assert not ABSOLUTE.search(shown), "a path of this computer is shown"
    if path.stem.startswith("03"):
        child = re.compile(r"\b[A-Z]?\d{6,}\b")
        assert not child.search(plain_said(notebook)), "a child's id is shown"
        assert not A_DAY.search(plain_said(notebook)), "a date of a child may be shown"
    assert sorted(FOLDER.iterdir()) == before


def plain_said(notebook: Any) -> str:
    """What is shown as text; a chart's drawing is full of numbers."""
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts.append(output.get("text", ""))
            parts.append(str(output.get("data", {}).get(PLAIN, "")))
            parts.append(str(output.get("data", {}).get("text/markdown", "")))
    return "\n".join(parts)
