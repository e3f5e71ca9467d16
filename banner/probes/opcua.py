"""OPC UA: Hello, answered with Acknowledge or an error. Held only where it is named, in full mode.

Controllers can be disturbed by bytes. No secure channel is opened, so no name is told: only that it is OPC UA.
Source: OPC 10000-6, "Mappings", 7.1.2 (messages) and annex A (status codes).
"""

from __future__ import annotations

import struct
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens, text

_BUFFER: Final = 65535
ERRORS: Final = {
    0x800E0000: "server halted", 0x807D0000: "server too busy", 0x807E0000: "message type invalid",
    0x80800000: "message too large", 0x80810000: "not enough resources", 0x80820000: "internal error",
    0x80830000: "endpoint url invalid", 0x80BE0000: "protocol version unsupported",
}  # fmt: skip


def talk(wire: Wire) -> Talk:
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    url = f"opc.tcp://{host}:{wire.port}".encode("utf-8", "replace")
    body = struct.pack("<5II", 0, _BUFFER, _BUFFER, 0, 0, len(url)) + url
    wire.send(b"HELF" + struct.pack("<I", 8 + len(body)) + body)
    if not (yield from opens(wire, b"ACKF", b"ERRF")):
        return None
    head = yield from wire.exactly(8)
    length = int.from_bytes(head[4:], "little")
    if not 16 <= length <= 4096 or (head[:3] == b"ACK" and length != 28):
        return None
    answer = Cursor((yield from wire.exactly(length - 8)), "little")
    wire.claim(Service("opcua"))
    if head[:3] == b"ACK":
        wire.details["protocol_version"] = str(answer.number(4))
        for name in ("receive_buffer", "send_buffer", "max_message", "max_chunks"):
            wire.details[name] = answer.number(4)
        return wire.found
    code = answer.number(4)
    wire.details["error"] = ERRORS.get(code, f"{code:#010x}")
    try:
        if reason := text(answer.counted(4)):
            wire.details["reason"] = reason
    except CutShortError:  # a null string has the length -1
        pass
    return wire.found


PROBE = Probe("opcua", ports=(4840,), talk=talk, limit=4096, full=True, fragile=True)
