"""Records from a file in any of our formats, recognised by its content and never read as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any, Final

from ..models import Grab
from ..text.compression import CutError, unpacked
from ..text.files import FLAGS
from ..text.lines import long_lines
from .columns import checked
from .record import decode
from .registry import others

CHUNK: Final = 65536
"""Bytes read at a time."""

DATABASES: Final = (b"SQLite format 3\0", b"PAR1")
"""How files begin that are read at many places."""

Complaint = Callable[[int, str], None]
"""Takes a line's (a row's) number, counted from 1, and what is wrong with it; 0 where there is no line."""


def read_records(path: str, bad: Complaint) -> Iterator[Grab]:
    """The grabs of `path` (``-`` is standard input), in their order: JSON lines, plain or compressed, also zgrab2's,
    CSV, SQLite, Parquet, or our nmap XML. What is damaged is told to `bad` and left out.

    Raises `OSError` where the file cannot be read, `ValueError` where it is in none of these formats, and
    `ImportError` where an extra is missing.
    """
    with ExitStack() as stack:
        fd = os.dup(0) if path == "-" else os.open(path, os.O_RDONLY | FLAGS)
        stack.callback(os.close, fd)
        chunks = named(iter(lambda: os.read(fd, CHUNK), b""), path)
        head = _head(chunks, 16)
        if head.startswith(DATABASES) and path != "-":
            yield from _database(path, head, bad)
        else:
            yield from read_chunks(_joined(head, chunks), bad)


def named(pieces: Iterable[bytes], path: str) -> Iterator[bytes]:
    """The `pieces` that the file at `path` is read in. An `OSError` of them names it, which tells it from one of
    whoever writes what was read."""
    try:
        yield from pieces
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard input" if path == "-" else path) from None


def read_file(file: Any, bad: Complaint) -> Iterator[Grab]:
    """The same of a file that is open, of bytes or of text, from where it stands; it stays open."""
    return read_chunks(iter(lambda: _bytes(file.read(CHUNK)), b""), bad)


def read_chunks(chunks: Iterable[bytes], bad: Complaint) -> Iterator[Grab]:
    """The same of what a file holds. A database is copied to a file first, where it has a name to be opened by."""
    try:
        pieces = unpacked(chunks)
        head = _head(pieces, 256)
        if not head.startswith(DATABASES):
            yield from _text(head, _joined(head, pieces), bad)
            return
        from tempfile import TemporaryDirectory  # of many parts, for databases

        with TemporaryDirectory() as folder:
            path = os.path.join(folder, "records")
            with open(path, "wb") as copy:
                copy.writelines(_joined(head, pieces))
            yield from _database(path, head, bad)
    except CutError as cut:
        bad(0, str(cut))


def _bytes(piece: bytes | str | None) -> bytes:
    return piece.encode(errors="surrogateescape") if isinstance(piece, str) else piece or b""


def _database(path: str, head: bytes, bad: Complaint) -> Iterator[Grab]:
    if head.startswith(b"PAR1"):
        from .parquet import read_parquet

        yield from read_parquet(path, bad)
    else:
        from .sqlite import read_sqlite

        yield from read_sqlite(path, bad)


def _text(head: bytes, whole: Iterator[bytes], bad: Complaint) -> Iterator[Grab]:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start or start.startswith(b"{"):
        yield from _json_lines(long_lines(whole), bad)
    elif start.startswith(b"<"):
        from .nmap_xml import read_xml

        yield from read_xml(whole, bad)
    elif (other := _other(head)) is not None:
        yield from map(checked, other(long_lines(whole), bad))
    elif b"host" in start.partition(b"\n")[0] and b"," in start:
        from .csv import read_csv

        yield from read_csv(long_lines(whole), bad)
    else:
        raise ValueError("neither JSON lines nor CSV, SQLite, Parquet or nmap XML of ours")


def _other(head: bytes) -> Callable[[Iterator[bytes], Complaint], Iterable[Grab]] | None:
    """What reads a file that begins so, of what other packages read."""
    for one in others().values():
        if one.read is not None and one.recognises is not None and one.recognises(head[:256]):
            return one.read
    return None


def _json_lines(source: Iterable[bytes], bad: Complaint) -> Iterator[Grab]:
    for number, line in enumerate(source, 1):
        if line.isspace():
            continue
        line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield checked(decode(line))
        except ValueError as error:
            if b'"data"' in line and b'"v"' not in line:
                yield from _zgrab2(number, line, bad)
                continue
            bad(number, str(error) if line.endswith(b"\n") else f"the line is cut short: {error}")


def _zgrab2(number: int, line: bytes, bad: Complaint) -> Iterator[Grab]:
    from .zgrab2 import read_line

    try:
        yield from map(checked, read_line(line))
    except ValueError as error:
        bad(number, str(error))


def _head(chunks: Iterator[bytes], size: int) -> bytes:
    head = b""
    while len(head) < size and (chunk := next(chunks, b"")):
        head += chunk
    return head


def _joined(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from chunks
