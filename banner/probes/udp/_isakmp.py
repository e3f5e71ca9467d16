"""ISAKMP's header and payloads, as IKE's both versions have them, and whose vendor ids are known.

Sources: RFC 2408, sections 3.1 (header), 3.2 (payloads), 3.16 (vendor id); RFC 7296, sections 3.1 to 3.10.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import NamedTuple

from ...dialogue import Datagrams, Want
from .._cursor import Cursor, CutShortError
from .._text import text
from ._asking import ask

HEADER = 28
NOTIFY_1, VENDOR_1, SA_1 = 11, 13, 1
SA_2, KE_2, NONCE_2, NOTIFY_2, VENDOR_2 = 33, 34, 40, 41, 43
NOTIFIES = {5: "invalid major version", 7: "invalid syntax", 14: "no proposal chosen", 17: "invalid key exchange",
            24: "authentication failed"}  # fmt: skip
"""RFC 7296, section 3.10.1; the first three mean the same in RFC 2408, section 3.14.1."""
NOTIFIES_2 = NOTIFIES | {16390: "cookie"}
NAT_T = 4500
"""The port where four zero bytes come before each message (RFC 3948, section 2.2)."""
INITIATOR, RESPONSE = 0x08, 0x20
IKE_SA_INIT, MAIN_MODE, INFORMATIONAL = 34, 2, 5
MOST = 32
"""Payloads that are read; answers have about a dozen."""
VENDORS = {
    "882fe56d6fd20dbc2251613b2ebe5beb": "strongSwan",
    "4a131c81070358455c5728f20e95452f": "NAT-T (RFC 3947)",
    "afcad71368a1f1c96b8696fc775701": "DPD",
    "09002689dfd6b712": "XAUTH",
    "12f5f28c457168a9702d9fe274cc": "Cisco Unity",
    "1e2b516905991c7d7c96fcbfb587e461": "Windows",
    "4048b7d56ebce88525e7de7f00d6c2d3": "fragmentation",
    "7003cbc1097dbe9c2600ba6983bc8b35": "racoon",
    "8299031757a36082c6a621de": "FortiGate",
    "f4ed19e0c114eb516faaac0ee37daf2807b4381f": "Check Point",
    "404bf439522ca3f6": "SonicWall",
}
"""What a vendor id begins with, and its name, which the rules know: most are MD5 of a text (``strongSwan``)."""


class Message(NamedTuple):
    """A message's header, and its payloads by their types, in their order."""

    version: int
    exchange: int
    flags: int
    payloads: list[tuple[int, bytes]]


def message(data: bytes, initiator: bytes) -> Message | None:
    """The message in `data` that answers this initiator; None for any other. What is encrypted is not looked into."""
    if len(data) < HEADER or data[:8] != initiator or int.from_bytes(data[24:28], "big") > len(data):
        return None
    kind, version, exchange, flags = data[16:20]
    cursor, payloads = Cursor(data), list[tuple[int, bytes]]()
    cursor.take(HEADER)
    with suppress(CutShortError):
        while kind and len(payloads) < MOST:
            following, _, size = cursor.number(1), cursor.take(1), cursor.number(2)
            payloads.append((kind, cursor.take(size - 4)))
            kind = following
    return Message(version >> 4, exchange, flags, payloads)


def header(initiator: bytes, first: int, version: int, exchange: int, flags: int, *payloads: bytes) -> bytes:
    """A message without a responder; each payload brings its own header."""
    body = b"".join(payloads)
    head = initiator + bytes(8) + bytes([first, version << 4, exchange, flags]) + bytes(4)
    return head + (HEADER + len(body)).to_bytes(4, "big") + body


def payload(following: int, data: bytes) -> bytes:
    """A payload after which one of the type `following` comes."""
    return bytes([following, 0]) + (4 + len(data)).to_bytes(2, "big") + data


def vendor(data: bytes) -> str:
    """Whose vendor id `data` is: its name, its text, or its bytes."""
    found = data[:32].hex()
    for start, name in VENDORS.items():
        if found.startswith(start):
            return name
    return text(data[:64]) if data.isascii() and data[:64].decode().isprintable() and len(data) > 3 else found


def exchange(wire: Datagrams, question: bytes, initiator: bytes) -> Generator[Want, None, Message | None]:
    """The answer to `question`, which this initiator asks."""
    marker = bytes(4) if wire.port == NAT_T else b""

    def answer(data: bytes) -> Message | None:
        found = message(data.removeprefix(marker), initiator)
        if found is None:
            return None
        if found.version == 2:
            return found if found.flags & RESPONSE and found.exchange == IKE_SA_INIT else None
        return found if found.version == 1 and found.exchange in (MAIN_MODE, INFORMATIONAL) else None

    return (yield from ask(wire, marker + question, answer))


def note(wire: Datagrams, answer: Message, field: str) -> None:
    """Keep the vendor ids of `answer`, and under `field` what became of the proposal."""
    older = answer.version == 1
    at = 6 if older else 2  # a notification's type, after the domain of interpretation and the SPI's size
    vendors: list[str] = wire.details.get("vendor_ids", [])
    for kind, data in answer.payloads:
        if kind == (VENDOR_1 if older else VENDOR_2):
            vendors.append(vendor(data))
        elif kind == (NOTIFY_1 if older else NOTIFY_2):
            code = int.from_bytes(data[at : at + 2], "big")
            if code < 16384 or code in NOTIFIES_2:
                wire.details.setdefault(field, NOTIFIES_2.get(code, str(code)))
        elif kind == (SA_1 if older else SA_2):
            wire.details.setdefault(field, "proposal chosen")
    if vendors:
        wire.details["vendor_ids"] = list(dict.fromkeys(vendors))
