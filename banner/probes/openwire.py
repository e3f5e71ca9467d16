"""OpenWire: the broker speaks first, and its WireFormatInfo tells who it is and what it will speak. Nothing is said.

Source: ActiveMQ, "OpenWire Version 2 Specification", sections "WireFormatInfo" and "Wire Format Negotiation"; the
values of its properties as org.apache.activemq.util.MarshallingSupport writes them.
"""

from __future__ import annotations

from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens, text

MAGIC = b"\x01ActiveMQ"
"""The type of a WireFormatInfo, and the protocol's name."""
LONGEST = 4096
"""Bytes of one; ActiveMQ 5.17 sends 342."""
MOST = 32
"""Properties; ActiveMQ 5.17 tells 13."""
FIELDS = {
    "ProviderName": "provider_name", "ProviderVersion": "provider_version", "PlatformDetails": "platform",
    "Host": "host", "StackTraceEnabled": "stack_trace_enabled", "CacheEnabled": "cache_enabled",
    "CacheSize": "cache_size", "TcpNoDelayEnabled": "tcp_no_delay_enabled",
    "SizePrefixDisabled": "size_prefix_disabled", "TightEncodingEnabled": "tight_encoding_enabled",
    "MaxFrameSize": "max_frame_size", "MaxFrameSizeEnabled": "max_frame_size_enabled",
    "MaxInactivityDuration": "max_inactivity",
    "MaxInactivityDurationInitalDelay": "max_inactivity_initial_delay",
}  # fmt: skip
"""Properties and their fields in the details; the last one is spelt so on the wire."""
_NULL, _BOOLEAN, _STRING, _BYTES, _BIG_STRING = 0, 1, 9, 10, 13
_NUMBERS: Final = {2: 1, 3: 2, 4: 2, 5: 4, 6: 8, 7: 8, 8: 4}
"""Bytes of the numbers by their types: a byte, a character, a short, an int, a long, a double, a float."""
_REAL = (7, 8)


def talk(wire: Wire) -> Talk:
    yield from opens(wire, b"\0\0")
    if not wire.unread.startswith(b"\0\0"):
        return None
    length = int.from_bytes((yield from wire.exactly(4)), "big")
    if not len(MAGIC) + 5 <= length <= LONGEST or not (yield from opens(wire, MAGIC)):
        return None
    info = Cursor((yield from wire.exactly(length)))
    info.take(len(MAGIC))
    try:
        wire.details["protocol_version"] = str(info.number(4))
        wire.claim(Service("openwire"))
        if info.number(1):
            _properties(wire, Cursor(info.counted(4)))
    except CutShortError:
        pass  # the properties that stood before it are told
    return wire.found


def _properties(wire: Wire, inner: Cursor) -> None:
    for _ in range(min(inner.number(4), MOST)):
        name, value = text(inner.counted(2)), _value(inner)
        if value is not None and (field := FIELDS.get(name)):
            wire.details[field] = value


def _value(inner: Cursor) -> str | int | bool | None:
    """The next value; None for what is none, or no text and no whole number. Raises `CutShortError` for a type that
    has no known length."""
    kind = inner.number(1)
    if kind == _BOOLEAN:
        return bool(inner.number(1))
    if kind in _NUMBERS:
        number = inner.number(_NUMBERS[kind], signed=True)
        return None if kind in _REAL else number
    if kind in (_STRING, _BIG_STRING, _BYTES):
        data = inner.counted(2 if kind == _STRING else 4)
        return None if kind == _BYTES else text(data)
    if kind != _NULL:
        raise CutShortError(f"a value of type {kind}")
    return None


PROBE = Probe(
    "openwire", ports=(61616,), tls_ports=(61617,), greets=True, asks=False, talk=talk, limit=LONGEST + 4
)
