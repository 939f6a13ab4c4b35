"""What-if scenarios: a title, a reason, and a list of changes to named parameters.

`load("below_threshold")` reads scenarios/below_threshold.toml and everything that it extends;
`load("below_threshold+demand_up_10")` puts the two together, and `load("plans/mine.toml")` reads a
file anywhere, so that a path goes wherever a scenario's name goes. It checks names, evidence and
dates as far as it can without an area; `model.inputs` puts a scenario onto the parameters of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from model import root as project
from model.errors import InputError, Where, unknown
from model.parameters.area_files import files
from model.parameters.evidence import (
    GRADES,
    check_choice,
    check_keys,
    check_text,
    check_texts,
    read_toml,
    said,
    sources,
)
from model.scenarios.changes import Change, change
from model.scenarios.posts import load_posts
from model.scenarios.programme_costs import ProgrammeCost, programme_cost

AVERAGE_COUNCIL = "england"  # the area file that calibration starts from
BASELINE = "baseline"
TOGETHER = "+"  # between the names of scenarios that are run as one
ENDING = ".toml"  # a name that ends so is the path of a file
# Of a scenario put together from several: the grade that speaks least for it.
WEAKEST_LAST = ("definition", "strong", "moderate", "fitted", "weak", "recalled", "assumption")
TOP_KEYS: tuple[str, ...] = (
    "rationale",
    "theory_of_change",
    "evidence",
    "documents",
    "extends",
    "areas",
    "already_in_baseline",
    "change",
    "programme_cost",
)


@dataclass(frozen=True)
class Scenario:
    """A redesign as a list of changes, those of the scenarios that it extends first.

    Attributes
    ----------
    name : of its file; title, rationale : for people.
    theory_of_change : in one sentence, why the changes should save or help.
    evidence : grade of the whole; documents : to read.
    extends : scenarios that it builds on.
    areas : where it makes sense; empty for everywhere, as is one with the average council.
    already_in_baseline : which live reforms the baseline already has.
    changes, programme_costs : its own and, before them, those of what it extends, each once.
    """

    name: str
    title: str
    rationale: str = ""
    evidence: str = ""
    documents: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    already_in_baseline: str = ""
    changes: tuple[Change, ...] = ()
    programme_costs: tuple[ProgrammeCost, ...] = ()
    theory_of_change: str = ""

    def makes_sense_in(self, area: str) -> bool:
        """Whether it may be run in an area; what makes sense in the average council does in any."""
        return not self.areas or area in self.areas or AVERAGE_COUNCIL in self.areas


def names(root: str | Path | None = None) -> list[str]:
    """Every scenario there is, the baseline first."""
    folder = project.find(root) / project.SCENARIOS
    found = {path.stem for path in folder.glob("*.toml")} - {BASELINE}
    return [BASELINE, *sorted(found)]


def load(name: str, root: str | Path | None = None) -> Scenario:
    """A scenario with everything that it extends.

    Parameters
    ----------
    name : name of a file in scenarios/, without `.toml`; `baseline` is always there. Several
        names with `+` between them are run as one (`combined`). A name that ends in `.toml` is
        the path of a file, whose own name is then the scenario's.
    root : the project's folder; None for the usual one (`model.root.find`).

    Raises
    ------
    InputError
        For anything unknown, impossible or contradictory, naming file, key and remedy.
    """
    folder = project.find(root)
    if name.endswith(ENDING) and (TOGETHER not in name or Path(name).is_file()):
        return _from_file(Path(name), folder)
    if TOGETHER in name:
        return combined(name.split(TOGETHER), folder)
    known = names(folder)
    if name not in known:
        raise unknown(Where(f"{project.SCENARIOS}/"), name, known, "scenario")
    path = folder / project.SCENARIOS / f"{name}.toml"
    if name == BASELINE and not path.is_file():
        return Scenario(BASELINE, "Today's arrangements go on")
    return _parse(read_toml(path, folder), name, folder, ())


def _from_file(path: Path, folder: Path) -> Scenario:
    """A scenario in a file that somebody wrote, or exported from the app."""
    if not path.is_file():
        remedy = "Give the path of a file, or the name of a scenario in scenarios/."
        raise InputError(Where(str(path)), "no such file", "a scenario file", remedy)
    if path.stem == BASELINE:
        remedy = "Call the file something else: baseline means today's arrangements."
        raise InputError(Where(str(path)), f"the name {BASELINE!r}", "a name of its own", remedy)
    return _parse(read_toml(path, folder), path.stem, folder, (), where=Where(str(path)))


def combined(several: Iterable[str], root: str | Path | None = None) -> Scenario:
    """Scenarios run as one: what any of them changes, and what several of them extend once.

    Changes of the same number compose whatever the order of the names: first what is set, then
    what is multiplied, added, and changed by odds ratios. Two that set the same part are a
    conflict, and so are two that add to or multiply different shares of one split; `model.inputs`
    refuses them.

    Parameters
    ----------
    several : names of scenarios; the order changes no result.

    Raises
    ------
    InputError
        For an unknown name, or scenarios that make sense in no common area.
    """
    plans = [load(name, root) for name in sorted(dict.fromkeys(several))]
    changing = [plan for plan in plans if plan.name != BASELINE]
    if len(changing) < 2:
        return changing[0] if changing else plans[0]
    grades = [plan.evidence for plan in changing]
    documents = list(dict.fromkeys(one for plan in changing for one in plan.documents))
    table = {
        "title": " with ".join(plan.title for plan in changing),
        "rationale": " ".join(plan.rationale for plan in changing),
        "theory_of_change": " ".join(filter(None, (one.theory_of_change for one in changing))),
        "evidence": max(grades, key=WEAKEST_LAST.index),
        **({"documents": documents} if documents else {}),
        "extends": [plan.name for plan in changing],
    }
    together = TOGETHER.join(plan.name for plan in changing)
    loaded = {plan.name: plan for plan in changing}
    if len(loaded) < len(changing):
        found = f"several scenarios of the name {together}"
        raise InputError(Where("scenarios put together"), found, "a name of its own for each")
    return _parse(table, together, project.find(root), (), loaded)


def moved(plan: Scenario, locality: str, day: date) -> Scenario:
    """The scenario with everything that is done in one locality alone begun on another day.

    Parameters
    ----------
    plan : such as a rollout, locality by locality. locality : whose date to move.
    day : of the first step there; later steps of a ramp keep their distance from it.

    Raises
    ------
    InputError
        When the scenario changes nothing in that locality alone, or states no dates there.
    """
    where = Where(f"{project.SCENARIOS}/{plan.name}.toml", "localities")
    dated = [one.localities for one in plan.changes if len(one.localities) == 1]
    if (locality,) not in dated:
        raise unknown(where, locality, dict.fromkeys(one for (one,) in dated), "locality")

    def begun(one: Change) -> Change:
        if one.localities != (locality,):
            return one
        first = one.steps[0][0]
        later = [when for when, _ in one.steps if not isinstance(when, date)]
        if later or not isinstance(first, date):
            raise InputError(one.where, f"no date but {later[0]!r}", "dates, to be moved")
        shift = day - first
        steps = [(when + shift, value) for when, value in one.steps if isinstance(when, date)]
        return replace(one, steps=tuple(steps))

    return replace(plan, changes=tuple(begun(one) for one in plan.changes))


def parse(table: Mapping[str, Any], name: str, root: str | Path | None = None) -> Scenario:
    """A scenario from its nested tables, as an app may make them without a file.

    Parameters
    ----------
    table : as a scenario file has it.
    name : what to call it; errors name scenarios/<name>.toml.
    root : the project's folder, for sources and for the scenarios that it extends.

    Raises
    ------
    InputError
        As `load` does.
    """
    return _parse(table, name, project.find(root), ())


def _parse(
    table: Mapping[str, Any],
    name: str,
    folder: Path,
    below: tuple[str, ...],
    loaded: Mapping[str, Scenario] | None = None,
    where: Where | None = None,
) -> Scenario:
    """A scenario from its tables.

    Parameters
    ----------
    below : those that extend it, the first first. loaded : scenarios that need no looking up.
    where : the file, as errors name it; in scenarios/ where none is given.
    """
    where = where or Where(f"{project.SCENARIOS}/{name}.toml")
    check_keys(dict(table), where, ("title",), TOP_KEYS)
    if name == BASELINE and any(key in table for key in ("change", "extends", "programme_cost")):
        raise InputError(where, "a change in the baseline", "a title and no change")
    changing = [key for key in ("change", "programme_cost", "extends") if table.get(key)]
    if changing:
        check_keys(dict(table), where, ("title", "rationale", "evidence"), TOP_KEYS)
    elif name != BASELINE:
        raise InputError(where, "no change at all", remedy="Add a table [[change]].")
    parents = _texts(table, "extends", where)
    inherited = [
        loaded[one] if loaded else _parent(one, name, folder, where, below) for one in parents
    ]
    cited = frozenset(sources(folder)) if changing else frozenset()
    rows = _tables(table, "change", where)
    own = tuple(change(row, name, here, cited) for row, here in rows)
    rows = _tables(table, "programme_cost", where)
    posts = partial(load_posts, folder)
    costs = tuple(programme_cost(row, name, here, cited, posts) for row, here in rows)
    return Scenario(
        name,
        check_text(table["title"], where.at("title")),
        check_text(table.get("rationale", ""), where.at("rationale"), empty=not changing),
        check_choice(table["evidence"], where.at("evidence"), GRADES, "grade") if changing else "",
        _texts(table, "documents", where),
        parents,
        _areas(table, folder, where, inherited),
        check_text(table.get("already_in_baseline", ""), where.at("already_in_baseline"), True),
        _each_once((change for one in inherited for change in one.changes), own),
        _each_once((cost for one in inherited for cost in one.programme_costs), costs),
        check_text(table.get("theory_of_change", ""), where.at("theory_of_change"), empty=True),
    )


def _each_once(inherited: Iterator[Any], own: tuple[Any, ...]) -> tuple[Any, ...]:
    """Rows of the scenarios that are extended, then one's own; what two parents share, once."""
    return tuple({row.where: row for row in (*inherited, *own)}.values())


def _texts(table: Mapping[str, Any], key: str, where: Where) -> tuple[str, ...]:
    return check_texts(table[key], where.at(key)) if key in table else ()


def _tables(table: Mapping[str, Any], key: str, where: Where) -> list[tuple[dict, Where]]:
    """The repeated tables [[key]], each with its place, counted from 1."""
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(where.at(key), said(rows), f"tables [[{key}]]")
    return [(row, where.at(f"{key}[{number}]")) for number, row in enumerate(rows, 1)]


def _parent(
    parent: str, child: str, folder: Path, where: Where, below: tuple[str, ...]
) -> Scenario:
    """A scenario that another extends."""
    known = [name for name in names(folder) if name != BASELINE]
    check_choice(parent, where.at("extends"), known, "scenario")
    chain = (*below, child)
    if parent in chain:
        found = f"a circle: {' extends '.join([*chain, parent])}"
        raise InputError(where.at("extends"), found, "scenarios that do not extend this one")
    path = folder / project.SCENARIOS / f"{parent}.toml"
    return _parse(read_toml(path, folder), parent, folder, chain)


def _areas(
    table: Mapping[str, Any], folder: Path, where: Where, inherited: list[Scenario]
) -> tuple[str, ...]:
    """Where the scenario makes sense: in the areas that it and all it extends allow."""
    given = _texts(table, "areas", where)
    for area in given:
        check_choice(area, where.at("areas"), sorted(files(folder)), "area")
    allowed = [given, *(one.areas for one in inherited)]
    limits = [areas for areas in allowed if areas]
    both = tuple(area for area in limits[0] if all(area in one for one in limits)) if limits else ()
    if limits and not both:
        raise InputError(where.at("areas"), "no area that every scenario it extends allows")
    return both
