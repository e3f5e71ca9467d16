"""FINS over TCP: OMRON's CONTROLLER DATA READ. Held only where it is named, in full mode.

Controllers can be disturbed by bytes; nothing is written. Sources: OMRON W421, "Ethernet Units, Construction of
Applications", 7-4 (FINS/TCP header, node addresses); W342, "Communications Commands Reference Manual", 5-3-15 (0501).
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._text import opens, text

_MAGIC: Final = b"FINS"
_ASK_NODE, _TELL_NODE, _FRAME = 0, 1, 2
_READ: Final = b"\x05\x01"


def _wrapped(command: int, body: bytes) -> bytes:
    return _MAGIC + struct.pack(">III", 8 + len(body), command, 0) + body


def talk(wire: Wire) -> Talk:
    wire.send(_wrapped(_ASK_NODE, bytes(4)))
    nodes = yield from _answer(wire, _TELL_NODE)
    if nodes is None:
        return None
    wire.claim(Service("fins"))
    if len(nodes) < 8:
        return wire.found
    client, server = nodes[3], nodes[7]
    wire.details["node"] = server
    header = bytes(
        [0x80, 0, 2, 0, server, 0, 0, client, 0, 1]
    )  # a command that wants an answer, over two gateways
    wire.send(_wrapped(_FRAME, header + _READ + b"\0"))
    answer = yield from _answer(wire, _FRAME)
    if answer is None or answer[10:12] != _READ or len(answer) < 14:
        return wire.found
    if answer[12] & 0x7F:  # the main response code; its first bit tells of a relay
        wire.details["error"] = answer[12:14].hex()
        return wire.found
    model, version = (text(answer[at : at + 20].rstrip(b"\0 ")) or None for at in (14, 34))
    for name, value in (("model", model), ("version", version)):
        if value:
            wire.details[name] = value
    return wire.claim(
        Service("fins", "OMRON" if model else None, model, (version or "").partition(" ")[0] or None)
    )


def _answer(wire: Wire, command: int) -> Generator[Want, None, bytes | None]:
    """What follows the header of an answer to `command`, empty where it tells an error; None for another answer."""
    if not (yield from opens(wire, _MAGIC)):
        return None
    length, said, error = struct.unpack(">4x3I", (yield from wire.exactly(16)))
    if said not in (command, 3) or not 8 <= length <= 1024:
        return None
    if error:
        wire.details["error"] = f"{error:#010x}"
        return b""
    return (yield from wire.exactly(length - 8))


PROBE = Probe("fins", ports=(9600,), talk=talk, limit=1024, full=True, fragile=True)
