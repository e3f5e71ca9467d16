"""DNS over TCP: ``version.bind`` in class CHAOS, the question by which name servers tell their version.

Who answers is a name server, whatever it answers; most say REFUSED or nothing. ``id.server`` (RFC 4892) is
asked in full mode. Sources: RFC 1035, sections 4.1 (message), 4.2.2 (TCP: two bytes of length before it);
RFC 4892, section 2 (version.bind); RCODEs in RFC 6895, section 2.3.
"""

from __future__ import annotations

from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from . import _dns

NUMBER = 28
"""The question's number, to be echoed. With it the question, 32 bytes, has the form of an NBT message, too, of 28
bytes after its header (RFC 1002, section 4.3.1): a Samba server closes at once, instead of waiting for more."""


def question(number: int, name: str) -> bytes:
    """A query for `name`'s TXT in CHAOS, without recursion, its length before it."""
    message = _dns.query(number.to_bytes(2, "big"), name, _dns.TXT, _dns.CHAOS)
    return len(message).to_bytes(2, "big") + message


def talk(wire: Wire) -> Talk:
    answer = yield from _ask(wire, NUMBER, "version.bind")
    if answer is None:
        return None
    wire.details["rcode"] = _dns.rcode(answer)
    version = _dns.first_text(answer)
    if version:
        wire.details["version_bind"] = version
    if wire.deep:
        named = yield from _ask(wire, NUMBER + 1, "id.server")
        identity = _dns.first_text(named) if named else ""
        if identity and identity != version:  # gdnsd says the same to whatever is asked
            wire.details["id_server"] = identity
    return wire.found


def _ask(wire: Wire, number: int, name: str) -> Generator[Want, None, bytes | None]:
    """The answer to a question; None where it is none. Claims as soon as it is one."""
    query = question(number, name)
    wire.send(query)
    start = yield from wire.exactly(5)
    length, flags = int.from_bytes(start[:2], "big"), start[4]
    # QR is set, the opcode is QUERY (RFC 1035 4.1.1), and the number is ours.
    if length < _dns.HEADER or start[2:4] != query[2:4] or flags & 0xF8 != 0x80:
        return None
    wire.claim(Service("dns"))
    return start[2:] + (yield from wire.exactly(length - 3))


PROBE = Probe("dns", ports=(53,), tls_ports=(853,), talk=talk, limit=4096)
