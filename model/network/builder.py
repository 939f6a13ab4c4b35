"""Joins the pathway to an area's numbers: reads it from top to bottom and fills the arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model import pathway
from model.episodes import ATTRIBUTE_SHIFT, OUTCOME_CODE, STAGE_CODE
from model.hazards import CELLS, MINUTES_PER, unit_exponential_table
from model.inputs import Inputs
from model.luck import purpose
from model.network.arrays import (
    AGE_LIMITS_YEARS,
    BESIDE_FIELDS,
    DRAW_FIELDS,
    EFFECT_FIELDS,
    END_FIELDS,
    ENDS_AT_AGE,
    ENDS_AT_TIME,
    NONE,
    SCOPE_CODE,
    STAGE_FIELDS,
    TABLE_FIELDS,
    TIME_CODE,
    TO_FAMILY,
    TO_GONE,
    TO_SAME,
    WAIT_CODE,
    Network,
    bits,
)
from model.network.places import Places
from model.network.rates import hazard_tables, is_limit
from model.network.tables import Tables
from model.pathway import (
    EFFECTS,
    GONE,
    PATHWAY,
    POOLS,
    REJOINS_FAMILY,
    RETURN,
    SAME_STAGE,
    STEP_DOWN,
    Stage,
    Time,
    Unit,
    Wait,
)
from model.working_days import WorkingCalendar

DAYS_BEYOND_THE_RUN = 400  # of the calendar, for stays that end after it


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
            days + DAYS_BEYOND_THE_RUN,
            int(inputs.number("calendar.opens_at_minute")),
            int(inputs.number("calendar.closes_at_minute")),
            every_day,
        )
        self.codes = {stage.name: code for code, stage in enumerate(stages)}
        self.tables = Tables(inputs, self.calendar.day_minutes)
        self.places = Places(inputs)
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

    def add_draws(self, draws: tuple[pathway.Draw, ...]) -> tuple[int, int]:
        """Attributes settled by luck; where they start, and how many."""
        first = len(self.rows["draws"])
        for draw in draws:
            width = self.tables.size_of(draw.attribute)
            shares = self.tables.shares_table(draw.parameter, draw.by, width)
            usual = self.tables.shares_table(draw.parameter, draw.by, width, self.usual)
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
                    self.tables.number_table(beside.chance, beside.by),
                    self.tables.add_quantiles(bands),
                    int(working),
                    purpose(f"{stage.name}.{beside.stage}"),
                )
            )
        return first, len(stage.beside)

    def duration_table(self, stage: Stage) -> int:
        """Which quantile table a stay uses, by the attributes that its duration depends on."""
        name = f"{stage.name}.{'effort' if stage.time is Time.EFFORT else 'duration'}"
        sizes = [self.tables.size_of(attribute) for attribute in stage.duration_by]
        rows = [
            self.tables.add_quantiles(self.inputs.bands(name, index))
            for index in np.ndindex(*sizes)
        ]
        return self.tables.table(stage.duration_by, [np.array(rows, np.float64).reshape(sizes)], 1)

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
                    int(is_limit(stage, place)),
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
            blocks = [
                self.inputs.shares(name, epoch)[..., column] for epoch in self.tables.epochs(name)
            ]
            tables.append(self.tables.table(("locality",), blocks, 1))
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
                self.places.first[name] + (locality if POOLS[name] == "locality" else 0)
                for locality in localities
            ]
            for name in stage.place
        ]
        block = np.array(rows if by else rows[0], np.float64)
        return self.tables.table((*by, "locality"), [block], 1)

    def limit_table(self, stage: Stage) -> tuple[int, int]:
        """When a stage ends in any case, in minutes of age or of time in it; NONE for never."""
        if not stage.ends_at:
            return NONE, NONE
        by = stage.by if self.inputs.dimensions(stage.ends_at) else ()
        years = self.inputs.shares(stage.ends_at)
        kind = ENDS_AT_AGE if stage.unit is Unit.CHILD else ENDS_AT_TIME
        return self.tables.table(by, [np.round(years * MINUTES_PER["years"])], 1), kind

    def add_stage(self, stage: Stage) -> None:
        """One stage of the pathway, with everything it points to."""
        hazards, decided = stage.time is Time.HAZARDS, stage.time is not Time.HAZARDS
        timed = stage.time in (Time.EFFORT, Time.DURATION)
        edges, rate_tables = hazard_tables(stage, self.tables) if hazards else ([], [])
        first_edge = len(self.edges)
        self.edges += edges
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
            "shares": self.tables.shares_table(shares, stage.by, width) if decided else NONE,
            "usual_shares": self.tables.shares_table(shares, stage.by, width, self.usual)
            if new
            else NONE,
            "duration": self.duration_table(stage) if timed else NONE,
            "duration_ratio": self.tables.number_table(ratio, ("locality",)) if timed else NONE,
            "in_days": int(stage.time is Time.DURATION),
            "first_edge": first_edge if hazards else 0,
            "bands": len(edges),
            "pace": self.tables.number_table(f"{stage.name}.pace", stage.pace_by)
            if hazards
            else NONE,
            "pool": self.pool_table(stage),
            "wait": WAIT_CODE[stage.wait] if stage.wait else NONE,
            "overload": self.tables.number_table(f"{stage.name}.overload_stretch")
            if clock
            else NONE,
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

    def build(self) -> Network:
        """The finished network."""
        for stage in self.pathway:
            self.add_stage(stage)
        spill, gives = self.places.spill_table()
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
            tables=np.array(self.tables.records, np.int64).reshape(-1, len(TABLE_FIELDS)),
            values=np.concatenate(self.tables.values),
            quantiles=np.array(self.tables.quantiles, np.float64).reshape(-1, CELLS + 1),
            exponential=unit_exponential_table(),
            edges=np.array(self.edges, np.int64),
            effect_ids=np.array(self.effect_ids, np.int64),
            effect_steps=np.array(self.effect_steps, np.int64),
            effect_ratios=np.array(self.effect_ratios, np.float64),
            epochs=np.array(epochs, np.int64),
            capacity=self.places.capacity,
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
            places=tuple(self.places.names),
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
