"""SIP over UDP: ``OPTIONS`` (see `_sip`). A provisional answer (1xx) is waited out, another call's is passed over."""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _sip
from .._head import Head
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    call = wire.nonce[:8].hex()

    def final(data: bytes) -> Head | None:
        if not data.startswith(b"SIP/2.0 "):
            return None
        head = Head(data.partition(b"\r\n\r\n")[0])
        if not _sip.answers(head) or not (head.get("call-id") or head.get("i") or "").startswith(call):
            return None
        wire.claim(Service("sip"))
        _sip.describe(wire.details, head)
        return head if head.status is None or head.status >= 200 else None

    yield from ask(wire, _sip.request(wire, "UDP", call), final)
    return wire.found


PROBE = Probe("sip", ports=(5060,), talk=talk, limit=8192, transport=Transport.UDP)
