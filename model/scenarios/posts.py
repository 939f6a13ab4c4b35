"""What a post costs: the salaries of parameters/money.toml, with on-costs.

It knows whose staff time a stage is. It knows no case, no programme and no saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from model import root as project
from model.episodes import STAGE_CODES
from model.errors import InputError, Where
from model.parameters.evidence import (
    Evidence,
    check_choice,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    check_texts,
    read_toml,
    sources,
)

FILE = "money.toml"
POSTS = "posts"
ON_COSTS = "on_costs"
SALARY_UNITS = ("GBP per year",)
KEYS = ("value", "unit", "price_year", "grade", "source", "uncertainty")


@dataclass(frozen=True)
class Post:
    """One whole-time post of a grade, for a year.

    Attributes
    ----------
    grade : of staff, such as social_worker.
    stages : whose staff time it is; none for a grade that only programmes employ.
    salary_gbp : a year, in prices of `evidence.price_year`.
    on_costs_share : on top of the salary.
    evidence : of the salary.
    """

    grade: str
    stages: tuple[str, ...]
    salary_gbp: float
    on_costs_share: float
    evidence: Evidence

    @property
    def gbp_per_year(self) -> float:
        """Salary and on-costs, in prices of the salary's year."""
        return self.salary_gbp * (1 + self.on_costs_share)

    @property
    def range_gbp_per_year(self) -> tuple[float, float]:
        """Low and high of salary and on-costs."""
        ends = self.evidence.uncertainty
        if ends.distribution == "fixed":
            return self.gbp_per_year, self.gbp_per_year
        scale = self.salary_gbp if ends.relative else 1.0
        share = 1 + self.on_costs_share
        return ends.low * scale * share, ends.high * scale * share

    def with_on_costs(self, share: float) -> Post:
        """The same post with other on-costs."""
        return replace(self, on_costs_share=share)


def load_posts(root: str | Path | None = None) -> dict[str, Post]:
    """The posts of parameters/money.toml, by grade of staff.

    Raises
    ------
    InputError
        For a missing or unknown key, an unknown stage, a stage that two grades claim.
    """
    folder = project.find(root)
    path = folder / project.PARAMETERS / FILE
    table = read_toml(path, folder)
    where = Where(project.shown(path, folder))
    for group in (POSTS, ON_COSTS):
        if not isinstance(table.get(group), dict):
            raise InputError(where, f"no table {group!r}", remedy=f"Add [{group}.<name>].")
    on_costs = table[ON_COSTS].get("share", {})
    share = check_number(on_costs.get("value"), where.at(ON_COSTS, "share", "value"), 0.0)
    known = tuple(sources(folder))
    posts: dict[str, Post] = {}
    taken: dict[str, str] = {}
    for grade, entry in table[POSTS].items():
        here = where.at(POSTS, grade)
        posts[grade] = _post(grade, entry, share, here, known)
        for stage in posts[grade].stages:
            if stage in taken:
                found = f"{stage!r}, which {taken[stage]} has too"
                raise InputError(here.at("stages"), found, "each stage once")
            taken[stage] = grade
    return posts


def _post(
    grade: str, entry: object, on_costs_share: float, where: Where, known: tuple[str, ...]
) -> Post:
    checked = check_keys(entry, where, KEYS, ("stages", "note"))
    stages = check_texts(checked["stages"], where.at("stages")) if "stages" in checked else ()
    for stage in stages:
        check_choice(stage, where.at("stages"), STAGE_CODES, "stage")
    salary = check_number(checked["value"], where.at("value"), 1.0)
    evidence = check_evidence(checked, where, known, SALARY_UNITS)
    check_in_range(evidence.uncertainty, [salary], where.at("uncertainty"))
    return Post(grade, stages, salary, on_costs_share, evidence)


def of_stages(posts: Mapping[str, Post]) -> dict[str, Post]:
    """The post whose time each stage takes, by stage."""
    return {stage: post for post in posts.values() for stage in post.stages}
