"""TLS and what is inside, where nobody asked for it: who greets there, who must be spoken to, who wants it after all.

Each peer is visited by ``grab()`` and by both drivers of a scan.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress

import pytest

import banner
from banner import Status, Timeouts, testing
from tests.tls_peer import Server, lax_context
from tests.usual import usual
from tests.visit.visits import PAGE, REQUEST, Visitor, at_port_of_tls

PLAIN_TO_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 45\r\n\r\nThe plain HTTP request was sent to HTTPS port"
)


async def test_https_tells_tls_and_http(visit: Visitor) -> None:
    async with testing.serve(_https) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert (grab.status, grab.connections, grab.probe) == (Status.BANNER, 1, "http")
    assert grab.service is not None
    assert (grab.service.name, grab.service.product, grab.service.version) == ("http", "nginx", "1.22.1")
    assert grab.details["status"] == 200
    assert grab.tls is not None
    assert (grab.tls.version, grab.tls.error, grab.tls.starttls) == ("TLSv1.3", None, None)
    assert grab.tls.certificate is not None
    assert grab.tls.certificate.names == ("a.example", "192.0.2.1")
    assert (grab.tls.certificate.expired, grab.tls.certificate.self_signed) == (False, False)


async def _https(connection: testing.Connection) -> None:
    await connection.start_tls(lax_context(alpn=("http/1.1",)))
    while not REQUEST.match(connection.received):
        if not await connection.read():
            return
    await connection.write(PAGE)


@pytest.mark.parametrize("hasty", [True, False], ids=["greets at once", "closes on who does not wait"])
async def test_who_greets_inside_tls_where_clients_speak_first_is_listened_to(
    visit: Visitor, hasty: bool
) -> None:
    greeting = b"220 mail.example ESMTP Postfix\r\n"

    async def handle(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context())
        if not hasty:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await connection.read()
                    return
        await connection.write(greeting)
        await connection.read()

    async with testing.serve(handle) as server:
        with usual("memcached", ports=(server.port,)):
            grab = await visit(server.port)
    assert (grab.banner, grab.service and grab.service.name) == (greeting, "smtp")
    assert grab.connections <= 4
    assert grab.tls is not None
    assert grab.tls.certificate is not None


async def test_what_refuses_us_inside_tls_by_name_is_told_and_not_the_alert_before_it(visit: Visitor) -> None:
    refusal = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

    async def refuse(connection: testing.Connection) -> None:
        if (hello := await connection.read()).startswith(b"GET "):
            await connection.write(b"\x15\x03\x03\0\2\2\x0a")
            return
        await connection.start_tls(lax_context(), hello)
        if await connection.read():
            await connection.write(refusal)

    async with testing.serve(refuse) as server:
        with usual("http", ports=(server.port,)):
            grab = await visit(server.port)
    assert (grab.banner, grab.service and grab.service.name) == (refusal, "xmpp-client")
    assert grab.said == ("http", "tls", "http")  # a fifth hello would be its own


@pytest.mark.parametrize(
    "bears", [lambda hello: b"\x00\x2b\x00" not in hello, lambda hello: len(hello) < 256]
)
@pytest.mark.parametrize("plain", [b"", b"\x15\x03\x01\0\2\2\x0a", PLAIN_TO_TLS])
async def test_at_an_unknown_port_too_an_old_server_is_spoken_to_inside(
    visit: Visitor, bears: Callable[[bytes], bool], plain: bytes
) -> None:
    async def old(connection: testing.Connection) -> None:
        hello = await connection.read()
        if hello.startswith(b"\x16") and bears(hello):
            await _inside(connection, hello)
        elif hello.startswith(b"\x16") or not plain:
            connection.reset()
        else:
            await connection.write(plain)

    async with testing.serve(old) as server:
        grab = await visit(server.port, timeouts=Timeouts(connect=10, read=10, total=30))
    assert grab.service is not None
    assert (grab.status, grab.service.product, grab.connections) == (Status.BANNER, "nginx", 3)
    assert grab.said == ("tls", "http", "tls", "http")
    assert grab.tls is not None
    assert (grab.tls.version, grab.tls.error) == ("TLSv1.2", None)


async def test_what_closes_inside_tls_is_told_as_tls(visit: Visitor) -> None:
    async def close(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context())

    async with testing.serve(close) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert (grab.status, grab.banner) == (Status.CLOSED, b"")
    assert grab.service is not None
    assert (grab.service.name, grab.service.confidence) == ("tls", 0.5)
    assert grab.tls is not None
    assert grab.tls.certificate is not None
    assert grab.raise_for_status() is grab


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
async def test_a_client_certificate_that_is_required_costs_nothing_of_the_servers(
    visit: Visitor, version: str
) -> None:
    async def demand(connection: testing.Connection) -> None:
        try:
            await connection.start_tls(lax_context(version, client=ssl.CERT_REQUIRED))
        except ssl.SSLError:
            return

    async with testing.serve(demand) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert grab.tls is not None
    assert grab.tls.client_certificate is True
    assert grab.tls.certificate is not None
    assert grab.tls.certificate.names == ("a.example", "192.0.2.1")
    refusal = "certificate_required" if version == "TLSv1.3" else "handshake_failure"
    assert (grab.status, grab.tls.error) == (Status.TLS_ERROR, refusal)
    with pytest.raises(banner.GrabError):
        grab.raise_for_status()


async def test_who_cannot_bear_tls_1_3_is_spoken_to_inside_tls_1_2(visit: Visitor) -> None:
    await _spoken_to_inside(visit, lambda hello: b"\x00\x2b\x00" not in hello)


async def test_who_takes_only_short_hellos_gets_one(visit: Visitor) -> None:
    await _spoken_to_inside(visit, lambda hello: len(hello) < 256)


async def _spoken_to_inside(visit: Visitor, bears: Callable[[bytes], bool]) -> None:
    async def choosy(connection: testing.Connection) -> None:
        hello = await connection.read()
        if bears(hello):
            await _inside(connection, hello)

    async with testing.serve(choosy) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port, timeouts=Timeouts(connect=10, read=10, total=30))
    assert grab.service is not None
    assert (grab.status, grab.service.product, grab.connections) == (Status.BANNER, "nginx", 3)
    assert grab.tls is not None
    assert (grab.tls.version, grab.tls.error) == ("TLSv1.2", None)


async def _inside(connection: testing.Connection, hello: bytes) -> None:
    """What `Server` does with `hello` and what follows: shake hands for TLS 1.2, and serve `PAGE` once."""
    server = Server(lax_context("TLSv1.2"))
    await connection.write(server.take(hello))
    while data := await connection.read():
        await connection.write(server.take(data))
        if REQUEST.match(server.plain):
            await connection.write(server.say(PAGE))
            return


async def test_an_alert_without_a_version_is_an_alert(visit: Visitor) -> None:
    async def refuse(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(b"\x15\x00\x00\x00\x02\x02\x28")

    async with testing.serve(refuse) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.banner) == (Status.TLS_ERROR, b"")
    assert grab.tls is not None
    assert grab.tls.error == "handshake_failure"


async def test_no_word_at_a_port_of_tls_is_a_tls_error(visit: Visitor) -> None:
    async def refuse(connection: testing.Connection) -> None:
        await connection.read()

    async with testing.serve(refuse) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert (grab.status, grab.banner, grab.error, grab.tls) == (Status.TLS_ERROR, b"", "TLS: eof", None)


async def test_an_alert_alone_is_a_tls_error_by_its_name(visit: Visitor) -> None:
    async def refuse(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(b"\x15\x03\x01\x00\x02\x02\x28")

    async with testing.serve(refuse) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert (grab.status, grab.banner) == (Status.TLS_ERROR, b"")
    assert grab.tls is not None
    assert grab.tls.error == "handshake_failure"
    assert grab.error is not None
    assert "handshake_failure" in grab.error


async def test_plain_http_on_a_port_of_tls(visit: Visitor) -> None:
    async def serve(connection: testing.Connection) -> None:
        said = await connection.read()
        await connection.write(PAGE if said.startswith(b"GET ") else b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with testing.serve(serve) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert grab.service is not None
    assert (grab.status, grab.service.name, grab.service.product) == (Status.BANNER, "http", "nginx")
    assert (grab.banner, grab.connections) == (PAGE, 2)


async def test_a_port_of_plain_http_that_wants_tls(visit: Visitor) -> None:
    async def either(connection: testing.Connection) -> None:
        # Which of both it is shows in the first byte, and TLS needs that one, too.
        first = await asyncio.get_running_loop().sock_recv(connection._socket, 5)
        if first == b"GET /":
            await connection.write(PLAIN_TO_TLS)
        else:
            connection._incoming.write(first)
            await _https(connection)

    async with testing.serve(either) as server:
        with usual("http", ports=(server.port,)):
            grab = await visit(server.port)
    assert grab.tls is not None
    assert grab.service is not None
    assert (grab.tls.error, grab.service.product, grab.connections) == (None, "nginx", 2)
    assert grab.banner == PAGE


async def test_what_only_an_answer_holds_is_told_at_a_port_of_tls_too(visit: Visitor) -> None:
    async def trap(connection: testing.Connection) -> None:
        if await connection.read():
            await connection.write(b"SSH-2.0-OpenSSH_8.9p1\r\n")

    async with testing.serve(trap) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert grab.service is not None
    assert (grab.status, grab.banner, grab.service.name) == (
        Status.BANNER,
        b"SSH-2.0-OpenSSH_8.9p1\r\n",
        "ssh",
    )
    assert grab.error is None


async def test_what_came_of_tls_is_more_than_the_silence_before(visit: Visitor) -> None:
    async def refuse(connection: testing.Connection) -> None:
        if await connection.read():
            await connection.write(b"\x15\x03\x01\x00\x02\x02\x28")

    async with testing.serve(refuse) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.error) == (Status.TLS_ERROR, "TLS: handshake_failure")
