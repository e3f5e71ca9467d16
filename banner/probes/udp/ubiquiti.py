"""Ubiquiti's discovery: what a device is called, and what it runs. Answered to anybody by many (CVE-2017-0938).

No document describes it: four bytes ask, and fields of type, length and value answer, as devices were seen to.
"""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor, CutShortError
from .._text import text
from ._asking import ask

QUESTION = b"\1\0\0\0"
_MAC, _ADDRESS, _UPTIME = 0x01, 0x02, 0x0A
_TEXTS = {0x03: "firmware_version", 0x0B: "hostname", 0x0C: "platform", 0x0D: "essid", 0x14: "model"}
MOST = 32
"""Fields that are read; a device sends about a dozen."""


def talk(wire: Datagrams) -> Talk:
    answer = yield from ask(wire, QUESTION, _answer)
    if answer is None:
        return None
    cursor = Cursor(answer)
    with suppress(CutShortError):
        for _ in range(MOST):
            kind, value = cursor.number(1), cursor.counted(2)
            if kind in _TEXTS and (said := text(value.rstrip(b"\0"))):
                wire.details.setdefault(_TEXTS[kind], said)
            elif kind in (_MAC, _ADDRESS) and len(value) in (6, 10):
                wire.details.setdefault("mac", value[:6].hex(":"))
                if len(value) == 10:
                    wire.details.setdefault("address", str(IPv4Address(value[6:])))
            elif kind == _UPTIME and len(value) == 4:
                wire.details.setdefault("uptime", int.from_bytes(value, "big"))
    model = wire.details.get("model") or wire.details.get("platform")
    return wire.claim(Service("ubiquiti", vendor="Ubiquiti", device=model))


def _answer(data: bytes) -> bytes | None:
    """The fields of an answer, which has at least one and says how long they are."""
    whole = len(data) > 7 and data[:2] == b"\1\0" and int.from_bytes(data[2:4], "big") == len(data) - 4
    return data[4:] if whole else None


PROBE = Probe("ubiquiti", ports=(10001,), talk=talk, limit=4096, transport=Transport.UDP, full=True)
