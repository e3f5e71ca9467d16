"""EtherNet/IP: ListIdentity, which needs no session. Held only where it is named, in full mode.

Controllers can be disturbed by bytes; nothing is written. Source: ODVA, "The CIP Networks Library", Volume 2,
"EtherNet/IP Adaptation of CIP", 2-3 (encapsulation), 2-4.3 (ListIdentity); Volume 1, 5A-2 (Identity Object).
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from typing import Any, Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens, text

LIST_IDENTITY, IDENTITY = 0x63, 0x0C
_HEADER: Final = struct.Struct("<HHII8sI")
_CONTEXT: Final = b"identity"
"""The sender's own eight bytes, which come back."""
VENDORS: Final = {
    1: "Rockwell Automation",
    40: "WAGO",
    47: "OMRON",
    90: "HMS",
    243: "Schneider Electric",
    283: "Hilscher",
}
"""A few of ODVA's vendor identifiers; others are told as numbers alone."""
TYPES: Final = {
    0x02: "AC drive", 0x07: "discrete I/O", 0x0C: "communications adapter", 0x0E: "programmable logic controller",
    0x18: "human-machine interface", 0x2B: "generic device", 0x2C: "managed Ethernet switch",
}  # fmt: skip
"""Of ODVA's device types."""


def talk(wire: Wire) -> Talk:
    wire.send(_HEADER.pack(LIST_IDENTITY, 0, 0, 0, _CONTEXT, 0))
    if not (yield from opens(wire, struct.pack("<H", LIST_IDENTITY))):
        return None
    _, length, _, status, context, _ = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))
    if context != _CONTEXT or length > 1024 or not (status or length):  # an echo of our question has neither
        return None
    wire.claim(Service("ethernet-ip"))
    if status:
        wire.details["status"] = status
        return wire.found
    body = yield from wire.exactly(length)
    try:
        wire.details.update(found := described(body))
    except CutShortError:
        return wire.found
    vendor = found.get("vendor")
    return wire.claim(
        Service(
            "ethernet-ip",
            vendor,
            found.get("product_name") or None,
            found.get("revision"),
            device=found["device_type"],
        )
    )


def described(body: bytes) -> dict[str, Any]:
    """The details of the identity in the answer. Raises `CutShortError` where it is cut short or another item."""
    items = Cursor(body, "little")
    if items.number(2) < 1 or items.number(2) != IDENTITY:
        raise CutShortError("no identity")
    item = Cursor(items.counted(2), "little")
    item.take(4)
    port, address = int.from_bytes(item.take(2), "big"), IPv4Address(item.take(4))
    item.take(8)
    vendor, kind, code = item.number(2), item.number(2), item.number(2)
    revision = f"{item.number(1)}.{item.number(1)}"
    status, serial = item.number(2), item.number(4)
    found = {
        "address": f"{address}:{port}",
        "vendor_id": vendor,
        "device_type": TYPES.get(kind, str(kind)),
        "product_code": code,
        "revision": revision,
        "device_status": status,
        "serial_number": f"{serial:08x}",
        "product_name": text(item.counted(1)),
    }
    return found | ({"vendor": VENDORS[vendor]} if vendor in VENDORS else {})


PROBE = Probe("enip", ports=(44818,), talk=talk, limit=2048, full=True, fragile=True)
