"""Parameter recovery: hidden truths, synthetic returns, calibration, and whether it finds them.

A truth is the national average council at a smaller size with every knob of the calibration drawn
from what is thought possible before a fit; three more stand far out, at the 5th or 95th percentile
of every knob. Each is simulated for three years and written as returns (six extracts of Annex A,
three censuses, three SSDA903 years), read back and calibrated as any council's would be. Then what
the calibrated area draws, and so what every projection from it would use, is compared with the
truth, knob by knob (`recovery_quantities`).

    python -m benchmarks.recovery --truths 20 --out recovery.jsonl

One line a truth; a run that was stopped goes on where it was. At most two processes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recovery_quantities import quantities
from benchmarks.recovery_report import report
from model import calibrate, network, synthesise
from model import parameters as files
from model.anchoring import loads_of, places_following
from model.calibrate.knobs import Knob, load_knobs, scales
from model.executors import executor_for
from model.inputs import resolve
from model.parameters import Parameters
from model.returns.folder import read_folder
from model.simulate import Prepared, cases_of, prepare, replicate
from model.starting import Opening
from model.synthesise.area_runs import of_size
from model.turning import turned
from model.uncertainty import Draw, drawn_parameters

TEMPLATE = "england"
START = date(2022, 4, 1)
FAR_OUT = 3  # truths at the ends of what is thought possible
INTERVAL = (0.05, 0.95)
MOST_WORKERS = 2


@dataclass(frozen=True)
class Settings:
    """How truths are made and calibrated; kept beside the results.

    Attributes
    ----------
    children : aged 0-17. years : simulated. runs : of each fit. draws : of the calibrated area.
    seed : of the truths and luck. window_months : that each extract of Annex A looks back.
    """

    children: int = 25_000
    years: int = 3
    runs: int = 720
    draws: int = 200
    seed: int = 1
    window_months: int = synthesise.INSPECTION_MONTHS


def names_of(truths: int) -> list[str]:
    """The truths in order: far out first, because they tell most."""
    far = [f"far_{number + 1}" for number in range(FAR_OUT)]
    return [*far, *(f"drawn_{number + 1}" for number in range(truths))]


def factors_of(name: str, knobs: Sequence[Knob], seed: int) -> list[float]:
    """The factors of a truth: drawn from the knobs' own ranges, or at their ends."""
    kind, number = name.split("_")
    if kind == "far":
        turns = {1: [0, 1], 2: [1, 0], 3: [0, 0, 1, 1]}[int(number)]
        ends = [turns[place % len(turns)] for place in range(len(knobs))]
        return [knob.high if high else knob.low for knob, high in zip(knobs, ends, strict=True)]
    mean, sd = scales(knobs)
    normal = np.random.default_rng([seed, int(number)]).standard_normal(len(knobs))
    return [float(one) for one in np.exp(mean + sd * normal)]


def truth_of(knobs: Sequence[Knob], factors: Sequence[float], settings: Settings) -> Parameters:
    """The parameters of a truth; officers and places of early help as busy as the template's."""
    shipped = files.load(TEMPLATE)
    size = settings.children / float(shipped["population.children_0_17"].value)
    usual = of_size(shipped, size)
    moved = turned(usual, knobs, factors)
    contacts = [sum(one["population.contacts_per_10000"].value.values()) for one in (moved, usual)]
    officers = usual["capacity.screening_officers"].value * contacts[0] / contacts[1]
    moved = moved.with_values({"capacity.screening_officers": float(math.ceil(officers))})
    today, world = (opening_of(one, settings) for one in (usual, moved))
    return places_following(moved, loads_of(today), world)


def opening_of(known: Parameters, settings: Settings) -> Opening:
    """Today's caseload and demand of some parameters."""
    inputs = resolve(TEMPLATE, start=START, years=settings.years, parameters=known)
    return Opening(inputs, network.build(inputs))


def ready(known: Parameters, settings: Settings) -> Prepared:
    """A run of some parameters."""
    opening = opening_of(known, settings)
    plan = prepare(TEMPLATE, start=START, years=settings.years)
    return replace(plan, inputs=opening.inputs, network=opening.network, opening=opening)


def returns_of(plan: Prepared, settings: Settings, number: int, folder: Path) -> None:
    """Write the returns of one future of a truth."""
    cases = cases_of(plan, settings.seed, number)
    log = replicate(plan, settings.seed, number, cases)
    seed, months = settings.seed + number, settings.window_months
    made = synthesise.synthesise(plan, log, cases, window_months=months, seed=seed)
    synthesise.write(made, folder)


def recover(
    name: str, number: int, settings: Settings, executor: Executor | None = None
) -> dict[str, Any]:
    """One truth, hidden and looked for: a line of the results."""
    began = time.perf_counter()
    knobs = load_knobs()
    factors = factors_of(name, knobs, settings.seed)
    truth = truth_of(knobs, factors, settings)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "returns"
        returns_of(ready(truth, settings), settings, number, folder)
        written = time.perf_counter()
        records = read_folder(folder)
    read = time.perf_counter()
    area = calibrate.area_of("Anytown", "E00000000", "invented", ("Borough",))
    how = calibrate.Settings(settings.runs, settings.seed + number, executor)
    found, _ = calibrate.calibrate_returns(
        records, area, settings.children, completion=synthesise.ASSESSMENT, settings=how
    )
    fitted = time.perf_counter()
    return {
        "truth": name,
        "settings": asdict(settings),
        "factors": dict(zip([knob.name for knob in knobs], factors, strict=True)),
        "fitted": [knob.name for knob in found.posterior.knobs],
        "rows": compared(truth, found.parameters, knobs, settings.draws),
        "seconds": {
            "returns": round(written - began, 1),
            "reading": round(read - written, 1),
            "calibration": round(fitted - read, 1),
        },
    }


def compared(
    truth: Parameters, found: Parameters, knobs: Sequence[Knob], draws: int
) -> list[dict[str, Any]]:
    """Truth beside what the calibrated area draws, a row for each knob."""
    true = quantities(truth, knobs, START)
    day = next(name for name in found if name.startswith("caseload.at_"))
    after = date(*map(int, day.removeprefix("caseload.at_").split("_")))
    start = date(after.year, after.month + 1, 1) if after.day > 1 else after
    drawn = [
        quantities(drawn_parameters(found, Draw(1, number)), knobs, start)
        for number in range(draws)
    ]
    prior_mean, prior_sd = prior_of(knobs)
    rows = []
    for knob in knobs:
        values = np.array([one[knob.name] for one in drawn])
        low, high = np.quantile(values, INTERVAL)
        rows.append(
            {
                "knob": knob.name,
                "true": true[knob.name],
                "mean": float(values.mean()),
                "low": float(low),
                "high": float(high),
                "sd": float(values.std(ddof=1)),
                "prior_mean": prior_mean[knob.name],
                "prior_sd": prior_sd[knob.name],
            }
        )
    return rows


def prior_of(knobs: Sequence[Knob]) -> tuple[dict[str, float], dict[str, float]]:
    """Mean and standard deviation of each quantity before a fit, from the knob's own range."""
    shipped = files.load(TEMPLATE)
    means, deviations = {}, {}
    _, sd = scales(knobs)
    middle = quantities(shipped, knobs, START)
    for place, knob in enumerate(knobs):
        ends = [
            quantities(turned(shipped, [knob], [factor]), [knob], START)[knob.name]
            for factor in (knob.low, knob.high)
        ]
        width = np.log(knob.high / knob.low)
        deviations[knob.name] = float((ends[1] - ends[0]) / width * sd[place])
        means[knob.name] = middle[knob.name]
    return means, deviations


def known_lines(out: Path, settings: Settings) -> list[dict[str, Any]]:
    """What is there already, of the same settings."""
    if not out.exists():
        return []
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines() if line.strip()]
    other = [line for line in lines if line["settings"] != asdict(settings)]
    if other:
        sys.exit(f"{out} holds results of other settings: {other[0]['settings']}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every truth that is missing, then tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--truths", type=int, default=20, help="drawn ones, beside the three")
    parser.add_argument("--out", type=Path, required=True, help="file of results, a line a truth")
    parser.add_argument("--children", type=int, default=Settings.children)
    parser.add_argument("--runs", type=int, default=Settings.runs, help="of each fit")
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--workers", type=int, default=1, choices=range(1, MOST_WORKERS + 1))
    parser.add_argument("--only-report", action="store_true", help="tell what is there")
    chosen = parser.parse_args(arguments)
    settings = Settings(chosen.children, runs=chosen.runs, seed=chosen.seed)
    lines = known_lines(chosen.out, settings)
    done = {line["truth"] for line in lines}
    names = names_of(chosen.truths)
    with executor_for(chosen.workers, chosen.runs) as executor:
        for number, name in enumerate(names):
            if name in done or chosen.only_report:
                continue
            line = recover(name, number, settings, executor)
            lines.append(line)
            with chosen.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            print(f"{name}: {sum(line['seconds'].values()):.0f} s", file=sys.stderr, flush=True)
    print(report(lines))


if __name__ == "__main__":
    main()
