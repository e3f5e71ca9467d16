"""SQL Server's TLS: its handshake goes inside of TDS, and that of TDS 8.0 comes before it."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from banner import Grab, Mode, Status, Target, Timeouts, grab, scan, testing
from banner.probes.mssql import login
from banner.tls.errors import HandshakeError
from banner.tls.tds import InTds
from tests.probes.recordings.mssql import RECORDINGS
from tests.tls_peer import Server, lax_context
from tests.usual import usual

Visitor = Callable[..., Awaitable[Grab]]
CHALLENGE = RECORDINGS[2].turns[-1].data
SIZES = [1, 7, 300, 4096]
"""Of the server's packets, their headers included."""


def packet(data: bytes, kind: int = 4) -> bytes:
    return struct.pack(">BBHHBB", kind, 1, 8 + len(data), 0, 1, 0) + data


def prelogin(encryption: int) -> bytes:
    data = struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 255) + b"\x10\0\3\xe8\0\0" + bytes([encryption])
    return packet(data)


def cut(data: bytes, size: int) -> bytes:
    return b"".join(packet(data[at : at + size], 0x12) for at in range(0, len(data), size))


class Sql:
    """A server that shakes hands inside of TDS, and answers a login inside TLS with a challenge."""

    def __init__(self, encryption: int = 0, version: str = "TLSv1.2", size: int = 4096) -> None:
        self.encryption, self.version, self.size = encryption, version, size
        self.wishes: list[int] = []
        self.plain = b""
        self.done = False

    async def __call__(self, connection: testing.Connection) -> None:
        asked = await connection.read()
        if asked[:1] != b"\x12":
            return
        self.wishes.append(asked[8 + 32])
        await connection.write(prelogin(self.encryption))
        if self.encryption == 2:
            self.plain = await connection.read()
            if self.plain:
                await connection.write(CHALLENGE)
            return
        server, pending = Server(lax_context(self.version)), b""
        while not server.done:
            pending += await connection.read()
            while len(pending) >= 8 and len(pending) >= (size := int.from_bytes(pending[2:4], "big")):
                assert pending[0] == 0x12
                await connection.write(cut(server.take(pending[8:size]), self.size))
                pending = pending[size:]
            if not pending and server.error:
                return
        self.done = True
        server.take(pending)
        while not server.plain.startswith(login()):
            said = await connection.read()
            if not said:
                return
            server.take(said)
        self.plain = server.plain
        await connection.write(server.say(CHALLENGE))


@pytest.fixture(params=["sweep", "streams", "grab"])
def visit(request: pytest.FixtureRequest) -> Visitor:
    async def visited(
        handler: Callable[[testing.Connection], Coroutine[Any, Any, None]], **options: object
    ) -> Grab:
        options = {"timeouts": Timeouts(connect=5, read=5, total=20)} | options
        async with testing.serve(handler) as at:
            with usual("mssql", ports=(at.port,)):
                if request.param == "grab":
                    return await grab("127.0.0.1", at.port, **options)  # type: ignore[arg-type]
                async with scan([Target("127.0.0.1", at.port)], driver=request.param, **options) as results:  # type: ignore[arg-type]
                    return await anext(results)

    return visited


@pytest.mark.parametrize("encryption", [0, 1, 3])
async def test_the_certificate_is_seen(visit: Visitor, encryption: int) -> None:
    sql = Sql(encryption)
    got = await visit(sql)
    assert (got.status, sql.wishes, sql.done) == (Status.BANNER, [0], True)
    assert got.service is not None
    assert (got.service.product, got.service.version) == ("SQL Server", "16.0.1000.0")
    assert got.tls is not None
    assert (got.tls.version, got.tls.starttls, got.tls.error) == ("TLSv1.2", "mssql", None)
    assert got.tls.certificate is not None
    assert got.tls.certificate.names == ("a.example", "192.0.2.1")
    assert sql.plain == b""


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("size", SIZES)
async def test_however_the_server_cuts_its_packets(version: str, size: int) -> None:
    sql = Sql(3, version, size)
    async with testing.serve(sql) as at:
        with usual("mssql", ports=(at.port,)):
            got = await grab("127.0.0.1", at.port, mode=Mode.FULL)
    assert got.tls is not None
    assert (got.tls.version, got.tls.error) == (version, None)
    assert got.tls.certificate is not None
    assert got.details["ntlm_hostname"] == "Server"


async def test_in_full_mode_the_names_are_asked_for_inside(visit: Visitor) -> None:
    sql = Sql(1)
    got = await visit(sql, mode=Mode.FULL)
    assert (sql.wishes, sql.plain) == ([1], login())
    assert got.details["ntlm_hostname"] == "Server"
    assert got.tls is not None
    assert got.tls.certificate is not None


async def test_who_has_no_tls_is_asked_in_the_clear(visit: Visitor) -> None:
    sql = Sql(2)
    got = await visit(sql, mode=Mode.FULL)
    assert (sql.plain, got.tls) == (login(), None)
    assert got.details["encryption"] == "not supported"
    assert got.details["ntlm_hostname"] == "Server"


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x12\1", b"\x12\1\0\x08\0\0\1\0", packet(b"no TLS")],
)
async def test_who_does_not_shake_hands_is_told_all_the_same(visit: Visitor, answer: bytes) -> None:
    async def handler(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(prelogin(0))
        await connection.read()
        await connection.write(answer)

    got = await visit(handler)
    assert got.service is not None
    assert (got.status, got.service.product) == (Status.BANNER, "SQL Server")
    assert got.tls is None or got.tls.error is not None


async def test_tds_8_is_told_by_what_the_server_chooses(visit: Visitor) -> None:
    async def handler(connection: testing.Connection) -> None:
        hello = await connection.read()
        if hello[:1] != b"\x16":
            return
        await connection.start_tls(lax_context(alpn=("tds/8.0",)), hello)
        if (await connection.read())[:1] == b"\x12":
            await connection.write(prelogin(2))

    got = await visit(handler)
    assert got.service is not None
    assert got.service.product == "SQL Server"
    assert got.tls is not None
    assert (got.tls.alpn, got.tls.starttls, got.tls.error) == ("tds/8.0", None, None)


def test_packets_without_content_end_the_handshake() -> None:
    session = InTds()
    with pytest.raises(HandshakeError):
        for _ in range(100):
            session.handshake()
            session.outgoing()
            session.feed(packet(b"", 0x12) * 1000)
