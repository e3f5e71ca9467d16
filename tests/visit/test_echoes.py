"""Who returns what was said to him, or says the same to everybody."""

from __future__ import annotations

import pytest

from banner import Status, testing
from tests.tls_peer import lax_context
from tests.usual import usual
from tests.visit.visits import Visitor, at_port_of_tls


async def test_an_echo_is_told_from_tls(visit: Visitor) -> None:
    async def echo(connection: testing.Connection) -> None:
        while said := await connection.read():
            await connection.write(said)

    async with testing.serve(echo) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert grab.service is not None
    assert (grab.status, grab.service.name, grab.connections) == (Status.BANNER, "echo", 1)


@pytest.mark.parametrize("secure", [True, False])
async def test_an_echo_is_told_from_any_hello(visit: Visitor, secure: bool) -> None:
    async def echo(connection: testing.Connection) -> None:
        if secure:
            await connection.start_tls(lax_context())
        while said := await connection.read():
            await connection.write(said)

    async with testing.serve(echo) as server:
        with usual("http", **{"tls_ports" if secure else "ports": (server.port,)}):
            grab = await visit(server.port)
    assert grab.service is not None
    assert (grab.status, grab.service.name, grab.connections) == (Status.BANNER, "echo", 1)
    assert (grab.service.rule, grab.banner[:16]) == ("plan/echo", b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize("usually", ["ports", "tls_ports"])
async def test_who_says_the_same_to_everybody_is_asked_three_times(visit: Visitor, usually: str) -> None:
    async def refuse(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(b"Too many connections\r\n")

    async with testing.serve(refuse) as server:
        with usual("http", **{usually: (server.port,)}):
            grab = await visit(server.port)
        assert (grab.connections, server.connections) == (3, 3)
    assert (grab.status, grab.banner, grab.service) == (Status.BANNER, b"Too many connections\r\n", None)
