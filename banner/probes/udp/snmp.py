"""SNMP, version 3: the engine id, for which no name and no community is needed.

A request without an engine id is answered with a Report that holds it, how often the agent was started, and for how
many seconds it runs (RFC 3414, sections 2.4 and 4). In full mode the agent is asked for its description as well, by
version 2c with the community ``public``. Sources: RFC 3412, section 6 (message); RFC 3414, section 2.4.
"""

from __future__ import annotations

from typing import Any

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _ber
from .._product import named
from . import _snmp
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    number = int.from_bytes(wire.nonce[:4], "big") & 0x7FFFFFFF
    found = yield from ask(wire, _discovery(number), lambda data: _engine(data, number))
    if found is None:
        return None
    wire.details |= found
    service = wire.claim(_agent(found.get("enterprise", 0)))
    if wire.deep:
        wire.details |= (
            yield from ask(wire, _snmp.system(number + 1), lambda data: _snmp.told(data, number + 1))
        ) or {}
    return service


def _agent(enterprise: int) -> Service:
    """Who made the agent, by the number with which its engine id begins."""
    if enterprise == _snmp.NET_SNMP:
        return named("snmp", "Net-SNMP", "Net-SNMP", cpe="net-snmp:net-snmp")
    return Service("snmp", vendor=_snmp.ENTERPRISES.get(enterprise))


def _discovery(number: int) -> bytes:
    """A GetRequest without name, key or engine: its flags ask for a Report and for no security (4)."""
    head = _snmp.sequence(_ber.integer(number), _ber.integer(65507), _snmp.octets(b"\4"), _ber.integer(3))
    empty = _snmp.octets()
    security = _snmp.sequence(empty, _ber.integer(0), _ber.integer(0), empty, empty, empty)
    asked = _snmp.sequence(empty, empty, _snmp.request(number))
    return _snmp.sequence(_ber.integer(3), head, _snmp.octets(security), asked)


def _engine(data: bytes, number: int) -> dict[str, Any] | None:
    """The engine's fields in an answer to the message of that number; None for what is none."""
    parts = _snmp.content(data)
    if parts is None or [kind for kind, _ in parts] != [0x02, 0x30, 0x04, 0x30]:
        return None
    try:
        head = list(_ber.elements(parts[1][1]))
        security = _snmp.content(parts[2][1])
        scoped = [kind for kind, _ in _ber.elements(parts[3][1])]
    except ValueError:
        return None
    if (
        _snmp.numbers(head[:1]) != [number]
        or scoped[2:] != [_snmp.REPORT]
        or security is None
        or len(security) != 6
    ):
        return None
    boots_and_time = _snmp.numbers(security[1:3])
    if security[0][0] != 0x04 or len(boots_and_time) != 2:
        return None
    boots, uptime = boots_and_time
    return _snmp.engine(security[0][1]) | {"boots": boots, "uptime": uptime}


PROBE = Probe("snmp", ports=(161, 162), talk=talk, limit=8192, transport=Transport.UDP)
