"""DER, read leniently and within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.tls import der


@pytest.mark.parametrize(
    "data", [b"\x30", b"\x30\x80\0\0", b"\x30\x05\0", b"\x30\x85\0\0\0\0\0", b"\x30\x82\1", b"\x1f\1\0"]
)
def test_what_is_not_whole_or_not_der_is_malformed(data: bytes) -> None:
    with pytest.raises(der.MalformedError):
        list(der.elements(data))


def test_what_stands_before_a_malformed_element_is_had_and_a_cut_one_on_request() -> None:
    data = b"\x02\x01\x05\x04\x03ab"
    reading = der.elements(data)
    assert next(reading) == (2, b"\5")
    with pytest.raises(der.MalformedError):
        next(reading)
    assert list(der.elements(data, cut=True)) == [(2, b"\5"), (4, b"ab")]
    assert len(list(der.elements(b"\5\0" * 5000))) == der.MOST


def test_a_place_holds_what_stands_in_it() -> None:
    assert der.inside(b"\x30\x01x", der.SEQUENCE) == b"x"
    for wrong in (b"", b"\x31\0"):
        with pytest.raises(der.MalformedError):
            der.inside(wrong, der.SEQUENCE)
    with pytest.raises(der.MalformedError):
        der.expect(None, der.SEQUENCE)


@given(st.binary(max_size=200))
def test_any_bytes_are_split_within_bounds(data: bytes) -> None:
    try:
        parts = list(der.elements(data))
    except der.MalformedError:
        return
    assert sum(2 + len(content) for _, content in parts) <= len(data)


@given(st.lists(st.integers(0, 2**40), max_size=8))
def test_an_object_identifier_survives_the_way_there_and_back(arcs: list[int]) -> None:
    for first in ("0.39", "1.0", "2.999"):
        text = ".".join([first, *map(str, arcs)])
        if len(der.oid(text)) <= der.LONGEST_OID:
            assert der.dotted(der.oid(text)) == text
