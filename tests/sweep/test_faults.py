"""What a peer once ended a scan with, or bent its record with: each by its number, through both drivers."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack, suppress

import pytest

from banner import Grab, Status, Target, Timeouts, scan, testing
from tests.sweep.scans import SSH, Driver
from tests.tls_peer import lax_context
from tests.usual import usual

pytestmark = pytest.mark.usefixtures("hasty")
both = pytest.mark.parametrize("driver", ["sweep", "streams"])

WORDS = {
    "beanstalkd": b"UNKNOWN_COMMAND\r\n",
    "a page instead of TLS": b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port",
    "a greeting of SOCKS and more": b"\x05\x00x",
    "one byte": b"\0",
    "an alert and a line": b"\x15\x03\x01\x00\x02\x02\x28\r\n",
}
"""What somebody says to whatever is said to him, and stays."""

PAGE = b"HTTP/1.1 200 OK\r\nServer: a\r\n\r\n<title>no end of this</title>"


def answering(words: bytes) -> testing.Serving:
    async def answer(connection: testing.Connection) -> None:
        while await connection.read():
            await connection.write(words)

    return testing.serve(answer)


@both
@pytest.mark.parametrize("concurrency", [1, 1000])
async def test_fault_1_who_answers_every_hello_and_stays_is_told_once(
    driver: Driver, concurrency: int
) -> None:
    async with AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(answering(words)) for words in WORDS.values()]
        neighbours = [await stack.enter_async_context(testing.greeter(SSH, delay=0.05)) for _ in range(8)]
        targets = [Target(server.host, server.port) for server in peers + neighbours]
        async with scan(targets, driver=driver, concurrency=concurrency) as results:
            grabs = [grab async for grab in results]
    assert Counter((grab.host, grab.port) for grab in grabs) == Counter((t.host, t.port) for t in targets)
    told = {(grab.host, grab.port): grab.status for grab in grabs}
    alert = (peers[-1].host, peers[-1].port)
    assert told.pop(alert) is Status.TLS_ERROR
    assert set(told.values()) == {Status.BANNER}


@both
@pytest.mark.parametrize("dialogue", ["http", "telnet"])
@pytest.mark.parametrize("words", [WORDS["a page instead of TLS"], PAGE])
async def test_fault_1_whose_answer_ends_with_a_pause_is_told_once(
    driver: Driver, dialogue: str, words: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The dialogue is over by a pause, and its plan goes on at another connection."""
    async with answering(words) as server, testing.greeter(SSH, delay=0.05) as neighbour:
        targets = [Target(server.host, server.port), Target(neighbour.host, neighbour.port)]
        with usual(dialogue, ports=(server.port,), tls_ports=()):
            grabs = await scanned(targets, driver)
    assert {(grab.host, grab.port) for grab in grabs} == {(t.host, t.port) for t in targets}
    assert len(grabs) == 2
    assert not [grab.status for grab in grabs if grab.status is Status.FAULT]
    assert caplog.records == []


@both
async def test_fault_12_who_hangs_up_on_every_hello_is_closed_at_any_port(driver: Driver) -> None:
    async def hang_up(connection: testing.Connection) -> None:
        await connection.read()

    async with testing.serve(hang_up) as server:
        (grab,) = await scanned([Target(server.host, server.port)], driver)
    assert (grab.status, grab.banner) == (Status.CLOSED, b"")
    assert len(grab.said) > 1


@both
async def test_fault_20_tls_without_a_byte_inside_is_no_banner(driver: Driver) -> None:
    async def say_nothing(connection: testing.Connection) -> None:
        with suppress(OSError):
            await connection.start_tls(lax_context())
            await connection.hold()

    async with testing.serve(say_nothing) as server:
        (grab,) = await scanned([Target(server.host, server.port)], driver)
    assert grab.tls is not None or (grab.service is not None and grab.service.name == "tls")
    assert (grab.status, grab.banner, grab.end) == (Status.SILENT, b"", None)


async def scanned(targets: list[Target], driver: Driver) -> list[Grab]:
    timeouts = Timeouts(connect=5, read=0.5, total=20)
    async with scan(targets, driver=driver, timeouts=timeouts) as results:
        return [grab async for grab in results]
