"""Hidden truths are found again in the returns that they give: the benchmark, small."""

from __future__ import annotations

import json
from dataclasses import replace
from math import ceil, log
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.recovery import START, Settings, factors_of, main, names_of, prior_of, recover
from benchmarks.recovery_quantities import quantities
from benchmarks.recovery_report import by_knob, coverage, report, rows_of
from model import parameters as files
from model.calibrate.knobs import load_knobs
from model.calibrate.returns_route import with_estimates
from model.turning import turned

SMALL = Settings(children=5000, runs=64, draws=16, window_months=36)
TOLD = ("contacts", "strategy_discussion", "assessment_to_plan", "reassessment")


@pytest.fixture(scope="module")
def lines() -> list[dict]:
    """Two truths that stand far out, in opposite ways."""
    return [recover(name, number, SMALL) for number, name in enumerate(["far_1", "far_2"])]


def test_what_returns_show_plainly_is_found_far_from_where_the_search_began(lines):
    table = rows_of(lines).set_index(["truth", "knob"])
    for truth in ("far_1", "far_2"):
        for knob in TOLD:
            row = table.loc[(truth, knob)]
            away = abs(row["true"] - row["prior_mean"])
            assert away > row["prior_sd"]
            assert abs(row["mean"] - row["true"]) < away / 2, (truth, knob)
    assert table["inside"].mean() > 0.5


def test_what_no_return_shows_is_fitted_and_said_so(lines):
    assert all("need_at_contact" in line["fitted"] for line in lines)
    assert set(rows_of(lines)["how"]) == {"counted", "fitted"}
    said = report(lines)
    assert "2 truths" in said and "not learnt" in said


def test_a_quantity_moves_by_its_knobs_factor():
    knobs, shipped = load_knobs(), files.load("england")
    before = quantities(shipped, knobs, START)
    for knob in knobs:
        after = quantities(turned(shipped, [knob], [knob.high]), [knob], START)[knob.name]
        moved = after - before[knob.name]
        if knob.name.endswith("_pace"):  # a pace changes which bands of time are reached too
            assert 0.4 * log(knob.high) < moved < 1.6 * log(knob.high)
        else:
            assert moved == pytest.approx(log(knob.high))
        assert prior_of([knob])[1][knob.name] > 0


def test_truths_are_drawn_from_the_knobs_own_ranges():
    knobs = load_knobs()
    logs = np.array([np.log(factors_of(f"drawn_{k}", knobs, 1)) for k in range(1, 401)])
    within = [
        np.mean((logs[:, k] > log(knob.low)) & (logs[:, k] < log(knob.high)))
        for k, knob in enumerate(knobs)
    ]
    assert np.mean(within) == pytest.approx(0.9, abs=0.02)
    assert names_of(2) == ["far_1", "far_2", "far_3", "drawn_1", "drawn_2"]


def line(truth: str, off: float, sd: float) -> dict:
    row = {"knob": "one", "true": 0.0, "mean": off, "low": off - 1.645 * sd}
    row |= {"high": off + 1.645 * sd, "sd": sd, "prior_mean": 0.0, "prior_sd": 1.0}
    seconds = {"returns": 1.0, "reading": 1.0, "calibration": 1.0}
    return {"truth": truth, "fitted": [], "rows": [row], "seconds": seconds, "settings": {}}


def test_coverage_bias_and_spread_are_counted_as_a_person_would():
    lines = [line("drawn_1", 0.1, 0.5), line("drawn_2", 0.3, 0.5), line("drawn_3", 0.9, 0.5)]
    lines.append(line("drawn_4", 1.1, 0.5))
    table = rows_of(lines)
    share, low, high = coverage(table)
    assert share == 0.5 and 0.0 <= low < share < high <= 1.0
    only = by_knob(table).iloc[0]
    assert only["bias"] == pytest.approx(0.6) and only["spread"] == 0.5 and only["learnt"]
    assert not by_knob(rows_of([line("drawn_1", 0.0, 0.9)])).iloc[0]["learnt"]


def test_a_run_that_was_stopped_goes_on_and_other_settings_are_refused(tmp_path, capsys):
    out = tmp_path / "lines.jsonl"
    settings = {"children": 5, "years": 3, "runs": 7, "draws": 200, "seed": 1}
    settings |= {"window_months": 6}
    kept = [{**line(name, 0.1, 0.5), "settings": settings} for name in names_of(0)]
    out.write_text("".join(json.dumps(one) + "\n" for one in kept))
    asked = ["--truths", "0", "--out", str(out), "--children", "5", "--runs", "7"]
    main(asked)
    assert "3 truths" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="other settings"):
        main([*asked, "--seed", "2"])


def test_a_council_with_more_contacts_gets_the_officers_to_screen_them(monkeypatch):
    shipped = files.load("england")
    monkeypatch.setattr("model.calibrate.returns_route.estimated", lambda one, *_: one)
    source = next(iter(shipped.sources.values()))
    contacts = shipped["population.contacts_per_10000"]
    for factor in (0.5, 1.0, 2.0):
        value = {name: rate * factor for name, rate in contacts.value.items()}
        found = SimpleNamespace(entries={contacts.name: replace(contacts, value=value)})
        population = shipped["population.children_0_17"].value
        area = with_estimates(shipped, found, shipped.area, population, source)
        officers = area["capacity.screening_officers"].value
        assert officers == ceil(shipped["capacity.screening_officers"].value * factor)
