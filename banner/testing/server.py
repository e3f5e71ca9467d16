"""One listening socket on a free port, and a task for each connection that it accepts.

Leaving `serve` ends every task and closes every connection, whatever the clients do; a handler's mistake is
raised there, so that no test passes over it.
"""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypedDict

from .connection import Connection

LOOPBACK = "127.0.0.1"

PORTS = range(22300, 27000)
"""Where free ports are sought: below the ephemeral ports (from 32768 on Linux, from 49152 by RFC 6335), since a
client that connects to one of those may be given that very port as its own, and meet itself; and where no service
is usual, since what a port is known for decides what is said there, and whether anything is."""

_ATTEMPTS = 100
"""How many ports are tried: were half of them taken, all 100 would be with a probability of 1e-30."""

_BATCH = 64
"""Connections accepted in one go, so that a storm of them does not keep the loop from anything else."""

Handler = Callable[[Connection], Coroutine[Any, Any, None] | None]
"""What a server does with a connection; it is closed in an orderly way when the coroutine has returned.
A plain function runs inside the accept itself, before a client on the same loop can notice a thing."""


class Server:
    """A listening socket and what came to it; made by the functions of this module."""

    def __init__(self, listener: socket.socket, handle: Handler, ssl: ssl.SSLContext | None = None) -> None:
        self._listener, self._handle, self._ssl = listener, handle, ssl
        self._loop = asyncio.get_running_loop()
        self._running: dict[Connection, Coroutine[Any, Any, None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.host: str = listener.getsockname()[0]
        self.port: int = listener.getsockname()[1]
        self.connections: int = 0
        """How many connections were accepted."""
        self.received: list[bytearray] = []
        """What each of them said, in the order in which they were accepted."""
        self.failure: Exception | None = None
        """A handler's first exception; a client that goes away or fails at TLS (`OSError`) is none."""

    def _start(self) -> None:
        self._loop.add_reader(self._listener, self._accept)

    async def _stop(self) -> None:
        self._loop.remove_reader(self._listener)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection, running in self._running.items():  # of tasks that ended before they began
            running.close()
            connection.drop()

    @property
    def open(self) -> int:
        """How many connections are open now."""
        return len(self._running)

    def _accept(self) -> None:
        for _ in range(_BATCH):
            try:
                sock, _ = self._listener.accept()
            except OSError:  # nobody waits, or no descriptor is free: the loop asks again either way
                return
            connection = Connection(sock)
            self.connections += 1
            self.received.append(connection.received)
            running = self._handle(connection) if self._ssl is None else self._secure(connection, self._ssl)
            if running is not None:
                self._running[connection] = running
                task = self._loop.create_task(self._attend(connection, running))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _secure(self, connection: Connection, context: ssl.SSLContext) -> None:
        await connection.start_tls(context)
        running = self._handle(connection)
        if running is not None:
            await running

    async def _attend(self, connection: Connection, running: Coroutine[Any, Any, None]) -> None:
        try:
            await running
            await connection.close()
        except OSError:
            pass
        except Exception as error:
            self.failure = self.failure or error
        finally:
            del self._running[connection]
            connection.drop()


class Place(TypedDict, total=False):
    """Where a server listens."""

    host: str
    """An address; 127.0.0.1 unless said otherwise."""
    port: int
    """A port; a free one below 32768 unless said otherwise."""
    ssl: ssl.SSLContext | None
    """Inside TLS, with this context."""


@asynccontextmanager
async def serve(
    handle: Handler, *, host: str = LOOPBACK, port: int = 0, ssl: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server that does `handle` with every connection, inside TLS where there is an `ssl` context.

    It listens on the address `host` and on `port`, or on a free one. A handler's exception is raised when
    the block is left. Raises `OSError` where the port is taken.
    """
    with bind(host, port) as listener:
        server = Server(listener, handle, ssl)
        server._start()
        try:
            yield server
        finally:
            await server._stop()
    if server.failure is not None:
        raise server.failure


def bind(host: str, port: int, backlog: int | None = socket.SOMAXCONN) -> socket.socket:
    """A socket on `port`, or on a free one, that listens; without a `backlog` it only keeps the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    choice = random.SystemRandom()  # not the seeded generator that a test may share with other processes
    for candidate in [port] if port else choice.sample(PORTS, _ATTEMPTS):
        sock = socket.socket(family)
        try:
            # Among sockets that all have this option a port is taken once one listens, and not by the
            # remains of closed connections; to a socket without it nobody else can bind.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(backlog is not None))
            sock.setblocking(False)
            sock.bind((host, candidate))
            if backlog is not None:
                sock.listen(backlog)
            return sock
        except OSError as error:
            sock.close()
            taken = error
    raise taken
