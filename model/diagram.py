"""The pathway as a diagram, drawn from its declaration so that it cannot drift.

Mermaid text, which the README and most code hosts show as a picture.
"""

from __future__ import annotations

from pathlib import Path

from model.errors import InputError, Where
from model.pathway import GONE, PATHWAY, REJOINS_FAMILY, SAME_STAGE, STEP_DOWN, Stage, Unit

START_MARK = "<!-- pathway-diagram:start -->"
END_MARK = "<!-- pathway-diagram:end -->"


def title(name: str) -> str:
    """A stage's name as people read it."""
    return name.replace("_", " ")


def links(stage: Stage) -> dict[str, list[str]]:
    """Where a stage leads, and by which outcomes; leaving for good and repeats left out."""
    found: dict[str, list[str]] = {}
    for end in stage.ends:
        to = STEP_DOWN if end.to == REJOINS_FAMILY else end.to
        if to not in (GONE, SAME_STAGE):
            found.setdefault(to, []).append(title(end.outcome))
    return found


def mermaid() -> str:
    """The whole pathway as Mermaid text."""
    lines = ["flowchart TD"]
    for stage in PATHWAY:
        shape = ("([", "])") if stage.unit is Unit.CHILD else ("[", "]")
        lines.append(f'    {stage.name}{shape[0]}"{title(stage.name)}"{shape[1]}')
    for stage in PATHWAY:
        for to, outcomes in links(stage).items():
            lines.append(f'    {stage.name} -->|"{"; ".join(outcomes)}"| {to}')
    return "\n".join(lines)


def update(path: Path) -> None:
    """Write the diagram into a Markdown file between its marks.

    Raises InputError when the marks are not there.
    """
    text = path.read_text(encoding="utf-8")
    if START_MARK not in text or END_MARK not in text:
        raise InputError(Where(str(path)), "no marks for the diagram", f"{START_MARK}, {END_MARK}")
    before, rest = text.split(START_MARK, 1)
    after = rest.split(END_MARK, 1)[1]
    block = f"{START_MARK}\n```mermaid\n{mermaid()}\n```\n{END_MARK}"
    path.write_text(before + block + after, encoding="utf-8")
