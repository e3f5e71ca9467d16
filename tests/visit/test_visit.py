"""Whole visits over real sockets: TLS and what is inside, refusals, faults, counts and deadlines.

Each peer is visited by ``grab()`` and by both drivers of a scan.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from unittest import mock

import pytest

import banner
from banner import Grab, Manners, Mode, Status, Target, Timeouts, probes, scan, testing
from banner.dialogue import Probe, Talk, Want, Wire
from banner.models import Settings
from banner.plan import planner as plan
from banner.plan.hellos import Queue
from banner.plan.planner import planner
from banner.plan.reactions import Reaction
from banner.plan.steps import Heard, Hold, Secure
from tests.tls_peer import Server, lax_context
from tests.usual import known, usual

Visitor = Callable[..., Awaitable[Grab]]
SOON = Timeouts(connect=2, read=0.6, total=8)
ANYTHING = re.compile(rb"(?s).+")
REQUEST = re.compile(rb"(?s)GET / HTTP/1\.1\r\n.*\r\n\r\n")
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
PLAIN_TO_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 45\r\n\r\nThe plain HTTP request was sent to HTTPS port"
)


@pytest.fixture(params=["grab", "sweep", "streams"])
def visit(request: pytest.FixtureRequest) -> Visitor:
    """Visit one port, in three ways."""

    async def by_grab(port: int, **options: object) -> Grab:
        return await banner.grab("127.0.0.1", port, **({"timeouts": SOON} | options))  # type: ignore[arg-type]

    async def by_scan(port: int, **options: object) -> Grab:
        options = {"timeouts": SOON} | options
        async with scan([Target("127.0.0.1", port)], driver=request.param, **options) as results:  # type: ignore[arg-type]
            return await anext(results)

    return by_grab if request.param == "grab" else by_scan


def at_port_of_tls(port: int) -> AbstractContextManager[object]:
    """Let http's dialogue be usual inside TLS at `port`, which is free, and not 443."""
    return usual("http", tls_ports=(port,))


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


SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


async def test_a_greeting_that_meets_our_next_hello_is_not_lost(
    visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It greets and hangs up, with our first hello unread, just before the second one is said: writing that one
    # fails, and a transport forgets then what it had not read.
    monkeypatch.setattr(plan, "MOMENT", 0.05)
    monkeypatch.setattr(plan, "ANSWER", 0.2)
    waiting: list[testing.Connection] = []
    usually = Queue.react

    def react(queue: Queue, name: str, reaction: Reaction) -> None:
        usually(queue, name, reaction)
        if waiting:
            connection = waiting.pop()
            connection._socket.send(SSH)
            connection.drop()

    async def handle(connection: testing.Connection) -> None:
        if server.connections > 1:
            await connection.write(SSH)
            await connection.hold()
            return
        waiting.append(connection)
        await asyncio.Event().wait()

    monkeypatch.setattr(Queue, "react", react)
    async with testing.serve(handle) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.banner, grab.connections) == (Status.BANNER, SSH, 3)


@pytest.mark.parametrize(("greeting", "status"), [(SSH, Status.BANNER), (b"", Status.CLOSED)])
async def test_what_came_in_time_counts_however_late_the_loop_reads_it(
    visit: Visitor, greeting: bytes, status: Status
) -> None:
    loop = asyncio.get_running_loop()

    def greet(connection: testing.Connection) -> None:
        if greeting:
            connection._socket.send(greeting)
        else:
            connection._socket.shutdown(socket.SHUT_WR)
        time.sleep(0.9)  # the application keeps the loop from everything, beyond the deadline

    async def handle(connection: testing.Connection) -> None:
        loop.call_later(0.4, greet, connection)
        await connection.hold()

    async with testing.serve(handle) as server:
        timeouts = Timeouts(connect=2, read=0.8, total=20)
        grab = await visit(server.port, mode="listen", timeouts=timeouts)
    assert (grab.status, grab.banner) == (status, greeting)


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
            grab = await visit(server.port)
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


async def test_mode_tls_shakes_hands_at_once_and_says_nothing_inside(visit: Visitor) -> None:
    async def answer(connection: testing.Connection) -> None:
        await connection.start_tls(lax_context())
        with suppress(OSError):
            heard.append(await connection.read())

    heard: list[bytes] = []
    async with testing.serve(answer) as server:
        grab = await visit(server.port, mode="tls")
    assert (grab.status, grab.probe, grab.connections, grab.banner) == (Status.SILENT, "tls", 1, b"")
    assert grab.timings.total is not None
    assert grab.timings.total < 0.9  # where light listens for a second first
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


async def test_a_late_greeting_on_a_greeting_port_is_waited_for(visit: Visitor) -> None:
    async with testing.greeter(b"220 late.example ESMTP Exim 4.96\r\n", delay=0.4) as server:
        with usual("smtp", ports=(server.port,)):
            grab = await visit(server.port, timeouts=Timeouts(connect=2, read=2, total=5))
    assert grab.banner == b"220 late.example ESMTP Exim 4.96\r\n"
    assert grab.connections == 1


async def test_a_greeting_that_meets_our_hello_is_told_as_to_a_listener(visit: Visitor) -> None:
    async def ssh(connection: testing.Connection) -> None:
        await asyncio.sleep(0)
        await connection.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
        if await connection.read():
            await connection.write(b"Invalid SSH identification string.\r\n")

    async with testing.serve(ssh) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port)
    assert grab.service is not None
    assert (grab.service.name, grab.banner) == ("ssh", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    assert (grab.connections, grab.tls) == (2, None)


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


async def test_who_hangs_up_after_a_long_silence_had_waited_for_us(visit: Visitor) -> None:
    async def hurry(connection: testing.Connection) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3 if server.connections == 1 else None):
                if REQUEST.match(await connection.read()):
                    await connection.write(PAGE)

    async with testing.serve(hurry) as server:
        patient = mock.patch("banner.plan.planner.LATE", 0.2), mock.patch("banner.visit.findings.LATE", 0.2)
        with usual("ssh", ports=(server.port,)), patient[0], patient[1]:
            grab = await visit(server.port, timeouts=Timeouts(connect=2, read=3, total=10))
    assert grab.service is not None
    assert (grab.status, grab.service.name) == (Status.BANNER, "http")


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_fault_of_a_dialogue_costs_one_record(
    visit: Visitor, caplog: pytest.LogCaptureFixture, at_once: bool
) -> None:
    def broken(wire: Wire) -> Talk:
        wire.send(b"hello\r\n")
        if not at_once:
            yield Want.BYTES
        raise ZeroDivisionError("a bug")

    async with testing.greeter(b"220 mail.example ESMTP\r\n") as well, testing.silent() as server:
        bug = Probe("http", ports=(server.port,), talk=broken)
        others = (p for p in probes.all() if p.name != "http")
        with known(*others, bug), caplog.at_level(logging.ERROR, "banner"):
            grab = await visit(server.port)
            other = await visit(well.port, mode=Mode.LIGHT)
    assert (grab.status, grab.error) == (Status.FAULT, "ZeroDivisionError: a bug")
    assert other.status is Status.BANNER
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_connections_are_counted_as_the_server_counts_them(visit: Visitor) -> None:
    met = 0

    async def count(connection: testing.Connection) -> None:
        nonlocal met
        met += 1
        await connection.read()

    async with testing.serve(count) as server:
        grab = await visit(server.port, timeouts=Timeouts(connect=2, read=0.3, total=4))
    assert grab.connections == met > 3
    assert grab.status is Status.CLOSED or grab.status is Status.SILENT


async def test_the_deadline_covers_the_whole_plan(visit: Visitor) -> None:
    async with testing.silent() as server:
        began = time.monotonic()
        grab = await visit(server.port, timeouts=Timeouts(connect=60, read=60, total=1.3))
        took = time.monotonic() - began
    assert grab.status is Status.SILENT
    assert grab.timings.total is not None
    # The hellos that are left would take a dozen seconds more.
    assert 1.2 < grab.timings.total < 8
    assert took < 10


async def test_the_deadline_covers_handshakes_and_drips(visit: Visitor) -> None:
    async with testing.dripper(b"\x16", every=0.05) as server:
        with at_port_of_tls(server.port):
            grab = await visit(server.port, timeouts=Timeouts(connect=60, read=60, total=0.8))
    assert grab.timings.total is not None
    assert grab.timings.total < 20


async def test_nothing_is_said_to_a_mail_server_while_its_greeting_may_come(visit: Visitor) -> None:
    heard = []

    async def handle(connection: testing.Connection) -> None:
        with suppress(TimeoutError):  # for longer than a read may take
            async with asyncio.timeout(0.5):
                heard.append(await connection.read())
        await connection.write(b"220 mx.example ESMTP Postfix\r\n")
        await connection.hold()

    async with testing.serve(handle) as server:
        with usual("smtp", ports=(server.port,)):
            grab = await visit(server.port, timeouts=Timeouts(connect=2, read=0.2, total=8))
    assert (grab.status, grab.connections, heard) == (Status.BANNER, 1, [])
    assert grab.service is not None
    assert grab.service.product == "Postfix"


async def test_who_resets_at_once_is_asked_on_a_second_connection(visit: Visitor) -> None:
    async def handle(connection: testing.Connection) -> None:
        if server.connections == 1:
            await asyncio.sleep(0)
            connection.reset()
            return
        assert (await connection.read()).startswith(b"GET / ")
        await connection.write(PAGE)

    async with testing.serve(handle) as server:
        grab = await visit(server.port)
    assert (grab.status, grab.connections, grab.probe) == (Status.BANNER, 2, "http")
