"""The network: the pathway joined to an area's numbers, as flat arrays.

Engines interpret these arrays and nothing else. Every probability, rate, ratio and capacity is
one dense table [epoch, a, b, c, ...] over at most three attributes, and every attribute of a
case is four bits of one packed integer. The network holds no luck, no case and no money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import pathway
from model.episodes import ATTRIBUTE_SHIFT, BITS_PER_ATTRIBUTE, OUTCOME_CODE, STAGE_CODE
from model.hazards import (
    CELLS,
    MINUTES_PER,
    quantile_table,
    rates_from_bands,
    unit_exponential_table,
)
from model.inputs import Bands, Inputs
from model.luck import purpose
from model.pathway import (
    ATTRIBUTES,
    EFFECTS,
    GONE,
    PATHWAY,
    POOLS,
    REJOINS_FAMILY,
    RETURN,
    SAME_STAGE,
    SPILL,
    STEP_DOWN,
    Rates,
    Scope,
    Stage,
    Time,
    Unit,
    Wait,
)
from model.working_days import WorkingCalendar

NONE = -1
TO_GONE, TO_SAME, TO_FAMILY = -1, -2, -3
TIME_CODE = {time: code for code, time in enumerate(Time)}
WAIT_CODE = {wait: code for code, wait in enumerate(Wait)}
SCOPE_CODE = {scope: code for code, scope in enumerate(Scope)}
ATTRIBUTE_MASK = (1 << BITS_PER_ATTRIBUTE) - 1
ENDS_AT_AGE, ENDS_AT_TIME = 0, 1

STAGE_FIELDS = (
    "time",  # index in Time
    "is_child",  # 1 for a child's stage
    "scope",  # index in Scope
    "first_end",
    "ends",
    "shares",  # table of shares by end (decided stages)
    "usual_shares",  # the same under today's arrangements, or -1
    "duration",  # table that gives the row of `quantiles`, or -1
    "duration_ratio",  # table
    "in_days",  # 1 when the duration is in working days, 0 in working minutes
    "first_edge",  # index in `edges` of the first band (hazard stages)
    "bands",
    "pace",  # table (hazard stages)
    "pool",  # table that gives the pool, or -1
    "wait",  # index in Wait, or -1
    "overload",  # table: share longer for each 100% of caseload over plan, or -1
    "first_draw",
    "draws",
    "first_beside",
    "besides",
    "placement",  # 1 when a placement is needed
    "limit",  # table that gives the limit in minutes of age or of time in stage, or -1
    "limit_kind",  # ENDS_AT_AGE or ENDS_AT_TIME
    "marks_help",
    "uses_age",  # 1 when a rate depends on age
)
END_FIELDS = (
    "outcome",
    "to",  # stage, or TO_GONE, TO_SAME, TO_FAMILY
    "clear",  # bits of the state to clear
    "set",  # bits of the state to set
    "clear_if_new",
    "set_if_new",
    "help_begins",
    "splits",
    "rest",  # where the other children go: stage or TO_SAME
    "rates",  # table of rates per minute by band, or -1
    "ratio",  # table of hazard ratios, or -1
    "purpose",
    "first_effect",
    "effects",
    "first_draw",
    "draws",
    "is_limit",  # 1 for the ending by age or by time in stage
)
DRAW_FIELDS = ("shift", "values", "shares", "usual_shares", "purpose")
BESIDE_FIELDS = ("stage", "chance", "quantiles", "in_working_time", "purpose")
EFFECT_FIELDS = ("mask", "value", "first_step", "steps")  # acts when state & mask == value
TABLE_FIELDS = ("offset", "epoch", "shift1", "by1", "shift2", "by2", "shift3", "by3")


@dataclass(frozen=True)
class Network:
    """A pathway with numbers, ready for an engine.

    Attributes
    ----------
    stages, ends, draws, besides, effects, tables : int64 arrays, one row each, with the columns
        named in STAGE_FIELDS, END_FIELDS, DRAW_FIELDS, BESIDE_FIELDS, EFFECT_FIELDS, TABLE_FIELDS.
    values : float64, what the tables point into.
    quantiles : float64, shape (durations, CELLS + 1): working days, or minutes.
    exponential : float64, quantiles of the unit exponential.
    edges : int64 minutes, lower edges of the bands of hazard stages.
    effect_ids : int64, effects of each end. effect_steps : int64 minutes since help began.
    effect_ratios : float64, the hazard ratio from each step on.
    epochs : int64 minutes, when something changes; the first is 0.
    capacity : int64, shape (epochs, pools); NONE is unlimited.
    spill : int64, shape (placements, longest), pools tried in turn; NONE ends, or is unlimited.
    pool_placement : int64, the placement that each pool gives, or NONE.
    age_limits : int64 minutes, upper limits of the age bands.
    horizon : int, minutes of the run.
    calendar : the working calendar.
    return_stage, step_down_stage : stages that a child's coming home ends and opens, or NONE.
    stage_names : the stages in order, what the log's `stage` points to.
    places : names of the pools, in order; what the log's `place` points to.
    """

    stages: NDArray[np.int64]
    ends: NDArray[np.int64]
    draws: NDArray[np.int64]
    besides: NDArray[np.int64]
    effects: NDArray[np.int64]
    tables: NDArray[np.int64]
    values: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    exponential: NDArray[np.float64]
    edges: NDArray[np.int64]
    effect_ids: NDArray[np.int64]
    effect_steps: NDArray[np.int64]
    effect_ratios: NDArray[np.float64]
    epochs: NDArray[np.int64]
    capacity: NDArray[np.int64]
    spill: NDArray[np.int64]
    pool_placement: NDArray[np.int64]
    age_limits: NDArray[np.int64]
    rejoin_clear: int
    rejoin_set: int
    return_stage: int
    step_down_stage: int
    stage_names: tuple[str, ...]
    horizon: int
    calendar: WorkingCalendar
    places: tuple[str, ...]
    localities: tuple[str, ...]

    def stage_field(self, name: str) -> NDArray[np.int64]:
        """One column of `stages`, by name."""
        return self.stages[:, STAGE_FIELDS.index(name)]


AGE_LIMITS_YEARS = (1, 5, 10, 16)  # the upper ends of `pathway.ATTRIBUTES["age"]`, by their names


def bits(assignments: dict[str, str]) -> tuple[int, int]:
    """The bits of the state to clear and to set for attribute values given by name."""
    clear = to_set = 0
    for attribute, value in assignments.items():
        clear |= ATTRIBUTE_MASK << ATTRIBUTE_SHIFT[attribute]
        to_set |= ATTRIBUTES[attribute].index(value) << ATTRIBUTE_SHIFT[attribute]
    return clear, to_set


class NetworkBuilder:
    """Collects the arrays while the pathway is read from top to bottom."""

    def __init__(
        self,
        inputs: Inputs,
        usual: Inputs,
        stages: tuple[Stage, ...] = PATHWAY,
        every_day: bool = False,
    ) -> None:
        self.inputs, self.usual, self.pathway = inputs, usual, stages
        days = (inputs.horizon - inputs.start).days
        self.calendar = WorkingCalendar(
            inputs.start,
            days + 400,
            int(inputs.number("calendar.opens_at_minute")),
            int(inputs.number("calendar.closes_at_minute")),
            every_day,
        )
        self.codes = {stage.name: code for code, stage in enumerate(stages)}
        self.tables: list[tuple[int, ...]] = []
        self.values: list[NDArray[np.float64]] = []
        self.size = 0
        self.quantiles: list[NDArray[np.float64]] = []
        self.edges: list[int] = []
        self.rows: dict[str, list[tuple[int, ...]]] = {
            "stages": [],
            "ends": [],
            "draws": [],
            "besides": [],
            "effects": [],
        }
        self.effect_ids: list[int] = []
        self.effect_steps: list[int] = []
        self.effect_ratios: list[float] = []
        self.places: list[str] = []
        self.first_pool: dict[str, int] = {}

    # --- tables -------------------------------------------------------------------------------

    def table(self, by: tuple[str, ...], by_epoch: list[NDArray[np.float64]], width: int) -> int:
        """Add a dense table [epoch, *by, width]; returns its index.

        Equal epochs are kept once, and an attribute that changes nothing gets the stride 0.
        """
        same = all(np.array_equal(block, by_epoch[0]) for block in by_epoch[1:])
        blocks = by_epoch[:1] if same else by_epoch
        sizes = [self.size_of(attribute) for attribute in by]
        matters = [
            any(
                bool((np.diff(np.reshape(block, (*sizes, width)), axis=axis) != 0).any())
                for block in blocks
            )
            for axis in range(len(by))
        ]
        record = [self.size, 0 if same else int(np.prod(sizes, dtype=int)) * width]
        for place in range(3):
            if place < len(by):
                stride = int(np.prod(sizes[place + 1 :], dtype=int)) * width * matters[place]
                record += [ATTRIBUTE_SHIFT[by[place]], stride]
            else:
                record += [0, 0]
        for block in blocks:
            flat = np.ascontiguousarray(np.asarray(block, np.float64)).reshape(-1)
            if flat.size != int(np.prod(sizes, dtype=int)) * width:
                raise AssertionError(f"table over {by} has {flat.size} values")
            self.values.append(flat)
            self.size += flat.size
        self.tables.append(tuple(record))
        return len(self.tables) - 1

    def size_of(self, attribute: str) -> int:
        """How many values an attribute has."""
        if attribute == "locality":
            return len(self.inputs.localities)
        return len(ATTRIBUTES[attribute])

    def epochs(self) -> range:
        """The epochs of the run, one for each date on which something changes."""
        return range(len(self.inputs.change_dates))

    def number_table(self, name: str, by: tuple[str, ...] = ()) -> int:
        """A table of one number for each combination of attributes."""
        return self.table(by, [self.inputs.shares(name, epoch) for epoch in self.epochs()], 1)

    def shares_table(
        self, name: str, by: tuple[str, ...], width: int, source: Inputs | None = None
    ) -> int:
        """A table of shares; a two-valued attribute is given as one probability."""
        found = source or self.inputs
        epochs = range(len(found.change_dates)) if source else self.epochs()
        blocks = []
        for epoch in epochs:
            shares = found.shares(name, epoch)
            if shares.ndim == len(by):
                shares = np.stack([1.0 - shares, shares], axis=-1)
            blocks.append(shares)
        return self.table(by, blocks[:1] if source else blocks, width)

    # --- one part of a stage at a time ----------------------------------------------------------

    def add_draws(self, draws: tuple[pathway.Draw, ...]) -> tuple[int, int]:
        """Attributes settled by luck; where they start, and how many."""
        first = len(self.rows["draws"])
        for draw in draws:
            width = self.size_of(draw.attribute)
            shares = self.shares_table(draw.parameter, draw.by, width)
            usual = self.shares_table(draw.parameter, draw.by, width, self.usual)
            self.rows["draws"].append(
                (ATTRIBUTE_SHIFT[draw.attribute], width, shares, usual, purpose(draw.parameter))
            )
        return first, len(draws)

    def add_besides(self, stage: Stage) -> tuple[int, int]:
        """What runs beside the stage; where it starts, and how many."""
        first = len(self.rows["besides"])
        for beside in stage.beside:
            bands = self.inputs.bands(f"{beside.stage}.duration")
            working = bands.unit == "working_days"
            self.rows["besides"].append(
                (
                    STAGE_CODE[beside.stage],
                    self.number_table(beside.chance, beside.by),
                    self.add_quantiles(bands),
                    int(working),
                    purpose(f"{stage.name}.{beside.stage}"),
                )
            )
        return first, len(stage.beside)

    def add_quantiles(self, bands: Bands) -> int:
        """The quantile table of a duration, in (working) minutes; returns its row."""
        per = self.calendar.day_minutes if bands.unit == "working_days" else MINUTES_PER[bands.unit]
        table = quantile_table(bands.edges, bands.shares, bands.beyond)
        self.quantiles.append(table * per)
        return len(self.quantiles) - 1

    def duration_table(self, stage: Stage) -> int:
        """Which quantile table a stay uses, by the attributes that its duration depends on."""
        name = f"{stage.name}.{'effort' if stage.time is Time.EFFORT else 'duration'}"
        sizes = [self.size_of(attribute) for attribute in stage.duration_by]
        rows = [self.add_quantiles(self.inputs.bands(name, index)) for index in np.ndindex(*sizes)]
        return self.table(stage.duration_by, [np.array(rows, np.float64).reshape(sizes)], 1)

    def effect_of(self, name: str) -> int:
        """Add an effect of help that today's arrangements would not have given."""
        leaf = self.inputs.counts(f"effect.{name}")
        week = MINUTES_PER["weeks"]
        steps = [(0, 1.0), (round(leaf["delay_weeks"] * week), leaf["ratio"])]
        fade = leaf["gone_by_weeks"] - leaf["full_until_weeks"]
        for quarter in (1, 2, 3, 4):
            at = leaf["full_until_weeks"] + fade * (quarter - 0.5) / 4
            left = 1.0 - quarter / 4
            steps.append((round(at * week), 1.0 + (leaf["ratio"] - 1.0) * left))
        mask, value = bits(EFFECTS[name])
        self.rows["effects"].append((mask, value, len(self.effect_steps), len(steps)))
        self.effect_steps += [at for at, _ in steps]
        self.effect_ratios += [ratio for _, ratio in steps]
        return len(self.rows["effects"]) - 1

    def hazards_of(self, stage: Stage) -> tuple[int, int, list[int]]:
        """Bands of a hazard stage and a table of rates per minute for each of its ends.

        Returns the first edge, the number of bands, and a table for each end (NONE for none).
        """
        if stage.rates is Rates.BANDS:
            edges, blocks = self.rates_of_bands(stage)
        else:
            edges, blocks = self.rates_of_years(stage)
        first = len(self.edges)
        self.edges += edges
        by = stage.by
        tables = []
        for place, end in enumerate(stage.ends):
            if self.is_limit(stage, place) or end.outcome == "allocated":
                tables.append(NONE)
            else:
                tables.append(self.table(by, [block[end.outcome] for block in blocks], len(edges)))
        return first, len(edges), tables

    def rates_of_bands(self, stage: Stage) -> tuple[list[int], list[dict[str, NDArray]]]:
        """Rates from the share of stays that ended in each band, split by outcome."""
        pace_by = tuple(a for a in stage.pace_by if a != "locality")
        sizes = tuple(self.size_of(attribute) for attribute in stage.by)
        bands = self.inputs.bands(f"{stage.name}.ended_by_band", (0,) * len(pace_by))
        per = MINUTES_PER[bands.unit]
        total = np.empty((*sizes, len(bands.edges)))
        for index in np.ndindex(*sizes):
            named = dict(zip(stage.by, index, strict=True))
            own = self.inputs.bands(
                f"{stage.name}.ended_by_band", tuple(named.get(a, 0) for a in pace_by)
            )
            beyond = own.beyond if own.beyond is not None else own.edges[-1]
            total[index] = rates_from_bands(own.edges, own.shares, beyond) / per
        blocks = []
        for epoch in self.epochs():
            split = self.inputs.shares(f"{stage.name}.ends", epoch)
            blocks.append(
                {
                    end.outcome: total * split[..., place][..., None]
                    for place, end in enumerate(stage.ends)
                }
            )
        return [round(edge * per) for edge in bands.edges], blocks

    def rates_of_years(self, stage: Stage) -> tuple[list[int], list[dict[str, NDArray]]]:
        """Rates from events per year at risk, by outcome, times their shape over time."""
        shape = self.inputs.shape(f"{stage.name}.time_shape")
        per = MINUTES_PER[shape.unit]
        outcomes = self.inputs.outcomes(f"{stage.name}.yearly_rates")
        blocks = []
        for epoch in self.epochs():
            yearly = self.inputs.yearly(f"{stage.name}.yearly_rates", epoch)
            blocks.append(
                {
                    outcome: yearly[..., place][..., None]
                    * np.asarray(shape.factors[outcome])
                    / MINUTES_PER["years"]
                    for place, outcome in enumerate(outcomes)
                }
            )
        return [round(edge * per) for edge in shape.edges], blocks

    def is_limit(self, stage: Stage, place: int) -> bool:
        """Whether an end is the one by age or by time in the stage (the last listed)."""
        return bool(stage.ends_at) and place == len(stage.ends) - 1

    def add_ends(self, stage: Stage, rate_tables: list[int]) -> int:
        """The ends of a stage, in the order in which ties are settled; returns the first."""
        first = len(self.rows["ends"])
        hazards = stage.time is Time.HAZARDS
        ratios = self.ratio_tables(stage) if hazards else [NONE] * len(stage.ends)
        for place, end in enumerate(stage.ends):
            clear, to_set = bits(end.sets)
            clear_new, set_new = bits(end.sets_if_new)
            first_effect = len(self.effect_ids)
            self.effect_ids += [self.effect_of(name) for name in end.effects]
            first_draw, draws = self.add_draws(end.draws)
            self.rows["ends"].append(
                (
                    OUTCOME_CODE.get(end.outcome, place),
                    self.target(end.to),
                    clear,
                    to_set,
                    clear_new,
                    set_new,
                    int(end.help_begins),
                    int(end.splits),
                    self.target(end.rest) if end.rest else TO_GONE,
                    rate_tables[place] if hazards else NONE,
                    ratios[place],
                    purpose(f"{stage.name}.{end.outcome}"),
                    first_effect,
                    len(end.effects),
                    first_draw,
                    draws,
                    int(self.is_limit(stage, place)),
                )
            )
        return first

    def ratio_tables(self, stage: Stage) -> list[int]:
        """Hazard ratios by locality, one table for each end; 1 in the baseline."""
        name = f"hazard_ratio.{stage.name}"
        outcomes = self.inputs.outcomes(name)
        tables = []
        for end in stage.ends:
            if end.outcome not in outcomes:
                tables.append(NONE)
                continue
            column = outcomes.index(end.outcome)
            blocks = [self.inputs.shares(name, epoch)[..., column] for epoch in self.epochs()]
            tables.append(self.table(("locality",), blocks, 1))
        return tables

    def target(self, to: str) -> int:
        """The code of where an end leads."""
        special = {GONE: TO_GONE, SAME_STAGE: TO_SAME, REJOINS_FAMILY: TO_FAMILY}
        return special[to] if to in special else self.codes[to]

    def pool_table(self, stage: Stage) -> int:
        """Which pool a stay asks, by locality and by what the stage's place depends on."""
        if not stage.place:
            return NONE
        by = (stage.place_by,) if stage.place_by else ()
        localities = range(len(self.inputs.localities))
        rows = [
            [
                self.first_pool[name] + (locality if POOLS[name] == "locality" else 0)
                for locality in localities
            ]
            for name in stage.place
        ]
        block = np.array(rows if by else rows[0], np.float64)
        return self.table((*by, "locality"), [block], 1)

    def limit_table(self, stage: Stage) -> tuple[int, int]:
        """When a stage ends in any case, in minutes of age or of time in it; NONE for never."""
        if not stage.ends_at:
            return NONE, NONE
        by = stage.by if self.inputs.dimensions(stage.ends_at) else ()
        years = self.inputs.shares(stage.ends_at)
        kind = ENDS_AT_AGE if stage.unit is Unit.CHILD else ENDS_AT_TIME
        return self.table(by, [np.round(years * MINUTES_PER["years"])], 1), kind

    def add_stage(self, stage: Stage) -> None:
        """One stage of the pathway, with everything it points to."""
        hazards, decided = stage.time is Time.HAZARDS, stage.time is not Time.HAZARDS
        timed = stage.time in (Time.EFFORT, Time.DURATION)
        edge, bands, rate_tables = self.hazards_of(stage) if hazards else (0, 0, [])
        first_draw, draws = self.add_draws(stage.draws)
        first_beside, besides = self.add_besides(stage)
        limit, limit_kind = self.limit_table(stage)
        width = len(stage.ends)
        new = any(end.sets_if_new for end in stage.ends)
        shares = f"{stage.name}.ends"
        clock = stage.wait is Wait.CLOCK_RUNS
        ratio = f"duration_ratio.{stage.name}"
        row = {
            "time": TIME_CODE[stage.time],
            "is_child": int(stage.unit is Unit.CHILD),
            "scope": SCOPE_CODE[stage.scope],
            "first_end": self.add_ends(stage, rate_tables),
            "ends": width,
            "shares": self.shares_table(shares, stage.by, width) if decided else NONE,
            "usual_shares": self.shares_table(shares, stage.by, width, self.usual) if new else NONE,
            "duration": self.duration_table(stage) if timed else NONE,
            "duration_ratio": self.number_table(ratio, ("locality",)) if timed else NONE,
            "in_days": int(stage.time is Time.DURATION),
            "first_edge": edge,
            "bands": bands,
            "pace": self.number_table(f"{stage.name}.pace", stage.pace_by) if hazards else NONE,
            "pool": self.pool_table(stage),
            "wait": WAIT_CODE[stage.wait] if stage.wait else NONE,
            "overload": self.number_table(f"{stage.name}.overload_stretch") if clock else NONE,
            "first_draw": first_draw,
            "draws": draws,
            "first_beside": first_beside,
            "besides": besides,
            "placement": int(stage.placement),
            "limit": limit,
            "limit_kind": limit_kind,
            "marks_help": int(stage.marks_help),
            "uses_age": int("age" in stage.by + stage.pace_by),
        }
        self.rows["stages"].append(tuple(row[name] for name in STAGE_FIELDS))

    # --- places ---------------------------------------------------------------------------------

    def add_pools(self) -> NDArray[np.int64]:
        """Name the pools and give each its capacity by epoch; shape (epochs, pools)."""
        columns: list[list[float]] = []
        for name, spread in POOLS.items():
            self.first_pool[name] = len(self.places)
            if spread == "locality":
                self.places += [f"{name}: {locality}" for locality in self.inputs.localities]
            else:
                self.places.append(name)
            columns += self.places_of(name)
        return np.array(columns, np.float64).T.round().astype(np.int64)

    def places_of(self, name: str) -> list[list[float]]:
        """Places of a pool by epoch, one list for each locality; NONE when it is unlimited."""
        number = self.inputs.number
        if name == "childrens_home":
            return [[NONE for _ in self.epochs()]]
        if name == "key_workers":
            each = [
                np.atleast_1d(number("capacity.key_workers", epoch))
                * number("capacity.families_per_key_worker", epoch)
                for epoch in self.epochs()
            ]
            return [
                [float(np.rint(block[k])) for block in each]
                for k in range(len(self.inputs.localities))
            ]
        held = [number(f"capacity.{name}", epoch) for epoch in self.epochs()]
        if name == "social_workers":
            per = [number("capacity.cases_per_social_worker", epoch) for epoch in self.epochs()]
            held = [workers * cases for workers, cases in zip(held, per, strict=True)]
        return [[float(np.rint(value)) for value in held]]

    def spill_table(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pools tried for each kind of placement, and the placement that each pool gives."""
        kinds = ATTRIBUTES["placement"]
        longest = max(len(chain) for chain in SPILL.values())
        spill = np.full((len(kinds), longest), NONE, np.int64)
        gives = np.full(len(self.places), NONE, np.int64)
        for kind, chain in SPILL.items():
            for place, pool in enumerate(chain):
                spill[kinds.index(kind), place] = self.first_pool[pool]
                gives[self.first_pool[pool]] = kinds.index(pool)
        return spill, gives

    def build(self) -> Network:
        """The finished network."""
        capacity = self.add_pools()
        for stage in self.pathway:
            self.add_stage(stage)
        spill, gives = self.spill_table()
        rejoin_clear, rejoin_set = bits(pathway.SETS_ON_REJOINING)
        start = self.inputs.start
        epochs = [self.calendar.minute_of(day) for day in self.inputs.change_dates]

        def rows(name: str, fields: tuple[str, ...]) -> NDArray[np.int64]:
            return np.array(self.rows[name], np.int64).reshape(-1, len(fields))

        return Network(
            stages=rows("stages", STAGE_FIELDS),
            ends=rows("ends", END_FIELDS),
            draws=rows("draws", DRAW_FIELDS),
            besides=rows("besides", BESIDE_FIELDS),
            effects=rows("effects", EFFECT_FIELDS),
            tables=np.array(self.tables, np.int64).reshape(-1, len(TABLE_FIELDS)),
            values=np.concatenate(self.values),
            quantiles=np.array(self.quantiles, np.float64).reshape(-1, CELLS + 1),
            exponential=unit_exponential_table(),
            edges=np.array(self.edges, np.int64),
            effect_ids=np.array(self.effect_ids, np.int64),
            effect_steps=np.array(self.effect_steps, np.int64),
            effect_ratios=np.array(self.effect_ratios, np.float64),
            epochs=np.array(epochs, np.int64),
            capacity=capacity,
            spill=spill,
            pool_placement=gives,
            age_limits=np.array(AGE_LIMITS_YEARS, np.int64) * MINUTES_PER["years"],
            rejoin_clear=rejoin_clear,
            rejoin_set=rejoin_set,
            return_stage=self.codes.get(RETURN, NONE),
            step_down_stage=self.codes.get(STEP_DOWN, NONE),
            stage_names=tuple(self.codes),
            horizon=(self.inputs.horizon - start).days * 1440,
            calendar=self.calendar,
            places=tuple(self.places),
            localities=self.inputs.localities,
        )


def build(inputs: Inputs, usual: Inputs | None = None) -> Network:
    """Join the pathway to an area's numbers.

    Parameters
    ----------
    inputs : the area's numbers under a scenario.
    usual : the same area's numbers under today's arrangements; tells which help is additional.
        The inputs themselves when absent.
    """
    return NetworkBuilder(inputs, usual or inputs).build()
