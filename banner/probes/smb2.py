"""SMB 2 and 3: NEGOTIATE, which tells dialect, signing, the server's identifier and its clock.

No session follows. All dialects from 2.0.2 to 3.1.1 are offered; the last demands an integrity context.
Source: [MS-SMB2] 2.1 (direct TCP), 2.2.1.2 (header), 2.2.3 (request), 2.2.4 (response), 2.2.3.1.1 (context);
[MS-DTYP] 2.3.3 (FILETIME).
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1", 0x02FF: "2.???"}
CAPABILITIES = {
    0x01: "dfs", 0x02: "leasing", 0x04: "large-mtu", 0x08: "multi-channel", 0x10: "persistent-handles",
    0x20: "directory-leasing", 0x40: "encryption",
}  # fmt: skip
LONGEST = 65536
"""Bytes of an answer that is believed; its security blob takes a few hundred."""

_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")
_ANSWER = struct.Struct("<HHHH16sIIIIQQHHI")
_SALT = bytes(32)
_INTEGRITY = struct.pack("<HHIHHH32s", 1, 38, 0, 1, 32, 1, _SALT)
"""Preauthentication integrity: one algorithm, SHA-512, and a salt that protects nothing here."""


def request() -> bytes:
    """NEGOTIATE with its session header; the context starts at an offset divisible by 8."""
    offered = (0x0202, 0x0210, 0x0300, 0x0302, 0x0311)
    header = _HEADER.pack(b"\xfeSMB", 64, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, bytes(16))
    body = struct.pack("<HHHHI16sIHH", 36, len(offered), 1, 0, 0x40, bytes(16), 112, 1, 0)
    message = (header + body + struct.pack("<5H", *offered)).ljust(112, b"\0") + _INTEGRITY
    return len(message).to_bytes(4, "big") + message


def talk(wire: Wire) -> Talk:
    wire.send(request())
    if not (yield from opens(wire, b"\0")):
        return None
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if not _HEADER.size <= length <= LONGEST or not (yield from opens(wire, b"\xfeSMB\x40\x00")):
        return None
    header = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))
    if header[4] != 0 or not header[6] & 1:  # command NEGOTIATE, and the flag of a server's answer
        return None
    wire.claim(Service("microsoft-ds"))
    if header[3]:
        wire.details["error"] = f"{header[3]:#010x}"
        return wire.found
    _describe(wire, (yield from wire.exactly(_ANSWER.size)))
    return wire.found


def _describe(wire: Wire, answer: bytes) -> None:
    _, signing, dialect, _, guid, offers, _, _, _, now, booted, _, _, _ = _ANSWER.unpack(answer)
    wire.details["dialect"] = DIALECTS.get(dialect, f"{dialect:#06x}")
    wire.details["signing"] = "required" if signing & 2 else "enabled" if signing & 1 else "disabled"
    wire.details["server_guid"] = str(UUID(bytes_le=guid))
    wire.details["capabilities"] = [name for bit, name in CAPABILITIES.items() if offers & bit]
    for name, ticks in (("system_time", now), ("start_time", booted)):
        if moment := _moment(ticks):
            wire.details[name] = moment


def _moment(ticks: int) -> str | None:
    """A FILETIME, 100 ns since 1601, in RFC 3339; None where it is zero or beyond the calendar."""
    try:
        moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if ticks else None


PROBE = Probe("smb2", ports=(445,), talk=talk, limit=4096)
