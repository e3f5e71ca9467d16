"""The greeting servers do what their names say, seen by plain asyncio clients."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
import time

import pytest

from banner import probes, testing
from banner.plan.hellos import MUTE
from banner.testing.server import PORTS
from tests.machine import IPV6_HOST
from tests.testing.clients import GREETING, hear, leave

LOOPBACKS = ["127.0.0.1", IPV6_HOST]


def test_a_free_port_is_one_that_tells_nothing() -> None:
    known = MUTE.union(*(probe.ports + probe.tls_ports for probe in probes.all()))
    assert not known & set(PORTS)


@pytest.mark.parametrize("host", LOOPBACKS)
async def test_a_greeter_greets_everybody_and_listens(host: str) -> None:
    async with testing.greeter(GREETING, host=host) as server:
        assert server.host == host
        assert server.port in PORTS
        heard = await asyncio.gather(*(hear(server, len(GREETING), b"EHLO me\r\n") for _ in range(200)))
        assert heard == [GREETING] * 200
        assert server.connections == 200
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"QUIT\r\n")
        writer.write_eof()
        assert await reader.read() == GREETING
        assert server.received[-1] == b"QUIT\r\n"
        await leave(writer)


async def test_a_late_greeting_is_late() -> None:
    async with testing.greeter(GREETING, delay=0.1) as server:
        start = time.monotonic()
        assert await hear(server, len(GREETING)) == GREETING
        assert time.monotonic() - start > 0.09


async def test_segments_arrive_one_by_one() -> None:
    pieces = testing.segments(GREETING)
    async with testing.greeter(pieces, pause=0.002) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        heard: list[bytes] = []
        while b"".join(heard) != GREETING:
            heard.append(await reader.read(1024))
        await leave(writer)
    assert len(heard) > len(pieces) // 2  # a busy machine may join some
    assert testing.segments(b"abcde", 2) == [b"ab", b"cd", b"e"]


async def test_a_silent_server_says_nothing_and_stays() -> None:
    async with testing.silent() as server:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await hear(server, say=b"hello?")
        while not server.received[0]:
            await asyncio.sleep(0.001)
        assert server.received == [b"hello?"]


async def test_a_dripper_drips() -> None:
    async with testing.dripper(b"x", every=0.02) as server:
        start = time.monotonic()
        assert await hear(server, 6) == b"xxxxxx"
        assert time.monotonic() - start > 0.09


async def test_a_flooder_floods_and_leaves_the_loop_alive() -> None:
    async with testing.flooder(b"ab") as server:
        assert await hear(server, 4_000_000) == b"ab" * 2_000_000


@pytest.mark.parametrize("greeting", [b"", GREETING])
async def test_a_closer_closes_even_when_it_was_spoken_to(greeting: bytes) -> None:
    async with testing.closer(greeting) as server:
        assert await hear(server, say=b"x" * 100_000) == greeting


def drain(sock: socket.socket) -> tuple[bytes, type[BaseException] | None]:
    """What a socket still gives, and the exception that ends it (None where it is closed)."""
    heard = b""
    try:
        while data := sock.recv(1024):
            heard += data
    except ConnectionError as error:
        return heard, type(error)
    return heard, None


async def dial(server: testing.Server) -> tuple[bytes, type[BaseException] | None]:
    """A blocking client in a thread of its own: connect and drain."""

    def run() -> tuple[bytes, type[BaseException] | None]:
        with socket.create_connection((server.host, server.port), timeout=5) as sock:
            return drain(sock)

    return await asyncio.to_thread(run)


@pytest.mark.parametrize("host", LOOPBACKS)
@pytest.mark.parametrize("greeting", [b"", GREETING, b"x" * 5000])
async def test_a_resetter_resets_after_what_it_said(greeting: bytes, host: str) -> None:
    async with testing.resetter(greeting, delay=0.02, host=host) as server:
        assert await dial(server) == (greeting, ConnectionResetError)


async def test_a_reset_after_the_handshake_finds_the_client_connected() -> None:
    async with testing.resetter(delay=0) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        await leave(writer)


async def test_a_reset_inside_the_accept_is_the_connects_own_failure() -> None:
    async with testing.resetter() as server:
        for _ in range(20):
            with pytest.raises(ConnectionResetError):
                await asyncio.open_connection(server.host, server.port)
        assert server.connections == 20


async def test_a_refuser_refuses_and_keeps_its_port() -> None:
    async with testing.refuser() as server:
        with pytest.raises(ConnectionRefusedError):
            await hear(server)
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with pytest.raises(OSError, match="in use"):
                other.bind((server.host, server.port))


@pytest.mark.skipif(sys.platform != "linux", reason="a full backlog drops the SYN on Linux")
@pytest.mark.parametrize("host", LOOPBACKS)
async def test_an_overloaded_server_answers_no_connect(host: str) -> None:
    async with testing.overloaded(host=host) as server:
        for _ in range(3):
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as sock:
                sock.setblocking(False)
                sock.connect_ex((server.host, server.port))
                await asyncio.sleep(0.05)
                info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
                assert info[0] == 2  # TCP_SYN_SENT: nobody has answered
                assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


async def test_a_greeting_inside_tls(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> None:
    big = os.urandom(200_000)
    async with testing.closer([GREETING, big], ssl=server_context) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port, ssl=client_context)
        writer.write(b"x" * 100_000)
        assert await reader.read() == GREETING + big
        await leave(writer)


async def test_the_other_manners_inside_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    async with testing.resetter(GREETING, ssl=server_context) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port, ssl=client_context)
        assert await reader.readexactly(len(GREETING)) == GREETING
        with pytest.raises(ConnectionResetError):
            await reader.read()
        await leave(writer)
    async with testing.greeter(GREETING, ssl=server_context) as server:
        answer = await hear(server, say=b"\x16\x03\x01\x00\x05nonsense")
        assert answer[:2] == b"\x15\x03"  # TLS's alert, then the end
