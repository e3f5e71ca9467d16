"""LDAP over UDP, as domain controllers speak it: a few attributes of the root DSE, by their names.

All of them would be 3,000 bytes for a question of 70. Sources: RFC 1798, section 2; [MS-ADTS], section 3.1.1.3.1.10;
RFC 4511, section 4.5.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _ber, _ldap
from ._asking import ask

NAMES = (
    "dnsHostName",
    "defaultNamingContext",
    "domainControllerFunctionality",
    "vendorName",
    "vendorVersion",
)
_ENTRY, _DONE = 0x64, 0x65


def talk(wire: Datagrams) -> Talk:
    number = int.from_bytes(wire.nonce[:3], "big")
    told = yield from ask(wire, _ldap.search(number, NAMES), lambda data: _entry(data, number))
    if told is None:
        return None
    service = _ldap.software(wire.details, told)
    if "controller_level" in wire.details and service.product is None:
        service = Service("ldap", vendor="Microsoft", product="Active Directory LDAP", os="Windows")
    return wire.claim(service)


def _entry(data: bytes, number: int) -> dict[str, list[bytes]] | None:
    """The attributes in an answer: an entry, a result, or both, each a message of our number."""
    told: dict[str, list[bytes]] = {}
    try:
        messages = list(_ber.elements(data))[:2]
        for tag, content in messages:
            (kind, said), (operation, body) = list(_ber.elements(content))[:2]
            if (tag, kind) != (0x30, 0x02) or int.from_bytes(said, "big") != number:
                return None
            if operation not in (_ENTRY, _DONE):
                return None
            told |= _ldap.attributes(body) if operation == _ENTRY else {}
    except ValueError:
        return None
    return told if messages else None


PROBE = Probe("cldap", ports=(389,), talk=talk, limit=8192, transport=Transport.UDP, full=True)
