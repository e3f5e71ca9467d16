"""Where plans go on from step to step, the sweep's own sockets come to the same as streams do."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import struct
import weakref
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from banner import Grab, Status, Target, Timeouts, scan, testing
from banner.sweep import handshakes
from banner.tls import session as tls
from banner.tls.session import Session, opening
from tests.sweep.characters import SSH, Character, silent, visited
from tests.tls_peer import lax_context, leaf

PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\n\r\nok"
ALERT = b"\x15\x03\x01\x00\x02\x02\x28"

pytestmark = pytest.mark.usefixtures("hasty")


async def hanging_up(number: int, connection: testing.Connection) -> None:
    await connection.read()


async def resetting(number: int, connection: testing.Connection) -> None:
    await connection.read()
    connection._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.drop()


async def echoing(number: int, connection: testing.Connection) -> None:
    while said := await connection.read():
        await connection.write(said)


async def serving_pages(number: int, connection: testing.Connection) -> None:
    while said := await connection.read():
        if said.startswith(b"GET "):
            await connection.write(PAGE)


async def refusing_what_is_no_http(number: int, connection: testing.Connection) -> None:
    said = await connection.read()
    await connection.write(PAGE if said.startswith(b"GET ") else b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def saying_the_same(number: int, connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(b"go away, all of you, and do not come back\r\n")


async def greeting_later(number: int, connection: testing.Connection) -> None:
    if number > 3:
        await connection.write(SSH)
    await connection.hold()


async def greeting_like_a_mail_server_later(number: int, connection: testing.Connection) -> None:
    if number > 3:
        await connection.write(b"220 mail.example ESMTP Postfix\r\n")
    while said := await connection.read():
        if said.startswith(b"EHLO"):
            await connection.write(b"250-mail.example\r\n250 SIZE 100\r\n")


async def speaking_tls(number: int, connection: testing.Connection) -> None:
    with suppress(OSError):
        await connection.start_tls(lax_context())
        await serving_pages(number, connection)


async def alerting(number: int, connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(ALERT)


async def dripping_an_alert(number: int, connection: testing.Connection) -> None:
    await connection.read()
    for at in range(len(ALERT)):
        await connection.write(ALERT[at : at + 1])
        await asyncio.sleep(0)


async def beginning_like_an_alert(number: int, connection: testing.Connection) -> None:
    await connection.read()
    await connection.write(b"\x15")


async def speaking_ssl2(number: int, connection: testing.Connection) -> None:
    await connection.read()
    der = ssl.PEM_cert_to_DER_cert(leaf().cert_chain_pems[0].bytes().decode())
    hello = bytes.fromhex("04 00 01 0002") + len(der).to_bytes(2) + bytes(4) + der
    await connection.write((0x8000 | len(hello)).to_bytes(2) + hello)


async def starting_tls_like_postgresql(number: int, connection: testing.Connection) -> None:
    said = await connection.read()
    with suppress(OSError):
        if said[4:8] == b"\x04\xd2\x16\x2f":  # SSLRequest
            await connection.write(b"S")
            await connection.start_tls(lax_context())
            said = await connection.read()
        if said[4:8] == b"\0\xff\0\0":  # a start-up
            await connection.write(b"E\0\0\0\x2cSFATAL\0VFATAL\0C0A000\0Mno such protocol\0\0")


CHARACTERS = [
    silent, hanging_up, resetting, echoing, serving_pages, refusing_what_is_no_http, saying_the_same, greeting_later,
    greeting_like_a_mail_server_later, speaking_tls, alerting, dripping_an_alert,
    beginning_like_an_alert, speaking_ssl2, starting_tls_like_postgresql,
]  # fmt: skip


def told(grab: Grab) -> dict[str, Any]:
    fields = msgspec.structs.asdict(grab)
    del fields["received"]  # signatures of random numbers differ in length (RFC 3279, section 2.2.3)
    if grab.service is not None and grab.service.name == "echo":
        fields["banner"] = len(grab.banner)  # no two hellos are alike
    return fields


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda character: character.__name__)
async def test_both_drivers_come_to_the_same(character: Character) -> None:
    by_sweep, by_streams = await asyncio.gather(visited(character, "sweep"), visited(character, "streams"))
    assert told(by_sweep) == told(by_streams)


async def test_what_they_come_to_is_right() -> None:
    assert (await visited(hanging_up, "sweep")).status is Status.CLOSED
    assert (await visited(resetting, "sweep")).status is Status.RESET
    characters = (silent, serving_pages, greeting_later, speaking_tls)
    silence, page, ssh, https = await asyncio.gather(*(visited(one, "sweep") for one in characters))
    assert (silence.status, silence.banner, silence.connections == 4) == (Status.SILENT, b"", True)
    assert (page.banner, page.probe, page.service and page.service.product) == (PAGE, "http", "nginx")
    assert (ssh.banner, ssh.probe) == (SSH, "ssh")
    assert (https.banner, https.tls is not None) == (PAGE, True)
    postgresql = await visited(starting_tls_like_postgresql, "sweep", "postgresql")
    assert postgresql.tls is not None
    assert (postgresql.tls.starttls, postgresql.tls.error, postgresql.probe) == (
        "postgresql",
        None,
        "postgresql",
    )
    # Where nothing is known of its port, TLS and HTTP were tried before, and the last hello is TLS's again.
    elsewhere = await visited(starting_tls_like_postgresql, "sweep")
    assert elsewhere.tls is not None
    assert (elsewhere.tls.starttls, elsewhere.probe, len(elsewhere.said)) == ("postgresql", "postgresql", 4)


@pytest.mark.parametrize("character", [speaking_tls, alerting, serving_pages, echoing])
async def test_a_hello_without_a_session_costs_who_answers_it_one_connection_more(
    character: Character, monkeypatch: pytest.MonkeyPatch
) -> None:
    usually = await visited(character, "sweep")
    monkeypatch.setattr(handshakes, "SESSIONS", 0)
    grab = await visited(character, "sweep")
    more = grab.connections - usually.connections
    anew = {name: told(grab)[name] for name in ("connections", "said", "sent")}
    assert told(grab) == told(usually) | anew
    assert len(grab.said) == len(usually.said) + more
    assert more == (character in (speaking_tls, alerting))


async def test_handshakes_that_nobody_answers_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshakes, "SESSIONS", 7)
    begun, most = 0, 0
    alive: weakref.WeakSet[Counted] = weakref.WeakSet()

    class Counted(Session):
        def handshake(self) -> bool:
            nonlocal begun, most
            begun += 1
            alive.add(self)
            most = max(most, len(alive))
            return super().handshake()

    monkeypatch.setattr(tls, "Session", Counted)
    opening("")  # once a process
    gc.collect()
    begun = most = 0
    async with testing.silent(host="0.0.0.0") as server:
        targets = [Target(f"127.0.0.{number}", server.port) for number in range(1, 31)]
        timeouts = Timeouts(connect=2, read=0.3, total=20)
        async with scan(targets, concurrency=10, timeouts=timeouts) as results:
            assert {grab.status async for grab in results} == {Status.SILENT}
    assert most <= 7
    assert 14 <= begun < 30
