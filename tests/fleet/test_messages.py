"""What goes between processes comes out as it went in, however the socket cuts it up."""

from __future__ import annotations

import asyncio

import pytest

from banner.fleet.messages import AHEAD, Done, Inbox, done, message
from banner.models import Status, Target
from banner.sweep.results import Row


class Transport(asyncio.Transport):
    """Says whether it is read."""

    reading = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


def rows(count: int, size: int = 10) -> list[Row]:
    statuses = [Status.BANNER, Status.REFUSED]
    return [(b"%d" % at * size + b"\n", statuses[at % 2], Target("192.0.2.1", at + 1)) for at in range(count)]


def opened() -> tuple[Inbox, Transport]:
    inbox, transport = Inbox(), Transport()
    inbox.connection_made(transport)
    return inbox, transport


def receive(inbox: Inbox, data: bytes, most: int) -> None:
    """`data`, at most so many bytes at a time."""
    while data:
        buffer = inbox.get_buffer(-1)
        took = min(most, len(buffer), len(data))
        buffer[:took] = data[:took]
        inbox.buffer_updated(took)
        data = data[took:]


def same(found: Done | None, numbers: list[int], of: list[Row]) -> bool:
    assert found is not None
    statuses = {status: sum(one is status for _, one, _ in of) for _, status, _ in of}
    return (list(found.numbers), found.statuses, found.lines) == (
        numbers,
        statuses,
        b"".join(line for line, _, _ in of),
    )


@pytest.mark.parametrize("most", [1, 7, 4096, 1 << 20])
async def test_messages_are_whole_wherever_they_are_cut(most: int) -> None:
    inbox, _ = opened()
    small, large = rows(3), rows(40, 1000)  # a message larger than what the buffer has at first
    receive(inbox, done([5, 0, 1 << 40], small) + message(b"") + done(range(40), large), most)
    assert same(await inbox.read(), [5, 0, 1 << 40], small)
    found = await inbox.read()
    other = rows(39, 990)  # and one that fits in the same buffer
    receive(inbox, done(range(39), other), most)
    assert same(found, list(range(40)), large), "it is a copy: the buffer has the next one"
    assert same(await inbox.read(), list(range(39)), other)


async def test_what_was_said_is_read_also_after_the_end_but_for_half_a_message() -> None:
    inbox, _ = opened()
    receive(inbox, done([1], rows(1)) + done([2], rows(1))[:-1], 100)
    inbox.connection_lost(None)
    assert same(await inbox.read(), [1], rows(1))
    assert await inbox.read() is None
    assert await inbox.read() is None


async def test_who_waits_is_woken_by_a_message_and_by_the_end_and_not_by_a_sign_of_life() -> None:
    inbox, _ = opened()
    reading = asyncio.ensure_future(inbox.read())
    await asyncio.sleep(0)
    inbox.silent = 3
    receive(inbox, message(b""), 4)
    await asyncio.sleep(0)
    assert not reading.done()
    assert inbox.silent == 0
    receive(inbox, done([1], rows(1)), 1000)
    assert same(await reading, [1], rows(1))
    reading = asyncio.ensure_future(inbox.read())
    await asyncio.sleep(0)
    inbox.connection_lost(None)
    assert await reading is None


async def test_no_more_is_received_than_is_read() -> None:
    inbox, transport = opened()
    for at in range(AHEAD):
        assert transport.reading
        receive(inbox, done([at], rows(1)), 1000)
    assert not transport.reading
    await inbox.read()
    assert transport.reading
    receive(inbox, done([AHEAD], rows(1)), 1000)
    assert not transport.reading
    found = [await inbox.read() for _ in range(AHEAD)]
    assert [list(one.numbers) for one in found if one] == [[at] for at in range(1, AHEAD + 1)]
    assert transport.reading
