"""TLS that a dialogue starts on the way, over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import pytest
import trustme

import banner
from banner.testing.server import bind

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def context() -> ssl.SSLContext:
    """A server that would rather speak IMAP: whoever offers ALPN is told so."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("host.example").configure_cert(made)
    made.set_alpn_protocols(["imap"])
    return made


async def grab(serve: Serve) -> banner.Grab:
    ended = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
            await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            ended.set()

    server = await asyncio.start_server(answer, sock=bind("127.0.0.1", 0))
    try:
        found = await banner.grab("127.0.0.1", server.sockets[0].getsockname()[1], mode="light")
        await ended.wait()
        return found
    finally:
        server.close()


async def test_a_greeting_may_be_followed_by_tls_without_a_word(context: ssl.SSLContext) -> None:
    async def nats(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.10.1","tls_required":true} \r\n')
        await writer.start_tls(context)

    found = await grab(nats)
    assert found.service is not None
    assert found.service.version == "2.10.1"
    assert found.tls is not None
    assert found.tls.starttls == "nats"
    assert found.tls.certificate is not None
    assert found.tls.certificate.names == ("host.example",)
    assert found.connections == 1


async def test_starttls_offers_no_protocol(context: ssl.SSLContext) -> None:
    """Exim refuses a client that offers protocols among which SMTP is not."""

    async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await reader.readline()
        writer.write(b"250-mail.example\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go ahead\r\n")
        await writer.start_tls(context)

    found = await grab(smtp)
    assert found.tls is not None
    assert (found.tls.starttls, found.tls.error, found.tls.alpn) == ("smtp", None, None)
    assert found.tls.certificate is not None


async def test_an_xmpp_server_is_found_on_any_port_by_its_answer_to_another_hello(
    context: ssl.SSLContext,
) -> None:
    header = b"<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"

    async def xmpp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not (await reader.read(1000)).startswith(b"<?xml"):
            writer.write(header + b"<stream:error><not-well-formed/></stream:error></stream:stream>")
            return
        writer.write(
            header + b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
        )
        await reader.read(1000)
        writer.write(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await writer.start_tls(context)

    found = await grab(xmpp)
    assert found.service is not None
    assert (found.service.name, found.connections) == ("xmpp-client", 2)
    assert found.tls is not None
    assert found.tls.starttls == "xmpp"
