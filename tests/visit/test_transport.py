"""A connection over asyncio's streams: what was opened is closed when it is said to be."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from banner import testing
from banner.visit.connecting import connect
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


async def test_no_way_out_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `connect` finds no room it says EAGAIN, and the socket is writable: nothing is connected (connect(2))."""

    class Full(socket.socket):
        def connect_ex(self, address: object) -> int:
            return errno.EAGAIN

    monkeypatch.setattr("banner.visit.connecting.socket.socket", Full)
    with pytest.raises(BlockingIOError):
        await connect("127.0.0.1", 1, None, None)
