"""IPMI over RMCP: how one could log in to a management controller. Nobody does.

Get Channel Authentication Capabilities is answered to anybody. Sources: IPMI 2.0, sections 13.1.3 (RMCP's header),
13.6 (session header), 13.8 (message), 22.13 (command); ASF 2.0, section 3.2.2.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from ._asking import ask

_RMCP = b"\6\0\xff\7"
"""Version 1.0, no acknowledgement, class IPMI."""
_OUTSIDE = bytes(9)
"""No authentication, outside of a session."""
_APPLICATION, _CAPABILITIES, _OURS, _THEIRS = 6, 0x38, 0x81, 0x20
_THIS_CHANNEL_AND_2_0, _ADMINISTRATOR = 0x8E, 4
AUTHENTICATION = {0: "none", 1: "md2", 2: "md5", 4: "password", 5: "oem"}
"""Bits of the types that are offered."""


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[0] & 0xFC
    answer = yield from ask(wire, _question(number), lambda data: _answer(data, number))
    if answer is None:
        return None
    service = wire.claim(Service("ipmi"))
    if answer[0]:
        wire.details["completion_code"] = answer[0]
    elif len(answer) >= 8:
        types, status, versions = answer[2], answer[3], answer[4]
        wire.details["authentication"] = [name for bit, name in AUTHENTICATION.items() if types >> bit & 1]
        both = types >> 7 and versions >> 1 & 1
        wire.details["protocol_versions"] = (
            ["1.5", "2.0"] if both and versions & 1 else ["2.0"] if both else ["1.5"]
        )
        wire.details["anonymous_login"] = bool(status & 1)
        wire.details["null_user_names"] = bool(status & 2)
        if maker := int.from_bytes(answer[5:8], "little"):
            wire.details["enterprise"] = maker
    return service


def _question(number: int) -> bytes:
    head = bytes([_THEIRS, _APPLICATION << 2])
    body = bytes([_OURS, number, _CAPABILITIES, _THIS_CHANNEL_AND_2_0, _ADMINISTRATOR])
    message = head + _checksum(head) + body + _checksum(body)
    return _RMCP + _OUTSIDE + bytes([len(message)]) + message


def _checksum(data: bytes) -> bytes:
    """What makes the sum zero (section 13.8)."""
    return bytes([-sum(data) & 0xFF])


def _answer(data: bytes, number: int) -> bytes | None:
    """Completion code and data of the answer to our command."""
    message = data[14:]
    if len(data) < 22 or not data.startswith(_RMCP) or not 8 <= data[13] <= len(message):
        return None
    head = message[0], message[1] >> 2, message[4], message[5]
    return message[6 : data[13] - 1] if head == (_OURS, _APPLICATION | 1, number, _CAPABILITIES) else None


PROBE = Probe("ipmi", ports=(623,), talk=talk, limit=2048, transport=Transport.UDP)
