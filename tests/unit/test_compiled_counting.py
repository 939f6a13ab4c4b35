"""The compiled passes over a log count what the code says that they are made from."""

import inspect
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from model import compiling, measures, simulate
from model.measures import stay_counts
from model.measures.linked_log import NEVER
from model.measures.tallies import view_of

PASSES = {
    "model.measures.stay_counts": ("mark_endings", "count_rows"),
    "model.measures.event_counts": ("count_events", "count_stretches", "count_time"),
    "model.measures.waits": ("end_waits",),
    "model.working_days": ("number_working_days",),
}
USERS = (*PASSES, "model.measures.tallies", "model.costs.pricing")
ROOT = Path(__file__).resolve().parents[2]


def test_every_pass_is_named_here():
    for module, names in PASSES.items():
        text = inspect.getsource(sys.modules[module])
        assert text.count("@compiled") == len(names)


@pytest.fixture(scope="module")
def log():
    plan = simulate.prepare("sefton", "stockport_pathway", start=date(2025, 4, 1), years=1)
    return plan, simulate.replicate(plan, 1, 0)


def tables(plan, log):
    """Everything that the passes count, from a log that is linked anew."""
    linked, calendar = measures.linked(log), plan.network.calendar
    by = ("locality",)
    return [
        measures.starts(linked, by),
        measures.flows(linked, by),
        measures.stocks(linked, by),
        measures.waits(linked, calendar, by),
        measures.all_measures(linked, calendar, "financial_year", by, counted_in="both"),
        measures.caseload(linked),
        *(
            simulate.summary(
                log, plan.inputs, plan.network, plan.unit_costs, plan.partners
            ).values()
        ),
    ]


def test_what_is_compiled_counts_as_what_is_written(log, monkeypatch):
    plan, rows = log
    expected = tables(plan, rows)
    for module, names in PASSES.items():
        for name in names:
            written = getattr(sys.modules[module], name).__wrapped__
            for user in (sys.modules[each] for each in USERS):
                if hasattr(user, name):
                    monkeypatch.setattr(user, name, written)
    for one, other in zip(tables(plan, rows), expected, strict=True):
        assert one.equals(other)


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
import numpy as np
from model.measures.event_counts import ONE_EACH, ONE_GROUP, count_events
counts = np.zeros((1, 2))
count_events(np.array([0, 1]), ONE_GROUP, np.array([0, 1439, 1440, 99999]), ONE_EACH, counts)
print(counts.tolist())
"""


def test_a_computer_without_numba_counts_too():
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMBA], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[[2.0, 2.0]]"


def test_one_pass_counts_each_row_once(log):
    _, rows = log
    linked = measures.linked(rows)
    counts = stay_counts.counted(view_of(linked, (), "month"))
    row, open_then = stay_counts.ROW, int(linked.open_at_start.sum())
    assert counts.there[:, row].sum() == open_then
    assert counts.change[..., row].sum() == len(linked.start) - open_then
    assert counts.ended[..., row].sum() == np.sum(linked.stays.stop != NEVER)


def test_old_code_is_forgotten_and_code_in_use_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "user_cache_folder", lambda: tmp_path)
    used, left = (compiling.kernel_folder([Path(file)]) for file in (__file__, compiling.__file__))
    for folder in (used, left):
        folder.mkdir()
        compiling.os.utime(folder, (0, 0))
    if compiling.available():
        compiling.jitted(lambda: None, [Path(__file__)])
    else:
        compiling.os.utime(used)
    compiling.forget_old_kernels()
    assert used.exists() and not left.exists()
