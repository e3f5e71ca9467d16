"""Records that are only written down: those of a greeting seen before come from a pattern, and are the same."""

from __future__ import annotations

import asyncio
import errno
import select
import socket
import sys
import time
from collections import Counter
from typing import Any

import msgspec
import pytest

from banner import Grab, Settings, Status, Target, Timeouts, scan, testing
from banner.formats.record import decode, encode
from banner.models import Mode, Timings
from banner.plan.planner import planner
from banner.sweep import connector, outcomes
from banner.sweep import driver as sweep
from banner.sweep.results import Block
from banner.sweep.scanner import WrittenScan
from banner.testing.server import bind
from tests.usual import usual

GREETINGS = (b"SSH-2.0-OpenSSH_9.2p1\r\n", b"220 100% sure % ESMTP \xff\r\n", b'* OK [\xc3\xa9] "quoted"\r\n')


def told(grab: Grab) -> Grab:
    """All but the times."""
    return msgspec.structs.replace(grab, time=0.0, timings=Timings())


async def written(targets: list[Target], settings: Settings) -> Block:
    rows = []
    async with WrittenScan(targets, settings, 10, None, None) as results:
        async for batch in results.batches():
            rows += batch
    return Block.of(rows)


@pytest.mark.parametrize("mode", ["listen", "light"])
@pytest.mark.parametrize("greeting", GREETINGS)
async def test_a_repeated_greeting_has_the_record_of_a_first_one(
    greeting: bytes, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[Grab] = []

    def encoding(grab: Grab) -> bytes:
        encoded.append(grab)
        return encode(grab)

    monkeypatch.setattr(outcomes, "encode", encoding)
    settings = Settings(mode=Mode(mode))
    async with testing.closer(greeting, pause=0, host="0.0.0.0") as server, testing.refuser() as refuser:
        targets = [Target(f"127.0.0.{number}", server.port) for number in range(1, 60)]
        targets += [Target("127.0.0.1", server.port, "tagged"), Target("127.0.0.1", refuser.port)]
        block = await asyncio.wait_for(written(targets, settings), 20)
        async with scan(targets, mode=mode) as results:
            expected = [grab async for grab in results]
    lines = block.lines.splitlines()
    grabs = [decode(line) for line in lines]
    assert Counter(block.statuses) == {Status.BANNER: 60, Status.REFUSED: 1}
    assert Counter(block.targets) == Counter(targets)
    assert [(grab.host, grab.port) for grab in grabs] == [
        (target.host, target.port) for target in block.targets
    ]
    place = lambda grab: (grab.host, grab.port, grab.tag or "")  # noqa: E731 - used in two lines
    assert sorted(map(told, grabs), key=place) == sorted(map(told, expected), key=place)
    assert all(grab.timings.total is not None and grab.timings.total < 20 for grab in grabs)
    assert len(encoded) < 40, "most come from the pattern"


PAGE = b"HTTP/1.1 200 OK\r\nServer: 100%%s\xe9\r\nContent-Length: 26\r\n\r\n<title>100 %d</title>\r\n\xff\r\n"
ANSWERS = [
    ("http", PAGE, True),
    ("http", PAGE.replace(b"26", b"27"), False),  # its end comes from the close
    ("http", PAGE.replace(b"Content-Length: 26\r\n", b""), False),  # and so here
    ("memcached", b"VERSION 1.6.18\r\n", True),
    ("redis", b"-NOAUTH Authentication required.\r\n", True),
    ("zookeeper", b"who knows\r\n", False),
]


@pytest.mark.parametrize(("probe", "answer", "brief"), ANSWERS)
async def test_a_repeated_answer_has_the_record_of_a_first_one(
    probe: str, answer: bytes, brief: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[object] = []
    usually = outcomes.Rows.answered

    def answered(*args: Any) -> Any:
        found.append(usually(*args))
        return found[-1]

    monkeypatch.setattr(outcomes.Rows, "answered", answered)

    async def handle(connection: testing.Connection) -> None:
        if await connection.read():
            await connection.write(answer)

    async with testing.serve(handle, host="0.0.0.0") as server:
        targets = [Target(f"127.0.0.{number}", server.port) for number in range(1, 40)]
        targets += [Target("127.0.0.1", server.port, "tagged")]
        with usual(probe, ports=(server.port,)):
            block = await asyncio.wait_for(written(targets, Settings()), 20)
            async with scan(targets) as results:
                expected = [grab async for grab in results]
    grabs = [decode(line) for line in block.lines.splitlines()]
    assert [(grab.host, grab.port) for grab in grabs] == [
        (target.host, target.port) for target in block.targets
    ]
    place = lambda grab: (grab.host, grab.tag or "")  # noqa: E731 - used in two lines
    assert sorted(map(told, grabs), key=place) == sorted(map(told, expected), key=place)
    for grab in grabs:
        assert grab.timings.connect is not None
        assert grab.timings.first_byte is not None
        assert grab.timings.total is not None
        assert 0 < grab.timings.connect <= grab.timings.first_byte <= grab.timings.total < 20
    assert len(found) == len(targets)
    assert (len([row for row in found if row is not None]) > 20) is brief


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full backlog is answered in another way")
async def test_a_connection_that_comes_late_is_seen() -> None:
    # The backlog is full when the scan begins; Linux asks again after a second (RFC 6298), and then there is room.
    with bind("127.0.0.1", 0, backlog=0) as listener:
        place = listener.getsockname()
        filler = socket.create_connection(place)
        assert select.select([listener], [], [], 5)[0], "one waits to be accepted, and that is as many as may"
        loop, heard = asyncio.get_running_loop(), list[socket.socket]()

        async def make_room() -> None:
            while len(heard) < 2:
                connection, _ = await loop.sock_accept(listener)
                heard.append(connection)
                await loop.sock_sendall(connection, b"SSH-2.0-Late\r\n")

        async with scan([Target(*place)], mode="listen", driver="sweep") as results:
            loop.call_later(0.4, lambda: rooms.append(loop.create_task(make_room())))
            rooms: list[asyncio.Task[None]] = []
            (grab,) = [grab async for grab in results]
        await asyncio.gather(*rooms)
        for connection in (filler, *heard):
            connection.close()
    assert grab.status is Status.BANNER
    assert grab.timings.connect is not None
    assert grab.timings.connect > 0.25


async def test_what_breaks_off_after_it_was_found_connected_was_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(socket.SocketType):
        def recv(self, *args: Any) -> bytes:
            raise OSError(errno.EHOSTUNREACH, "unreachable")

    monkeypatch.setattr(connector, "_Socket", Broken)
    async with testing.greeter(b"SSH-2.0-Late\r\n", delay=2 * connector.LOOK) as server:
        target = Target(server.host, server.port)
        async with scan([target], mode="listen", driver="sweep") as results:
            (grab,) = [grab async for grab in results]
    assert (grab.status, grab.connections, grab.timings.connect) == (Status.RESET, 1, None)


async def test_a_greeting_that_came_before_its_deadline_was_looked_at_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting: list[testing.Connection] = []
    usually = sweep.Sweep._on_tick

    def on_tick(self: sweep.Sweep[Grab]) -> None:
        if waiting and self._phases.late(time.monotonic(), 1):
            waiting.pop()._socket.send(b"SSH-2.0-Late\r\n")
        usually(self)

    async def handle(connection: testing.Connection) -> None:
        waiting.append(connection)
        await connection.hold()

    monkeypatch.setattr(sweep.Sweep, "_on_tick", on_tick)
    timeouts = Timeouts(read=connector.LOOK + 1.0)  # after it was found connected
    async with testing.serve(handle) as server:
        target = Target(server.host, server.port)
        async with scan([target], mode="listen", driver="sweep", timeouts=timeouts) as results:
            (grab,) = [grab async for grab in results]
    assert (grab.status, grab.banner) == (Status.BANNER, b"SSH-2.0-Late\r\n")


async def test_greetings_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "GREETINGS", 8)
    made: list[outcomes.Rows] = []
    usual = outcomes.Rows.__init__

    def noted(self: outcomes.Rows, plan: object) -> None:
        usual(self, plan)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(outcomes.Rows, "__init__", noted)
    number = iter(range(1000))

    async def greet(connection: testing.Connection) -> None:
        await connection.write(b"SSH-2.0-Server_%d\r\n" % next(number))

    async with testing.serve(greet) as server:
        block = await written([Target("127.0.0.1", server.port)] * 50, Settings(mode=Mode.LISTEN))
    assert block.statuses == {Status.BANNER: 50}
    (rows,) = made
    assert 0 < len(rows._greetings._once) <= 8


@pytest.mark.parametrize(("mode", "kept"), [(Mode.LISTEN, 0), (Mode.LIGHT, 20)])
async def test_what_a_greeting_says_is_kept_only_for_who_asks_again(mode: Mode, kept: int) -> None:
    settings = Settings(mode=mode)
    known = planner(settings).reading.cache_info  # type: ignore[attr-defined]  # of an lru_cache
    before, number = known().misses, iter(range(1000))

    async def greet(connection: testing.Connection) -> None:
        await connection.write(b"SSH-2.0-OpenSSH_9.2p1 kept-%s-%d\r\n" % (mode.encode(), next(number)))

    async with testing.serve(greet) as server:
        block = await written([Target("127.0.0.1", server.port)] * 20, settings)
    assert block.statuses == {Status.BANNER: 20}
    assert known().misses - before == kept
