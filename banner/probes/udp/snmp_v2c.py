"""SNMP, version 2c, with the community ``public``: for agents that do not speak version 3.

Three fields of the system group (RFC 3418, section 2) are read; nothing is written. Sources: `_snmp`.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from . import _snmp
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    number = int.from_bytes(wire.nonce[4:8], "big") & 0x7FFFFFFF
    told = yield from ask(wire, _snmp.system(number), lambda data: _snmp.told(data, number))
    if told is None:
        return None
    wire.details |= told
    return wire.claim(Service("snmp"))


PROBE = Probe("snmp-v2c", ports=(161,), talk=talk, limit=8192, transport=Transport.UDP, full=True)
