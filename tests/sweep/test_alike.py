"""What both drivers tell of a peer, where one of them once told something else (found by tests.bench.strangers)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from banner import End, Grab, Mode, Status, Target, Timeouts, scan, testing
from tests.daemons.site import own_address
from tests.strangers.visiting import Driver

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
        grab = await told(server, driver, 100, read=0.5)
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


@DRIVERS
@pytest.mark.parametrize("size", [1, 3, 7])
async def test_an_answer_to_tls_hello_is_five_bytes_at_least(driver: Driver, size: int) -> None:
    async def handle(connection: testing.Connection) -> None:
        await connection.read()
        for piece in testing.segments(b"sorry...", size):
            await connection.write(piece)
            await asyncio.sleep(0.05)
        await connection.hold()

    async with testing.serve(handle) as server:
        grab = await told(server, driver)
    assert (grab.banner, grab.probe) == (b"sorry..."[: -(-5 // size) * size], "tls")


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
