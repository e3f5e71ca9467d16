"""Greetings that come late, that meet our hello, or that never come: no word is lost, none is said too soon."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import suppress
from unittest import mock

import pytest

from banner import Status, Timeouts, testing
from banner.plan import search as plan
from banner.plan.hellos import Queue
from banner.plan.reactions import Reaction
from tests.usual import usual
from tests.visit.visits import PAGE, REQUEST, Visitor, at_port_of_tls

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
        time.sleep(1.3)  # the application keeps the loop from everything, beyond the deadline

    async def handle(connection: testing.Connection) -> None:
        loop.call_later(0.1, greet, connection)  # a machine may stand still for a second before
        await connection.hold()

    async with testing.serve(handle) as server:
        timeouts = Timeouts(connect=9, read=1.2, total=20)
        grab = await visit(server.port, mode="listen", timeouts=timeouts)
    assert (grab.status, grab.banner) == (status, greeting)


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
