"""Places: officers, key workers, social workers, foster places, and who waits for them.

A freed place is handed over in the same minute to the longest waiting family of the most urgent
need. Statutory work takes a place at once, over the limit if need be. A cut evicts nobody:
places close as they come free.
"""

from __future__ import annotations

from heapq import heappop, heappush

from model.engines.cases import Case

UNLIMITED = -1


class Pool:
    """The places of one kind, and the queue for them.

    A queue entry is (priority, asked at, case, request number): a case that gave up waiting
    leaves its entry behind, and an entry whose number is no longer the case's is passed over.
    """

    __slots__ = ("capacity", "in_use", "queue")

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.in_use = 0
        self.queue: list[tuple[int, int, int, int, Case]] = []

    def has_room(self) -> bool:
        """Whether a place is free."""
        return self.capacity == UNLIMITED or self.in_use < self.capacity

    def join(self, priority: int, asked: int, case: Case) -> None:
        """Queue for a place."""
        heappush(self.queue, (priority, asked, case.id, case.waiting, case))

    def next_in_turn(self) -> Case | None:
        """Take the next case out of the queue if there is room for it; it now holds the place."""
        while self.queue and self.has_room():
            _, _, _, request, case = heappop(self.queue)
            if case.waiting == request:
                self.in_use += 1
                case.waiting = 0
                return case
        return None

    def load_over_plan(self) -> float:
        """How far the caseload is above the plan, as a share of the plan; 0 when it is not."""
        if self.capacity <= 0:
            return 0.0
        return max(0.0, self.in_use / self.capacity - 1.0)
