"""SSH: the server's identification, which other lines may precede; in full mode its algorithms and its host key.

The identification (RFC 4253, section 4.2) names the software: no word of ours is needed. In full mode we
send our own and read the server's KEXINIT (section 7.1), which servers send without waiting for ours, begin one
exchange of what it offers, and leave when the reply has shown the host key. The lists make the HASSH server
fingerprint (Salesforce, "HASSH", 2018: the MD5 of the server's kex, encryption, MAC and compression lists
towards the client, joined by semicolons).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final

from ..dialogue import SSH_PORTS, Probe, Talk, Want, Wholeness, Wire, whole
from ..models import Service
from ..text.patterns import lazily
from ._ssh import KEXINIT, REPLY, SKIPPED, disconnect, exchange, host_key
from ._text import text, texts

IDENTIFICATION: Final = b"SSH-2.0-banner\r\n"
PACKET: Final = 35000
"""The longest packet that all must be able to take (RFC 4253, section 6.1)."""
BEFORE: Final = 4096
"""Bytes of lines before the identification: a legal notice takes some 2,000."""
LISTS: Final = (
    "kex_algorithms",
    "host_key_algorithms",
    "encryption_to_server",
    "encryption_to_client",
    "mac_to_server",
    "mac_to_client",
    "compression_to_server",
    "compression_to_client",
)
"""The name-lists of KEXINIT that are kept, in its order; two of languages follow."""
SKIPPED_MOST: Final = 4
"""Packets before the reply that are passed over."""
_FINGERPRINT: Final = (0, 3, 5, 7)
_LINE = lazily(rb"(?:\A|\n)SSH-")
_IDENTIFICATION = re.compile(rb"SSH-(\d\.\d{1,2})-([^\s-][^\s]*)(?: (.*))?")


def talk(wire: Wire) -> Talk:
    if not wire.starts(b"SSH-") and not (yield from _precede(wire)):
        return None
    found = _IDENTIFICATION.match((yield from wire.line(512)))
    if not found:
        return None
    wire.details["protocol_version"] = found[1].decode()
    wire.details["software"] = text(found[2])
    if found[3]:
        wire.details["comments"] = text(found[3])
    service = wire.claim(Service("ssh"))
    if wire.deep and found[1] in (b"2.0", b"1.99"):
        wire.send(IDENTIFICATION)
        offered = yield from _algorithms(wire)
        if offered is not None and (half := exchange(offered)) is not None:
            wire.send(half)
            yield from _host_key(wire)
    return service


def _precede(wire: Wire) -> Generator[Want, None, bool]:
    """Read up to the identification; False where there is none.

    Lines before it come in the same breath, so a pause, or another protocol's whole greeting, is an answer.
    """
    while not (found := _LINE.search(wire.unread)):
        if wire.end is not None or len(wire.unread) > BEFORE or whole(wire.unread) is Wholeness.WHOLE:
            return False
        if b"SSH-".startswith(wire.unread):
            yield from wire.more()
            continue
        if wire.paused:
            return False
        yield Want.PAUSE
    if lines := texts(wire.take(found.end() - len(b"SSH-")).splitlines()):
        wire.details["lines_before"] = lines
    return True


def _algorithms(wire: Wire) -> Generator[Want, None, list[list[bytes]] | None]:
    """The names in the server's KEXINIT, list by list."""
    payload = yield from _payload(wire)
    lists = _name_lists(payload)
    if payload[:1] != bytes([KEXINIT]) or lists is None:
        return None
    from hashlib import md5  # with OpenSSL's half, for who asks in full mode

    for name, names in zip(LISTS, lists, strict=True):
        wire.details[name] = texts(names.split(b","))
    wire.details["hassh_server"] = md5(
        b";".join(lists[index] for index in _FINGERPRINT), usedforsecurity=False
    ).hexdigest()
    return [names.split(b",") for names in lists]


def _host_key(wire: Wire) -> Generator[Want, None, None]:
    """Read the reply to our half of the exchange, and take leave."""
    for _ in range(SKIPPED_MOST):
        payload = yield from _payload(wire)
        if payload[:1] and payload[0] in SKIPPED:
            continue
        if payload[:1] == bytes([REPLY]):
            wire.details.update(host_key(payload))
            wire.send(disconnect())
        return


def _payload(wire: Wire) -> Generator[Want, None, bytes]:
    """The payload of the next packet; empty for what is none."""
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if not 2 <= length <= PACKET:
        return b""
    packet = yield from wire.exactly(length)
    return packet[1 : len(packet) - packet[0]]


def _name_lists(payload: bytes) -> list[bytes] | None:
    """The name-lists of a KEXINIT payload after its number and its cookie; None where it is cut short."""
    lists: list[bytes] = []
    at = 17
    for _ in LISTS:
        length = int.from_bytes(payload[at : at + 4], "big")
        names = payload[at + 4 : at + 4 + length]
        if at + 4 > len(payload) or len(names) < length:
            return None
        lists.append(names)
        at += 4 + length
    return lists


PROBE = Probe("ssh", ports=SSH_PORTS, greets=True, talk=talk, limit=40960)
