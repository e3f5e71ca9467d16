"""SOCKS 5: two bytes, and silence after them."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

SOCKS = probes.get("socks5")


@pytest.mark.parametrize(
    "said",
    [
        b"\x05\x01\x00",  # an echo
        b"\x05\x00\x0d\x03\x10\x00\x00\x00\x18\x00\x00\x00",  # DCE/RPC's bind_nak
        b"\x05\x02",  # a method that was not offered (RFC 1928, section 3)
        b"\x04\x00",
        b"\x00\x5b\x00\x00\x00\x00\x00\x00",  # SOCKS 4
    ],
)
def test_what_only_starts_alike_is_not_claimed(said: bytes) -> None:
    assert play(SOCKS, [server(said)], strict=False).service is None


def test_more_in_a_second_segment_is_not_socks() -> None:
    assert play(SOCKS, [server(b"\x05\x00\x0d\x03")], strict=False, size=2).service is None
