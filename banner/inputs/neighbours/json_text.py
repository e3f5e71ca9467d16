"""JSON texts: an object on each line, as programs write them, or laid out over several, as people have them.

A text over several lines, or an array of any length on one, is cut into its objects by counting braces outside
strings: no more than one object is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from ...text.lines import LONGEST, long_lines, shown
from ..spec import BadLine
from . import json_lines
from .place import Found

_MARK = re.compile(rb'["{}\\\n]')
_IN_TEXT = re.compile(rb'["\\\n]')
_WHOLE = re.compile(rb"[\]},]\s*")
_OBJECT = re.compile(rb'\{[ \t]*+"[^\n]*+(?<=[},\r])\n')
EXPECTED: Final = "JSON objects (jq -c '.[]' FILE writes one on each line)"


def read(chunks: Iterable[bytes], ports: Sequence[int]) -> Iterator[Found | BadLine]:
    """The targets of JSON that comes in chunks; a `BadLine` for each object that cannot be read."""
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= 4096:
            break
    whole = chain([head], stream)
    pieces = objects(whole) if _laid_out(head) else enumerate(long_lines(whole), 1)
    read_line = json_lines.reader(ports)
    for number, piece in pieces:
        try:
            if text := piece.decode().removeprefix("\ufeff").strip():
                if len(piece) >= LONGEST:
                    raise ValueError(f"longer than {LONGEST} bytes")
                yield from read_line(text)
        except ValueError as error:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            beginning = piece[:61].decode("utf-8", "replace").strip()
            yield BadLine(number, shown(beginning)[1:-1], f"expected {EXPECTED}: {reason}")


def _laid_out(head: bytes) -> bool:
    """Whether an object's first line, or an array, is not at its end where its line is; nor is it merely cut short
    where the next line is an object."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    array = start.startswith(b"[")
    first, end, rest = start.removeprefix(b"[").lstrip().partition(b"\n")
    if not end:
        return array  # an array on one line, of any length
    if first != b"{" and _OBJECT.match(rest):
        return False
    return _WHOLE.fullmatch(first.rstrip()[-1:]) is None or (array and b"\n" not in start[: start.find(b"{")])


def objects(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The outermost objects of a text, each with the line where it begins; of one that is too long its
    beginning, and what is cut off at the end as it is."""
    held = bytearray()
    depth, line, began, text, skip, indent = 0, 1, 1, False, False, b""
    for chunk in chunks:
        at = start = 0
        if skip:  # the chunk before ended with a backslash
            at, skip = 1, False
        while found := (_IN_TEXT if text else _MARK).search(chunk, at):
            mark, at = chunk[found.start()], found.end()
            if mark == 0x0A:
                line += 1
                text = False  # no string of JSON holds one: after damage the next line is read afresh
            elif mark == 0x5C:
                skip = at >= len(chunk)
                at += 1
            elif mark == 0x22:
                text = not text
            elif mark == 0x7B:
                lead = chunk[chunk.rfind(b"\n", 0, found.start()) + 1 : found.start()]
                if depth and indent and lead == indent:  # a brace is missing before: the next one begins here
                    yield began, bytes(held + chunk[start : found.start()])
                    held.clear()
                    depth = 0
                if depth == 0:
                    start, began = found.start(), line
                    indent = b"" if lead.strip() else lead
                depth += 1
            elif depth > 0:
                depth -= 1
                if depth == 0:
                    held += chunk[start : min(at, start + max(0, LONGEST - len(held)))]
                    yield began, bytes(held)
                    held.clear()
        if depth:
            held += chunk[start : start + max(0, LONGEST - len(held))]
    if depth:
        yield began, bytes(held)
