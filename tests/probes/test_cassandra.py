"""CQL's SUPPORTED, and the errors that are as good."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import probes

from .conversation import Played, play, server

CASSANDRA = probes.get("cassandra")


def frame(body: bytes, *, version: int = 0x84, stream: bytes = b"ba", opcode: int = 6) -> Played:
    header = bytes([version, 0]) + stream + bytes([opcode]) + struct.pack(">i", len(body))
    return play(CASSANDRA, [server(header + body)], strict=False)


def error(code: int, message: bytes) -> bytes:
    return struct.pack(">iH", code, len(message)) + message


CQL = b"\0\1\0\x0bCQL_VERSION\0\1\0\x053.4.6"


def test_the_version_of_cql_is_not_the_servers() -> None:
    played = frame(CQL)
    assert played.service is not None
    assert played.service.version is None
    assert played.wire.details == {"cql_version": ["3.4.6"]}


def test_a_beta_version_is_an_error_on_any_stream() -> None:
    said = error(0x0A, b"Beta version of the protocol used (5/v5-beta), but USE_BETA flag is unset")
    assert frame(said, version=0x85, stream=b"\0\0", opcode=0).service is None
    said = error(0x0A, b"Invalid or unsupported protocol version (4); highest supported is 3")
    assert frame(said, version=0x83, stream=b"\0\0", opcode=0).service is not None


@pytest.mark.parametrize("body", [b"", b"\0\1", b"\0\1\0\x0bCQL", b"\0\0", b"\0\1\0\1A\0\1\0\1B"])
def test_what_does_not_name_cql_is_not_claimed(body: bytes) -> None:
    assert frame(body).service is None


def test_other_frames_are_not_claimed() -> None:
    assert frame(CQL, stream=b"xx").service is None
    assert frame(CQL, opcode=2).service is None
    assert frame(CQL, version=0x04).service is None  # a request: an echo
    assert frame(error(0x0A, b"go away"), opcode=0).service is None


@given(st.binary(max_size=200), st.sampled_from([0, 6]))
def test_any_body_is_survived(body: bytes, opcode: int) -> None:
    frame(body, opcode=opcode)
