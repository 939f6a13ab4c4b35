"""A range that follows its number: when a council's own figure replaces the template's.

A range stated as factors follows by itself; one stated in the number's own unit must move with it.
"""

from __future__ import annotations

from dataclasses import replace

from model.parameters import Parameter


def with_own_range(entry: Parameter, before: Parameter) -> Parameter:
    """An entry whose range lies about its number as the earlier range lay about the earlier one.

    In proportion where all are above 0, else by the same distance; what is no single number, or
    has factors for a range, stays as it is.
    """
    range_now, now, then = entry.uncertainty, entry.value, before.value
    if range_now.distribution == "fixed" or range_now.relative:
        return entry
    if not isinstance(now, float) or not isinstance(then, float) or now == then:
        return entry
    low, high = before.uncertainty.low, before.uncertainty.high
    if min(low, now, then) > 0:
        moved = replace(range_now, low=low * now / then, high=high * now / then)
    else:
        moved = replace(range_now, low=low + now - then, high=high + now - then)
    return replace(entry, evidence=replace(entry.evidence, uncertainty=moved))


__all__ = ["with_own_range"]
