"""Of so many families, so many go each way: shares multiply, and rates compete.

Each answer is worked out by hand from the numbers put in. Counts may differ from it only by what
chance allows in so many families; where two runs share their luck they must agree exactly.
"""

from dataclasses import replace
from datetime import date, timedelta
from math import exp

import numpy as np
import pytest

from model.episodes import OUTCOME_CODE, EpisodeLog
from model.inputs import Bands, Shape, resolve
from model.pathway import SAME_STAGE, Rates, stage_named
from model.time_spent import age_of_duration
from tests.small_networks import (
    DAY,
    START,
    WEEK,
    YEAR,
    arriving,
    days,
    ending_in,
    leads,
    rows_of,
    run,
    share_is,
    small_network,
    time_in_stage,
)

FAMILIES = 12_000
RUN_DAYS = 5 * 365
AT_DAY_0 = np.zeros(FAMILIES, np.int64)
ADDITIONAL = 2  # the code of help that a family would not have had under today's arrangements

# Two constant risks: the least that can compete.
PLAN = ending_in("early_help_plan", rates=Rates.YEARLY, by=(), pace_by=())
STEP_UPS_A_YEAR, CLOSURES_A_YEAR = 0.5, 1.5
RATES = {"step_up": STEP_UPS_A_YEAR, "outcomes_met": CLOSURES_A_YEAR}


def ended(log: EpisodeLog, outcome: str, before: float = np.inf, since: float = 0.0) -> int:
    """Stays that ended in one way in a span of minutes."""
    end = log.column("end")
    right = log.column("outcome") == OUTCOME_CODE[outcome]
    return int((right & (end >= since) & (end < before)).sum())


def chance(spans: list[tuple[float, float]], other: float = CLOSURES_A_YEAR) -> list[float]:
    """Chance that one risk wins within each span, against another that goes on at its rate.

    Parameters
    ----------
    spans : years that each lasts, and the risk's events a year in it.
    """
    left, found = 1.0, []
    for years, rate in spans:
        ended_here = left * (1.0 - exp(-(rate + other) * years))
        found.append(ended_here * rate / (rate + other))
        left -= ended_here
    return found


def step_up_ratio(ratio: float) -> dict[str, float]:
    """A hazard ratio on step-ups alone."""
    return {"outcomes_met": 1.0, "disengaged": 1.0, "step_up": ratio, "moves_away": 1.0}


def rows_ended_before(log: EpisodeLog, minute: int) -> set[tuple[int, ...]]:
    """Whole rows of the stays that were over before a minute."""
    end = log.column("end")
    return set(map(tuple, log.rows[(end >= 0) & (end < minute)].tolist()))


# --- shares ---------------------------------------------------------------------------------------


def test_shares_of_decisions_multiply_down_the_pathway():
    doors = (leads("early_help_door", "early_help_offer"), leads("to_screening"))
    contact = ending_in("contact", by=(), ends=doors)
    offer = ending_in("early_help_offer", by=())
    numbers = {
        "contact.ends": {"early_help_door": 0.3, "to_screening": 0.7},
        "early_help_offer.ends": {"declined": 0.08},
        "early_help_offer.duration": days(0, 10, 20, shares=(0.6, 0.4)),
    }
    log = run(small_network((contact, offer), numbers), arriving(AT_DAY_0))
    share_is(ended(log, "early_help_door"), FAMILIES, 0.3)
    share_is(ended(log, "to_screening"), FAMILIES, 0.7)
    share_is(ended(log, "declined"), FAMILIES, 0.3 * 0.08)
    share_is(ended(log, "accepted"), FAMILIES, 0.3 * 0.92)
    offered = (log.column("stage") == 1).sum()
    assert ended(log, "declined") + ended(log, "accepted") == offered


def test_a_split_by_need_holds_for_each_need():
    screening = ending_in("screening", by=("need",), duration_by=())
    by_need = {
        "level_1": {"referral": 0.01, "early_help_recommendation": 0.05},
        "level_2": {"referral": 0.05, "early_help_recommendation": 0.20},
        "level_3": {"referral": 0.30, "early_help_recommendation": 0.40},
        "level_4": {"referral": 1.00},
    }
    numbers = {"screening.ends": by_need, "screening.effort": Bands((0, 60), "minutes", (1,), None)}
    net = small_network((screening,), numbers)
    need = np.arange(FAMILIES) % 4
    log = run(net, arriving(AT_DAY_0, need=need))
    found = log.attribute("need")
    for code, split in enumerate(by_need.values()):
        outcomes = log.column("outcome")[found == code]
        for outcome, share in split.items():
            share_is((outcomes == OUTCOME_CODE[outcome]).sum(), FAMILIES // 4, share)


def test_an_attribute_is_settled_in_its_shares_and_today_would_have_settled_it_so():
    declared = stage_named("screening").draws[0]
    screening = ending_in("screening", by=("practice",), duration_by=(), draws=(declared,))
    numbers = {
        "screening.adopters_share": 0.4,
        "screening.effort": Bands((0, 60), "minutes", (1,), None),
        "screening.ends": {
            "conventional": {"early_help_recommendation": 0.1},
            "below_threshold": {"early_help_recommendation": 0.5},
        },
    }
    today = {"screening.adopters_share": 0.0}
    log = run(small_network((screening,), numbers, usual=today), arriving(AT_DAY_0))
    share_is(log.attribute("practice").sum(), FAMILIES, 0.4)
    share_is(ended(log, "early_help_recommendation"), FAMILIES, 0.6 * 0.1 + 0.4 * 0.5)


def test_only_help_that_today_would_not_have_given_is_marked_as_additional():
    practice = stage_named("screening").draws[0]
    screening = ending_in(
        "screening", "return", by=("practice",), duration_by=(), draws=(practice,)
    )
    known = ending_in("return", by=(), pace_by=(), ends_at="", ends=(leads("not_known_again"),))
    numbers = {
        "screening.adopters_share": 1.0,
        "screening.effort": Bands((0, 60), "minutes", (1,), None),
        "screening.ends": {
            "conventional": {"early_help_recommendation": 0.1},
            "below_threshold": {"early_help_recommendation": 0.5},
        },
        "return.yearly_rates": {"not_known_again": 1.0},
    }
    today = {"screening.adopters_share": 0.0}
    log = run(small_network((screening, known), numbers, usual=today), arriving(AT_DAY_0))
    marked = log.attribute("help")[log.column("stage") == 1] == ADDITIONAL
    share_is(int(marked.sum()), FAMILIES, 0.5 - 0.1)


# --- competing risks ------------------------------------------------------------------------------


def test_each_constant_risk_wins_in_the_share_of_its_rate():
    rates = {"step_up": 0.5, "outcomes_met": 1.5, "disengaged": 0.8, "moves_away": 0.2}
    net = small_network((PLAN,), {"early_help_plan.yearly_rates": rates}, run_days=40 * 365)
    log = run(net, arriving(AT_DAY_0, age_years=-30))
    for outcome, rate in rates.items():
        share_is(ended(log, outcome), FAMILIES, rate / 3.0)
    stay = log.column("end") / YEAR
    assert abs(stay.mean() - 1 / 3.0) < 3.3 * (1 / 3.0) / np.sqrt(FAMILIES)
    # How a stay ends says nothing about how long it was: the risks' rates keep their proportion.
    long = stay > np.median(stay)
    stepped_up = log.column("outcome") == OUTCOME_CODE["step_up"]
    share_is(int((long & stepped_up).sum()), int(stepped_up.sum()), long.mean())


def published_bands() -> Bands:
    """How long child protection plans last, as published."""
    inputs = resolve("sefton", start=date(2025, 4, 1), years=1)
    return inputs.bands("child_protection_plan.ended_by_band")


@pytest.mark.parametrize("outcome", ["steps_down", "care_entry"])
def test_stays_end_in_the_published_bands_whatever_the_outcome(outcome):
    plan, bands = ending_in("child_protection_plan", by=()), published_bands()
    split = {"steps_down": 0.7, "pre_proceedings": 0.1, "care_entry": 0.15, "moves_away": 0.05}
    numbers = {"child_protection_plan.ended_by_band": bands, "child_protection_plan.ends": split}
    net = small_network((plan,), numbers, run_days=15 * 365)
    log = run(net, arriving(AT_DAY_0, age_years=-9))
    edges = [*bands.edges[: len(bands.shares)], np.inf]
    for low, high, share in zip(edges, edges[1:], bands.shares, strict=False):
        count = ended(log, outcome, before=high * WEEK, since=low * WEEK)
        share_is(count, FAMILIES, share * split[outcome])


def test_an_open_case_goes_on_as_stays_that_got_so_far():
    """A case open at the start with a year behind it ends as those do that lasted a year."""
    plan, bands = ending_in("child_protection_plan", by=()), published_bands()
    numbers = {
        "child_protection_plan.ended_by_band": bands,
        "child_protection_plan.ends": {"steps_down": 1.0},
    }
    net = small_network((plan,), numbers, run_days=15 * 365)
    log = run(net, arriving(AT_DAY_0, age_years=-9, spent=52 * WEEK))
    longer = {
        low: share for low, share in zip(bands.edges, bands.shares, strict=False) if low >= 52
    }
    second_year = longer[52] / sum(longer.values())
    share_is(ended(log, "steps_down", before=52 * WEEK), FAMILIES, second_year)


@pytest.mark.parametrize(
    "bands", [days(0, 14, 16, shares=(0.0, 1.0)), days(0, 5, 50, shares=(0.5, 0.5))]
)
def test_open_cases_of_a_plain_duration_end_as_evenly_as_those_that_follow(bands):
    """Met by chance, so many of the open cases end in each stretch as last at least so long."""
    enquiry = ending_in("section_47", by=(), ends=(leads("not_substantiated"),))
    numbers = {"section_47.duration": bands, "section_47.ends": {"not_substantiated": 1.0}}
    net = small_network((enquiry,), numbers)
    u = np.random.default_rng(1).random(FAMILIES)
    spent, floor = age_of_duration(net.quantiles[0], u)
    cases = replace(arriving(AT_DAY_0), spent=spent, floor=floor)
    log = run(net, cases)
    edges, shares = np.array(bands.edges), np.array(bands.shares)
    mean = (shares * (edges[:-1] + edges[1:]) / 2).sum()
    for within in (2.0, 7.0, 14.0):
        at = np.linspace(0, within, 1001)
        still_going = 1.0 - np.interp(at, edges, np.concatenate(([0.0], np.cumsum(shares))))
        expected = np.trapezoid(still_going, at) / mean
        share_is(ended(log, "not_substantiated", before=within * DAY), FAMILIES, expected)
        share_is(int((spent < within * DAY).sum()), FAMILIES, expected)


def test_a_pace_of_two_ends_the_same_stays_in_half_the_time():
    numbers = {"early_help_plan.yearly_rates": RATES}
    usual = run(small_network((PLAN,), numbers, run_days=RUN_DAYS), arriving(AT_DAY_0))
    twice = {**numbers, "early_help_plan.pace": 2.0}
    faster = run(small_network((PLAN,), twice, run_days=RUN_DAYS), arriving(AT_DAY_0))
    both = (usual.column("end") > 0) & (faster.column("end") > 0)
    assert both.sum() > FAMILIES * 0.99
    assert np.abs(usual.column("end") - 2 * faster.column("end"))[both].max() <= 2
    assert (usual.column("outcome") == faster.column("outcome"))[both].all()


# --- ratios, dates, effects -----------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_a_hazard_ratio_multiplies_its_own_events_and_no_other_locality(ratio):
    numbers = {
        "early_help_plan.yearly_rates": RATES,
        "hazard_ratio.early_help_plan": {"North": step_up_ratio(ratio), "South": 1.0},
    }
    places = {"run_days": RUN_DAYS, "localities": ("North", "South")}
    north_or_south = np.arange(2 * FAMILIES) % 2
    cases = arriving(np.zeros(2 * FAMILIES, np.int64), locality=north_or_south)
    usual_numbers = {"early_help_plan.yearly_rates": RATES}
    usual = run(small_network((PLAN,), usual_numbers, **places), cases)
    found = run(small_network((PLAN,), numbers, **places), cases)
    south = found.attribute("locality") == 1
    assert np.array_equal(found.rows[south], usual.rows[south])
    north = replace(found, rows=found.rows[~south])
    for years in (0.1, 0.5, 4.0):
        [expected] = chance([(years, STEP_UPS_A_YEAR * ratio)])
        share_is(ended(north, "step_up", before=years * YEAR), FAMILIES, expected)
    [early], [usual_early] = chance([(0.02, STEP_UPS_A_YEAR * ratio)]), chance([(0.02, 0.5)])
    assert early / usual_early == pytest.approx(ratio, rel=0.02)


def test_a_hazard_ratio_moves_no_ending_the_wrong_way():
    """The same families with the same luck: a higher risk comes earlier, never later."""

    def stepped_up(ratio: float) -> EpisodeLog:
        ratios = {"hazard_ratio.early_help_plan": step_up_ratio(ratio)}
        numbers = {"early_help_plan.yearly_rates": RATES, **ratios}
        return run(small_network((PLAN,), numbers, run_days=RUN_DAYS), arriving(AT_DAY_0))

    usual, higher = stepped_up(1.0), stepped_up(1.7)
    code = OUTCOME_CODE["step_up"]
    before, after = (log.column("outcome") == code for log in (usual, higher))
    assert after[before].all()
    assert (higher.column("end") <= usual.column("end"))[before].all()
    neither = ~after & ~before
    assert np.array_equal(higher.rows[neither], usual.rows[neither])
    assert after.sum() > before.sum()


def test_a_dated_change_acts_from_its_date_only():
    change_day, ratio = 200, 3.0
    ratios = {"hazard_ratio.early_help_plan": step_up_ratio(ratio)}
    dated = {START + timedelta(days=change_day): ratios}
    numbers = {"early_help_plan.yearly_rates": RATES}
    usual = run(small_network((PLAN,), numbers, run_days=RUN_DAYS), arriving(AT_DAY_0))
    found = run(small_network((PLAN,), numbers, run_days=RUN_DAYS, dated=dated), arriving(AT_DAY_0))
    changed = change_day * DAY
    assert rows_ended_before(found, changed) == rows_ended_before(usual, changed)
    spans = [(changed / YEAR, STEP_UPS_A_YEAR), (1.0, STEP_UPS_A_YEAR * ratio)]
    before, after = chance(spans)
    share_is(ended(found, "step_up", before=changed), FAMILIES, before)
    share_is(ended(found, "step_up", before=changed + YEAR, since=changed), FAMILIES, after)


DELAY, FULL_UNTIL, GONE_BY = 26, 60, 100
EFFECT = {
    "ratio": 0.4,
    "delay_weeks": DELAY,
    "full_until_weeks": FULL_UNTIL,
    "gone_by_weeks": GONE_BY,
}


def helped(effect: dict[str, float] | None, kind_of_help: int) -> EpisodeLog:
    """Families who all begin an early help plan on day 0."""
    numbers = {"early_help_plan.yearly_rates": RATES}
    if effect:
        numbers["effect.early_help_on_step_up"] = effect
    net = small_network((PLAN,), numbers, run_days=RUN_DAYS)
    return run(net, arriving(AT_DAY_0, help=kind_of_help))


def test_an_effect_acts_only_after_its_delay_and_fades_out():
    usual, found = helped(None, ADDITIONAL), helped(EFFECT, ADDITIONAL)
    delay = DELAY * WEEK
    assert rows_ended_before(found, delay) == rows_ended_before(usual, delay)
    year = YEAR / WEEK
    full = [(DELAY / year, STEP_UPS_A_YEAR), ((FULL_UNTIL - DELAY) / year, 0.4 * STEP_UPS_A_YEAR)]
    before, meanwhile = chance(full)
    share_is(ended(found, "step_up", before=delay), FAMILIES, before)
    share_is(ended(found, "step_up", FULL_UNTIL * WEEK, delay), FAMILIES, meanwhile)
    # Faded out: among those still helped the two risks are in their usual proportion again.
    late = [ended(found, outcome, since=GONE_BY * WEEK) for outcome in RATES]
    share_is(late[0], sum(late), STEP_UPS_A_YEAR / (STEP_UPS_A_YEAR + CLOSURES_A_YEAR))


def test_an_effect_does_nothing_for_help_that_today_gives_too():
    assert helped(EFFECT, 0).fingerprint() == helped(None, 0).fingerprint()
    assert helped(EFFECT, ADDITIONAL).fingerprint() != helped(None, ADDITIONAL).fingerprint()


def test_an_effect_on_a_decision_multiplies_its_share():
    """Families step up half a year after help began; a quarter fewer children enter care."""
    plan = ending_in("early_help_plan", "assessment", rates=Rates.YEARLY, by=(), pace_by=())
    assessment = ending_in("assessment", by=())
    numbers = {
        "early_help_plan.yearly_rates": {"step_up": 10_000.0},
        "assessment.duration": days(0, 30, shares=(1.0,)),
        "assessment.ends": {"care_entry": 0.2},
        "effect.early_help_on_care_entry": {**EFFECT, "ratio": 0.75, "delay_weeks": 0},
    }
    net = small_network((plan, assessment), numbers)
    with_help = run(net, arriving(AT_DAY_0, help=ADDITIONAL))
    without = run(net, arriving(AT_DAY_0, help=0))
    share_is(ended(with_help, "care_entry"), FAMILIES, 0.2 * 0.75)
    share_is(ended(without, "care_entry"), FAMILIES, 0.2)


def test_a_child_who_moves_placement_keeps_the_time_spent_in_care():
    """Nobody goes home in the first half year of care, however often the child has moved."""
    ends = (leads("moves", SAME_STAGE), leads("returns_home"))
    care = ending_in("looked_after", by=(), pace_by=(), placement=False, ends_at="", ends=ends)
    numbers = {
        "looked_after.yearly_rates": {"moves": 4.0, "returns_home": 1.0},
        "looked_after.time_shape": Shape(
            (0, 26), "weeks", {"moves": (1.0, 1.0), "returns_home": (0.0, 1.0)}
        ),
    }
    net = small_network((care,), numbers, run_days=RUN_DAYS)
    families = arriving(AT_DAY_0)
    log = run(net, replace(families, case=families.case + 1))
    stays = rows_of(log, "looked_after", net)
    moved = stays["nth"] > 0
    assert moved.sum() > FAMILIES
    assert (stays["spent"] == stays["start"]).all()
    assert ended(log, "returns_home", before=26 * WEEK) == 0
    share_is(ended(log, "returns_home", before=26 * WEEK + YEAR), FAMILIES, 1.0 - exp(-1.0))
    # As many moves as a Poisson stream of four a year brings in the years that they spent in care.
    expected_moves = 4.0 * time_in_stage(log, stays).sum() / YEAR
    assert abs(ended(log, "moves") - expected_moves) < 3.3 * np.sqrt(expected_moves)
