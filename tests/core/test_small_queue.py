"""The small queue does what asyncio's does for one taker."""

from __future__ import annotations

import asyncio

import pytest

from crm_app.core.small_queue import SmallFlag, SmallQueue


def test_what_is_put_in_comes_out_in_its_order() -> None:
    async def run() -> list[int]:
        queue = SmallQueue()
        taking = asyncio.ensure_future(asyncio.wait_for(queue.get(), 5))
        await asyncio.sleep(0)
        for number in range(3):
            queue.put_nowait(number)
        await queue.put(3)
        return [await taking, queue.get_nowait(), await queue.get(), await queue.get()]

    assert asyncio.run(run()) == [0, 1, 2, 3]


def test_who_gave_up_waiting_takes_nothing_away() -> None:
    async def run() -> tuple[str, bool]:
        queue = SmallQueue()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(queue.get(), 0.01)
        with pytest.raises(asyncio.QueueEmpty):
            queue.get_nowait()
        queue.put_nowait("kept")
        return await queue.get(), queue.empty()

    assert asyncio.run(run()) == ("kept", True)


def test_joining_waits_until_all_is_done_with() -> None:
    async def run() -> list[str]:
        queue, told = SmallQueue(), []

        async def work() -> None:
            for _ in range(2):
                told.append(await queue.get())
                await asyncio.sleep(0.01)
                queue.task_done()

        await queue.join()  # nothing to wait for
        queue.put_nowait("one")
        queue.put_nowait("two")
        working = asyncio.create_task(work())
        await asyncio.wait_for(queue.join(), 5)
        told.append("joined")
        await working
        return told

    assert asyncio.run(run()) == ["one", "two", "joined"]


def test_a_flag_lets_go_all_who_wait() -> None:
    async def run() -> list[bool]:
        flag = SmallFlag()
        waiting = [asyncio.create_task(flag.wait()) for _ in range(2)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        waiting[0].cancel()
        flag.set()
        flag.clear()
        later = asyncio.create_task(flag.wait())
        await asyncio.sleep(0.01)
        assert waiting[0].cancelled() and not later.done()
        flag.set()
        return [await waiting[1], await later, await SmallFlag(is_set=True).wait()]

    assert asyncio.run(run()) == [True, True, True]
