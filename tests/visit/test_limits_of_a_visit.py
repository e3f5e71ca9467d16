"""What a visit may cost: its deadline, its connections, and one record where a dialogue is at fault."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from banner import Mode, Status, Timeouts, probes, testing
from banner.dialogue import Probe, Talk, Want, Wire
from tests.usual import known
from tests.visit.visits import PAGE, Visitor, at_port_of_tls


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_fault_of_a_dialogue_costs_one_record(
    visit: Visitor, caplog: pytest.LogCaptureFixture, at_once: bool
) -> None:
    def broken(wire: Wire) -> Talk:
        wire.send(b"hello\r\n")
        if not at_once:
            yield Want.BYTES
        raise ZeroDivisionError("a bug")

    async with testing.greeter(b"220 mail.example ESMTP\r\n") as well, testing.silent() as server:
        bug = Probe("http", ports=(server.port,), talk=broken)
        others = (p for p in probes.all() if p.name != "http")
        with known(*others, bug), caplog.at_level(logging.ERROR, "banner"):
            grab = await visit(server.port)
            other = await visit(well.port, mode=Mode.LIGHT)
    assert (grab.status, grab.error) == (Status.FAULT, "ZeroDivisionError: a bug")
    assert other.status is Status.BANNER
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_connections_are_counted_as_the_server_counts_them(visit: Visitor) -> None:
    met = 0

    async def count(connection: testing.Connection) -> None:
        nonlocal met
        met += 1
        await connection.read()

    async with testing.serve(count) as server:
        grab = await visit(server.port, timeouts=Timeouts(connect=2, read=0.3, total=4))
    assert grab.connections == met > 3
    assert grab.status is Status.CLOSED or grab.status is Status.SILENT


async def test_the_deadline_covers_the_whole_plan(visit: Visitor) -> None:
    async with testing.silent() as server:
        began = time.monotonic()
        grab = await visit(server.port, timeouts=Timeouts(connect=60, read=60, total=1.3))
        took = time.monotonic() - began
    assert grab.status is Status.SILENT
    assert grab.timings.total is not None
    # The hellos that are left would take a dozen seconds more.
    assert 1.2 < grab.timings.total < 8
    assert took < 10


async def test_the_deadline_covers_handshakes_and_drips(visit: Visitor) -> None:
    async with testing.dripper(b"\x16", every=0.05) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port, timeouts=Timeouts(connect=60, read=60, total=0.8))
    assert grab.timings.total is not None
    assert grab.timings.total < 20


async def test_who_resets_at_once_is_asked_on_a_second_connection(visit: Visitor) -> None:
    async def handle(connection: testing.Connection) -> None:
        if server.connections == 1:
            await asyncio.sleep(0)
            connection.reset()
            return
        assert (await connection.read()).startswith(b"GET / ")
        await connection.write(PAGE)

    async with testing.serve(handle) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.connections, grab.probe) == (Status.BANNER, 2, "http")
