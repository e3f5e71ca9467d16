"""PulseAudio's native protocol: GET_SERVER_INFO without authentication, which is refused with the protocol's own error.

No cookie is shown and no AUTH sent. A server that lets everybody in (``auth-anonymous``) tells name, version and host.
Source: PulseAudio's PROTOCOL, and in src/pulsecore pstream.c (descriptors), native-common.h (commands), tagstruct.h
(tags); src/pulse/def.h (errors).
"""

from __future__ import annotations

import struct

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._product import named
from ._text import opens, text

GET_SERVER_INFO = 20
ERROR, REPLY = 0, 2
TAG = 0x62616E6E
"""Ours, which the answer repeats."""
CONTROL = 0xFFFFFFFF
"""The channel of commands."""
ERRORS = {1: "access denied", 2: "unknown command", 5: "does not exist", 7: "protocol", 19: "not supported"}
_HEAD = struct.Struct(">IIQI")
_COMMAND = struct.Struct(">cIcI")

REQUEST = _HEAD.pack(_COMMAND.size, CONTROL, 0, 0) + _COMMAND.pack(b"L", GET_SERVER_INFO, b"L", TAG)


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, b"\0\0")):
        return None
    length, channel, offset, flags = _HEAD.unpack((yield from wire.exactly(_HEAD.size)))
    if (channel, offset, flags) != (CONTROL, 0, 0) or not _COMMAND.size < length <= wire.limit - _HEAD.size:
        return None
    answer = Cursor((yield from wire.exactly(length)))
    first, command, second, tag = _COMMAND.unpack(answer.take(_COMMAND.size))
    if (first, second, tag) != (b"L", b"L", TAG) or command not in (ERROR, REPLY):
        return None
    try:
        return wire.claim(_refused(wire, answer) if command == ERROR else _told(wire, answer))
    except CutShortError:
        return None


def _refused(wire: Wire, answer: Cursor) -> Service:
    answer.take(1)
    number = answer.number(4)
    wire.details["error"] = ERRORS.get(number, str(number))
    return Service("pulseaudio")


def _told(wire: Wire, answer: Cursor) -> Service:
    """The texts that the answer begins with: name, version, user, host; a text begins with ``t``, none is ``N``."""
    found = [text(answer.until()) if answer.take(1) == b"t" else "" for _ in range(4)]
    for field, value in zip(("server_name", "version", "user_name", "host_name"), found, strict=True):
        if value:
            wire.details[field] = value
    if (
        found[0] != "pulseaudio"
    ):  # PipeWire's is "PulseAudio (on PipeWire 1.0.5)", and the version PulseAudio's
        return Service("pulseaudio")
    return named("pulseaudio", "PulseAudio", "PulseAudio", found[1] or None, cpe="pulseaudio:pulseaudio")


PROBE = Probe("pulseaudio", ports=(4713,), at_home=True, talk=talk, limit=4096)
