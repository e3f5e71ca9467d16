"""Certificates: by `cryptography`, and by hand with one part of them replaced."""

from __future__ import annotations

import datetime
import hashlib

from banner.models import Certificate
from banner.tls import certificate, der

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC).timestamp()


def tlv(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 + len(octets)]) + octets + content


SERIAL = tlv(der.INTEGER, b"\x01\x02")
SIGNATURE = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.840.113549.1.1.5")), b"\x05\x00")


def dn(value: bytes, tag: int = 0x0C, oid: str = "2.5.4.3") -> bytes:
    return tlv(der.SEQUENCE, tlv(der.SET, tlv(der.SEQUENCE, tlv(6, der.oid(oid)), tlv(tag, value))))


def validity(
    start: bytes = b"200101000000Z", end: bytes = b"300101000000Z", tag: int = der.UTC_TIME
) -> bytes:
    return tlv(der.SEQUENCE, tlv(tag, start), tlv(tag, end))


def rsa_key(bits: int) -> bytes:
    numbers = tlv(
        der.SEQUENCE, tlv(der.INTEGER, b"\0" + (1 << bits - 1 | 1).to_bytes(bits // 8)), b"\x02\x01\x03"
    )
    algorithm = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.840.113549.1.1.1")), b"\x05\x00")
    return tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\0" + numbers))


def alternative_names(*names: bytes) -> bytes:
    value = tlv(der.OCTET_STRING, tlv(der.SEQUENCE, *names))
    return tlv(0xA3, tlv(der.SEQUENCE, tlv(der.SEQUENCE, tlv(6, der.oid("2.5.29.17")), value)))


def handmade(
    serial: bytes = SERIAL,
    signature: bytes = SIGNATURE,
    issuer: bytes = dn(b"authority"),
    dates: bytes = validity(),
    subject: bytes = dn(b"a.example"),
    key: bytes = rsa_key(1024),
    extensions: bytes = alternative_names(tlv(0x82, b"a.example")),
) -> bytes:
    """A certificate put together by hand, so that any part of it can be wrong; its signature is none."""
    signed = tlv(
        der.SEQUENCE, b"\xa0\x03\x02\x01\x02", serial, signature, issuer, dates, subject, key, extensions
    )
    return tlv(der.SEQUENCE, signed, SIGNATURE, tlv(der.BIT_STRING, b"\0sig"))


GOOD = certificate.parse(handmade(), NOW)


def but(data: bytes, *lost: str) -> Certificate:
    """Parse `data`; every field is as in the good one but those `lost`. Returned for a closer look."""
    parsed = certificate.parse(data, NOW)
    for field in GOOD.__struct_fields__:
        if field != "sha256" and field not in lost:
            assert getattr(parsed, field) == getattr(GOOD, field), field
    assert parsed.sha256 == hashlib.sha256(data).hexdigest()
    return parsed
