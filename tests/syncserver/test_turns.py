"""Turns: nobody waits for more than one piece of work of each of the others, however much they bring."""

import asyncio
import threading
from collections import Counter
from functools import partial
from uuid import UUID

import pytest

from syncserver.kit.turns import Turns

pytestmark = pytest.mark.timeout(30)
GREEDY, *MODEST = (UUID(int=number) for number in range(6))


def test_who_brings_much_waits_for_itself() -> None:
    done: list[UUID] = []

    async def bring_all() -> None:
        turns, held = Turns(1, "test"), threading.Event()
        first = asyncio.create_task(turns.take(GREEDY, held.wait))
        await asyncio.sleep(0)
        many = [turns.take(GREEDY, partial(done.append, GREEDY)) for _ in range(20)]
        few = [turns.take(one, partial(done.append, one)) for one in MODEST for _ in range(2)]
        all_of_them = asyncio.gather(*many, *few)
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(first, all_of_them)

    asyncio.run(bring_all())

    assert Counter(done) == {GREEDY: 20, **dict.fromkeys(MODEST, 2)}
    last = max(place for place, one in enumerate(done) if one != GREEDY)
    assert done[: last + 1].count(GREEDY) <= 3


def test_the_pieces_of_one_are_never_done_at_once() -> None:
    at_work, most = Counter[UUID](), Counter[UUID]()

    async def bring_all() -> None:
        turns = Turns(4, "test")
        await asyncio.gather(*(turns.take(one, partial(work, one)) for one in MODEST for _ in range(8)))

    def work(one: UUID) -> None:
        at_work[one] += 1
        most[one] = max(most[one], at_work[one])
        threading.Event().wait(0.002)
        at_work[one] -= 1

    asyncio.run(bring_all())

    assert most == dict.fromkeys(MODEST, 1)


def test_what_is_raised_reaches_who_brought_it_and_the_next_piece_is_done() -> None:
    async def bring_both() -> tuple[object, object]:
        turns = Turns(1, "test")
        broken, whole = turns.take(GREEDY, lambda: 1 // 0), turns.take(GREEDY, lambda: "done")
        found = await asyncio.gather(broken, whole, return_exceptions=True)
        return found[0], found[1]

    fault, result = asyncio.run(bring_both())

    assert isinstance(fault, ZeroDivisionError)
    assert result == "done"
