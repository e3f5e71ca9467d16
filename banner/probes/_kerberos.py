"""What both transports of Kerberos share: a request by nobody, and the refusal's fields.

Source: RFC 4120, sections 5.4.1 (KRB_KDC_REQ), 5.9.1 (KRB_ERROR) and 7.5.9 (error codes).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import _ber
from ._text import text

NOBODY, REALM = b"banner", b"BANNER"
TILL = b"20370913024805Z"
_AS_REQ, _KRB_ERROR = 10, 30
_CODES = {6: "client unknown", 25: "pre-authentication required", 68: "wrong realm"}
_TIME, _CODE, _REALM, _TEXT = 4, 6, 9, 11
"""The fields of KRB-ERROR that are read, by their tags."""


def described(error: dict[int, bytes]) -> dict[str, Any]:
    """The details that a KRB-ERROR leaves."""
    code = int.from_bytes(error[_CODE][:4], "big")
    details: dict[str, Any] = {"error": _CODES.get(code, str(code))}
    if time := _moment(error.get(_TIME, b"")):
        details["server_time"] = time
    for field, name in ((_REALM, "realm"), (_TEXT, "error_text")):
        said = text(error.get(field, b"").rstrip(b"\0"))
        if said and (name, said) != ("realm", REALM.decode()):  # most repeat the one that they were asked for
            details[name] = said
    return details


def _moment(said: bytes) -> str | None:
    """A KerberosTime (section 5.2.3) in RFC 3339; None for what is no time of the calendar."""
    if len(said) != 15:
        return None
    try:
        return datetime.strptime(said.decode("ascii"), "%Y%m%d%H%M%SZ").isoformat() + "Z"
    except ValueError:
        return None


def request(number: int) -> bytes:
    """AS-REQ for a ticket to the realm's own service."""
    body = _sequence(
        _tagged(0, _ber.encode(0x03, bytes(5))),  # no options
        _tagged(1, _name(1, NOBODY)),
        _tagged(2, _ber.encode(0x1B, REALM)),
        _tagged(3, _name(2, b"krbtgt", REALM)),
        _tagged(5, _ber.encode(0x18, TILL)),
        _tagged(7, _ber.integer(number)),
        _tagged(8, _sequence(_ber.integer(18), _ber.integer(17))),  # AES of 256 and 128 bits
    )
    kind = _tagged(1, _ber.integer(5)), _tagged(2, _ber.integer(_AS_REQ))
    return _ber.encode(0x60 | _AS_REQ, _sequence(*kind, _tagged(4, body)))


def _sequence(*content: bytes) -> bytes:
    return _ber.encode(0x30, *content)


def _tagged(number: int, content: bytes) -> bytes:
    return _ber.encode(0xA0 | number, content)


def _name(kind: int, *parts: bytes) -> bytes:
    """A PrincipalName (section 5.2.2)."""
    return _sequence(
        _tagged(0, _ber.integer(kind)), _tagged(1, _sequence(*(_ber.encode(0x1B, part) for part in parts)))
    )


def refusal(data: bytes) -> dict[int, bytes] | None:
    """The fields of a KRB-ERROR, by their tags; None for what is none."""
    try:
        ((outer, inner),) = _ber.elements(data)
        ((sequence, content),) = _ber.elements(inner)
        if outer != 0x60 | _KRB_ERROR or sequence != 0x30:
            return None
        fields = {tag & 0x1F: next(_ber.elements(value))[1] for tag, value in _ber.elements(content) if value}
    except ValueError:
        return None
    head = fields.get(0), fields.get(1)
    return fields if head == (b"\5", bytes([_KRB_ERROR])) and _CODE in fields else None
