"""The network: the pathway joined to an area's numbers, as flat arrays.

Engines interpret these arrays and nothing else. Every probability, rate, ratio and capacity is
one dense table [epoch, a, b, c, ...] over at most three attributes, and every attribute of a
case is four bits of one packed integer. The network holds no luck, no case and no money.
"""

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
from model.network.builder import NetworkBuilder, build

__all__ = [
    "AGE_LIMITS_YEARS",
    "BESIDE_FIELDS",
    "DRAW_FIELDS",
    "EFFECT_FIELDS",
    "ENDS_AT_AGE",
    "ENDS_AT_TIME",
    "END_FIELDS",
    "NONE",
    "SCOPE_CODE",
    "STAGE_FIELDS",
    "TABLE_FIELDS",
    "TIME_CODE",
    "TO_FAMILY",
    "TO_GONE",
    "TO_SAME",
    "WAIT_CODE",
    "Network",
    "NetworkBuilder",
    "bits",
    "build",
]
