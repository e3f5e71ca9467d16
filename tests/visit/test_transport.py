"""A connection over asyncio's streams: what was opened is closed when it is said to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from banner import testing
from banner.visit.transport import Connection

OPEN = Path("/proc/self/fd")


def socket_of(connection: Connection) -> str:
    """The name under which the system lists a connection's socket."""
    number = connection._transport.get_extra_info("socket").fileno()
    return f"socket:[{os.fstat(number).st_ino}]"


def open_files() -> set[str]:
    found = set()
    for link in OPEN.iterdir():
        try:
            found.add(os.readlink(link))
        except FileNotFoundError:
            continue  # the listing's own
    return found


@pytest.mark.skipif(not OPEN.exists(), reason="this system does not list a process's files")
async def test_the_socket_is_closed_when_close_returns() -> None:
    async with testing.silent() as server:
        connection = await Connection.open(server.host, server.port)
        name = socket_of(connection)
        assert name in open_files()
        await connection.close()
        assert name not in open_files()
        await connection.close()


@pytest.mark.skipif(not OPEN.exists(), reason="this system does not list a process's files")
async def test_closed_by_the_peer_before_it_is_closed_here_too() -> None:
    async with testing.closer() as server:
        connection = await Connection.open(server.host, server.port)
        name = socket_of(connection)
        assert await connection.read(10, 1e12) == b""
        await connection.close()
        assert name not in open_files()
