"""mDNS: which services a host offers and, where it says so, its own name and model.

A question by unicast, from a port that is not mDNS', is answered by unicast with its number (RFC 6762, sections 5.4
and 6.7). The second question is for the instances of the service that tells most about its host. Sources: RFC 6763,
sections 4.1, 6 and 9; RFC 1035, section 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from ...dialogue import Datagrams, Probe, Talk, Want
from ...models import Service, Transport
from .. import _dns
from .._cursor import Cursor, CutShortError
from .._text import MOST, text, texts
from ._asking import ask

SERVICES = "_services._dns-sd._udp.local"
TELLING = ("_device-info._tcp", "_workstation._tcp", "_airplay._tcp", "_ipp._tcp", "_googlecast._tcp")
"""Services whose instances name host or model, the most telling first."""
_MAC = re.compile(r" \[((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\]\Z")
"""What instances of ``_workstation._tcp`` end in."""
UNICAST = 0x8000
"""Set in a question's class where the answer is wanted by unicast (RFC 6762, section 5.4)."""


def talk(wire: Datagrams) -> Talk:
    answer = yield from _instances(wire, wire.nonce[:2], SERVICES)
    if answer is None:
        return None
    service = wire.claim(Service("mdns"))
    found = _pointed(answer, SERVICES)
    services = list(dict.fromkeys(name.removesuffix(".local") for name in found))
    wire.details["services"] = services
    if services:
        wanted = next((name for name in TELLING if name in services), services[0]) + ".local"
        if (more := (yield from _instances(wire, wire.nonce[2:4], wanted))) is not None:
            _describe(wire, more, wanted)
    return service


def _instances(wire: Datagrams, number: bytes, name: str) -> Generator[Want, None, bytes | None]:
    question = _dns.query(number, name, _dns.PTR, _dns.IN | UNICAST)
    return (yield from ask(wire, question, lambda data: _answer(data, number, name)))


def _answer(data: bytes, number: bytes, name: str) -> bytes | None:
    """An answer about `name`. Some answer by unicast with the number 0, as they do by multicast (section 18.1)."""
    if not (_dns.answers(data, number) or _dns.answers(data, b"\0\0")):
        return None
    return data if any(record.name.lower() == name.lower() for record in _dns.records(data)) else None


def _pointed(message: bytes, name: str) -> list[str]:
    """What the PTR records of `name` point to."""
    found = []
    for record in _dns.records(message):
        if record.kind == _dns.PTR and record.name.lower() == name.lower():
            cursor = Cursor(message)
            cursor.at = record.at
            try:
                found.append(text(_dns.name(cursor).encode()))
            except CutShortError:
                continue
    return found[:MOST]


def _describe(wire: Datagrams, message: bytes, wanted: str) -> None:
    """Instances, the name of the host that serves them, and the strings of their TXT records (RFC 6763, section 6)."""
    instances = [name.removesuffix(f".{wanted}") for name in _pointed(message, wanted)]
    if instances:
        wire.details["instances"] = instances
        if address := _MAC.search(instances[0]):
            wire.details["mac"] = address[1]
    strings: list[bytes] = []
    for record in _dns.records(message):
        cursor = Cursor(message)
        cursor.at = record.at
        try:
            if record.kind == _dns.SRV:
                cursor.take(6)
                wire.details.setdefault("hostname", text(_dns.name(cursor).encode()))
            elif record.kind == _dns.TXT:
                data = Cursor(record.data)
                while data.left() and len(strings) < MOST:
                    strings.append(data.counted(1))
        except CutShortError:
            continue
    if said := texts(strings):
        wire.details["txt"] = said


PROBE = Probe("mdns", ports=(5353,), talk=talk, limit=9000, transport=Transport.UDP)
