"""Cisco's Skinny: KeepAlive, which a call manager answers with KeepAliveAck. Nothing is registered.

A message is its length, the header's version and its number, each of four bytes, the least first; the length counts
from the number on. Some call managers answer telephones alone that have registered, and say nothing to us.
Source: Cisco, "Skinny Client Control Protocol (SCCP) Messaging Guide" for Unified Communications Manager, "SCCP
messages" (header; KeepAlive, KeepAliveAck, Reset, RegisterReject).
"""

from __future__ import annotations

import struct
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

KEEP_ALIVE, KEEP_ALIVE_ACK = 0x0000, 0x0100
ANSWERS: Final = {KEEP_ALIVE_ACK: "keep-alive acknowledged", 0x009D: "registration rejected", 0x009F: "reset"}
"""What a call manager may say to a telephone that it does not know."""
_LONGEST: Final = 64
"""Bytes of such an answer: a rejection holds a text of 33."""
_NEWEST: Final = 0x40
"""Header versions are below it; 0x16 is one of today's telephones."""


def message(number: int, data: bytes = b"") -> bytes:
    """One of the oldest header's version, which every call manager takes."""
    return struct.pack("<III", 4 + len(data), 0, number) + data


def talk(wire: Wire) -> Talk:
    wire.send(message(KEEP_ALIVE))
    if not (yield from opens(wire, *(bytes([length, 0, 0, 0]) for length in range(4, _LONGEST + 1)))):
        return None
    length, version = struct.unpack("<II", (yield from wire.exactly(8)))
    if version > _NEWEST:
        return None
    number = int.from_bytes((yield from wire.exactly(4)), "little")
    if number not in ANSWERS or (number == KEEP_ALIVE_ACK and length != 4):
        return None
    wire.details["message"] = ANSWERS[number]
    return wire.claim(Service("sccp"))


PROBE = Probe("sccp", ports=(2000,), talk=talk, limit=512, at_home=True)
