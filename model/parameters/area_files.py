"""Areas: councils with services of their own, each with a file of its own.

An area is found in one way only (`file_of`), by name or by path:

- by name, a file in parameters/areas/, or an *area folder* in the project's `areas/` or in a
  folder that FAMILY_PATHWAYS_AREAS names;
- by path, an area folder anywhere.

An area folder is what calibration writes: the area's file, `sources.toml` with sources of its own,
`knobs.toml` and `posterior.csv` with its joint posterior, and a report. It reads what a file says
about the area itself and leaves its parameters to `model.parameters`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model import root as project
from model.errors import InputError, Where, unknown
from model.parameters.reading import check_choice, check_keys, check_text, check_texts, read_toml

AREAS = "areas"
AREAS_VARIABLE = "FAMILY_PATHWAYS_AREAS"
BESIDE = ("sources.toml", "knobs.toml")  # files of an area folder that are not the area's own
MOST_LOCALITIES = 16  # an attribute takes four bits in the episode log
OPTIONAL = ("localities", "extends", "forecast_note")


@dataclass(frozen=True)
class Area:
    """A council, or another place with services of its own.

    Attributes
    ----------
    name : name of its file, such as ``sefton``.
    title : as people say it; code : of the Office for National Statistics; kind : of council.
    localities : the area's own, in order; empty for a file that only others build on.
    extends : the area file that it builds on; empty for none.
    forecast_note : what must be said wherever a saving in this area is shown, such as that its
        forecast does not beat no change at all; empty for nothing.
    """

    name: str
    title: str
    code: str
    kind: str
    localities: tuple[str, ...] = ()
    extends: str = ""
    forecast_note: str = ""


def areas(root: str | Path | None = None) -> dict[str, Area]:
    """Every area that can be run by its name; titles are in `Area.title`."""
    folder = project.find(root)
    every = {name: area_file(name, folder)[0] for name in sorted(files(folder))}
    return {name: area for name, area in every.items() if area.localities}


def area_named(area: str, root: str | Path | None = None) -> Area:
    """An area that can be run, by its name or by the path of its folder.

    Raises
    ------
    InputError for a name that no area has, with the nearest that one has.
    """
    folder = project.find(root)
    found = area_file(area, folder)[0]
    if not found.localities:
        known = areas(folder)
        raise unknown(Where(f"{project.PARAMETERS}/{AREAS}/"), area, known, "area")
    return found


def folder_of(root: Path) -> Path:
    """The folder of the areas' files that come with the project."""
    return root / project.PARAMETERS / AREAS


def files(root: Path) -> dict[str, Path]:
    """The file of every area that can be called by its name.

    Raises
    ------
    InputError for two areas of one name.
    """
    found = {path.stem: path for path in folder_of(root).glob("*.toml")}
    for folder in area_folders(root):
        path = file_in(folder)
        other = found.setdefault(path.stem, path)
        if other != path:
            where = Where(project.shown(path, root))
            says = f"a second area {path.stem!r}; the other is {project.shown(other, root)}"
            raise InputError(where, says, "one area of a name", "Rename the file, or move it away.")
    return found


def area_folders(root: Path) -> list[Path]:
    """Area folders that are looked for: in `areas/`, and in what FAMILY_PATHWAYS_AREAS names."""
    named = [Path(one) for one in os.environ.get(AREAS_VARIABLE, "").split(os.pathsep) if one]
    found = [place for place in named if is_area_folder(place)]
    for place in (root / AREAS, *(one for one in named if not is_area_folder(one))):
        if place.is_dir():
            found += [one for one in sorted(place.iterdir()) if is_area_folder(one)]
    return found


def is_area_folder(folder: Path) -> bool:
    """Whether a folder holds one area's file; what is still being written has a dot before it."""
    return folder.is_dir() and not folder.name.startswith(".") and len(own_files(folder)) == 1


def own_files(folder: Path) -> list[Path]:
    """The TOML files of a folder that may be an area's."""
    return sorted(path for path in folder.glob("*.toml") if path.name not in BESIDE)


def file_in(folder: Path) -> Path:
    """The area's file in an area folder.

    Raises
    ------
    InputError where there is none, or more than one.
    """
    found = own_files(folder)
    if len(found) != 1 or folder.name.startswith("."):
        says = ", ".join(path.name for path in found) or "no area's file"
        allowed = "one area's file, such as sefton.toml, as `calibrate` writes it"
        raise InputError(Where(folder.name), says, allowed)
    return found[0]


def file_of(area: str, root: Path) -> Path:
    """The file of an area, by its name or by the path of its folder.

    Raises
    ------
    InputError for a name that no area has, with the nearest that one has, or a path that is no
    area folder.
    """
    if any(mark in area for mark in ("/", "\\", os.sep)) or area in (".", ".."):
        if not Path(area).is_dir():
            raise InputError(Where(area), "no such folder", "the folder of an area, or its name")
        return file_in(Path(area).resolve())
    known = files(root)
    if area not in known:
        raise unknown(Where(f"{project.PARAMETERS}/{AREAS}/"), area, known, "area")
    return known[area]


def area_file(name: str, root: Path) -> tuple[Area, dict[str, Any], Path]:
    """What an area's file says about the area, the file's other tables, and the file.

    Parameters
    ----------
    name : of the area, or the path of its folder.
    """
    path = file_of(name, root)
    where = Where(project.shown(path, root), "area")
    groups = read_toml(path, root)
    if "area" not in groups:
        raise InputError(where, "no table [area]", remedy="Add [area] with title, code and kind.")
    table = check_keys(groups.pop("area"), where, ("title", "code", "kind"), OPTIONAL)
    texts = {key: check_text(table[key], where.at(key)) for key in ("title", "code", "kind")}
    localities: tuple[str, ...] = ()
    if table.get("localities"):
        localities = check_texts(table["localities"], where.at("localities"))
    if len(localities) > MOST_LOCALITIES:
        found = f"{len(localities)} localities"
        raise InputError(where.at("localities"), found, f"at most {MOST_LOCALITIES}")
    extends = check_text(table.get("extends", ""), where.at("extends"), empty=True)
    if extends:
        others = [one for one, file in files(root).items() if file != path]
        check_choice(extends, where.at("extends"), others, "area")
    note = check_text(table.get("forecast_note", ""), where.at("forecast_note"), empty=True)
    area = Area(path.stem, **texts, localities=localities, extends=extends, forecast_note=note)
    return area, groups, path


def lineage(area: str, root: Path) -> list[str]:
    """The areas whose files to read, the furthest ancestor first and the area itself last."""
    names, seen = [area], [file_of(area, root)]
    while parent := area_file(names[0], root)[0].extends:
        path = file_of(parent, root)
        if path in seen:
            where = Where(project.shown(seen[0], root), "area.extends")
            chain = [parent, *(one.stem for one in seen)]
            raise InputError(where, f"a circle: {' extends '.join(chain)}")
        names.insert(0, parent)
        seen.insert(0, path)
    return names
