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


HEAD = [("server", "nginx/1.22.1"), ("content-type", "text/html"), ("set-cookie", "sid=1; Secure")]
BODY = b"<html><head><title>Welcome</title></head><body>" + b"x" * 600


async def page(connection: testing.Connection) -> None:
    """A page for who chooses HTTP/2, and for who does not."""
    await connection.start_tls(lax_context(alpn=("h2", "http/1.1")))
    server = H2Connection(H2Configuration(client_side=False))
    said = await connection.read()
    if said.startswith(b"GET "):
        lines = "".join(f"{name}: {value}\r\n" for name, value in HEAD)
        await connection.write(b"HTTP/1.1 200 OK\r\n" + lines.encode() + b"\r\n" + BODY)
        return
    server.initiate_connection()
    while said:
        for event in server.receive_data(said):
            if isinstance(event, RequestReceived):
                server.send_headers(1, [(":status", "200"), *HEAD])
                server.send_data(1, BODY, end_stream=True)
        await connection.write(server.data_to_send())
        said = await connection.read()


@pytest.mark.parametrize("usually", [True, False])
async def test_both_versions_tell_the_same(visit: Visitor, usually: bool) -> None:
    async with testing.serve(page) as server:
        with usual("http", tls_ports=(server.port if usually else 1,)):
            newer = await visit(server.port)
            older = await visit(server.port, without=("http2",))
    assert (newer.probe, newer.connections, newer.said) == ("http2", 1, ("tls", "http2"))
    assert (older.probe, older.said) == ("http", ("tls", "http"))
    assert newer.tls is not None
    assert newer.tls.alpn == "h2"
    assert newer.service == older.service
    assert newer.service is not None
    assert newer.service.product == "nginx"
    assert newer.details.pop("http2")
    assert (newer.details.pop("http_version"), older.details.pop("http_version")) == ("2", "1.1")
    assert newer.details == older.details
    assert newer.banner.partition(b"\r\n")[2] == older.banner.partition(b"\r\n")[2]


@pytest.mark.parametrize("usually", [True, False])
@pytest.mark.parametrize("refusal", ["stream", "connection", "close", "no frame"])
async def test_who_chose_http_2_and_does_not_answer_in_it_is_asked_in_http_1_1(
    visit: Visitor, usually: bool, refusal: str
) -> None:
    async def unwilling(connection: testing.Connection) -> None:
        hello = await connection.read()
        both = b"\2h2" in hello
        await connection.start_tls(lax_context(alpn=("h2",) if both else ()), hello)
        said = await connection.read()
        if said.startswith(b"GET "):
            await connection.write(PAGE)
            return
        server = H2Connection(H2Configuration(client_side=False))
        server.initiate_connection()
        server.receive_data(said)
        if refusal == "stream":
            server.reset_stream(1, 13)  # HTTP_1_1_REQUIRED
        elif refusal == "connection":
            server.close_connection(12)  # INADEQUATE_SECURITY
        await connection.write(PAGE if refusal == "no frame" else server.data_to_send())

    async with testing.serve(unwilling) as server:
        with usual("http", tls_ports=(server.port if usually else 1,)):
            grab = await visit(server.port)
    assert (grab.probe, grab.banner, grab.connections) == ("http", PAGE, 2)
    assert grab.said == ("tls", "http2", "tls", "http")
    assert grab.details["status"] == 200
