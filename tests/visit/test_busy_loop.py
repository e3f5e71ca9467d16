"""A loop that is busy looks late at its sockets: what the system knows by then counts, and no word is lost."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

import pytest

from banner import End, Resolver, Status, Timeouts, grab, testing
from banner.visit.transport import Connection
from tests.usual import usual
from tests.visit.name_server import name_server
from tests.visit.visits import PAGE, Visitor, at_port_of_tls

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
MAIL = b"220 mail.example ESMTP Exim 4.96\r\n"
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing resets."""


@contextmanager
def abrupt(greeting: bytes) -> Iterator[int]:
    """A server that greets and resets, in a thread, so that a busy loop does not keep it from that; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(greeting)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@asynccontextmanager
async def busy() -> AsyncIterator[None]:
    """In each round of the loop, 20 ms of something else."""

    async def work() -> None:
        while True:
            time.sleep(0.02)  # noqa: ASYNC251 - that is what is tested
            await asyncio.sleep(0)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()


def door(kind: str, port: int) -> object:
    """What is usual at `port`: nothing that is known, a service that greets, one that waits, or TLS."""
    if kind == "tls":
        return at_port_of_tls(port)
    return nullcontext() if kind == "unknown" else usual(kind, ports=(port,))


@pytest.mark.parametrize("kind", ["unknown", "smtp", "http", "tls"])
@pytest.mark.parametrize("greeting", [SSH, MAIL, PAGE])
async def test_what_was_said_before_a_reset_is_heard(visit: Visitor, greeting: bytes, kind: str) -> None:
    with abrupt(greeting) as port, door(kind, port):  # type: ignore[attr-defined]
        async with busy():
            grab = await visit(port)
    assert (grab.status, grab.banner) == (Status.BANNER, greeting)
    assert grab.received >= len(greeting)


@pytest.mark.parametrize("kind", ["unknown", "smtp", "http"])
async def test_a_reset_is_told_as_one_whatever_met_it(visit: Visitor, kind: str) -> None:
    with abrupt(b"") as port, door(kind, port):  # type: ignore[attr-defined]
        async with busy():
            grab = await visit(port)
    assert (grab.status, grab.banner, grab.end) == (Status.RESET, b"", None)


async def test_nothing_is_counted_as_said_to_who_had_reset(visit: Visitor) -> None:
    with abrupt(b"\x16\3\3\0\x7a\2\0\0\x76\3\3") as port, at_port_of_tls(port):
        async with busy():
            grab = await visit(port, mode="tls")
    assert (grab.status, bool(grab.sent)) == (Status.TLS_ERROR, bool(grab.said))


async def test_what_came_before_a_reset_may_be_more_than_is_kept(visit: Visitor) -> None:
    with abrupt(b"x" * 100_000) as port:
        async with busy():
            grab = await visit(port, mode="listen")
    assert (grab.status, grab.banner, grab.end) == (Status.BANNER, b"x" * 1024, End.LIMIT)


@pytest.mark.parametrize("greeting", [SSH, b"x" * 30_000, b""])
async def test_a_write_that_meets_the_reset_loses_nothing_that_came_before(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = await Connection.open(*server.getsockname())
        peer, _ = server.accept()
        with peer:
            peer.sendall(greeting)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.write(b"hello?")  # before the loop has looked again
        heard = b""
        while data := await connection.read(65536, asyncio.get_running_loop().time() + 9):
            heard += data
        assert (heard, connection.ending) == (greeting, End.RESET)
        assert connection.traffic.received == len(greeting)
        await connection.close()


@pytest.mark.parametrize("there", [True, False])
async def test_a_connection_that_is_there_is_no_timeout_however_late_the_loop_looks(
    visit: Visitor, there: bool
) -> None:
    timeouts = Timeouts(connect=0.01, read=10, total=20)
    async with testing.greeter(SSH) if there else testing.refuser() as server, busy():
        grab = await visit(server.port, mode="listen", timeouts=timeouts)
    assert (grab.status, grab.banner) == ((Status.BANNER, SSH) if there else (Status.REFUSED, b""))


async def test_the_address_of_a_name_is_known_however_late_the_loop_hears_it(visit: Visitor) -> None:
    timeouts = Timeouts(connect=10, read=10, total=30)
    with name_server() as port:
        async with testing.greeter(SSH) as server, busy():
            resolver = Resolver(nameservers=["127.0.0.1"], port=port, timeout=0.01)
            grab = await visit(server.port, host="name.example", timeouts=timeouts, resolver=resolver)
            await resolver.close()
    assert (grab.status, grab.banner, grab.error) == (Status.BANNER, SSH, None)


class Proactor(asyncio.SelectorEventLoop):
    """Connects, reads and writes, but lets nobody watch a socket: as Windows' own loop."""

    add_reader = asyncio.AbstractEventLoop.add_reader
    add_writer = asyncio.AbstractEventLoop.add_writer
    remove_reader = asyncio.AbstractEventLoop.remove_reader
    remove_writer = asyncio.AbstractEventLoop.remove_writer


def test_a_loop_that_watches_no_sockets_will_do() -> None:
    async def visit(port: int) -> tuple[Status, bytes]:
        found = await grab("127.0.0.1", port, timeouts=Timeouts(connect=10, read=10))
        return found.status, found.banner

    with abrupt(SSH) as port, asyncio.Runner(loop_factory=Proactor) as runner:
        assert runner.run(visit(port)) in ((Status.BANNER, SSH), (Status.RESET, b""))
    with asyncio.Runner(loop_factory=Proactor) as runner:
        assert runner.run(visit(port)) == (Status.REFUSED, b"")
