"""What is worked out of an answer is worked out once, for everybody who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from model.answers import Answer

Found = TypeVar("Found")
MOST_KEPT = 800  # sentences, small tables, charts


def once(answer: Answer, make: Callable[..., Found], *args: Hashable) -> Found:
    """``make(answer, *args)``, worked out at most once on this server; leave it as it is.

    Parameters
    ----------
    make : a plain function of a module, such as `headlines.today`. args : hashable.
    """
    found: Found = _kept(_name(make), f"{key_of(answer)} {args!r}", make, (answer, *args))
    return found


def kept(make: Callable[..., Found], *args: Hashable) -> Found:
    """``make(*args)``, worked out at most once on this server; leave it as it is.

    Parameters
    ----------
    make : a plain function of a module. args : hashable, and told apart by what they say.
    """
    found: Found = _kept(_name(make), repr(args), make, args)
    return found


def key_of(answer: Answer) -> str:
    """What tells answers apart: the inputs, the question, and how many futures there are by now."""
    return f"{answer.digest} {answer.question!r} {answer.sampling!r}"


def _name(make: Callable[..., Any]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False)
def _kept(name: str, args_said: str, _make: Callable[..., Any], _args: tuple[Any, ...]) -> Any:
    return _make(*_args)
