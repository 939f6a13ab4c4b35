"""The command that gives the figures that the app shows, to the pound."""

from __future__ import annotations

from shlex import quote

from model.costs import CURRENT
from model.questions import Question
from model.scenarios import BASELINE, ENDING


def command_of(question: Question) -> str:
    """What to type for the same comparison, with the redesign in a file of its own name.

    Parameters
    ----------
    question : about one redesign. A redesign that is in no file is taken to lie, exported, in the
        folder where the command is typed.
    """
    file = f"{question.scenario}{ENDING}" if question.text else question.scenario
    parts = ["python run.py model compare", f"--area {quote(question.area)}"]
    parts += [f"--years {question.years}", f"--start {question.start}"]
    sampling = question.sampling
    if not sampling.draws or not question.until_enough:
        parts.append(f"--draws {sampling.draws}")
    says_how_many_of_each = bool(sampling.draws) or not question.until_enough
    if sampling.repeated is None and says_how_many_of_each:
        parts.append(f"--replications {sampling.replications}")
    if question.cost_set != CURRENT:
        parts.append(f"--costs {quote(question.cost_set)}")
    return " ".join([*parts, "--case financial", BASELINE, quote(file)])
