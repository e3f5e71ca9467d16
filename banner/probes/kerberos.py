"""Kerberos over TCP: the same question as over UDP, by a client that is nobody; the refusal tells realm and clock.

No password and no key is in it (no pre-authentication). Source: RFC 4120, sections 5.4.1 and 7.2.2 (four bytes of
length before each message).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from . import _kerberos
from ._text import opens

NUMBER = 0x62616E6E
LONGEST = 4096
"""Bytes of a refusal; those of Active Directory with all their hints take some 300."""


def talk(wire: Wire) -> Talk:
    question = _kerberos.request(NUMBER)
    wire.send(len(question).to_bytes(4, "big") + question)
    if not (yield from opens(wire, b"\0\0")):
        return None
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if length > LONGEST or not (yield from opens(wire, b"\x7e")):
        return None
    error = _kerberos.refusal((yield from wire.exactly(length)))
    if error is None:
        return None
    wire.details |= _kerberos.described(error)
    return wire.claim(Service("kerberos"))


PROBE = Probe("kerberos", ports=(88,), at_home=True, talk=talk, limit=LONGEST + 4)
