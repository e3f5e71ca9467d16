"""Git's own protocol: the repository ``/`` is asked for, which is hardly ever one; the refusal tells enough.

Where a repository is served as ``/``, its first reference names the software as its agent; what follows is not read,
and a flush packet says that nothing is wanted.
Source: Git, gitprotocol-pack(5), "Git Transport", and gitprotocol-common(5), "pkt-line Format".
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

REQUEST = b"0016git-upload-pack /\0"
"""The length in hexadecimal digits, itself included; the host's name, which could follow, is optional."""
LONGEST = 4096
"""Bytes of a packet that are read; a refusal takes a line, a first reference with its capabilities some 400."""
_LENGTH = re.compile(rb"[0-9a-f]{4}")
_REFERENCE = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64}) [^\0]{1,512}\0 ?([ -~]*)\n?")


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, b"0")):
        return None
    start = yield from wire.exactly(4)
    if not _LENGTH.fullmatch(start) or not 5 <= (length := int(start, 16)) <= LONGEST:
        return None
    data = yield from wire.exactly(length - 4)
    if data.startswith(b"ERR "):
        wire.details["error"] = text(data[4:])
        return wire.claim(Service("git"))
    if (found := _REFERENCE.fullmatch(data)) is None:
        return None
    wire.send(b"0000")
    for capability in found[1].split():
        name, _, value = capability.partition(b"=")
        if name in (b"agent", b"object-format"):
            wire.details[text(name).replace("-", "_")] = text(value)
    return wire.claim(Service("git"))


PROBE = Probe("git", ports=(9418,), talk=talk, limit=LONGEST)
