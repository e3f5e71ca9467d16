"""A relay to a daemon passes on what the daemon does: bytes, ends and resets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress

import pytest

from banner import testing
from tests.daemons.forwarding import Forwarder
from tests.daemons.site import free_ports, own_address

GREETING = b"220 mail.example ESMTP\r\n"


@pytest.fixture(scope="module")
def forwarder() -> Iterator[Forwarder]:
    with closing(Forwarder()) as forwarder:
        yield forwarder


@asynccontextmanager
async def connected(
    forwarder: Forwarder, serving: AbstractAsyncContextManager[testing.Server]
) -> AsyncIterator[tuple[testing.Server, asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection through a new relay to one greeting server."""
    async with serving as server:
        address, [usual] = own_address(), free_ports(1)
        await asyncio.to_thread(forwarder.open, address, usual, server.port)
        reader, writer = await asyncio.open_connection(address, usual)
        try:
            yield server, reader, writer
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


async def test_bytes_and_ends_pass_in_both_directions(forwarder: Forwarder) -> None:
    big = bytes(range(256)) * 1000
    script: list[testing.Step] = [(b"", GREETING), (big, b"221 bye\r\n")]
    async with connected(forwarder, testing.conversation(script)) as (server, reader, writer):
        assert await reader.readexactly(len(GREETING)) == GREETING
        writer.write(big)
        assert await reader.readexactly(9) == b"221 bye\r\n"
        writer.write_eof()
        assert await reader.read() == b""
        assert server.received == [big]


async def test_a_close_is_a_close(forwarder: Forwarder) -> None:
    async with connected(forwarder, testing.closer(GREETING)) as (_, reader, _):
        assert await reader.read() == GREETING


async def test_a_reset_is_a_reset(forwarder: Forwarder) -> None:
    async with connected(forwarder, testing.resetter(GREETING, delay=0.02)) as (_, reader, _):
        assert await reader.readexactly(len(GREETING)) == GREETING
        with pytest.raises(ConnectionResetError):
            await reader.read()


async def test_nobody_behind_it_is_a_reset(forwarder: Forwarder) -> None:
    with pytest.raises(ConnectionResetError):  # of the connect itself, or of the first read
        async with connected(forwarder, testing.refuser()) as (_, reader, _):
            await reader.read()
