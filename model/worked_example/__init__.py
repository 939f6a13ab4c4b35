"""The worked example: an answer and two checks, committed, so that the app opens on a result.

`python -m model.worked_example` makes them afresh; nothing else writes them. The answer says of
which numbers it was made (`Answer.digest`): whoever shows it compares that with the files of
today (`answers.digest_of`) and says so when it is stale.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from model.answers import Answer, Question, Redesign
from model.caches import put
from model.results import YEARLY, Results, Sampling
from model.tables import as_json

FOLDER = Path(__file__).parent
ANSWER = "answer.json"


@dataclass(frozen=True)
class Check:
    """A committed check of one area against published statistics.

    Attributes
    ----------
    area, title : of the area. made_on : day. version : of the model. digest : of the inputs.
    replications, seed : of the run. rows : as `check.check_table` gives them.
    """

    area: str
    title: str
    made_on: date
    version: str
    digest: str
    replications: int
    seed: int
    rows: pd.DataFrame


def save(answer: Answer, folder: Path = FOLDER) -> None:
    """Write an answer to a folder: one JSON document and one Parquet file for each table."""
    for name in YEARLY:
        parts = [
            getattr(one, name).assign(scenario=one.scenario)
            for one in (answer.baseline, answer.scenario)
        ]
        filled = [part for part in parts if len(part)] or parts[:1]
        table = pd.concat(filled, ignore_index=True)
        table.to_parquet(folder / f"{name}.parquet", index=False)
    about = {
        "question": asdict(answer.question) | {"start": answer.question.start.isoformat()},
        "sampling": asdict(answer.sampling),
        "digest": answer.digest,
        "area_title": answer.area_title,
        "scenario_title": answer.scenario_title,
        "evidence": answer.evidence,
        "base_year": answer.baseline.base_year,
        "baseline": answer.baseline.scenario,
        "made_on": answer.made_on.isoformat(),
        "version": answer.version,
    }
    write_json(folder / ANSWER, about)


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> Answer:
    """The committed answer."""
    about = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    asked = about["question"]
    start, sampling = date.fromisoformat(asked["start"]), Sampling(**asked["sampling"])
    beside = tuple(Redesign(**one) for one in asked.get("beside", []))
    question = Question(**asked | {"start": start, "sampling": sampling, "beside": beside})
    done = Sampling(**about["sampling"])
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in YEARLY}
    results = {
        name: _results(name, question, done, about["base_year"], tables)
        for name in (about["baseline"], question.scenario)
    }
    return Answer(
        question=question,
        digest=about["digest"],
        area_title=about["area_title"],
        scenario_title=about["scenario_title"],
        evidence=about["evidence"],
        baseline=results[about["baseline"]],
        scenario=results[question.scenario],
        made_on=date.fromisoformat(about["made_on"]),
        version=about["version"],
    )


def _results(
    name: str,
    question: Question,
    sampling: Sampling,
    base_year: str,
    tables: dict[str, pd.DataFrame],
) -> Results:
    """One scenario's part of the tables."""
    own = {
        each: tables[each][tables[each]["scenario"] == name]
        .drop(columns="scenario")
        .reset_index(drop=True)
        for each in YEARLY
    }
    return Results(
        area=question.area,
        scenario=name,
        start=question.start,
        years=question.years,
        sampling=sampling,
        base_year=base_year,
        cost_set=question.cost_set,
        months=pd.DataFrame(),
        **own,
    )


def save_check(found: Check, folder: Path = FOLDER) -> None:
    """Write a check as one JSON document."""
    about = {name: getattr(found, name) for name in ("area", "title", "version", "digest")}
    about |= {"replications": found.replications, "seed": found.seed}
    about |= {"made_on": found.made_on.isoformat(), "rows": as_json(found.rows)}
    write_json(folder / f"check_{found.area}.json", about)


def checked_areas(folder: Path = FOLDER) -> list[str]:
    """The areas with a committed check."""
    return sorted(path.stem.removeprefix("check_") for path in folder.glob("check_*.json"))


@lru_cache(maxsize=8)
def load_check(area: str, folder: Path = FOLDER) -> Check:
    """The committed check of an area."""
    about = json.loads((folder / f"check_{area}.json").read_text(encoding="utf-8"))
    about["made_on"] = date.fromisoformat(about["made_on"])
    about["rows"] = pd.DataFrame(about["rows"])
    return Check(**about)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a document whole or not at all."""
    put(path, (json.dumps(document, indent=1) + "\n").encode())
