"""As much of BER as LDAP uses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.probes._ber import elements, encode, head, integer


@given(st.binary(max_size=70000))
def test_what_is_encoded_is_read_back(content: bytes) -> None:
    data = encode(4, content)
    assert list(elements(data + data)) == [(4, content)] * 2
    measured = head(data)
    assert measured is not None
    assert sum(measured) == len(data)


@pytest.mark.parametrize(
    ("value", "data"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (256, "02020100")]
)
def test_integers(value: int, data: str) -> None:
    assert integer(value).hex() == data


def test_a_header_that_has_not_come() -> None:
    assert head(b"") is None
    assert head(b"\x30") is None
    assert head(b"\x30\x82\x01") is None


@pytest.mark.parametrize("data", [b"\x30\x80", b"\x30\x85\0\0\0\0\1"])
def test_lengths_that_are_not_read(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a definite length"):
        head(data)


@pytest.mark.parametrize("data", [b"\x04", b"\x04\x02a", b"\x04\x01ab", b"\x04\x82\x01"])
def test_what_is_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="cut short"):
        list(elements(data))
