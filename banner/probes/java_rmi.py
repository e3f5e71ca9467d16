"""Java's remote calls: the stream protocol is asked for, and the endpoint acknowledges it. No call follows.

The acknowledgement holds nothing of the server: only the address from which it sees us. Registries, and all that
exports objects (JMX's agents among them), answer alike.
Source: "Java Remote Method Invocation Specification", section 10.2 "RMI Transport Protocol".
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

HELLO = b"JRMI\x00\x02K"
"""Version 2, StreamProtocol."""
ACKNOWLEDGED = b"N"
LONGEST = 253
"""Characters of a host's name (RFC 1035, section 2.3.4)."""


def talk(wire: Wire) -> Talk:
    wire.send(HELLO)
    if not (yield from opens(wire, ACKNOWLEDGED)):
        return None
    wire.take(1)
    length = int.from_bytes((yield from wire.exactly(2)), "big")
    if not 1 <= length <= LONGEST:
        return None
    host, port = (yield from wire.exactly(length)), (yield from wire.exactly(4))
    if not all(0x20 < byte < 0x7F for byte in host) or port[:2] != b"\0\0":
        return None
    return wire.claim(Service("java-rmi"))


PROBE = Probe("java-rmi", ports=(1098, 1099), talk=talk, limit=512)
