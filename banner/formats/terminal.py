"""Text for a person: every byte of a peer made harmless, and a grab as one line.

Whatever came from a peer is escaped here (``safe.py``), at the last moment; records keep it exactly.
"""

from __future__ import annotations

import re
from typing import Any

from ..models import Grab, Service, Status
from ..text.patterns import lazily
from ..text.safe import safe as safe
from ..text.safe import safe_bytes as safe_bytes
from ..text.safe import seen
from ..text.safe import where as where
from ..text.width import clip, padded
from .naming import certificate_names, software

_LINE = lazily(r"[ -~\n]*")
_NEGOTIATION = lazily(rb"\xff(?:[\xfb-\xfe].|[\xf0-\xf9])", re.DOTALL)
"""Telnet's commands (RFC 854)."""
_BINARY = lazily(rb"[\0-\x08\x0e-\x1a]")
_WORDS = lazily(rb"[ -~]{4,}")
_LOOKED_AT = 2048
"""Bytes of a greeting in which its line is looked for."""
_SHORTEST = 4
"""Bytes of a line of text before binary: the shortest that begins a protocol (``AMQP``)."""
_FACTS = 8
"""What a dialogue learned, in one line: more is not read."""

PLACE = 22
"""Columns of a line for ``host:port``: the longest IPv4 address and port, and one."""
KNOWN, KNOWN_WIDE, WIDE = 20, 32, 110
"""Columns of a line for the service; more on a terminal of at least `WIDE`."""

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
    return "".join(c if c == "\n" or seen(c) else _json_escaped(c) for c in text).encode()


def _json_escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def greeting(grab: Grab) -> str:
    """What came, in one line: a text's first line; of binary what the dialogue learned; else the error."""
    if not grab.banner:
        return safe(grab.error or ", ".join(certificate_names(grab)))
    line = _text_line(grab.banner)
    return first_line(grab.banner) if line is not None else learned(grab.details) or first_line(grab.banner)


def first_line(data: bytes) -> str:
    """The line of a greeting that tells most: the first that is not empty; of binary, its longest text."""
    line = _text_line(data)
    if line is None:
        start = data[:_LOOKED_AT]
        line = max(_WORDS.findall(start), key=len, default=start[:64]).strip()
    return safe_bytes(line)


def _text_line(data: bytes) -> bytes | None:
    """The first line of `data` that is not empty, or None where it is binary.

    A line may be text before binary (SSH's identification before its key exchange), and have letters that are no UTF-8:
    it is binary where it has control characters or is mostly no ASCII, unless it is UTF-8.
    """
    text = _NEGOTIATION.sub(b"", data[:_LOOKED_AT]).lstrip()
    line = text.splitlines()[0].strip() if text else b""
    if len(text) == len(line) and len(data) > _LOOKED_AT:  # the end of the last letter was cut off
        line = line.decode("utf-8", "ignore").encode() if _is_text(line[:-3]) else line
    if _BINARY.search(line) or (len(line) < _SHORTEST and _BINARY.search(text)):
        return None
    ascii_only = len(line.decode("ascii", "ignore"))
    return line if _is_text(line) or ascii_only * 2 > len(line) else None


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def learned(details: dict[str, Any]) -> str:
    """What a dialogue learned, in one line: texts first, then numbers, then lists."""
    kinds: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name, value in details.items():
        if isinstance(value, str):
            kinds[0].append(f"{name} {value}")
        elif isinstance(value, bool):
            kinds[1].append(f"{name} {'yes' if value else 'no'}")
        elif isinstance(value, int | float):
            kinds[1].append(f"{name} {value}")
        elif isinstance(value, list | tuple) and value and all(isinstance(each, str) for each in value):
            kinds[2].append(f"{name} {' '.join(value[:_FACTS])}")
    return safe(", ".join([*kinds[0], *kinds[1], *kinds[2]][:_FACTS]))


def what(service: Service | None) -> str:
    """A service in a few words: ``ssh OpenSSH 9.2p1``, ``http Apache HTTPD 2.4.62``."""
    if service is None:
        return ""
    words = (service.name, software(service))
    return safe(" ".join(word for word in words if word))


def line_of(grab: Grab, width: int, *, colour: bool) -> str:
    """`grab` in one line of at most `width` columns."""
    place = f"{padded(grab.where, PLACE)} "
    told = f"{padded(spoken(grab), KNOWN if width < WIDE else KNOWN_WIDE)} {greeting(grab)}"
    text = clip(f"{place}{grab.status:<11} {told}".rstrip(), width)
    if not colour or not text.startswith(shown := place + grab.status):
        return text
    shade = COLOURS.get(grab.status, "2")
    return f"{place}\x1b[{shade}m{grab.status}\x1b[0m{text[len(shown) :]}"


def spoken(grab: Grab) -> str:
    """What a port speaks, and over what: ``ssh OpenSSH 9.2p1``, ``tls/http nginx 1.22.1``, ``smtp+tls Postfix``."""
    known = what(grab.service)
    if grab.tls is None:
        return known
    if grab.tls.starttls:
        name, _, rest = known.partition(" ")
        return f"{name}+tls {rest}".rstrip()
    return f"tls/{known}" if known else "tls"
