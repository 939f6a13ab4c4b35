"""The compiled engine."""

from __future__ import annotations

import numpy as np
from numba import njit

from model.engines import compiled_kernel as kernel
from model.engines.engine_arrays import with_more, world_of
from model.episodes import EpisodeLog

advance = njit(**kernel.OPTIONS)(kernel.advance)
close = njit(**kernel.OPTIONS)(kernel.close)
jumbled = njit(**kernel.OPTIONS)(kernel.first_jumbled)

def run(network, cases, seed, replication, progress=None):
    world = world_of(network, cases, seed, replication)
    clock = world.clock
    while (code := advance(world, network.horizon)) != kernel.DONE:
        if code == kernel.MORE_ROWS:
            world = world._replace(rows=with_more(world.rows, int(clock["rows"][0])))
        elif code == kernel.MORE_EVENTS:
            world = world._replace(events=with_more(world.events, int(clock["events"][0])))
        else:
            world = world._replace(people=with_more(world.people, int(clock["people"][0])))
    close(world)
    rows = world.rows[: int(clock["rows"][0])]
    first = 0
    while first < len(rows):
        first, last = jumbled(rows, len(rows), first)
        some = rows[first:last]
        some[:] = some[np.lexsort((some[:, 2], some[:, 1]))]
        first = last
    return EpisodeLog(rows, network.horizon, network.places, network.localities, network.calendar.start_date.isoformat())
