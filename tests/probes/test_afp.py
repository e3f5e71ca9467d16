"""AFP's server information: what is pointed at, and what is not there."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server
from .recordings.afp import RECORDINGS

AFP = probes.get("afp")


def told(block: bytes, head: bytes = b"\1\3\0\1\0\0\0\0") -> Played:
    return play(AFP, [server(head + struct.pack(">II", len(block), 0) + block)], strict=False)


def block(flags: int, further: bytes = b"") -> bytes:
    """The smallest: no versions, no methods, a name of one letter, and the offsets that follow it."""
    at = 12 + len(further)
    return struct.pack(">5H", at, at + 2, at + 3, 0, flags) + b"\1N" + further + b"\1M" + b"\0" + b"\0"


def test_a_server_of_the_first_version_has_no_further_offsets() -> None:
    details = told(block(0x1)).wire.details
    assert details == {
        "server_name": "N", "machine_type": "M", "versions": [], "mechanisms": [], "flags": ["copy-file"],
    }  # fmt: skip


def test_an_offset_that_no_flag_speaks_of_is_not_followed() -> None:
    assert "signature" not in told(block(0x20, struct.pack(">4H", 2, 0, 0, 0))).wire.details


@pytest.mark.parametrize("flags", [0x10, 0x20, 0x200])
def test_what_is_pointed_at_outside_is_another_service(flags: int) -> None:
    assert told(block(flags, struct.pack(">4H", 9999, 9999, 9999, 9999))).service is None


@pytest.mark.parametrize("head", [b"\0\3\0\1\0\0\0\0", b"\1\4\0\1\0\0\0\0", b"\1\3\0\1\xff\xff\xec\x6a"])
def test_another_answer_is_let_go(head: bytes) -> None:
    assert told(block(0), head).service is None


def test_nothing_but_the_question_is_said() -> None:
    assert all(len(recording.sent()) == 16 for recording in RECORDINGS)
