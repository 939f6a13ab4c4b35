"""A run that is killed loses nothing: the same command goes on, and gives what it would have."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.__main__ import main
from model.keeping import BLOCK_TASKS
from tests import synthetic

ROOT = Path(__file__).parents[2]
SMALL = {"population.children_0_17": 1500}
FUTURES = 4 * BLOCK_TASKS  # killed when two blocks are kept
ASKED = ["run", "--area", synthetic.AREA, "--years", "1", "--draws", "0"]
ASKED += ["--replications", str(FUTURES), "--json"]
COMMAND = [sys.executable, "-m", "model", *ASKED, "--workers", "2"]


def blocks(store: Path) -> list[Path]:
    return list(store.glob("*/futures-*.zip"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_run_killed_half_way_goes_on_from_there_and_ends_the_same(tmp_path, monkeypatch, capsys):
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    root = synthetic.with_prices(synthetic.write_synthetic_root(tmp_path / "root", **SMALL))
    home = os.environ | {"MODEL_HOME": str(root)}
    environment = home | {"FAMILY_PATHWAYS_STORE": str(killed)}
    running = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while len(blocks(killed)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    kept = {path: path.stat().st_mtime_ns for path in blocks(killed)}
    assert 2 <= len(kept) < FUTURES / BLOCK_TASKS, "it was to be killed half-way"
    again = subprocess.run(COMMAND, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "finished work was done again"
    monkeypatch.setenv("MODEL_HOME", str(root))
    monkeypatch.setenv("FAMILY_PATHWAYS_STORE", str(undisturbed))
    assert main([*ASKED, "--workers", "1"]) == 0
    whole = capsys.readouterr().out
    assert json.loads(again.stdout) == json.loads(whole)
    left = [path.name for path in killed.rglob("*") if path.name.startswith(".")]
    assert left == []
