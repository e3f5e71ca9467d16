"""Greeting servers on loopback, for the tests of applications that grab banners; those over UDP are in ``udp``.

Each function is an asynchronous context manager around one listening socket, and stands for one way in
which a peer behaves or misbehaves::

    async with testing.greeter(b"220 mail.example ESMTP\\r\\n") as server:
        grab = await banner.grab(server.host, server.port)

It works on plain non-blocking sockets and `ssl.MemoryBIO`, not on transports, so that a reset is a reset
and a segment a segment on every event loop. Leaving the block ends every task and closes every connection.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Unpack

from . import udp
from .connection import CHUNK, Connection
from .server import LOOPBACK, Place, Server, bind, serve

__all__ = [
    "Connection",
    "Server",
    "closer",
    "conversation",
    "dripper",
    "flooder",
    "greeter",
    "overloaded",
    "refuser",
    "resetter",
    "segments",
    "serve",
    "silent",
    "udp",
]

Serving = AbstractAsyncContextManager[Server]


def segments(data: bytes, size: int = 1) -> list[bytes]:
    """`data` cut into pieces of `size` bytes: byte by byte, if nothing else is said."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def greeter(
    greeting: bytes | Sequence[bytes], *, delay: float = 0, pause: float = 0.001, **place: Unpack[Place]
) -> Serving:
    """Greets `delay` seconds after the connection, then listens until the client closes.

    A sequence of byte strings is sent one by one, `pause` seconds apart.
    """

    async def handle(connection: Connection) -> None:
        await _greet(connection, greeting, delay, pause)
        await connection.hold()

    return serve(handle, **place)


def closer(
    greeting: bytes | Sequence[bytes] = b"", *, delay: float = 0, pause: float = 0.001, **place: Unpack[Place]
) -> Serving:
    """Closes the connection after `delay` seconds and the greeting; without one, before any byte."""

    async def handle(connection: Connection) -> None:
        await _greet(connection, greeting, delay, pause)

    return serve(handle, **place)


def resetter(
    greeting: bytes | Sequence[bytes] = b"",
    *,
    delay: float | None = None,
    pause: float = 0.001,
    **place: Unpack[Place],
) -> Serving:
    """Resets the connection after `delay` seconds and the greeting; without one, before any byte.

    With neither, the reset comes inside the accept, before a client on the same loop can see that it is
    connected: its connect itself fails (`ConnectionResetError`). With a `delay`, even of 0, it connects first.
    """

    async def handle(connection: Connection) -> None:
        await _greet(connection, greeting, delay or 0, pause)
        connection.reset()

    at_once = not greeting and delay is None
    return serve(Connection.reset if at_once else handle, **place)


def silent(**place: Unpack[Place]) -> Serving:
    """Accepts, listens and never says a thing."""
    return serve(Connection.hold, **place)


def dripper(data: bytes = b".", *, every: float = 0.25, **place: Unpack[Place]) -> Serving:
    """Sends `data` every so many seconds, for ever."""

    async def handle(connection: Connection) -> None:
        while True:
            await connection.write(data)
            await asyncio.sleep(every)

    return serve(handle, **place)


def flooder(data: bytes = b"flood ", **place: Unpack[Place]) -> Serving:
    """Sends `data` as fast as the client takes it, for ever."""
    chunk = data * (CHUNK // len(data) + 1)

    async def handle(connection: Connection) -> None:
        while True:
            await connection.write(chunk)
            await asyncio.sleep(0)  # a client in another process may never let a write wait

    return serve(handle, **place)


Step = tuple[bytes | re.Pattern[bytes], bytes | ssl.SSLContext]


def conversation(script: Sequence[Step], **place: Unpack[Place]) -> Serving:
    """Holds the same conversation with every client: step by step, what must come next, and the answer.

    What must come is exact bytes (none: the server speaks first) or a compiled pattern; an answer that is
    an SSL context starts TLS. After the last step the server listens. A client may leave early; one that
    says something else has its connection closed, and `AssertionError` is raised when the block is left.
    """

    async def handle(connection: Connection) -> None:
        heard = 0
        for expected, answer in script:
            length = await _expect(connection, heard, expected)
            if length is None:
                return
            heard += length
            if isinstance(answer, bytes):
                await connection.write(answer)
            else:
                await connection.start_tls(answer)
        await connection.hold()

    return serve(handle, **place)


@asynccontextmanager
async def refuser(*, host: str = LOOPBACK, port: int = 0) -> AsyncIterator[Server]:
    """A port on which nobody listens, and that nobody else can take meanwhile."""
    with bind(host, port, backlog=None) as holder:
        yield Server(holder, Connection.drop)


@asynccontextmanager
async def overloaded(*, host: str = LOOPBACK, port: int = 0) -> AsyncIterator[Server]:
    """A server whose queue of connections is full: a connect is not answered, and runs into its timeout.

    Linux drops a SYN when the accept queue is longer than the backlog (listen(2)); with a backlog of 0 one
    connection that is never accepted fills it. Raises `NotImplementedError` on other systems.
    """
    if sys.platform != "linux":
        raise NotImplementedError("a full backlog is answered in another way on this system")
    with bind(host, port, backlog=0) as listener, socket.socket(listener.family) as filler:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
        await _readable(listener)  # somebody waits to be accepted, and that is as many as may
        yield Server(listener, Connection.drop)


async def _readable(sock: socket.socket) -> None:
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sock, event.set)
    try:
        await event.wait()
    finally:
        loop.remove_reader(sock)


async def _greet(
    connection: Connection, greeting: bytes | Sequence[bytes], delay: float, pause: float
) -> None:
    await asyncio.sleep(delay)
    pieces = [greeting] if isinstance(greeting, bytes) else greeting
    for index, piece in enumerate(pieces):
        if index:
            await asyncio.sleep(pause)
        await connection.write(piece)


async def _expect(connection: Connection, heard: int, expected: bytes | re.Pattern[bytes]) -> int | None:
    """Wait for `expected` after the first `heard` bytes; its length, or None where the client left before."""
    pattern = re.compile(re.escape(expected)) if isinstance(expected, bytes) else expected
    while (match := pattern.match(connection.received, heard)) is None:
        said = bytes(connection.received[heard:])
        if isinstance(expected, bytes) and not expected.startswith(said):
            raise AssertionError(f"expected {expected!r}, the client said {said!r}")
        if not await connection.read():
            if said:
                raise AssertionError(f"expected {expected!r}, the client said {said!r} and left")
            return None
    return match.end() - heard
