"""Few events lean on the nation's rate, many stand alone.

The council's rate is taken to be the national one times a factor spread as a gamma distribution,
and events as Poisson: the estimate is (worth + events) / (worth / prior + expected), where *worth*
is how many events the prior counts for (Clayton and Kaldor 1987). How alike the cells of one
council are is learnt from the cells themselves by maximum likelihood (negative binomial); how
alike one council is to the nation cannot be learnt from one council, and is NATIONAL_WORTH.

It knows no stage. The prior is whatever parameters it is given: England's, or a region's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

# So many of its own events weigh as much as the national rate: councils that differ by about a
# fifth or a quarter from the nation, one in three of them by more. A choice of method.
NATIONAL_WORTH = 20.0
# Where a council is plainly unlike the nation, the nation counts for as little as LEAST_WORTH.
# Between cells of one council: from cells that are hardly alike to cells that are the same.
LEAST_WORTH, MOST_WORTH, STEPS = 0.25, 400.0, 60


def leaned(events: Floats, expected: Floats, prior: Floats | float, worth: float) -> Floats:
    """Factor on the expected rate, leaning on a prior factor.

    Parameters
    ----------
    events : counted. expected : at the national rate, same shape.
    prior : factor where nothing is known. worth : events that the prior counts for.

    Returns
    -------
    The prior where there is no event and nothing expected; events / expected where there are many.
    """
    return (worth + events) / (worth / np.asarray(prior) + expected)


def worth_between(events: Floats, expected: Floats, prior: Floats | float) -> float:
    """How many events a cell's prior counts for, learnt from how far the cells differ.

    Parameters
    ----------
    events, expected : of the cells, the data alone; any shape. prior : factor common to them.

    Returns
    -------
    LEAST_WORTH to MOST_WORTH; MOST_WORTH where there are fewer than two cells with anything
    expected.
    """
    there = np.ravel(expected) > 0
    seen, mean = np.ravel(events)[there], (np.ravel(expected * prior))[there]
    return _likeliest(seen, mean, MOST_WORTH) if len(seen) > 1 else MOST_WORTH


def council_factor(events: Floats, expected: Floats) -> Floats:
    """Factor of the council as a whole on the template's rates.

    Parameters
    ----------
    events, expected : shape (1 + resamples, ...); what the prior counts for is learnt from the
        data alone (row 0), each entry for itself, and is NATIONAL_WORTH at most.
    """
    found = np.empty_like(events)
    for place in np.ndindex(*events.shape[1:]):
        seen, mean = events[(slice(None), *place)], expected[(slice(None), *place)]
        worth = _likeliest(seen[:1], mean[:1], NATIONAL_WORTH) if mean[0] > 0 else NATIONAL_WORTH
        found[(slice(None), *place)] = leaned(seen, mean, 1.0, worth)
    return found


def _likeliest(seen: Floats, mean: Floats, most: float) -> float:
    """The worth under which these counts are likeliest (negative binomial)."""
    worths = np.geomspace(LEAST_WORTH, most, STEPS)[:, None]
    likely = (
        gammaln(seen + worths)
        - gammaln(worths)
        + worths * np.log(worths / (worths + mean))
        + seen * np.log(mean / (worths + mean))
    ).sum(axis=1)
    return float(worths[int(np.argmax(likely)), 0])


def mixed(counts: Floats, prior: Floats, worth: float = NATIONAL_WORTH) -> Floats:
    """Shares of outcomes, leaning on prior shares (Dirichlet); last axis the outcomes."""
    return (worth * prior + counts) / (worth + counts.sum(axis=-1, keepdims=True))


def weight_of_prior(events: float, worth: float = NATIONAL_WORTH) -> float:
    """Share of an estimate that is the nation's, 0 to 1."""
    return worth / (worth + events)
