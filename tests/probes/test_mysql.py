"""MySQL's handshake, its error packet, and TLS."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import TLS, client, play, server

MYSQL = probes.get("mysql")
SSL = 1 << 11


def packet(body: bytes, number: int = 0) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def handshake(version: bytes, flags: int = 0, plugin: bytes = b"caching_sha2_password\0") -> bytes:
    """ "Protocol::HandshakeV10"."""
    low, high = (flags & 0xFFFF).to_bytes(2, "little"), (flags >> 16).to_bytes(2, "little")
    rest = b"\x21\x02\x00" + high + b"\x15" + bytes(10) + b"c" * 12 + b"\0"
    return packet(b"\x0a" + version + b"\0" + b"\x07\0\0\0" + b"c" * 8 + b"\0" + low + rest + plugin)


@pytest.mark.parametrize(
    ("told", "product", "version", "cpe"),
    [
        (b"5.5.5-10.6.12-MariaDB-log", "MariaDB", "10.6.12", "mariadb:mariadb:10.6.12"),
        (b"11.4.2-MariaDB-ubu2404", "MariaDB", "11.4.2", "mariadb:mariadb:11.4.2"),
        (b"8.0.36-0ubuntu0.22.04.1", "MySQL", "8.0.36", "oracle:mysql:8.0.36"),
        (b"5.5.5", "MySQL", "5.5.5", "oracle:mysql:5.5.5"),
        (b"5.7.25-TiDB-v7.1.0", "TiDB", "7.1.0", None),
        (b"8.0.30-Vitess", "Vitess", None, None),
    ],
)
def test_the_version_is_the_servers_own(
    told: bytes, product: str, version: str | None, cpe: str | None
) -> None:
    played = play(MYSQL, [server(handshake(told))])
    assert played.service is not None
    assert (played.service.product, played.service.version) == (product, version)
    assert played.service.cpe == ((f"cpe:2.3:a:{cpe}:*:*:*:*:*:*:*",) if cpe else ())
    assert played.wire.details["server_version"] == told.decode()


def test_the_fields_of_the_handshake() -> None:
    details = play(MYSQL, [server(handshake(b"8.0.36", 0x0000_0001 | 1 << 19))]).wire.details
    assert details == {
        "protocol": 10,
        "server_version": "8.0.36",
        "thread_id": 7,
        "capabilities": ["long_password", "plugin_auth"],
        "character_set": 0x21,
        "status": 2,
        "auth_plugin": "caching_sha2_password",
    }


def test_tls_is_started_where_it_is_offered_and_nobody_is_named() -> None:
    request = bytes.fromhex("20000001 008a0000 00000001 21") + bytes(23)
    played = play(MYSQL, [server(handshake(b"8.0.36", SSL)), client(request), TLS])
    assert played.missing == ()


def test_without_the_flag_nothing_is_said() -> None:
    assert not play(MYSQL, [server(handshake(b"8.0.36"))]).wire.sent


def test_a_refused_host_is_told_why() -> None:
    body = b"\xff\x6a\x04#HY000Host '192.0.2.7' is not allowed to connect to this MariaDB server"
    played = play(MYSQL, [server(packet(body))])
    assert played.service is not None
    assert played.service.product == "MariaDB"
    assert played.wire.details == {
        "error_code": 1130,
        "sql_state": "HY000",
        "error": "Host '192.0.2.7' is not allowed to connect to this MariaDB server",
    }


@pytest.mark.parametrize(
    "data",
    [
        packet(b"\x0a8.0.36\0" + bytes(20), number=1),
        packet(b"\x0a8.0.36" + bytes(2)),
        packet(b"\x0aeight\0" + bytes(40)),
        packet(b"\xff\x01\x00nope"),
        packet(b"\xff\x6a\x04"),
        packet(b"\x0b8.0.36\0" + bytes(40)),
    ],
)
def test_a_packet_of_another_kind_is_let_go(data: bytes) -> None:
    played = play(MYSQL, [server(data)])
    assert played.service is None
    assert played.wire.found is None


@pytest.mark.parametrize("data", [b"220", b"hi", b"\xff\xfd\x18"])
def test_a_short_foreign_greeting_is_not_waited_on(data: bytes) -> None:
    assert play(MYSQL, [server(data)]).waits == 0
