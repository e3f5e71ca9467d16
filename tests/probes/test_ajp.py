"""AJP: CPong and nothing else."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

AJP = probes.get("ajp")


@pytest.mark.parametrize(
    "said", [b"AB\x00\x01\x05", b"AB\x00\x02\x09", b"\x12\x34\x00\x01\x0a", b"HTTP/1.1 400 Bad\r\n"]
)
def test_another_packet_or_an_echo_is_not_claimed(said: bytes) -> None:
    assert play(AJP, [server(said)], strict=False).service is None
