"""A pool of places: who is next, what a cut and a rise do, and how far it is over plan."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.engines.places import UNLIMITED, Pool


@dataclass
class Family:
    """A case that waits, as far as a pool can see."""

    id: int
    waiting: int = 0

    def ask(self, pool: Pool, priority: int, asked: int) -> "Family":
        """Join the queue once more."""
        self.waiting += 1
        pool.join(priority, asked, self)
        return self


def served(pool: Pool) -> list[int]:
    """Give out the places that there are; the ids of those served, in turn."""
    found = []
    while (case := pool.next_in_turn()) is not None:
        found.append(case.id)
    return found


def full_pool(places: int) -> Pool:
    """A pool whose places are all taken."""
    pool = Pool(places)
    pool.in_use = places
    return pool


def test_an_empty_pool_has_room_and_nobody_in_turn():
    pool = Pool(1)
    assert pool.has_room()
    assert pool.next_in_turn() is None
    assert pool.in_use == 0


def test_a_pool_of_no_places_never_has_room():
    pool = Pool(0)
    assert not pool.has_room()
    Family(1).ask(pool, 0, 0)
    assert served(pool) == []


def test_an_unlimited_pool_always_has_room():
    pool = Pool(UNLIMITED)
    pool.in_use = 10**9
    assert pool.has_room()
    assert pool.load_over_plan() == 0.0


def test_the_most_urgent_comes_first_then_who_asked_first_then_the_lower_case():
    pool = full_pool(1)
    Family(5).ask(pool, priority=1, asked=10)
    Family(4).ask(pool, priority=1, asked=10)
    Family(3).ask(pool, priority=1, asked=9)
    Family(9).ask(pool, priority=0, asked=99)
    pool.capacity += 4
    assert served(pool) == [9, 3, 4, 5]


def test_who_gave_up_is_passed_over_and_takes_no_place():
    pool = full_pool(1)
    gave_up = Family(1).ask(pool, 0, 0)
    Family(2).ask(pool, 0, 1)
    gave_up.waiting = 0
    pool.in_use -= 1
    assert served(pool) == [2]
    assert pool.in_use == 1


def test_who_gave_up_and_asked_again_waits_from_the_second_time():
    """The old entry in the queue is dead, even though the family waits again."""
    pool = full_pool(1)
    again = Family(1).ask(pool, 0, 0)
    Family(2).ask(pool, 0, 1)
    again.ask(pool, 0, 2)
    pool.in_use -= 1
    assert served(pool) == [2]
    pool.in_use -= 1
    assert served(pool) == [1]


def test_whoever_is_served_holds_the_place_and_waits_no_more():
    pool = full_pool(1)
    family = Family(1).ask(pool, 0, 0)
    pool.in_use -= 1
    assert served(pool) == [1]
    assert family.waiting == 0
    assert pool.in_use == 1
    assert not pool.has_room()


def test_a_cut_evicts_nobody_and_places_close_as_they_come_free():
    pool = full_pool(3)
    Family(1).ask(pool, 0, 0)
    pool.capacity = 1
    assert pool.in_use == 3
    for still_held in (2, 1):
        pool.in_use -= 1
        assert pool.in_use == still_held
        assert served(pool) == []
    pool.in_use -= 1
    assert served(pool) == [1]


def test_load_over_plan_is_the_share_of_the_plan_that_is_too_much():
    pool = Pool(10)
    for in_use, over in ((0, 0.0), (10, 0.0), (12, 0.2), (25, 1.5)):
        pool.in_use = in_use
        assert pool.load_over_plan() == pytest.approx(over)
    assert full_pool(0).load_over_plan() == 0.0


asking = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=30)


@given(asking, st.integers(0, 10), st.sets(st.integers(0, 29)))
def test_everyone_who_still_waits_is_served_once_in_order_and_no_place_too_many(
    asked, places, give_up
):
    pool = Pool(places)
    families = [
        Family(number).ask(pool, priority, at) for number, (priority, at) in enumerate(asked)
    ]
    for number in give_up & set(range(len(families))):
        families[number].waiting = 0
    patient = sorted(
        (priority, at, number)
        for number, (priority, at) in enumerate(asked)
        if number not in give_up
    )
    assert served(pool) == [number for _, _, number in patient[:places]]
    assert pool.in_use == min(places, len(patient))
    pool.capacity = len(families)
    assert served(pool) == [number for _, _, number in patient[places:]]
