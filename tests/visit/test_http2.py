"""HTTP/2 inside TLS, with servers that take nothing else, and with those that do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from banner import Grab, Status, Target, Timeouts, scan, testing
from banner.models import Settings
from banner.visit.visit import Visit
from tests.tls_peer import lax_context
from tests.usual import usual

Visitor = Callable[..., Awaitable[Grab]]
SOON = Timeouts(connect=2, read=2, total=10)
REFUSED = b"\x15\3\3\0\2\2\x78"
"""The alert no_application_protocol (RFC 7301, section 3.2)."""

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture(params=["sweep", "streams"])
def visit(request: pytest.FixtureRequest) -> Visitor:
    async def by_scan(port: int, **options: object) -> Grab:
        options = {"timeouts": SOON} | options
        async with scan([Target("127.0.0.1", port)], driver=request.param, **options) as results:  # type: ignore[arg-type]
            return await anext(results)

    return by_scan


async def grpc(connection: testing.Connection) -> None:
    """Speaks HTTP/2, and HTTP/1.1 to who offers nothing; who offers something without HTTP/2 is refused."""
    hello = await connection.read()
    if b"\2h2" not in hello and b"\x08http/1.1" in hello:
        await connection.write(REFUSED)
        return
    await connection.start_tls(lax_context(alpn=("h2",)), hello)
    if b"\2h2" not in hello:
        await connection.read()
        await connection.write(PAGE)
        return
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    await connection.write(server.data_to_send())
    while said := await connection.read():
        for event in server.receive_data(said):
            if isinstance(event, RequestReceived):
                server.send_headers(
                    1, [(":status", "200"), ("content-type", "application/grpc")], end_stream=True
                )
        await connection.write(server.data_to_send())


@pytest.mark.parametrize("usually", [True, False])
async def test_who_takes_http_2_alone_is_spoken_to_in_it(visit: Visitor, usually: bool) -> None:
    async with testing.serve(grpc) as server:
        with usual("http", tls_ports=(server.port if usually else 1,)):
            grab = await visit(server.port)
    assert (grab.status, grab.probe, grab.error) == (Status.BANNER, "http2", None)
    assert grab.service is not None
    assert (grab.service.name, grab.service.info) == ("http", "HTTP/2, gRPC")
    assert (grab.details["status"], grab.details["content_type"]) == (200, "application/grpc")
    assert "max_concurrent_streams" in grab.details["http2"]
    assert grab.tls is not None
    assert (grab.tls.alpn, grab.tls.error) == ("h2", None)
    assert grab.said[-2:] == ("tls", "http2")
    assert grab.connections <= 4


async def test_it_is_not_offered_where_there_is_nobody_to_speak_it() -> None:
    async with testing.serve(grpc) as server:
        with usual("http", tls_ports=(server.port,)):
            settings = Settings(timeouts=SOON, without=("http2",))
            grab = await Visit(Target("127.0.0.1", server.port), settings).run(None)
    assert grab.tls is not None
    assert (grab.tls.alpn, grab.tls.error) == (None, None)
    assert (grab.probe, grab.banner, grab.said) == ("http", PAGE, ("tls", "tls", "http"))


async def test_who_can_do_both_is_asked_in_http_1_1(visit: Visitor) -> None:
    async def both(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context(alpn=("h2", "http/1.1")))
        await connection.read()
        await connection.write(PAGE)

    async with testing.serve(both) as server:
        with usual("http", tls_ports=(server.port,)):
            grab = await visit(server.port)
    assert (grab.probe, grab.connections, grab.said) == ("http", 1, ("tls", "http"))
    assert grab.tls is not None
    assert grab.tls.alpn == "http/1.1"
