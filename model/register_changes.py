"""What is not as it comes: an area's own numbers, and what a redesign changes, beside the default.

The default of an area's number is what the template says, an average council of England, or else
what holds for all areas. It reads files and runs nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from model import parameters
from model.explain import (
    before_and_after,
    dates_of,
    includes_none,
    part_of,
    range_of,
    said_how,
    span,
    title_of,
    words_of,
)
from model.parameters.evidence import sources
from model.parameters.register import ALL_AREAS, register
from model.register_words import title_of as title_of_number
from model.scenarios import Scenario
from model.wording import first_capital

TEMPLATE = "england"
KEYS = ["name", "key"]


def against_template(
    area: str, template: str = TEMPLATE, root: str | Path | None = None
) -> pd.DataFrame:
    """Every number that an area states for itself, beside the template's.

    Returns
    -------
    DataFrame with number, which, here, default (NaN where there is none), ratio, unit, grade,
    source, fitted_to, note, file; the largest differences first. Empty for the template itself.
    """
    own = register(area, root)
    own = own[own["area"] != ALL_AREAS]
    if area == template:
        own = own.iloc[:0]
    usual = register(template, root)[[*KEYS, "value"]].rename(columns={"value": "default"})
    both = own.merge(usual, on=KEYS, how="left")
    ratio = both["value"] / both["default"].where(both["default"] != 0)
    table = pd.DataFrame(
        {
            "number": both["name"].map(title_of_number),
            "which": both["key"].map(lambda key: key.replace(".", ", ").replace("_", " ")),
            "here": both["value"],
            "default": both["default"],
            "ratio": ratio,
            "unit": both["unit"],
            "grade": both["grade"],
            "source": both["source"],
            "fitted_to": both["fitted_to"],
            "note": both["note"],
            "file": both["file"],
        }
    )
    differs = ~np.isclose(table["here"], table["default"])
    table = table[differs]
    far = np.log(table["ratio"].where(table["ratio"] > 0)).abs()
    return table.loc[far.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def by_redesign(plan: Scenario, area: str, root: str | Path | None = None) -> pd.DataFrame:
    """Every change of a redesign beside today's value.

    Returns
    -------
    DataFrame with what, today, then, how, when, where, grade, range, no_change_in_range, why,
    source, parameter, stated_in.
    """
    known = parameters.load(area, root)
    cited = sources(known.root)
    rows = []
    for change in plan.changes:
        today, then = before_and_after(change, known)
        rows.append(
            {
                "what": first_capital(words_of(change.parameter)) + part_of(change),
                "today": span(today),
                "then": span(then),
                "how": said_how(change),
                "when": dates_of(change),
                "where": ", ".join(change.localities) or "everywhere",
                "grade": change.grade,
                "range": range_of(change, today),
                "no_change_in_range": "yes" if includes_none(change, today) else "no",
                "why": change.why,
                "source": "; ".join(title_of(one, cited) for one in change.sources),
                "parameter": change.parameter,
                "stated_in": change.where.file,
            }
        )
    return pd.DataFrame(rows)
