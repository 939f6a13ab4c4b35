"""The reference engine: families as SimPy processes that walk the network.

Read `journey` first: a family, or a child in care, begins a stay, sleeps until something ends it,
and moves on. Everything else answers one question about a stay: which children it counts, who
helps, how long it lasts, how it ends. Numbers come from the network, luck from `model.luck`; no
stage and no attribute is known here by name. The rules that a second engine must share (order
of events, order of draws, order of arithmetic) are listed in docs/engines.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from model.engines.cases import NOT_YET, Case, Cases, lowest_bit, set_bits
from model.engines.places import Pool
from model.engines.rules import Draw, End, StageRules, Table, read_rules
from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    CHILD_COMES_HOME,
    COLUMNS,
    COMPLETED,
    GROWN_UP,
    HOUSEHOLD_CHANGED,
    OPEN,
    OUTCOME_CODE,
    EpisodeLog,
    sorted_rows,
)
from model.hazards import CELLS
from model.luck import case_key, run_key, uniform
from model.network import (
    ENDS_AT_AGE,
    NONE,
    TIME_CODE,
    TO_FAMILY,
    TO_SAME,
    WAIT_CODE,
    Network,
)
from model.pathway import Time, Wait

# Events of one minute run in the order (phase, stage, case, nth).
CAPACITY_CHANGE, PLACE_GIVEN, ENDING, ARRIVAL = range(4)
FAR = 2**62
COMES_HOME_END = -2

AT_ONCE, EFFORT = TIME_CODE[Time.AT_ONCE], TIME_CODE[Time.EFFORT]
DURATION, HAZARDS = TIME_CODE[Time.DURATION], TIME_CODE[Time.HAZARDS]
BLOCKS, WAITING_STAGE = WAIT_CODE[Wait.BLOCKS], WAIT_CODE[Wait.WAITING_STAGE]
CLOCK_RUNS = WAIT_CODE[Wait.CLOCK_RUNS]
AGE_SHIFT = ATTRIBUTE_SHIFT["age"]
NEED_SHIFT, PLACEMENT_SHIFT = ATTRIBUTE_SHIFT["need"], ATTRIBUTE_SHIFT["placement"]
MOST_URGENT_NEED = 3
Journey = Generator[simpy.Event, None, None]


def order_key(phase: int, stage: int, case: int, nth: int) -> int:
    """The order of events within a minute, packed into one number."""
    return phase << 60 | stage << 52 | case << 12 | nth


class Alarm(simpy.Event):
    """Wakes a case at a set minute; SimPy's Timeout with an order of our own."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        self._defused = False


class SimpyEngine:
    """One replication of a network; call `run` once."""

    def __init__(self, network: Network, cases: Cases, seed: int, replication: int) -> None:
        self.network, self.cases = network, cases
        self.key = run_key(seed, replication)
        self.rules = read_rules(network)
        self.values: list[float] = network.values.tolist()
        self.exponential: list[float] = network.exponential.tolist()
        self.quantiles: list[list[float]] = network.quantiles.tolist()
        self.epochs: list[int] = network.epochs.tolist()
        self.age_limits: list[int] = network.age_limits.tolist()
        self.adult_age = self.adult_minutes()
        self.calendar = network.calendar
        self.horizon = network.horizon
        self.pools = [Pool(capacity) for capacity in network.capacity[0].tolist()]
        self.spill: list[list[int]] = network.spill.tolist()
        self.return_stage = network.return_stage
        self.step_down_stage = network.step_down_stage
        self.active: dict[int, Case] = {}
        self.rows: list[int] = []
        self.env = simpy.Environment()

    def adult_minutes(self) -> int:
        """The age at which a child leaves the family's case: the limit of being looked after."""
        for rules in self.rules:
            if rules.is_child and rules.limit is not None and rules.placement:
                return int(self.values[rules.limit.at(0, 0)])
        return FAR

    def run(self, progress: Callable[[float], None] | None = None) -> EpisodeLog:
        """Run to the horizon and return the log of every stay."""
        self.env.process(self.capacity_changes())
        self.env.process(self.arrivals())
        if progress:
            self.env.process(self.report(progress))
        self.env.run(until=self.horizon)
        for case in self.active.values():
            self.write(case, OPEN, OPEN)
        rows = np.array(self.rows, np.int64).reshape(-1, len(COLUMNS))
        return EpisodeLog(
            rows=sorted_rows(rows),
            horizon_minutes=self.horizon,
            places=self.network.places,
            localities=self.network.localities,
            start_date=self.calendar.start_date.isoformat(),
        )

    # --- processes ------------------------------------------------------------------------------

    def journey(self, case: Case) -> Journey:
        """A family's, or a child's, way through the pathway: one stay after another."""
        while case.rules is not None and self.begin(case):
            while self.now < case.exit_at:
                yield self.alarm(case)
                if self.now < case.exit_at and not self.child_grows_up(case):
                    return
            self.finish(case)
        self.active.pop(case.id, None)

    def arrivals(self) -> Journey:
        """Cases appear: those open at the start, then new families, minute by minute."""
        for position, minute in enumerate(self.cases.minute.tolist()):
            if minute > self.now:
                event = Alarm(self.env)
                order = order_key(ARRIVAL, 0, int(self.cases.case[position]), 0)
                self.env.schedule(event, order, minute - self.now)
                yield event
            self.env.process(self.journey(self.new_case(position)))

    def capacity_changes(self) -> Journey:
        """Places open and close on their dates; a rise serves the queue in that minute."""
        for epoch, minute in enumerate(self.epochs[1:], start=1):
            event = Alarm(self.env)
            self.env.schedule(event, order_key(CAPACITY_CHANGE, 0, 0, 0), minute - self.now)
            yield event
            for number, pool in enumerate(self.pools):
                pool.capacity = int(self.network.capacity[epoch, number])
                self.serve(number)

    def report(self, progress: Callable[[float], None]) -> Journey:
        """Tell how far the run is, once for each twentieth of it."""
        for step in range(1, 20):
            yield self.env.timeout(self.horizon * step // 20 - self.now)
            progress(step / 20)

    # --- time -----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The present minute."""
        return self.env.now

    def epoch(self, minute: int) -> int:
        """Which dated arrangements are in force."""
        return bisect_right(self.epochs, minute) - 1 if len(self.epochs) > 1 else 0

    def alarm(self, case: Case) -> Alarm:
        """The event that wakes the case; set for its ending or a child's birthday."""
        self.set_alarm(case, ENDING)
        return case.alarm

    def set_alarm(self, case: Case, phase: int) -> None:
        """Set, or set anew, when the case wakes; whoever slept on the old alarm wakes by it."""
        event = Alarm(self.env)
        if case.alarm is not None and case.alarm.callbacks:
            event.callbacks, case.alarm.callbacks = case.alarm.callbacks, []
        case.alarm = event
        wake_at = min(case.exit_at, case.next_adult_at)
        if wake_at < self.horizon:
            order = order_key(phase, case.rules.code, case.id, case.nth)
            self.env.schedule(event, order, wake_at - self.now)

    # --- a stay begins ----------------------------------------------------------------------------

    def begin(self, case: Case) -> bool:
        """Start a stay: settle what is drawn, count the children, ask for a place, set its end.

        Returns False when no child is left at home and the case is over.
        """
        rules: StageRules = case.rules
        if not self.count_children(case):
            self.leave_place(case, NOT_YET)
            case.rules = None
            return False
        if rules.uses_age:
            case.state = self.with_age(case.state, self.age_band(case, self.now))
        case.usual_state = case.state
        if case.nth or not case.row_spent:  # what is settled about a case open at the start stays
            for draw in rules.draws:
                self.settle(case, draw)
        if not case.same_stage:
            case.clock_start = self.now - case.row_spent
        case.row_start, case.served = self.now, NOT_YET
        case.exit_at, case.exit_end = self.horizon, NOT_YET
        if rules.besides and not case.same_stage and case.row_spent == 0:
            self.run_besides(case)
        if rules.marks_help and case.helped_at < 0:
            case.helped_at = self.now
        if rules.placement:
            self.take_placement(case)
        self.ask_for_place(case)
        return True

    def count_children(self, case: Case) -> bool:
        """Set which children the stay counts; those grown up have left. False when none is left."""
        rules = case.rules
        if rules.is_child:
            case.mask, case.next_adult_at = 1 << (case.id % CASES_PER_FAMILY - 1), FAR
            return True
        self.drop_adults(case)
        case.mask = case.home & case.scopes[rules.scope] or lowest_bit(case.home)
        return case.home != 0

    def drop_adults(self, family: Case) -> None:
        """Children who have turned 18 leave the family's case."""
        if family.next_adult_at > self.now:
            return
        family.next_adult_at = FAR
        for position in set_bits(family.home):
            adult_at = family.births[position] + self.adult_age
            if adult_at <= self.now:
                family.home &= ~(1 << position)
            else:
                family.next_adult_at = min(family.next_adult_at, adult_at)

    def child_grows_up(self, family: Case) -> bool:
        """A child at home turns 18 while the stay goes on. False when the case is over."""
        self.drop_adults(family)
        counted = family.home & family.scopes[family.rules.scope] or lowest_bit(family.home)
        if not family.home:
            self.write(family, self.now, OUTCOME_CODE[GROWN_UP])
            self.leave_place(family, NOT_YET)
            family.rules = None
            self.active.pop(family.id, None)
            return False
        if counted != family.mask:
            self.household_changes(family, counted)
        return True

    def household_changes(self, family: Case, counted: int) -> None:
        """The children counted change: the row is closed and opened again, the stay goes on."""
        self.write(family, self.now, OUTCOME_CODE[HOUSEHOLD_CHANGED])
        family.mask = counted
        family.row_spent += self.now - family.row_start
        family.row_start = self.now

    def settle(self, case: Case, draw: Draw) -> None:
        """Settle an attribute by luck; also as today's arrangements would have settled it."""
        u = uniform(case.key, draw.purpose, case.nth)
        epoch = self.epoch(self.now)
        chosen = self.pick(u, draw.shares.at(case.state, epoch), draw.values)
        usual = self.pick(u, draw.usual_shares.at(case.usual_state, 0), draw.values)
        case.usual_state = case.usual_state & ~(15 << draw.shift) | usual << draw.shift
        case.state = case.state & ~(15 << draw.shift) | chosen << draw.shift

    def pick(self, u: float, first: int, count: int) -> int:
        """The first of `count` shares whose running total passes u; the last takes the rest."""
        reached = 0.0
        for position in range(count - 1):
            reached += self.values[first + position]
            if u < reached:
                return position
        return count - 1

    def run_besides(self, case: Case) -> None:
        """Work or a status that runs beside the stage: its row is known at once."""
        for beside in case.rules.besides:
            chance = self.values[beside.chance.at(case.state, self.epoch(self.now))]
            if uniform(case.key, beside.purpose, case.nth) < chance:
                u = uniform(case.key, beside.purpose + 1, case.nth)
                minutes = int(interpolated(beside.quantiles, u))
                if beside.in_working_time:
                    end = self.calendar.add_working(self.now, minutes)
                else:
                    end = self.now + minutes
                self.write_beside(case, beside.stage, end)

    # --- places -----------------------------------------------------------------------------------

    def take_placement(self, case: Case) -> None:
        """Place a child: the kind chosen if it has room, else the next in the order of spill."""
        for pool in self.spill[case.state >> PLACEMENT_SHIFT & 15]:
            if pool == NONE:
                return
            if self.pools[pool].has_room():
                self.pools[pool].in_use += 1
                case.placement_pool = pool
                kind = int(self.network.pool_placement[pool])
                case.state = case.state & ~(15 << PLACEMENT_SHIFT) | kind << PLACEMENT_SHIFT
                return

    def ask_for_place(self, case: Case) -> None:
        """Take a place, or wait for one as the stage says, and set the end of the stay."""
        rules = case.rules
        case.stage_pool = self.pool_of(case, rules)
        if case.stage_pool == NONE:
            self.set_end(case)
            return
        pool = self.pools[case.stage_pool]
        if case.pool != case.stage_pool:
            at_once = rules.wait not in (BLOCKS, WAITING_STAGE, CLOCK_RUNS)
            if at_once or pool.has_room():
                case.waiting = 0
                pool.in_use += 1
                case.pool = case.stage_pool
            elif not case.waiting:
                self.queue(case, pool)
        if case.pool == case.stage_pool:
            case.served = self.now
        self.set_end(case)

    def queue(self, case: Case, pool: Pool) -> None:
        """Wait in turn: the most urgent need first, then the longest waiting."""
        case.requests += 1
        case.waiting, case.asked = case.requests, self.now
        pool.join(MOST_URGENT_NEED - (case.state >> NEED_SHIFT & 15), case.asked, case)

    def serve(self, number: int) -> None:
        """Give free places to those whose turn it is."""
        while (case := self.pools[number].next_in_turn()) is not None:
            case.pool, case.served = number, self.now
            if case.rules.wait == WAITING_STAGE:
                case.exit_at, case.exit_end = self.now, 0
                self.set_alarm(case, PLACE_GIVEN)
            elif case.rules.wait == BLOCKS:
                self.set_end(case)
                self.set_alarm(case, ENDING)

    def leave_place(self, case: Case, next_pool: int) -> None:
        """Give up the place, unless the next stage uses the same; it is handed over at once."""
        if case.waiting and next_pool != case.stage_pool:
            case.waiting = 0
        if case.pool not in (NOT_YET, next_pool):
            freed, case.pool = case.pool, NOT_YET
            self.pools[freed].in_use -= 1
            self.serve(freed)

    def leave_placement(self, case: Case) -> None:
        """A child leaves a placement that has a limited number of places."""
        if case.placement_pool != NOT_YET:
            self.pools[case.placement_pool].in_use -= 1
            case.placement_pool = NOT_YET

    def pool_of(self, case: Case, rules: StageRules) -> int:
        """Which pool a stage asks for this case; NONE when it needs no place."""
        if rules.pool is None:
            return NONE
        return int(self.values[rules.pool.at(case.state, self.epoch(self.now))])

    # --- how long -----------------------------------------------------------------------------------

    def set_end(self, case: Case) -> None:
        """When the stay ends unless something comes first, and how if that is known already."""
        rules = case.rules
        if rules.time == AT_ONCE:
            case.exit_at = self.now
        elif rules.time == EFFORT:
            if case.served != NOT_YET:
                case.exit_at = self.calendar.add_working(self.now, self.duration(case))
        elif rules.time == DURATION:
            case.exit_at = self.calendar.add_working(self.now, self.duration(case))
        elif rules.wait == WAITING_STAGE and case.served != NOT_YET:
            case.exit_at, case.exit_end = self.now, 0
        else:
            self.race(case)

    def stretch(self, case: Case) -> float:
        """How much longer the stay takes because caseloads are above plan; 1 for not at all."""
        overload: Table | None = case.rules.overload
        if overload is None:
            return 1.0
        longer = self.values[overload.at(case.state, self.epoch(self.now))]
        return 1.0 + longer * self.pools[case.stage_pool].load_over_plan()

    def duration(self, case: Case) -> int:
        """A plain duration in working minutes; for a case open at the start, what is left of it."""
        rules = case.rules
        epoch = self.epoch(self.now)
        table = self.quantiles[int(self.values[rules.duration.at(case.state, epoch)])]
        u = uniform(case.key, rules.ends[0].purpose, case.nth)
        whole = interpolated(table, case.floor + (1.0 - case.floor) * u)
        left = whole - interpolated(table, case.floor) if case.floor > 0 else whole
        case.floor = 0.0
        ratio = self.values[rules.duration_ratio.at(case.state, epoch)]
        return int(left * ratio * self.stretch(case))

    def race(self, case: Case) -> None:
        """Competing risks: each spends its own luck at its own rate; the earliest wins."""
        rules = case.rules
        first_at = self.horizon
        limit_at = self.limit_of(case)
        if limit_at < first_at:
            first_at = limit_at + 1
        stretch = self.stretch(case)
        for position, end in enumerate(rules.ends):
            if end.rates is None:
                continue
            at = self.risk(case, end, stretch, first_at)
            if at < first_at:
                first_at, case.exit_end = at, position
        if case.exit_end == NOT_YET and limit_at < self.horizon:
            first_at, case.exit_end = limit_at, len(rules.ends) - 1
        case.exit_at = first_at

    def limit_of(self, case: Case) -> int:
        """When the stay ends in any case, by age or by time in the stage; FAR for never."""
        rules = case.rules
        if rules.limit is None:
            return FAR
        minutes = int(self.values[rules.limit.at(case.state, 0)])
        since = case.birth if rules.limit_kind == ENDS_AT_AGE else case.clock_start
        return max(since + minutes, self.now)

    def risk(self, case: Case, end: End, stretch: float, before: int) -> int:
        """When one risk would end the stay; FAR if not before the minute given.

        The draw from the unit exponential is a budget, spent piece by piece at rate x pace x
        ratio x effects / stretch.
        """
        rules: StageRules = case.rules
        values, edges, clock = self.values, rules.edges, case.clock_start
        budget = self.unit_exponential(uniform(case.key, end.purpose, case.nth))
        effects = self.effects_on(case, end)
        state, at = case.state, self.now
        band = bisect_right(edges, at - clock) - 1
        epoch = self.epoch(at)
        while at < before:
            stop = clock + edges[band + 1] if band + 1 < len(edges) else FAR
            if epoch + 1 < len(self.epochs):
                stop = min(stop, self.epochs[epoch + 1])
            if rules.uses_age:
                age = self.age_band(case, at)
                state = self.with_age(state, age)
                if age < len(self.age_limits):
                    stop = min(stop, case.birth + self.age_limits[age])
            rate = values[end.rates.at(state, epoch) + band]
            rate *= values[rules.pace.at(state, epoch)]
            if end.ratio is not None:
                rate *= values[end.ratio.at(state, epoch)]
            for effect in effects:
                step = bisect_right(effect.steps, at - case.helped_at) - 1
                rate *= effect.ratios[step]
                if step + 1 < len(effect.steps):
                    stop = min(stop, case.helped_at + effect.steps[step + 1])
            rate /= stretch
            spend = rate * (stop - at)
            if budget < spend:
                return at + int(budget / rate)
            budget -= spend
            at = stop
            if band + 1 < len(edges) and at - clock >= edges[band + 1]:
                band += 1
            if epoch + 1 < len(self.epochs) and at >= self.epochs[epoch + 1]:
                epoch += 1
        return FAR

    def effects_on(self, case: Case, end: End) -> list[Any]:
        """The effects of additional help that act on this end for this case."""
        if not end.effects or case.helped_at < 0:
            return []
        return [effect for effect in end.effects if case.state & effect.mask == effect.value]

    def unit_exponential(self, u: float) -> float:
        """The unit exponential's quantile, from a table whose last cell is refined."""
        cell = u * CELLS
        if cell < CELLS - 1:
            return interpolated(self.exponential, u, CELLS)
        fine = (cell - (CELLS - 1)) * CELLS
        position = int(fine)
        low = self.exponential[CELLS + 1 + position]
        high = self.exponential[CELLS + 2 + position]
        return low + (high - low) * (fine - position)

    def age_band(self, case: Case, minute: int) -> int:
        """The child's age band at a moment; the unborn count as under one."""
        return bisect_right(self.age_limits, minute - case.birth)

    @staticmethod
    def with_age(state: int, age: int) -> int:
        """The state with the age band written into it."""
        return state & ~(15 << AGE_SHIFT) | age << AGE_SHIFT

    # --- a stay ends --------------------------------------------------------------------------------

    def finish(self, case: Case) -> None:
        """End the stay: write its row, change what it changes, and turn to the next stage."""
        rules: StageRules = case.rules
        if case.exit_end == COMES_HOME_END:
            self.write(case, self.now, OUTCOME_CODE[CHILD_COMES_HOME])
            self.mark_rejoined(case)
            self.move(case, self.step_down_stage)
            return
        position = case.exit_end if rules.time == HAZARDS else self.decide(case)
        end = rules.ends[position]
        self.write(case, self.now, end.outcome)
        case.state = case.state & ~end.clear | end.set
        if end.set_if_new and self.is_new(case, position):
            case.state = case.state & ~end.clear_if_new | end.set_if_new
            case.helped_at = self.now if end.help_begins else NOT_YET
        for draw in end.draws:
            self.settle(case, draw)
        if rules.placement:
            self.leave_placement(case)
        if end.splits:
            self.enter_care(case, end)
        elif end.to == TO_FAMILY:
            self.move(case, NONE)
            self.rejoin(case)
        else:
            self.move(case, end.to)

    def decide(self, case: Case) -> int:
        """Which way a decision goes: by shares, changed by effects; the last takes the rest."""
        rules: StageRules = case.rules
        epoch = self.epoch(self.now)
        u = uniform(case.key, rules.ends[-1].purpose, case.nth)
        first = rules.shares.at(case.state, epoch)
        reached = 0.0
        for position, end in enumerate(rules.ends[:-1]):
            share = self.values[first + position]
            for effect in self.effects_on(case, end):
                step = bisect_right(effect.steps, self.now - case.helped_at) - 1
                share *= effect.ratios[step]
            reached += share
            if u < reached:
                return position
        return len(rules.ends) - 1

    def is_new(self, case: Case, position: int) -> bool:
        """Whether today's arrangements would have decided otherwise for the same family."""
        rules: StageRules = case.rules
        u = uniform(case.key, rules.ends[-1].purpose, case.nth - 1)
        usual = self.pick(u, rules.usual_shares.at(case.usual_state, 0), len(rules.ends))
        return usual != position

    def move(self, case: Case, to: int) -> None:
        """Turn to the next stage; a place of the same kind is carried over."""
        case.same_stage = to == TO_SAME
        if not case.same_stage:
            case.rules = self.rules[to] if to >= 0 else None
        case.row_spent = self.now - case.clock_start if case.same_stage else 0
        next_pool = NOT_YET if case.rules is None else self.pool_of(case, case.rules)
        self.leave_place(case, next_pool)

    def enter_care(self, family: Case, end: End) -> None:
        """Some or all of the children counted enter care, each as a case of its own."""
        chosen = family.mask & family.scopes[-1] or lowest_bit(family.mask)
        family.home &= ~chosen
        remaining = family.mask & ~chosen
        self.move(family, end.rest if remaining else NONE)
        for position in set_bits(chosen):
            child = self.child_of(family, position)
            child.state = family.state
            child.helped_at = family.helped_at
            child.rules, child.same_stage, child.row_spent = self.rules[end.to], False, 0
            self.start(child)

    def child_of(self, family: Case, position: int) -> Case:
        """The case of one of the family's children, kept from an earlier time in care if any."""
        if position not in family.children:
            child_id = family.id + 1 + position
            child = Case(child_id, case_key(self.key, child_id), family.state)
            child.family, child.birth = family, family.births[position]
            family.children[position] = child
        return family.children[position]

    def rejoin(self, child: Case) -> None:
        """A child comes home: into the family's open case, or a step-down is opened for it."""
        family = child.family
        position = child.id % CASES_PER_FAMILY - 1
        family.home |= 1 << position
        family.next_adult_at = self.now  # looked at again when the children are next counted
        rules = family.rules
        if rules is None:
            self.mark_rejoined(family)
            family.rules, family.same_stage = self.rules[self.step_down_stage], False
            family.row_spent = 0
            self.start(family)
        elif family.row_start == NOT_YET:
            return  # about to begin, for a sibling who came home this minute: both are counted then
        elif rules.code == self.return_stage:
            family.exit_at, family.exit_end = self.now, COMES_HOME_END
            self.set_alarm(family, PLACE_GIVEN)
        else:
            self.drop_adults(family)
            self.household_changes(family, family.mask | 1 << position)
            self.mark_rejoined(family)
            if family.exit_at > self.now:
                self.set_alarm(family, ENDING)

    def mark_rejoined(self, family: Case) -> None:
        """Mark the family as one whose child has come home from care."""
        family.state = family.state & ~self.network.rejoin_clear | self.network.rejoin_set

    # --- bookkeeping --------------------------------------------------------------------------------

    def start(self, case: Case) -> None:
        """Set a case on its way."""
        case.row_start = NOT_YET
        self.active[case.id] = case
        self.env.process(self.journey(case))

    def new_case(self, position: int) -> Case:
        """A case as it appears: a family, or a child who is looked after from the first."""
        cases = self.cases
        case_id, state = int(cases.case[position]), int(cases.state[position])
        child = case_id % CASES_PER_FAMILY
        family = Case(case_id - child, case_key(self.key, case_id - child), state)
        family.births = cases.births[position].tolist()
        family.scopes = tuple(cases.scopes[position].tolist())
        family.home = int(cases.household[position])
        case = self.child_of(family, child - 1) if child else family
        case.rules = self.rules[int(cases.stage[position])]
        case.row_spent, case.floor = int(cases.spent[position]), float(cases.floor[position])
        self.active[case.id] = case
        return case

    def write(self, case: Case, end: int, outcome: int) -> None:
        """Write one row of the log."""
        self.rows += (
            case.row_start,
            case.id,
            case.nth,
            case.rules.code,
            case.served,
            end,
            outcome,
            case.stage_pool,
            case.mask,
            case.state,
            case.row_spent,
        )
        case.nth += 1

    def write_beside(self, case: Case, stage: int, end: int) -> None:
        """Write the row of something that runs beside a stage."""
        is_open = end >= self.horizon
        outcome = OPEN if is_open else OUTCOME_CODE[COMPLETED]
        end = OPEN if is_open else end
        row = (self.now, case.id, case.nth, stage, self.now, end, outcome, NONE, case.mask)
        self.rows += (*row, case.state, 0)
        case.nth += 1


def interpolated(table: list[float], u: float, cells: int = CELLS) -> float:
    """The quantile at u from a table of equal cells, linear within a cell."""
    position = u * cells
    cell = min(int(position), cells - 1)
    low = table[cell]
    return low + (table[cell + 1] - low) * (position - cell)


def run(
    network: Network,
    cases: Cases,
    seed: int,
    replication: int,
    progress: Callable[[float], None] | None = None,
) -> EpisodeLog:
    """Run one replication of a network and return its episode log.

    Parameters
    ----------
    network : the pathway with numbers. cases : everyone the run will meet.
    seed, replication : address the luck. progress : told the share done, from 0 to 1.
    """
    return SimpyEngine(network, cases, seed, replication).run(progress)
