"""An area folder: a calibrated area that the model runs, with the report of how it was made.

| file          | holds |
|---------------|-------|
| {area}.toml   | the area and every number that is its own, with source, grade and range |
| sources.toml  | the sources that those numbers cite beside the project's |
| knobs.toml    | what was fitted |
| posterior.csv | the joint posterior: a row a world, factors on the numbers in {area}.toml |
| targets.csv   | the figures fitted to |
| report.md     | what was fitted to what, what was learnt, what is missed |

Written whole or not at all: into a folder with a dot before its name, which is never read, and put
in place in one step. It reads no return and runs nothing.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from model import parameters as files
from model.caches import put, unfinished
from model.calibrate.entries import as_stated
from model.calibrate.knobs import Knob
from model.calibrate.posterior import Posterior
from model.calibrate.toml_text import entry_text, knob_text, table
from model.errors import InputError, Where
from model.parameters import Parameter, Parameters
from model.parameters.area_files import is_area_folder
from model.parameters.evidence import Source, Uncertainty
from model.parameters.knobs import KNOBS_FILE, POSTERIOR_FILE
from model.turning import turned

SOURCES_FILE, TARGETS_FILE, REPORT_FILE = "sources.toml", "targets.csv", "report.md"
FITTED_SOURCE = "fitted"
FITTED = "fitted"
LEAST_RANGE = 1.0005  # a posterior's range is a range: never a point


@dataclass(frozen=True)
class Calibrated:
    """A calibrated area, ready to be written or run.

    Attributes
    ----------
    parameters : with fitted values, ranges and the joint posterior.
    posterior : of the fit. own_sources : those that the project does not have.
    """

    parameters: Parameters
    posterior: Posterior
    own_sources: dict[str, Source]


def calibrated(
    parameters: Parameters, posterior: Posterior, source: Source, says: str
) -> Calibrated:
    """An area's parameters with what a fit found, marked as fitted.

    Parameters
    ----------
    parameters : that the fit started from, at factors of 1.
    source : of the figures fitted to; made one of the area's own sources.
    says : what was fitted to, for the notes, such as "published figures, years to March 2023-25".
    """
    name = parameters.area.name
    moved = turned(parameters, posterior.knobs, posterior.centre.tolist())
    entries = dict(moved.entries)
    for one in sorted({one for knob in posterior.knobs for one in knob.parameters}):
        knobs = [knob for knob in posterior.knobs if one in knob.parameters]
        entries[one] = replace(as_fitted(entries[one], knobs, posterior, source, says), area=name)
    found = replace(
        moved,
        entries=entries,
        sources={**moved.sources, source.name: source},
        posterior=posterior.joint(),
    )
    own = {one: as_stated(found[one].value) for one in own_entries(found)}
    return Calibrated(found.with_values(own), posterior, {source.name: source})


def own_entries(parameters: Parameters) -> list[str]:
    """Names of the entries that an area's file must state: all that are not as for all areas."""
    general = files.shared(parameters.area, parameters.root)
    return [
        name
        for name, entry in parameters.items()
        if name not in general or differs(entry, general[name])
    ]


def as_fitted(
    entry: Parameter, knobs: list[Knob], posterior: Posterior, source: Source, says: str
) -> Parameter:
    """An entry that knobs moved, with the range of the widest of them and what set it."""
    rows = posterior.learnt.set_index("knob").loc[[knob.name for knob in knobs]]
    centre = dict(zip((knob.name for knob in posterior.knobs), posterior.centre, strict=True))
    middle = pd.Series(centre).loc[rows.index]
    low = min(float((rows["low"] / middle).min()), 1 / LEAST_RANGE)
    high = max(float((rows["high"] / middle).max()), LEAST_RANGE)
    shown = {measure for knob in knobs for measure in knob.shown_by}
    fitted_to = tuple(name for name in posterior.targets.measures if name in shown)
    weak = [knob.title for knob, learnt in zip(knobs, rows["learnt"], strict=True) if not learnt]
    note = f"Fitted to {says}: {'; '.join(knob.title for knob in knobs)}."
    note += f" Not learnt from them: {'; '.join(weak)}." if weak else ""
    evidence = replace(
        entry.evidence,
        grade=FITTED,
        sources=tuple(dict.fromkeys((*entry.sources, source.name, FITTED_SOURCE))),
        uncertainty=Uncertainty("lognormal", round(low, 4), round(high, 4), relative=True),
        fitted_to=fitted_to,
        note=note,
    )
    return replace(entry, evidence=evidence)


def texts_of(found: Calibrated, report: str) -> dict[str, str]:
    """The files of an area folder, by name."""
    parameters, posterior = found.parameters, found.posterior
    texts = {
        f"{parameters.area.name}.toml": area_text(parameters),
        SOURCES_FILE: "\n".join(source_text(one) for one in found.own_sources.values()),
        TARGETS_FILE: posterior.targets.table.to_csv(index=False, lineterminator="\n"),
        REPORT_FILE: report,
    }
    assert parameters.posterior is not None
    texts[KNOBS_FILE] = "\n".join(map(knob_text, posterior.knobs))
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow([knob.name for knob in posterior.knobs])
    writer.writerows([[f"{one:.6g}" for one in row] for row in parameters.posterior.factors])
    texts[POSTERIOR_FILE] = rows.getvalue()
    return texts


def area_text(parameters: Parameters) -> str:
    """The area's file: what it says about the area, and every number of its own."""
    area = parameters.area
    about: dict[str, Any] = {
        "title": area.title,
        "code": area.code,
        "kind": area.kind,
        "localities": list(area.localities),
        "forecast_note": area.forecast_note,
    }
    own = [parameters[name] for name in own_entries(parameters)]
    says = f"# {area.title}: calibrated; report.md says to what, and what is missed.\n"
    return "\n".join([says, table("area", about), *(entry_text(entry) for entry in own)])


def differs(entry: Parameter, general: Parameter) -> bool:
    """Whether an entry says anything else than the one for all areas."""
    return (entry.value, entry.by, entry.evidence) != (general.value, general.by, general.evidence)


def source_text(source: Source) -> str:
    """A source as sources.toml states it."""
    keys = ("title", "publisher", "year", "place", "note", "url")
    return table(source.name, {key: getattr(source, key, "") for key in keys})


def check_place(folder: Path) -> None:
    """Refuse a place where something else than an area folder lies, before any work is done.

    Raises
    ------
    InputError for a file, or a folder with anything in it that is not an area's.
    """
    if not folder.exists():
        return
    if folder.is_dir() and (not any(folder.iterdir()) or is_area_folder(folder)):
        return
    found = "a folder that is no area's" if folder.is_dir() else "a file"
    raise InputError(
        Where(str(folder)), found, "a new folder, or an area folder to replace", "Name another."
    )


def write_area_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write an area folder whole or not at all; an area folder that is there is replaced.

    Parameters
    ----------
    texts : by file name, from `texts_of`.

    Raises
    ------
    InputError where something else lies there, or nothing can be written.
    """
    check_place(folder)
    home = folder.parent.resolve()
    made, old = unfinished(home), unfinished(home)
    try:
        made.mkdir(parents=True)
        for name, text in texts.items():
            put(made / name, text.encode())
        if folder.exists():
            folder.rename(old)
        made.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise InputError(Where(str(folder)), f"{error.strerror}", "a folder to write") from None
    finally:
        for left in (made, old):
            shutil.rmtree(left, ignore_errors=True)


__all__ = ["Calibrated", "calibrated", "check_place", "texts_of", "write_area_folder"]
