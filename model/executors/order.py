"""Results in the order of the tasks, whoever does them and whichever is done first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

IN_FLIGHT = 16  # tasks handed out where the number of workers is unknown


def in_order(
    executor: Executor | None,
    function: Callable[[Item], Found],
    items: Iterable[Item],
    in_flight: int | None = None,
) -> Iterator[tuple[Item, Found]]:
    """Each item with its result, in the order of the items.

    Parameters
    ----------
    executor : whoever computes; None computes here, one after another.
    function : of one item. For other processes function and items must pickle.
    items : taken as workers come free, so they may be endless: leave the loop when there is
        enough. A rule that looks only at the results it was given stops at the same item on any
        number of workers.
    in_flight : tasks handed out and results kept at most; twice the workers when None.

    Notes
    -----
    After an error, and when the iterator is closed, tasks that have not begun are cancelled.
    """
    if executor is None:
        for item in items:
            yield item, function(item)
        return
    most = in_flight or 2 * workers_of(executor) or IN_FLIGHT
    waiting: deque[tuple[Item, Future[Found]]] = deque()
    coming = iter(items)
    try:
        while True:
            while len(waiting) < most:
                try:
                    item = next(coming)
                except StopIteration:
                    break
                waiting.append((item, executor.submit(function, item)))
            if not waiting:
                return
            item, future = waiting.popleft()
            yield item, future.result()
            del future  # a result that was given is not kept
    finally:
        for _, future in waiting:
            future.cancel()


def workers_of(executor: Executor) -> int:
    """How many tasks it does at once; 0 where it does not say."""
    return getattr(executor, "workers", 0) or getattr(executor, "_max_workers", 0)
