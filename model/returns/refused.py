"""A file or table that was refused, as a fault beside those of the others."""

from __future__ import annotations

from model.errors import InputError
from model.returns.faults import Fault, Severity


def refusal(error: InputError) -> Fault:
    """The fault that says what the error says, so that one bad file does not hide the rest."""
    return Fault(
        error.where.file,
        error.where.key,
        0,
        error.found,
        Severity.REFUSED,
        done=error.remedy or "Nothing was read from it.",
        allowed=error.allowed,
    )
