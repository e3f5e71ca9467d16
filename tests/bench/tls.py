"""CPU of TLS handshakes, ours in two ways and asyncio's own: ``python tests/bench/tls.py``.

One server process (blocking, a thread each connection) on loopback, one client process that measures its own
CPU time around each way, several rounds in turn, the best of each; connecting and a greeting of one line are
part of every figure. Run under uvloop. Not run by pytest.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import select
import socket
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))

from banner.plan.hellos import OFFERED
from banner.testing.server import bind
from banner.tls.contexts import context
from banner.tls.session import Session
from banner.visit.transport import Connection
from tests.tls_peer import lax_context, self_signed

GREETING = b"220 mail.example ESMTP ready\r\n"


def serve(listener: socket.socket, version: str, stop: Event) -> None:
    """Shake hands, greet, wait for the client to leave: several processes accept from one socket."""
    server = lax_context(version, pem="".join(self_signed("a.example", 2048)).encode())
    while not stop.is_set():
        try:
            accepted, _ = listener.accept()
            accepted.settimeout(5)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with server.wrap_socket(accepted, server_side=True) as tls:
                tls.sendall(GREETING)
                tls.recv(1)
        except OSError:
            continue


def bare(port: int, epoll: select.epoll) -> None:
    """One socket, one session, one selector: what a sweep does for each target."""
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(("127.0.0.1", port))
    epoll.register(sock.fileno(), select.EPOLLOUT)
    epoll.poll()
    epoll.modify(sock.fileno(), select.EPOLLIN)
    session = Session("a.example")
    while not session.handshake():
        if out := session.outgoing():
            sock.send(out)
        epoll.poll()
        session.feed(sock.recv(16384))
    sock.send(session.outgoing())
    while not (plain := session.receive(1024)):
        epoll.poll()
        session.feed(sock.recv(16384))
    assert plain == GREETING
    epoll.unregister(sock.fileno())
    sock.close()


async def by_session(port: int, count: int) -> None:
    with select.epoll() as epoll:
        for _ in range(count):
            bare(port, epoll)


async def by_connection(port: int, count: int) -> None:
    """What a visit does, without its plan."""
    for _ in range(count):
        connection = await Connection.open("127.0.0.1", port)
        deadline = asyncio.get_running_loop().time() + 10
        await connection.start_tls(Session("a.example"), deadline)
        assert await connection.read(1024, deadline) == GREETING
        await connection.close()


async def by_connection_with_result(port: int, count: int) -> None:
    """With the certificate read, too."""
    now = time.time()
    for _ in range(count):
        connection = await Connection.open("127.0.0.1", port)
        session = Session("a.example")
        deadline = asyncio.get_running_loop().time() + 10
        await connection.start_tls(session, deadline)
        assert await connection.read(1024, deadline) == GREETING
        assert session.result(now).certificate
        await connection.close()


async def by_asyncio(port: int, count: int) -> None:
    lax = context(OFFERED)
    for _ in range(count):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=lax, server_hostname="a.example"
        )
        assert await reader.read(1024) == GREETING
        writer.transport.abort()


WAYS: dict[str, Callable[[int, int], Awaitable[None]]] = {
    "asyncio.open_connection(ssl=)": by_asyncio,
    "Session, epoll": by_session,
    "Connection.start_tls": by_connection,
    "the same, certificate read": by_connection_with_result,
}


async def measure(port: int, count: int, rounds: int) -> dict[str, float]:
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, way in WAYS.items():
            began = time.process_time()
            await way(port, count)
            spent = (time.process_time() - began) / count
            best[name] = min(best.get(name, spent), spent)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for version in ("TLSv1.2", "TLSv1.3"):
        with bind("127.0.0.1", 0) as listener:
            listener.setblocking(True)
            stop = multiprocessing.Event()
            servers = [
                multiprocessing.Process(target=serve, args=(listener, version, stop)) for _ in range(2)
            ]
            for server in servers:
                server.start()
            port = listener.getsockname()[1]
            best = uvloop.run(measure(port, options.count, options.rounds))
            for server in servers:
                server.terminate()
                server.join()
        print(f"{version}, RSA 2048, {ssl.OPENSSL_VERSION}, load {os.getloadavg()[0]:.1f}")
        for name, spent in best.items():
            ratio = spent / best["asyncio.open_connection(ssl=)"]
            print(f"  {name:30} {spent * 1e6:7.0f} us CPU {1 / spent:7.0f}/s {ratio:5.2f}")


if __name__ == "__main__":
    main()
