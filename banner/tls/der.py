"""DER, the encoding of certificates, read leniently and within bounds (ITU-T X.690).

Each function reads one level: `elements` splits content octets into tag and content, lazily, so that what
stands before a malformed element is still had. Nothing recurses and nothing is read twice. Tags are the
identifier octet as it stands (X.690, section 8.1.2); tags of more than one octet and indefinite lengths do
not occur in certificates and count as malformed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from ..text.patterns import lazily

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

STRINGS: Final = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString: T.61 on paper, Latin-1 in the certificates that are out there
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
"""The codecs of ASN.1's character strings (X.680, section 41) by tag."""

MOST = 1024
"""How many elements of one level are looked at: far above what certificates hold, and bounded."""

LONGEST_OID = 64
"""Octets of an object identifier; the longest in use take about 20."""


class MalformedError(ValueError):
    """Bytes that are not DER, or not what stands in this place."""


def elements(data: bytes, *, cut: bool = False) -> Iterator[tuple[int, bytes]]:
    """The elements in `data`, one after another, as (tag, content); at most `MOST`.

    Raises `MalformedError` on reaching one that is not whole; with `cut`, what there is of it is yielded.
    """
    at, end = 0, len(data)
    for _ in range(MOST):
        if at >= end:
            return
        tag = data[at]
        length = data[at + 1] if at + 1 < end else 0x80
        start = at + 2
        if length >= 0x80:
            start, length = _long(data, start, length - 0x80)
        if tag & 0x1F == 0x1F:
            raise MalformedError("a tag of several octets")
        stop = start + length
        if stop > end and not cut:
            raise MalformedError("an element is longer than what holds it")
        yield tag, data[start:stop]
        at = stop


def inside(data: bytes, tag: int, *, cut: bool = False) -> bytes:
    """The content of the first element of `data`, which must have this `tag`."""
    for found, content in elements(data, cut=cut):
        if found != tag:
            break
        return content
    raise MalformedError(f"no element {tag:#04x} where one must stand")


def expect(element: tuple[int, bytes] | None, tag: int) -> bytes:
    """The content of `element`, which must be there and have this `tag`."""
    if element is None or element[0] != tag:
        raise MalformedError(f"no element {tag:#04x} where one must stand")
    return element[1]


def encoded(tag: int, content: bytes) -> bytes:
    """An element from its parts (X.690, section 8.1.3; the shortest length, 10.1)."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | octets)) + size.to_bytes(octets) + content


def _long(data: bytes, at: int, count: int) -> tuple[int, int]:
    """Where an element's content starts and how long it is, whose length takes the `count` octets at `at`."""
    # Four octets of length reach 4 GiB: a bound on the arithmetic, not on certificates.
    if not 0 < count <= 4 or at + count > len(data):
        raise MalformedError("no length")
    return at + count, int.from_bytes(data[at : at + count])


def dotted(oid: bytes) -> str:
    """An object identifier's content as dotted decimal (X.690, section 8.19)."""
    if not oid or len(oid) > LONGEST_OID or oid[-1] >= 0x80:
        raise MalformedError("not an object identifier")
    arcs: list[int] = []
    value = 0
    for octet in oid:
        value = value << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def oid(text: str) -> bytes:
    """The content of the object identifier that `text` writes in dotted decimal."""
    first, second, *rest = map(int, text.split("."))
    out = bytearray()
    for arc in (40 * first + second, *rest):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(arc & 0x7F | 0x80)
        out += bytes(reversed(octets))
    return bytes(out)


def text(tag: int, content: bytes) -> str:
    """A character string. Raises `MalformedError` for other types and for bytes that are none."""
    codec = STRINGS.get(tag)
    if codec is None:
        raise MalformedError("not a character string")
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise MalformedError(str(error)) from None


def bits(integer: bytes) -> int:
    """How many bits the magnitude of an INTEGER's content takes: the size of a key with this modulus."""
    if not integer or integer[0] >= 0x80:
        raise MalformedError("not a positive number")
    return int.from_bytes(integer).bit_length()


_TIME = lazily(
    rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?(?:[.,][0-9]+)?"
    rb"(?:Z|([+-])([0-9]{2})([0-9]{2}))?"
)


def moment(element: tuple[int, bytes] | None) -> datetime:
    """UTCTime or GeneralizedTime (X.680, sections 46 and 47) in UTC, to the second.

    RFC 5280 4.1.2.5 allows less: there are always seconds, never an offset. Raises `ValueError` or
    `OverflowError` for what is no moment of the years 1 to 9999.
    """
    tag, content = element or (0, b"")
    if tag == UTC_TIME:
        # RFC 5280 4.1.2.5.1: years below 50 are of this century.
        content = (b"20" if content[:1] < b"5" else b"19") + content
    elif tag != GENERALIZED_TIME:
        raise MalformedError("not a time")
    match = _TIME.fullmatch(content)
    if not match:
        raise MalformedError("not a time")
    year, month, day, hour, minute, second, sign, hours, minutes = match.groups(b"0")
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign == b"0":
        return local
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return local + offset if sign == b"-" else local - offset
