"""adb: banners, demands, and what is no message."""

from __future__ import annotations

import pytest

from banner import probes
from banner.probes.adb import CONNECT, packet

from .conversation import play, server

ADB = probes.get("adb")


def test_the_packet_is_the_documented_one() -> None:
    # A_CNXN is 0x4e584e43; its magic is the complement; 0x232 is the sum of "host::\0".
    assert CONNECT.hex() == "434e584e000000010010000007000000" + "32020000bcb1a7b1" + b"host::\0".hex()


def test_a_device_that_demands_tls() -> None:
    played = play(ADB, [server(packet(b"STLS", 0x01000000, 0, b""))], strict=False)
    assert played.service is not None
    assert played.wire.details == {"auth_required": False, "tls_required": True}
    assert bytes(played.wire.sent) == CONNECT


@pytest.mark.parametrize(
    "banner", [b"", b"\0", b"device", b"device::", b"device::;;=;features=", b"\xff" * 90]
)
def test_any_banner_is_a_device(banner: bytes) -> None:
    played = play(ADB, [server(packet(b"CNXN", 0x01000000, 4096, banner))], strict=False)
    assert played.service is not None
    assert played.wire.details["auth_required"] is False


@pytest.mark.parametrize(
    "said",
    [
        CONNECT,  # an echo
        packet(b"CNXN", 1, 1, b"device::")[:-12] + b"\0" * 12,  # another magic
        packet(b"OPEN", 1, 1, b"shell:\0"),
        packet(b"CNXN", 1, 1, b"x" * 5000),
        b"AUTHENTICATE yourself, please, before you go on\r\n",
    ],
)
def test_what_is_no_answer_is_not_claimed(said: bytes) -> None:
    assert play(ADB, [server(said)], strict=False).service is None
