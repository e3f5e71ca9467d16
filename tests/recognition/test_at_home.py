"""Greetings of a few bytes, which mean something at one port and nothing at others."""

from __future__ import annotations

import pytest

from banner import identify
from banner.recognition.signatures import AT_HOME

SAID = {
    2000: (b"\1\0\0\0", "bandwidth-test", "Bandwidth Test"),
    8291: (b"\x0a\1\0\x08M2\7\0\xff\x09\7\1", "winbox", "RouterOS"),
    8765: (b"+\0\0\0", "icecc", "icecc scheduler"),
}
NEAR = [
    b"\1\0\0\1",
    b"\1\0\0\0\0",
    b"\0\0\0\0",
    b"\x0a\1\0\x08M3\7\0\xff\x09\7\1",
    b"\x03\0\0\0",
    b"++++",
    b"+\0\0",
]


def test_each_has_an_example() -> None:
    assert AT_HOME.keys() == SAID.keys()


@pytest.mark.parametrize("port", SAID)
def test_it_is_told_at_its_own_port_and_at_no_other(port: int) -> None:
    data, name, product = SAID[port]
    found = identify(data, port=port)
    assert found is not None
    assert (found.name, found.product) == (name, product)
    for other in (None, 23, 80, 3000, *(SAID.keys() - {port})):
        told = identify(data, port=other)
        assert told is None or told.product is None


@pytest.mark.parametrize("port", SAID)
@pytest.mark.parametrize("data", NEAR)
def test_what_is_nearly_it_is_not_told(port: int, data: bytes) -> None:
    found = identify(data, port=port)
    assert found is None or found.product is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\4" + bytes(8) + b"\1\0\0", "sccp"),
        (b"\3\0\0\x10\x08\2\xda\x31\x7d\x08\2\x80\x9e\x14\1\0", "h323"),
        (b"\3\0\0\x10\x08\2\x5a\x31\x7d\x08\2\x80\x9e\x14\1\0", None),  # from the side that asks
        (b"\3\0\0\x13\x0e\xd0\0\0\x124\0\2\x1f\x08\0\2\0\0\0", None),
        (b"0 gate_one 17.7\n", "tinc"),
        (b"0 found 17\n", None),
        (b"0 errors 17.7 s\n", None),
    ],
)
def test_answers_without_a_product_of_their_own(data: bytes, name: str | None) -> None:
    found = identify(data)
    assert (found and found.name) == name
