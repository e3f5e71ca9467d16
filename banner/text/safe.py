"""Text of a peer made harmless: a terminal obeys control characters, and bidirectional marks reorder what is shown
around them (CVE-2021-42574)."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[ -~]*")
_SHORT = {"\r": r"\r", "\n": r"\n", "\t": r"\t", "\x1b": r"\e", "\0": r"\0"}


def safe(text: str) -> str:
    """`text` with everything escaped that a terminal could obey or that would hide or reorder what is shown."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    return (
        f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
    )


def safe_bytes(data: bytes) -> str:
    """Bytes of a peer as text: UTF-8 where it is, ``\\xNN`` where it is not, and `safe`."""
    return safe(data.decode("utf-8", "backslashreplace"))


def safe_lines(data: bytes) -> str:
    """The same line by line: what ends one (CR LF, LF, CR) is a line's end in the text too."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return "\n".join(map(safe_bytes, lines))


def where(host: str, port: int) -> str:
    """``host:port``, with brackets around IPv6."""
    return f"[{safe(host)}]:{port}" if ":" in host else f"{safe(host)}:{port}"
