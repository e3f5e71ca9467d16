"""QUIC: a packet of a version that no server has. Each answers with those that it has, and nothing begins.

Sources: RFC 9000, sections 6 and 17.2.1 (version negotiation), 14.1 (1,200 bytes), 15 (versions); RFC 8999, section 6.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import MOST
from ._asking import ask

SIZE = 1200
NONE = bytes.fromhex("1a2a3a4a")
"""Of the form that is reserved for asking (section 15)."""
VERSIONS = {1: "1", 0x6B3343CF: "2", 0x709A50C4: "2 of its drafts"}
"""RFC 9000, RFC 9369, and draft-ietf-quic-v2."""


def talk(wire: Datagrams) -> Talk:
    theirs, ours = wire.nonce[:8], wire.nonce[8:16]
    question = (b"\xc0" + NONE + b"\x08" + theirs + b"\x08" + ours).ljust(SIZE, b"\0")
    versions = yield from ask(wire, question, lambda data: _versions(data, theirs, ours))
    if versions is None:
        return None
    wire.details["versions"] = versions
    return wire.claim(Service("quic"))


def _versions(data: bytes, theirs: bytes, ours: bytes) -> list[str] | None:
    """The versions in an answer to the packet with these ids, which come back exchanged; None for what is none."""
    cursor = Cursor(data)
    if (
        not cursor.number(1) & 0x80
        or cursor.number(4)
        or cursor.counted(1) != ours
        or cursor.counted(1) != theirs
    ):
        return None
    found = [cursor.number(4) for _ in range(min(cursor.left() // 4, MOST))]
    return list(dict.fromkeys(_name(version) for version in found if version & 0x0F0F0F0F != 0x0A0A0A0A))


def _name(version: int) -> str:
    if version >> 8 == 0xFF0000:
        return f"draft {version & 0xFF}"
    return VERSIONS.get(version) or f"{version:#010x}"


PROBE = Probe("quic", ports=(443, 853, 784, 8853), talk=talk, limit=4096, transport=Transport.UDP)
