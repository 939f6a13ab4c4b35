"""The invented area with what a fit needs beside its numbers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from model.parameters.knobs import Knob, Move
from model.root import find
from tests import synthetic

START = date(2025, 4, 1)
KNOBS = (
    Knob(
        "contacts",
        "Contacts a year",
        0.6,
        1.6,
        (Move("population.contacts_per_10000", ("police", "school", "health")),),
        ("referrals",),
    ),
    Knob(
        "leaving_care",
        "Pace at which children leave care",
        0.5,
        2.0,
        (Move("looked_after.pace"),),
        ("looked_after_ceased",),
    ),
)


COPIED = ("unit_costs.toml", "partner_costs.toml", "prices.toml", "knobs.toml", "calibration.toml")


def root_in(folder: Path) -> Path:
    """The invented area's project with England's prices, and the files of calibration."""
    root = synthetic.write_synthetic_root(folder)
    real, invented = find() / "parameters", root / "parameters"
    for name in COPIED:
        shutil.copy(real / name, invented / name)
    sources = [place / "sources.toml" for place in (real, invented)]
    together = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    (invented / "sources.toml").write_text(together, encoding="utf-8")
    return root
