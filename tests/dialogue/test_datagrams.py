"""Datagrams as a dialogue sees them: whole, one after the other, and bounded."""

from __future__ import annotations

import pytest

from banner import End
from banner.dialogue import Datagrams, Ended, Want


def test_each_datagram_is_sent_and_read_by_itself() -> None:
    wire = Datagrams("h", 53)
    wire.send(b"one")
    wire.send(b"")
    assert wire.leaving() == [b"one", b""]
    assert wire.leaving() == []
    asked = wire.datagram()
    assert next(asked) is Want.BYTES
    wire.arrived(b"")
    wire.arrived(b"two", 1069)
    with pytest.raises(StopIteration) as read:
        next(asked)
    assert read.value.value == b""
    with pytest.raises(StopIteration) as read:
        next(wire.datagram())
    assert (read.value.value, wire.other_port, bytes(wire.received)) == (b"two", 1069, b"two")


def test_what_is_too_long_is_cut_and_a_flood_is_dropped() -> None:
    wire = Datagrams("h", 53, limit=5)
    for _ in range(100):
        wire.arrived(b"abc")
    assert bytes(wire.received) == b"abcab"
    assert wire.end is End.LIMIT


def test_what_came_is_read_before_the_end_is_told() -> None:
    wire = Datagrams()
    wire.arrived(b"last")
    wire.close(End.DEADLINE)
    with pytest.raises(StopIteration):
        next(wire.datagram())
    with pytest.raises(Ended):
        next(wire.datagram())
