"""As much of BER (X.690) as LDAP uses: definite lengths, tags of one byte."""

from __future__ import annotations

from collections.abc import Iterator


def encode(tag: int, *content: bytes) -> bytes:
    """One element of `tag` around `content`, in the shortest form."""
    body = b"".join(content)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(value: int, tag: int = 2) -> bytes:
    """A small INTEGER, or an ENUMERATED with its tag (10)."""
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def head(data: bytes) -> tuple[int, int] | None:
    """Bytes of the header and of the content of the element that `data` begins with.

    None where the header has not come yet. Raises `ValueError` for a length that is indefinite or takes more
    than four bytes.
    """
    if len(data) < 2:
        return None
    if data[1] < 0x80:
        return 2, data[1]
    size = data[1] & 0x7F
    if not 1 <= size <= 4:
        raise ValueError("not a definite length")
    if len(data) < 2 + size:
        return None
    return 2 + size, int.from_bytes(data[2 : 2 + size], "big")


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element in `data`. Raises `ValueError` where one is cut short."""
    at = 0
    while at < len(data):
        measured = head(data[at : at + 6])
        if measured is None or at + sum(measured) > len(data):
            raise ValueError("cut short")
        start = at + measured[0]
        yield data[at], data[start : start + measured[1]]
        at += sum(measured)
