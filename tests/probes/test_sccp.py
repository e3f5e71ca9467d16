"""Cisco's Skinny: one KeepAlive, and what may answer it."""

from __future__ import annotations

import struct

import pytest

from banner import probes
from banner.probes.sccp import message

from .conversation import play, server

SCCP = probes.get("sccp")


def test_nothing_is_registered() -> None:
    played = play(SCCP, [server(message(0x100))], strict=False)
    assert bytes(played.wire.sent) == message(0)
    assert len(played.wire.sent) == 12


@pytest.mark.parametrize(
    "answer",
    [
        message(0),  # our own, sent back
        message(0x100, b"more"),  # an acknowledgement holds nothing
        message(0x81),
        struct.pack("<III", 4, 0x41, 0x100),  # a header of no such version
        b"\x01\x00\x00\x00",  # a bandwidth test of MikroTik's
        b"\x05\x00\x00\x00" + bytes(8),
    ],
)
def test_what_is_no_answer_to_a_keep_alive_is_let_go(answer: bytes) -> None:
    assert play(SCCP, [server(answer)], strict=False).service is None


def test_a_rejection_has_a_text() -> None:
    played = play(SCCP, [server(message(0x9D, b"Security Error".ljust(33, b"\0")))], strict=False)
    assert played.wire.details == {"message": "registration rejected"}
