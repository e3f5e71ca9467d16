"""CSV (RFC 4180): one line a record, the columns of ``columns.COLUMNS``, a header first.

Lines go out whole, as JSON lines do, and survive an interruption alike. Text is escaped so that a record stays on one
line (``\\r``, ``\\n``, ``\\xNN``; a backslash is ``\\\\``), and so that no spreadsheet takes a peer's words for a
formula: a cell that begins like one gets a ``'`` in front, which the reader takes off again. A ``'`` alone is
an empty text, an empty cell is an absent one. Text is always quoted, numbers never.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ..models import Grab
from ..text.lines import shown
from .columns import COLUMNS, NAMES, REQUIRED, grab_of, json_text, row_of
from .jsonl import JsonLines
from .record import parse_timestamp, timestamp

FORMULA: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20'")
"""What begins a formula in a spreadsheet (OWASP, "CSV Injection"), its full-width forms, and our own mark."""

_UNSAFE = re.compile("[\\\\\0-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPED = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[rnt\\])")
_SHORT = {"\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\"}
_LONG = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


class Csv:
    """Writes rows to a descriptor and closes it at the end."""

    def __init__(self, fd: int, name: str) -> None:
        self._out = JsonLines(fd, name)
        try:
            begun = os.lseek(fd, 0, os.SEEK_CUR) > 0
        except OSError:  # a pipe
            begun = False
        if not begun:
            self._out.write_lines((",".join(NAMES) + "\n").encode())

    def write(self, grabs: Iterable[Grab]) -> None:
        """Write a line for each of `grabs`."""
        text = io.StringIO()
        rows = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        for grab in grabs:
            rows.writerow(_cells(grab))
        self._out.write_lines(text.getvalue().encode())

    def flush(self) -> None:
        """Nothing: every batch was handed to the system when it was written."""

    def close(self) -> None:
        """Close the descriptor."""
        self._out.close()


def _cells(grab: Grab) -> Iterator[object]:
    for column, value in zip(COLUMNS, row_of(grab), strict=True):
        yield "" if value is None else _WRITE[column.kind](value)


def _guarded(text: str) -> str:
    if _UNSAFE.search(text):
        text = _UNSAFE.sub(_escape, text)
    return f"'{text}" if not text or text.lstrip().startswith(FORMULA) else text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    return _SHORT.get(character) or (f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}")


def _bytes_text(data: bytes) -> str:
    """A banner: text where it is UTF-8, else each byte beyond ASCII as ``\\xNN`` and a mark in front."""
    try:
        return _guarded(data.decode())
    except UnicodeDecodeError:
        text = _UNSAFE.sub(_escape, data.decode("latin-1"))
        return "'\\b" + text.encode("ascii", "backslashreplace").decode()


def _text(cell: str) -> str:
    cell = cell.removeprefix("'")
    return _ESCAPED.sub(_unescape, cell) if "\\" in cell else cell


def _unescape(match: re.Match[str]) -> str:
    letter = match[1]
    return _LONG.get(letter) or chr(int(letter[1:], 16))


def _bytes(cell: str) -> bytes:
    if cell.startswith("'\\b"):
        return _ESCAPED.sub(_unescape, cell[3:]).encode("latin-1")
    return _text(cell).encode()


def _flag(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):  # spreadsheets write them in capitals
        raise ValueError(f"{shown(cell)} is neither true nor false")
    return cell.lower() == "true"


_WRITE: Final[dict[str, Callable[[Any], Any]]] = {
    "text": _guarded,
    "bytes": _bytes_text,
    "integer": int,
    "real": float,
    "flag": lambda value: "true" if value else "false",
    "list": lambda value: json_text(value) if value else "",
    "json": str,
    "time": timestamp,
}
_READ: Final[dict[str, Callable[[str], Any]]] = {
    "text": _text,
    "bytes": _bytes,
    "integer": int,
    "real": float,
    "flag": _flag,
    "list": str,
    "json": str,
    "time": parse_timestamp,
}


def read_csv(lines: Iterable[bytes], bad: Callable[[int, str], None]) -> Iterator[Grab]:
    """The grabs of our CSV, line by line; ``bad(number, reason)`` for a line that holds none.

    Columns are found by their names, in any order; others are left alone. Raises `ValueError` for another
    header.
    """
    # The module's limit of 131,072 characters is for the whole process; our lines are bounded by their reader.
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 26))
    numbered = enumerate(lines, 1)
    names = _split(next(numbered, (0, b""))[1].removeprefix(b"\xef\xbb\xbf"))
    if not set(names) >= REQUIRED:
        raise ValueError(f"the header of CSV names the columns {', '.join(sorted(REQUIRED))} and others")
    kinds = [(name, _READ[dict(COLUMNS)[name]]) if name in NAMES else None for name in names]
    for number, line in numbered:
        if line.isspace():
            continue
        try:
            cells = _split(line)
            if len(cells) != len(kinds):
                raise ValueError(f"{len(cells)} cells where the header has {len(kinds)}")
            values = zip(kinds, cells, strict=True)
            yield grab_of({kind[0]: kind[1](cell) for kind, cell in values if kind and cell})
        except (ValueError, OverflowError) as error:
            bad(number, str(error))


def _split(line: bytes) -> list[str]:
    text = line.decode().rstrip("\r\n")
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from None
