"""DNS over UDP: ``version.bind`` in class CHAOS and, where it was answered, the host's own name.

Who answers is a name server, whatever it answers; many say REFUSED. The name is ``hostname.bind``; PowerDNS knows it
as ``id.server``. Sources: RFC 1035, section 4.1 (message); RFC 4892, section 2 (both names).
"""

from __future__ import annotations

from collections.abc import Generator

from ...dialogue import Datagrams, Probe, Talk, Want
from ...models import Service, Transport
from .. import _dns
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    answer = yield from _question(wire, wire.nonce[:2], "version.bind")
    if answer is None:
        return None
    service = wire.claim(Service("dns"))
    wire.details["rcode"] = _dns.rcode(answer)
    if version := _dns.first_text(answer):
        wire.details["version_bind"] = version
        own_name = "id.server" if "PowerDNS" in version else "hostname.bind"
        named = yield from _question(wire, wire.nonce[2:4], own_name)
        hostname = _dns.first_text(named) if named else ""
        if hostname and hostname != version:  # gdnsd says the same to whatever is asked
            wire.details["hostname"] = hostname
    return service


def _question(wire: Datagrams, number: bytes, name: str) -> Generator[Want, None, bytes | None]:
    question = _dns.query(number, name, _dns.TXT, _dns.CHAOS)

    def answer(data: bytes) -> bytes | None:
        return data if _dns.answers(data, number) and _dns.repeats(data, question) else None

    return (yield from ask(wire, question, answer))


PROBE = Probe("dns", ports=(53,), talk=talk, limit=8192, transport=Transport.UDP)
