"""Lines of text files that others wrote: decoded, without comments, and bounded.

A file may begin with a byte order mark, end its lines with CR LF, hold bytes that are no text, or be one
endless line. Nothing here keeps more than one line and one chunk, and nothing that is shown of a line can
act on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from .patterns import lazily

MAX_LINE: Final = 16384
"""Characters in one line: room for a host and some 2,700 ports written one by one; ranges name more."""

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a line that a program wrote: a record with a banner of megabytes, a host with all of its ports."""

SHOWN: Final = 60
"""Characters of a foreign text that are repeated in a message: enough to find it by."""


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream that comes in chunks, without their LF.

    Of a line longer than `MAX_LINE` its first `MAX_LINE` + 1 bytes are kept, so that `content` refuses it.
    """
    rest = b""
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first[: MAX_LINE + 1 - len(rest)]
        if others:
            yield rest
            yield from (line[: MAX_LINE + 1] for line in others[:-1])
            rest = others[-1][: MAX_LINE + 1]
    if rest:
        yield rest


def long_lines(chunks: Iterable[bytes], longest: int = LONGEST) -> Iterator[bytes]:
    """The lines of a stream of chunks, with their LF; of one that is longer than `longest`, its beginning."""
    return chain.from_iterable(blocks_of_lines(chunks, longest))


def blocks_of_lines(chunks: Iterable[bytes], longest: int = LONGEST) -> Iterator[list[bytes]]:
    """`long_lines`, those together that one chunk ends."""
    rest = bytearray()
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first[: max(0, longest - len(rest))]
        if others:
            yield [bytes(rest) + b"\n", *[whole[:longest] + b"\n" for whole in others[:-1]]]
            rest = bytearray(others[-1][:longest])
    if rest:
        yield [bytes(rest)]


def content(line: bytes | str) -> str:
    """What `line` says, without white space around it, comment and byte order mark; often empty.

    ``#`` begins a comment at the start of a line and after white space. Raises `ValueError` with the reason
    for a line that is too long or no text, and for a comment with another line in it.
    """
    if len(line) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE} characters")
    text = line if isinstance(line, str) else _decoded(line)
    text = text.removeprefix("\ufeff").strip()
    if "#" in text:
        text = _without_comment(text)
    return text


def shown(text: str) -> str:
    """`text` in quotes, cut to `SHOWN` characters, with everything escaped that is not printable."""
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 3] + "...")


def _decoded(line: bytes) -> str:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("the file is UTF-16: save it as UTF-8")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None


def check_one_line(text: str) -> None:
    """Raises `ValueError` where `text` is several lines to some programs: the rest would pass for its comment."""
    if not text.isprintable() and _ENDS.search(text):
        raise ValueError("a line ends within it, in CR or in what is no LF: tr '\\r' '\\n' parts them")


def _without_comment(text: str) -> str:
    at = text.find("#")
    while at > 0 and not text[at - 1].isspace():
        at = text.find("#", at + 1)
    if at < 0:
        return text
    check_one_line(text[at:])
    return text[:at].rstrip()


_ENDS: Final = lazily("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line for some programs, besides LF."""
