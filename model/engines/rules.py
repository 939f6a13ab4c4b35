"""The network's arrays read into plain Python objects, one for each stage and each way it ends.

An interpreter in Python is several times faster over small objects than over array cells. The
numbers are the same; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.engines.cases import FAR
from model.network import (
    BESIDE_FIELDS,
    DRAW_FIELDS,
    EFFECT_FIELDS,
    END_FIELDS,
    NONE,
    STAGE_FIELDS,
    WAIT_CODE,
    Network,
)
from model.pathway import Wait

QUEUES = (WAIT_CODE[Wait.BLOCKS], WAIT_CODE[Wait.WAITING_STAGE], WAIT_CODE[Wait.CLOCK_RUNS])


@dataclass(frozen=True, slots=True)
class Table:
    """A dense table over at most three attributes: where to find a case's numbers."""

    offset: int
    epoch: int
    shift1: int
    by1: int
    shift2: int
    by2: int
    shift3: int
    by3: int

    def at(self, state: int, epoch: int) -> int:
        """Where the numbers of a case in this state start."""
        return (
            self.offset
            + self.epoch * epoch
            + self.by1 * ((state >> self.shift1) & 15)
            + self.by2 * ((state >> self.shift2) & 15)
            + self.by3 * ((state >> self.shift3) & 15)
        )

    def reads(self) -> int:
        """Bits of the attributes that change what the table gives."""
        strides = ((self.shift1, self.by1), (self.shift2, self.by2), (self.shift3, self.by3))
        return sum({15 << shift for shift, by in strides if by})


@dataclass(frozen=True, slots=True)
class Draw:
    """An attribute settled by luck; `number` is its row in the network."""

    number: int
    shift: int
    values: int
    shares: Table
    usual_shares: Table
    purpose: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that may run beside a stage."""

    stage: int
    chance: Table
    quantiles: list[float]
    in_working_time: bool
    purpose: int


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect of additional help: hazard ratios from so many minutes after help began."""

    mask: int
    value: int
    steps: list[int]
    ratios: list[float]


@dataclass(frozen=True, slots=True)
class End:
    """One way in which a stay can end."""

    outcome: int
    to: int
    clear: int
    set: int
    clear_if_new: int
    set_if_new: int
    help_begins: bool
    splits: bool
    rest: int
    rates: Table | None
    ratio: Table | None
    purpose: int
    effects: tuple[Effect, ...]
    draws: tuple[Draw, ...]
    is_limit: bool


@dataclass(frozen=True, slots=True)
class StageRules:
    """One stage, as an engine needs it."""

    code: int
    time: int
    is_child: bool
    scope: int
    ends: tuple[End, ...]
    risks: tuple[int, ...]  # positions of the ends that have rates
    shares: Table | None
    usual_shares: Table | None
    duration: Table | None
    duration_ratio: Table | None
    edges: list[int]
    band_ends: list[int]  # minutes in the stage at which each band is over; FAR for the last
    pace: Table | None
    pool: Table | None
    wait: int
    takes_at_once: bool  # takes a place over the limit rather than wait for one
    overload: Table | None
    draws: tuple[Draw, ...]
    besides: tuple[Beside, ...]
    placement: bool
    limit: Table | None
    limit_kind: int
    marks_help: bool
    uses_age: bool


class RuleReader:
    """Reads the arrays of a network into rules."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tables = [Table(*row) for row in network.tables.tolist()]
        self.quantiles = network.quantiles.tolist()
        self.effects = [self.effect(row) for row in network.effects.tolist()]

    def table(self, index: int) -> Table | None:
        """A table by its index; none for NONE."""
        return None if index == NONE else self.tables[index]

    def effect(self, row: list[int]) -> Effect:
        """One effect with its steps."""
        field = dict(zip(EFFECT_FIELDS, row, strict=True))
        part = slice(field["first_step"], field["first_step"] + field["steps"])
        return Effect(
            field["mask"],
            field["value"],
            self.network.effect_steps[part].tolist(),
            self.network.effect_ratios[part].tolist(),
        )

    def draws(self, first: int, count: int) -> tuple[Draw, ...]:
        """Attributes settled by luck, in order."""
        found = []
        rows = self.network.draws[first : first + count].tolist()
        for number, row in enumerate(rows, first):
            field = dict(zip(DRAW_FIELDS, row, strict=True))
            found.append(
                Draw(
                    number,
                    field["shift"],
                    field["values"],
                    self.tables[field["shares"]],
                    self.tables[field["usual_shares"]],
                    field["purpose"],
                )
            )
        return tuple(found)

    def besides(self, first: int, count: int) -> tuple[Beside, ...]:
        """What may run beside a stage."""
        found = []
        for row in self.network.besides[first : first + count].tolist():
            field = dict(zip(BESIDE_FIELDS, row, strict=True))
            found.append(
                Beside(
                    field["stage"],
                    self.tables[field["chance"]],
                    self.quantiles[field["quantiles"]],
                    bool(field["in_working_time"]),
                    field["purpose"],
                )
            )
        return tuple(found)

    def end(self, row: list[int]) -> End:
        """One way in which a stay can end."""
        field = dict(zip(END_FIELDS, row, strict=True))
        ids = self.network.effect_ids[
            field["first_effect"] : field["first_effect"] + field["effects"]
        ]
        return End(
            outcome=field["outcome"],
            to=field["to"],
            clear=field["clear"],
            set=field["set"],
            clear_if_new=field["clear_if_new"],
            set_if_new=field["set_if_new"],
            help_begins=bool(field["help_begins"]),
            splits=bool(field["splits"]),
            rest=field["rest"],
            rates=self.table(field["rates"]),
            ratio=self.table(field["ratio"]),
            purpose=field["purpose"],
            effects=tuple(self.effects[k] for k in ids.tolist()),
            draws=self.draws(field["first_draw"], field["draws"]),
            is_limit=bool(field["is_limit"]),
        )

    def stage(self, code: int, row: list[int]) -> StageRules:
        """One stage with everything it points to."""
        field = dict(zip(STAGE_FIELDS, row, strict=True))
        rows = self.network.ends[field["first_end"] : field["first_end"] + field["ends"]]
        ends = tuple(self.end(row) for row in rows.tolist())
        first_edge, bands = field["first_edge"], field["bands"]
        edges: list[int] = self.network.edges[first_edge : first_edge + bands].tolist()
        named = {
            name: self.table(field[name])
            for name in (
                "shares",
                "usual_shares",
                "duration",
                "duration_ratio",
                "pace",
                "pool",
                "overload",
                "limit",
            )
        }
        return StageRules(
            code=code,
            time=field["time"],
            is_child=bool(field["is_child"]),
            scope=field["scope"],
            ends=ends,
            risks=tuple(position for position, end in enumerate(ends) if end.rates is not None),
            edges=edges,
            band_ends=[*edges[1:], FAR],
            wait=field["wait"],
            takes_at_once=field["wait"] not in QUEUES,
            draws=self.draws(field["first_draw"], field["draws"]),
            besides=self.besides(field["first_beside"], field["besides"]),
            placement=bool(field["placement"]),
            limit_kind=field["limit_kind"],
            marks_help=bool(field["marks_help"]),
            uses_age=bool(field["uses_age"]),
            **named,
        )


def read_rules(network: Network) -> list[StageRules]:
    """The rules of every stage of a network, in the pathway's order."""
    reader = RuleReader(network)
    return [reader.stage(code, row) for code, row in enumerate(network.stages.tolist())]
