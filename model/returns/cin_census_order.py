"""Days of a children in need census that cannot follow each other, and what is done about each.

One rule a function. A begin after the reference date, or an end before its begin, leaves nothing
that a rate could be made of: the row is not used. An end after the reference date is taken as
still open on that date. Assessments and enquiries before the referral that led to them are not
used; plans before it are, because a plan is real whatever a migrated case file says of its
referral.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from model.returns.cin_census_group import Group, Notebook
from model.returns.cin_census_header import Census
from model.returns.faults import Severity

OLDEST_YEARS = 26  # support of care leavers ends at 25, and the episode with it in the year
EARLIEST_UNBORN_DAYS = 300
PLANS = ("CINPlanDates", "ChildProtectionPlans", "PreProceedingsandFGDM")
Day = datetime.date | None


@dataclass(frozen=True)
class Order:
    """Looks at the days of one group, in one census."""

    census: Census
    book: Notebook

    def begin(self, group: Group, tag: str) -> Day:
        """The begin of something; None where it lies after the reference date, or is unknown."""
        day = group.days.get(tag)
        if day is None or day <= self.census.last:
            return day
        self._say(
            group,
            tag,
            "a begin after the reference date",
            Severity.DROPPED,
            "It was not used.",
            f"at latest {self.census.last}",
        )
        return None

    def conference(self, group: Group) -> Day:
        """The day of the initial conference of an episode; None where it has not been yet."""
        tag = "DateOfInitialCPC"
        day = group.days.get(tag)
        if day is None or day <= self.census.last:
            return day
        self._say(
            group,
            tag,
            "a conference after the reference date",
            Severity.BLANKED,
            "It was not used.",
            f"at latest {self.census.last}",
        )
        return None

    def end(self, group: Group, tag: str, begin: datetime.date) -> tuple[Day, bool]:
        """The end of something that began, and whether the two can be used together."""
        day = group.days.get(tag)
        if day is None:
            return None, tag not in group.lost
        if day < begin:
            self._say(
                group,
                tag,
                "an end before its begin",
                Severity.DROPPED,
                "It was not used: either day may be the wrong one.",
                "the day of the begin or later",
            )
            return None, False
        if day > self.census.last:
            self._say(
                group,
                tag,
                "an end after the reference date",
                Severity.BLANKED,
                "It was taken as still open on the reference date.",
                f"at latest {self.census.last}",
            )
            return None, True
        return day, True

    def follows(self, group: Group, tag: str, begin: datetime.date, referral: Day) -> bool:
        """Whether something can be used that stands inside a referral."""
        if referral is None or begin >= referral:
            return True
        plan = group.element.tag in PLANS
        self._say(
            group,
            tag,
            "a begin before the referral it belongs to",
            Severity.NOTED if plan else Severity.DROPPED,
            "The plan was used." if plan else "It was not used.",
            "the day of the referral or later",
        )
        return plan

    def with_case(self, group: Group, tag: str, end: Day, begin: datetime.date, closed: Day) -> Day:
        """The end of a plan, which can be no later than that of its case."""
        if closed is None or (end is not None and end <= closed) or begin > closed:
            return end
        self._say(
            group,
            tag,
            "a plan that goes on after its case was closed",
            Severity.REPAIRED,
            "It was ended with the case.",
            "the day of the closure or earlier",
        )
        return closed

    def birth(self, group: Group) -> Day:
        """The birth, or the expected birth of a child not born on the reference date."""
        born, expected = (
            group.days.get(tag) for tag in ("PersonBirthDate", "ExpectedPersonBirthDate")
        )
        last = self.census.last
        if born and born > last:
            self._say(
                group,
                "PersonBirthDate",
                "a birth after the reference date",
                Severity.REPAIRED,
                "It was read as an expected birth.",
                "ExpectedPersonBirthDate",
            )
        tag = "PersonBirthDate" if born else "ExpectedPersonBirthDate"
        birth = born or expected
        if birth and last.year - birth.year > OLDEST_YEARS:
            self._say(
                group,
                tag,
                f"a child older than {OLDEST_YEARS} on the reference date",
                Severity.BLANKED,
                "The age is unknown.",
            )
            birth = None
        elif birth and (birth - last).days > EARLIEST_UNBORN_DAYS:
            self._say(
                group,
                tag,
                "a birth expected later than a pregnancy lasts",
                Severity.BLANKED,
                "The age is unknown.",
            )
            birth = None
        if born and expected and born <= last:
            self._say(
                group,
                "ExpectedPersonBirthDate",
                "an expected birth of a child who is born",
                Severity.NOTED,
                "The birth was used.",
            )
        if birth is None and not born and not expected:
            self._say(group, "PersonBirthDate", "no birth", Severity.NOTED, "The age is unknown.")
        return birth

    def _say(
        self, group: Group, tag: str, kind: str, severity: Severity, done: str, allowed: str = ""
    ) -> None:
        self.book.write(
            group.element.tag,
            group.line_of(tag),
            kind,
            severity,
            column=tag,
            done=done,
            allowed=allowed,
        )
