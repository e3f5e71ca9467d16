"""scan(): lazy, bounded, one record a target; the same with both drivers."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from banner import Grab, Status, Target, Timeouts, grab, scan, testing
from banner.sweep import connector
from tests.sweep.scans import SSH, Driver


async def test_every_target_gives_exactly_one_record(driver: Driver) -> None:
    async with testing.greeter(SSH) as server, testing.refuser() as refuser, testing.closer() as closer:
        ports = itertools.cycle([server.port, refuser.port, closer.port])
        targets = [Target("127.0.0.1", next(ports), str(number)) for number in range(900)]
        async with scan(targets, concurrency=50, driver=driver) as results:
            grabs = [found async for found in results]
    assert sorted(int(found.tag or "") for found in grabs) == list(range(900))
    assert Counter(found.status for found in grabs) == {
        Status.BANNER: 300,
        Status.REFUSED: 300,
        Status.CLOSED: 300,
    }


async def test_an_empty_scan_ends(driver: Driver) -> None:
    async with scan([], driver=driver) as results:
        assert [found async for found in results] == []


async def test_targets_are_pulled_as_room_allows(driver: Driver) -> None:
    pulled = 0

    def endless(port: int) -> Iterator[Target]:
        nonlocal pulled
        while True:
            pulled += 1
            yield Target("127.0.0.1", port)

    async with (
        testing.greeter(SSH) as server,
        scan(endless(server.port), concurrency=10, driver=driver) as results,
    ):
        async for _ in results:
            break
        # A reader that stops stops the scan: at most what is in flight and in the results goes on.
        for _ in range(50):
            await asyncio.sleep(0.01)
        stopped_at = pulled
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert pulled == stopped_at
    assert pulled < 1000


async def test_an_async_iterable_is_pulled_as_room_allows(driver: Driver) -> None:
    async def some(port: int) -> AsyncIterator[Target]:
        for number in range(100):
            await asyncio.sleep(0)
            yield Target("127.0.0.1", port, str(number))

    async with (
        testing.greeter(SSH) as server,
        scan(some(server.port), concurrency=7, driver=driver) as results,
    ):
        tags = {found.tag async for found in results}
    assert len(tags) == 100


async def test_never_more_in_flight_than_asked_for(driver: Driver) -> None:
    now, most = 0, 0

    async def handle(connection: testing.Connection) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await connection.write(b"220 hello\r\n")
        await connection.hold()
        now -= 1

    async with testing.serve(handle) as server:
        targets = [Target("127.0.0.1", server.port)] * 200
        async with scan(targets, concurrency=12, driver=driver, mode="listen") as results:
            assert len([found async for found in results]) == 200
    # The server may not have seen the end of one connection when the next one comes.
    assert most <= 2 * 12


async def test_no_more_to_one_address_than_asked_for(driver: Driver) -> None:
    timeouts = Timeouts(connect=1, read=0.1, total=3)
    async with testing.silent(host="127.0.0.1") as one, testing.silent(host="127.0.0.2") as other:
        targets = [Target(server.host, server.port) for server in (one, other) for _ in range(6)]
        began = time.monotonic()
        async with scan(targets, per_host=2, driver=driver, mode="listen", timeouts=timeouts) as results:
            assert len([found async for found in results]) == 12
        took = time.monotonic() - began
    # Three turns of two.
    assert took > 0.28


@pytest.mark.parametrize("counted", [False, True])
async def test_a_connection_is_closed_before_the_next_begins(
    counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep closes many together: no more are open for it, in all and where they are counted by address."""
    held: Counter[str] = Counter()
    most_of_one, most = 0, 0

    class Socket(socket.SocketType):
        host = ""

        def connect_ex(self, address: tuple[str, int], /) -> int:  # type: ignore[override]
            nonlocal most_of_one, most
            self.host = address[0]
            held[self.host] += 1
            most_of_one, most = max(most_of_one, held[self.host]), max(most, held.total())
            return super().connect_ex(address)

        def close(self) -> None:
            if self.fileno() != -1:
                held[self.host] -= 1
            super().close()

    monkeypatch.setattr(connector, "_Socket", Socket)
    async with testing.greeter(SSH, host="0.0.0.0") as server:
        hosts = [f"127.0.0.{number}" for number in range(1, 21)] * 10
        targets = [Target(host, server.port) for host in hosts]
        async with scan(targets, concurrency=20, per_host=1 if counted else None, mode="listen") as results:
            assert [found.status async for found in results] == [Status.BANNER] * 200
    assert most <= 20
    assert held.total() == 0
    if counted:
        assert most_of_one == 1


async def test_the_rate_holds(driver: Driver) -> None:
    async with testing.greeter(SSH) as server:
        targets = [Target("127.0.0.1", server.port)] * 100
        began = time.monotonic()
        async with scan(targets, rate=200, driver=driver) as results:
            assert len([found async for found in results]) == 100
        took = time.monotonic() - began
    assert took > 0.45


async def test_what_the_targets_raise_is_raised_to_the_reader(driver: Driver) -> None:
    def failing(port: int) -> Iterator[Target]:
        yield Target("127.0.0.1", port)
        raise LookupError("no more targets for you")

    async with testing.greeter(SSH) as server:
        found: list[Grab] = []
        with pytest.raises(LookupError, match="no more targets"):
            async with scan(failing(server.port), driver=driver) as results:
                async for one in results:
                    found.append(one)  # noqa: PERF401 - what came before the error counts
    assert len(found) == 1


async def test_mistakes_of_the_caller_are_value_errors() -> None:
    with pytest.raises(ValueError, match="concurrency"):
        scan([], concurrency=0)
    with pytest.raises(ValueError, match="rate"):
        scan([], rate=0)
    with pytest.raises(ValueError, match="limit"):
        scan([], limit=0)
    with pytest.raises(ValueError, match="timeout"):
        scan([], timeouts=Timeouts(read=-1))
    for port in (0, 65536, -1, True):
        with pytest.raises(ValueError, match="port"):
            await grab("127.0.0.1", port)
    for host in ("", "a b", "x" * 300):
        with pytest.raises(ValueError, match="name"):
            await grab(host, 22)


async def test_every_connection_of_a_plan_counts_against_the_rate(driver: Driver) -> None:
    # Nothing is recognised here: each target takes several connections, one hello after the other.
    async with testing.serve(_hang_up) as server:
        targets = [Target("127.0.0.1", server.port)] * 4
        began = time.monotonic()
        async with scan(targets, rate=20, driver=driver, timeouts=Timeouts(total=3)) as results:
            connections = sum([found.connections async for found in results])
        took = time.monotonic() - began
    assert connections > 8
    assert connections <= 20 * took + 3


async def _hang_up(connection: testing.Connection) -> None:
    await connection.read()
