"""Records written by hand, for the stories of the tests."""

import pandas as pd

from model.returns.records import Covered, Records, typed


def day(text):
    """A date, or none."""
    return pd.Timestamp(text) if text else pd.NaT


def records_of(covered=None, **tables):
    """Records from lists of rows; `covered` is (first, last) of all tables given, or by table.

    Each row is a dict; a key `file` says which return it stands in.
    """
    found, spans = {}, []
    for table, rows in tables.items():
        lines = [
            {
                name: day(value) if name == "on" or name.endswith("_on") else value
                for name, value in {"file": "one.xlsx", "line": k + 2, **row}.items()
            }
            for k, row in enumerate(rows)
        ]
        found[table] = typed(table, pd.DataFrame(lines))
        span = covered.get(table) if isinstance(covered, dict) else covered
        if span and table != "children":
            files = sorted({line["file"] for line in lines} or {"one.xlsx"})
            spans.extend(Covered(table, file, day(span[0]), day(span[1])) for file in files)
    return Records(found, spans)
