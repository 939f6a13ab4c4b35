"""Parameters as the text of a TOML file, as a person would write it.

Python reads TOML and does not write it; this writes what parameter files hold: texts, numbers,
lists and tables of them. It knows the shape of an entry and no parameter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from model.calibrate.entries import as_stated
from model.parameters import Parameter
from model.parameters.evidence import Uncertainty
from model.parameters.knobs import Knob

BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(value: Any) -> str:
    """One value: a text, a number, true or false, a list, or a table on one line.

    Raises
    ------
    TypeError for anything else.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (int, float)):
        return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_of(name)} = {written(one)}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(written, value))}]"
    raise TypeError(f"{type(value).__name__} in a parameter file")


def key_of(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if BARE.fullmatch(name) else written(name)


def table(name: str, pairs: Mapping[str, Any]) -> str:
    """A table with one line for each key; nothing for a key without a value."""
    kept = {key: value for key, value in pairs.items() if value not in ("", (), None)}
    lines = [f"[{name}]", *(f"{key_of(key)} = {written(value)}" for key, value in kept.items())]
    return "\n".join(lines) + "\n"


def entry_text(entry: Parameter) -> str:
    """A parameter's entry, with what stands behind it."""
    evidence = entry.evidence
    about = {
        "unit": evidence.unit,
        "by": list(entry.by) or None,
        "grade": evidence.grade,
        "source": list(evidence.sources),
        "uncertainty": uncertainty_of(evidence.uncertainty),
        "price_year": evidence.price_year,
        "fitted_to": list(evidence.fitted_to) or None,
        "note": evidence.note,
    }
    value = as_stated(entry.value)
    if len(entry.by) < 2 or not isinstance(value, Mapping):
        return table(entry.name, {**about, "value": value})
    parts = [table(entry.name, about)]
    parts += [table(f"{entry.name}.value.{key_of(str(name))}", one) for name, one in value.items()]
    return "".join(parts)


def uncertainty_of(uncertainty: Uncertainty) -> dict[str, Any]:
    """The range of a number, as an entry states it."""
    found: dict[str, Any] = {"distribution": uncertainty.distribution}
    if uncertainty.distribution != "fixed":
        found |= {"low": uncertainty.low, "high": uncertainty.high}
        found |= {"relative": True} if uncertainty.relative else {}
    return found | ({"group": uncertainty.group} if uncertainty.group else {})


def knob_text(knob: Knob) -> str:
    """A knob with what it moves."""
    about = {
        "title": knob.title,
        "low": knob.low,
        "high": knob.high,
        "shown_by": list(knob.shown_by) or None,
        "note": knob.note,
    }
    parts = [table(knob.name, about)]
    for move in knob.moves:
        lists = {key: list(getattr(move, key)) or None for key in ("outcomes", "against", "only")}
        inner = table(f"{knob.name}.moves", {"parameter": move.parameter, **lists})
        parts.append(inner.replace(f"[{knob.name}.moves]", f"[[{knob.name}.moves]]", 1))
    return "".join(parts)


__all__ = ["entry_text", "knob_text", "table", "written"]
