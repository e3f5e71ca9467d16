"""DNP3's data link."""

from __future__ import annotations

import struct

import pytest

from banner import probes
from banner.probes.dnp3 import LINK_STATUS, MASTER, NOT_SUPPORTED, REQUEST_LINK_STATUS, SELF, crc, frame

from .conversation import play, server

DNP3 = probes.get("dnp3")


def test_the_checksum_is_the_one_of_its_catalogue() -> None:
    assert crc(b"123456789") == 0xEA82  # CRC-16/DNP, "Catalogue of parametrised CRC algorithms"


def test_only_the_link_is_asked() -> None:
    sent = bytes(play(DNP3, [], strict=False).wire.sent)
    assert sent == frame(REQUEST_LINK_STATUS, SELF, MASTER)
    assert (sent[:4], len(sent)) == (b"\x05\x64\x05\xc9", 10)


@pytest.mark.parametrize(
    ("control", "said"),
    [(LINK_STATUS, "link status"), (NOT_SUPPORTED, "not supported"), (0x1B, "link status"), (0x44, "0x44")],
)
def test_what_the_link_answers(control: int, said: str) -> None:
    played = play(DNP3, [server(frame(control, MASTER, 10))], strict=False)
    assert played.wire.details == {"address": 10, "function": said}


@pytest.mark.parametrize(
    "answer", [frame(0x0B, 1, 10)[:-1] + b"?", b"\x05\x65" + bytes(8), b"\x05\x64" + struct.pack("<6xH", 0)]
)
def test_a_frame_with_a_wrong_checksum_is_let_go(answer: bytes) -> None:
    assert play(DNP3, [server(answer)], strict=False).service is None
