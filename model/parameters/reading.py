"""Strict reading of TOML files: what is missing, unknown, repeated or of the wrong sort is named.

It knows no parameter, no evidence and no scenario.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.errors import InputError, Where, listed, unknown
from model.root import shown

KEY_OF_LINE = re.compile(r"\s*(?:\[+([^\[\]]+)\]+\s*(?:#.*)?$|([\w.\-\"' ]+?)\s*=)")


@lru_cache(maxsize=128)
def _parsed(text: str) -> dict[str, Any]:
    """The tables in a text, worked out once for each text; nobody may change them."""
    return tomllib.loads(text)


def _own(value: Any) -> Any:
    """Tables and lists of one's own, to be changed at will."""
    if isinstance(value, dict):
        return {key: _own(one) for key, one in value.items()}
    return [_own(one) for one in value] if isinstance(value, list) else value


def read_toml(path: Path, root: Path | None = None) -> dict[str, Any]:
    """A TOML file as nested tables.

    Parameters
    ----------
    path : the file.
    root : the project's folder, from which errors name the file.

    Raises
    ------
    InputError
        Naming the file, the line and its text: for a missing file, for anything that is not
        TOML, and for a key that is given twice.
    """
    name = shown(path, root) if root is not None else path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        remedy = f"Write the file {name}."
        raise InputError(Where(name), "no such file", remedy=remedy) from None
    except UnicodeDecodeError:
        raise InputError(Where(name), "a file that is not UTF-8", "UTF-8 text") from None
    try:
        found: dict[str, Any] = _own(_parsed(text))
        return found
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(name, text, str(error)) from None


def _not_toml(file: str, text: str, complaint: str) -> InputError:
    """TOML's own complaint, with the line's text and with a repeated key named as one."""
    position = re.search(r"\(at line (\d+)", complaint)
    lines = text.splitlines()
    number = int(position.group(1)) if position else len(lines)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    reason = complaint.split(" (at ")[0]
    if any(word in reason for word in ("overwrite", "twice", "mutate", "Duplicate")):
        key = _key_at(lines, number)
        found = f"the key {key!r} for the second time, on line {number} ({line!r})"
        return InputError(Where(file, key), found, "each key once", "Take one of them out.")
    return InputError(Where(file), f"on line {number} ({line!r}): {reason}", "TOML")


def _key_at(lines: list[str], number: int) -> str:
    """The key of the entry that reaches down to a line, counted from 1."""
    for line in reversed(lines[:number]):
        key = KEY_OF_LINE.match(line)
        if key:
            return (key.group(1) or key.group(2)).strip()
    return ""


def check_keys(
    table: object, where: Where, required: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Any]:
    """The table itself, once it has every required key and no key that means nothing.

    Raises
    ------
    InputError
        Naming the missing key, or the unknown one and the nearest right name.
    """
    if not isinstance(table, dict):
        raise InputError(where, said(table), "a table")
    needed = tuple(required)
    known = tuple(dict.fromkeys((*needed, *optional)))
    for key in table:
        if key not in known:
            raise unknown(where.at(key), key, known, "key")
    for key in needed:
        if key not in table:
            raise InputError(where, f"no key {key!r}", listed(known), f"Add {key!r}.")
    return table


def check_choice(found: object, where: Where, allowed: Collection[str], what: str) -> str:
    """The word itself, once it is one of those allowed."""
    if not isinstance(found, str) or found not in allowed:
        raise unknown(where, str(found), allowed, what)
    return found


def check_text(found: object, where: Where, empty: bool = False) -> str:
    """The text itself, once it is a text and says something."""
    if not isinstance(found, str) or not (empty or found.strip()):
        raise InputError(where, said(found), "a text that says something")
    return found


def check_texts(found: object, where: Where) -> tuple[str, ...]:
    """One text, or a list of texts that differ, as a tuple."""
    every = found if isinstance(found, list) else [found]
    texts = tuple(check_text(text, where) for text in every)
    if not texts or len(set(texts)) < len(texts):
        raise InputError(where, said(found), "one text, or a list of texts that differ")
    return texts


def check_number(
    found: object, where: Where, least: float | None = None, most: float | None = None
) -> float:
    """The number itself, once it is a finite number between the limits (which are allowed)."""
    limits = [f"at least {least:g}"] if least is not None else []
    limits += [f"at most {most:g}"] if most is not None else []
    allowed = ", ".join(["a number", " and ".join(limits)]) if limits else "a number"
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        raise InputError(where, said(found), allowed)
    if (least is not None and found < least) or (most is not None and found > most):
        raise InputError(where, said(found), allowed)
    return float(found)


def said(found: object) -> str:
    """A value as an error message repeats it, cut short where it is long."""
    words = "a table" if isinstance(found, dict) else repr(found)
    return words if len(words) <= 80 else words[:77] + "..."
