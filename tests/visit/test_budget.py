"""However a peer behaves, in the clear or inside TLS, it gets no more connections and hellos than the mode allows, and
the record tells of each."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest

from banner import Grab, Mode, Target, Timeouts, grab, probes, scan, testing
from banner.plan.hellos import MOST, SAID
from tests.tls_peer import lax_context
from tests.usual import known

HASTE = Timeouts(connect=60, read=0.3, total=100)
"""Hundreds of peers share one loop with us: on a busy machine a connection takes seconds."""
CLEAR = (None, "http", "redis", "postgresql", "ldap", "imap", "memcached")
INSIDE = ("http", "imap", "ldap", "mqtt")
Manner = Callable[[testing.Connection], Coroutine[Any, Any, None]]


async def silent(connection: testing.Connection) -> None:
    await connection.hold()


async def closes(connection: testing.Connection) -> None:
    await connection.read()


async def resets(connection: testing.Connection) -> None:
    await connection.read()
    connection.reset()


async def answers_alike(connection: testing.Connection) -> None:
    while await connection.read():
        await connection.write(b"ERROR\r\n")


async def answers_and_closes(connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(b"\x05\xff what?")


async def refuses_tls(connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(b"\x15\x03\x01\0\2\2\x28")


async def asks_for_tls(connection: testing.Connection) -> None:
    if not (await connection.read()).startswith(b"\x16"):
        await connection.write(b"HTTP/1.1 400 No\r\n\r\nThe plain HTTP request was sent to HTTPS port")


async def echoes(connection: testing.Connection) -> None:
    while data := await connection.read():
        await connection.write(data)


async def greets_in_part(connection: testing.Connection) -> None:
    await connection.write(b"220-mail.example\r\n")
    await connection.hold()


MANNERS: tuple[Manner, ...] = (
    silent, closes, resets, answers_alike, answers_and_closes, refuses_tls, asks_for_tls, echoes, greets_in_part,
)  # fmt: skip


def inside(manner: Manner, **options: object) -> Manner:
    async def talk(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context(**options))  # type: ignore[arg-type]  # as they are named there
        await manner(connection)

    return talk


PEERS = {manner.__name__: manner for manner in MANNERS}
PEERS |= {f"{manner.__name__} inside TLS": inside(manner) for manner in MANNERS}
PEERS |= {f"{manner.__name__} after h2": inside(manner, alpn=("h2",)) for manner in (silent, closes, resets)}
PEERS |= {
    f"{manner.__name__} inside TLS 1.2, with a certificate": inside(
        manner, version="TLSv1.2", client=ssl.CERT_OPTIONAL
    )
    for manner in (silent, closes)
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.TLS])
@pytest.mark.parametrize("way", ["grab", "sweep"])
async def test_nobody_gets_more_than_the_mode_allows(way: str, mode: Mode) -> None:
    ports: dict[str, list[int]] = defaultdict(list)
    tls_ports: dict[str, list[int]] = defaultdict(list)
    servers: dict[tuple[str, int], tuple[str, testing.Server]] = {}
    async with AsyncExitStack() as stack:
        places = [(name, ports) for name in CLEAR] + [(name, tls_ports) for name in INSIDE]
        for name, table in places:
            for what, manner in PEERS.items():
                host = f"127.78.{len(servers) >> 8}.{1 + (len(servers) & 255)}"  # who closes is avoided for a while
                server = await stack.enter_async_context(testing.serve(manner, host=host))
                servers[host, server.port] = f"{what} at a port of {name}", server
                if name is not None:
                    table[name].append(server.port)
        facts = [
            msgspec.structs.replace(
                probe,
                ports=(*probe.ports, *ports[probe.name]),
                tls_ports=(*probe.tls_ports, *tls_ports[probe.name]),
            )
            for probe in probes.all()
        ]
        with known(*facts):
            grabs = await visited(list(servers), way, mode)
        met = {(got.host, got.port): got.connections for got in grabs}
        await until(lambda: all(server.connections == met[place] for place, (_, server) in servers.items()))
        wrong = [
            (servers[got.host, got.port][0], got.connections, got.said)
            for got in grabs
            if got.connections > MOST[mode]
            or len(got.said) > SAID[mode]
            or got.connections != servers[got.host, got.port][1].connections
        ]
        for _, server in servers.values():
            server.failure = None  # that a client leaves in the middle of a handshake is not looked at here
    assert len(grabs) == len(servers)
    assert not wrong
    assert max(len(got.said) for got in grabs) == MOST[mode] or mode is Mode.TLS


async def until(agreed: Callable[[], bool]) -> None:
    """Let the servers see the connections that wait for them: the last of a visit may be over before."""
    for _ in range(100):
        if agreed():
            return
        await asyncio.sleep(0.05)


async def visited(places: list[tuple[str, int]], way: str, mode: Mode) -> list[Grab]:
    if way == "grab":
        visits = (grab(*place, timeouts=HASTE, mode=mode) for place in places)
        return list(await asyncio.gather(*visits))
    targets = [Target(*place) for place in places]
    async with scan(targets, timeouts=HASTE, mode=mode, driver="sweep") as results:
        return [got async for got in results]
