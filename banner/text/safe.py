"""Text of a peer made harmless: a terminal obeys control characters, bidirectional marks reorder what is shown
around them (CVE-2021-42574), and what is invisible or piled on one letter hides what is there."""

from __future__ import annotations

from .patterns import lazily

_PLAIN = lazily(r"[ -~]*")
_INVISIBLE = lazily(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d159\U000e0100-\U000e01ef]"
)
"""What Python takes for printable and nobody sees: Default_Ignorable_Code_Point (DerivedCoreProperties.txt of Unicode),
the blank of braille, the null notehead."""
_MARKS = 2
"""Marks above and below one letter: Vietnamese takes two; more of them reach into the lines around."""
_SHORT = {"\r": r"\r", "\n": r"\n", "\t": r"\t", "\x1b": r"\e", "\0": r"\0"}


def safe(text: str) -> str:
    """`text` with everything escaped that a terminal could obey or that would hide or reorder what is shown."""
    if _PLAIN.fullmatch(text):
        return text
    import unicodedata  # of its own library, for the few texts that need it

    shown = []
    room = 0  # a mark needs a letter before it, or it stands on what is not the peer's
    for character in text:
        if not seen(character):
            shown.append(_escaped(character))
            room = 0
        elif character.isascii() or unicodedata.category(character) not in ("Mn", "Me"):
            shown.append(character)
            room = _MARKS
        else:
            shown.append(character if room else _escaped(character))
            room = max(0, room - 1)
    return "".join(shown)


def seen(character: str) -> bool:
    """Whether a terminal shows `character`, and does nothing else."""
    return character.isprintable() and not _INVISIBLE.match(character)


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


def where(host: str, port: int, transport: str = "tcp") -> str:
    """``host:port``, with brackets around IPv6, and ``/udp`` behind it where that carried the bytes."""
    place = f"[{safe(host)}]:{port}" if ":" in host else f"{safe(host)}:{port}"
    return place if transport == "tcp" else f"{place}/{transport}"
