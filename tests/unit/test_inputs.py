"""An area's numbers under a scenario, date by date."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import parameters, scenarios
from model.errors import InputError
from model.inputs import Inputs, resolve
from model.pathway import ATTRIBUTES
from model.scenarios.changed_values import weighted_by_odds
from tests.synthetic import AREA, CASELOAD, LEAVES, add_scenario, change, write_synthetic_root

START = date(2025, 4, 1)
WORKERS = "capacity.social_workers"
OFFICERS = "screening.officers_adopting"
REFERRAL = {"outcome": "referral"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_synthetic_root(tmp_path)


def under(root: Path, *changes: dict[str, Any], years: int = 3, **keys: Any) -> Inputs:
    """The inputs of Testshire under a scenario of these changes."""
    add_scenario(root, "plan", list(changes), **keys)
    return resolve(AREA, "plan", start=START, years=years, root=root)


def complaint(root: Path, *changes: dict[str, Any], words: tuple[str, ...], **keys: Any) -> None:
    """The scenario must be refused in words that contain these."""
    with pytest.raises(InputError) as caught:
        under(root, *changes, **keys)
    for word in words:
        assert word in str(caught.value), str(caught.value)


# --- the baseline --------------------------------------------------------------------------------


def test_the_baseline_has_one_epoch_and_every_number(root: Path) -> None:
    usual = resolve(AREA, start=START, years=3, root=root)
    assert usual.change_dates == (START,)
    assert usual.horizon == date(2028, 4, 1)
    assert usual.localities == ("North", "South")
    assert (usual.area.title, usual.area.code) == ("Testshire", "E00000000")
    assert float(usual.number(WORKERS)) == 40
    assert usual.number("capacity.key_workers").tolist() == [10, 10]
    assert usual.shares("screening.ends").shape == (2, 4, 2, 5)
    assert usual.shares("screening.universal_uptake").tolist() == [0.5, 0.5]
    assert usual.shares("hazard_ratio.return").shape == (2, 2)
    assert usual.yearly("looked_after.yearly_rates").shape == (5, 3, 5)
    assert usual.counts(CASELOAD) == LEAVES[CASELOAD]
    assert usual.bands("screening.effort", (1,)).unit == "minutes"
    assert usual.shape("return.time_shape").factors["comes_back"] == (1.5, 1.0, 0.5)
    assert usual.outcomes("contact.ends")[-1] == "to_screening"
    assert usual.dimensions("referral.ends") == ("stream", "locality")
    assert usual.caseload_dates() == {date(2025, 3, 31): CASELOAD}
    assert usual.programme_costs == ()
    assert not any(usual.varies(name) for name in usual.parameters)


def test_a_value_is_laid_out_in_the_order_of_the_attributes(tmp_path: Path) -> None:
    value = {
        practice: {"edges_minutes": [0, minutes], "shares": [1.0]}
        for practice, minutes in (("below_threshold", 90), ("conventional", 30))
    }
    by_source = dict.fromkeys(ATTRIBUTES["source"], 0.0) | {"health": 0.3}
    root = write_synthetic_root(
        tmp_path,
        **{
            "screening.effort": {"by": ["practice"], "value": value},
            "population.disabled_share": {"by": ["source"], "value": by_source},
        },
    )
    usual = resolve(AREA, start=START, years=1, root=root)
    assert usual.bands("screening.effort", (0,)).edges == (0, 30)
    assert usual.bands("screening.effort", (1,)).edges == (0, 90)
    assert int(np.argmax(usual.shares("population.disabled_share"))) == 2


def test_names_kinds_and_epochs_are_checked(root: Path) -> None:
    usual = resolve(AREA, start=START, years=3, root=root)
    with pytest.raises(InputError, match=r"Did you mean 'contact\.ends'"):
        usual.shares("contacts.ends")
    with pytest.raises(TypeError, match="split, not number"):
        usual.number("contact.ends")
    with pytest.raises(IndexError, match="epoch 1 of 1"):
        usual.number(WORKERS, 1)
    with pytest.raises(ValueError, match="dimensions"):
        usual.bands("screening.effort")
    with pytest.raises(InputError, match="at least 1 year"):
        resolve(AREA, start=START, years=0, root=root)


def test_inputs_travel_to_a_worker_process_unchanged(root: Path) -> None:
    found = under(root, change(WORKERS, 50))
    assert pickle.loads(pickle.dumps(found)).digest() == found.digest()


def test_other_parameters_are_resolved_in_the_same_way(root: Path) -> None:
    known = parameters.load(AREA, root).with_values({WORKERS: 33})
    drawn = resolve(AREA, start=START, years=1, root=root, parameters=known)
    usual = resolve(AREA, start=START, years=1, root=root)
    assert float(drawn.number(WORKERS)) == 33
    assert drawn.digest() != usual.digest()


def test_equal_inputs_have_equal_digests_and_any_difference_tells(root: Path) -> None:
    usual = resolve(AREA, start=START, years=3, root=root).digest()
    assert usual == resolve(AREA, start=START, years=3, root=root).digest()
    others = {
        resolve(AREA, start=START, years=4, root=root).digest(),
        resolve(AREA, start=date(2025, 4, 2), years=3, root=root).digest(),
        under(root, change(WORKERS, 50)).digest(),
        under(root, change(WORKERS, 50, from_="2026-01-01")).digest(),
        under(root, change("hazard_ratio.return", 0.9, localities=["North"])).digest(),
    }
    assert len({usual, *others}) == 6


# --- when ----------------------------------------------------------------------------------------


def test_each_date_of_a_change_begins_an_epoch(root: Path) -> None:
    ramp = [["start + 0 months", 1], ["start + 3 months", 2]]
    found = under(root, change(OFFICERS, None, ramp=ramp), change(WORKERS, 50, from_="2026-01-01"))
    assert found.change_dates == (START, date(2025, 7, 1), date(2026, 1, 1))
    assert [float(found.number(OFFICERS, e)) for e in range(3)] == [1, 2, 2]
    assert [float(found.number(WORKERS, e)) for e in range(3)] == [40, 40, 50]
    shares = [float(found.shares("screening.adopters_share", e)) for e in range(3)]
    assert shares == [0.2, 0.4, 0.4], "one and two officers of five"
    assert found.varies(OFFICERS) and found.varies("screening.adopters_share")
    assert not found.varies("capacity.key_workers")


def test_a_date_before_the_start_is_in_force_throughout(root: Path) -> None:
    ramp = [["2024-01-01", 1], ["2025-01-01", 2], ["2026-04-01", 3]]
    found = under(root, change(OFFICERS, None, ramp=ramp))
    assert found.change_dates == (START, date(2026, 4, 1))
    assert [float(found.number(OFFICERS, e)) for e in range(2)] == [2, 3]


@pytest.mark.parametrize("when", ["2028-04-01", "start + 36 months", "2031-01-01"])
def test_a_date_after_the_horizon_is_refused(root: Path, when: str) -> None:
    complaint(
        root, change(WORKERS, 50, from_=when), words=("change[1].from", "2028-04-01", "more years")
    )


def test_a_ramp_runs_forwards(root: Path) -> None:
    ramp = [["start + 3 months", 1], ["start + 1 months", 2]]
    complaint(root, change(OFFICERS, None, ramp=ramp), words=("ramp", "rising order"))


def test_what_is_read_once_cannot_change_midway(root: Path) -> None:
    complaint(
        root,
        change("population.children_0_17", 12000, from_="start + 6 months"),
        words=("population.children_0_17", "as a run starts"),
    )
    found = under(root, change("population.children_0_17", 12000))
    assert float(found.number("population.children_0_17")) == 12000


# --- where and what ------------------------------------------------------------------------------


def test_a_change_for_some_localities_leaves_the_others(root: Path) -> None:
    found = under(root, change("capacity.key_workers", 4, how="add", localities=["South"]))
    assert found.number("capacity.key_workers").tolist() == [10, 14]


def test_one_share_changes_and_the_others_keep_their_proportions(root: Path) -> None:
    at = {"practice": "below_threshold", "need": ["level_1", "level_2"], **REFERRAL}
    found = under(root, change("screening.ends", 0.65, at=at))
    shares = found.shares("screening.ends")
    np.testing.assert_allclose(shares.sum(axis=-1), 1)
    np.testing.assert_allclose(shares[1, 1, 0], [0.65, 0.075, 0.05, 0.025, 0.2])
    np.testing.assert_allclose(
        shares[0, 1, 0], [0.3, 0.15, 0.1, 0.05, 0.4], err_msg="other practice"
    )
    np.testing.assert_allclose(shares[1, 2, 0], [0.3, 0.15, 0.1, 0.05, 0.4], err_msg="other need")


def test_several_shares_are_set_together(root: Path) -> None:
    found = under(root, change("screening.ends", {"referral": 0.2, "advice_only": 0.2}))
    np.testing.assert_allclose(found.shares("screening.ends")[0, 0, 0], [0.2, 0.3, 0.2, 0.1, 0.2])


def test_an_odds_ratio_means_what_it_says(root: Path) -> None:
    found = under(root, change("screening.ends", 3.0, how="odds_ratio", at=REFERRAL))
    share = found.shares("screening.ends")[0, 0, 0, 0]
    assert share / (1 - share) == pytest.approx(3 * 0.3 / 0.7)
    found = under(root, change("screening.universal_uptake", 3.0, how="odds_ratio"))
    np.testing.assert_allclose(found.shares("screening.universal_uptake"), 0.75)


def test_the_odds_lever_acts_on_the_split_of_its_stage(root: Path) -> None:
    lever = change("odds_ratio.referral", {"no_further_action": 2.0}, localities=["North"])
    found = under(root, lever | {"from": "start + 12 months"})
    usual, changed = found.shares("referral.ends", 0), found.shares("referral.ends", 1)
    np.testing.assert_array_equal(usual[:, 1], changed[:, 1])
    p, q = usual[0, 0, 0], changed[0, 0, 0]
    assert q / (1 - q) == pytest.approx(2 * p / (1 - p))
    np.testing.assert_allclose(changed.sum(axis=-1), 1)
    assert found.varies("referral.ends")


def test_the_odds_lever_of_a_split_without_localities_acts_on_all(root: Path) -> None:
    found = under(root, change("odds_ratio.contact", {"early_help_door": 2.0}))
    shares = found.shares("contact.ends")
    assert shares.shape == (9, 4)
    np.testing.assert_allclose(shares[:, 0], 0.2 / 1.1)


@given(
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.lists(st.floats(0.1, 10), min_size=3, max_size=3),
)
def test_odds_against_the_rest_change_by_their_ratios(
    weights: list[float], ratios: list[float]
) -> None:
    shares = np.array(weights) / sum(weights)
    changed = weighted_by_odds(shares, np.array([*ratios, 1.0]))
    assert changed.sum() == pytest.approx(1)
    for place, ratio in enumerate(ratios):
        usual = shares[place] / shares[-1]
        assert changed[place] / changed[-1] == pytest.approx(ratio * usual)


def test_changes_of_other_scenarios_come_first(root: Path) -> None:
    add_scenario(root, "double", [change(WORKERS, 2, how="multiply")])
    found = under(root, change(WORKERS, 5, how="add"), extends=["double"])
    assert float(found.number(WORKERS)) == 85


def test_rounding_makes_nothing_impossible(root: Path) -> None:
    steps = (-0.2, -0.1, -0.1, -0.1)  # in binary, these come to a hair below -0.5
    found = under(root, *(change("screening.universal_uptake", step, how="add") for step in steps))
    assert found.shares("screening.universal_uptake").tolist() == [0.0, 0.0]


def test_resolved_numbers_cannot_be_overwritten(root: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        under(root, change(WORKERS, 50)).shares("screening.ends")[:] = 0


def test_part_of_a_count_is_changed_by_its_name(root: Path) -> None:
    found = under(root, change(CASELOAD, 100, at={"outcome": "looked_after"}))
    assert found.counts(CASELOAD)["looked_after"] == 100
    complaint(
        root,
        change(CASELOAD, 9, at={"outcome": "early_help_wait"}),
        words=("does not state", "early_help_wait"),
    )


def test_programme_costs_get_their_dates(root: Path) -> None:
    cost = {
        "name": "Training",
        "funder": "council",
        "gbp_once": 5,
        "low": 4,
        "high": 6,
        "price_year": "2024-25",
        "source": "invented",
        "grade": "assumption",
        "from": "start + 3 months",
    }
    found = under(root, change(WORKERS, 50), programme_cost=[cost])
    assert found.programme_costs[0].starts == date(2025, 7, 1)
    late = cost | {"from": "2030-01-01"}
    complaint(root, change(WORKERS, 50), programme_cost=[late], words=("programme_cost[1].from",))


# --- what makes no sense -------------------------------------------------------------------------

IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    (change("screening.universal_uptake", 3, how="multiply"), "would become 1.5"),
    (change("screening.universal_uptake", -0.6, how="add"), "would become -0.1"),
    (change("screening.ends", 1.2, at=REFERRAL), "at most 1"),
    (change("screening.ends", -0.4, how="add", at=REFERRAL), "at least 0"),
    (change("screening.ends", {"referral": 0.7, "already_open": 0.7}), "at most 1"),
    (change("return.pace", 0, how="multiply"), "a ratio above 0"),
    (change(WORKERS, -50, how="add"), "would become -10"),
    (change(OFFICERS, 6), "of 5 in capacity.screening_officers"),
    (change("capacity.key_workers", 20, localities=["Nort"]), "Did you mean 'North'?"),
    (change("population.locality_share", 0.6, at={"outcome": "Nroth"}), "Did you mean 'North'?"),
    (change("effect.universal_on_return", 1, at={"outcome": "gone_by_weeks"}), "out of order"),
    (change("caseload.at_2024_03_31", 5, at={"outcome": "looked_after"}), "caseload.at_2025_03_31"),
]


@pytest.mark.parametrize(("row", "words"), IMPOSSIBLE)
def test_an_impossible_result_is_refused(root: Path, row: dict[str, Any], words: str) -> None:
    complaint(root, row, words=("scenarios/plan.toml", "change[1]", words))


def test_a_whole_split_cannot_take_up_the_rest_from_nothing(tmp_path: Path) -> None:
    root = write_synthetic_root(
        tmp_path, **{"early_help_offer.ends": {"declined": 0.0, "accepted": 1.0}}
    )
    at = {"outcome": "accepted"}
    complaint(
        root, change("early_help_offer.ends", 0.9, at=at), words=("Write all shares", "nothing")
    )
    both = {"declined": 0.1, "accepted": 0.9}
    found = under(root, change("early_help_offer.ends", both))
    np.testing.assert_allclose(found.shares("early_help_offer.ends")[0, 0], [0.1, 0.9])


def test_more_officers_adopt_only_where_there_are_more(root: Path) -> None:
    ramp = [["start", 3], ["start + 12 months", 6]]
    complaint(root, change(OFFICERS, None, ramp=ramp), words=("6 in", "of 5 in"))
    found = under(
        root,
        change(OFFICERS, None, ramp=ramp),
        change("capacity.screening_officers", 8, from_="start + 12 months"),
    )
    assert float(found.shares("screening.adopters_share", 1)) == 0.75


@pytest.mark.parametrize(
    "row",
    [
        change(WORKERS, 40),
        change(WORKERS, 1, how="multiply"),
        change(WORKERS, 0, how="add"),
        change("screening.ends", 0.3, at=REFERRAL),
        change("screening.ends", 1, how="odds_ratio", at=REFERRAL),
        change("contact.ends", 2, how="multiply", at={"outcome": "moved_in_with_plan"}),
        change(OFFICERS, None, ramp=[["start", 0], ["start + 3 months", 0]]),
    ],
)
def test_a_change_that_does_nothing_is_refused(root: Path, row: dict[str, Any]) -> None:
    complaint(root, row, words=("change[1]", "does nothing", row["parameter"]))


def test_a_change_that_another_undoes_is_refused(root: Path) -> None:
    undone = change(WORKERS, 2, how="multiply"), change(WORKERS, 0.5, how="multiply")
    complaint(root, *undone, words=("does nothing",))
    overruled = change(WORKERS, 2, how="multiply"), change(WORKERS, 60)
    complaint(root, *overruled, words=("change[1]", "overruled"))
    needed = change(WORKERS, 30, how="add"), change(WORKERS, -50, how="add")
    assert float(under(root, *needed).number(WORKERS)) == 20


def test_two_scenarios_that_set_the_same_part_are_both_named(root: Path) -> None:
    add_scenario(root, "one", [change(WORKERS, 50)])
    add_scenario(root, "two", [change(WORKERS, 60, from_="start + 12 months")])
    complaint(root, extends=["one", "two"], words=("'one'", "'two'", WORKERS))


def test_different_parts_may_be_set_by_different_scenarios(root: Path) -> None:
    key_workers = "capacity.key_workers"
    add_scenario(root, "one", [change(key_workers, 12, localities=["North"])])
    add_scenario(root, "two", [change(key_workers, 15, localities=["South"])])
    assert under(root, extends=["one", "two"]).number(key_workers).tolist() == [12, 15]
    add_scenario(root, "one", [change("hazard_ratio.return", {"comes_back": 0.9})])
    add_scenario(root, "two", [change("hazard_ratio.return", {"care_entry": 0.8})])
    found = under(root, extends=["one", "two"]).shares("hazard_ratio.return")
    assert found.tolist() == [[0.9, 0.8], [0.9, 0.8]]


def test_shares_of_one_split_are_set_by_one_scenario(root: Path) -> None:
    add_scenario(root, "one", [change("screening.ends", 0.5, at=REFERRAL)])
    add_scenario(root, "two", [change("screening.ends", 0.3, at={"outcome": "advice_only"})])
    complaint(root, extends=["one", "two"], words=("'one'", "'two'", "table of shares"))
    first, second = {**REFERRAL, "need": "level_1"}, {**REFERRAL, "need": "level_2"}
    add_scenario(root, "one", [change("screening.ends", 0.5, at=first)])
    add_scenario(root, "two", [change("screening.ends", 0.6, at=second)])
    shares = under(root, extends=["one", "two"]).shares("screening.ends")[0, :, 0, 0]
    np.testing.assert_allclose(shares, [0.5, 0.6, 0.3, 0.3])


def test_a_scenario_runs_only_where_it_makes_sense(root: Path) -> None:
    own = root / "parameters/areas/testshire.toml"
    (root / "parameters/areas/elsewhere.toml").write_text(own.read_text())
    complaint(root, change(WORKERS, 50), areas=["elsewhere"], words=("'testshire'", "elsewhere"))


def test_a_scenario_can_be_given_as_it_is(root: Path) -> None:
    add_scenario(root, "plan", [change(WORKERS, 50)])
    plan = scenarios.load("plan", root)
    assert float(resolve(AREA, plan, start=START, years=1, root=root).number(WORKERS)) == 50
    with pytest.raises(ValueError, match="for a run of"):
        known = parameters.load(AREA, root)
        resolve("elsewhere", plan, start=START, years=1, root=root, parameters=known)
