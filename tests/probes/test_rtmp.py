"""RTMP: who gives back what we made up is one."""

from __future__ import annotations

import pytest

from banner import probes
from banner.probes.rtmp import C1, FILLING, SIZE

from .conversation import Played, play, server

RTMP = probes.get("rtmp")


def told(
    second: bytes = C1, time: bytes = bytes(4), version: bytes = bytes(4), first: bytes = b"\3"
) -> Played:
    return play(RTMP, [server(first + time + version + b"x" * (SIZE - 8) + second)], strict=False)


def test_our_half_is_as_long_as_it_must_be() -> None:
    assert bytes(play(RTMP, [], strict=False).wire.sent) == b"\3" + C1
    assert len(C1) == SIZE == 1536
    assert len(FILLING) == SIZE - 8


def test_the_time_and_the_version_of_an_adobe_server() -> None:
    played = told(time=b"\0\1\0\0", version=b"\3\5\7\1")
    assert played.service is not None
    assert played.wire.details == {"uptime": 65536, "version": "3.5.7.1"}


@pytest.mark.parametrize("version", [bytes(4), b"\x0d\x0e\x0a\xd0", b"\xff" * 4])
def test_random_bytes_are_no_version(version: bytes) -> None:
    assert told(version=version).wire.details == {}


def test_a_time_of_its_own_in_the_answer_is_no_difference() -> None:
    assert told(second=b"\0\0\1\2\0\0\0\7" + FILLING).service is not None


@pytest.mark.parametrize("second", [bytes(SIZE), C1[:-1] + b"\0"])
def test_who_gives_back_something_else_is_another(second: bytes) -> None:
    assert told(second=second).service is None


def test_another_first_byte_is_let_go_at_once() -> None:
    played = play(RTMP, [server(b"\6")], strict=False)
    assert (played.service, played.waits) == (None, 1)
