"""IKE: a proposal of version 2 and, where it was answered, one of version 1. No key is agreed on.

A responder that takes none of it says so; one that takes it shows its vendor ids. Sources: `_isakmp` and `_proposals`;
RFC 7296, section 2.5 (versions).
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from . import _isakmp, _proposals


def talk(wire: Datagrams) -> Talk:
    first, second = wire.nonce[:8], wire.nonce[8:16]
    answer = yield from _isakmp.exchange(wire, _proposals.version_2(first, wire.nonce), first)
    if answer is None:
        return None
    service = wire.claim(Service("ike"))
    versions = [f"{answer.version}"]
    wire.details["versions"] = versions
    _isakmp.note(wire, answer, "notify")
    if answer.version == 2:
        older = yield from _isakmp.exchange(wire, _proposals.version_1(second), second)
        if older is not None and older.version == 1:
            versions.append("1")
            _isakmp.note(wire, older, "notify_v1")
    return service


PROBE = Probe("ike", ports=(500, _isakmp.NAT_T), talk=talk, limit=8192, transport=Transport.UDP)
