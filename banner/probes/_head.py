"""The head of a message as HTTP, RTSP and SIP write it: a first line, header fields, an empty line.

Read here and not by a library: over nginx's welcome page h11 takes 55 us, httptools (llhttp) 2.0 us and
this reader 2.2 us; and both refuse what real servers send. Taken as they come: lines that end in a bare
LF, a first line without a reason or with several spaces or tabs, a space before the colon, lines without
a colon, repeated fields, folded ones, bytes outside ASCII, NUL, and a head that the end of the connection cuts off.
Sources: RFC 9112 sections 2 to 5, RFC 2326 section 7 (RTSP), RFC 3261 section 7 (SIP).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import lru_cache

from ..dialogue import Want, Wire
from ..recognition.headers import SECOND, lines

LONGEST = 512
"""Characters that are kept of a field's value in details; the record's banner holds all of it."""

END = re.compile(rb"\n\r?\n")
"""Of a head."""


class Head:
    """A first line and its header fields; names in lower case, the values of one name in their order."""

    __slots__ = ("fields", "kind", "length", "plain", "reason", "size", "status", "version")

    def __init__(self, head: bytes) -> None:
        self.size: int = len(head)
        first, found = lines(text(head).rstrip("\r\n"))
        self.version, self.status, self.reason = _first(first) if len(first) <= _USUAL else _of_first(first)
        self.fields: dict[str, list[str]] = {}
        self.plain: bool = head.startswith(b"HTTP/") and head.endswith(b"\r\n\r\n") and head.isascii()
        """HTTP's, in ASCII, each field once (but for cookies) and whole: then whoever reads it reads the same."""
        for name, value in found:
            if name not in self.fields:
                self.fields[name] = [value]
            else:
                self.fields[name].append(value)
                self.plain &= name == "set-cookie"
        # A number that is no status may pass for that of an informational answer, with another behind it.
        self.plain = self.plain and self.status is not None and SECOND.isdisjoint(self.fields)
        if self.size > LONGEST:
            self.plain = self.plain and all(len(value) <= LONGEST for _, value in found)
        self.kind: str = self.get("content-type") or ""
        """Content-Type; empty where there is none."""
        self.length: int | None = _number(self.get("content-length"))
        """Content-Length, where it is a number; the first one where there are several."""

    def get(self, name: str) -> str | None:
        """The first value of the field `name`, at most `LONGEST` characters; None where there is none."""
        if name not in self.fields:
            return None
        return self.fields[name][0][:LONGEST] or None

    def all(self, name: str) -> list[str]:
        """At most 16 values of the field `name`, each at most `LONGEST` characters."""
        return [value[:LONGEST] for value in self.fields.get(name, ())[:16]]


def _number(value: str | None) -> int | None:
    return int(value) if value and len(value) < 16 and value.isascii() and value.isdigit() else None


def read_head(wire: Wire) -> Generator[Want, None, bytes]:
    """Take a head up to and with its empty line. Where it never ends, `Ended`, and it stays in ``unread``."""
    seek = 0
    while not (end := wire.end_of(END, seek)):
        seek = max(0, len(wire.unread) - 2)
        yield from wire.more()
    return wire.take(end)


def _of_first(line: str) -> tuple[str, int | None, str]:
    """The version, the status and the reason that the first line of an answer tells."""
    parts = line.split(None, 2)
    code = parts[1] if len(parts) > 1 else ""
    status = int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None
    return parts[0][:16] if parts else "", status, parts[2].strip()[:LONGEST] if len(parts) > 2 else ""


_USUAL = 64
"""Characters of a first line that is remembered: servers agree in them."""
_first = lru_cache(256)(_of_first)


def text(data: bytes) -> str:
    """`data` as UTF-8, or as ISO 8859-1 where it is not: every byte sequence has a text."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
