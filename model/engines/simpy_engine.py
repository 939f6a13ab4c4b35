"""The reference engine: families as SimPy processes that walk the network.

Read `journey` first: a family, or a child in care, begins a stay, sleeps until something ends it,
and moves on. Everything else answers one question about a stay: which children it counts, who
helps, how long it lasts, how it ends. Numbers come from the network, luck from `model.luck`; no
stage and no attribute is known here by name. The rules that a second engine must share (order
of events, order of draws, order of arithmetic) are listed in docs/engines.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from struct import Struct

import numpy as np

from model.engines.cases import (
    FAR,
    MOST_STAYS,
    NOT_YET,
    Case,
    Cases,
    lowest_bit,
    set_bits,
    too_many_stays,
)
from model.engines.clock import Alarm, Clock, Journey, Walk
from model.engines.places import Pool
from model.engines.rules import Draw, Effect, End, StageRules, read_rules
from model.engines.terms import STATE_BITS, TermReader, Terms, running_totals
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
from model.memory import collector_at_rest
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
COMES_HOME_END = -2
SURELY = 1.000001  # room for rounding when a risk is passed over because it cannot come in time

AT_ONCE, EFFORT = TIME_CODE[Time.AT_ONCE], TIME_CODE[Time.EFFORT]
DURATION, HAZARDS = TIME_CODE[Time.DURATION], TIME_CODE[Time.HAZARDS]
BLOCKS, WAITING_STAGE = WAIT_CODE[Wait.BLOCKS], WAIT_CODE[Wait.WAITING_STAGE]
AGE_SHIFT = ATTRIBUTE_SHIFT["age"]
NEED_SHIFT, PLACEMENT_SHIFT = ATTRIBUTE_SHIFT["need"], ATTRIBUTE_SHIFT["placement"]
MOST_URGENT_NEED = 3
ROW = Struct(f"{len(COLUMNS)}q")


def order_key(phase: int, stage: int, case: int, nth: int) -> int:
    """The order of events within a minute, packed into one number."""
    return phase << 60 | stage << 52 | case << 12 | nth


class SimpyEngine:
    """One replication of a network; call `run` once."""

    def __init__(self, network: Network, cases: Cases, seed: int, replication: int) -> None:
        self.network, self.cases = network, cases
        self.key = run_key(seed, replication)
        self.rules = read_rules(network)
        reader = TermReader(network, self.rules)
        self.terms, self.totals = reader.of_stages(), reader.of_draws()
        self.values = reader.values
        self.exponential: list[float] = network.exponential.tolist()
        self.change_at: list[int] = [*network.epochs.tolist(), FAR]
        self.epoch = self.epoch_bits = 0
        self.age_limits: list[int] = [*network.age_limits.tolist(), FAR]
        self.adult_age = self.adult_minutes()
        self.calendar = network.calendar
        self.horizon = network.horizon
        self.pools = [Pool(capacity) for capacity in network.capacity[0].tolist()]
        self.spill: list[list[int]] = network.spill.tolist()
        self.return_stage = network.return_stage
        self.step_down_stage = network.step_down_stage
        self.active: dict[int, Case] = {}
        self.rows = bytearray()
        self.clock = Clock(self.horizon)

    def adult_minutes(self) -> int:
        """The age at which a child leaves the family's case: the limit of being looked after."""
        for rules in self.rules:
            if rules.is_child and rules.limit is not None and rules.placement:
                return self.terms[rules.code][0].limit_minutes
        return FAR

    def run(self, progress: Callable[[float], None] | None = None) -> EpisodeLog:
        """Run to the horizon and return the log of every stay."""
        self.clock.set_off(self.dated_changes())
        self.clock.set_off(self.arrivals())
        if progress:
            self.clock.set_off(self.report(progress))
        with collector_at_rest():
            self.clock.run_to_horizon()
            for case in self.active.values():
                self.write(case, OPEN, OPEN)
                case.alarm = None  # nobody will wake the sleepers: let go of them here and now
        rows = np.frombuffer(self.rows, np.int64).reshape(-1, len(COLUMNS))
        return EpisodeLog(
            rows=sorted_rows(rows),
            horizon_minutes=self.horizon,
            places=self.network.places,
            localities=self.network.localities,
            start_date=self.calendar.start_date.isoformat(),
        )

    # --- processes -------------------------------------------------------------------------------

    def journey(self, case: Case) -> Journey:
        """A family's, or a child's, way through the pathway: one stay after another."""
        clock = self.clock
        while case.rules is not None and self.begin(case):
            while clock.now < case.exit_at:
                yield self.alarm(case)
                if clock.now < case.exit_at and not self.child_grows_up(case):
                    return
            self.finish(case)
        self.active.pop(case.id, None)

    def arrivals(self) -> Journey:
        """Cases appear: those open at the start, then new families, minute by minute."""
        for minute, case_id, *about in self.cases.in_order(self.key, self.adult_age):
            if minute > self.clock.now:
                alarm = Alarm()
                self.clock.ring(alarm, minute, order_key(ARRIVAL, 0, case_id, 0))
                yield alarm
            case = self.new_case(case_id, *about)
            self.active[case.id] = case
            Walk(self.journey(case)).go_on()

    def dated_changes(self) -> Journey:
        """New arrangements begin on their dates; a rise in places serves the queue at once."""
        for epoch, minute in enumerate(self.change_at[1:-1], start=1):
            alarm = Alarm()
            self.clock.ring(alarm, minute, order_key(CAPACITY_CHANGE, 0, 0, 0))
            yield alarm
            self.epoch, self.epoch_bits = epoch, epoch << STATE_BITS
            for number, pool in enumerate(self.pools):
                pool.capacity = int(self.network.capacity[epoch, number])
                self.serve(number)

    def report(self, progress: Callable[[float], None]) -> Journey:
        """Tell how far the run is, once for each twentieth of it."""
        for step in range(1, 20):
            yield self.clock.timeout(self.horizon * step // 20 - self.clock.now)
            progress(step / 20)

    # --- time ------------------------------------------------------------------------------------

    def alarm(self, case: Case, phase: int = ENDING) -> Alarm:
        """The event that wakes the case; set for its ending or a child's birthday."""
        alarm = case.alarm = Alarm()
        order = order_key(phase, case.rules.code, case.id, case.nth)
        self.clock.ring(alarm, min(case.exit_at, case.next_adult_at), order)
        return alarm

    def set_alarm_anew(self, case: Case, phase: int) -> None:
        """Something has changed for a case that sleeps: it will wake by another alarm."""
        old = case.alarm
        new = self.alarm(case, phase)
        if old is not None and old.callbacks:
            new.callbacks, old.callbacks = old.callbacks, []

    # --- a stay begins ---------------------------------------------------------------------------

    def begin(self, case: Case) -> bool:
        """Start a stay: settle what is drawn, count the children, ask for a place, set its end.

        Returns False when no child is left at home and the case is over.
        """
        rules, now = case.rules, self.clock.now
        if case.nth >= MOST_STAYS:
            raise too_many_stays(case.id, self.network.stage_names[rules.code])
        if not self.count_children(case):
            self.leave_place(case, NOT_YET)
            case.rules = None
            return False
        if rules.uses_age:
            case.state = self.with_age(case.state, self.age_band(case, now))
        case.usual_state = case.state
        if rules.draws and (case.nth or not case.row_spent):  # open at the start: settled already
            for draw in rules.draws:
                self.settle(case, draw)
        if not case.same_stage:
            case.clock_start = now - case.row_spent
        case.row_start, case.served = now, NOT_YET
        case.exit_at, case.exit_end = self.horizon, NOT_YET
        if rules.besides and not case.same_stage and case.row_spent == 0:
            self.run_besides(case)
        if rules.marks_help and case.helped_at < 0:
            case.helped_at = now
        if rules.placement:
            self.take_placement(case)
        terms = self.terms_of(case)
        case.stage_pool = terms.pool
        if terms.pool != NONE:
            self.ask_for_place(case)
        self.set_end(case, terms)
        return True

    def count_children(self, case: Case) -> bool:
        """Set which children the stay counts; those grown up have left. False when none is left."""
        rules = case.rules
        if rules.is_child:
            case.mask, case.next_adult_at = 1 << (case.id % CASES_PER_FAMILY - 1), FAR
            return True
        if case.next_adult_at <= self.clock.now:
            self.drop_adults(case)
        case.mask = case.home & case.scopes[rules.scope] or lowest_bit(case.home)
        return case.home != 0

    def drop_adults(self, family: Case) -> None:
        """Children who have turned 18 leave the family's case."""
        now = self.clock.now
        if family.next_adult_at > now:
            return
        family.next_adult_at = FAR
        for position in set_bits(family.home):
            adult_at = self.born(family, position) + self.adult_age
            if adult_at <= now:
                family.home &= ~(1 << position)
            else:
                family.next_adult_at = min(family.next_adult_at, adult_at)

    def child_grows_up(self, family: Case) -> bool:
        """A child at home turns 18 while the stay goes on. False when the case is over."""
        self.drop_adults(family)
        counted = family.home & family.scopes[family.rules.scope] or lowest_bit(family.home)
        if not family.home:
            self.write(family, self.clock.now, OUTCOME_CODE[GROWN_UP])
            self.leave_place(family, NOT_YET)
            family.rules = None
            self.active.pop(family.id, None)
            return False
        if counted != family.mask:
            self.household_changes(family, counted)
        return True

    def household_changes(self, family: Case, counted: int) -> None:
        """The children counted change: the row is closed and opened again, the stay goes on."""
        self.write(family, self.clock.now, OUTCOME_CODE[HOUSEHOLD_CHANGED])
        family.mask = counted
        family.row_spent += self.clock.now - family.row_start
        family.row_start = self.clock.now

    def settle(self, case: Case, draw: Draw) -> None:
        """Settle an attribute by luck; also as today's arrangements would, where it is asked."""
        u = uniform(case.key, draw.purpose, case.nth)
        reached, usual_reached = self.totals[draw.number]
        chosen = bisect_right(reached[case.state & reached.reads | self.epoch_bits], u)
        if case.rules.usual_shares is not None:
            usual = bisect_right(usual_reached[case.usual_state & usual_reached.reads], u)
            case.usual_state = case.usual_state & ~(15 << draw.shift) | usual << draw.shift
        case.state = case.state & ~(15 << draw.shift) | chosen << draw.shift

    def run_besides(self, case: Case) -> None:
        """Work or a status that runs beside the stage: its row is known at once."""
        now = self.clock.now
        for beside in case.rules.besides:
            chance = self.values[beside.chance.at(case.state, self.epoch)]
            if uniform(case.key, beside.purpose, case.nth) < chance:
                u = uniform(case.key, beside.purpose + 1, case.nth)
                minutes = int(interpolated(beside.quantiles, u))
                if beside.in_working_time:
                    end = self.calendar.add_working(now, minutes)
                else:
                    end = now + minutes
                self.write_beside(case, beside.stage, end)

    # --- places ----------------------------------------------------------------------------------

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
        """Keep a place of the same kind, take one, or wait for one as the stage says."""
        number = case.stage_pool
        if case.pool != number:
            pool = self.pools[number]
            if not (case.rules.takes_at_once or pool.has_room()):
                self.queue(case, pool)
                return
            case.pool, case.waiting = number, 0
            pool.in_use += 1
        case.served = self.clock.now

    def queue(self, case: Case, pool: Pool) -> None:
        """Wait in turn: the most urgent need first, then the longest waiting.

        A case that waits for such a place already keeps its turn.
        """
        if not case.waiting:
            case.requests += 1
            case.waiting, case.asked = case.requests, self.clock.now
            pool.join(MOST_URGENT_NEED - (case.state >> NEED_SHIFT & 15), case.asked, case)

    def serve(self, number: int) -> None:
        """Give free places to those whose turn it is."""
        while (case := self.pools[number].next_in_turn()) is not None:
            case.pool, case.served = number, self.clock.now
            if case.rules.wait == WAITING_STAGE:
                case.exit_at, case.exit_end = case.served, 0
                self.set_alarm_anew(case, PLACE_GIVEN)
            elif case.rules.wait == BLOCKS:
                self.set_end(case, self.terms_of(case))
                self.set_alarm_anew(case, ENDING)

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

    # --- how long --------------------------------------------------------------------------------

    def terms_of(self, case: Case) -> Terms:
        """What the tables of its stage say for the case now."""
        terms = self.terms[case.rules.code]
        return terms[case.state & terms.reads | self.epoch_bits]

    def set_end(self, case: Case, terms: Terms) -> None:
        """When the stay ends unless something comes first, and how if that is known already."""
        rules, now = case.rules, self.clock.now
        if rules.time == AT_ONCE:
            case.exit_at = now
        elif rules.time == DURATION or (rules.time == EFFORT and case.served != NOT_YET):
            case.exit_at = self.calendar.add_working(now, self.duration(case, terms))
        elif rules.time == HAZARDS:
            if rules.wait == WAITING_STAGE and case.served != NOT_YET:
                case.exit_at, case.exit_end = now, 0
            else:
                self.race(case, terms)

    def stretch(self, case: Case, terms: Terms) -> float:
        """How much longer the stay takes because caseloads are above plan."""
        return 1.0 + terms.overload * self.pools[case.stage_pool].load_over_plan()

    def duration(self, case: Case, terms: Terms) -> int:
        """A plain duration in working minutes; for a case open at the start, what is left of it."""
        u = uniform(case.key, case.rules.ends[0].purpose, case.nth)
        left = interpolated(terms.quantiles, case.floor + (1.0 - case.floor) * u)
        if case.floor > 0:
            left -= interpolated(terms.quantiles, case.floor)
            case.floor = 0.0
        left *= terms.duration_ratio
        if terms.overload:
            left *= self.stretch(case, terms)
        return int(left)

    def race(self, case: Case, terms: Terms) -> None:
        """Competing risks: each spends its own luck at its own rate; the earliest wins."""
        rules = case.rules
        first_at, limit_at = self.horizon, FAR
        if rules.limit is not None:
            limit_at = self.limit_of(case, terms)
        if limit_at < first_at:
            first_at = limit_at + 1
        stretch = self.stretch(case, terms) if terms.overload else 1.0
        for position in rules.risks:
            at = self.risk(case, position, terms, stretch, first_at)
            if at < first_at:
                first_at, case.exit_end = at, position
        if case.exit_end == NOT_YET and limit_at < self.horizon:
            first_at, case.exit_end = limit_at, len(rules.ends) - 1
        case.exit_at = first_at

    def limit_of(self, case: Case, terms: Terms) -> int:
        """When the stay ends in any case, by age or by time in the stage."""
        rules = case.rules
        since = case.birth if rules.limit_kind == ENDS_AT_AGE else case.clock_start
        return max(since + terms.limit_minutes, self.clock.now)

    def risk(self, case: Case, position: int, terms: Terms, stretch: float, before: int) -> int:
        """When one risk would end the stay; FAR if not before the minute given.

        The draw from the unit exponential is a budget, spent piece by piece at rate x pace x
        ratio x effects / stretch.
        """
        rules, at = case.rules, self.clock.now
        end, rates = rules.ends[position], terms.rates[position]
        budget = self.unit_exponential(uniform(case.key, end.purpose, case.nth))
        effects = self.effects_on(case, end) if case.helped_at >= 0 else ()
        if not effects and budget > terms.fastest[position] / stretch * (before - at) * SURELY:
            return FAR
        clock, epoch = case.clock_start, self.epoch
        band = bisect_right(rules.edges, at - clock) - 1
        band_over, changes_at = clock + rules.band_ends[band], self.change_at[epoch + 1]
        while at < before:
            if at == band_over:
                band += 1
                band_over = clock + rules.band_ends[band]
            if at == changes_at:
                epoch += 1
                changes_at = self.change_at[epoch + 1]
                rates = self.rates_at(case, at, epoch)[position]
            stop = min(band_over, changes_at)
            if rules.uses_age:
                stop = min(stop, case.birth + self.age_limits[self.age_band(case, at)])
                rates = self.rates_at(case, at, epoch)[position]
            rate = rates[band]
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
        return FAR

    def rates_at(self, case: Case, minute: int, epoch: int) -> list[list[float]]:
        """Rates of each end in each band as they will be at a moment, at the child's age then."""
        terms, state = self.terms[case.rules.code], case.state
        if case.rules.uses_age:
            state = self.with_age(state, self.age_band(case, minute))
        return terms[state & terms.reads | epoch << STATE_BITS].rates

    def effects_on(self, case: Case, end: End) -> Sequence[Effect]:
        """The effects of additional help that act on this end for this case."""
        return [effect for effect in end.effects if case.state & effect.mask == effect.value]

    def unit_exponential(self, u: float) -> float:
        """The unit exponential's quantile, from a table whose last cell is refined."""
        table, position, first = self.exponential, u * CELLS, 0
        if position >= CELLS - 1:
            position, first = (position - (CELLS - 1)) * CELLS, CELLS + 1
        cell = int(position)
        low = table[first + cell]
        return low + (table[first + cell + 1] - low) * (position - cell)

    def age_band(self, case: Case, minute: int) -> int:
        """The child's age band at a moment; the unborn count as under one."""
        return bisect_right(self.age_limits, minute - case.birth)

    @staticmethod
    def with_age(state: int, age: int) -> int:
        """The state with the age band written into it."""
        return state & ~(15 << AGE_SHIFT) | age << AGE_SHIFT

    # --- a stay ends -----------------------------------------------------------------------------

    def finish(self, case: Case) -> None:
        """End the stay: write its row, change what it changes, and turn to the next stage."""
        rules: StageRules = case.rules
        if case.exit_end == COMES_HOME_END:
            self.write(case, self.clock.now, OUTCOME_CODE[CHILD_COMES_HOME])
            self.mark_rejoined(case)
            self.move(case, self.step_down_stage)
            return
        position = case.exit_end if rules.time == HAZARDS else self.decide(case)
        end = rules.ends[position]
        self.write(case, self.clock.now, end.outcome)
        case.state = case.state & ~end.clear | end.set
        if end.set_if_new and self.is_new(case, position):
            case.state = case.state & ~end.clear_if_new | end.set_if_new
            case.helped_at = self.clock.now if end.help_begins else NOT_YET
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
        ends = case.rules.ends
        u = uniform(case.key, ends[-1].purpose, case.nth)
        reached = self.terms_of(case).reached
        if case.helped_at >= 0 and any(self.effects_on(case, end) for end in ends):
            reached = self.reached_under_effects(case)
        return bisect_right(reached, u)

    def reached_under_effects(self, case: Case) -> list[float]:
        """Running totals of a decision's shares, each changed by the effects of help on it."""
        rules: StageRules = case.rules
        assert rules.shares is not None
        first = rules.shares.at(case.state, self.epoch)
        since = self.clock.now - case.helped_at
        reached = [0.0]
        for position, end in enumerate(rules.ends[:-1]):
            share = self.values[first + position]
            for effect in self.effects_on(case, end):
                share *= effect.ratios[bisect_right(effect.steps, since) - 1]
            reached.append(reached[-1] + share)
        return reached[1:]

    def is_new(self, case: Case, position: int) -> bool:
        """Whether today's arrangements would have decided otherwise for the same family."""
        ends, shares = case.rules.ends, case.rules.usual_shares
        u = uniform(case.key, ends[-1].purpose, case.nth - 1)
        usual = running_totals(shares, len(ends), self.values, case.usual_state, 0)
        return bisect_right(usual, u) != position

    def move(self, case: Case, to: int) -> None:
        """Turn to the next stage; a place of the same kind is carried over."""
        if to == TO_SAME:
            case.same_stage, case.row_spent = True, self.clock.now - case.clock_start
        else:
            case.same_stage, case.row_spent = False, 0
            case.rules = self.rules[to] if to >= 0 else None
        if case.pool != NOT_YET or case.waiting:
            next_pool = NOT_YET if case.rules is None else self.terms_of(case).pool
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
            child.family, child.birth = family, self.born(family, position)
            family.children[position] = child
        return family.children[position]

    def born(self, family: Case, position: int) -> int:
        """When one of the family's children was, or will be, born."""
        return int(self.cases.births[family.row, position])

    def rejoin(self, child: Case) -> None:
        """A child comes home: into the family's open case, or a step-down is opened for it."""
        family = child.family
        assert family is not None
        position = child.id % CASES_PER_FAMILY - 1
        family.home |= 1 << position
        family.next_adult_at = self.clock.now  # looked at again when the children are next counted
        rules = family.rules
        if rules is None:
            self.mark_rejoined(family)
            family.rules, family.same_stage = self.rules[self.step_down_stage], False
            family.row_spent = 0
            self.start(family)
        elif family.row_start == NOT_YET:
            return  # about to begin, for a sibling who came home this minute: both are counted then
        elif rules.code == self.return_stage:
            family.exit_at, family.exit_end = self.clock.now, COMES_HOME_END
            self.set_alarm_anew(family, PLACE_GIVEN)
        else:
            self.drop_adults(family)
            self.household_changes(family, family.mask | 1 << position)
            self.mark_rejoined(family)
            if family.exit_at > self.clock.now:
                self.set_alarm_anew(family, ENDING)

    def mark_rejoined(self, family: Case) -> None:
        """Mark the family as one whose child has come home from care."""
        family.state = family.state & ~self.network.rejoin_clear | self.network.rejoin_set

    # --- bookkeeping -----------------------------------------------------------------------------

    def start(self, case: Case) -> None:
        """Set a case on its way, as soon as the present event is over."""
        case.row_start = NOT_YET
        self.active[case.id] = case
        self.clock.set_off(self.journey(case))

    def new_case(
        self,
        case_id: int,
        stage: int,
        state: int,
        household: int,
        scopes: tuple[int, ...],
        next_adult_at: int,
        spent: int,
        floor: float,
        key: int,
        row: int,
    ) -> Case:
        """A case as it appears: a family, or a child who is looked after from the first."""
        child = case_id % CASES_PER_FAMILY
        family = Case(case_id - child, key, state)
        family.row, family.scopes, family.home = row, scopes, household
        family.next_adult_at = next_adult_at
        case = self.child_of(family, child - 1) if child else family
        case.rules = self.rules[stage]
        case.row_spent, case.floor = spent, floor
        return case

    def write(self, case: Case, end: int, outcome: int) -> None:
        """Write one row of the log."""
        self.rows += ROW.pack(
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
        now = self.clock.now
        row = (now, case.id, case.nth, stage, now, end, outcome, NONE, case.mask, case.state, 0)
        self.rows += ROW.pack(*row)
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
