"""SimPy's events for long waits: an environment with a page for each day, and what runs in it.

A case sleeps on an alarm for months at a time, tens of thousands of them at once. Everything here
is SimPy's (`Event`, `Environment`, generators that yield what they wait for) with less to do at
each step. It knows no stage and no case.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heapify, heappop, heappush
from typing import Any

import simpy
from simpy.events import NORMAL

from model.working_days import MINUTES_PER_DAY

AHEAD_OF_ALL = 0  # the order of what follows at once from the present event


class Alarm(simpy.Event):
    """Wakes whoever sleeps on it, at the minute for which the clock is told to ring it."""

    _value, _ok = None, True

    def __init__(self) -> None:
        self.callbacks = []


Journey = Generator[simpy.Event, None, None]


class Walk:
    """Goes along a journey: on to the next alarm whenever the one before has rung.

    SimPy's Process without what no journey needs: a value, interrupts, and events for its own
    beginning and end.
    """

    __slots__ = ("journey",)

    def __init__(self, journey: Journey) -> None:
        self.journey = journey

    def go_on(self, _: simpy.Event | None = None) -> None:
        """Walk on until the journey sleeps again, or is over."""
        alarm = next(self.journey, None)
        if alarm is not None:
            alarm.callbacks.append(self.go_on)


class Clock(simpy.Environment):
    """SimPy's environment in whole minutes, with a page for each day.

    SimPy keeps all that is to come in one heap, and every step goes deep into it. Here it waits,
    unsorted, on the page of its day; only today's page is a heap. Events run in SimPy's order:
    minute, priority, and when they were set. The present minute is a plain attribute, because
    everybody asks for it.

    Parameters
    ----------
    horizon : minutes; nothing at or after it happens.
    """

    now = 0

    def __init__(self, horizon: int) -> None:
        super().__init__()
        self.horizon = horizon
        self.pages: list[list[Any]] = [[] for _ in range(horizon // MINUTES_PER_DAY + 1)]
        self.today = 0

    def ring(self, event: simpy.Event, minute: int, order: int) -> None:
        """Let an event happen at a minute; those of one minute happen in their order."""
        if minute < self.horizon:
            day = minute // MINUTES_PER_DAY
            entry = (minute, order, next(self._eid), event)
            if day == self.today:
                heappush(self.pages[day], entry)
            else:
                self.pages[day].append(entry)

    def schedule(self, event: simpy.Event, priority: int = NORMAL, delay: float = 0) -> None:
        """SimPy's own way to say so."""
        self.ring(event, self.now + int(delay), priority)

    def set_off(self, journey: Journey) -> None:
        """Begin a journey as soon as the present event is over."""
        alarm = Alarm()
        alarm.callbacks.append(Walk(journey).go_on)
        self.ring(alarm, self.now, AHEAD_OF_ALL)

    def run_to_horizon(self) -> None:
        """Let everything happen, day by day."""
        for day, page in enumerate(self.pages):
            self.today = day
            heapify(page)
            while page:
                self.now, _, _, event = heappop(page)
                callbacks, event.callbacks = event.callbacks, None
                for callback in callbacks:
                    callback(event)
                if not (event._ok or event.defused):  # a process has failed
                    raise event._value
        self.now = self.horizon
