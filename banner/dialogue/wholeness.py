"""When a greeting is whole, decided from its bytes alone: one read of TCP may end in the middle of one."""

from __future__ import annotations

import re
from enum import Enum

from ..text.patterns import lazily

QUIET = 0.5
"""Seconds without a byte after which a greeting of unknown form is taken as whole. A server writes its
greeting in one go or in a few writes: what separates them is Nagle's algorithm against a delayed
acknowledgement (40 ms on Linux, 200 ms on Windows and BSD) or one retransmission on a good path (Linux's
minimal timeout: 200 ms). Half a second outlasts two of them in a row."""


SSH_PORTS = (22, 2222, 22222, 2022)
"""Where SSH usually listens."""


class Wholeness(Enum):
    """What the bytes so far say about a greeting."""

    WHOLE = "whole"
    """Its end is there: no need to wait."""
    PART = "part"
    """Its form is known and its end is missing: wait for it."""
    OPEN = "open"
    """Its form has no end of its own: it is whole after `QUIET` seconds without a byte."""


_IDENTIFICATION = lazily(rb"(?:\A|\n)SSH-[^\n]*(\n)?")
_REPLY = lazily(rb"[1-5]\d\d(?:[ -]|\r?\n)")
_LAST_LINE = lazily(rb"^([1-5]\d\d)(?: [^\n]*|\r?)\n", re.MULTILINE)
_AFTER_120 = lazily(rb"^120(?: [^\n]*|\r?)\n([1-5]\d\d[ \r\n-])", re.MULTILINE)
"""The end of a preliminary reply and the beginning of the one that it announces."""
_SIEVE_END = lazily(rb"\n(?:OK|NO|BYE)\b[^\n]*\n", re.IGNORECASE)
_SIEVE = (b'"IMPLEMENTATION"', b'"SIEVE"', b'"SASL"', b'"VERSION"', b'"STARTTLS"')
_ONE_LINE = (b"* OK", b"* PREAUTH", b"* BYE", b"+OK", b"-ERR", b"@RSYNCD:", b"INFO {")
_OPENERS = (b"SSH-", b"RFB ", b"( success (", *_ONE_LINE, *_SIEVE)


_WHOLE = Wholeness.WHOLE
_LF = 0x0A
"""A number: for bytes in bytes, Python first raises and drops an exception, 0.4 us."""


def whole(data: bytes, port: int = 0) -> Wholeness:
    """Whether `data`, a greeting's first bytes, is a whole greeting; at `port`, where that is known.

    Sources: SSH ends at its identification line, which others may precede (RFC 4253, section 4.2), so
    that at a port of SSH no other line of text is the end; SMTP, FTP
    and NNTP end at the line whose code is followed by a space (RFC 5321 4.2.1, RFC 959 4.2, RFC 3977 3.2), but FTP's
    120 announces the 220 that is to come (RFC 959 5.4);
    POP3 and IMAP greet in one line (RFC 1939 4, RFC 3501 7.1), so do rsync and NATS; ManageSieve ends at its
    response line (RFC 5804 1.3); MySQL names its length in a header (MySQL Internals, "Protocol::Packet"), as
    ActiveMQ does (OpenWire, WireFormatInfo);
    RFB's version takes 12 bytes (RFC 6143 7.1.1); svn sends one parenthesised list. Telnet's negotiation
    (RFC 854) and everything unknown has no end of its own. Takes time linear in ``len(data)``.
    """
    if data.startswith(b"SSH-"):  # the commonest first: this is asked once for every greeting of a scan
        return _WHOLE if _LF in data else Wholeness.PART
    if _REPLY.match(data):
        return _when(_reply_ends(data))
    if data.startswith(_ONE_LINE):
        return _when(_LF in data)
    if data.startswith(b"RFB "):
        return _when(len(data) >= 12)
    if data.startswith(_SIEVE):
        return _when(_SIEVE_END.search(data) is not None)
    if data.startswith(b"( success ("):
        return _when(data.rstrip().endswith(b")") and data.count(b"(") == data.count(b")"))
    if len(data) > 4 and data[3] == 0 and data[4] in _MYSQL_FIRST:
        return _when(len(data) >= 4 + int.from_bytes(data[:3], "little"))
    if data[4:13] == b"\x01ActiveMQ":
        return _when(len(data) >= 4 + int.from_bytes(data[:4], "big"))
    # Looked for first: in 16 kB without it, which may come byte by byte, the expression takes 0.2 ms each time.
    if data.find(b"SSH-") >= 0 and (identification := _IDENTIFICATION.search(data)):
        return _when(identification.group(1) is not None)
    if len(data) < 4 and data.isdigit():
        return Wholeness.PART
    if any(opener.startswith(data) for opener in _OPENERS):
        return Wholeness.PART
    return Wholeness.PART if port in SSH_PORTS and _is_text(data) else Wholeness.OPEN


_MYSQL_FIRST = (9, 10, 0xFF)
"""A MySQL greeting's first byte: protocol version 9 or 10, or an error packet."""


def _when(condition: bool) -> Wholeness:
    return Wholeness.WHOLE if condition else Wholeness.PART


def _reply_ends(data: bytes) -> bool:
    at = 0
    while (code := data[at : at + 3]) == b"120":
        if (final := _AFTER_120.search(data, at)) is None:
            return False
        at = final.start(1)
    return any(line.group(1) == code for line in _LAST_LINE.finditer(data, at))


def _is_text(data: bytes) -> bool:
    return 0 not in data and 0xFF not in data
