"""Replies of the FTP family, whose every line starts with a three-digit code, and blocks that end with a dot.

FTP (RFC 959, section 4.2), SMTP (RFC 5321, 4.2.1) and NNTP (RFC 3977, 3.2) share the form: ``250-text``
goes on, ``250 text`` ends; FTP allows free text between. POP3 and NNTP send lists as lines up to a lone
``.``. Lines beyond a bound are read and forgotten: a dialogue's cost is its byte limit, whatever the peer
sends.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from ..dialogue import Want, Wire
from ._text import MOST, text, texts

LINE = 2048
"""Bytes of one line. The standards say 512 (RFC 5321, 4.5.3.1.5); capabilities of big servers come close."""


class Reply(NamedTuple):
    """One reply: its code (0 where the peer sent no reply at all) and its lines without codes."""

    code: int
    lines: list[bytes]

    @property
    def text(self) -> bytes:
        """All lines in one."""
        return b"\n".join(self.lines)


NONE = Reply(0, [])


def reply(wire: Wire) -> Generator[Want, None, Reply]:
    """The next reply; `NONE` where the next line is none."""
    first = yield from wire.line(LINE)
    code, mark = first[:3], first[3:4]
    if not code.isdigit() or mark not in (b"", b" ", b"-"):
        return NONE
    lines = [first[4:]]
    if mark == b"-":
        last = False
        while not last:
            line = yield from wire.line(LINE)
            last = line[:4] == code + b" " or line == code
            if len(lines) <= MOST:
                lines.append(line[4:] if line[:3] == code else line)
    return Reply(int(code), lines)


def block(wire: Wire) -> Generator[Want, None, list[bytes]]:
    """The lines up to a lone dot (RFC 3977, section 3.1.1; RFC 2449, section 5)."""
    lines: list[bytes] = []
    while (line := (yield from wire.line(LINE))) != b".":
        if len(lines) < MOST:
            lines.append(line)
    return lines


def capabilities_of(wire: Wire, field: str) -> Generator[Want, None, list[bytes]]:
    """A block of capabilities, kept as the detail `field`, with the software that IMPLEMENTATION names.

    NNTP (RFC 3977, section 3.3.2) and POP3 (RFC 2449, section 6.9) write it the same way.
    """
    capabilities = yield from block(wire)
    wire.details[field] = texts(capabilities)
    for line in capabilities:
        if line.upper().startswith(b"IMPLEMENTATION "):
            wire.details["implementation"] = text(line[15:])
    return capabilities


def names(lines: list[bytes]) -> set[bytes]:
    """The first word of each line, in upper case: what a server says that it can."""
    return {words[0].upper() for line in lines if (words := line.split(None, 1))}
