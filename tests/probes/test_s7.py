"""S7's connection and its lists."""

from __future__ import annotations

import struct

import pytest

from banner import probes
from banner.probes.s7 import COMPONENTS, CONNECT, MODULES, SETUP, read

from .conversation import Played, play, server
from .recordings.s7 import RECORDINGS

S7 = probes.get("s7")
CONNECTED, SET_UP = (turn.data for turn in RECORDINGS[1].turns[1:4:2])


def told(*answers: bytes) -> Played:
    return play(S7, [server(answer) for answer in answers], strict=False)


@pytest.mark.parametrize("packet", [CONNECT, SETUP, read(MODULES, 1), read(COMPONENTS, 2)])
def test_each_packet_is_as_long_as_it_says(packet: bytes) -> None:
    assert struct.unpack(">BBH", packet[:4]) == (3, 0, len(packet))


def test_lists_are_read_and_nothing_else() -> None:
    for number in (MODULES, COMPONENTS):
        body = read(number, 7)[4:]
        assert body[3:5] == b"\x32\x07", "user data"
        assert body[18:20] == b"\x44\x01", "a request of the group of processor functions: read a list"
        assert body[-4:] == struct.pack(">HH", number, 0)


def test_a_refused_connection_is_not_claimed() -> None:
    refused = bytes.fromhex("0300000b06800000000000")
    assert told(refused).service is None
    assert bytes(told(refused).wire.sent) == CONNECT


def test_another_service_on_iso_transport_is_not_claimed() -> None:
    assert told(CONNECTED, b"\3\0\0\x0b\2\xf0\x80\x0d\x0c\1\2").service is None


def test_a_controller_that_shows_no_lists_is_one_all_the_same() -> None:
    nothing = b"\3\0\0\7\2\xf0\x80"
    played = told(CONNECTED, SET_UP, nothing, nothing)
    assert played.service is not None
    assert (played.service.name, played.service.vendor, played.wire.details) == ("s7", None, {})


@pytest.mark.parametrize(
    ("at", "value"), [(33, b"\0\0"), (33, b"\xff\xff"), (35, b"\xff\xff"), (29, b"\0\x99"), (25, b"\x0a")]
)
def test_a_list_with_wrong_numbers_costs_only_itself(at: int, value: bytes) -> None:
    modules, components = (turn.data for turn in RECORDINGS[1].turns[5:8:2])
    changed = modules[: 4 + at] + value + modules[4 + at + len(value) :]
    played = told(CONNECTED, SET_UP, changed, components)
    assert played.service is not None
    assert played.wire.details["module_type"] == "CPU 315-2 PN/DP"
