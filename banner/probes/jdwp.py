"""The Java Debug Wire Protocol: both sides say the same 14 bytes, and no command follows.

An echo server says them too: whoever echoed another hello is one, and ``plan.py`` asks this one late.
(In two parts, to tell an echo by its answer to the first, the handshake fails: OpenJDK 17 reads once.)
A virtual machine takes one debugger at a time, and is free again when we leave.
Source: "Java Debug Wire Protocol", section "JDWP Start-up" (Java SE documentation).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

HANDSHAKE = b"JDWP-Handshake"


def talk(wire: Wire) -> Talk:
    wire.send(HANDSHAKE)
    return wire.claim(Service("jdwp")) if (yield from opens(wire, HANDSHAKE)) else None


PROBE = Probe("jdwp", ports=(5005, 8787), talk=talk, limit=512)
