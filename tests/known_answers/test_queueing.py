"""The screening queue waits as long as queueing theory says.

With Poisson contacts, exponential efforts, officers who are all alike and an office that never
closes, the screening queue is the M/M/c queue, whose waits are known (Erlang 1917; with urgent
families first, Cobham 1954). Nothing here is evidence: contacts and efforts are chosen so that
officers are busy, but not hopelessly.
"""

from math import factorial

import numpy as np
import pytest

from tests.small_networks import (
    arriving,
    days,
    ending_in,
    exponential_minutes,
    leads,
    poisson_minutes,
    rows_of,
    run,
    same_as,
    small_network,
    with_effort,
)

SCREENING = ending_in("screening", by=(), duration_by=(), ends=(leads("advice_only"),))
EFFORT_MINUTES = 1_000
# Minutes are whole: an effort is cut to the minute below, half a minute on average.
MEAN_EFFORT = EFFORT_MINUTES - 0.5
FAMILIES = 10_000
FIRST = 500  # families left out: they come while the office is still filling up
REPLICATIONS = 16
URGENT, NOT_URGENT = 3, 0


def chance_of_waiting(officers: int, load: float) -> float:
    """Erlang C: the chance that all officers are busy; load is contacts x effort."""
    busy = load**officers / factorial(officers) / (1.0 - load / officers)
    idle = sum(load**k / factorial(k) for k in range(officers))
    return busy / (idle + busy)


def screened(officers: int, load: float, replication: int, urgent_share: float = 0.0):
    """The rows of one replication of screening, and which of the families were urgent."""
    random = np.random.default_rng(replication)
    until = round(FAMILIES * EFFORT_MINUTES / load)
    numbers = {
        "screening.effort": days(1),  # replaced by the exponential
        "screening.ends": {"advice_only": 1.0},
        "capacity.screening_officers": officers,
    }
    network = small_network((SCREENING,), numbers, run_days=2 * until // 1440)
    network = with_effort(network, exponential_minutes(EFFORT_MINUTES))
    minutes = poisson_minutes(random, load / EFFORT_MINUTES, until)
    urgent = random.random(len(minutes)) < urgent_share
    cases = arriving(minutes, need=np.where(urgent, URGENT, NOT_URGENT))
    rows = rows_of(run(network, cases, 1, replication), "screening", network)
    assert (rows["end"] > 0).all(), "a family was still waiting when the run ended"
    return (rows["served"] - rows["start"])[FIRST:], urgent[FIRST:]


@pytest.mark.parametrize(("officers", "load"), [(1, 0.6), (5, 3.75)])
def test_families_wait_as_long_as_erlang_says(officers, load):
    delayed = chance_of_waiting(officers, load * MEAN_EFFORT / EFFORT_MINUTES)
    expected = delayed / (officers / MEAN_EFFORT - load / EFFORT_MINUTES)
    waits = [screened(officers, load, replication)[0] for replication in range(REPLICATIONS)]
    same_as([wait.mean() for wait in waits], expected, no_wider_than=0.05)
    same_as([(wait > 0).mean() for wait in waits], delayed, no_wider_than=0.02)


def test_urgent_families_are_screened_first_and_others_wait_the_longer_for_it():
    load, urgent_share = 0.7, 0.3
    urgent_load = load * urgent_share
    ahead = load * EFFORT_MINUTES  # what is left of the effort under way, as a newcomer finds it
    urgent_waits, other_waits = [], []
    for replication in range(REPLICATIONS):
        wait, urgent = screened(1, load, replication, urgent_share)
        urgent_waits.append(wait[urgent].mean())
        other_waits.append(wait[~urgent].mean())
    same_as(urgent_waits, ahead / (1 - urgent_load), no_wider_than=0.05)
    same_as(other_waits, ahead / (1 - urgent_load) / (1 - load), no_wider_than=0.05)
