"""FINS: node addresses, and the controller's data."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server

FINS = probes.get("fins")
READ = bytes.fromhex("c0000200fb00000a0001") + b"\5\1"


def wrapped(command: int, body: bytes, error: int = 0) -> bytes:
    return b"FINS" + struct.pack(">III", 8 + len(body), command, error) + body


NODES = wrapped(1, struct.pack(">II", 0xFB, 10))


def told(*answers: bytes) -> Played:
    return play(FINS, [server(answer) for answer in answers], strict=False)


def test_the_frame_goes_to_the_node_that_was_told_and_reads() -> None:
    sent = bytes(told(NODES, wrapped(2, READ + bytes(42))).wire.sent)
    assert sent[:20] == wrapped(0, bytes(4))
    frame = sent[20:]
    assert int.from_bytes(frame[4:8], "big") == len(frame) - 8
    assert (frame[20], frame[23], frame[26:]) == (10, 0xFB, b"\5\1\0")


def test_a_refusal_to_tell_is_an_answer() -> None:
    assert told(NODES, wrapped(2, READ + b"\x22\1")).wire.details == {"node": 10, "error": "2201"}


def test_no_free_address_is_an_answer() -> None:
    played = told(wrapped(1, bytes(8), error=0x21))
    assert played.service is not None
    assert played.wire.details == {"error": "0x00000021"}


@pytest.mark.parametrize(
    "answer", [wrapped(2, bytes(8)), wrapped(1, bytes(8)).replace(b"FINS", b"FINE"), wrapped(1, bytes(2000))]
)
def test_another_answer_is_let_go(answer: bytes) -> None:
    assert told(answer).service is None
