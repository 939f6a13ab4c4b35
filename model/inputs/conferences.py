"""Family group conferences at pre-proceedings: what offering them to more families changes.

The share of families who go on to care is published for all of them, some of whom are offered a
conference today. A trial tells the odds of care with an offer over those without. The two give the
share among families who are offered none; only they gain when more are offered one. It knows no
scenario.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.parameters import Parameters
from model.parameters.catalogue import spec_named
from model.parameters.values import dense

Array = NDArray[np.float64]
ENDS, OFFERED = "pre_proceedings.ends", "pre_proceedings.conference_offered"
ODDS_RATIO = "pre_proceedings.conference_odds_ratio"
CARE, OTHER = "care_entry", "diverted"


def offer_conferences(
    arrays: dict[str, Array], localities: tuple[str, ...], known: Parameters
) -> None:
    """Change the ends of pre-proceedings, where the share offered a conference changes.

    Parameters
    ----------
    arrays : every numeric parameter by epoch, as the scenario leaves it; `ENDS` is replaced.
    localities : the area's. known : its parameters before the scenario.
    """
    if OFFERED not in arrays:
        return
    spec, ends = spec_named(OFFERED), spec_named(ENDS)
    assert spec is not None and ends is not None
    entry = known[OFFERED]
    today = dense(entry.value, spec, entry.by, localities)[None]
    if np.array_equal(arrays[OFFERED], today):
        return
    care, other = ends.outcomes.index(CARE), ends.outcomes.index(OTHER)
    shares = arrays[ENDS]
    both = shares[..., care] + shares[..., other]
    then = care_share(shares[..., care] / both, today, arrays[OFFERED], arrays[ODDS_RATIO]) * both
    new = np.repeat(shares, len(then), axis=0) if len(shares) == 1 else shares.copy()
    differs = arrays[OFFERED] != today
    new[..., care] = np.where(differs, then, shares[..., care])
    new[..., other] = np.where(differs, both - then, shares[..., other])
    arrays[ENDS] = new


def care_share(share: Array, today: Array, offered: Array, odds_ratio: Array) -> Array:
    """The share who enter care once a conference is offered to another share of families.

    Parameters
    ----------
    share : of all families who enter care today. today, offered : share of families who are
        offered a conference, today and then.
    odds_ratio : of care for a family that is offered one, over one that is not.
    """
    without = share_without(share, today, odds_ratio)
    with_one = without * odds_ratio / (1.0 - without + without * odds_ratio)
    return np.asarray(offered * with_one + (1.0 - offered) * without)


def share_without(share: Array, today: Array, odds_ratio: Array) -> Array:
    """The share who enter care among families offered no conference: the root of a quadratic."""
    less = 1.0 - odds_ratio
    squared = (1.0 - today) * less
    linear = today * odds_ratio + 1.0 - today + share * less
    return np.asarray(2.0 * share / (linear + np.sqrt(linear**2 - 4.0 * squared * share)))
