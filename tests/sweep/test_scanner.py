"""scan(): lazy, bounded, closed when left; the same with both drivers and on both loops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Literal
from unittest import mock

import pytest

from banner import Grab, Status, Target, Timeouts, grab, scan, testing
from banner.sweep import connector
from banner.visit.descriptors import SPARE, USUAL, clamp

Driver = Literal["sweep", "streams"]
SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"


@pytest.fixture(params=["sweep", "streams"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return request.param  # type: ignore[no-any-return]


def descriptors() -> int:
    """How many sockets are open: loops and resolvers keep other descriptors for themselves."""
    sockets = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            sockets += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    return sockets


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


async def test_leaving_the_block_closes_every_socket(driver: Driver) -> None:
    async with testing.silent() as server:
        before = descriptors()
        targets = itertools.repeat(Target("127.0.0.1", server.port))
        async with scan(targets, concurrency=40, driver=driver):
            while server.connections < 40:
                await asyncio.sleep(0.01)
            assert descriptors() >= before + 40
        assert descriptors() <= before + 40  # the server's sides
        while server.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


async def test_an_exception_of_the_reader_closes_every_socket(driver: Driver) -> None:
    async with testing.greeter(SSH) as server, testing.silent() as mute:
        before = descriptors()
        targets = itertools.chain([Target("127.0.0.1", server.port)], [Target("127.0.0.1", mute.port)] * 20)
        with pytest.raises(ZeroDivisionError):
            async with scan(targets, driver=driver) as results:
                async for _ in results:
                    _ = 1 / 0
        while server.open or mute.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


async def test_cancelling_the_task_closes_every_socket(driver: Driver) -> None:
    async with testing.silent() as server:
        before = descriptors()

        async def run() -> None:
            async with scan([Target("127.0.0.1", server.port)] * 30, driver=driver) as results:
                async for _ in results:
                    pass

        task = asyncio.create_task(run())
        while server.connections < 30:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while server.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


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


ELSEWHERE = """
from banner.testing.server import bind
with bind("127.0.0.1", 0, backlog=128) as server:
    server.setblocking(True)
    print(server.getsockname()[1], flush=True)
    while True:
        with server.accept()[0] as client:
            client.sendall(b"SSH-2.0-OpenSSH_9.2p1\\r\\n")
            client.recv(1)  # until the client has gone: one after the other
"""


async def test_descriptors_that_run_out_are_waited_for(driver: Driver) -> None:
    import resource

    # A process of its own, or the server would run out of descriptors together with the scan.
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ELSEWHERE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        port = int(await server.stdout.readline())
        async with scan([Target("127.0.0.1", port)] * 40, concurrency=40, driver=driver) as results:
            # Room for a few connections of the forty; the others back off until those are done.
            used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (used + 24, hard))
            try:
                statuses = Counter([found.status async for found in results])
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    finally:
        server.kill()
        await server.wait()
    assert statuses == {Status.BANNER: 40}


async def test_a_machine_that_stays_out_of_descriptors_says_so() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with testing.greeter(SSH) as server:
        used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        holes = [
            os.open("/dev/null", os.O_RDONLY) for _ in range(used - len(os.listdir("/proc/self/fd")) + 8)
        ]
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(holes) + 1, hard))
        try:
            found = await grab("127.0.0.1", server.port, mode="listen")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for hole in holes:
                os.close(hole)
    assert found.status is Status.LOCAL_ERROR
    assert "EMFILE" in (found.error or "")


def test_only_who_asked_for_more_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    with mock.patch("resource.getrlimit", return_value=(500, 500)), caplog.at_level("WARNING", "banner"):
        assert clamp(USUAL) == 500 - SPARE
        assert not caplog.messages
        assert clamp(USUAL + 1) == 500 - SPARE
    assert "500 descriptors" in caplog.text


def test_concurrency_is_clamped_to_the_descriptors(caplog: pytest.LogCaptureFixture) -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert clamp(10) == 10
    if hard != resource.RLIM_INFINITY:
        assert clamp(hard + 1) == hard - SPARE
        assert "descriptors" in caplog.text


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


@pytest.mark.timeout(120)
async def test_cancelled_grabs_leave_nothing_behind() -> None:
    chance = random.Random(7)
    async with (
        testing.greeter(testing.segments(SSH, 4), pause=0.002) as dribble,
        testing.silent() as mute,
        testing.resetter(SSH[:9]) as broken,
    ):
        before = descriptors()
        for _ in range(20):
            tasks = [
                asyncio.create_task(
                    grab("127.0.0.1", chance.choice((dribble, mute, broken)).port, mode="listen")
                )
                for _ in range(100)
            ]
            for task in chance.sample(tasks, len(tasks)):
                if chance.random() < 0.2:
                    await asyncio.sleep(0)
                if chance.random() < 0.05:
                    await asyncio.sleep(chance.random() / 200)
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        while dribble.open or mute.open or broken.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before
        gc.collect()
    assert len(asyncio.all_tasks()) == 1


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
