"""The fit to the years before an origin, kept so that it need not be made again.

It reads published rows up to the origin and nothing else of an area.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.backtest.series import known_to
from model.calibrate import from_published
from model.calibrate.fit import fit
from model.calibrate.knobs import Knob, load_discrepancies, load_knobs
from model.calibrate.posterior import Posterior
from model.inputs import resolve
from model.parameters import Area, Parameters

Progress = Callable[[int, int], None]
FITTED_YEARS = 3
KIND = "family pathways fit"


@dataclass(frozen=True)
class Fit:
    """What a forecast needs of a fit.

    Attributes
    ----------
    knobs : in the order of the columns. logs : log factors, one row a draw of the posterior.
    said : what a reader must know of it. digest : of all that it was made of.
    """

    knobs: tuple[Knob, ...]
    logs: NDArray[np.float64]
    said: dict[str, Any]
    digest: str


def years_before(origin: int) -> range:
    """The years that are fitted, each named by the 31 March that ends it."""
    return range(origin - FITTED_YEARS + 1, origin + 1)


def template_at(
    rows: pd.DataFrame, origin: int, start_year: int, area: Area | None, root: Any = None
) -> Parameters:
    """The template of an origin, with the caseload of the origin or of where its fit starts."""
    known, years = known_to(rows, origin), years_before(origin)
    return from_published.template(
        known, start_year=start_year, years=years, known=origin, area=area, root=root
    )


def fit_before(
    rows: pd.DataFrame,
    origin: int,
    *,
    area: Area | None = None,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    kept: Path | None = None,
    root: Any = None,
    **settings: Any,
) -> Fit:
    """The fit to the three years before an origin.

    Parameters
    ----------
    rows : published rows of the area; years after the origin are not read.
    kept : file of an earlier fit, taken where it is of the same figures and settings, and written
        otherwise. settings : of `model.calibrate.fit`, such as runs.
    """
    begun = origin - FITTED_YEARS
    parameters = template_at(rows, origin, begun, area, root)
    targets = from_published.targets(known_to(rows, origin), years_before(origin), origin)
    knobs = load_knobs(root)
    made_of = digest_of(parameters, knobs, targets, begun, seed, settings, root)
    found = read(kept, knobs, made_of) if kept else None
    if found is None:
        posterior = fit(
            parameters,
            knobs,
            targets,
            start=from_published.first_day(begun),
            years=FITTED_YEARS,
            seed=seed,
            executor=executor,
            progress=progress,
            **settings,
        )
        found = Fit(tuple(posterior.knobs), posterior.logs, said_of(posterior), made_of)
        if kept:
            write(found, kept)
    return found


def digest_of(
    parameters: Parameters,
    knobs: tuple[Knob, ...],
    targets: pd.DataFrame,
    begun: int,
    seed: int,
    settings: Mapping[str, Any],
    root: Any = None,
) -> str:
    """SHA-256 of all that a fit hangs on but the code."""
    first = from_published.first_day(begun)
    inputs = resolve(parameters.area.name, start=first, years=FITTED_YEARS, parameters=parameters)
    parts = (
        inputs.digest(),
        targets.to_csv(index=False),
        repr([asdict(knob) for knob in knobs]),
        repr(load_discrepancies(root)),
        repr((seed, sorted(settings.items()))),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def said_of(posterior: Posterior) -> dict[str, Any]:
    """What a reader must know of a fit."""
    missed = posterior.misses()
    return {
        "not_learnt": posterior.not_learnt(),
        "missed": [f"{row.measure}, {row.year}" for row in missed.itertuples()],
        "not_implausible_share": [float(x) for x in posterior.waves["not_implausible_share"]],
        "median_factors": dict(
            zip(posterior.learnt["knob"], map(float, posterior.learnt["median"]), strict=True)
        ),
    }


def write(found: Fit, path: Path) -> None:
    """Keep a fit as a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "kind": KIND,
        "digest": found.digest,
        "knobs": [knob.name for knob in found.knobs],
        "said": found.said,
        "logs": found.logs.tolist(),
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(document) + "\n", encoding="utf-8")
    part.replace(path)


def read(path: Path, knobs: tuple[Knob, ...], made_of: str) -> Fit | None:
    """A kept fit of the same figures and settings; None where there is none."""
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if found.get("kind") != KIND or found.get("digest") != made_of:
        return None
    return Fit(knobs, np.array(found["logs"], float), found["said"], made_of)
