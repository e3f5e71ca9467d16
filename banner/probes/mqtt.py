"""MQTT 3.1.1: CONNECT without a name, a session or a login; the code of CONNACK says whether that is welcome.

Where it is, the retained message of ``$SYS/broker/version`` names Mosquitto and its likes. The client
identifier is empty, so that no other client is thrown out (section 3.1.3.1). We leave with DISCONNECT.
Source: OASIS MQTT 3.1.1, sections 3.1, 3.2, 3.3, 3.8, 3.9, 3.14; MQTT 5.0, section 3.2.2.2 (code 0x84).
"""

from __future__ import annotations

import re
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._product import named
from ._text import opens, text

CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"
"""Level 4, clean session, keep alive 60 s, client identifier of no bytes."""
TOPIC = b"$SYS/broker/version"
SUBSCRIBE = bytes((0x82, 5 + len(TOPIC), 0, 1, 0, len(TOPIC))) + TOPIC + b"\x00"
DISCONNECT = b"\xe0\x00"

CODES = {
    0: "accepted", 1: "unacceptable protocol version", 2: "identifier rejected", 3: "server unavailable",
    4: "bad user name or password", 5: "not authorized", 0x84: "unsupported protocol version",
}  # fmt: skip
"""Section 3.2.2.3; 0x84 is how a server that speaks MQTT 5 only answers."""

_BROKER = re.compile(r"(\w{1,16}) version (\d[\w.-]{0,31})")
_BROKERS = {
    "mosquitto": ("Eclipse", "Mosquitto", "eclipse:mosquitto"),
    "aMQTT": ("Yakifo", "aMQTT", ""),
    "HBMQTT": ("HBMQTT", "HBMQTT", ""),
}
"""Who says its own name before its version: vendor, product and CPE's ``vendor:product``."""


def talk(wire: Wire) -> Talk:
    wire.send(CONNECT)
    if not (yield from opens(wire, b"\x20\x02\x00", b"\x20\x02\x01", b"\x20\x03\x00\x84")):
        return None
    code = (yield from wire.exactly(4))[3]
    if code not in CODES:
        return None
    wire.claim(Service("mqtt"))
    wire.details["return_code"] = code
    wire.details["return_text"] = CODES[code]
    if not code:
        wire.send(SUBSCRIBE)
        if version := text((yield from _retained(wire))):
            wire.details["sys_version"] = version
            found = _BROKER.match(version)
            if found and (broker := _BROKERS.get(found[1])):
                vendor, product, cpe = broker
                wire.claim(named("mqtt", vendor, product, found[2], cpe=cpe))
        wire.send(DISCONNECT)
    return wire.found


def _retained(wire: Wire) -> Generator[Want, None, bytes]:
    """The retained message; empty where the subscription was refused or nothing follows its SUBACK."""
    while True:
        kind, body = yield from _packet(wire)
        if kind >> 4 == 3:  # PUBLISH; quality of service 0, so no packet identifier stands before the message
            start = 2 + int.from_bytes(body[:2], "big")
            return body[start:] if body[2:start] == TOPIC else b""
        if kind != 0x90 or body[2:3] != b"\x00":
            return b""
        if not wire.unread and not (yield from _follows(wire)):
            return b""


def _follows(wire: Wire) -> Generator[Want, None, bool]:
    """Whether anything comes before a pause."""
    have, wire.paused = len(wire.received), False
    if wire.end is None and wire.room():
        yield Want.PAUSE
    return len(wire.received) > have


def _packet(wire: Wire) -> Generator[Want, None, tuple[int, bytes]]:
    """One control packet: its first byte, and what its remaining length (section 2.2.3) counts."""
    kind = (yield from wire.exactly(1))[0]
    length = 0
    for shift in (0, 7, 14, 21):
        byte = (yield from wire.exactly(1))[0]
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return kind, (yield from wire.exactly(length))


PROBE = Probe("mqtt", ports=(1883,), tls_ports=(8883,), talk=talk, limit=4096)
