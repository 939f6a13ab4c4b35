"""What the words of children's services, of money and of the model mean.

The entries stand in glossary.toml beside this file. It knows no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.errors import Where
from model.parameters.reading import check_choice, check_keys, check_text, read_toml

FILE = Path(__file__).with_name("glossary.toml")
KINDS: tuple[str, ...] = (
    "front door",
    "early help",
    "social care",
    "care",
    "returns and statistics",
    "money",
    "model",
)
NEEDED, OPTIONAL = ("title", "kind", "says"), ("here", "law")


@dataclass(frozen=True)
class Term:
    """One word.

    Attributes
    ----------
    title : the word, with its long form. kind : of `KINDS`. says : what it means.
    here : what the model makes of it. law : that defines it, or guidance.
    """

    title: str
    kind: str
    says: str
    here: str = ""
    law: str = ""

    @property
    def text(self) -> str:
        """Everything that it says, to search in."""
        return " ".join((self.title, self.kind, self.says, self.here, self.law)).lower()


@cache
def terms() -> tuple[Term, ...]:
    """Every word, in the order of the alphabet.

    Raises
    ------
    InputError for a fault in the file.
    """
    found = []
    for name, table in read_toml(FILE, FILE.parent).items():
        here = Where(FILE.name, name)
        check_keys(table, here, NEEDED, OPTIONAL)
        for key, text in table.items():
            check_text(text, here.at(key))
        check_choice(table["kind"], here.at("kind"), KINDS, "kind")
        found.append(Term(**table))
    return tuple(sorted(found, key=lambda term: term.title.lower()))


def found(words: str, kinds: tuple[str, ...] = ()) -> tuple[Term, ...]:
    """The terms that hold every one of these words, those named so first.

    Parameters
    ----------
    words : looked for anywhere, in any case. kinds : only these; every one when empty.
    """
    wanted = words.lower().split()
    there = [
        term
        for term in terms()
        if all(word in term.text for word in wanted) and (not kinds or term.kind in kinds)
    ]
    named = [term for term in there if all(word in term.title.lower() for word in wanted)]
    return (*named, *(term for term in there if term not in named))
