"""Rates of competing risks: published bands, or events per year, into rates per minute."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.hazards import MINUTES_PER, rates_from_bands
from model.network.arrays import NONE
from model.network.tables import Tables
from model.pathway import Rates, Stage


def is_limit(stage: Stage, place: int) -> bool:
    """Whether an end is the one by age or by time in the stage (the last listed)."""
    return bool(stage.ends_at) and place == len(stage.ends) - 1


def hazard_tables(stage: Stage, tables: Tables) -> tuple[list[int], list[int]]:
    """Bands of a hazard stage and a table of rates per minute for each of its ends.

    Returns the lower edges of the bands in minutes, and a table for each end (NONE for none).
    """
    by_band = stage.rates is Rates.BANDS
    edges, blocks = (rates_of_bands if by_band else rates_of_years)(stage, tables)
    found = []
    for place, end in enumerate(stage.ends):
        if is_limit(stage, place) or end.outcome == "allocated":
            found.append(NONE)
        else:
            of_end = [block[end.outcome] for block in blocks]
            found.append(tables.table(stage.by, of_end, len(edges)))
    return edges, found


def rates_of_bands(stage: Stage, tables: Tables) -> tuple[list[int], list[dict[str, NDArray]]]:
    """Rates from the share of stays that ended in each band, split by outcome."""
    pace_by = tuple(a for a in stage.pace_by if a != "locality")
    sizes = tuple(tables.size_of(attribute) for attribute in stage.by)
    bands = tables.inputs.bands(f"{stage.name}.ended_by_band", (0,) * len(pace_by))
    per = MINUTES_PER[bands.unit]
    total = np.empty((*sizes, len(bands.edges)))
    for index in np.ndindex(*sizes):
        named = dict(zip(stage.by, index, strict=True))
        own = tables.inputs.bands(
            f"{stage.name}.ended_by_band", tuple(named.get(a, 0) for a in pace_by)
        )
        beyond = own.beyond if own.beyond is not None else own.edges[-1]
        total[index] = rates_from_bands(own.edges, own.shares, beyond) / per
    blocks = []
    for epoch in tables.epochs(f"{stage.name}.ends"):
        split = tables.inputs.shares(f"{stage.name}.ends", epoch)
        blocks.append(
            {
                end.outcome: total * split[..., place][..., None]
                for place, end in enumerate(stage.ends)
            }
        )
    return [round(edge * per) for edge in bands.edges], blocks


def rates_of_years(stage: Stage, tables: Tables) -> tuple[list[int], list[dict[str, NDArray]]]:
    """Rates from events per year at risk, by outcome, times their shape over time."""
    shape = tables.inputs.shape(f"{stage.name}.time_shape")
    per = MINUTES_PER[shape.unit]
    outcomes = tables.inputs.outcomes(f"{stage.name}.yearly_rates")
    blocks = []
    for epoch in tables.epochs(f"{stage.name}.yearly_rates"):
        yearly = tables.inputs.yearly(f"{stage.name}.yearly_rates", epoch)
        blocks.append(
            {
                outcome: yearly[..., place][..., None]
                * np.asarray(shape.factors[outcome])
                / MINUTES_PER["years"]
                for place, outcome in enumerate(outcomes)
            }
        )
    return [round(edge * per) for edge in shape.edges], blocks
