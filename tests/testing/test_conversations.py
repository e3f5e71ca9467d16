"""Servers that converse, a client's and a handler's mistakes, and what is left when a server ends: nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from banner import testing
from tests.testing.clients import GREETING, hear, leave


async def test_a_conversation_with_tls_on_the_way(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    script: list[testing.Step] = [
        (b"", GREETING),
        (re.compile(rb"EHLO [^\r]+\r\n"), b"250-mail.example\r\n250 STARTTLS\r\n"),
        (b"STARTTLS\r\n", b"220 go ahead\r\n"),
        (b"", server_context),
        (b"QUIT\r\n", b"221 bye\r\n"),
    ]
    async with testing.conversation(script) as server:
        sock = socket.create_connection((server.host, server.port))
        loop = asyncio.get_running_loop()

        def client() -> list[bytes]:
            heard = [sock.recv(99)]
            for said in (b"EHLO ", b"me\r\n"):
                sock.sendall(said)
            heard.append(sock.recv(99))
            sock.sendall(b"STARTTLS\r\n")
            heard.append(sock.recv(99))
            with client_context.wrap_socket(sock) as tls:
                tls.sendall(b"QUIT\r\n")
                heard.append(tls.recv(99))
            return heard

        assert await loop.run_in_executor(None, client) == [
            GREETING,
            b"250-mail.example\r\n250 STARTTLS\r\n",
            b"220 go ahead\r\n",
            b"221 bye\r\n",
        ]


@pytest.mark.parametrize("said", [b"EHLO me\r\n", b"HEL"])
async def test_a_client_that_says_something_else_fails_the_test(said: bytes) -> None:
    with pytest.raises(AssertionError, match="expected b'HELO"):
        async with testing.conversation([(b"", GREETING), (b"HELO me\r\n", b"250\r\n")]) as server:
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(said)
            writer.write_eof()
            assert await reader.read() == GREETING
            await leave(writer)


async def test_a_handlers_mistake_is_not_passed_over() -> None:
    async def handle(connection: testing.Connection) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        async with testing.serve(handle) as server:
            await hear(server)


async def test_a_port_can_be_chosen_and_used_again() -> None:
    async with testing.closer(b"one") as server:
        assert await hear(server) == b"one"
        port = server.port
        with pytest.raises(OSError, match="in use"):
            async with testing.closer(port=port):
                pass
    async with testing.closer(b"two", port=port) as server:
        assert await hear(server) == b"two"


def abandon(server: testing.Server, count: int) -> list[socket.socket]:
    """Clients that connect, say half a thing and are left open."""
    clients = [socket.create_connection((server.host, server.port)) for _ in range(count)]
    for client in clients:
        client.send(b"\x16\x03")
    return clients


SERVINGS: dict[str, Callable[[ssl.SSLContext], AbstractAsyncContextManager[testing.Server]]] = {
    "silent": lambda _: testing.silent(),
    "silent inside TLS": lambda context: testing.silent(ssl=context),
    "late": lambda _: testing.greeter(GREETING, delay=9),
    "flooder": lambda _: testing.flooder(),
    "dripper": lambda _: testing.dripper(),
    "closer": lambda _: testing.closer(GREETING),
    "resetter at once": lambda _: testing.resetter(),
    "resetter": lambda _: testing.resetter(GREETING),
    "conversation": lambda _: testing.conversation([(b"\x16\x03\x01", b"")]),
}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
@pytest.mark.parametrize("serving", SERVINGS.values(), ids=SERVINGS.keys())
async def test_nothing_is_left_of_a_server(
    serving: Callable[[ssl.SSLContext], AbstractAsyncContextManager[testing.Server]],
    server_context: ssl.SSLContext,
) -> None:
    gc.collect()  # what other tests left
    await asyncio.sleep(0)
    tasks, descriptors = asyncio.all_tasks(), os.listdir("/proc/self/fd")
    async with serving(server_context) as server:
        clients = abandon(server, 20)
        while server.connections < 20:
            await asyncio.sleep(0.01)
        clients += abandon(server, 20)  # these are accepted, and not yet attended to
        await asyncio.sleep(0)
    for client in clients:
        client.close()
    assert os.listdir("/proc/self/fd") == descriptors
    assert asyncio.all_tasks() == tasks


async def test_nothing_is_left_of_a_port_that_nobody_serves() -> None:
    async with testing.refuser(), testing.overloaded():
        descriptors = os.listdir("/proc/self/fd")
    assert len(os.listdir("/proc/self/fd")) == len(descriptors) - 3


async def test_a_connection_is_closed_by_halves() -> None:
    async def handle(connection: testing.Connection) -> None:
        connection.write_eof()
        await connection.hold()

    async with testing.serve(handle) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        assert await reader.read() == b""
        writer.write(b"heard")
        writer.write_eof()
        while server.open:
            await asyncio.sleep(0.01)
        writer.close()
        await writer.wait_closed()
    assert server.received == [b"heard"]
