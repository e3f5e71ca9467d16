"""LDAP: read the root DSE without binding, and start TLS where the server can.

A search of base scope on the empty name tells what a server is to anybody (RFC 4512, section 5.1): naming
contexts, vendor, and in Active Directory the names of host and forest. StartTLS is the extended operation
1.3.6.1.4.1.1466.20037 (RFC 4511, section 4.14). An unbind (4.3) ends it; nobody binds.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from . import _ber
from ._text import text, texts

ATTRIBUTES: Final = {
    "objectClass": "object_classes",
    "vendorName": "vendor_name",
    "vendorVersion": "vendor_version",
    "namingContexts": "naming_contexts",
    "supportedLDAPVersion": "versions",
    "supportedExtension": "extensions",
    "supportedSASLMechanisms": "sasl",
    "supportedCapabilities": "capabilities",
    "dnsHostName": "host_name",
    "defaultNamingContext": "default_naming_context",
    "rootDomainNamingContext": "root_domain",
    "forestFunctionality": "forest_level",
    "domainControllerFunctionality": "controller_level",
}
"""What is asked for -> its field in the details. ``objectClass`` names OpenLDAP."""
ONE: Final = {"vendorName", "vendorVersion", "dnsHostName", "defaultNamingContext", "rootDomainNamingContext",
              "forestFunctionality", "domainControllerFunctionality"}  # fmt: skip
"""Attributes of one value."""
STARTTLS: Final = b"1.3.6.1.4.1.1466.20037"
ACTIVE_DIRECTORY: Final = "1.2.840.113556.1.4.800"
"""LDAP_CAP_ACTIVE_DIRECTORY_OID ([MS-ADTS], section 3.1.1.3.4.3.1)."""
LONGEST: Final = 12288
"""Bytes of one message; Active Directory's root DSE takes about 3,000."""
OPERATIONS_ERROR: Final = 1
ENTRY, DONE, REFERENCE, EXTENDED = 0x64, 0x65, 0x73, 0x78


def talk(wire: Wire) -> Talk:
    wire.send(_search(1))
    told: dict[str, list[bytes]] = {}
    while True:
        message = yield from _message(wire)
        if message is None or message[0] not in (1, 0):
            return None
        number, kind, body = message
        if kind == ENTRY:
            told |= _attributes(body)
            service = wire.claim(_software(wire, told))
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


def _search(number: int) -> bytes:
    """A SearchRequest (RFC 4511, section 4.5.1): base object, no aliases, at most 1 entry, 5 seconds."""
    return _ber.encode(
        0x30,
        _ber.integer(number),
        _ber.encode(
            0x63,
            _ber.encode(0x04),
            _ber.integer(0, tag=10),
            _ber.integer(0, tag=10),
            _ber.integer(1),
            _ber.integer(5),
            _ber.encode(0x01, b"\0"),
            _ber.encode(0x87, b"objectClass"),
            _ber.encode(0x30, *(_ber.encode(0x04, name.encode()) for name in ATTRIBUTES)),
        ),
    )


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


def _attributes(entry: bytes) -> dict[str, list[bytes]]:
    """The known attributes of a SearchResultEntry (RFC 4511, section 4.5.2); malformed ones are left out."""
    names = {name.lower(): name for name in ATTRIBUTES}
    told: dict[str, list[bytes]] = {}
    try:
        _, (_, attributes) = list(_ber.elements(entry))[:2]
        for _, attribute in _ber.elements(attributes):
            (_, kind), (_, values) = list(_ber.elements(attribute))[:2]
            if name := names.get(kind.decode("ascii", "replace").lower()):
                told[name] = [value for _, value in _ber.elements(values)]
    except ValueError:
        pass
    return told


def _result(body: bytes) -> int | None:
    """The resultCode of an LDAPResult (RFC 4511, section 4.1.9)."""
    return body[2] if len(body) >= 7 and body[:2] == b"\x0a\x01" else None


def _software(wire: Wire, told: dict[str, list[bytes]]) -> Service:
    details: dict[str, Any] = wire.details
    for name, values in told.items():
        details[ATTRIBUTES[name]] = text(values[0]) if name in ONE and values else texts(values)
    vendor, version = details.get("vendor_name"), details.get("vendor_version")
    if "OpenLDAProotDSE" in details.get("object_classes", ()):
        cpe = "cpe:2.3:a:openldap:openldap:*:*:*:*:*:*:*:*"
        return Service("ldap", vendor="OpenLDAP", product="OpenLDAP", cpe=(cpe,))
    if ACTIVE_DIRECTORY in details.get("capabilities", ()):
        return Service("ldap", vendor="Microsoft", product="Active Directory LDAP", os="Windows")
    if vendor and version and (found := re.match(r"(389-Directory)/(\d[\w.]*)", version)):
        cpe = f"cpe:2.3:a:redhat:389_directory_server:{found[2]}:*:*:*:*:*:*:*"
        return Service(
            "ldap", vendor="389 Project", product="389 Directory Server", version=found[2], cpe=(cpe,)
        )
    return Service("ldap", vendor=vendor, info=version)


PROBE = Probe("ldap", ports=(389, 3268), tls_ports=(636, 3269), starttls=True, talk=talk)
