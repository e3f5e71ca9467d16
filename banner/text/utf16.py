"""Text in UTF-16, as its first bytes show it."""

from __future__ import annotations


def is_utf16(data: bytes) -> bool:
    """Whether `data` is Latin text behind the mark of UTF-16 (RFC 2781, section 3.2), which is IAC DONT in telnet."""
    return data[:2] == b"\xff\xfe" and data[3:4] == b"\0"
