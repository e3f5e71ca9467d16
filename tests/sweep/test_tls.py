"""At ports of TLS the sweep shakes hands on its own sockets, and comes to the same as streams do."""

from __future__ import annotations

import asyncio
import functools
import gc
import re
import socket
import ssl
import struct
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import pytest

from banner import Grab, Mode, Status, Target, Timeouts, scan, testing
from banner.models import Timings
from banner.sweep import handover
from banner.tls import session
from banner.tls.session import Session
from tests.sweep.scans import Driver
from tests.tls_peer import Server, lax_context, self_signed
from tests.usual import usual
from tests.visit.visits import PAGE, REQUEST

IMAP = b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n"
ALERT = b"\x15\x03\x01\x00\x02\x02\x28"
LONG = b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n" + b"<p>x</p>" * 12_000

pytestmark = pytest.mark.usefixtures("hasty")


@functools.cache
def context(version: str = "TLSv1.3", **options: Any) -> ssl.SSLContext:
    """A server's, with a key whose signatures are all of one length, so that every byte can be counted."""
    return lax_context(version, pem="".join(self_signed("a.example", 2048)).encode(), **options)


async def inside(
    connection: testing.Connection, say: Callable[[Server], bytes], tls: ssl.SSLContext, size: int = 65536
) -> None:
    """Shake hands in segments of `size`; whatever `say` has to say follows each time that something came."""
    server, answer = Server(tls), b""
    while data := await connection.read():
        answer = server.take(data)
        answer += say(server) if server.done else b""
        for piece in testing.segments(answer, size):
            await connection.write(piece)
            if size < len(answer):
                await asyncio.sleep(0)


def page(server: Server, page: bytes = PAGE) -> bytes:
    asked, server.plain = bool(REQUEST.match(server.plain)), b""
    return server.say(page) if asked else b""


def greeting(server: Server) -> bytes:
    tags, server.plain = re.findall(rb"(a\d) [A-Z]+\r\n", server.plain), b""
    words, server.greeted = b"" if getattr(server, "greeted", False) else IMAP, True  # type: ignore[attr-defined]
    words += b"".join(tag + b" OK done\r\n" for tag in tags)
    return server.say(words) if words else b""


def leaving(server: Server) -> bytes:
    return server.leave()


def silence(server: Server) -> bytes:
    return b""


def serving(
    say: Callable[[Server], bytes], version: str = "TLSv1.3", size: int = 65536, **options: Any
) -> Any:
    async def serve(connection: testing.Connection) -> None:
        await inside(connection, say, context(version, **options), size)

    return serve


async def resetting_inside(connection: testing.Connection) -> None:
    server = Server(context())
    while not server.plain and (data := await connection.read()):
        await connection.write(server.take(data))
    connection._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.drop()


async def breaking_the_record(connection: testing.Connection) -> None:
    server = Server(context())
    while data := await connection.read():
        answer = server.take(data)
        await connection.write(answer + (b"\x17\x03\x03\x00\x20" + bytes(32)) * server.done)
        if server.done:
            await connection.hold()


async def refusing_http_1_1(connection: testing.Connection) -> None:
    hello = await connection.read()
    if b"\x08http/1.1" in hello:
        await connection.write(b"\x15\3\3\0\2\2\x78")  # no_application_protocol (RFC 7301, section 3.2)
        return
    server = Server(context())
    await connection.write(server.take(hello))
    while data := await connection.read():
        await connection.write(server.take(data) + page(server))


async def half_a_flight(connection: testing.Connection) -> None:
    await connection.write(Server(context("TLSv1.2")).take(await connection.read())[:700])


async def half_a_flight_and_a_reset(connection: testing.Connection) -> None:
    await half_a_flight(connection)
    await asyncio.sleep(0.05)
    connection.reset()


async def refusing_in_pieces(connection: testing.Connection) -> None:
    await connection.read()
    for piece in testing.segments(b"550 who are you?\r\n", 7):
        await connection.write(piece)
        await asyncio.sleep(0.05)
    await connection.hold()


async def silent(connection: testing.Connection) -> None:
    await connection.hold()


async def alerting(connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(ALERT)


async def plain(connection: testing.Connection) -> None:
    said = await connection.read()
    await connection.write(PAGE if said.startswith(b"GET ") else b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def echoing(connection: testing.Connection) -> None:
    while said := await connection.read():
        await connection.write(said)


async def closing(connection: testing.Connection) -> None:
    await connection.read()


async def greeting_in_the_clear(connection: testing.Connection) -> None:
    await connection.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    await connection.hold()


Peer = Callable[[testing.Connection], Coroutine[Any, Any, None]]
PEERS: dict[str, Peer] = {
    "https": serving(page, alpn=("http/1.1",)),
    "https, no ALPN": serving(page),
    "https, TLS 1.2": serving(page, "TLSv1.2"),
    "https, TLS 1.0": serving(page, "TLSv1"),
    "https, in pieces": serving(page, size=40),
    "https, 1.2, in pieces": serving(page, "TLSv1.2", size=70),
    "a page beyond the limit": serving(functools.partial(page, page=LONG)),
    "greets inside": serving(greeting),
    "greets inside 1.2": serving(greeting, "TLSv1.2"),
    "leaves inside": serving(leaving),
    "silent inside": serving(silence),
    "silent inside 1.2": serving(silence, "TLSv1.2"),
    "wants a certificate": serving(page, client=ssl.CERT_REQUIRED),
    "wants a certificate, 1.2": serving(page, "TLSv1.2", client=ssl.CERT_REQUIRED),
    "asks for a certificate": serving(page, client=ssl.CERT_OPTIONAL),
    "resets inside": resetting_inside,
    "breaks a record": breaking_the_record,
    "refuses HTTP/1.1": refusing_http_1_1,
    "half a flight": half_a_flight,
    "half a flight, a reset": half_a_flight_and_a_reset,
    "refuses in pieces": refusing_in_pieces,
    "silent": silent,
    "alert": alerting,
    "plain http": plain,
    "echo": echoing,
    "closes": closing,
    "greets in the clear": greeting_in_the_clear,
}
PATIENCE = {PEERS["silent"]: 0.4, PEERS["silent inside"]: 2, PEERS["silent inside 1.2"]: 2}
"""Seconds in which nothing more comes of those; the others have time, and so have these where the handshake is all."""
NOT_ALL_READ = ("a page beyond the limit",)
"""How much of it has come when it is left is a matter of segments."""
NOT_ALL_HEARD = ("half a flight", "half a flight, a reset", "wants a certificate", "asks for a certificate")
"""Who goes without hearing the alert; and with whom our last word, which ends the handshake, and the reset by which we
leave come together: the system may drop what was not read by then."""
EVERY = pytest.mark.parametrize("peer", PEERS)


async def visited(peer: Peer, driver: Driver, mode: Mode, name: str = "http") -> tuple[Grab, int]:
    """What `driver` tells, and how many bytes the peer heard."""
    async with testing.serve(peer) as server:
        with usual(name, ports=(), tls_ports=(server.port,)):
            targets = [Target(server.host, server.port)]
            shaken = mode is Mode.TLS and peer is not silent
            timeouts = Timeouts(connect=9, read=9 if shaken else PATIENCE.get(peer, 9), total=30)
            async with scan(targets, driver=driver, mode=mode, timeouts=timeouts) as results:
                (grab,) = [grab async for grab in results]
        assert grab.connections == server.connections
    heard = sum(map(len, server.received))
    return msgspec.structs.replace(grab, time=0.0, port=0, timings=Timings()), heard


def told(grab: Grab, peer: str) -> dict[str, Any]:
    fields = msgspec.structs.asdict(grab)
    if peer in NOT_ALL_READ:
        del fields["received"]
    if grab.service is not None and grab.service.name == "echo":
        fields["banner"] = len(grab.banner)  # no two hellos are alike
    return fields


@EVERY
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.TLS])
async def test_both_drivers_come_to_the_same(peer: str, mode: Mode) -> None:
    name = "imap" if "greets inside" in peer else "http"
    sweep, heard = await visited(PEERS[peer], "sweep", mode, name)
    streams, _ = await visited(PEERS[peer], "streams", mode, name)
    assert told(sweep, peer) == told(streams, peer)
    assert sweep.sent == heard or (peer in NOT_ALL_HEARD and sweep.sent > heard)


async def test_a_handshake_that_ends_well_stays_with_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover.Handover, "_start", None)
    for mode, banner, status in (
        (Mode.LIGHT, PAGE, Status.BANNER),
        (Mode.TLS, b"", Status.SILENT),
    ):
        for version in ("TLSv1.2", "TLSv1.3"):
            grab, _ = await visited(serving(page, version), "sweep", mode)
            assert (grab.status, grab.banner, grab.error, grab.connections) == (status, banner, None, 1)
            assert grab.tls is not None
            assert (grab.tls.version, grab.tls.error) == (version, None)
            assert grab.tls.certificate is not None


@pytest.mark.parametrize("peer", ["https", "alert", "silent"])
async def test_what_is_over_is_freed_without_a_collector_of_cycles(
    monkeypatch: pytest.MonkeyPatch, peer: str
) -> None:
    alive: weakref.WeakSet[Session] = weakref.WeakSet()

    class Known(Session):
        def handshake(self) -> bool:
            alive.add(self)
            return super().handshake()

    monkeypatch.setattr(session, "Session", Known)
    gc.collect()
    gc.disable()
    try:
        grab, _ = await visited(PEERS[peer], "sweep", Mode.LIGHT)
        assert grab.said
        assert not alive
    finally:
        gc.enable()
