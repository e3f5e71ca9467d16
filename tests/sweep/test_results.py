"""Outcomes on their way to a reader: gathered where he only writes them down, and never kept from him."""

from __future__ import annotations

import asyncio

from banner.models import Grab, Status
from banner.sweep.results import Results

FOREVER = 3600.0


def found(count: int) -> list[Grab]:
    return [Grab(0.0, "192.0.2.1", 22, Status.SILENT)] * count


async def reading(results: Results[Grab]) -> asyncio.Task[list[Grab]]:
    """A reader who waits."""
    task = asyncio.get_running_loop().create_task(results.take())
    await turns()
    assert not task.done()
    return task


async def turns() -> None:
    """Let others have a few turns."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_reader_gets_each_at_once() -> None:
    results = Results[Grab](8, lambda grab: grab)
    reader = await reading(results)
    results.put(*found(1))
    await turns()
    assert reader.done()
    assert await reader == found(1)


async def test_they_are_gathered_until_half_of_the_room_is_taken() -> None:
    results = Results[Grab](8, lambda grab: grab, FOREVER)
    reader = await reading(results)
    for _ in range(3):
        results.put(*found(1))
        await turns()
        assert not reader.done()
    results.put_all(found(1))
    await turns()
    assert reader.done()
    assert await reader == found(4)


async def test_the_last_of_them_are_not_waited_for() -> None:
    results = Results[Grab](8, lambda grab: grab, FOREVER)
    reader = await reading(results)
    results.put_all(found(1))
    results.close()
    await turns()
    assert reader.done()
    assert (await reader, await results.take()) == (found(1), [])


async def test_a_handful_is_handed_over_when_its_time_is_up() -> None:
    results = Results[Grab](8, lambda grab: grab, 0.001)
    for _ in range(3):  # each time anew
        reader = await reading(results)
        results.put_all(found(1))
        assert await reader == found(1)


async def test_who_stops_reading_leaves_no_timer_that_wakes_the_next() -> None:
    results = Results[Grab](8, lambda grab: grab, FOREVER)
    reader = await reading(results)
    results.put_all(found(1))
    timer = results._lingering
    assert timer is not None
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    assert timer.cancelled()
    assert results.drain() == found(1)
    again = await reading(results)
    results.put_all(found(4))
    assert await again == found(4)


async def test_several_readers_each_get_something() -> None:
    results = Results[Grab](8, lambda grab: grab, FOREVER)
    readers = [await reading(results) for _ in range(3)]
    results.put_all(found(4))
    assert sorted(map(len, await asyncio.gather(*readers))) == [1, 1, 2]
    readers = [await reading(results) for _ in range(3)]
    readers.pop().cancel()
    await turns()
    results.put_all(found(1))
    results.close()
    assert sorted(map(len, await asyncio.gather(*readers))) == [0, 1]
