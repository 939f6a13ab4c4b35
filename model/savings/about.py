"""What every table, chart and document says of the comparison behind it.

Names of places and redesigns as people say them, the days, the prices and the futures. It holds
no result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from model import __version__, parameters, scenarios
from model.parameters import Area
from model.results import Results, Sampling
from model.scenarios import BASELINE, Scenario
from model.wording import day, simulated, years


@dataclass(frozen=True)
class About:
    """The comparison in words.

    Attributes
    ----------
    area, scenario : names; area_title, scenario_title : as people say them.
    evidence : grade of the redesign's evidence; empty where it has none.
    forecast_note : what the area's own file says of how well the model forecasts it.
    rationale : what the redesign is. start, years : of the run. base_year, cost_set : of prices.
    sampling : of the futures. made_on : day. version : of the model.
    """

    area: str
    scenario: str
    area_title: str
    scenario_title: str
    evidence: str
    forecast_note: str
    rationale: str
    start: date
    years: int
    base_year: str
    cost_set: str
    sampling: Sampling
    made_on: date
    version: str = __version__

    @property
    def futures(self) -> str:
        """How many futures were simulated."""
        return simulated(self.sampling.futures)

    @property
    def asked(self) -> str:
        """The question on one line."""
        return (
            f"{self.area_title} · {self.scenario_title} · {years(self.years)} from "
            f"{day(self.start)} · {self.futures}"
        )

    @property
    def source(self) -> str:
        """The footer: source, version, date, and what a range holds."""
        return (
            f"Source: Family Pathways {self.version}, {self.futures}, made {day(self.made_on)}. "
            f"Ranges hold {self.sampling.ranges_say}."
        )


def about(
    scenario: Results,
    plan: Scenario | None = None,
    area: Area | None = None,
    made_on: date | None = None,
    root: str | Path | None = None,
) -> About:
    """What there is to say of a comparison.

    Parameters
    ----------
    scenario : results of the redesign. plan, area : as they were run; None reads the files.
    made_on : day on which the runs were made; None for today.

    Raises
    ------
    InputError when the files do not have the scenario or the area.
    """
    plan = plan or scenario.plan or scenarios.load(scenario.scenario, root)
    place = area or parameters.load(scenario.area, root).area
    return About(
        area=scenario.area,
        scenario=scenario.scenario,
        area_title=place.title,
        scenario_title=plan.title,
        evidence=plan.evidence if plan.name != BASELINE else "",
        forecast_note=place.forecast_note,
        rationale=plan.rationale,
        start=scenario.start,
        years=scenario.years,
        base_year=scenario.base_year,
        cost_set=scenario.cost_set,
        sampling=scenario.sampling,
        made_on=made_on or datetime.now().astimezone().date(),
    )
