"""AJP 1.3, the protocol between web servers and servlet containers: CPing, answered by CPong.

A CPing asks whether the container is alive; nothing is requested of it. Source: Apache Tomcat Connectors,
"AJPv13 extensions proposal", "CPing and CPong", and "AJP Protocol Reference" (packet headers).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

CPING = b"\x12\x34\x00\x01\x0a"
CPONG = b"AB\x00\x01\x09"


def talk(wire: Wire) -> Talk:
    wire.send(CPING)
    return wire.claim(Service("ajp13")) if (yield from opens(wire, CPONG)) else None


PROBE = Probe("ajp", ports=(8009,), talk=talk, limit=512)
