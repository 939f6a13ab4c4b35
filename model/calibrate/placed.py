"""Where children are placed: the kinds of placement that began, by age and stream.

A return shows the placement that was found, not the one that was sought: where a kind was full,
what it spilled to is in the figures, and would spill again in a run whose places are as scarce.
"""

from __future__ import annotations

import numpy as np

from model.calibrate.bootstrap import log_sd
from model.calibrate.entries import Entry, NotLearnt, entry
from model.calibrate.person_time import AGE_STARTS_DAYS
from model.calibrate.shrinkage import NATIONAL_WORTH, mixed, weight_of_prior
from model.calibrate.study import AGES, STREAMS, Study
from model.pathway import ATTRIBUTES
from model.returns.linking import UNKNOWN

PLACEMENTS = ATTRIBUTES["placement"]
FEWEST = 20
NAME = "looked_after.placement"


def placements(study: Study) -> list[Entry | NotLearnt]:
    """Shares of the kinds of placement that began, in entries and in moves."""
    care, stays = study.history.care, study.history.stays["looked_after"]
    child = np.concatenate((care.child, care.moved_child))
    on = np.concatenate((care.began, care.moved_on))
    kind = np.concatenate((care.first_placement, care.moved_to)).astype(str)
    born = study.birth_of(child)
    there = (on >= stays.seen_from) & (on <= stays.seen_until) & (born != UNKNOWN)
    kept = np.flatnonzero(there & np.isin(kind, PLACEMENTS))
    if len(kept) < FEWEST:
        return [NotLearnt(NAME, f"fewer than {FEWEST} placements began in the days spoken of")]
    code = np.array([PLACEMENTS.index(one) for one in kind[kept]], dtype=np.int64)
    old = on[kept] - born[kept]
    age = np.clip(np.searchsorted(AGE_STARTS_DAYS, old, side="right") - 1, 0, len(AGES) - 1)
    sizes = (len(AGES), len(STREAMS), len(PLACEMENTS))
    cell = np.ravel_multi_index((age, study.stream_of(child[kept]), code), sizes)
    counts = study.resamples.counts(child[kept], cell, int(np.prod(sizes))).reshape(-1, *sizes)
    national = study.numbers(NAME)
    seen = counts.sum(axis=(1, 2), keepdims=True)
    # The council's departure as a whole first, then each age and stream leans on that.
    expected = (counts.sum(axis=-1, keepdims=True) * national).sum(axis=(1, 2), keepdims=True)
    factor = (NATIONAL_WORTH + seen) / (NATIONAL_WORTH + expected)
    prior = national * factor
    prior = prior / prior.sum(axis=-1, keepdims=True)
    shares = mixed(counts, prior, NATIONAL_WORTH)
    value = {
        age_name: {
            stream: dict(zip(PLACEMENTS, map(float, shares[0, a, s]), strict=True))
            for s, stream in enumerate(STREAMS)
        }
        for a, age_name in enumerate(AGES)
    }
    total = float(len(kept))
    foster = seen[:, 0, 0, :3].sum(axis=-1) / np.maximum(seen[:, 0, 0].sum(axis=-1), 1.0)
    note = (
        "Placements that began, after any spill from kinds that were full: what was found, not"
        " what was sought."
    )
    unit = study.template[NAME].unit
    weight = weight_of_prior(total)
    return [entry(NAME, value, ("age", "stream"), unit, log_sd(foster), total, weight, note)]
