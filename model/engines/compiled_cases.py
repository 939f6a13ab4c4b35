"""What the kernel does to one case: its alarm, its rows of the log, its place, its children.

As in the reference engine (`Case`, `model.engines.places`), but a case is a row of `World.people`,
and those who wait for a place stand in lines, one for each pool and level of need: nobody is ever
in two of them, and who gives up steps out. No stage and no duration is known here.
"""
# mypy: allow-untyped-defs, no-check-untyped-defs

from __future__ import annotations

import numpy as np

from model.engines.compiled_lookups import ATTRIBUTE, NONE, apart, case_key, part, push, written

NOT_YET = np.int64(-1)
CHILDREN = 16  # case numbers of a family: its own and up to 15 children's
NEED_BITS = 4


# --- alarms ---------------------------------------------------------------------------------------


@part
def set_alarm(world, clock, person, phase):
    """Set, or set anew, when a case wakes; the former alarm is passed over when its turn comes."""
    rules, case = world.rules[0], world.people[person]
    wake_at = min(case.exit_at, case.next_adult_at)
    case.alarm = 0
    if wake_at < rules.horizon:
        key = wake_at << rules.minute_shift | phase << rules.phase_shift
        key |= np.int64(case.stage) << rules.stage_shift | case.order
        case.alarm = key
        push(world.events, clock.events, key)
        clock.events += 1


@part
def person_of(world, key):
    """Whose alarm an event is."""
    order = key & ((1 << world.rules[0].stage_shift) - 1)
    family = world.family_at[order // CHILDREN]
    child = order % CHILDREN
    if child == 0:
        return family
    return child_known(world, family, child - 1)


@part
def child_known(world, family, position):
    """The place of a child that has a case, or NONE."""
    found = np.int64(world.people[family].sibling)
    while found != NONE and world.people[found].child != position:
        found = np.int64(world.people[found].sibling)
    return found


@part
def start(world, clock, person):
    """Set a case on its way once the present event is over, after those set before it."""
    case = world.people[person]
    case.active, case.pending, case.row_start = 1, NOT_YET, NOT_YET
    if clock.first_pending == NOT_YET:
        clock.first_pending = person
    else:
        world.people[clock.last_pending].pending = person
    clock.last_pending = person


# --- the log --------------------------------------------------------------------------------------


@part
def open_row(clock, case):
    """Give the row that begins now its place in the log."""
    case.row_start = clock.now
    case.row = clock.rows
    clock.rows += 1


@part
def write(world, case, end, outcome):
    """Write the row that ends."""
    row = world.rows[case.row]
    row[0] = case.row_start
    row[1] = case.id
    row[2] = case.nth
    row[3] = case.stage
    row[4] = case.served
    row[5] = end
    row[6] = outcome
    row[7] = case.stage_pool
    row[8] = case.mask
    row[9] = case.state
    row[10] = case.row_spent
    case.nth += 1


@part
def write_beside(world, clock, case, stage, end):
    """Write the row of something that runs beside a stage."""
    rules = world.rules[0]
    row = world.rows[clock.rows]
    clock.rows += 1
    row[0] = clock.now
    row[1] = case.id
    row[2] = case.nth
    row[3] = stage
    row[4] = clock.now
    row[5] = NONE if end >= rules.horizon else end
    row[6] = NONE if end >= rules.horizon else rules.completed
    row[7] = NONE
    row[8] = case.mask
    row[9] = case.state
    row[10] = 0
    case.nth += 1


# --- places ---------------------------------------------------------------------------------------


@part
def has_room(pool):
    """Whether a place is free."""
    return pool.capacity == NONE or pool.in_use < pool.capacity


@part
def take_placement(world, case):
    """Place a child: the kind chosen if it has room, else the next in the order of spill."""
    rules = world.rules[0]
    kind = case.state >> rules.placement_shift & ATTRIBUTE
    first = rules.first_spill + kind * rules.spill_length
    for tried in range(first, first + rules.spill_length):
        number = world.whole[tried]
        if number == NONE:
            return
        pool = world.pools[number]
        if has_room(pool):
            pool.in_use += 1
            case.placement_pool = number
            case.state = written(case.state, rules.placement_shift, pool.placement)
            return


@part
def join_line(world, clock, person):
    """Wait in turn: behind those of the same need who asked before, or now with a lower id."""
    case = world.people[person]
    line = case.stage_pool * (1 << NEED_BITS)
    line += case.state >> world.rules[0].need_shift & ATTRIBUTE
    case.line, case.asked = line, clock.now
    ahead, behind = world.lines[line, 1], NOT_YET
    while ahead != NOT_YET:
        other = world.people[ahead]
        if other.asked < clock.now or other.order < case.order:
            break
        ahead, behind = np.int64(other.ahead), ahead
    link(world, line, ahead, person)
    link(world, line, person, behind)
    world.pools[case.stage_pool].waiting += 1
    clock.waiting += 1


@part
def link(world, line, ahead, behind):
    """Let one who waits in a line stand just behind another, or at its head, or at its end."""
    if ahead == NOT_YET:
        world.lines[line, 0] = behind
    else:
        world.people[ahead].behind = behind
    if behind == NOT_YET:
        world.lines[line, 1] = ahead
    else:
        world.people[behind].ahead = ahead


@part
def stop_waiting(world, clock, case):
    """Leave the line, wherever one stands in it."""
    if case.line != NOT_YET:
        link(world, np.int64(case.line), np.int64(case.ahead), np.int64(case.behind))
        world.pools[case.line >> NEED_BITS].waiting -= 1
        clock.waiting -= 1
        case.line = NOT_YET


@part
def next_in_turn(world, number):
    """Who waits longest of the most urgent need; NONE when nobody waits."""
    line = ((number + 1) << NEED_BITS) - 1
    while world.lines[line, 0] == NOT_YET:
        if line & ATTRIBUTE == 0:
            return NONE
        line -= 1
    return world.lines[line, 0]


@part
def leave_place(world, clock, person, next_pool):
    """Give up the place, unless the next stage uses the same; `advance` hands it over next."""
    case = world.people[person]
    if case.line != NOT_YET and next_pool != case.stage_pool:
        stop_waiting(world, clock, case)
    if case.pool != NOT_YET and case.pool != next_pool:
        freed = np.int64(case.pool)
        case.pool = NOT_YET
        world.pools[freed].in_use -= 1
        clock.freed = freed


@part
def leave_placement(world, case):
    """A child leaves a placement that has a limited number of places."""
    if case.placement_pool != NOT_YET:
        world.pools[case.placement_pool].in_use -= 1
        case.placement_pool = NOT_YET


# --- who there is ---------------------------------------------------------------------------------


@part
def settle_in(world, person, case_id, order):
    """The fields of a case that are not zero when it appears."""
    case = world.people[person]
    case.id, case.order = case_id, order
    case.key = case_key(world.rules[0].key, case_id)
    case.served, case.helped_at = NOT_YET, NOT_YET
    case.pool, case.stage_pool, case.placement_pool = NOT_YET, NOT_YET, NOT_YET
    case.stage, case.exit_end, case.line, case.sibling = NONE, NOT_YET, NOT_YET, NONE


@apart
def new_child(world, clock, person, position):
    """The case of one of a family's children, kept for a later time in care."""
    number, family = clock.people, world.people[person]
    clock.people += 1
    settle_in(world, number, family.id + 1 + position, family.order + 1 + position)
    child = world.people[number]
    child.state, child.usual_state = family.state, family.state
    child.family, child.child = person, position
    child.birth = world.births[person, position]
    child.sibling, family.sibling = family.sibling, number
    return number


@apart
def new_case(world, clock, position):
    """A case as it appears: a family, or a child who is looked after from the first."""
    arrival = world.arrivals[position]
    child = arrival.case % CHILDREN
    settle_in(world, position, arrival.case - child, arrival.rank * CHILDREN)
    family = world.people[position]
    family.state, family.usual_state = arrival.state, arrival.state
    family.family, family.home, family.scopes = position, arrival.household, arrival.scopes
    number = position
    if child:
        number = new_child(world, clock, position, child - 1)
        clock.children_to_come -= 1
    case = world.people[number]
    case.stage, case.row_spent, case.floor = arrival.stage, arrival.spent, arrival.floor
    start(world, clock, number)
