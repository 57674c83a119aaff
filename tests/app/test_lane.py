"""Large work in turn, beside the loop: one at a time, and nothing is left of what nobody awaits."""

import asyncio
import threading

import pytest

from app.lane import Lane


@pytest.fixture
def lane():
    lane = Lane()
    yield lane
    lane.close()


async def test_what_comes_at_once_is_done_one_after_the_other(lane):
    at_work, most = [], []

    def work(n):
        at_work.append(n)
        most.append(len(at_work))
        at_work.remove(n)
        return n

    assert await asyncio.gather(*(lane(lambda n=n: work(n)) for n in range(20))) == [*range(20)]
    assert set(most) == {1}


async def test_the_loop_goes_on_meanwhile(lane):
    door = threading.Event()
    waiting = asyncio.create_task(lane(door.wait))
    await asyncio.sleep(0)
    door.set()

    assert await waiting


async def test_what_work_raises_is_raised_and_the_next_one_is_done(lane):
    with pytest.raises(ZeroDivisionError):
        await lane(lambda: 1 // 0)

    assert await lane(lambda: 2) == 2


async def test_what_was_made_for_nobody_is_undone(lane):
    begun, door, undone = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        door.wait()
        return "made"

    task = asyncio.create_task(lane(work, undone.append))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    door.set()
    await lane(lambda: None)

    assert undone == ["made"]


async def test_what_was_cancelled_before_its_turn_is_not_begun(lane):
    door, begun = threading.Event(), []
    first = asyncio.create_task(lane(door.wait))
    second = asyncio.create_task(lane(lambda: begun.append(2), begun.append))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    door.set()
    await first

    assert begun == []
