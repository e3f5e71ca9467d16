"""LDAP: read the root DSE without binding, and start TLS where the server can.

A search of base scope on the empty name tells what a server is to anybody (RFC 4512, section 5.1): naming
contexts, vendor, and in Active Directory the names of host and forest. StartTLS is the extended operation
1.3.6.1.4.1.1466.20037 (RFC 4511, section 4.14). An unbind (4.3) ends it; nobody binds.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from . import _ber, _ldap

STARTTLS: Final = b"1.3.6.1.4.1.1466.20037"
LONGEST: Final = 12288
"""Bytes of one message; Active Directory's root DSE takes about 3,000."""
OPERATIONS_ERROR: Final = 1
ENTRY, DONE, REFERENCE, EXTENDED = 0x64, 0x65, 0x73, 0x78


def talk(wire: Wire) -> Talk:
    wire.send(_ldap.search(1))
    told: dict[str, list[bytes]] = {}
    while True:
        message = yield from _message(wire)
        if message is None or message[0] not in (1, 0):
            return None
        number, kind, body = message
        if kind == ENTRY:
            told |= _ldap.attributes(body)
            service = wire.claim(_ldap.software(wire.details, told))
        elif kind in (DONE, EXTENDED):
            if (code := _result(body)) is None or (number == 0 and kind == DONE):
                return None
            wire.details["result_code"] = code
            service = wire.claim(wire.found or Service("ldap"))
            break
        elif kind != REFERENCE:
            return None
    offered = STARTTLS in told.get("supportedExtension", ()) and not wire.tls
    if offered and (yield from _may_start_tls(wire)) and not (yield from wire.start_tls()):
        return service
    wire.send(_ber.encode(0x30, _ber.integer(3), b"\x42\x00"))
    return service


def _may_start_tls(wire: Wire) -> Generator[Want, None, bool]:
    """Ask for StartTLS; again where the server had not yet put its own search away (RFC 4511, section 4.14.2).

    OpenLDAP 2.5 says so now and then although its SearchResultDone is here: one time in some hundreds.
    """
    for number in (2, 3):
        wire.send(_ber.encode(0x30, _ber.integer(number), _ber.encode(0x77, _ber.encode(0x80, STARTTLS))))
        answer = yield from _message(wire)
        code = _result(answer[2]) if answer and answer[1] == EXTENDED else None
        if code != OPERATIONS_ERROR:
            return code == 0
    return False


def _message(wire: Wire) -> Generator[Want, None, tuple[int, int, bytes] | None]:
    """The next LDAPMessage as its number, its operation's tag and content; None where it is none."""
    try:
        while (measured := _ber.head(wire.unread)) is None or wire.unread[:1] != b"0":
            if wire.unread and wire.unread[:1] != b"0":
                return None
            yield from wire.more()
        if measured[1] > LONGEST:
            return None
        wire.take(measured[0])
        parts = list(_ber.elements((yield from wire.exactly(measured[1]))))
    except ValueError:
        return None
    if len(parts) < 2 or parts[0][0] != 2 or not 1 <= len(parts[0][1]) <= 4:
        return None
    return int.from_bytes(parts[0][1], "big"), *parts[1]


def _result(body: bytes) -> int | None:
    """The resultCode of an LDAPResult (RFC 4511, section 4.1.9)."""
    return body[2] if len(body) >= 7 and body[:2] == b"\x0a\x01" else None


PROBE = Probe("ldap", ports=(389, 3268), tls_ports=(636, 3269), starttls=True, talk=talk)
