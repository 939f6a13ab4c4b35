"""Frozen results of a small invented area: `python -m tests.back.frozen` refreshes them.

Refresh only on purpose, in a commit that says why the numbers moved.
"""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

from model import inputs, luck, network
from model.engines import simpy_engine
from model.measures import all_measures
from model.starting import Opening
from tests.synthetic import AREA, write_synthetic_root

FILE = Path(__file__).with_name("frozen.json")
START, YEARS, SEED = date(2025, 4, 1), 1, 1


def results(folder: Path) -> dict[str, float | int]:
    """Counts of a year in the invented area: rows of the log, and every counted measure."""
    root = write_synthetic_root(folder)
    found = inputs.resolve(AREA, start=START, years=YEARS, root=root)
    built = network.build(found)
    cases = Opening(found, built).cases(found, built, luck.run_key(SEED, 0))
    log = simpy_engine.run(built, cases, SEED, 0)
    table = all_measures(log, built.calendar, "financial_year")
    counts = table[~table["unit"].str.contains("share|hours|days|per 100")]
    return {
        "rows": len(log.rows),
        **{
            f"{row.measure} ({row.counted_in})": round(float(row.value), 6)
            for row in counts.itertuples()
        },
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(json.dumps(results(Path(folder)), indent=1) + "\n", encoding="utf-8")
