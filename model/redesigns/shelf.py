"""Redesigns kept under a name, as scenario files in a folder of their own.

The folder stands beside the stored results, or where FAMILY_PATHWAYS_REDESIGNS says. Everyone who
uses the same server sees the same shelf. A file is written whole or not at all.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from model.errors import InputError, Where, unknown
from model.redesigns.drafts import Draft, from_toml
from model.store import usual_folder

VARIABLE = "FAMILY_PATHWAYS_REDESIGNS"
LONGEST_NAME = 60
MOST_ON_SHELF = 500
ALLOWED = "letters, digits, spaces and - ' ( ), 60 characters at most"
NAME = re.compile(r"[\w][\w '()\-]*", re.UNICODE)


def folder() -> Path:
    """Where redesigns are kept."""
    given = os.environ.get(VARIABLE)
    return Path(given) if given else usual_folder().parent / "redesigns"


def kept() -> list[str]:
    """The names on the shelf, in the order of the alphabet."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def keep(draft: Draft, name: str, replace: bool = False) -> str:
    """Put a redesign on the shelf; returns its name.

    Raises
    ------
    InputError for a name that no file can have, one that is taken (unless `replace`), or a full
    shelf.
    """
    name = _checked(name)
    place = folder() / f"{name}.toml"
    if place.exists() and not replace:
        where = Where("saved redesigns", name)
        raise InputError(where, "a name that is taken", "a name of its own", "Choose another name.")
    if len(kept()) >= MOST_ON_SHELF and not place.exists():
        where = Where("saved redesigns")
        raise InputError(where, f"{MOST_ON_SHELF} of them", "fewer", "Delete some first.")
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{os.getpid()}-{name}.part")
    part.write_text(draft.toml, encoding="utf-8")
    part.replace(place)
    return name


def taken(name: str, root: str | Path | None = None) -> Draft:
    """The redesign of this name.

    Raises
    ------
    InputError for a name that is not on the shelf, or a file that is no longer a scenario.
    """
    if name not in kept():
        raise unknown(Where("saved redesigns"), name, kept(), "redesign")
    text = (folder() / f"{name}.toml").read_text(encoding="utf-8")
    return from_toml(text, f"saved redesigns/{name}.toml", root)


def thrown_away(name: str) -> None:
    """Take a redesign off the shelf; one that is not there is none to take."""
    if name in kept():
        (folder() / f"{name}.toml").unlink(missing_ok=True)


def _checked(name: str) -> str:
    tidy = " ".join(name.split())
    if not NAME.fullmatch(tidy) or len(tidy) > LONGEST_NAME:
        raise InputError(Where("saved redesigns", "name"), f"{name!r:.80}", ALLOWED)
    return tidy
