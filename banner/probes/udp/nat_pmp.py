"""NAT-PMP: what a router's outer address is. Nothing is mapped.

Source: RFC 6886, sections 3.2 (the question) and 3.5 (results).
"""

from __future__ import annotations

from ipaddress import IPv4Address

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from ._asking import ask

RESULTS = {0: "ok", 1: "unsupported version", 2: "not authorized", 3: "network failure", 4: "out of resources",
           5: "unsupported operation"}  # fmt: skip


def talk(wire: Datagrams) -> Talk:
    answer = yield from ask(
        wire, b"\0\0", lambda data: data if data[:2] == b"\0\x80" and len(data) in (8, 12) else None
    )
    if answer is None:
        return None
    result = int.from_bytes(answer[2:4], "big")
    if result not in RESULTS:
        return None
    wire.details["result"] = RESULTS[result]
    wire.details["uptime"] = int.from_bytes(answer[4:8], "big")
    if not result and len(answer) == 12:
        wire.details["external_address"] = str(IPv4Address(answer[8:12]))
    return wire.claim(Service("nat-pmp"))


PROBE = Probe("nat-pmp", ports=(5351,), talk=talk, limit=2048, transport=Transport.UDP)
