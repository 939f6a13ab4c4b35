"""Areas: councils with services of their own, each with a file in parameters/areas/.

It reads what a file says about the area itself and leaves its parameters to `model.parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model import root as project
from model.errors import InputError, Where, unknown
from model.parameters.reading import check_choice, check_keys, check_text, check_texts, read_toml

AREAS = "areas"
MOST_LOCALITIES = 16  # an attribute takes four bits in the episode log


@dataclass(frozen=True)
class Area:
    """A council, or another place with services of its own.

    Attributes
    ----------
    name : name of its file, such as ``sefton``.
    title : as people say it; code : of the Office for National Statistics; kind : of council.
    localities : the area's own, in order; empty for a file that only others build on.
    extends : the area file that it builds on; empty for none.
    """

    name: str
    title: str
    code: str
    kind: str
    localities: tuple[str, ...] = ()
    extends: str = ""


def areas(root: str | Path | None = None) -> dict[str, Area]:
    """Every area that can be run, by name; titles are in `Area.title`."""
    folder = project.find(root)
    names = sorted(path.stem for path in folder_of(folder).glob("*.toml"))
    every = {name: area_file(name, folder)[0] for name in names}
    return {name: area for name, area in every.items() if area.localities}


def folder_of(root: Path) -> Path:
    """The folder of the areas' files."""
    return root / project.PARAMETERS / AREAS


def area_file(name: str, root: Path) -> tuple[Area, dict[str, Any]]:
    """What an area's file says about the area, and the file's other tables."""
    known = sorted(path.stem for path in folder_of(root).glob("*.toml"))
    if name not in known:
        raise unknown(Where(f"{project.PARAMETERS}/{AREAS}/"), name, known, "area")
    path = folder_of(root) / f"{name}.toml"
    where = Where(project.shown(path, root), "area")
    groups = read_toml(path, root)
    if "area" not in groups:
        raise InputError(where, "no table [area]", remedy="Add [area] with title, code and kind.")
    table = check_keys(
        groups.pop("area"), where, ("title", "code", "kind"), ("localities", "extends")
    )
    texts = {key: check_text(table[key], where.at(key)) for key in ("title", "code", "kind")}
    localities: tuple[str, ...] = ()
    if table.get("localities"):
        localities = check_texts(table["localities"], where.at("localities"))
    if len(localities) > MOST_LOCALITIES:
        found = f"{len(localities)} localities"
        raise InputError(where.at("localities"), found, f"at most {MOST_LOCALITIES}")
    extends = check_text(table.get("extends", ""), where.at("extends"), empty=True)
    if extends:
        others = [one for one in known if one != name]
        check_choice(extends, where.at("extends"), others, "area")
    return Area(name, **texts, localities=localities, extends=extends), groups


def lineage(area: str, root: Path) -> list[str]:
    """The area files to read, the furthest ancestor first and the area itself last."""
    names = [area]
    while parent := area_file(names[0], root)[0].extends:
        if parent in names:
            where = Where(f"{project.PARAMETERS}/{AREAS}/{names[0]}.toml", "area.extends")
            raise InputError(where, f"a circle: {' extends '.join([parent, *names])}")
        names.insert(0, parent)
    return names
