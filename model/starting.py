"""Today's caseload: who is open, or lately left, when the run starts, and how far along they are.

Published stocks are met exactly; stocks that nobody publishes come from the steady state. Every
open case has the time it has already spent, drawn from how stays of its kind are spread, so that
nothing jumps on the first day. Families that left in the five years before are there too, each
with its remaining time to come back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from model import luck
from model.arrivals import arrivals, same_arrivals
from model.children_at_start import NEED_WHEN_LOOKED_AFTER, ChildrenAtStart
from model.engines.cases import Cases
from model.engines.rules import read_rules
from model.episodes import ATTRIBUTE_SHIFT, CASES_PER_FAMILY
from model.errors import InputError, Where, listed
from model.inputs import Inputs
from model.network import Network, bits
from model.pathway import (
    ATTRIBUTES,
    PATHWAY,
    SETS_ON_REJOINING,
    STAGE_NAMES,
    Scope,
    Time,
    Unit,
    Wait,
)
from model.population import (
    ASYLUM,
    FAMILIES_PER_STAGE,
    cases_of,
    choose,
    families,
    grown_up_per_minute,
    joined,
    pack,
    stay_home_share,
)
from model.steady_state import Node, SteadyState, solve
from model.time_spent import age_of_duration, age_of_stay

STEP_DOWN = STAGE_NAMES.index("step_down")
CONTACT = STAGE_NAMES.index("contact")
DAYS_NEAR = 31


class Opening:
    """Builds the cases of one area at the start of a run; the same for every replication but luck.

    Parameters
    ----------
    inputs : the area's numbers under today's arrangements. network : built from them.
    """

    def __init__(self, inputs: Inputs, network: Network) -> None:
        self.inputs, self.network = inputs, network
        self.rules = read_rules(network)
        self.stocks = published_stocks(inputs)
        self.care = ChildrenAtStart(inputs, network, self.rules, self.stocks)
        self.children = inputs.counts("population.children_per_family")
        self.steady, self.new_families = self.steady_state()
        self.open_stocks = self.family_stocks()

    # --- flows ------------------------------------------------------------------------------------

    def steady_state(self) -> tuple[SteadyState, NDArray[np.float64]]:
        """Flows that today's contacts keep up, and the new families by source behind them.

        Contacts are new families and returns together: new families are scaled so that the sum
        is the area's contacts.
        """
        per_source = self.families_by_source()
        moved_in = ATTRIBUTES["source"].index("moved_in")
        asylum = ATTRIBUTES["source"].index(ASYLUM)
        contacting = per_source.copy()
        contacting[[moved_in, asylum]] = 0.0
        others = np.zeros_like(per_source)
        others[moved_in] = per_source[moved_in]
        (by_contact, contacts), (not_by_contact, fixed) = map(
            self.contact_states, (contacting, others)
        )
        _, to_set = bits(SETS_ON_REJOINING)
        home = STEP_DOWN, to_set | int(pack(need=NEED_WHEN_LOOKED_AFTER))
        # One stream that is scaled to the area's contacts, and one that stays as it is.
        per_year = np.zeros((len(contacts) + len(fixed) + 1, 2))
        per_year[: len(contacts), 0] = contacts
        per_year[len(contacts) :, 1] = *fixed, self.care.returns_home_per_year()
        steady, flows = solve(
            self.network,
            self.rules,
            [*by_contact, *not_by_contact, home],
            per_year,
            stay_home_share(self.inputs),
            grown_up_per_minute(self.inputs),
        )
        at_contact = [
            k
            for k in steady.of_stage(CONTACT)
            if (steady.nodes[k][1] >> ATTRIBUTE_SHIFT["source"] & 15) != moved_in
        ]
        per_new, others_contact = flows[at_contact].sum(axis=0)
        scale = max((contacting.sum() - others_contact) / per_new, 0.0) if per_new > 0 else 0.0
        new_families = contacting * scale
        new_families[[moved_in, asylum]] = per_source[[moved_in, asylum]]
        flows_now = np.maximum(flows[:, 0] * scale + flows[:, 1], 0.0)
        return replace(steady, flows=flows_now), new_families

    def families_by_source(self) -> NDArray[np.float64]:
        """Families contacted a year by source; asylum-seeking children are counted singly."""
        contacts = self.inputs.counts("population.contacts_per_10000")
        per_family = {
            "early_help_door": self.children[str(Scope.EARLY_HELP)],
            "moved_in": self.children[str(Scope.REFERRED)],
            ASYLUM: 1.0,
        }
        contacted = self.children[str(Scope.CONTACTED)]
        tens_of_thousands = float(self.inputs.number("population.children_0_17")) / 10_000
        rates = [contacts[s] / per_family.get(s, contacted) for s in ATTRIBUTES["source"]]
        return np.array(rates) * tens_of_thousands

    def contact_states(
        self, per_source: NDArray[np.float64]
    ) -> tuple[list[Node], NDArray[np.float64]]:
        """The states in which families make contact, and families a year in each."""
        needs = self.inputs.shares("population.need_at_contact")
        disabled = self.inputs.shares("population.disabled_share")
        where = self.inputs.shares("population.locality_share")
        streams = np.stack((1.0 - disabled, disabled), axis=1)
        share = needs[:, :, None, None] * where * streams[:, None, :, None]
        per_year = per_source[:, None, None, None] * share
        source, need, stream, locality = np.nonzero(per_year > 0)
        states = pack(source=source, need=need, stream=stream, locality=locality)
        return [(CONTACT, state) for state in states.tolist()], per_year[per_year > 0]

    # --- cases ------------------------------------------------------------------------------------

    def cases(self, run_inputs: Inputs, run_network: Network, key: int) -> Cases:
        """Everyone a replication will meet.

        Parameters
        ----------
        run_inputs, run_network : of the scenario that is run: its demand and its horizon.
        key : of the replication.
        """
        parts = arrivals(run_inputs, run_network, key, self.new_families)
        parts += self.open_families(key) + self.care.cases(key)
        return joined([part for part in parts if len(part.case)])

    def same_cases(self, run_inputs: Inputs, other_inputs: Inputs) -> bool:
        """Whether two scenarios meet the same cases in every replication, so that one can share.

        Parameters
        ----------
        run_inputs, other_inputs : what `cases` would be given, with networks built from them.

        Returns
        -------
        True when all that `cases` reads from them is equal: dates, localities, the new families
        expected in each month, and what is known of families (the `population` group).
        """
        return same_arrivals(run_inputs, other_inputs, self.new_families)

    def family_stocks(self) -> list[tuple[int, NDArray[np.int64], NDArray[np.float64]]]:
        """Stages with families open at the start: stage, nodes, and families open in each.

        Met to the published stock.
        """
        found = []
        for code, stage in enumerate(PATHWAY):
            if stage.unit is Unit.CHILD or stage.time in (Time.AT_ONCE, Time.EFFORT):
                continue
            positions = self.steady.of_stage(code)
            stock = self.scaled(stage.name, positions, self.steady.stock(positions))
            if round(stock.sum()):
                found.append((code, np.array(positions), stock))
        return found

    def scaled(
        self, name: str, positions: list[int], stock: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The stock scaled to what is published for the stage, where anything is."""
        states = np.array([self.steady.nodes[k][1] for k in positions], np.int64)
        stream = states >> ATTRIBUTE_SHIFT["stream"] & 15
        per_family = self.children[str(Scope.REFERRED)]
        if name == "child_in_need_plan":
            stock = met(stock, stream != 1, self.stocks.get(name), per_family)
            return met(stock, stream == 1, self.stocks.get(f"disabled_{name}"), per_family)
        if name in ("child_protection_plan", "pre_proceedings"):
            return stock * self.protection_scale(per_family)
        if name == "early_help_wait" and not stock.sum() and self.stocks.get(name):
            stock = self.steady.flows[positions]
        if name.startswith("early_help") and name not in self.stocks:
            return stock
        unit = 1.0 if name.startswith("early_help") else per_family
        return met(stock, np.ones(len(stock), bool), self.stocks.get(name), unit)

    def protection_scale(self, per_family: float) -> float:
        """Published plans over the steady state's: families in pre-proceedings keep their plan."""
        published = self.stocks.get("child_protection_plan")
        codes = [STAGE_NAMES.index(n) for n in ("child_protection_plan", "pre_proceedings")]
        total = sum(float(self.steady.stock(self.steady.of_stage(code)).sum()) for code in codes)
        return 1.0 if published is None or not total else published / per_family / total

    def open_families(self, key: int) -> list[Cases]:
        """Families in each stage at the start, with the time they have already spent in it."""
        if not self.open_stocks:
            return []
        numbers, stages, nodes = self.who_is_open(key)
        keys = luck.case_keys(key, numbers * CASES_PER_FAMILY)
        states = np.array([state for _, state in self.steady.nodes], np.int64)[nodes]
        states = self.with_the_rest(stages, states, keys)
        spent, floor = self.already_spent(stages, nodes, luck.uniforms(keys, "already spent"))
        # Families that left long ago have grown older since; some have grown up.
        aged_at = np.where(stages == self.network.return_stage, -spent, 0)
        found = families(self.inputs, key, numbers, aged_at, states)
        return [cases_of(found, np.zeros_like(spent), stages, spent, floor)]

    def who_is_open(
        self, key: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The number, stage and node of each family open at the start."""
        found = []
        for stage, nodes, stock in self.open_stocks:
            count = round(stock.sum())
            # Those who wait come last, when those who hold the places have taken them.
            order = stage + len(PATHWAY) * (PATHWAY[stage].wait is Wait.WAITING_STAGE)
            numbers = order * FAMILIES_PER_STAGE + np.arange(count, dtype=np.int64)
            first = luck.case_keys(key, numbers[:1] * CASES_PER_FAMILY)
            evenly = (np.arange(count) + luck.uniforms(first, "opening")) / count
            place = np.searchsorted(np.cumsum(stock) / stock.sum(), evenly)
            node = nodes[place.clip(0, len(nodes) - 1)]
            found.append((numbers, np.full(count, stage), node))
        numbers, stages, nodes = (np.concatenate(part) for part in zip(*found, strict=True))
        return numbers, stages, nodes

    def with_the_rest(
        self, stages: NDArray[np.int64], states: NDArray[np.int64], keys: NDArray[np.uint64]
    ) -> NDArray[np.int64]:
        """Settle the attributes that the steady state leaves open because nothing hangs on them.

        The source comes first: families from each have issues of their own.
        """
        shares = {
            "source": self.source_shares(),
            "issue": self.inputs.shares("population.issue"),
            "locality": self.inputs.shares("population.locality_share"),
        }
        live = np.array(self.steady.live)[stages]
        for name, share in shares.items():
            shift = ATTRIBUTE_SHIFT[name]
            open_yet = np.flatnonzero(live >> shift & 15 == 0)
            source = states[open_yet] >> ATTRIBUTE_SHIFT["source"] & 15
            row = source if share.ndim > 1 else None
            drawn = choose(luck.uniforms(keys[open_yet], name), share, row)
            states[open_yet] = states[open_yet] & ~(15 << shift) | drawn << shift
        return states

    def source_shares(self) -> NDArray[np.float64]:
        """Shares of contacts by source, asylum-seeking children apart."""
        per_source = self.new_families.copy()
        per_source[ATTRIBUTES["source"].index(ASYLUM)] = 0.0
        return per_source / per_source.sum()

    def already_spent(
        self, stages: NDArray[np.int64], nodes: NDArray[np.int64], u: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Time already spent by open cases: minutes, and the share of a plain duration passed."""
        spent, floor = np.zeros(len(u), np.int64), np.zeros(len(u))
        for stage, of_stage, _ in self.open_stocks:
            here = np.flatnonzero(stages == stage)
            stays = [self.steady.stays[node] for node in of_stage]
            kind = np.searchsorted(of_stage, nodes[here])
            if len(stays[0].edges):
                rates = np.array([stay.rates for stay in stays])
                limits = np.array([stay.limit for stay in stays])
                spent[here] = age_of_stay(stays[0].edges, rates, limits, kind, u[here])
            elif PATHWAY[stage].time is Time.DURATION:
                tables = np.array([self.duration_table(stage, node) for node in of_stage])[kind]
                for table in np.unique(tables):
                    some = here[tables == table]
                    quantiles = self.network.quantiles[table]
                    spent[some], floor[some] = age_of_duration(quantiles, u[some])
        return spent, floor

    def duration_table(self, stage: int, node: int) -> int:
        """The quantile table of a stage's duration at a node, a row of the network's."""
        duration = self.rules[stage].duration
        assert duration is not None
        return int(self.network.values[duration.at(self.steady.nodes[node][1], 0)])


def met(
    stock: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    published: float | None,
    children_per_family: float,
) -> NDArray[np.float64]:
    """Scale the chosen part of a stock of families so that its children are as published."""
    total = float(stock[chosen].sum())
    if published is None or total <= 0:
        return stock
    return np.where(chosen, stock * (published / children_per_family / total), stock)


def published_stocks(inputs: Inputs) -> dict[str, float]:
    """The area's open cases on the date nearest the start, within a month of it.

    Raises
    ------
    InputError
        When the area states no caseload near the start.
    """
    dates = inputs.caseload_dates()
    near = [day for day in dates if abs(day - inputs.start) <= timedelta(days=DAYS_NEAR)]
    if not near:
        allowed = [f"{day + timedelta(days=1)}" for day in sorted(dates)]
        raise InputError(
            Where(f"parameters/areas/{inputs.area.name}.toml", "caseload"),
            f"no caseload within {DAYS_NEAR} days of a start on {inputs.start}",
            f"a start on {listed(allowed)}" if allowed else "a caseload.at_YYYY_MM_DD entry",
            "Start the run on a date for which the caseload is known, or add one.",
        )
    day = min(near, key=lambda day: abs(day - inputs.start))
    return inputs.counts(dates[day])


__all__ = ["Opening", "met", "published_stocks"]
