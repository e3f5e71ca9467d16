"""SMB 2 and 3: NEGOTIATE, which tells dialect, signing, the server's identifier and its clock.

All dialects from 2.0.2 to 3.1.1 are offered; the last demands an integrity context. No session follows: full mode
begins one with an NTLM message that names nobody, hears the server's challenge (``_ntlm.py``) and leaves.
Source: [MS-SMB2] 2.1 (direct TCP), 2.2.1.2 (header), 2.2.3 (request), 2.2.4 (response), 2.2.3.1.1 (context),
2.2.5 and 2.2.6 (SESSION_SETUP).
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from uuid import UUID

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._filetime import moment
from ._ntlm import MECHANISM, challenge, spnego
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


NEGOTIATE, SESSION_SETUP = 0, 1
_MORE_PROCESSING = 0xC0000016
"""The status of an answer that goes on with the negotiation ([MS-ERREF] 2.3.1)."""


def request() -> bytes:
    """NEGOTIATE with its session header; the context starts at an offset divisible by 8."""
    offered = (0x0202, 0x0210, 0x0300, 0x0302, 0x0311)
    body = struct.pack("<HHHHI16sIHH", 36, len(offered), 1, 0, 0x40, bytes(16), 112, 1, 0)
    message = (_header(NEGOTIATE) + body + struct.pack("<5H", *offered)).ljust(112, b"\0") + _INTEGRITY
    return len(message).to_bytes(4, "big") + message


def setup() -> bytes:
    """SESSION_SETUP with NTLM's first message: 88 is where its token stands."""
    token = spnego()
    body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0)
    message = _header(SESSION_SETUP) + body + token
    return len(message).to_bytes(4, "big") + message


def _header(command: int) -> bytes:
    """A request's header; the commands go out in their order, which makes each one's number its message's too."""
    return _HEADER.pack(b"\xfeSMB", 64, 0, 0, command, 1, 0, 0, command, 0, 0, 0, bytes(16))


def talk(wire: Wire) -> Talk:
    wire.send(request())
    found = yield from _answer(wire, NEGOTIATE)
    if found is None:
        return None
    wire.claim(Service("microsoft-ds"))
    status, length = found
    if status:
        wire.details["error"] = f"{status:#010x}"
        return wire.found
    answer = yield from wire.exactly(_ANSWER.size)
    _describe(wire, answer)
    if wire.deep:
        contexts = yield from wire.exactly(max(0, length - _HEADER.size - _ANSWER.size))
        if MECHANISM in contexts:
            yield from _names(wire)
    return wire.found


def _answer(wire: Wire, command: int) -> Generator[Want, None, tuple[int, int] | None]:
    """The status of the answer to `command` and its length, its header taken; None where it is none."""
    if not (yield from opens(wire, b"\0")):
        return None
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if not _HEADER.size <= length <= LONGEST or not (yield from opens(wire, b"\xfeSMB\x40\x00")):
        return None
    header = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))
    if header[4] != command or not header[6] & 1:  # the flag of a server's answer
        return None
    return header[3], length


def _names(wire: Wire) -> Generator[Want, None, None]:
    """What the server calls itself in its challenge."""
    wire.send(setup())
    found = yield from _answer(wire, SESSION_SETUP)
    if found is not None and found[0] == _MORE_PROCESSING:
        wire.details.update(challenge((yield from wire.exactly(found[1] - _HEADER.size))))


def _describe(wire: Wire, answer: bytes) -> None:
    _, signing, dialect, _, guid, offers, _, _, _, now, booted, _, _, _ = _ANSWER.unpack(answer)
    wire.details["dialect"] = DIALECTS.get(dialect, f"{dialect:#06x}")
    wire.details["signing"] = "required" if signing & 2 else "enabled" if signing & 1 else "disabled"
    wire.details["server_guid"] = str(UUID(bytes_le=guid))
    wire.details["capabilities"] = [name for bit, name in CAPABILITIES.items() if offers & bit]
    for name, ticks in (("system_time", now), ("start_time", booted)):
        if said := moment(ticks):
            wire.details[name] = said


PROBE = Probe("smb2", ports=(445,), talk=talk, limit=4096)
