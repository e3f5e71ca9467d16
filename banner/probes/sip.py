"""SIP over TCP or TLS: ``OPTIONS`` (see `_sip`).

The names in it are those of a fixed transaction: nothing is kept between two grabs. Provisional
answers are passed over, and one without the fields of our request is none of SIP.
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from . import _sip
from ._head import Head, read_head
from ._text import opens


def talk(wire: Wire) -> Talk:
    wire.send(_sip.request(wire, "TLS" if wire.tls else "TCP"))
    for _ in range(_sip.PROVISIONAL):
        if not (yield from opens(wire, b"SIP/2.0 ")):
            return wire.found
        head = Head((yield from read_head(wire)))
        if not _sip.answers(head):
            return wire.found
        wire.claim(Service("sip"))
        _sip.describe(wire.details, head)
        if head.status is None or head.status >= 200:
            break
    return wire.found


PROBE = Probe("sip", ports=(5060,), tls_ports=(5061,), talk=talk, limit=8192)
