"""Kerberos: a client that is nobody asks for a ticket. The refusal tells the clock, and of some the realm.

No password and no key is in it (no pre-authentication). Source: RFC 4120, sections 5.4.1 and 7.2.1.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _kerberos
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    question = _kerberos.request(int.from_bytes(wire.nonce[:4], "big") & 0x7FFFFFFF)
    error = yield from ask(wire, question, _kerberos.refusal)
    if error is None:
        return None
    wire.details |= _kerberos.described(error)
    return wire.claim(Service("kerberos"))


PROBE = Probe("kerberos", ports=(88,), talk=talk, limit=4096, transport=Transport.UDP)
