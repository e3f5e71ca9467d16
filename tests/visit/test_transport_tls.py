"""TLS on a connection, on both loops: greetings, conversations, endings, refusals, stalls."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from banner import testing
from banner.models import End
from banner.tls.errors import HandshakeError
from banner.tls.session import Session
from banner.visit.transport import Connection
from tests.tls_peer import VERSIONS, lax_context

GREETING = b"220 mail.example ESMTP ready\r\n"
NOW = 4_000_000_000.0


def soon(seconds: float = 10) -> float:
    return asyncio.get_running_loop().time() + seconds


@asynccontextmanager
async def connected(server: testing.Server) -> AsyncIterator[Connection]:
    connection = await Connection.open(server.host, server.port)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_greeting_inside_tls(version: str) -> None:
    async with testing.greeter(GREETING, ssl=lax_context(version)) as server, connected(server) as connection:
        session = Session("a.example")
        await connection.start_tls(session, soon())
        assert await connection.read(4, soon()) == GREETING[:4]
        assert await connection.read(1000, soon()) == GREETING[4:]
        tls = session.result(NOW)
        assert (tls.version, tls.error) == (version, None)
        assert tls.certificate is not None


async def test_a_conversation_with_tls_on_the_way() -> None:
    script: list[testing.Step] = [
        (b"", GREETING),
        (b"STARTTLS\r\n", b"220 go ahead\r\n"),
        (b"", lax_context()),
        (b"EHLO inside\r\n", b"250 hello\r\n"),
    ]
    async with testing.conversation(script) as server, connected(server) as connection:
        assert await connection.read(1000, soon()) == GREETING
        connection.write(b"STARTTLS\r\n")
        assert await connection.read(1000, soon()) == b"220 go ahead\r\n"
        await connection.start_tls(Session(alpn=()), soon())
        connection.write(b"EHLO inside\r\n")
        assert await connection.read(1000, soon()) == b"250 hello\r\n"


async def test_much_comes_whole_and_then_the_end() -> None:
    much = bytes(range(256)) * 2000
    async with testing.closer([much], ssl=lax_context()) as server, connected(server) as connection:
        await connection.start_tls(Session(), soon())
        heard = b""
        while data := await connection.read(5000, soon()):
            heard += data
        assert heard == much
        assert connection.ending is End.EOF


async def test_a_reset_inside_tls_comes_after_the_last_bytes() -> None:
    async with testing.resetter(GREETING, ssl=lax_context()) as server, connected(server) as connection:
        await connection.start_tls(Session(), soon())
        heard = b""
        while data := await connection.read(1000, soon()):
            heard += data
        assert connection.ending is End.RESET
        assert heard in (b"", GREETING)


async def test_a_client_certificate_is_required_after_the_handshake() -> None:
    demanding = lax_context(client=ssl.CERT_REQUIRED)

    async def handle(connection: testing.Connection) -> None:
        with pytest.raises(ssl.SSLError):
            await connection.start_tls(demanding)
        await connection.hold()

    async with testing.serve(handle) as server, connected(server) as connection:
        session = Session()
        await connection.start_tls(session, soon())
        assert await connection.read(1000, soon()) == b""
        assert connection.ending is End.RESET
        tls = session.result(NOW)
        assert (tls.error, tls.client_certificate) == ("certificate_required", True)
        assert tls.certificate is not None


async def test_plain_text_is_no_tls_and_kept() -> None:
    async with testing.greeter(GREETING) as server, connected(server) as connection:
        session = Session()
        with pytest.raises(HandshakeError, match="not_tls"):
            await connection.start_tls(session, soon())
        assert session.received == GREETING


@pytest.mark.parametrize("reason", [End.EOF, End.RESET])
async def test_a_peer_that_hangs_up_on_our_hello(reason: End) -> None:
    async def handle(connection: testing.Connection) -> None:
        await connection.read()
        connection.reset() if reason is End.RESET else connection.drop()

    async with testing.serve(handle) as server, connected(server) as connection:
        with pytest.raises(HandshakeError, match=reason):
            await connection.start_tls(Session(), soon())


async def test_a_silent_peer_costs_the_deadline_and_no_more() -> None:
    async with testing.silent() as server, connected(server) as connection:
        session = Session()
        began = time.monotonic()
        with pytest.raises(HandshakeError, match="deadline"):
            await connection.start_tls(session, soon(0.05))
        assert time.monotonic() - began > 0.04
        assert session.result(NOW).error == "deadline"


async def test_a_silence_inside_tls_is_a_timeout_and_the_session_goes_on() -> None:
    async with (
        testing.greeter(GREETING, delay=0.2, ssl=lax_context()) as server,
        connected(server) as connection,
    ):
        await connection.start_tls(Session(), soon())
        with pytest.raises(TimeoutError):
            await connection.read(1000, soon(0.02))
        assert await connection.read(1000, soon()) == GREETING
