"""HTTP/2's first frame of a server: whose it is, and whose it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import banner
from banner import testing
from banner.recognition import frames

GRPC = bytes.fromhex("0000060400000000 00fe0300000001")
PLAIN = bytes.fromhex("00000c0400000000 00000300000080 00040000ffff")


def test_the_settings_have_their_names() -> None:
    assert frames.settings(PLAIN) == {"max_concurrent_streams": 128, "initial_window_size": 65535}
    assert frames.settings(PLAIN + b"more") == frames.settings(PLAIN)
    assert frames.settings(bytes.fromhex("000000040000000000")) == {}


@pytest.mark.parametrize(
    "other",
    [
        PLAIN[:-1],
        PLAIN[:3] + b"\6" + PLAIN[4:],  # PING
        PLAIN[:4] + b"\1" + PLAIN[5:],  # an acknowledgement
        PLAIN[:8] + b"\1" + PLAIN[9:],  # on a stream
        b"\0\0\5" + PLAIN[3:],
        b"\xff\xff\xfc" + PLAIN[3:],
    ],
)
def test_another_frame_is_no_greeting(other: bytes) -> None:
    assert frames.settings(other) is None


@pytest.mark.parametrize("greeting", [GRPC, PLAIN, bytes.fromhex("000000040000000000")])
def test_a_part_of_a_greeting_is_waited_for(greeting: bytes) -> None:
    assert [frames.begins(greeting[:size]) for size in range(1, len(greeting))] == [True] * (
        len(greeting) - 1
    )
    assert not frames.begins(greeting)
    for other in (b"", b"HT", b"\1\0", greeting[:3] + b"\6", greeting[:4] + b"\1", b"\0\2\0\4"):
        assert not frames.begins(other), other


@given(st.binary(max_size=64))
def test_no_bytes_raise_anything(data: bytes) -> None:
    frames.settings(data)


@pytest.mark.parametrize(("greeting", "info"), [(GRPC, "HTTP/2, gRPC"), (PLAIN, "HTTP/2")])
async def test_who_greets_with_settings_is_http(greeting: bytes, info: str) -> None:
    async with testing.greeter(greeting) as server:
        grab = await banner.grab(server.host, server.port)
    assert grab.service is not None
    assert (grab.service.name, grab.service.info) == ("http", info)
    assert grab.details["http2"] == frames.settings(greeting)
