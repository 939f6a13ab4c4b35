"""Small episode logs written by hand: one line a stay, times in days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    COLUMNS,
    FIRST_ARRIVAL_FAMILY,
    OPEN,
    OUTCOME_CODE,
    STAGE_CODE,
    EpisodeLog,
    sorted_rows,
)
from model.pathway import ATTRIBUTES
from model.working_days import WorkingCalendar

DAY = 24 * 60
LOCALITIES = ("North", "South")
OPENS, CLOSES = 9 * 60, 17 * 60


@dataclass(frozen=True)
class Stay:
    """One row; days may be fractions. Families below 100 were there at the start."""

    family: int
    stage: str
    start_day: float
    end_day: float | None = None
    outcome: str = ""
    child: int = 0  # 0 for the family, k for its k-th child in care
    children: tuple[int, ...] = (1,)
    served_day: float | None = None
    spent: int = 0  # minutes, or working minutes in a plain duration
    attributes: dict[str, str] = field(default_factory=dict)


NEW_FROM = 100


def stay(family: int, stage: str, start: float, end: float | None = None, outcome="", **more):
    """A stay; any further name that is an attribute is one."""
    attributes = {name: more.pop(name) for name in list(more) if name in ATTRIBUTES}
    if more.get("child") and "children" not in more:
        more["children"] = (more["child"],)
    return Stay(family, stage, start, end, outcome, attributes=attributes, **more)


def log_of(stays: list[Stay], days: int, start: str = "2025-04-01") -> EpisodeLog:
    """The log of these stays, numbered in the order given for each case."""
    nth: dict[int, int] = {}
    rows = []
    for each in stays:
        case = case_of(each.family, each.child)
        number = nth[case] = nth.get(case, -1) + 1
        rows.append(
            (
                round(each.start_day * DAY),
                case,
                number,
                STAGE_CODE[each.stage],
                OPEN if each.served_day is None else round(each.served_day * DAY),
                OPEN if each.end_day is None else round(each.end_day * DAY),
                OUTCOME_CODE[each.outcome] if each.outcome else OPEN,
                -1,
                sum(1 << child - 1 for child in each.children),
                state_of(each.attributes),
                each.spent,
            )
        )
    table = np.array(rows, np.int64).reshape(-1, len(COLUMNS))
    return EpisodeLog(sorted_rows(table), days * DAY, ("social_workers",), LOCALITIES, start)


def case_of(family: int, child: int = 0) -> int:
    """The id of a family's case, or of its child's."""
    new = FIRST_ARRIVAL_FAMILY if family >= NEW_FROM else 0
    return (new + family) * CASES_PER_FAMILY + child


def state_of(attributes: dict[str, str]) -> int:
    """The packed attributes."""
    state = 0
    for name, value in attributes.items():
        values = LOCALITIES if name == "locality" else ATTRIBUTES[name]
        state |= values.index(value) << ATTRIBUTE_SHIFT[name]
    return state


def calendar_of(log: EpisodeLog) -> WorkingCalendar:
    """The English working calendar of a log."""
    days = log.horizon_minutes // DAY + 1
    return WorkingCalendar(date.fromisoformat(log.start_date), days, OPENS, CLOSES)
