"""Plain asyncio clients of the greeting servers."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from banner import testing

GREETING = b"220 mail.example ESMTP\r\n"


async def leave(writer: asyncio.StreamWriter) -> None:
    """Drop a connection, and wait until the loop has let go of it."""
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


async def hear(server: testing.Server, count: int = -1, say: bytes = b"") -> bytes:
    """Connect, say something, and read `count` bytes, or all until the server closes."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        writer.write(say)
        return await (reader.read() if count < 0 else reader.readexactly(count))
    finally:
        await leave(writer)
