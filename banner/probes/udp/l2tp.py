"""L2TP: a control connection is asked for and, once it is answered, closed: else the server repeats its answer.

Sources: RFC 2661, sections 3.1 (header), 4.1 and 4.4 (attributes), 5.8 (repeats), 6.1 (SCCRQ), 6.4 (StopCCN).
"""

from __future__ import annotations

from contextlib import suppress

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor, CutShortError
from .._text import text
from ._asking import ask

MESSAGE, RESULT, PROTOCOL, FRAMING, FIRMWARE, HOST, VENDOR, TUNNEL, WINDOW = 0, 1, 2, 3, 6, 7, 8, 9, 10
SCCRQ, SCCRP, STOPCCN = 1, 2, 4
NAME = b"banner"
PRODUCTS = {"xelerance.com": ("Xelerance", "xl2tpd")}
"""Vendor names that only one program sends."""
MOST = 32
"""Attributes that are read; an answer has about ten."""


def talk(wire: Datagrams) -> Talk:
    tunnel = wire.nonce[:2]
    question = _message(
        b"\0\0", 0, 0, (MESSAGE, b"\0\1"), (PROTOCOL, b"\1\0"), (FRAMING, b"\0\0\0\3"), (HOST, NAME),
        (TUNNEL, tunnel), (WINDOW, b"\0\4"),
    )  # fmt: skip
    told = yield from ask(wire, question, lambda data: _told(data, tunnel))
    if told is None:
        return None
    for kind, field in ((HOST, "hostname"), (VENDOR, "vendor")):
        if word := text(told.get(kind, b"").rstrip(b"\0")):
            wire.details[field] = word
    if len(version := told.get(PROTOCOL, b"")) == 2:
        wire.details["protocol_version"] = f"{version[0]}.{version[1]}"
    if FIRMWARE in told:
        wire.details["firmware"] = int.from_bytes(told[FIRMWARE][:2], "big")
    if len(theirs := told.get(TUNNEL, b"")) == 2:
        wire.send(_message(theirs, 1, 1, (MESSAGE, b"\0\4"), (TUNNEL, tunnel), (RESULT, b"\0\1")))
    maker = wire.details.get("vendor")
    vendor, product = PRODUCTS.get(maker or "", (maker, None))
    return wire.claim(Service("l2tp", vendor=vendor, product=product))


def _message(tunnel: bytes, sent: int, received: int, *attributes: tuple[int, bytes]) -> bytes:
    """A control message with its numbers, of mandatory attributes."""
    body = b"".join(
        (0x8000 | 6 + len(value)).to_bytes(2, "big") + b"\0\0" + kind.to_bytes(2, "big") + value
        for kind, value in attributes
    )
    head = b"\xc8\2" + (12 + len(body)).to_bytes(2, "big") + tunnel + b"\0\0"
    return head + sent.to_bytes(2, "big") + received.to_bytes(2, "big") + body


def _told(data: bytes, tunnel: bytes) -> dict[int, bytes] | None:
    """The attributes of a SCCRP, or of a StopCCN that refuses, to our tunnel; None for what is neither."""
    cursor = Cursor(data)
    if cursor.number(2) & 0xCB0F != 0xC802 or cursor.number(2) > len(data) or cursor.take(2) != tunnel:
        return None
    cursor.take(6)
    told: dict[int, bytes] = {}
    with suppress(CutShortError):
        for _ in range(MOST):
            size, vendor, kind = (cursor.number(2) for _ in range(3))
            value = cursor.take((size & 0x3FF) - 6)
            if not vendor and not size & 0x4000:  # neither somebody's own nor hidden
                told.setdefault(kind, value)
    return told if told.get(MESSAGE) in (SCCRP.to_bytes(2, "big"), STOPCCN.to_bytes(2, "big")) else None


PROBE = Probe("l2tp", ports=(1701,), talk=talk, limit=4096, transport=Transport.UDP)
