"""OPC UA's hello."""

from __future__ import annotations

import struct

import pytest

from banner import probes
from banner.dialogue import Wire

from .conversation import Played, play, server

OPCUA = probes.get("opcua")


def told(kind: bytes, body: bytes) -> Played:
    return play(OPCUA, [server(kind + struct.pack("<I", 8 + len(body)) + body)], strict=False)


@pytest.mark.parametrize(("host", "shown"), [("plc.example", b"plc.example"), ("fe80::1%eth0", b"[fe80::1]")])
def test_the_hello_is_as_long_as_it_says_and_names_the_target(host: str, shown: bytes) -> None:
    wire = Wire(host, 4840)
    next(OPCUA.talk(wire))
    sent = bytes(wire.sent)
    assert sent[:4] == b"HELF"
    assert int.from_bytes(sent[4:8], "little") == len(sent)
    assert sent[32:] == b"opc.tcp://" + shown + b":4840"
    assert int.from_bytes(sent[28:32], "little") == len(sent) - 32


def test_an_error_with_a_reason() -> None:
    played = told(b"ERRF", struct.pack("<II", 0x807D0000, 4) + b"busy")
    assert played.wire.details == {"error": "server too busy", "reason": "busy"}


def test_an_error_that_nobody_here_knows() -> None:
    assert told(b"ERRF", struct.pack("<Ii", 0x80000123, -1)).wire.details == {"error": "0x80000123"}


@pytest.mark.parametrize(
    ("kind", "size"),
    [(b"ACKF", 24), (b"ACKF", 4), (b"ERRF", 0), (b"MSGF", 20), (b"ACKC", 20), (b"ERRF", 5000)],
)
def test_another_answer_is_let_go(kind: bytes, size: int) -> None:
    assert told(kind, bytes(size)).service is None
