"""Who asks for much keeps others from nothing."""

import asyncio
import gc
from threading import Event

from tianbao.accounts import Account, Role
from tianbao_web_litestar.turns import Turns

GREEDY, OTHER = (Account(n, f"account{n}", Role.AGENCY, "某", "a@b.tw") for n in (1, 2))


def test_one_person_has_one_turn_at_a_time_and_others_have_theirs():
    turns, begun, released, at_work = Turns(2), Event(), Event(), []

    def long(number):
        at_work.append(number)
        begun.set()
        assert released.wait(30)

    async def walk():
        greedy = [asyncio.create_task(turns.run(GREEDY, lambda n=n: long(n))) for n in range(5)]
        assert await turns.run(OTHER, lambda: begun.wait(30))
        assert at_work == [0], "the second waits for the first, whoever has a slot free"
        released.set()
        await asyncio.gather(*greedy)

    asyncio.run(walk())
    assert at_work == [0, 1, 2, 3, 4]


def test_no_more_than_so_many_work_at_once_and_what_fails_gives_its_turn_back():
    turns, released, at_work = Turns(1), Event(), []

    async def walk():
        first = asyncio.create_task(turns.run(GREEDY, lambda: released.wait(30)))
        second = asyncio.create_task(turns.run(OTHER, lambda: at_work.append(1) or 1 / 0))
        assert not (await asyncio.wait({second}, timeout=0.2))[0], "it waits until the first is done"
        assert at_work == []
        released.set()
        await first
        assert isinstance((await asyncio.gather(second, return_exceptions=True))[0], ZeroDivisionError)
        return await turns.run(OTHER, lambda: "again")

    assert asyncio.run(walk()) == "again"


def test_nothing_is_kept_of_who_has_had_their_turn():
    turns = Turns(1)
    asyncio.run(turns.run(GREEDY, lambda: None))
    gc.collect()
    assert not turns._own
