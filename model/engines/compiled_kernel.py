"""The compiled engine's kernel: the reference engine's rules over flat arrays.

Read `advance` first: it takes the next event, and takes one case from stay to stay until it
sleeps. The functions have the names, and the order of statements, of those of
`model.engines.simpy_engine`; docs/engines.md says what both must do. What differs is how things
are held: an event is one whole number in a heap, those who wait stand in lines, and a row of the
log has its place from the minute in which it begins, so that the log is born in order.

Compiled code is kept on disk, and would go on with an old number: whatever could change with a
network, an area or a scenario comes in through the arrays of `World` (model/engines/
engine_arrays.py).
"""
# mypy: allow-untyped-defs, no-check-untyped-defs

from __future__ import annotations

import numpy as np

from model.engines.compiled_cases import (
    CHILDREN,
    NOT_YET,
    child_known,
    has_room,
    join_line,
    leave_place,
    leave_placement,
    new_case,
    new_child,
    next_in_turn,
    open_row,
    person_of,
    set_alarm,
    start,
    stop_waiting,
    take_placement,
    write,
    write_beside,
)
from model.engines.compiled_lookups import (
    FIRST_DAY,
    NONE,
    add_working,
    age_band,
    apart,
    effect_at,
    entry,
    part,
    pick,
    pop,
    quantile,
    steps_passed,
    uniform,
    unit_exponential,
    value,
    written,
)

# How the kernel came back: the run is over, an array is full, or a case goes round in circles.
DONE, MORE_ROWS, MORE_PEOPLE, MORE_EVENTS, TOO_MANY_STAYS = range(5)

# What a case on its way does next.
BEGINS, ENDS, OTHERS_FOLLOW = range(3)

COMES_HOME_END = -2
# The phases that an alarm can have, counted from the first.
PLACE_GIVEN, ENDING = np.int64(0), np.int64(1)
FAR = np.int64(2**62)
SCOPE_BITS, SCOPE_MASK = 16, 0xFFFF
CARE_ENTRY = 3  # the Scope of the children who enter care
FEW_ROWS = 40  # of one minute, put in order one by one


# --- a stay begins --------------------------------------------------------------------------------


@part
def begin(world, clock, person):
    """Start a stay. False when no child is left at home and the case is over."""
    case = world.people[person]
    stage = world.stages[case.stage]
    if not count_children(world, clock, case, stage):
        leave_place(world, clock, person, NOT_YET)
        case.stage = NONE
        return False
    if stage.uses_age:
        age = age_band(world, case, clock.now)
        case.state = written(case.state, world.rules[0].age_shift, age)
    case.usual_state = case.state
    if case.nth or not case.row_spent:
        for draw in range(stage.first_draw, stage.first_draw + stage.draws):
            settle(world, clock, case, stage, draw)
    if not case.same_stage:
        case.clock_start = clock.now - case.row_spent
    case.served = NOT_YET
    case.exit_at, case.exit_end = world.rules[0].horizon, NOT_YET
    if stage.besides and not case.same_stage and case.row_spent == 0:
        run_besides(world, clock, case, stage)
    open_row(clock, case)
    if stage.marks_help and case.helped_at < 0:
        case.helped_at = clock.now
    if stage.placement:
        take_placement(world, case)
    ask_for_place(world, clock, person)
    return True


@part
def counted(case, stage):
    """The children at home whom a stage counts; the lowest when it counts none of them."""
    home = np.int64(case.home)
    bits = home & (case.scopes >> (SCOPE_BITS * stage.scope)) & SCOPE_MASK
    return bits if bits else home & -home


@part
def count_children(world, clock, case, stage):
    """Set which children the stay counts. False when none is left."""
    if stage.is_child:
        case.mask, case.next_adult_at = 1 << case.child, FAR
        return True
    drop_adults(world, clock, case)
    case.mask = counted(case, stage)
    return case.home != 0


@part
def drop_adults(world, clock, case):
    """Children who have turned 18 leave the family's case."""
    if case.next_adult_at > clock.now:
        return
    case.next_adult_at = FAR
    home, left, position = np.int64(case.home), np.int64(case.home), 0
    while left:
        if left & 1:
            adult_at = world.births[case.family, position] + world.rules[0].adult_age
            if adult_at <= clock.now:
                home &= ~(1 << position)
            else:
                case.next_adult_at = min(case.next_adult_at, adult_at)
        left >>= 1
        position += 1
    case.home = home


@apart
def child_grows_up(world, clock, person):
    """A child at home turns 18 while the stay goes on. False when the case is over."""
    case = world.people[person]
    drop_adults(world, clock, case)
    if not case.home:
        write(world, case, clock.now, world.rules[0].grown_up)
        leave_place(world, clock, person, NOT_YET)
        case.stage = NONE
        case.active = 0
        return False
    mask = counted(case, world.stages[case.stage])
    if mask != case.mask:
        household_changes(world, clock, case, mask)
    return True


@part
def household_changes(world, clock, case, mask):
    """The children counted change: the row is closed and opened again, the stay goes on."""
    write(world, case, clock.now, world.rules[0].household_changed)
    case.mask = mask
    case.row_spent += clock.now - case.row_start
    open_row(clock, case)


@part
def settle(world, clock, case, stage, draw):
    """Settle an attribute by luck; also as today's arrangements would have, where it is asked."""
    drawn = world.draws[draw]
    u = uniform(case.key, drawn.purpose, case.nth)
    if stage.usual_shares != NONE:
        first = entry(world.tables[drawn.usual_shares], case.usual_state, FIRST_DAY)
        usual = pick(world.numbers, u, first, drawn.values)
        case.usual_state = written(case.usual_state, drawn.shift, usual)
    first = entry(world.tables[drawn.shares], case.state, clock.epoch)
    chosen = pick(world.numbers, u, first, drawn.values)
    case.state = written(case.state, drawn.shift, chosen)


@part
def run_besides(world, clock, case, stage):
    """Work or a status that runs beside the stage: its row is known at once."""
    for number in range(stage.first_beside, stage.first_beside + stage.besides):
        beside = world.besides[number]
        chance = value(world, beside.chance, case.state, clock.epoch)
        if uniform(case.key, beside.purpose, case.nth) < chance:
            u = uniform(case.key, beside.purpose + 1, case.nth)
            minutes = np.int64(quantile(world, beside.quantiles, u))
            if beside.in_working_time:
                end = add_working(world, clock.now, minutes)
            else:
                end = clock.now + minutes
            write_beside(world, clock, case, beside.stage, end)


# --- places ---------------------------------------------------------------------------------------


@part
def ask_for_place(world, clock, person):
    """Take a place, or wait for one as the stage says, and set the end of the stay."""
    rules, case = world.rules[0], world.people[person]
    stage = world.stages[case.stage]
    case.stage_pool = pool_of(world, clock, case, stage)
    if case.stage_pool != NONE:
        if case.pool != case.stage_pool:
            pool = world.pools[case.stage_pool]
            waits = (
                stage.wait == rules.blocks
                or stage.wait == rules.waiting_stage
                or stage.wait == rules.clock_runs
            )
            if not waits or has_room(pool):
                stop_waiting(world, clock, case)
                pool.in_use += 1
                case.pool = case.stage_pool
            elif case.line == NOT_YET:
                join_line(world, clock, person)
        if case.pool == case.stage_pool:
            case.served = clock.now
    set_end(world, clock, case)


@part
def pool_of(world, clock, case, stage):
    """Which pool a stage asks for this case; NONE when it needs no place."""
    if stage.pool == NONE:
        return NONE
    return np.int64(value(world, stage.pool, case.state, clock.epoch))


@part
def serve(world, clock, number):
    """Give free places to those whose turn it is."""
    rules, pool = world.rules[0], world.pools[number]
    while pool.waiting > 0 and has_room(pool):
        person = next_in_turn(world, number)
        case = world.people[person]
        stop_waiting(world, clock, case)
        pool.in_use += 1
        case.pool, case.served = number, clock.now
        wait = world.stages[case.stage].wait
        if wait == rules.waiting_stage:
            case.exit_at, case.exit_end = clock.now, 0
            set_alarm(world, clock, person, PLACE_GIVEN)
        elif wait == rules.blocks:
            set_end(world, clock, case)
            set_alarm(world, clock, person, ENDING)


# --- how long -------------------------------------------------------------------------------------


@part
def set_end(world, clock, case):
    """When the stay ends unless something comes first, and how if that is known already."""
    rules, stage = world.rules[0], world.stages[case.stage]
    if stage.time == rules.at_once:
        case.exit_at = clock.now
    elif stage.time == rules.effort:
        if case.served != NOT_YET:
            case.exit_at = add_working(world, clock.now, duration(world, clock, case, stage))
    elif stage.time == rules.duration:
        case.exit_at = add_working(world, clock.now, duration(world, clock, case, stage))
    elif stage.wait == rules.waiting_stage and case.served != NOT_YET:
        case.exit_at, case.exit_end = clock.now, 0
    else:
        race(world, clock, case)


@part
def stretch_of(world, clock, case, stage):
    """How much longer the stay takes because caseloads are above plan; 1 for not at all."""
    if stage.overload == NONE:
        return 1.0
    longer = value(world, stage.overload, case.state, clock.epoch)
    pool = world.pools[case.stage_pool]
    if pool.capacity <= 0:
        return 1.0
    return 1.0 + longer * max(0.0, pool.in_use / pool.capacity - 1.0)


@part
def duration(world, clock, case, stage):
    """A plain duration in working minutes; for a case open at the start, what is left of it."""
    row = np.int64(value(world, stage.duration, case.state, clock.epoch))
    u = uniform(case.key, world.ends[stage.first_end].purpose, case.nth)
    floor = case.floor
    left = quantile(world, row, floor + (1.0 - floor) * u)
    if floor > 0:
        left -= quantile(world, row, floor)
    case.floor = 0.0
    ratio = value(world, stage.duration_ratio, case.state, clock.epoch)
    return np.int64(left * ratio * stretch_of(world, clock, case, stage))


@apart
def race(world, clock, case):
    """Competing risks: each spends its own luck at its own rate; the earliest wins."""
    stage, horizon = world.stages[case.stage], world.rules[0].horizon
    first_at = horizon
    limit_at = limit_of(world, clock, case, stage)
    if limit_at < first_at:
        first_at = limit_at + 1
    stretch = stretch_of(world, clock, case, stage)
    band = steps_passed(world.whole, stage.first_edge, stage.bands, clock.now - case.clock_start)
    for position in range(stage.ends):
        end = world.ends[stage.first_end + position]
        if end.rates == NONE:
            continue
        at = risk(world, clock, case, stage, end, stretch, band - 1, first_at)
        if at < first_at:
            first_at, case.exit_end = at, position
    if case.exit_end == NOT_YET and limit_at < horizon:
        first_at, case.exit_end = limit_at, stage.ends - 1
    case.exit_at = first_at


@part
def limit_of(world, clock, case, stage):
    """When the stay ends in any case, by age or by time in the stage; FAR for never."""
    if stage.limit == NONE:
        return FAR
    minutes = np.int64(value(world, stage.limit, case.state, FIRST_DAY))
    by_age = stage.limit_kind == world.rules[0].ends_at_age
    return max((case.birth if by_age else case.clock_start) + minutes, clock.now)


@part
def risk(world, clock, case, stage, end, stretch, band, before):
    """When one risk would end the stay; FAR if not before the minute given."""
    rules, whole, bands = world.rules[0], world.whole, stage.bands
    budget = unit_exponential(world, uniform(case.key, end.purpose, case.nth))
    state, at, started, epoch = case.state, clock.now, case.clock_start, clock.epoch
    while at < before:
        stop = started + whole[stage.first_edge + band + 1] if band + 1 < bands else FAR
        if epoch + 1 < rules.epochs:
            stop = min(stop, whole[rules.first_epoch + epoch + 1])
        if stage.uses_age:
            age = age_band(world, case, at)
            state = written(state, rules.age_shift, age)
            if age < rules.age_limits:
                stop = min(stop, case.birth + whole[rules.first_age_limit + age])
        rate = world.numbers[entry(world.tables[end.rates], state, epoch) + band]
        rate *= value(world, stage.pace, state, epoch)
        if end.ratio != NONE:
            rate *= value(world, end.ratio, state, epoch)
        if end.effects and case.helped_at >= 0:
            rate, stop = with_effects(world, case, end, at, rate, stop)
        rate /= stretch
        spend = rate * (stop - at)
        if budget < spend:
            return at + np.int64(budget / rate)
        budget -= spend
        at = stop
        if band + 1 < bands and at - started >= whole[stage.first_edge + band + 1]:
            band += 1
        if epoch + 1 < rules.epochs and at >= whole[rules.first_epoch + epoch + 1]:
            epoch += 1
    return FAR


@part
def with_effects(world, case, end, at, number, stop):
    """A rate or share, changed by the effects of help; and when the next of their steps begins."""
    passed = at - case.helped_at
    for place in range(end.first_effect, end.first_effect + end.effects):
        effect = world.effects[place]
        if case.state & effect.mask == effect.value:
            step = effect_at(world, effect, passed)
            number *= world.steps[effect.first_step + step - 1].ratio
            if step < effect.steps:
                stop = min(stop, case.helped_at + world.steps[effect.first_step + step].at)
    return number, stop


# --- a stay ends ----------------------------------------------------------------------------------


@part
def finish(world, clock, person):
    """End the stay: write its row, change what it changes, and turn to the next stage."""
    rules, case = world.rules[0], world.people[person]
    stage = world.stages[case.stage]
    clock.enter_care, clock.comes_home = 0, 0
    if case.exit_end == COMES_HOME_END:
        write(world, case, clock.now, rules.child_comes_home)
        mark_rejoined(rules, case)
        move(world, clock, person, rules.step_down_stage)
        return
    hazards = stage.time == rules.hazards
    position = np.int64(case.exit_end) if hazards else decide(world, clock, case, stage)
    end = world.ends[stage.first_end + position]
    write(world, case, clock.now, end.outcome)
    case.state = case.state & ~end.clear | end.set
    if end.set_if_new and is_new(world, case, stage, position):
        case.state = case.state & ~end.clear_if_new | end.set_if_new
        case.helped_at = clock.now if end.help_begins else NOT_YET
    for draw in range(end.first_draw, end.first_draw + end.draws):
        settle(world, clock, case, stage, draw)
    if stage.placement:
        leave_placement(world, case)
    to = end.to
    if end.splits:
        clock.enter_care, clock.care_stage = chosen_for_care(case), to
        case.home &= ~clock.enter_care
        to = end.rest if case.mask & ~clock.enter_care else NONE
    elif to == rules.to_family:
        clock.comes_home, to = 1, NONE
    move(world, clock, person, to)


@part
def chosen_for_care(family):
    """The children who enter care: those counted for it, or the lowest of the stay's."""
    mask = np.int64(family.mask)
    chosen = mask & (family.scopes >> (SCOPE_BITS * CARE_ENTRY)) & SCOPE_MASK
    return chosen if chosen else mask & -mask


@part
def decide(world, clock, case, stage):
    """Which way a decision goes: by shares, changed by effects; the last takes the rest."""
    last = stage.first_end + stage.ends - 1
    u = uniform(case.key, world.ends[last].purpose, case.nth)
    first = entry(world.tables[stage.shares], case.state, clock.epoch)
    reached = 0.0
    for position in range(stage.ends - 1):
        end = world.ends[stage.first_end + position]
        share = world.numbers[first + position]
        if end.effects and case.helped_at >= 0:
            share, _ = with_effects(world, case, end, clock.now, share, FAR)
        reached += share
        if u < reached:
            return position
    return stage.ends - 1


@part
def is_new(world, case, stage, position):
    """Whether today's arrangements would have decided otherwise for the same family."""
    last = stage.first_end + stage.ends - 1
    u = uniform(case.key, world.ends[last].purpose, np.int32(case.nth - 1))
    usual = entry(world.tables[stage.usual_shares], case.usual_state, FIRST_DAY)
    return pick(world.numbers, u, usual, stage.ends) != position


@part
def move(world, clock, person, to):
    """Turn to the next stage; a place of the same kind is carried over."""
    case = world.people[person]
    same = to == world.rules[0].to_same
    case.same_stage = same
    case.row_spent = clock.now - case.clock_start if same else 0
    if not same:
        case.stage = to if to >= 0 else NONE
    next_pool = NOT_YET
    if case.stage != NONE:
        next_pool = pool_of(world, clock, case, world.stages[case.stage])
    leave_place(world, clock, person, next_pool)


@apart
def enter_care(world, clock, person):
    """Some or all of the children enter care, each as a case of its own, the lowest first."""
    family, chosen = world.people[person], clock.enter_care
    position = np.int64(0)
    while chosen:
        if chosen & 1:
            number = child_known(world, person, position)
            if number == NONE:
                number = new_child(world, clock, person, position)
            child = world.people[number]
            child.state, child.helped_at = family.state, family.helped_at
            child.stage, child.same_stage, child.row_spent = clock.care_stage, 0, 0
            start(world, clock, number)
        chosen >>= 1
        position += 1


@apart
def rejoin(world, clock, person):
    """A child comes home: into the family's open case, or a step-down is opened for it."""
    rules, child = world.rules[0], world.people[person]
    number, bit = np.int64(child.family), 1 << child.child
    family = world.people[number]
    family.home |= bit
    family.next_adult_at = clock.now
    if family.stage == NONE:
        mark_rejoined(rules, family)
        family.stage, family.same_stage, family.row_spent = rules.step_down_stage, 0, 0
        start(world, clock, number)
    elif family.row_start == NOT_YET:
        return  # about to begin, for a sibling who came home this minute: both are counted then
    elif family.stage == rules.return_stage:
        family.exit_at, family.exit_end = clock.now, COMES_HOME_END
        set_alarm(world, clock, number, PLACE_GIVEN)
    else:
        drop_adults(world, clock, family)
        household_changes(world, clock, family, family.mask | bit)
        mark_rejoined(rules, family)
        if family.exit_at > clock.now:
            set_alarm(world, clock, number, ENDING)


@part
def mark_rejoined(rules, family):
    """Mark the family as one whose child has come home from care."""
    family.state = family.state & ~rules.rejoin_clear | rules.rejoin_set


# --- the run --------------------------------------------------------------------------------------


@part
def next_event(world, clock, until):
    """Turn to the next event. False when none is left before the minute given."""
    rules = world.rules[0]
    alarm_at = case_at = change_at = FAR
    if clock.events > 0:
        alarm_at = world.events[0] >> rules.minute_shift
    if clock.next_case < world.arrivals.size:
        case_at = world.arrivals[clock.next_case].minute
    if clock.next_change < rules.epochs:
        change_at = world.whole[rules.first_epoch + clock.next_change]
    at = min(alarm_at, case_at, change_at)
    if at >= until:
        return False
    clock.now = at
    if change_at <= at:
        clock.epoch = steps_passed(world.whole, rules.first_epoch, rules.epochs, at) - 1
    if change_at <= at:
        clock.changing = 0
    elif alarm_at <= at:
        wake(world, clock)
    else:
        appear(world, clock, at)
    return True


@part
def change_capacity(world, clock):
    """One pool's places open or close; `advance` serves its line before the next pool changes."""
    number = clock.changing
    first = world.rules[0].first_capacity + clock.next_change * world.pools.size
    world.pools[number].capacity = world.whole[first + number]
    clock.freed = number
    clock.changing += 1
    if clock.changing == world.pools.size:
        clock.changing = NOT_YET
        clock.next_change += 1


@part
def appear(world, clock, minute):
    """All the cases of one minute appear, before any of them is on its way."""
    arrivals = world.arrivals
    while clock.next_case < arrivals.size and arrivals[clock.next_case].minute <= minute:
        new_case(world, clock, clock.next_case)
        clock.next_case += 1


@part
def wake(world, clock):
    """The first event of the heap wakes its case, unless the alarm has been set anew since."""
    key = world.events[0]
    pop(world.events, clock.events)
    clock.events -= 1
    person = person_of(world, key)
    case = world.people[person]
    if case.alarm != key:
        return
    case.alarm = 0
    if clock.now < case.exit_at:
        if child_grows_up(world, clock, person):
            sleep_or_finish(world, clock, person)
    else:
        clock.current, clock.step = person, ENDS


@part
def sleep_or_finish(world, clock, person):
    """A case sleeps until something ends its stay, which may be now."""
    if clock.now < world.people[person].exit_at:
        set_alarm(world, clock, person, ENDING)
        clock.current = NOT_YET
    else:
        clock.current, clock.step = person, ENDS


@part
def goes_in_circles(world, clock, case):
    """Whether a case is about to begin more stays than the order of events has numbers for."""
    return clock.step == BEGINS and case.nth >= world.rules[0].most_stays and case.stage != NONE


@part
def step_on(world, clock, person):
    """Take one case a step further: it ends its stay, others follow from that, the next begins.

    A place given up in one step is handed over before the next.
    """
    if clock.step == ENDS:
        finish(world, clock, person)
        clock.step = OTHERS_FOLLOW if clock.enter_care or clock.comes_home else BEGINS
    elif clock.step == OTHERS_FOLLOW:
        if clock.enter_care:
            enter_care(world, clock, person)
        else:
            rejoin(world, clock, person)
        clock.step = BEGINS
    elif world.people[person].stage != NONE and begin(world, clock, person):
        sleep_or_finish(world, clock, person)
    else:
        world.people[person].active = 0
        clock.current = NOT_YET


def advance(world, until):
    """Run until a minute, or until an array is full; what is left is in the arrays.

    Returns DONE, or which room must be made before the run goes on.
    """
    clock = world.clock[0]
    while True:
        if clock.rows + world.rules[0].rows_at_once > world.rows.shape[0]:
            return MORE_ROWS
        if clock.events + clock.waiting + CHILDREN > world.events.size:
            return MORE_EVENTS
        if clock.people + clock.children_to_come + CHILDREN > world.people.size:
            return MORE_PEOPLE
        if clock.freed != NOT_YET:
            serve(world, clock, clock.freed)
            clock.freed = NOT_YET
        if clock.current != NOT_YET:
            if goes_in_circles(world, clock, world.people[clock.current]):
                return TOO_MANY_STAYS
            step_on(world, clock, clock.current)
        elif clock.first_pending != NOT_YET:
            clock.current, clock.step = clock.first_pending, BEGINS
            clock.first_pending = np.int64(world.people[clock.current].pending)
        elif clock.changing != NOT_YET:
            change_capacity(world, clock)
        elif not next_event(world, clock, until):
            return DONE


def first_jumbled(rows, count, first):
    """Put the rows of each minute in order of (case, nth), from row `first` on.

    Returns the first row of a minute with too many rows to be put in order here, and the row
    after its last; `count` twice when there is none.
    """
    while first < count:
        last, jumbled = first + 1, False
        while last < count and rows[last, 0] == rows[first, 0]:
            jumbled = jumbled or comes_before(rows, last, last - 1)
            last += 1
        if jumbled:
            if last - first > FEW_ROWS:
                return first, last
            for row in range(first + 1, last):
                at = row
                while at > first and comes_before(rows, at, at - 1):
                    for column in range(rows.shape[1]):
                        other = rows[at - 1, column]
                        rows[at - 1, column] = rows[at, column]
                        rows[at, column] = other
                    at -= 1
        first = last
    return count, count


@part
def comes_before(rows, one, other):
    """Whether a row of the log comes before another of the same minute: by (case, nth)."""
    if rows[one, 1] != rows[other, 1]:
        return rows[one, 1] < rows[other, 1]
    return rows[one, 2] < rows[other, 2]
