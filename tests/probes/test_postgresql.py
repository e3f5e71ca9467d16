"""PostgreSQL's answers to an SSLRequest and to a start-up that none can accept."""

from __future__ import annotations

import pytest

from banner import probes
from banner.models import Service

from .conversation import TLS, Turn, client, play, server

POSTGRESQL = probes.get("postgresql")
ASK, START = client(bytes.fromhex("0000000804d2162f")), client(bytes.fromhex("0000000900ff000000"))


def error(*fields: bytes) -> bytes:
    body = b"".join(field + b"\0" for field in fields) + b"\0"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body


def test_a_pooler_is_postgresql_without_the_product() -> None:
    refusal = error(b"SERROR", b"C08P01", b"Munsupported protocol")
    played = play(POSTGRESQL, [ASK, server(b"N"), START, server(refusal)])
    assert played.service == Service("postgresql")
    assert played.wire.details == {
        "tls": False,
        "severity": "ERROR",
        "sql_state": "08P01",
        "error": "unsupported protocol",
    }


def test_an_error_at_once_is_an_answer() -> None:
    played = play(POSTGRESQL, [ASK, server(error(b"SFATAL", b"C53300", b"Mtoo many clients"))])
    assert played.service == Service("postgresql")


def test_inside_tls_no_tls_is_asked_for() -> None:
    refusal = error(b"SFATAL", b"C0A000", b"Mno", b"Fbackend_startup.c", b"RProcessStartupPacket")
    played = play(POSTGRESQL, [START, server(refusal)], tls=True)
    assert played.service is not None
    assert played.service.product == "PostgreSQL"


@pytest.mark.parametrize(
    "turns",
    [
        [ASK, server(b"SSH-2.0-x\r\n")],
        [ASK, server(b"NO\r\n")],
        [ASK, server(b"\x15\x03\x01\x00\x02\x02\x0a")],
        [ASK, server(b"ERROR go away\r\n")],
        [ASK, server(b"N"), START, server(b"N")],
        [ASK, server(b"N"), START, server(error(b"SFATAL", b"Mx"))],
        [ASK, server(b"N"), START, server(b"E\0\0\0\4")],
    ],
)
def test_another_answer_is_let_go(turns: list[Turn]) -> None:
    played = play(POSTGRESQL, turns)
    assert played.service is None
    assert played.wire.found is None


def test_the_letter_alone_is_enough_where_the_handshake_fails() -> None:
    played = play(POSTGRESQL, [ASK, server(b"S"), TLS], handshake=False)
    assert played.service == Service("postgresql")
    assert played.wire.details == {"tls": True}
