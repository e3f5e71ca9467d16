"""IKE, version 1 alone: a proposal of main mode, for gateways that say nothing to version 2.

No key is agreed on. Sources: `_isakmp` and `_proposals`.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from . import _isakmp, _proposals


def talk(wire: Datagrams) -> Talk:
    initiator = wire.nonce[8:16]
    answer = yield from _isakmp.exchange(wire, _proposals.version_1(initiator), initiator)
    if answer is None or answer.version != 1:
        return None
    wire.details["versions"] = ["1"]
    _isakmp.note(wire, answer, "notify_v1")
    return wire.claim(Service("ike"))


PROBE = Probe("isakmp", ports=(500, _isakmp.NAT_T), talk=talk, limit=8192, transport=Transport.UDP)
