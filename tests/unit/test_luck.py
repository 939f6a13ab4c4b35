"""Luck is even, independent from one address to the next, and the same whoever asks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model import luck
from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY
from model.pathway import PATHWAY

CASES = 50_000
CELLS = 100
SIGNIFICANCE = 0.001
numbers = st.integers(0, 2**40)
purposes = st.integers(0, 2**32 - 1)


def neighbours(kind: str) -> np.ndarray:
    """Luck at addresses that differ in one thing, one step at a time; shape (CASES,)."""
    key = luck.run_key(7, 0)
    purpose = luck.purpose("screening.referral")
    case = FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY
    steps = range(CASES)
    if kind == "family":
        keys = [luck.case_key(key, case + CASES_PER_FAMILY * k) for k in steps]
        return np.array([luck.uniform(one, purpose, 0) for one in keys])
    if kind == "child":
        return np.array([luck.uniform(luck.case_key(key, case + k), purpose, 0) for k in steps])
    if kind == "replication":
        keys = [luck.case_key(luck.run_key(7, k), case) for k in steps]
        return np.array([luck.uniform(one, purpose, 0) for one in keys])
    if kind == "seed":
        keys = [luck.case_key(luck.run_key(k, 0), case) for k in steps]
        return np.array([luck.uniform(one, purpose, 0) for one in keys])
    one = luck.case_key(key, case)
    if kind == "nth":
        return np.array([luck.uniform(one, purpose, k) for k in steps])
    return np.array([luck.uniform(one, purpose + k, 0) for k in steps])


KINDS = ["family", "child", "replication", "seed", "nth", "purpose"]


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_luck_is_spread_evenly(kind):
    found = np.histogram(neighbours(kind), CELLS, (0, 1))[0]
    assert stats.chisquare(found).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_luck_is_not_alike(kind):
    """Neither from one to the next, nor in pairs, which a grid of cells would show."""
    u = neighbours(kind)
    correlation = np.corrcoef(u[:-1], u[1:])[0, 1]
    assert abs(correlation) < stats.norm.ppf(1 - SIGNIFICANCE / 2) / np.sqrt(CASES)
    pairs = np.histogram2d(u[:-1:2], u[1::2], 10, [[0, 1], [0, 1]])[0]
    assert stats.chisquare(pairs.ravel()).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("stage", PATHWAY, ids=lambda stage: stage.name)
def test_a_familys_luck_for_one_thing_says_nothing_about_another(stage):
    """Across families, the luck for each way of ending a stage is its own."""
    families = np.arange(20_000, dtype=np.int64) * CASES_PER_FAMILY
    keys = luck.case_keys(luck.run_key(1, 0), families)
    names = [f"{stage.name}.{end.outcome}" for end in stage.ends]
    names += [draw.parameter for draw in stage.draws]
    found = np.array([luck.uniforms(keys, name) for name in names])
    correlations = np.atleast_2d(np.corrcoef(found))[np.triu_indices(len(names), 1)]
    allowed = stats.norm.ppf(1 - SIGNIFICANCE / 2 / max(len(correlations), 1))
    assert (np.abs(correlations) < allowed / np.sqrt(len(families))).all()


@given(st.integers(0, 2**63), numbers, numbers, purposes, st.integers(0, 4095))
def test_luck_is_from_0_up_to_but_never_1(seed, replication, case, purpose, nth):
    u = luck.uniform(luck.case_key(luck.run_key(seed, replication), case), purpose, nth)
    assert 0.0 <= u < 1.0


def test_the_largest_luck_there_can_be_is_below_1():
    assert (luck.MASK >> 11) * luck.TO_UNIT < 1.0


@given(numbers, st.lists(numbers, min_size=1, max_size=20), st.integers(0, 4095))
def test_many_at_once_have_the_luck_that_each_has_alone(seed, cases, nth):
    key, name = luck.run_key(seed, 3), "looked_after.moves"
    keys = luck.case_keys(key, np.array(cases, np.int64))
    together = luck.uniforms(keys, name, nth)
    for case, own_key, u in zip(cases, keys.tolist(), together.tolist(), strict=True):
        assert own_key == luck.case_key(key, case)
        assert u == luck.uniform(own_key, luck.purpose(name), nth)


@given(numbers, st.lists(st.tuples(numbers, purposes), min_size=2, max_size=10))
def test_asking_for_one_luck_changes_no_other(seed, addresses):
    """Luck is addressed, never consumed: any order, any number of times, the same answer."""
    key = luck.run_key(seed, 0)

    def ask(order: list[int]) -> dict[int, float]:
        return {
            k: luck.uniform(luck.case_key(key, addresses[k][0]), addresses[k][1], 0) for k in order
        }

    forwards = list(range(len(addresses)))
    assert ask(forwards) == ask(forwards[::-1]) == ask(forwards[::2] + forwards)


def test_every_purpose_of_the_pathway_has_an_address_of_its_own():
    names = {f"{stage.name}.{end.outcome}" for stage in PATHWAY for end in stage.ends}
    names |= {draw.parameter for stage in PATHWAY for draw in stage.draws}
    names |= {draw.parameter for s in PATHWAY for end in s.ends for draw in end.draws}
    beside = {f"{stage.name}.{one.stage}" for stage in PATHWAY for one in stage.beside}
    found = [luck.purpose(name) for name in sorted(names | beside)]
    found += [luck.purpose(name) + 1 for name in sorted(beside)]  # the length of what runs beside
    assert len(set(found)) == len(found)


def test_luck_at_a_known_address_never_changes():
    """SplitMix64 from the state 0, as its authors publish it; then our own addresses, frozen."""
    assert luck.mix(luck.CASE_STEP) == 0xE220A8397B1DCDAF
    assert luck.mix(2 * luck.CASE_STEP & luck.MASK) == 0x6E789E6AA1B965F4
    assert luck.run_key(1, 0) == 0x7AB40E090F363A7D
    assert luck.run_key(1, 1) == 0x8BA22977212096A8
    assert luck.purpose("screening.referral") == 0x69EA3FA3
    first_family = luck.case_key(luck.run_key(1, 0), CASES_PER_FAMILY)
    assert luck.uniform(first_family, 0x69EA3FA3, 0) == 0.10650245923739421
