"""SNMP's messages: BER written and read with bounds, and whose number an engine id begins with.

Sources: RFC 3416, section 3 (PDUs); RFC 3417, section 8 (BER); RFC 3411, section 5 (SnmpEngineID); IANA's "Private
Enterprise Numbers".
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Any

from .. import _ber
from .._text import text

GET, RESPONSE, REPORT = 0xA0, 0xA2, 0xA8
PUBLIC = b"public"
SYSTEM = {
    "1.3.6.1.2.1.1.1.0": "description",
    "1.3.6.1.2.1.1.2.0": "object_id",
    "1.3.6.1.2.1.1.5.0": "hostname",
}
"""sysDescr, sysObjectID and sysName (RFC 3418, section 2)."""
ENTERPRISES = {
    2: "IBM", 9: "Cisco", 11: "HP", 36: "DEC", 42: "Sun", 43: "3Com", 171: "D-Link", 207: "Allied Telesis",
    253: "Xerox", 311: "Microsoft", 318: "APC", 367: "Ricoh", 534: "Eaton", 641: "Lexmark", 674: "Dell", 890: "Zyxel",
    1248: "Epson", 1347: "Kyocera", 1588: "Brocade", 1602: "Canon", 1916: "Extreme Networks", 1991: "Brocade",
    2011: "Huawei", 2435: "Brother", 2636: "Juniper", 3375: "F5", 3902: "ZTE", 4526: "Netgear", 6486: "Alcatel-Lucent",
    6527: "Nokia", 6876: "VMware", 8741: "SonicWall", 12356: "Fortinet", 14823: "Aruba",
    14988: "MikroTik", 25461: "Palo Alto Networks", 25506: "H3C", 30065: "Arista", 41112: "Ubiquiti", 47196: "HPE",
}  # fmt: skip
"""The vendors whose agents are met most."""
NET_SNMP = 8072
"""The number of a program, not of a maker of devices."""


def sequence(*content: bytes) -> bytes:
    return _ber.encode(0x30, *content)


def octets(data: bytes = b"") -> bytes:
    return _ber.encode(0x04, data)


def request(number: int, *bindings: bytes) -> bytes:
    """A GetRequest PDU."""
    return _ber.encode(GET, _ber.integer(number), _ber.integer(0), _ber.integer(0), sequence(*bindings))


def system(number: int) -> bytes:
    """A message of version 2c that asks for `SYSTEM` with the community ``public`` (RFC 3416, section 4.2.1)."""
    bindings = (sequence(_oid(name), b"\x05\0") for name in SYSTEM)
    return sequence(_ber.integer(1), octets(PUBLIC), request(number, *bindings))


def content(data: bytes) -> list[tuple[int, bytes]] | None:
    """What the one SEQUENCE of a message holds; None where `data` is none, or its lengths lie."""
    try:
        measured = _ber.head(data[:6])
        if data[:1] != b"0" or measured is None or sum(measured) > len(data):
            return None
        return list(_ber.elements(data[measured[0] : sum(measured)]))
    except ValueError:
        return None


def numbers(parts: list[tuple[int, bytes]]) -> list[int]:
    """The INTEGERs among `parts`, and the types of their form (a counter, ticks)."""
    return [int.from_bytes(data[:9], "big") for kind, data in parts if kind in (0x02, 0x41, 0x43)]


def told(data: bytes, number: int) -> dict[str, Any] | None:
    """What an answer to `system` says; None for what is none."""
    parts = content(data)
    if parts is None or [kind for kind, _ in parts] != [0x02, 0x04, RESPONSE] or parts[1][1] != PUBLIC:
        return None
    found: dict[str, Any] = {"community": PUBLIC.decode()}
    try:
        head = list(_ber.elements(parts[2][1]))
        if len(head) != 4 or numbers(head[:1]) != [number]:
            return None
        for _, binding in list(_ber.elements(head[3][1]))[: len(SYSTEM)]:
            (_, name), (kind, value) = list(_ber.elements(binding))[:2]
            field = SYSTEM.get(dotted(name))
            if field and kind == 0x06 and (identifier := dotted(value)):
                found[field] = identifier
            elif field and kind == 0x04 and (said := text(value)):
                found[field] = said
    except ValueError:
        pass
    return found


def engine(data: bytes) -> dict[str, Any]:
    """What an engine id tells: its maker's number and, by its form, the agent's address or text."""
    found: dict[str, Any] = {"engine_id": data[:32].hex()}
    if len(data) < 5:
        return found
    found["enterprise"] = int.from_bytes(data[:4], "big") & 0x7FFFFFFF
    form, rest = data[4], data[5:]
    if not data[0] & 0x80:  # of RFC 1910, whose form nobody knows
        return found
    if form == 1 and len(rest) == 4:
        found["address"] = str(IPv4Address(rest))
    elif form == 2 and len(rest) == 16:
        found["address"] = str(IPv6Address(rest))
    elif form == 3 and len(rest) == 6:
        found["mac"] = rest.hex(":")
    elif form == 4 and (said := text(rest)):
        found["engine_text"] = said
    return found


def _oid(name: str) -> bytes:
    """An OBJECT IDENTIFIER whose numbers are below 128 (X.690, section 8.19)."""
    first, second, *rest = map(int, name.split("."))
    return _ber.encode(0x06, bytes([first * 40 + second, *rest]))


def dotted(data: bytes) -> str:
    """An OBJECT IDENTIFIER's numbers; empty for one that is longer than any real one."""
    if not 0 < len(data) <= 64:
        return ""
    numbers, value = [data[0] // 40, data[0] % 40] if data[0] < 80 else [2, data[0] - 80], 0
    for byte in data[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))
