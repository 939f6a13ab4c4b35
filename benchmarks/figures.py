"""What a part of the measurements gives: figures for the table, and every run behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

WIDTH = 68


@dataclass(frozen=True)
class Settings:
    """What is asked for.

    Attributes
    ----------
    area : of the whole runs. rounds : how often each writing is run. quick : two minutes in all.
    full : also what takes very long.
    """

    area: str = "sefton"
    rounds: int = 3
    quick: bool = False
    full: bool = False


@dataclass(frozen=True)
class Figure:
    """One line of the table; an aim is a bound."""

    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def aim(self) -> str:
        """The aim in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"

    def line(self) -> str:
        """As a line of the table."""
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        number = f"{self.value:,.0f}" if abs(self.value) >= 1000 else f"{self.value:.3g}"
        rest = f"{self.aim:14}{verdict}" if self.aim else self.note
        return f"  {self.what:{WIDTH}}{number:>10} {self.unit:15}{rest}".rstrip()


@dataclass(frozen=True)
class Found:
    """What one part found: its figures, and the runs behind them as plain JSON values."""

    figures: tuple[Figure, ...]
    runs: Any = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        figures = [asdict(one) | {"met": one.met} for one in self.figures]
        return {"figures": figures, "runs": self.runs}


def table(parts: dict[str, Found]) -> str:
    """All parts as one table."""
    lines: list[str] = []
    for name, found in parts.items():
        lines.append(name.replace("_", " "))
        lines += [figure.line() for figure in found.figures]
    return "\n".join(lines)


def found(figures: Iterable[Figure], runs: Any = None) -> Found:
    """A part's findings."""
    return Found(tuple(figures), runs)
