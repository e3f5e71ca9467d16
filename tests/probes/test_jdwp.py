"""JDWP: the handshake, and no byte after it."""

from __future__ import annotations

from banner import probes

from .conversation import play, server

JDWP = probes.get("jdwp")


def test_nothing_follows_the_handshake() -> None:
    played = play(JDWP, [server(b"JDWP-Handshake\x00\x00\x00\x0b")], strict=False)
    assert played.service is not None
    assert bytes(played.wire.sent) == b"JDWP-Handshake"


def test_another_answer_is_not_claimed() -> None:
    assert play(JDWP, [server(b"JDWP-Handshaken")], strict=False).service is not None
    assert play(JDWP, [server(b"JDWP-handshake")], strict=False).service is None
