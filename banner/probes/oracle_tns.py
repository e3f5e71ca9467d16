"""Oracle's listener: CONNECT with the command ``version``. Nothing is connected to, and no service or user is named.

Listeners since 10g refuse the command to strangers, and tell their version as a number (VSNNUM) in the refusal; older
ones answer in words.
Source: Oracle, "Net Services Reference" (listener's commands) and "Error Messages" (TNS-01189, TNS-12508); the packets
as in python-oracledb's thin mode (constants.pxi, messages/connect.pyx: types, offsets, and how the number is read).
"""

from __future__ import annotations

import re
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ..recognition.answers import oracle_version
from ._text import opens, text

CONNECT, ACCEPT, REFUSE, REDIRECT, DATA, RESEND = 1, 2, 4, 5, 6, 11
VERSION, OLDEST = 314, 300
"""Of the protocol: from 315 on lengths take four bytes once a connection is accepted (TNS_VERSION_MIN_LARGE_SDU)."""
OFFSET = 58
COMMAND = b"(CONNECT_DATA=(COMMAND=version))"
LONGEST = 4096
_NUMBER = re.compile(rb"\(VSNNUM=(\d{1,10})\)")
_ERROR = re.compile(rb"\(ERR=(\d{1,5})\)")
_WORDS = re.compile(rb"TNSLSNR for [ -~]{1,64}: Version (\d[\d.]{1,20})[ -~]{0,64}")


def _connect() -> bytes:
    numbers = (
        VERSION, OLDEST, 0, 2048, 32767, 0x7F08, 0, 1, len(COMMAND), OFFSET,
    )  # fmt: skip
    # Version, compatible with, options, sizes of two units, characteristics, turnaround, 1 as this machine writes it,
    # and where the data are; then how much may come at once, flags, and tracing.
    body = b"".join(number.to_bytes(2, "big") for number in numbers).ljust(OFFSET - 8, b"\0") + COMMAND
    return (len(body) + 8).to_bytes(2, "big") + b"\0\0" + bytes((CONNECT, 0, 0, 0)) + body


REQUEST = _connect()


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    kind, body = yield from _packet(wire)
    if kind == RESEND and not body:
        wire.send(REQUEST)
        kind, body = yield from _packet(wire)
    if kind == REFUSE and b"(DESCRIPTION=" in body:
        service = wire.claim(Service("oracle-tns"))
        if error := _ERROR.search(body):
            wire.details["error_code"] = int(error[1])
        if number := _NUMBER.search(body):
            wire.details["version"] = oracle_version(int(number[1]))
        return service
    if kind == ACCEPT and len(body) >= 16:
        service = wire.claim(Service("oracle-tns"))
        if said := _WORDS.search((yield from _told(wire, body))):
            wire.details["version"], wire.details["listener"] = text(said[1]), text(said[0])
        return service
    return wire.claim(Service("oracle-tns")) if kind == REDIRECT and b"(ADDRESS=" in body else None


def _told(wire: Wire, body: bytes) -> Generator[Want, None, bytes]:
    """The words that follow an ACCEPT: in itself, or in the packet of data after it."""
    if _WORDS.search(body):
        return body
    kind, data = yield from _packet(wire)
    return data if kind == DATA else b""


def _packet(wire: Wire) -> Generator[Want, None, tuple[int, bytes]]:
    """The next packet's type, 0 for what is none, and its body."""
    if not (yield from opens(wire, *(bytes((high,)) for high in range(LONGEST >> 8)))):
        return 0, b""
    header = yield from wire.exactly(8)
    length = int.from_bytes(header[:2], "big")
    if (
        not 8 <= length <= LONGEST
        or header[2:4] != b"\0\0"
        or header[4] not in (ACCEPT, REFUSE, REDIRECT, DATA, RESEND)
    ):
        return 0, b""
    return header[4], (yield from wire.exactly(length - 8))


PROBE = Probe("oracle-tns", ports=(1521, 1522, 2483), tls_ports=(2484,), talk=talk, limit=2 * LONGEST)
