"""A strategist writes down a redesign; whatever cannot be meant is refused, with a remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model import asking, parameters, scenarios
from model.errors import InputError, Where
from model.parameters.evidence import sources
from model.scenarios import run_dates
from model.uncertainty import changes_of
from tests.synthetic import EVIDENCE, add_scenario, change, write_synthetic_root, write_toml

WORKERS = "capacity.social_workers"
COST: dict[str, Any] = {
    "name": "Training",
    "funder": "council children's services",
    "gbp_once": 50_000,
    "low": 40_000,
    "high": 80_000,
    "price_year": "2024-25",
    "source": "invented",
    "grade": "assumption",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_synthetic_root(tmp_path)


def complaint(root: Path, *words: str, name: str = "plan") -> str:
    """Load the scenario, which must be refused in words that contain these."""
    with pytest.raises(InputError) as caught:
        scenarios.load(name, root)
    message = str(caught.value)
    for word in words:
        assert word in message, message
    return message


# --- what a scenario says ------------------------------------------------------------------------


def test_the_baseline_is_always_there_and_changes_nothing(root: Path) -> None:
    assert scenarios.load("baseline", root).title == "Today's arrangements go on"
    (root / "scenarios/baseline.toml").unlink()
    assert scenarios.load("baseline", root).changes == ()
    assert scenarios.names(root) == ["baseline"]


def test_a_baseline_with_a_change_is_none(root: Path) -> None:
    add_scenario(root, "baseline", [change(WORKERS, 50)])
    complaint(root, "a change in the baseline", name="baseline")


def test_a_change_keeps_all_that_the_file_says(root: Path) -> None:
    add_scenario(
        root,
        "plan",
        [
            change(
                "screening.ends",
                2.0,
                how="odds_ratio",
                at={"practice": "below_threshold", "outcome": ["referral"]},
                localities=["North"],
                from_="2026-04-13",
            )
        ],
        documents=["Strategy 2026"],
        areas=["testshire"],
        already_in_baseline="nothing",
    )
    plan = scenarios.load("plan", root)
    assert (plan.evidence, plan.documents, plan.areas) == (
        "assumption",
        ("Strategy 2026",),
        ("testshire",),
    )
    found = plan.changes[0]
    assert found.at == {"practice": ("below_threshold",), "outcome": ("referral",)}
    assert found.steps == ((date(2026, 4, 13), 2.0),)
    assert (found.how, found.localities, found.why) == ("odds_ratio", ("North",), "to see")
    assert (found.grade, found.sources, found.scenario) == ("assumption", ("invented",), "plan")
    assert str(found.where) == "scenarios/plan.toml, key change[1]"


def test_a_ramp_is_steps_on_their_dates(root: Path) -> None:
    ramp = [["start + 0 months", 1], ["start + 3 months", 2], ["2027-01-01", 3]]
    add_scenario(root, "plan", [change("screening.officers_adopting", None, ramp=ramp)])
    assert scenarios.load("plan", root).changes[0].steps == (
        ("start + 0 months", 1.0),
        ("start + 3 months", 2.0),
        (date(2027, 1, 1), 3.0),
    )


@pytest.mark.parametrize(
    ("when", "meant"),
    [
        ("start", date(2025, 1, 31)),
        ("start + 1 month", date(2025, 2, 28)),
        ("start + 11 months", date(2025, 12, 31)),
        ("start+13 months", date(2026, 2, 28)),
        ("2026-04-13", date(2026, 4, 13)),
    ],
)
def test_dates_are_days_or_months_after_the_start(when: str, meant: date) -> None:
    checked = run_dates.check_when(when, Where("x"))
    assert run_dates.on(checked, date(2025, 1, 31)) == meant


@pytest.mark.parametrize(
    "when", ["13/04/2026", "20260413", "2026-02-30", "begin", "start + six months", 2026, ""]
)
def test_any_other_date_is_refused(root: Path, when: object) -> None:
    add_scenario(root, "plan", [change(WORKERS, 50, from_=when)])
    complaint(root, "change[1].from", "start + 6 months")


# --- what it must not say ------------------------------------------------------------------------

SHARES = {"outcome": "referral"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    (change("capacity.socal_workers", 50), f"Did you mean '{WORKERS}'?"),
    (change("screening.adopters_share", 0.5), "Change screening.officers_adopting instead."),
    (change("screening.effort", 5), "Change duration_ratio.screening instead."),
    (change("return.time_shape", 5), "Change hazard_ratio.return instead."),
    (change(WORKERS, 50, how="mutliply"), "Did you mean 'multiply'?"),
    (change(WORKERS, 2, how="odds_ratio"), "no share but number"),
    (change(WORKERS, -2, how="multiply"), "at least 0"),
    (change(WORKERS, "many"), "a number"),
    (change(WORKERS, None), "one of value and ramp"),
    (change(WORKERS, 5, ramp=[["start", 1]]), "one of value and ramp"),
    (change(WORKERS, None, ramp=[["start"]]), "pairs such as"),
    (change(WORKERS, None, ramp=[]), "pairs such as"),
    (change(WORKERS, None, ramp=[["start", 1]], from_="2026-01-01"), "has its own dates"),
    (change(WORKERS, 50, localities=["North"]), "does not differ by locality"),
    (change("capacity.key_workers", 50, localities=[]), "one text"),
    (change(WORKERS, 50, at={"need": "level_1"}), "unknown key 'need'"),
    (change(WORKERS, {"North": 50}), "one number"),
    (change("screening.ends", 0.5), "Name it in at"),
    (change("screening.ends", 0.5, at={"outcome": "referal"}), "Did you mean 'referral'?"),
    (change("screening.ends", 0.5, at={**SHARES, "need": "level2"}), "Did you mean 'level_2'?"),
    (change("screening.ends", 0.5, at={**SHARES, "locality": "North"}), "unknown key 'locality'"),
    (change("screening.ends", {"referal": 0.5}), "Did you mean 'referral'?"),
    (change("screening.ends", {"referral": 0.5}, at=SHARES), "one number"),
    (change("screening.ends", 0, at=SHARES, how="odds_ratio"), "above 0"),
    (change(WORKERS, 50, grade="certain"), "unknown grade"),
    (change(WORKERS, 50, source="inventd"), "Did you mean 'invented'?"),
    (change(WORKERS, 50, why=""), "says something"),
    (change(WORKERS, 50, uncertainty={"distribution": "fixed"}), "grade definition or strong"),
    (
        change(WORKERS, 50, uncertainty={"distribution": "uniform", "low": 60, "high": 70}),
        "lies outside",
    ),
    (
        change(
            "screening.ends",
            {"referral": 0.5},
            uncertainty={"distribution": "uniform", "low": 0.1, "high": 0.7},
        ),
        "relative = true",
    ),
    (change(WORKERS, 50, were=["North"]), "unknown key 'were'"),
]


@pytest.mark.parametrize(("row", "words"), REFUSED)
def test_a_change_that_cannot_be_meant_is_refused(
    root: Path, row: dict[str, Any], words: str
) -> None:
    add_scenario(root, "plan", [row])
    complaint(root, "scenarios/plan.toml", "change[1]", words)


@pytest.mark.parametrize("key", ["parameter", "how", "why", "grade", "source", "uncertainty"])
def test_a_change_restates_all_that_stands_behind_it(root: Path, key: str) -> None:
    row = change(WORKERS, 50)
    del row[key]
    add_scenario(root, "plan", [row])
    complaint(root, "change[1]", f"no key {key!r}")


def test_a_scenario_has_a_title_a_reason_and_a_change(root: Path) -> None:
    add_scenario(root, "plan", [])
    complaint(root, "no change at all")
    write_toml(root / "scenarios/plan.toml", {"title": "Plan", "change": [change(WORKERS, 50)]})
    complaint(root, "no key 'rationale'")
    add_scenario(root, "plan", [change(WORKERS, 50)], titel="Plan")
    complaint(root, "Did you mean 'title'?")
    write_toml(root / "scenarios/plan.toml", {"title": "Plan", "change": {"how": "set"}})
    with pytest.raises(InputError, match="change"):
        scenarios.load("plan", root)


def test_an_unknown_scenario_or_area_is_met_with_the_nearest(root: Path) -> None:
    add_scenario(root, "more_workers", [change(WORKERS, 50)], areas=["tesshire"])
    complaint(root, "Did you mean 'more_workers'?", name="more_worker")
    complaint(root, "Did you mean 'testshire'?", name="more_workers")


# --- scenarios on scenarios ----------------------------------------------------------------------


def test_what_a_scenario_extends_comes_first_and_once(root: Path) -> None:
    add_scenario(root, "base", [change(WORKERS, 2, how="multiply")], programme_cost=[COST])
    add_scenario(root, "left", [change(WORKERS, 5, how="add")], extends=["base"])
    add_scenario(root, "right", [change("return.pace", 2.0)], extends=["base"])
    add_scenario(root, "plan", [change("demand.ratio", 1.1)], extends=["left", "right"])
    plan = scenarios.load("plan", root)
    assert [one.scenario for one in plan.changes] == ["base", "left", "right", "plan"]
    assert len(plan.programme_costs) == 1


def test_scenarios_that_extend_each_other_in_a_circle_are_refused(root: Path) -> None:
    add_scenario(root, "plan", [], extends=["other"])
    add_scenario(root, "other", [], extends=["plan"])
    complaint(root, "plan extends other extends plan")


def test_a_scenario_makes_sense_only_where_what_it_extends_does(root: Path) -> None:
    own = root / "parameters/areas/testshire.toml"
    (root / "parameters/areas/elsewhere.toml").write_text(own.read_text())
    add_scenario(root, "base", [change(WORKERS, 50)], areas=["elsewhere", "testshire"])
    add_scenario(root, "plan", [], extends=["base"])
    assert scenarios.load("plan", root).areas == ("elsewhere", "testshire")
    add_scenario(root, "plan", [], extends=["base"], areas=["testshire"])
    assert scenarios.load("plan", root).areas == ("testshire",)
    add_scenario(root, "base", [change(WORKERS, 50)], areas=["elsewhere"])
    complaint(root, "plan.toml", "no area")


def test_an_app_makes_a_scenario_without_a_file(root: Path) -> None:
    table = {
        "title": "Slider",
        "rationale": "To see",
        "evidence": "assumption",
        "change": [change(WORKERS, 50)],
    }
    assert scenarios.parse(table, "slider", root).changes[0].steps[0][1] == 50


# --- programme costs -----------------------------------------------------------------------------


def test_a_programme_cost_is_once_or_by_the_year(root: Path) -> None:
    yearly = {key: found for key, found in COST.items() if key != "gbp_once"}
    yearly |= {"gbp_per_year": 60_000, "years": 2, "from": "start + 6 months"}
    add_scenario(root, "plan", [change(WORKERS, 50)], programme_cost=[COST, yearly])
    once, running = scenarios.load("plan", root).programme_costs
    assert (once.gbp_once, once.gbp_per_year, once.starts) == (50_000, None, "start")
    assert (once.low_gbp, once.high_gbp, once.price_year) == (40_000, 80_000, "2024-25")
    assert (running.gbp_once, running.gbp_per_year, running.years) == (None, 60_000, 2)
    assert running.starts == "start + 6 months"
    assert once.sources == ("invented",)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ({"gbp_per_year": 1}, "2 of gbp_per_year, gbp_once, staff"),
        ({"low": 60_000}, "a range with gbp_once in it"),
        ({"gbp_once": -1, "low": -2}, "at least 0"),
        ({"years": 2}, "paid once"),
        ({"price_year": "2024"}, "a financial year"),
        ({"source": "nowhere"}, "unknown source"),
        ({"grade": "good"}, "unknown grade"),
        ({"funder": ""}, "says something"),
        ({"from": "soon"}, "start + 6 months"),
        ({"cost": 1}, "unknown key 'cost'"),
    ],
)
def test_a_programme_cost_that_does_not_hold_is_refused(
    root: Path, override: dict[str, Any], words: str
) -> None:
    add_scenario(root, "plan", [change(WORKERS, 50)], programme_cost=[COST | override])
    complaint(root, "scenarios/plan.toml", "programme_cost[1]", words)


def test_evidence_is_the_same_in_every_change_of_these_stories() -> None:
    assert change(WORKERS, 1)["uncertainty"] == EVIDENCE["uncertainty"]


# --- scenarios run as one ------------------------------------------------------------------------


def test_scenarios_are_put_together_in_any_order_with_what_they_share_once(root: Path) -> None:
    add_scenario(root, "base", [change(WORKERS, 2, how="multiply")], programme_cost=[COST])
    add_scenario(root, "left", [change(WORKERS, 5, how="add")], extends=["base"])
    add_scenario(root, "right", [change("return.pace", 2.0)], extends=["base"])
    plan, other = (scenarios.load(name, root) for name in ("left+right", "right+left"))
    assert plan == other
    assert [one.scenario for one in plan.changes] == ["base", "left", "right"]
    assert (plan.name, plan.title) == ("left+right", "left with right")
    assert len(plan.programme_costs) == 1
    assert scenarios.load("left+left", root) == scenarios.load("left", root)
    assert scenarios.load("baseline+left", root) == scenarios.load("left", root)
    complaint(root, "Did you mean 'right'?", name="left+rigth")


def test_scenarios_put_together_keep_the_grade_that_speaks_least_for_them(root: Path) -> None:
    add_scenario(root, "one", [change(WORKERS, 5, how="add")], evidence="strong")
    add_scenario(root, "two", [change("return.pace", 2.0)], evidence="weak")
    assert scenarios.load("one+two", root).evidence == "weak"


def test_scenarios_put_together_make_sense_only_where_each_does(root: Path) -> None:
    own = root / "parameters/areas/testshire.toml"
    (root / "parameters/areas/elsewhere.toml").write_text(own.read_text())
    add_scenario(root, "one", [change(WORKERS, 5, how="add")], areas=["elsewhere"])
    add_scenario(root, "two", [change("return.pace", 2.0)], areas=["testshire"])
    complaint(root, "no area", name="one+two")


def test_the_day_on_which_one_locality_begins_can_be_moved(root: Path) -> None:
    key_workers = "capacity.key_workers"
    north = change(
        key_workers, None, localities=["North"], ramp=[["2026-01-01", 11], ["2026-03-01", 12]]
    )
    south = change(key_workers, 15, localities=["South"], from_="2026-06-01")
    add_scenario(root, "plan", [north, south])
    plan = scenarios.moved(scenarios.load("plan", root), "North", date(2026, 2, 1))
    assert plan.changes[0].steps == ((date(2026, 2, 1), 11.0), (date(2026, 4, 1), 12.0))
    assert plan.changes[1].steps == ((date(2026, 6, 1), 15.0),)
    with pytest.raises(InputError, match="Did you mean 'South'"):
        scenarios.moved(plan, "Soutth", date(2026, 2, 1))
    add_scenario(root, "plan", [change(key_workers, 15, localities=["South"], from_="start")])
    with pytest.raises(InputError, match="dates, to be moved"):
        scenarios.moved(scenarios.load("plan", root), "South", date(2026, 2, 1))


def test_a_theory_of_change_is_a_text(root: Path) -> None:
    add_scenario(root, "plan", [change(WORKERS, 50)], theory_of_change="More hands.")
    assert scenarios.load("plan", root).theory_of_change == "More hands."
    add_scenario(root, "plan", [change(WORKERS, 50)], theory_of_change=5)
    complaint(root, "theory_of_change")


# --- the scenarios that the project ships --------------------------------------------------------

NAMES = scenarios.names()[1:]
DOCUMENT = Path(__file__).parents[2] / "docs" / "theory_of_change.md"


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_says_why_it_should_work_and_which_documents_it_comes_from(
    name: str,
) -> None:
    plan = scenarios.load(name)
    cited = sources(parameters.load("sefton").root)
    assert plan.theory_of_change.endswith(".") and len(plan.rationale) > 40
    assert set(plan.documents) <= set(cited)
    asks_only = plan.evidence == "definition" or name in ASKED_BY_THIS_PROJECT
    assert plan.documents or asks_only, "no document"


ASKED_BY_THIS_PROJECT = ("early_help_more", "early_help_less", "vacancies_filled")


@pytest.mark.parametrize("name", NAMES)
def test_the_theory_of_change_of_every_scenario_is_drawn_with_its_weakest_link(name: str) -> None:
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n## ")[1:]
    found = {section.partition("\n")[0]: section for section in sections}
    assert name in found
    assert "```mermaid\nflowchart LR\n" in found[name]
    assert "**Weakest link**" in found[name]


def test_no_section_is_about_a_scenario_that_is_gone() -> None:
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n## ")[1:]
    heads = {section.partition("\n")[0] for section in sections}
    assert {head for head in heads if "_" in head or head in NAMES} == set(NAMES)


@pytest.fixture
def file(root: Path, tmp_path: Path) -> Path:
    """A scenario file outside scenarios/, and its twin inside under the same name."""
    add_scenario(root, "mine", changes=[change(WORKERS, 40)])
    folder = tmp_path / "plans + ideas"
    folder.mkdir()
    return Path((root / "scenarios" / "mine.toml").rename(folder / "mine.toml"))


def test_a_path_goes_wherever_the_name_of_a_scenario_goes(root, file):
    plan = scenarios.load(str(file), root)
    assert plan.name == "mine"
    assert plan.changes[0].where.file == str(file)
    add_scenario(root, "other", changes=[change("capacity.key_workers", 9)])
    together = scenarios.load(f"other+{file.rename(file.parent.parent / 'mine.toml')}", root)
    assert together.name == "mine+other"
    assert [one.parameter for one in together.changes] == [WORKERS, "capacity.key_workers"]


def test_draws_do_not_depend_on_where_a_file_lies(root, file):
    outside = scenarios.load(str(file), root)
    file.rename(root / "scenarios" / "mine.toml")
    assert changes_of(outside) == changes_of(scenarios.load("mine", root))


def test_a_mistake_in_a_file_names_the_file(root, file):
    file.write_text(file.read_text(encoding="utf-8").replace(WORKERS, "capacity.social_worker"))
    complaint(root, str(file), "capacity.social_workers", name=str(file))
    complaint(root, "no such file", "name of a scenario", name=str(file.parent / "yours.toml"))
    taken = file.rename(file.parent / "baseline.toml")
    complaint(root, str(taken), "something else", name=str(taken))


def test_two_files_of_one_name_are_not_compared(root, file, monkeypatch):
    monkeypatch.setenv("MODEL_HOME", str(root))
    add_scenario(root, "mine", changes=[change(WORKERS, 41)])
    with pytest.raises(InputError, match="several scenarios called 'mine'"):
        asking.check_names(["baseline", "mine", str(file)])
    asking.check_names(["baseline", str(file)])
