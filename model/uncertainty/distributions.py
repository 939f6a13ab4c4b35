"""The distributions of the register: a number from 0 to 1 into a value.

`low` and `high` are the ends of a uniform or triangular distribution and the 5th and 95th
percentiles of a normal, lognormal or beta one. The value in force is the peak of a triangular one;
the others are told by low and high alone. It knows no parameter.
"""

from __future__ import annotations

import math
from functools import lru_cache

from scipy.optimize import root
from scipy.special import betaincinv, ndtri

from model.parameters.evidence import Uncertainty

TAIL = 0.05
Z_OF_TAIL = -float(ndtri(TAIL))


def quantile(uncertainty: Uncertainty, u: float, value: float) -> float:
    """The u-quantile of a number's distribution; the factor on it where the range is relative.

    Parameters
    ----------
    uncertainty : of the number. u : between 0 and 1. value : the number in force (1 for a factor).
    """
    low, high = uncertainty.low, uncertainty.high
    match uncertainty.distribution:
        case "fixed":
            return value
        case "uniform":
            return low + u * (high - low)
        case "triangular":
            return triangular(u, low, value, high)
        case "normal":
            return (low + high) / 2 + float(ndtri(u)) * (high - low) / (2 * Z_OF_TAIL)
        case "lognormal":
            middle, width = math.log(low * high) / 2, math.log(high / low) / (2 * Z_OF_TAIL)
            return math.exp(middle + float(ndtri(u)) * width)
        case "beta":
            a, b = beta_of(low, high)
            return float(betaincinv(a, b, u))
    raise ValueError(uncertainty.distribution)


def triangular(u: float, low: float, peak: float, high: float) -> float:
    """The u-quantile of a triangular distribution."""
    before = (peak - low) / (high - low)
    if u < before:
        return low + math.sqrt(u * (high - low) * (peak - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - peak))


@lru_cache(maxsize=256)
def beta_of(low: float, high: float) -> tuple[float, float]:
    """The two shapes of the beta distribution with these 5th and 95th percentiles.

    Raises ValueError when there is none that can be found.
    """
    mean, spread = (low + high) / 2, (high - low) / (2 * Z_OF_TAIL)
    size = max(mean * (1 - mean) / spread**2 - 1, 0.1)

    def off(logs: list[float]) -> list[float]:
        a, b = (math.exp(min(max(one, -20.0), 20.0)) for one in logs)
        return [float(betaincinv(a, b, TAIL)) - low, float(betaincinv(a, b, 1 - TAIL)) - high]

    found = root(off, [math.log(max(mean, 1e-6) * size), math.log(max(1 - mean, 1e-6) * size)])
    if not found.success or max(map(abs, found.fun)) > 1e-6:
        raise ValueError(f"no beta distribution with the 5th and 95th percentile {low} and {high}")
    a, b = (math.exp(one) for one in found.x)
    return a, b
