"""What holds over all the steps of a plan: the time of a target, its turn, its record."""

from __future__ import annotations

import asyncio
import select
import socket
import sys
import time
from typing import Any

import pytest

from banner import Status, Target, Timeouts, scan, testing
from banner.sweep import connector
from banner.testing.server import bind
from tests.sweep.characters import SSH, silent, visited
from tests.sweep.scans import Driver
from tests.usual import usual

pytestmark = pytest.mark.usefixtures("hasty")


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_the_time_of_a_target_holds_over_all_its_steps(driver: Driver) -> None:
    began = time.monotonic()
    grab = await visited(silent, driver, timeouts=Timeouts(connect=9, read=1.4, total=1.5))
    assert time.monotonic() - began < 9
    assert (grab.status, grab.error) == (Status.SILENT, None)
    assert grab.connections < 6


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_who_takes_no_second_connection_is_told_by_the_first(driver: Driver) -> None:
    loop = asyncio.get_running_loop()

    async def accept() -> None:
        connection, _ = await loop.sock_accept(listener)
        listener.close()
        await loop.sock_recv(connection, 1024)
        connection.close()

    with bind("127.0.0.1", 0) as listener:
        target = Target(*listener.getsockname())
        accepting = loop.create_task(accept())
        async with scan([target], driver=driver) as results:
            (grab,) = [grab async for grab in results]
        await accepting
    assert (grab.status, grab.connections, grab.error) == (Status.CLOSED, 1, None)


async def test_fault_17_a_bug_in_a_later_step_costs_one_record(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def buggy(wire: Any) -> Any:
        yield from wire.more()
        raise ZeroDivisionError("not on purpose")

    async def handle(connection: testing.Connection) -> None:
        while said := await connection.read():
            if said.startswith(b"GET "):
                await connection.write(b"?")

    async with testing.serve(handle) as server, testing.greeter(SSH) as other:
        with usual("http", talk=lambda wire: (wire.send(b"GET "), buggy(wire))[1]):
            targets = [Target(server.host, server.port), Target(other.host, other.port)]
            async with scan(targets) as results:
                grabs = {grab.port: grab async for grab in results}
    assert grabs[server.port].status is Status.FAULT
    assert grabs[other.port].banner == SSH
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("expected", ["", "http"])
async def test_every_further_connection_waits_for_its_turn(expected: str) -> None:
    began = time.monotonic()
    grab = await visited(silent, "sweep", expected, rate=5)
    assert grab.connections == 4
    assert time.monotonic() - began > (grab.connections - 3) / 5


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full backlog is answered in another way")
async def test_who_is_connected_late_is_spoken_to_no_later() -> None:
    # The backlog is full when the scan begins; Linux asks again after a second (RFC 6298), and then there is room.
    loop = asyncio.get_running_loop()
    with bind("127.0.0.1", 0, backlog=0) as listener:
        place = listener.getsockname()
        filler = socket.create_connection(place)
        assert select.select([listener], [], [], 5)[0], "one waits to be accepted, and that is as many as may"

        async def accept() -> float:
            await asyncio.sleep(1.5 * connector.SOON)  # until it was looked after
            (await loop.sock_accept(listener))[0].close()
            connection, _ = await loop.sock_accept(listener)
            connected = time.monotonic()
            await loop.sock_recv(connection, 1024)
            connection.close()
            return time.monotonic() - connected

        accepting = loop.create_task(accept())
        async with scan([Target(*place)], timeouts=Timeouts(connect=5, read=6, total=20)) as results:
            waited = await accepting
            listener.close()
            (grab,) = [grab async for grab in results]
            assert grab.status in (Status.CLOSED, Status.RESET)  # as the last of us was dealt with
        filler.close()
    assert waited < 3
