"""TLS that is asked for: in the middle of a dialogue, by mode tls, or by whoever names a port of it."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from banner import Manners, Status, testing
from banner.models import Settings
from banner.plan.planner import planner
from banner.plan.steps import Heard, Hold, Secure
from tests.quick import once
from tests.tls_peer import lax_context
from tests.usual import usual
from tests.visit.visits import Visitor

ANYTHING = re.compile(rb"(?s).+")


async def test_starttls_in_the_middle_keeps_greeting_and_certificate(visit: Visitor) -> None:
    script: list[testing.Step] = [
        (b"", b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n"),
        (b"EHLO me.example\r\n", b"250-mail.example\r\n250 STARTTLS\r\n"),
        (b"STARTTLS\r\n", b"220 2.0.0 Ready\r\n"),
        (b"", lax_context()),
        (re.compile(rb"EHLO me\.example\r\n|QUIT\r\n"), b"250-mail.example\r\n250 AUTH PLAIN\r\n"),
    ]
    async with testing.conversation(script) as server:
        grab = await visit(server.port, manners=Manners(ehlo="me.example"))
    assert grab.banner == b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n"
    assert grab.service is not None
    assert (grab.service.name, grab.service.product, grab.connections) == ("smtp", "Postfix", 1)
    assert grab.tls is not None
    assert (grab.tls.starttls, grab.tls.error) == ("smtp", None)
    assert grab.tls.certificate is not None


async def test_a_failed_starttls_leaves_the_banner(visit: Visitor) -> None:
    script: list[testing.Step] = [
        (b"", b"220 mail.example ESMTP Postfix\r\n"),
        (ANYTHING, b"250-mail.example\r\n250 STARTTLS\r\n"),
        (ANYTHING, b"220 2.0.0 Ready\r\n"),
        (ANYTHING, b"\x15\x03\x01\x00\x02\x02\x28"),
    ]
    async with testing.conversation(script) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.banner) == (Status.BANNER, b"220 mail.example ESMTP Postfix\r\n")
    assert grab.tls is not None
    assert (grab.tls.starttls, grab.tls.error) == ("smtp", "handshake_failure")
    assert grab.error is None


async def test_mode_tls_shakes_hands_at_once_and_says_nothing_inside(visit: Visitor) -> None:
    async def answer(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context())
        with suppress(OSError):
            heard.append(await connection.read())

    heard: list[bytes] = []
    async with testing.serve(answer) as server:
        grab = await visit(server.port, mode="tls")
        # Where light listens for a second first.
        assert await once(lambda: visit(server.port, mode="tls"), lambda one: (one.timings.total or 9) < 0.9)
    assert (grab.status, grab.probe, grab.connections, grab.banner) == (Status.SILENT, "tls", 1, b"")
    assert grab.tls is not None
    assert (grab.tls.error, grab.tls.group) == (None, "x25519")
    assert grab.tls.certificate is not None
    assert b"".join(heard) == b""


async def test_mode_tls_says_starttls_where_the_ports_service_does(visit: Visitor) -> None:
    async def answer(connection: testing.Connection) -> None:
        await connection.write(b"220 mail.example ESMTP Postfix\r\n")
        await connection.read()
        await connection.write(b"250-mail.example\r\n250 STARTTLS\r\n")
        await connection.read()
        await connection.write(b"220 go ahead\r\n")
        await connection.start_tls(lax_context())
        with suppress(OSError):
            heard.append(await connection.read())

    heard: list[bytes] = []
    async with testing.serve(answer) as server:
        with usual("smtp", ports=(server.port,)):
            grab = await visit(server.port, mode="tls")
    assert (grab.status, grab.connections) == (Status.BANNER, 1)
    assert grab.tls is not None
    assert (grab.tls.error, grab.tls.starttls) == (None, "smtp")
    assert grab.tls.certificate is not None
    assert b"".join(heard) == b""


@pytest.mark.parametrize(
    ("only", "port"), [("http", 443), ("http", 993), ("tls", 443), ("tls", 12345), ("tls", 25)]
)
def test_who_asks_for_tls_or_for_a_port_of_it_listens_for_nothing(only: str, port: int) -> None:
    under_way = planner(Settings(probes=(only,))).plan(port)
    assert isinstance(next(under_way), Secure)
    if only == "http":
        step = under_way.send(Heard(secured=True, open=True))
        assert isinstance(step, Hold)
        assert step.probe.name == "http"
