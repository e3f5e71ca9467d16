"""X.509 certificates, DER -> `Certificate`: each field on its own (RFC 5280, section 4.1).

A scanner meets certificates that strict libraries refuse as a whole: negative serial numbers, impossible
dates, 512-bit keys, names that are no UTF-8. So the fields are split by position and read one by one, each
from its own bytes: a malformed one is absent and costs nothing else, and of a certificate that breaks off
what came is had. `cryptography` reads the good ones alike (the tests compare), but refuses the others in one
piece, and its import takes longer than a thousand certificates here. Every list, length and number is
bounded; nothing is verified. Many hosts show the same certificate, so the last ones are kept.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

import msgspec

from ..models import Certificate, Issued
from ..text.patterns import lazily
from . import der, oids
from .der import MalformedError

LARGEST = 65536
"""Octets of a certificate that is looked into; those with a thousand names take about 30 kB."""
MOST_NAMES = 256
"""Names that are kept; the public authorities issue for 100 at most, or 250."""
LONGEST_NAME = 253
"""Octets of a DNS name (RFC 1035, section 2.3.4, without the length and root octets)."""
LONGEST_DN = 4096
"""Characters of a distinguished name; one with all of X.520's attributes at their bounds is shorter."""
LONGEST_SERIAL = 64
"""Octets; RFC 5280 4.1.2.2 allows 20, and more are met."""

_ESCAPED = str.maketrans({**{char: f"\\{char}" for char in '"+,;<>\\'}, "\0": "\\00"})
"""RFC 4514, section 2.4."""
_ESCAPES = lazily(r'[",+;<>\\\0]|\A[# ]| \Z')
"""Whether any of it is there; hardly ever."""

_KEPT_EXTENSIONS = {oids.SUBJECT_KEY, oids.ALTERNATIVE_NAMES, oids.AUTHORITY_KEY}
_DNS_NAME, _ADDRESS = 0x82, 0x87
"""The tags of GeneralName's choices that say where a service is (RFC 5280, section 4.2.1.6)."""

_KEY_IDENTIFIER = 0x80
"""AuthorityKeyIdentifier's first choice (RFC 5280, section 4.2.1.1)."""
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_FIELDS = ("serial", "signature", "issuer", "validity", "subject", "key")
"""TBSCertificate's fields after the version, in their order (RFC 5280, section 4.1)."""

Element = tuple[int, bytes]
Value = TypeVar("Value")


def parse(data: bytes, now: float) -> Certificate:
    """The fields of a certificate in DER form; `now` (POSIX seconds) decides about ``expired``.

    Never raises for whatever `data` holds: what cannot be read is absent. ``self_signed`` compares names
    and key identifiers; the signature is not verified.
    """
    certificate, _, not_after = read(data)
    if not_after is None:
        return certificate
    return msgspec.structs.replace(certificate, expired=not_after < now)


class Read(NamedTuple):
    """What a certificate's bytes tell at any time."""

    certificate: Certificate
    """Without ``expired``."""
    issued: Issued
    """The same as one of a chain."""
    not_after: float | None
    """The end of its validity, in POSIX seconds."""


def read(data: bytes) -> Read:
    """The fields of a certificate in DER form. Never raises for whatever `data` holds."""
    return _read(data) if len(data) <= LARGEST else _told(Certificate(_fingerprint(data)), None)


def _told(one: Certificate, end: datetime | None) -> Read:
    issued = Issued(one.sha256, one.subject, one.issuer, one.not_before, one.not_after)
    return Read(one, issued, end.timestamp() if end else None)


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@lru_cache(256)
def _read(data: bytes) -> Read:
    fields, extensions = _split(data)
    key_type, key_bits = _try(_key, fields.get("key")) or (None, None)
    start, end = _try(_validity, fields.get("validity")) or (None, None)
    certificate = Certificate(
        _fingerprint(data),
        subject=_try(_distinguished_name, fields.get("subject")),
        names=_names(extensions.get(oids.ALTERNATIVE_NAMES, b"")),
        issuer=_try(_distinguished_name, fields.get("issuer")),
        not_before=_rfc3339(start),
        not_after=_rfc3339(end),
        self_signed=_self_signed(fields, extensions),
        key_type=key_type,
        key_bits=key_bits,
        signature_algorithm=_try(_signature, fields.get("signature")),
        serial=_try(_serial, fields.get("serial")),
        spki_sha256=_try(_key_fingerprint, fields.get("key")),
    )
    return _told(certificate, end)


def _try(read: Callable[[Element | None], Value], element: Element | None) -> Value | None:
    """What `read` makes of `element`, or None where it is malformed or missing."""
    try:
        return read(element)
    except (ValueError, OverflowError):
        return None


def _split(data: bytes) -> tuple[dict[str, Element], dict[bytes, bytes]]:
    """The fields as elements and the extensions' values, as far as they can be told apart."""
    found: list[Element] = []
    try:
        signed = der.inside(der.inside(data, der.SEQUENCE, cut=True), der.SEQUENCE, cut=True)
        found.extend(der.elements(signed))
    except MalformedError:
        pass
    if found and found[0][0] == _VERSION:
        del found[0]
    extensions = next((content for tag, content in found[len(_FIELDS) :] if tag == _EXTENSIONS), b"")
    return dict(zip(_FIELDS, found, strict=False)), _extensions(extensions)


def _extensions(data: bytes) -> dict[bytes, bytes]:
    """The values of the extensions that matter here, by object identifier; the first of each counts."""
    values: dict[bytes, bytes] = {}
    try:
        for tag, content in der.elements(der.inside(data, der.SEQUENCE, cut=True)):
            parts = list(der.elements(content)) if tag == der.SEQUENCE else []
            if len(parts) >= 2 and parts[0][1] in _KEPT_EXTENSIONS:
                values.setdefault(parts[0][1], der.expect(parts[-1], der.OCTET_STRING))
    except MalformedError:
        pass
    return values


def _serial(element: Element | None) -> str:
    number = der.expect(element, der.INTEGER)
    if not 0 < len(number) <= LONGEST_SERIAL or number[0] >= 0x80:
        raise MalformedError("a serial number is positive (RFC 5280, section 4.1.2.2)")
    return number.lstrip(b"\0").hex() or "00"


def _key_fingerprint(element: Element | None) -> str:
    """Of the whole SubjectPublicKeyInfo, header included, as RFC 7469, section 2.4, pins keys."""
    content = der.expect(element, der.SEQUENCE)
    return hashlib.sha256(der.encoded(der.SEQUENCE, content)).hexdigest()


def _signature(element: Element | None) -> str:
    algorithm = der.inside(der.expect(element, der.SEQUENCE), der.OBJECT_IDENTIFIER)
    return oids.SIGNATURES.get(algorithm) or der.dotted(algorithm)


@lru_cache(64)
def _distinguished_name(element: Element | None) -> str:
    """RFC 4514: the last relative name first; what is no character string as its DER in hexadecimal.

    A few issuers have issued most certificates, so the last ones are kept.
    """
    relative = []
    for tag, content in der.elements(der.expect(element, der.SEQUENCE)):
        parts = der.elements(der.expect((tag, content), der.SET))
        relative.append("+".join(_attribute(der.expect(part, der.SEQUENCE)) for part in parts))
    name = ",".join(reversed(relative))
    if len(name) > LONGEST_DN:
        raise MalformedError("a name of unreasonable length")
    return name


def _attribute(data: bytes) -> str:
    number, value = list(der.elements(data))[:2]
    kind = der.expect(number, der.OBJECT_IDENTIFIER)
    name = oids.ATTRIBUTES.get(kind)
    if name:
        try:
            return f"{name}={_escape(der.text(*value))}"
        except MalformedError:
            pass
    return f"{name or der.dotted(kind)}=#{data[2 + len(kind) :].hex()}"


def _escape(value: str) -> str:
    if not _ESCAPES.search(value):
        return value
    escaped = value.translate(_ESCAPED)
    if value.startswith(("#", " ")):
        escaped = "\\" + escaped
    if value.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped


def _validity(element: Element | None) -> tuple[datetime | None, datetime | None]:
    start, end = list(der.elements(der.expect(element, der.SEQUENCE)))[:2]
    return _try(der.moment, start), _try(der.moment, end)


def _rfc3339(moment: datetime | None) -> str | None:
    return moment.isoformat()[:19] + "Z" if moment else None


def _key(element: Element | None) -> tuple[str, int | None]:
    """Type and size of SubjectPublicKeyInfo's key; an unknown type by its object identifier."""
    algorithm, key = list(der.elements(der.expect(element, der.SEQUENCE)))[:2]
    kind, *parameters = list(der.elements(der.expect(algorithm, der.SEQUENCE)))
    number = der.expect(kind, der.OBJECT_IDENTIFIER)
    if number in oids.FIXED:
        return oids.FIXED[number]
    if number in oids.RSA:
        return "rsa", _try(_modulus_bits, key)
    if number == oids.DSA:
        return "dsa", _try(_prime_bits, parameters[0] if parameters else None)
    if number == oids.EC:
        curve = parameters[0][1] if parameters else b""
        return "ecdsa", oids.CURVES.get(curve) or _try(_point_bits, key)
    return der.dotted(number), None


def _modulus_bits(key: Element | None) -> int:
    """RSAPublicKey's modulus (RFC 3279, section 2.3.1); the bit string's first octet counts unused bits."""
    numbers = der.inside(der.expect(key, der.BIT_STRING)[1:], der.SEQUENCE)
    return der.bits(der.inside(numbers, der.INTEGER))


def _prime_bits(parameters: Element | None) -> int:
    """The prime p of Dss-Parms (RFC 3279, section 2.3.2)."""
    return der.bits(der.inside(der.expect(parameters, der.SEQUENCE), der.INTEGER))


def _point_bits(key: Element | None) -> int:
    """The field's size from an ECPoint: compressed (02, 03) or not (04) (RFC 5480, section 2.2)."""
    point = der.expect(key, der.BIT_STRING)[1:]
    if point[:1] in (b"\2", b"\3") and len(point) > 1:
        return 8 * (len(point) - 1)
    if point[:1] == b"\4" and len(point) > 2:
        return 4 * (len(point) - 1)
    raise MalformedError("not a point")


def _names(extension: bytes) -> tuple[str, ...]:
    """The DNS names and addresses of subjectAltName; a malformed one costs itself."""
    names: dict[str, None] = {}
    try:
        for tag, content in der.elements(der.inside(extension, der.SEQUENCE, cut=True)):
            if name := _name(tag, content):
                names[name] = None
            if len(names) == MOST_NAMES:
                break
    except MalformedError:
        pass
    return tuple(names)


def _name(tag: int, content: bytes) -> str | None:
    if tag == _DNS_NAME and len(content) <= LONGEST_NAME and content.isascii():
        return content.decode()
    if tag == _ADDRESS and len(content) in (4, 16):
        return str(ipaddress.ip_address(content))
    return None


def _self_signed(fields: dict[str, Element], extensions: dict[bytes, bytes]) -> bool | None:
    """Whether issuer and subject are one: the names, and the key identifiers where both are given.

    The identifiers tell apart an authority and a certificate of the same default name.
    """
    issuer, subject = fields.get("issuer"), fields.get("subject")
    if not issuer or not subject or subject[0] != der.SEQUENCE:
        return None
    if issuer != subject:
        return False
    try:
        own = der.inside(extensions[oids.SUBJECT_KEY], der.OCTET_STRING)
        signer = der.inside(der.inside(extensions[oids.AUTHORITY_KEY], der.SEQUENCE), _KEY_IDENTIFIER)
    except (KeyError, MalformedError):
        return True
    return own == signer
