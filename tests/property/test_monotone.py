"""More of a thing gives more of what it does, family by family, for the same luck.

Two runs that differ in one number are compared family by family, never by averages.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import luck, network
from model.engines import simpy_engine
from model.episodes import CASES_PER_FAMILY, STAGE_CODE, EpisodeLog
from model.inputs import Inputs, resolve
from model.pathway import STAGE_NAMES, stage_named
from model.scenarios import Scenario
from model.starting import Opening
from tests.small_networks import (
    DAY,
    arriving,
    days,
    ending_in,
    exponential_minutes,
    invented,
    invented_area,
    invented_cases,
    leads,
    rows_of,
    run,
    small_network,
    with_effort,
)
from tests.synthetic import AREA, add_scenario, change, write_synthetic_root

SEEDS = st.integers(0, 10_000)
SCREENING_ENDS = [end.outcome for end in stage_named("screening").ends]


def changed(inputs: Inputs, **arrays: np.ndarray) -> Inputs:
    """Inputs with some arrays replaced, by parameter name."""
    return replace(inputs, arrays={**inputs.arrays, **arrays})


# --- early help -----------------------------------------------------------------------------------


def without_returns_and_effects(inputs: Inputs) -> Inputs:
    """Nobody comes back after leaving, and help changes nothing that follows."""
    off = {"return.yearly_rates": np.zeros_like(inputs.arrays["return.yearly_rates"])}
    for name, array in inputs.arrays.items():
        if name.startswith("effect."):
            off[name] = array.copy()
            off[name][..., inputs.outcomes(name).index("ratio")] = 1.0
    return changed(inputs, **off)


def with_more_early_help(inputs: Inputs, raised: float) -> Inputs:
    """A share of those who get advice only are recommended early help instead."""
    shares = inputs.arrays["screening.ends"].copy()
    advice = SCREENING_ENDS.index("advice_only")
    moved = shares[..., advice] * raised
    shares[..., advice] -= moved
    shares[..., SCREENING_ENDS.index("early_help_recommendation")] += moved
    return changed(inputs, **{"screening.ends": shares})


def early_help_starts(log: EpisodeLog) -> dict[int, int]:
    """How often early help was offered to each family."""
    offered = log.column("stage") == STAGE_CODE["early_help_offer"]
    family = log.column("case")[offered] // CASES_PER_FAMILY
    return dict(zip(*np.unique(family, return_counts=True), strict=True))


@settings(max_examples=30)
@given(SEEDS, st.floats(0.01, 1.0))
def test_a_higher_chance_of_early_help_never_lowers_early_help_starts(seed, raised):
    """With places without number, and returns and effects off: nobody loses by others' gain."""
    today = without_returns_and_effects(invented(invented_area(), seed, roomy=True))
    redesign = with_more_early_help(today, raised)
    usual, more = network.build(today), network.build(redesign, today)
    cases = invented_cases(np.random.default_rng(seed), usual.horizon, len(usual.localities))
    before = early_help_starts(run(usual, cases, seed))
    after = early_help_starts(run(more, cases, seed))
    assert all(after.get(family, 0) >= starts for family, starts in before.items())
    assert sum(after.values()) >= sum(before.values())


def test_between_the_two_some_families_do_start_early_help():
    today = without_returns_and_effects(invented(invented_area(), 1, roomy=True))
    usual = network.build(today)
    more = network.build(with_more_early_help(today, 1.0), today)
    cases = invented_cases(np.random.default_rng(1), usual.horizon, len(usual.localities))
    before, after = (sum(early_help_starts(run(net, cases, 1)).values()) for net in (usual, more))
    assert after > before


@settings(max_examples=20)
@given(st.floats(0, 1), st.floats(0, 1))
def test_officers_who_adopt_the_new_practice_only_add_to_those_who_have(one, other):
    """The families met by an adopting officer are among those met when more have adopted."""
    fewer, more = sorted([one, other])
    draw = stage_named("screening").draws[0]
    screening = ending_in("screening", by=(), duration_by=(), draws=(draw,))
    numbers = {"screening.effort": days(1), "screening.ends": {}}

    def met_by_an_adopter(share: float) -> np.ndarray:
        net = small_network((screening,), {**numbers, "screening.adopters_share": share})
        return run(net, arriving(np.arange(500))).attribute("practice") == 1

    assert (met_by_an_adopter(more) | ~met_by_an_adopter(fewer)).all()


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 4))
def test_one_more_officer_lets_no_family_wait_longer(seed, officers):
    screening = ending_in("screening", by=(), duration_by=(), ends=(leads("advice_only"),))
    minutes = np.sort(np.random.default_rng(seed).integers(0, 10 * DAY, 200))

    def waits(number: int) -> np.ndarray:
        numbers = {
            "screening.effort": days(1),  # replaced by the exponential
            "screening.ends": {},
            "capacity.screening_officers": number,
        }
        net = with_effort(small_network((screening,), numbers), exponential_minutes(120.0))
        rows = rows_of(run(net, arriving(minutes), seed), "screening", net)
        return (rows["served"] - rows["start"])[np.argsort(rows["case"])]

    assert (waits(officers + 1) <= waits(officers)).all()


# --- demand ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """An invented area with room for everybody, its folder, and its opening."""
    small_and_roomy = {
        "population.children_0_17": 3_000,
        "capacity.screening_officers": 1_000,
        "capacity.key_workers": 10_000,
        "capacity.partner_lead_practitioners": 10_000,
        "capacity.social_workers": 10_000,
        "capacity.in_house_foster": 10_000,
        "capacity.agency_foster": 10_000,
    }
    folder = write_synthetic_root(tmp_path_factory.mktemp("demand"), **small_and_roomy)
    inputs = resolve(AREA, start=date(2025, 4, 1), years=2, root=folder)
    return folder, Opening(inputs, network.build(inputs))


@settings(max_examples=12)
@given(seed=SEEDS, lower=st.floats(0.2, 1.5), more=st.floats(1.0, 2.0))
def test_higher_demand_only_adds_families_and_changes_no_other(area, seed, lower, more):
    _, opening = area
    key = luck.run_key(seed, 0)
    ratio = opening.inputs.arrays["demand.ratio"]
    found = []
    for demand in (lower, lower * more):
        inputs = changed(opening.inputs, **{"demand.ratio": ratio * demand})
        cases = opening.cases(inputs, opening.network, key)
        found.append((cases, simpy_engine.run(opening.network, cases, seed, 0)))
    (few, few_log), (many, many_log) = found
    kept = np.isin(many.case, few.case)
    assert set(few.case.tolist()) <= set(many.case.tolist())
    for name in type(few).__dataclass_fields__:
        assert np.array_equal(getattr(few, name), getattr(many, name)[kept]), name
    families = np.unique(few.case // CASES_PER_FAMILY)
    same = np.isin(many_log.column("case") // CASES_PER_FAMILY, families)
    assert np.array_equal(few_log.rows, many_log.rows[same])


# --- scenarios ------------------------------------------------------------------------------------


def log_under(area, scenario: Scenario | str, seed: int) -> EpisodeLog:
    """One replication of the area under a scenario."""
    folder, opening = area
    usual = opening.inputs
    inputs = resolve(AREA, scenario, start=usual.start, years=usual.years, root=folder)
    net = network.build(inputs, usual)
    cases = opening.cases(inputs, net, luck.run_key(seed, 0))
    return simpy_engine.run(net, cases, seed, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_empty_scenario_is_the_baseline_to_the_last_digit(area, seed):
    empty = Scenario("nothing", "Nothing changes")
    assert (
        log_under(area, empty, seed).fingerprint()
        == log_under(area, "baseline", seed).fingerprint()
    )


def test_a_redesign_changes_nothing_before_its_date(area):
    folder, opening = area
    ends = {outcome: 0.1 for outcome in SCREENING_ENDS[:-1]}
    ends |= {"early_help_recommendation": 0.6, "advice_only": 0.1}
    redesign = [change("screening.ends", ends, **{"from": "2026-04-01"})]
    add_scenario(folder, "next_year", redesign)
    usual, found = (log_under(area, name, 1) for name in ("baseline", "next_year"))
    begins = opening.network.calendar.minute_of(date(2026, 4, 1))

    def before(log: EpisodeLog) -> set[tuple[int, ...]]:
        end = log.column("end")
        return set(map(tuple, log.rows[(end >= 0) & (end < begins)].tolist()))

    assert before(found) == before(usual)
    assert found.fingerprint() != usual.fingerprint()
    in_help = STAGE_NAMES.index("early_help_plan")
    assert (found.column("stage") == in_help).sum() > (usual.column("stage") == in_help).sum()
