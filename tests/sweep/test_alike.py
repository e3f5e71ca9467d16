"""What both drivers tell of a peer, where one of them once told something else (found by tests.bench.strangers)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from banner import End, Grab, Mode, Status, Target, Timeouts, scan, testing
from tests.daemons.site import own_address
from tests.strangers.visiting import Driver
from tests.usual import usual

DRIVERS = pytest.mark.parametrize("driver", ["sweep", "streams"])
HELLO = re.compile(rb".+", re.DOTALL)


async def told(server: testing.Server, driver: Driver, limit: int = 1024, **timeouts: float) -> Grab:
    given: dict[str, Any] = {"limit": limit, "timeouts": Timeouts(**timeouts)}
    async with scan([Target(server.host, server.port)], driver=driver, mode=Mode.LIGHT, **given) as results:
        return await anext(results)


@DRIVERS
@pytest.mark.parametrize(("length", "end"), [(99, End.COMPLETE), (100, End.LIMIT), (5000, End.LIMIT)])
async def test_an_answer_of_which_more_may_have_come_ends_at_the_limit(
    driver: Driver, length: int, end: End
) -> None:
    async with testing.conversation([(HELLO, b"?" * length)]) as server:
        grab = await told(server, driver, 100, read=5)
    assert (grab.banner, grab.end) == (b"?" * min(length, 100), end)


@DRIVERS
async def test_no_wait_is_longer_than_the_read_timeout(driver: Driver) -> None:
    async with testing.silent() as server:
        grab = await told(server, driver, read=0.1, total=3)
    assert (grab.status, grab.connections > 3) == (Status.SILENT, True)


@DRIVERS
@pytest.mark.parametrize("port", [0, 6379])
async def test_who_resets_inside_the_accept_has_been_connected_to(driver: Driver, port: int) -> None:
    async with testing.resetter(host=own_address(), port=port) as server:
        grab = await told(server, driver)
    assert (grab.status, grab.probe, grab.error) == (Status.RESET, "listen", None)
    assert grab.connections == server.connections == (3 if port else 2)  # who resets at once is spoken to
    # The kernel's word may come before a hello or after it: what is told is what was written.
    assert bool(grab.said) == (grab.sent > 0)
    assert set(grab.said) <= ({"redis", "tls", "http"} if port else {"tls", "http"})


@contextmanager
def usually(place: str, server: testing.Server) -> Iterator[None]:
    """Let the port of `server` be one of `place`: of a dialogue in the clear, of "https", or "anywhere"."""
    port = (server.port,)
    facts = {"https": ("http", (), port), "anywhere": ("http", (), ())}
    name, ports, tls_ports = facts.get(place, (place, port, ()))
    with usual(name, ports=ports, tls_ports=tls_ports):
        yield


def saying(
    answer: bytes, size: int, *, leaving: bool = False
) -> Callable[[testing.Connection], Coroutine[Any, Any, None]]:
    async def handle(connection: testing.Connection) -> None:
        await connection.read()
        for piece in testing.segments(answer, size):
            await connection.write(piece)
            # Rounds of the loop, in which it is read: time may stand still for who counts it.
            for _ in range(6):
                await asyncio.sleep(0)
        if not leaving:
            await connection.hold()

    return handle


@DRIVERS
@pytest.mark.parametrize(
    ("place", "answer", "size", "end"),
    [
        ("anywhere", b"sorry...", 1, End.COMPLETE),
        ("redis", b"sorry...", 3, End.COMPLETE),
        ("https", b"550 who are you?\r\n", 7, End.COMPLETE),
        ("anywhere", b"no!", 1, End.EOF),
        ("http", b"no!", 1, End.EOF),
    ],
)
async def test_a_stranger_is_heard_out_whatever_was_said_to_him(
    driver: Driver, place: str, answer: bytes, size: int, end: End
) -> None:
    async with testing.serve(saying(answer, size, leaving=end is End.EOF)) as server:
        with usually(place, server):
            grab = await told(server, driver)
    assert (grab.banner, grab.end) == (answer, end)
    assert grab.probe == {"http": "http", "redis": "redis"}.get(place, "tls")


@DRIVERS
async def test_of_a_stranger_who_does_not_end_no_more_is_read_than_of_others(driver: Driver) -> None:
    async def handle(connection: testing.Connection) -> None:
        await connection.read()
        with suppress(OSError):
            while True:
                await connection.write(b"abcdefghijklmnopqrstuvwxyz\r\n" * 100)

    async with testing.serve(handle) as server:
        with usually("https", server):
            grab = await told(server, driver)
    assert grab.end is End.LIMIT
    assert 16384 <= grab.received <= grab.connections * 16384


async def test_so_is_who_hears_a_hello_without_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banner.sweep.handshakes.SESSIONS", 0)
    async with testing.serve(saying(b"sorry...", 3)) as server:
        with usually("anywhere", server):
            grab = await told(server, "sweep")
    assert (grab.banner, grab.end, grab.probe) == (b"sorry...", End.COMPLETE, "tls")


@DRIVERS
@pytest.mark.parametrize("place", ["anywhere", "https", "http", "redis"])
async def test_who_greets_in_pieces_after_we_spoke_is_known_by_the_whole(driver: Driver, place: str) -> None:
    async with testing.serve(saying(b"SSH-2.0-OpenSSH_9.2p1\r\n", 2)) as server:
        with usually(place, server):
            grab = await told(server, driver, read=2)
    assert grab.service is not None
    assert (grab.banner, grab.service.product) == (b"SSH-2.0-OpenSSH_9.2p1\r\n", "OpenSSH")


@DRIVERS
async def test_a_reset_in_the_midst_of_a_record_of_tls_is_a_reset(driver: Driver) -> None:
    async def handle(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(b"\x16\x03\x03\x02\x8e")
        await asyncio.sleep(0.05)
        connection.reset()

    async with testing.serve(handle) as server:
        grab = await told(server, driver)
    assert grab.tls is not None
    assert grab.tls.error == "reset"


@DRIVERS
@pytest.mark.parametrize("port", [0, 6379])
async def test_as_much_of_an_answer_is_read_at_a_time(driver: Driver, port: int) -> None:
    async with testing.conversation([(HELLO, b"?" * 5000)], host=own_address(), port=port) as server:
        grab = await told(server, driver, 65536)
    assert (len(grab.banner), grab.end, grab.probe) == (5000, End.COMPLETE, "redis" if port else "tls")


@DRIVERS
@pytest.mark.parametrize("end", ["close", "reset"])
async def test_who_greets_with_tls_and_leaves_hears_its_hello(driver: Driver, end: str) -> None:
    async def handle(connection: testing.Connection) -> None:
        await connection.write(b"\x15\x03\x01\x00\x02\x02\x28")
        if end == "reset":
            await asyncio.sleep(0.05)
            connection.reset()

    async with testing.serve(handle) as server:
        grab = await told(server, driver)
    assert (grab.status, grab.tls is not None, server.connections > 1) == (Status.BANNER, True, True)
