"""LDAP's root DSE, which a server shows to anybody (RFC 4512, section 5.1): asked for, read, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

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
ACTIVE_DIRECTORY: Final = "1.2.840.113556.1.4.800"
"""LDAP_CAP_ACTIVE_DIRECTORY_OID ([MS-ADTS], section 3.1.1.3.4.3.1)."""


def search(number: int, names: Iterable[str] = ATTRIBUTES) -> bytes:
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
            _ber.encode(0x30, *(_ber.encode(0x04, name.encode()) for name in names)),
        ),
    )


def attributes(entry: bytes) -> dict[str, list[bytes]]:
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


def software(details: dict[str, Any], told: dict[str, list[bytes]]) -> Service:
    """Who says so; the attributes are kept in `details`."""
    for name, values in told.items():
        details[ATTRIBUTES[name]] = text(values[0]) if name in ONE and values else texts(values)
    vendor, version = details.get("vendor_name"), details.get("vendor_version")
    if "OpenLDAProotDSE" in details.get("object_classes", ()):
        cpe = "cpe:2.3:a:openldap:openldap:*:*:*:*:*:*:*:*"
        return Service("ldap", vendor="OpenLDAP", product="OpenLDAP", cpe=(cpe,))
    if vendor and vendor.startswith(
        "Samba"
    ):  # which tells Active Directory's capabilities and levels as well
        found = re.match(r"\d[\d.]*", version or "")
        cpe = f"cpe:2.3:a:samba:samba:{found[0] if found else '*'}:*:*:*:*:*:*:*"
        return Service("ldap", vendor="Samba", product="Samba", version=found and found[0], cpe=(cpe,))
    if ACTIVE_DIRECTORY in details.get("capabilities", ()):
        return Service("ldap", vendor="Microsoft", product="Active Directory LDAP", os="Windows")
    if vendor and version and (found := re.match(r"(389-Directory)/(\d[\w.]*)", version)):
        cpe = f"cpe:2.3:a:redhat:389_directory_server:{found[2]}:*:*:*:*:*:*:*"
        return Service(
            "ldap", vendor="389 Project", product="389 Directory Server", version=found[2], cpe=(cpe,)
        )
    return Service("ldap", vendor=vendor, info=version)
