"""RTMP: the first half of its handshake, a version and 1,536 bytes, which the server gives back.

Source: Adobe, "Real-Time Messaging Protocol 1.0", 5.2 (handshake). No stream is named and nothing is connected to. Who
sends back all that we made up is a server of RTMP; Adobe's own writes its version in the four bytes after the time.
"""

from __future__ import annotations

from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

VERSION: Final = b"\x03"
SIZE: Final = 1536
"""Bytes of C1, S1 and S2."""
FILLING: Final = bytes(range(1, 192)) * 8
"""1,528 of them are ours to choose; they are meant to tell our answer from another's."""
C1: Final = bytes(8) + FILLING
"""The time 0, and zeros, which say that no digest of Adobe's own is expected."""


def talk(wire: Wire) -> Talk:
    wire.send(VERSION + C1)
    if not (yield from opens(wire, VERSION)):
        return None
    answer = yield from wire.exactly(1 + 2 * SIZE)
    ours = answer[1 + SIZE :]
    if ours[8:] != FILLING:
        return None
    if uptime := int.from_bytes(answer[1:5], "big"):
        wire.details["uptime"] = uptime
    if any(answer[5:9]) and max(answer[5:9]) < 100:
        wire.details["version"] = ".".join(map(str, answer[5:9]))
    return wire.claim(Service("rtmp"))


PROBE = Probe("rtmp", ports=(1935,), talk=talk, limit=4096, at_home=True)
