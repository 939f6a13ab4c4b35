"""Arbitrary networks: a made-up council whose pathway, dates, queues and durations are scrambled.

What comes out is no sensible service. It is what an engine may be given at worst: ends that lead
anywhere, places for one, dates on which everything changes, stays that last no time, hundreds of
families in the same minute. Two engines that agree here agree anywhere.

>>> network, cases = scrambled(Scramble(seed=1, ends=True, dates=3))           # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from model import network as networks
from model.engines.cases import Cases
from model.network import (
    EFFECT_FIELDS,
    END_FIELDS,
    NONE,
    STAGE_FIELDS,
    TABLE_FIELDS,
    TIME_CODE,
    TO_FAMILY,
    TO_GONE,
    TO_SAME,
    WAIT_CODE,
    Network,
)
from model.pathway import Time, Wait
from tests.small_networks import DAY, WEEK, chosen, invented, invented_area, invented_cases

STAGE = {name: column for column, name in enumerate(STAGE_FIELDS)}
END = {name: column for column, name in enumerate(END_FIELDS)}
OFFSET, EPOCH = TABLE_FIELDS.index("offset"), TABLE_FIELDS.index("epoch")
WORKING_DAY = 480
STEPS = 6  # of an effect
AT_ONCE_PER_MINUTE = 1e6  # a rate
Table = NDArray[np.int64]


@dataclass(frozen=True)
class Scramble:
    """What is arbitrary, so that a disagreement comes down to what causes it.

    Attributes
    ----------
    seed : of everything made up. days : of the run. families : at most.
    ends : they lead anywhere, and split families. dates : on which numbers change.
    waits : stages wait as other stages do, for other stages' places. scarce : few places.
    spill : in any order. effects : of help, strong and at any time.
    no_time : many stays last none, or whole days. ties : families come on the same days.
    circles : some stages lead to each other and take no time, and children come home at once.
    """

    seed: int = 0
    days: int = 365
    families: int = 300
    ends: bool = False
    dates: int = 0
    waits: bool = False
    scarce: bool = False
    spill: bool = False
    effects: bool = False
    no_time: bool = False
    ties: bool = False
    circles: bool = False


def scrambles() -> st.SearchStrategy[Scramble]:
    """Any of them."""
    return st.builds(
        Scramble,
        seed=st.integers(0, 2**31),
        days=st.sampled_from((30, 365, 900)),
        families=st.sampled_from((5, 100, 300)),
        ends=st.booleans(),
        dates=st.integers(0, 5),
        waits=st.booleans(),
        scarce=st.booleans(),
        spill=st.booleans(),
        effects=st.booleans(),
        no_time=st.booleans(),
        ties=st.booleans(),
    )


def scrambled(how: Scramble) -> tuple[Network, Cases]:
    """A network and the families it will meet."""
    random = np.random.default_rng(how.seed)
    inputs = invented(invented_area(), how.seed, roomy=not how.scarce)
    usual = invented(invented_area(), how.seed + 1)  # today's arrangements: others altogether
    net = replace(networks.build(inputs, usual), horizon=how.days * DAY)
    if how.ends:
        net = with_any_ends(net, random)
    if how.waits:
        net = with_any_waits(net, random)
    if how.no_time:
        net = with_no_time(net, random)
    if how.circles:
        net = with_circles(net, random)
    if how.dates:
        net = with_dates(net, random, how.dates)
    if how.scarce:
        few = random.choice([NONE, 0, 1, 1, 2, 3, 8], net.capacity.shape)
        net = replace(net, capacity=few.astype(np.int64))
    if how.spill:
        any_pool = random.integers(NONE, len(net.places), net.spill.shape)
        net = replace(net, spill=any_pool.astype(np.int64))
    if how.effects:
        net = with_any_effects(net, random)
    cases = invented_cases(random, net.horizon, len(net.localities))
    some = np.sort(random.permutation(len(cases.case))[: how.families])
    cases = chosen(cases, some)
    return net, on_the_same_days(cases) if how.ties else cases


def with_any_ends(net: Network, random: np.random.Generator) -> Network:
    """Ends lead to any stage of the same kind of case; some take children into care.

    What must end a stay at an age or a time does not lead back to it, and nothing that is decided
    at once starts again, so that no case goes round in circles for ever.
    """
    stages, ends = net.stages, net.ends.copy()
    is_child = stages[:, STAGE["is_child"]] != 0
    family, child = np.flatnonzero(~is_child), np.flatnonzero(is_child)
    for code, stage in enumerate(stages):
        at_once = stage[STAGE["time"]] == TIME_CODE[Time.AT_ONCE]
        again = TO_GONE if at_once else TO_SAME
        elsewhere = [TO_GONE, again, *family[family != code]]
        first = stage[STAGE["first_end"]]
        for end in ends[first : first + stage[STAGE["ends"]]]:
            if end[END["is_limit"]] or random.random() < 0.5:
                continue
            splits = not is_child[code] and random.random() < 0.3
            end[END["splits"]] = splits
            if is_child[code]:
                end[END["to"]] = random.choice([*child, TO_GONE, TO_SAME, TO_FAMILY])
            elif splits:
                end[END["to"]], end[END["rest"]] = random.choice(child), random.choice(elsewhere)
            else:
                end[END["to"]] = random.choice(elsewhere)
    return replace(net, ends=ends, return_stage=int(random.choice(family)))


def with_any_waits(net: Network, random: np.random.Generator) -> Network:
    """Stages with places wait in any of the ways, for places of any kind.

    A stay that ends when a place is given does not lead back to itself.
    """
    stages, values = net.stages.copy(), net.values.copy()
    for stage in stages:
        table = stage[STAGE["pool"]]
        if table != NONE:
            again = net.ends[stage[STAGE["first_end"]], END["to"]] == TO_SAME
            ways = [
                code
                for wait, code in WAIT_CODE.items()
                if not (again and wait is Wait.WAITING_STAGE)
            ]
            stage[STAGE["wait"]] = random.choice(ways)
            if random.random() < 0.5:
                block = block_of(net, table)
                values[block] = random.integers(0, len(net.places), len(values[block]))
    return replace(net, stages=stages, values=values)


def block_of(net: Network, table: int) -> slice:
    """Where the numbers of a table stand, in a network without dates."""
    first = net.tables[table, OFFSET]
    after = net.tables[net.tables[:, OFFSET] > first, OFFSET]
    return slice(first, after.min() if len(after) else len(net.values))


def with_dates(net: Network, random: np.random.Generator, dates: int) -> Network:
    """Shares, rates, paces, ratios and places change on so many dates.

    Anything may come down to nothing but durations: then families would go round in circles.
    """
    days = random.choice(np.arange(1, max(net.horizon // DAY, dates + 1)), dates, replace=False)
    epochs = np.array([0, *sorted(days * DAY)], np.int64)
    names = ("duration", "pool", "limit")
    kept = {int(table) for name in names for table in net.stages[:, STAGE[name]]}
    tables, blocks, size = net.tables.copy(), [], 0
    for table in range(len(tables)):
        block = net.values[block_of(net, table)]
        changes = table not in kept and random.random() < 0.5
        tables[table, OFFSET], tables[table, EPOCH] = size, len(block) * changes
        least = 0.5 if table in net.stages[:, STAGE["duration_ratio"]] else 0.0
        factors = random.choice([least, 0.5, 1.0, 2.0], dates) if changes else []
        blocks += [block, *(block * factor for factor in factors)]
        size += len(block) * (1 + len(factors))
    capacity = np.repeat(net.capacity, len(epochs), axis=0)
    moved = np.where(capacity == NONE, NONE, random.integers(0, 6, capacity.shape))
    moved[0] = capacity[0]
    return replace(net, epochs=epochs, tables=tables, values=np.concatenate(blocks), capacity=moved)


def with_any_effects(net: Network, random: np.random.Generator) -> Network:
    """Effects of help of any size, from any day to any day, on any end, some for everybody."""
    ends, effects = net.ends.copy(), net.effects.copy()
    for end in ends:
        if random.random() < 0.5:
            end[END["first_effect"]] = random.integers(len(net.effect_ids))
            end[END["effects"]] = random.integers(len(net.effect_ids) - end[END["first_effect"]])
    everybody = random.random(len(effects)) < 0.5
    effects[everybody, EFFECT_FIELDS.index("mask")] = 0
    effects[everybody, EFFECT_FIELDS.index("value")] = 0
    steps = net.effect_steps.reshape(-1, STEPS).copy()
    steps[:, 1:] = np.sort(random.integers(0, 300, steps[:, 1:].shape), axis=1) * DAY
    ratios = random.uniform(0.0, 3.0, net.effect_ratios.shape)
    return replace(
        net, ends=ends, effects=effects, effect_steps=steps.reshape(-1), effect_ratios=ratios
    )


def with_no_time(net: Network, random: np.random.Generator) -> Network:
    """Durations of which many are no time at all, or whole days, so that things coincide.

    Some children come home in the minute in which they left.
    """
    quantiles, values = net.quantiles.copy(), net.values.copy()
    share = np.linspace(0.0, 1.0, quantiles.shape[1])
    for row in quantiles:
        if random.random() < 0.5:
            row[share < random.uniform(0.1, 0.7)] = 0.0
        if random.random() < 0.5:
            row[:] = np.ceil(row / WORKING_DAY) * WORKING_DAY
    for end in net.ends[net.ends[:, END["to"]] == TO_FAMILY]:
        if random.random() < 0.5 and end[END["rates"]] != NONE:
            values[block_of(net, end[END["rates"]])] = random.choice([0.01, 1.0], p=[0.7, 0.3])
    return replace(net, quantiles=quantiles, values=values)


def with_circles(net: Network, random: np.random.Generator) -> Network:
    """A few stages lead to each other alone and take no time, but for a wait for a place.

    In half of the networks one of them sends children into care, who come home at once.
    """
    stages, ends, values = net.stages, net.ends.copy(), net.values.copy()
    is_child, time = stages[:, STAGE["is_child"]] != 0, stages[:, STAGE["time"]]
    takes_none = np.flatnonzero(~is_child & (time != TIME_CODE[Time.HAZARDS]))
    circle = random.permutation(takes_none)[: random.integers(1, 4)]
    for stage, following in zip(circle, np.roll(circle, -1), strict=True):
        leads_out = ends_of(net, ends, stage)
        leads_out[:, END["to"]], leads_out[:, END["splits"]] = following, 0
    if random.random() < 0.5:
        care = random.choice(np.flatnonzero(is_child))
        into_care, back = ends_of(net, ends, circle[-1]), ends_of(net, ends, care)
        into_care[:, END["splits"]], into_care[:, END["to"]] = 1, care
        into_care[:, END["rest"]] = circle[0]
        back[:, END["to"]] = TO_FAMILY
        for table in back[back[:, END["rates"]] != NONE, END["rates"]]:
            values[block_of(net, table)] = AT_ONCE_PER_MINUTE
        net = replace(net, step_down_stage=int(circle[0]))
    return replace(net, ends=ends, quantiles=np.zeros_like(net.quantiles), values=values)


def ends_of(net: Network, ends: Table, stage: int) -> Table:
    """The rows of a stage's ends, to be written."""
    first = net.stages[stage, STAGE["first_end"]]
    return ends[first : first + net.stages[stage, STAGE["ends"]]]


def on_the_same_days(cases: Cases) -> Cases:
    """The same families, all on the first minute of a few days, with birthdays on others."""
    minute = cases.minute - cases.minute % (4 * WEEK)
    births = cases.births - cases.births % (4 * WEEK)
    found = replace(cases, minute=minute, births=births)
    return chosen(found, np.lexsort((found.case, found.minute)))
