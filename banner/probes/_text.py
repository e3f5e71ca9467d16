"""What several dialogues share: recognising an opening early, and turning a peer's bytes into details.

A peer's text is hostile until shown otherwise. Details hold short strings and short lists of them: what
is longer is cut, what is no UTF-8 is replaced. The exact bytes stay in the record's ``banner``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

from ..dialogue import Want, Wire

LONGEST = 256
"""Characters of one text in the details: longer than any product line seen, short enough for a table."""
MOST = 64
"""Items of one list in the details: a Dovecot or an Exchange lists about 30 capabilities."""


def text(data: bytes, longest: int = LONGEST) -> str:
    """`data` for a person to read: at most `longest` characters, undecodable bytes replaced."""
    if len(data) <= longest:  # as most are
        return data.decode("utf-8", "replace").strip()
    return data[: 4 * longest].decode("utf-8", "replace")[:longest].strip()


def texts(items: Iterable[bytes], most: int = MOST) -> list[str]:
    """The first `most` of `items` that are not empty, as texts."""
    found: list[str] = []
    for item in items:
        if len(found) == most:
            break
        if word := text(item):
            found.append(word)
    return found


def opens(wire: Wire, *openers: bytes) -> Generator[Want, None, bool]:
    """Whether `unread` starts with one of `openers`; waits only while it is the start of one.

    So a dialogue that shares its greeting with others lets go of a foreign one without waiting.
    """
    while True:
        data = wire.unread
        if data.startswith(openers):
            return True
        if not any(opener.startswith(data) for opener in openers):
            return False
        yield from wire.more()
