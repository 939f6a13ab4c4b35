"""The shape of the code: imports run downwards, workers stay light, every number is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import model
from model import inputs as resolving
from model import luck, network, summary
from model.parameters.catalogue import SPECS
from model.starting import Opening

MODEL = Path(model.__file__).parent
START = date(2025, 4, 1)


def name_of(path: Path) -> str:
    """The dotted name of a module, or of a package for its __init__."""
    parts = path.relative_to(MODEL.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, names: set[str]) -> set[str]:
    """The modules of the project that a file imports when it is loaded."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            # `from package import module` needs the module; anything else needs the package.
            found |= inside & names or {node.module}
    return found & names - {"model"}


def test_imports_have_no_cycles():
    paths = {name_of(path): path for path in MODEL.rglob("*.py")}
    links = {name: imported(path, set(paths)) for name, path in paths.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a cycle of imports: {' -> '.join((*way, name))}"
        if name not in done:
            for other in links.get(name, ()):
                visit(other, (*way, name))
            done.add(name)

    for name in links:
        visit(name, ())


@pytest.mark.parametrize("heavy", ["streamlit", "matplotlib", "altair"])
def test_a_worker_loads_no_app_and_no_charts(heavy):
    code = f"import sys; from model import summary; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=MODEL.parent).returncode == 0


def test_the_pathway_holds_no_number_and_no_engine():
    tree = ast.parse((MODEL / "pathway.py").read_text(encoding="utf-8"))
    numbers = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ]
    assert numbers == []


class Watched(dict):
    """Parameters that remember which of them were asked for."""


def test_every_parameter_is_used(monkeypatch):
    asked: set[str] = set()
    for method in ("_spec", "_in_force"):
        original = getattr(resolving.Inputs, method)

        def watched(self, name, *rest, original=original, **more):
            asked.add(name)
            return original(self, name, *rest, **more)

        monkeypatch.setattr(resolving.Inputs, method, watched)
    found = resolving.resolve("sefton", start=START, years=1)
    built = network.build(found)
    Opening(found, built).cases(found, built, luck.run_key(1, 0))
    summary.limits(found)
    derived_from = {"screening.officers_adopting"}
    # Read where a scenario offers more conferences or changes a price; not in the baseline.
    derived_from |= {
        "pre_proceedings.conference_offered",
        "pre_proceedings.conference_odds_ratio",
        "price_ratio.placements",
    }
    stated = {name for name in found.parameters if not name.startswith("caseload.at_")}
    unused = {
        name
        for name in stated - asked - derived_from
        if not name.startswith("odds_ratio.")  # applied to the shares when they are resolved
    }
    assert unused == set()
    assert stated <= set(SPECS)
