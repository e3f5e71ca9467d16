"""UDP servers on loopback, for the tests of applications that ask them.

Each function is an asynchronous context manager around one bound socket, as those for TCP are::

    async with testing.udp.answerer(b"pong") as server:
        grab = await banner.grab(server.host, server.port, transport="udp")
        assert server.received == [b""]
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from typing import Any, TypedDict, Unpack

from .server import LOOPBACK, PORTS

__all__ = [
    "Place", "Server", "answerer", "echo", "flooder", "from_another_address", "from_another_port", "refuser", "serve",
    "silent",
]  # fmt: skip

Reply = bytes | Sequence[bytes] | None
"""One datagram, or several, or none."""
_ATTEMPTS = 100


class Place(TypedDict, total=False):
    """Where a server listens."""

    host: str
    """An address; 127.0.0.1 unless said otherwise."""
    port: int
    """A port; a free one below 32768 where no service is usual, unless said otherwise."""


class Server:
    """A bound socket and what came to it; made by the functions of this module."""

    def __init__(self, sock: socket.socket, answer: Callable[[bytes], Reply], source: socket.socket) -> None:
        self._sock, self._answer, self._source = sock, answer, source
        self.host: str = sock.getsockname()[0]
        self.port: int = sock.getsockname()[1]
        self.received: list[bytes] = []
        """The datagrams that came."""
        self.failure: Exception | None = None
        """What `answer` raised first."""

    def _hear(self) -> None:
        try:
            data, peer = self._sock.recvfrom(65536)
        except OSError:  # nothing there, or a peer that went away
            return
        self.received.append(data)
        try:
            reply = self._answer(data)
        except Exception as error:
            self.failure = self.failure or error
            return
        for datagram in () if reply is None else (reply,) if isinstance(reply, bytes) else reply:
            try:
                self._source.sendto(datagram, peer)
            except OSError:  # no room, as on any network
                return


@asynccontextmanager
async def serve(
    answer: Callable[[bytes], Reply],
    *,
    host: str = LOOPBACK,
    port: int = 0,
    source: tuple[str, int] | None = None,
) -> AsyncIterator[Server]:
    """A server that sends what `answer` makes of each datagram, from its own socket or from the address `source`.

    It is bound to the address `host` and to `port`, or to a free one. What `answer` raises is raised when the block is
    left. Raises `OSError` where the port is taken.
    """
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        sock = stack.enter_context(bind(host, port))
        server = Server(sock, answer, sock if source is None else stack.enter_context(bind(*source)))
        loop.add_reader(sock, server._hear)
        try:
            yield server
        finally:
            loop.remove_reader(sock)
    if server.failure is not None:
        raise server.failure


Serving = AbstractAsyncContextManager[Server]


def answerer(reply: Reply | Callable[[bytes], Reply], **place: Unpack[Place]) -> Serving:
    """Answers each datagram with `reply`, or with what that makes of it."""
    return serve(reply if callable(reply) else lambda _: reply, **place)


def echo(**place: Unpack[Place]) -> Serving:
    """Sends everything back (RFC 862)."""
    return serve(lambda data: data, **place)


def silent(**place: Unpack[Place]) -> Serving:
    """Hears everything and says nothing."""
    return serve(lambda _: None, **place)


def flooder(datagram: bytes, count: int = 100, **place: Unpack[Place]) -> Serving:
    """Answers each datagram with `count` of these at once."""
    return serve(lambda _: [datagram] * count, **place)


def from_another_port(reply: Reply, **place: Unpack[Place]) -> Serving:
    """Answers from a port of its own choice, as TFTP's servers do (RFC 1350, section 4)."""
    return serve(lambda _: reply, source=(place.get("host", LOOPBACK), 0), **place)


def from_another_address(reply: Reply, address: str = "127.0.0.9", **place: Unpack[Place]) -> Serving:
    """Answers from `address`, as a forger does, and a host of several addresses that takes no care."""
    return serve(lambda _: reply, source=(address, 0), **place)


@asynccontextmanager
async def refuser(**place: Unpack[Place]) -> AsyncIterator[Server]:
    """A port at which nobody listens, so that the system refuses what comes there by ICMP.

    A socket that is connected to itself keeps the port from everybody else, and takes nothing that others send.
    """
    with bind(place.get("host", LOOPBACK), place.get("port", 0)) as keeper:
        keeper.connect(keeper.getsockname())
        yield Server(keeper, lambda _: None, keeper)


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to `port`, or to a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    choice: Any = random.SystemRandom()  # not the seeded generator that a test may share with other processes
    for candidate in [port] if port else choice.sample(PORTS, _ATTEMPTS):
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.bind((host, candidate))
            return sock
        except OSError as error:
            sock.close()
            taken = error
    raise taken
