"""Bolt (Neo4j, Memgraph): the server chooses one of the versions that we offer, and from 5.1 on HELLO names it.

Before 5.1 HELLO is a login, and is not said: the version alone is told then. From 5.1 on a login is a message of its
own (LOGON), which is never sent.
Source: Neo4j, "Bolt Protocol" documentation: "Handshake specification", "Message specification" (HELLO, LOGON, SUCCESS,
FAILURE, GOODBYE), "Version negotiation".
"""

from __future__ import annotations

from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from . import _packstream
from ._cursor import Cursor, CutShortError
from ._text import text

MAGIC = b"\x60\x60\xb0\x17"
OFFERED = ((5, 8, 8), (4, 4, 2), (4, 1, 0), (3, 0, 0))
"""Major and minor number, and how many minor ones before it."""
HELLO, GOODBYE, SUCCESS, FAILURE = 0x01, 0x02, 0x70, 0x7F
NAMES_ITSELF = (5, 1)
"""The first version in which HELLO is no login."""
LONGEST = 2048


def _message(kind: int, *fields: bytes) -> bytes:
    """A structure in one chunk, and the empty chunk that ends a message."""
    body = bytes((0xB0 | len(fields), kind)) + b"".join(fields)
    return len(body).to_bytes(2, "big") + body + b"\0\0"


REQUEST = MAGIC + b"".join(bytes((0, before, minor, major)) for major, minor, before in OFFERED)
WHO = _packstream.text("banner/1")
GREETING = _message(HELLO, _packstream.mapping(user_agent=WHO, bolt_agent=_packstream.mapping(product=WHO)))
"""Both are demanded, the second since 5.3; there is neither a scheme nor a principal."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    answer = yield from wire.exactly(4)
    version = answer[3], answer[2]
    if answer[:2] != b"\0\0" or not any(
        major == version[0] and minor - before <= version[1] <= minor for major, minor, before in OFFERED
    ):
        return None
    if version < NAMES_ITSELF:
        # Four bytes are few: nobody who speaks Bolt says more before he is asked.
        if (yield from wire.rest()):
            return None
        return _known(wire, version)
    if wire.unread:
        return None
    wire.send(GREETING)
    told = yield from _answer(wire)
    if told is None:
        return None
    for field, name in (("server", "server"), ("code", "error")):
        if isinstance(said := told.get(field), str) and said:
            wire.details[name] = text(said.encode())
    wire.send(_message(GOODBYE))
    return _known(wire, version)


def _known(wire: Wire, version: tuple[int, int]) -> Service:
    wire.details["protocol_version"] = f"{version[0]}.{version[1]}"
    return wire.claim(Service("bolt"))


def _answer(wire: Wire) -> Generator[Want, None, dict[str, object] | None]:
    """What SUCCESS or FAILURE holds; None for anything else."""
    body = b""
    while size := int.from_bytes((yield from wire.exactly(2)), "big"):
        if len(body) + size > LONGEST:
            return None
        body += yield from wire.exactly(size)
    if body[:2] not in (bytes((0xB1, SUCCESS)), bytes((0xB1, FAILURE))):
        return None
    try:
        told = _packstream.value(Cursor(body[2:]))
    except CutShortError:
        return None
    return told if isinstance(told, dict) else None


PROBE = Probe("bolt", ports=(7687,), talk=talk, limit=LONGEST + 64)
