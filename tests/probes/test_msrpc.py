"""Microsoft's RPC: answers to a bind, and the endpoint mapper's towers."""

from __future__ import annotations

import struct
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import probes
from banner.probes._cursor import CutShortError
from banner.probes._epm import BIND, LOOKUP, described

from .conversation import Played, play, server

MSRPC = probes.get("msrpc")
INTERFACE = UUID("12345778-1234-abcd-ef00-0123456789ac")


def pdu(kind: int, body: bytes, *, flags: int = 3, version: bytes = b"\5\0", order: int = 0x10) -> bytes:
    return version + struct.pack("<BBIHHI", kind, flags, order, 16 + len(body), 0, 1) + body


def acknowledged(result: int = 0, address: bytes = b"135\0") -> bytes:
    head = struct.pack("<HHIH", 5840, 5840, 1, len(address)) + address
    padded = head + bytes(-len(head) % 4)
    return pdu(12, padded + struct.pack("<B3xHH", 1, result, 0) + bytes(20))


def floor(left: bytes, right: bytes) -> bytes:
    return struct.pack("<H", len(left)) + left + struct.pack("<H", len(right)) + right


def entries(*towers: bytes, note: bytes = b"samr\0") -> bytes:
    """The stub of an answer (C706, appendix O)."""
    count = len(towers)
    stub = bytes(20) + struct.pack("<4I", count, count, 0, count)
    for _ in towers:
        one = bytes(16) + struct.pack("<III", 1, 0, len(note)) + note
        stub += one + bytes(-(len(stub) + len(one)) % 4)
    for tower in towers:
        stub += struct.pack("<II", len(tower), len(tower)) + tower + bytes(-len(tower) % 4)
    return stub + bytes(4)


def tower(*floors: bytes) -> bytes:
    first = floor(b"\x0d" + INTERFACE.bytes_le + b"\1\0", b"\2\0")
    return struct.pack("<H", 1 + len(floors)) + first + b"".join(floors)


TCP = floor(b"\7", struct.pack(">H", 49664))


def held(*answers: bytes, deep: bool = False) -> Played:
    return play(MSRPC, [server(answer) for answer in answers], strict=False, deep=deep)


def test_the_requests_are_as_long_as_they_say() -> None:
    for request in (BIND, LOOKUP):
        assert int.from_bytes(request[8:10], "little") == len(request)
        assert request[10:12] == bytes(2), "unauthenticated"


def test_light_mode_only_binds() -> None:
    played = held(acknowledged())
    assert bytes(played.wire.sent) == BIND
    assert played.wire.details == {"secondary_address": "135"}


def test_a_refusal_is_told_and_asked_no_more() -> None:
    played = held(pdu(13, b"\4\0" + bytes(6)), deep=True)
    assert played.service is not None
    assert (played.wire.details, bytes(played.wire.sent)) == ({"refused": 4}, BIND)


def test_who_does_not_know_the_mapper_is_not_asked_for_its_map() -> None:
    assert bytes(held(acknowledged(result=2), deep=True).wire.sent) == BIND


def test_a_map_in_two_fragments() -> None:
    stub = entries(
        tower(
            floor(b"\x02" + bytes(18), b"\0\0"),
            floor(b"\x0b", b"\0\0"),
            TCP,
            floor(b"\x09", bytes([192, 0, 2, 7])),
        ),
        tower(floor(b"\x0f", b"\\pipe\\lsass\0"), floor(b"\x11", b"\\\\HOST\0")),
    )
    parts = [pdu(2, bytes(8) + stub[:50], flags=1), pdu(2, bytes(8) + stub[50:], flags=2)]
    assert held(acknowledged(), *parts, deep=True).wire.details == {
        "secondary_address": "135",
        "interfaces": [f"{INTERFACE} v1.2 samr"],
        "endpoints": ["ncacn_ip_tcp:49664", "ncacn_np:\\pipe\\lsass"],
        "addresses": ["192.0.2.7"],
        "host_names": ["HOST"],
    }


@pytest.mark.parametrize(
    "answer",
    [
        pdu(12, bytes(24), version=b"\5\1"),
        pdu(12, bytes(24), order=0),
        pdu(2, bytes(24)),
        b"\5\0\x0c\3\x10\0\0\0\x05\0\0\0\1\0\0\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_another_answer_is_let_go(answer: bytes) -> None:
    assert held(answer).service is None


@given(st.binary(max_size=300), st.integers(0, 150))
def test_damaged_maps_raise_only_their_own_error(noise: bytes, at: int) -> None:
    whole = entries(tower(TCP), tower(TCP), tower(TCP))
    for stub in (noise, whole[:at] + noise + whole[at:], whole[:at]):
        try:
            described(stub)
        except CutShortError:
            continue
