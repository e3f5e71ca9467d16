"""What Firebird's servers of all ages answer to op_connect."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

FIREBIRD = probes.get("firebird")
GENERIC, SEND = b"\0\0\0\1", b"\0\0\0\3"


@pytest.mark.parametrize(
    ("version", "protocol", "release"),
    [
        (b"\0\0\0\x0a", "10", "1.0"),
        (b"\xff\xff\x80\x0b", "11", "2.1"),
        (b"\0\0\x80\x0c", "12", "2.5"),
        (b"\xff\xff\x80\x0c", "12", "2.5"),
    ],
)
def test_an_accepted_protocol_tells_the_oldest_release(version: bytes, protocol: str, release: str) -> None:
    played = play(FIREBIRD, [server(b"\0\0\0\3" + version + GENERIC + SEND)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"protocol_version": protocol, "version_at_least": release}


def test_a_refusal_with_an_error_of_its_own_is_firebird() -> None:
    refused = b"\0\0\0\x09" + bytes(16) + b"\0\0\0\1\x14\0\0\x98\0\0\0\0"
    played = play(FIREBIRD, [server(refused)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"version_at_least": "3.0"}


@pytest.mark.parametrize(
    "answer",
    [
        b"\0\0\0\4",  # op_reject: four bytes tell nothing
        b"\0\0\0\3\0\0\0\x0b" + GENERIC + SEND,  # a protocol that was not offered
        b"\0\0\0\3\1\1\x80\x0b" + GENERIC + SEND,
        b"\0\0\0\3\0\0\0\x0a" + SEND + SEND,  # another architecture
        b"\0\0\0\x5c" + b"\1" * 16,
        b"\0\0\0\x09" + bytes(16) + b"\0\0\0\1\0\0\0\1",
    ],
)
def test_anything_else_is_another(answer: bytes) -> None:
    assert play(FIREBIRD, [server(answer)], strict=False).service is None
