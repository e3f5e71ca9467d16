"""Text for a person: every byte of a peer made harmless, and a grab as one line.

Whatever came from a peer is escaped here (``safe.py``), at the last moment; records keep it exactly.
"""

from __future__ import annotations

import re
import unicodedata

from ..models import Grab, Service, Status
from ..text.safe import safe as safe
from ..text.safe import safe_bytes as safe_bytes
from ..text.safe import where as where

_LINE = re.compile(r"[ -~\n]*")
_NEGOTIATION = re.compile(rb"\xff(?:[\xfb-\xfe].|[\xf0-\xf9])", re.DOTALL)
"""Telnet's commands (RFC 854)."""
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a]")
_WORDS = re.compile(rb"[ -~]{4,}")

COLOURS = {
    Status.BANNER: "32",
    Status.SILENT: "33",
    Status.CLOSED: "33",
    Status.RESET: "33",
    Status.TLS_ERROR: "35",
    Status.DENIED: "36",
    Status.LOCAL_ERROR: "31",
    Status.FAULT: "31",
}
"""ANSI colours (SGR) of statuses; the others are dimmed."""


def safe_json(line: bytes) -> bytes:
    """A line of JSON with everything escaped, as JSON escapes it, that a terminal could obey: the same values.

    JSON escapes control characters below 32 itself; DEL, C1 and the bidirectional marks it leaves as they are.
    """
    text = line.decode(errors="replace")
    if _LINE.fullmatch(text):
        return line
    return "".join(c if c == "\n" or c.isprintable() else _json_escaped(c) for c in text).encode()


def _json_escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def first_line(data: bytes) -> str:
    """The line of a greeting that tells most: the first that is not empty; of binary, its longest text."""
    text = _NEGOTIATION.sub(b"", data[:2048]).strip()
    if text.isascii() and not _BINARY.search(text):
        return safe_bytes(text.splitlines()[0].strip()) if text else ""
    return safe_bytes(max(_WORDS.findall(text), key=len, default=data[:64]).strip())


def what(service: Service | None) -> str:
    """A service in a few words: ``ssh OpenSSH 9.2p1``."""
    if service is None:
        return ""
    words = (service.name, service.product or service.vendor, service.version)
    return safe(" ".join(word for word in words if word))


def line_of(grab: Grab, width: int, *, colour: bool) -> str:
    """`grab` in one line of at most `width` columns."""
    place = where(grab.host, grab.port)
    known = what(grab.service)
    said = first_line(grab.banner) if grab.banner else safe(grab.error or "")
    status = f"{grab.status:<11}"
    text = clip(f"{place:<22} {status} {known:<26} {said}".rstrip(), width)
    if not colour:
        return text
    shade = COLOURS.get(grab.status, "2")
    return text.replace(status, f"\x1b[{shade}m{status}\x1b[0m", 1)


def clip(text: str, width: int) -> str:
    """`text` cut to `width` columns; East Asian wide characters take two (Unicode annex 11)."""
    if text.isascii():
        return text if len(text) <= width else text[: max(0, width - 1)] + "…"
    used = 0
    for at, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else not unicodedata.combining(character)
        if used > width - 1 and at + 1 < len(text):
            return text[:at] + "…"
    return text
