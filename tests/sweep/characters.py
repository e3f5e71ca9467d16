"""Peers of every character, and how the drivers of a scan visit them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import msgspec

from banner import Grab, Target, Timeouts, scan, testing
from banner.models import Timings
from tests.sweep.scans import Driver
from tests.usual import usual

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
Character = Callable[[int, testing.Connection], Any]


async def silent(number: int, connection: testing.Connection) -> None:
    await connection.hold()


async def visited(character: Character, driver: Driver, expected: str = "", **options: Any) -> Grab:
    async def handle(connection: testing.Connection) -> None:
        await character(server.connections, connection)

    async with testing.serve(handle) as server, AsyncExitStack() as stack:
        if expected:
            stack.enter_context(usual(expected, ports=(server.port,)))
        options = {"timeouts": Timeouts(connect=9, read=1.5, total=40)} | options
        async with scan([Target(server.host, server.port)], driver=driver, **options) as results:
            (grab,) = [grab async for grab in results]
        assert grab.connections == server.connections
    return msgspec.structs.replace(grab, time=0.0, port=0, timings=Timings())
