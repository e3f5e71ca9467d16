"""DNS over TCP: ``version.bind`` in class CHAOS, the question by which name servers tell their version.

Who answers is a name server, whatever it answers; most say REFUSED or nothing. ``id.server`` (RFC 4892) is
asked in full mode. Sources: RFC 1035, sections 4.1 (message), 4.2.2 (TCP: two bytes of length before it);
RFC 4892, section 2 (version.bind); RCODEs in RFC 6895, section 2.3.
"""

from __future__ import annotations

from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import text

TXT, CHAOS = 16, 3
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
_HEADER = 12

NUMBER = 28
"""The question's number, to be echoed. With it the question, 32 bytes, has the form of an NBT message, too, of 28
bytes after its header (RFC 1002, section 4.3.1): a Samba server closes at once, instead of waiting for more."""


def question(number: int, name: bytes) -> bytes:
    """A query for `name`'s TXT in CHAOS, without recursion, its length before it."""
    labels = b"".join(bytes([len(label)]) + label for label in name.split(b"."))
    message = number.to_bytes(2, "big") + b"\0\0\0\1\0\0\0\0\0\0" + labels + b"\0" + bytes((0, TXT, 0, CHAOS))
    return len(message).to_bytes(2, "big") + message


def talk(wire: Wire) -> Talk:
    answer = yield from _ask(wire, NUMBER, b"version.bind")
    if answer is None:
        return None
    rcode = answer[3] & 0x0F
    wire.details["rcode"] = RCODES[rcode] if rcode < len(RCODES) else str(rcode)
    if version := _text_of(answer):
        wire.details["version_bind"] = version
    if wire.deep:
        named = yield from _ask(wire, NUMBER + 1, b"id.server")
        if named and (identity := _text_of(named)):
            wire.details["id_server"] = identity
    return wire.found


def _ask(wire: Wire, number: int, name: bytes) -> Generator[Want, None, bytes | None]:
    """The answer to a question; None where it is none. Claims as soon as it is one."""
    query = question(number, name)
    wire.send(query)
    start = yield from wire.exactly(5)
    length, flags = int.from_bytes(start[:2], "big"), start[4]
    # QR is set, the opcode is QUERY (RFC 1035 4.1.1), and the number is ours.
    if length < _HEADER or start[2:4] != query[2:4] or flags & 0xF8 != 0x80:
        return None
    wire.claim(Service("dns"))
    return start[2:] + (yield from wire.exactly(length - 3))


def _text_of(message: bytes) -> str:
    """The first string of the first TXT record among the answers; empty where there is none."""
    cursor = Cursor(message)
    try:
        cursor.take(4)
        questions, answers = cursor.number(2), cursor.number(2)
        cursor.take(4)
        for _ in range(min(questions, 4)):
            _skip_name(cursor)
            cursor.take(4)
        for _ in range(min(answers, 16)):
            _skip_name(cursor)
            kind = cursor.number(2)
            cursor.take(6)
            data = Cursor(cursor.counted(2))
            if kind == TXT:
                return text(data.counted(1))
    except CutShortError:
        pass
    return ""


def _skip_name(cursor: Cursor) -> None:
    """Labels up to the empty one or to a pointer, which is not followed (RFC 1035, section 4.1.4)."""
    while size := cursor.number(1):
        if size >= 0xC0:
            cursor.take(1)
            return
        cursor.take(size)


PROBE = Probe("dns", ports=(53,), tls_ports=(853,), talk=talk, limit=4096)
