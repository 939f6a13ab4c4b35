"""What is wrong with an input, where it stands, what is allowed, and the nearest right name.

This module knows no file format and no parameter: it only words a complaint so that the person
who keeps the files can put it right.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LIST = 12


@dataclass(frozen=True)
class Where:
    """A place in a file: the file as a person knows it, and the key inside it.

    Attributes
    ----------
    file : path from the project's root, such as ``parameters/screening.toml``.
    key : dotted path inside the file; empty for the file as a whole.
    """

    file: str
    key: str = ""

    def at(self, *keys: object) -> Where:
        """The place one or more keys further in."""
        return Where(self.file, ".".join(filter(None, (self.key, *map(str, keys)))))

    def __str__(self) -> str:
        """The file and the key, as an error message says them."""
        return f"{self.file}, key {self.key}" if self.key else self.file


class InputError(ValueError):
    """An input that cannot give a right number: where, what was found, what is allowed.

    Parameters
    ----------
    where : place in a file.
    found : what stands there.
    allowed : what may stand there; empty where that is plain.
    remedy : what to do about it, such as the nearest right name; may be empty.
    """

    def __init__(self, where: Where, found: str, allowed: str = "", remedy: str = "") -> None:
        """Keep the parts of the complaint, so that an app can lay them out."""
        super().__init__(where, found, allowed, remedy)
        self.where = where
        self.found = found
        self.allowed = allowed
        self.remedy = remedy

    def __str__(self) -> str:
        """One paragraph: where, found, allowed, remedy."""
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.where}: found {self.found}.{allowed}{remedy}"


class UnknownNameError(InputError, KeyError):
    """A name that is not in a list of names; also a KeyError, so that mappings work as usual."""

    __str__ = InputError.__str__


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, cut short where there are very many."""
    every = list(names)
    shown = ", ".join(every[:LONGEST_LIST])
    return f"{shown} and {len(every) - LONGEST_LIST} more" if len(every) > LONGEST_LIST else shown


def nearest(found: str, names: Iterable[str]) -> str:
    """The right name that looks most like the one found; empty when nothing is close."""
    every = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(found).lower(), every, n=1, cutoff=0.5)
    return every[close[0]] if close else ""


def unknown(where: Where, found: str, names: Iterable[str], what: str = "name") -> InputError:
    """The error for a name that does not exist, with the nearest that does.

    Parameters
    ----------
    where : place in a file.
    found : the unknown name.
    names : every right name, in the order in which to list them.
    what : what kind of thing it names, such as "parameter" or "locality".
    """
    every = list(names)
    close = nearest(found, every)
    remedy = f"Did you mean {close!r}?" if close else ""
    return UnknownNameError(where, f"the unknown {what} {found!r}", listed(every) or "none", remedy)
