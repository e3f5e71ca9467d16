"""Records and files for programs: `read`, `write` and `to_arrow`, which the package offers by name."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, Protocol

from ..models import Grab
from .files import OutputError
from .reader import read_file, read_records
from .registry import format_of, open_sink


class Readable(Protocol):
    """A file that is open for reading, of bytes or of text."""

    def read(self, size: int, /) -> bytes | str | None:
        """So much of it at most; nothing at its end."""


class Writable(Protocol):
    """A file that is open for writing, of bytes or of text."""

    def write(self, data: Any, /) -> object:
        """Take this."""


BATCH: Final = 500
"""Records in hand at once."""


def read(
    source: str | os.PathLike[str] | Readable, bad: Callable[[int, str], None] | None = None
) -> Iterator[Grab]:
    """The grabs of a file, in their order and one after the other: no file is held as a whole.

    Read is every format that is written (docs/formats.md), recognised by its content: JSON lines, also zgrab2's, CSV,
    SQLite, Parquet, and our nmap XML; each plain or compressed (gzip, Zstandard, bzip2, xz). `source` is a path, ``-``
    for standard input, or a file that is open for reading, which stays open.

    What is damaged is left out and told to `bad`, as the number of its line or row (from 1; 0 where it has none) and
    what is wrong with it. Without `bad` it is a `ValueError`.

    Raises `FileNotFoundError` at once, and as it is read: `OSError`, `ValueError` for a file in none of these formats,
    `ImportError` where an extra is missing.
    """
    if not isinstance(source, str | os.PathLike):
        if not hasattr(source, "read"):
            raise TypeError(f"read is from a path, or a file that is open for reading, not from {source!r}")
        return read_file(source, bad or _Strict(getattr(source, "name", "the file")))
    path = os.fspath(source)
    if not isinstance(path, str):
        raise TypeError(f"a path is a text, not {path!r}")
    if path != "-":
        os.stat(path)
    return read_records(path, bad or _Strict(path))


class _Strict:
    """Raises what is complained about."""

    def __init__(self, name: object) -> None:
        self._name = name

    def __call__(self, number: int, reason: str) -> None:
        raise ValueError(f"{self._name}, line {number}: {reason}" if number else f"{self._name}: {reason}")


def write(
    path: str | os.PathLike[str] | Writable,
    grabs: Iterable[Grab],
    *,
    form: str | None = None,
    append: bool = False,
) -> int:
    """Write `grabs` to a file, some at a time, and return how many there were.

    The name tells the format (``.jsonl``, ``.jsonl.gz``, ``.jsonl.zst``, ``.csv``, ``.sqlite``, ``.parquet``,
    ``.xml``), or `form` does (``"jsonl"``, ..., ``"zgrab2"``); ``-`` is standard output. What the file held is
    replaced once the first grabs are there; with `append` it is continued (JSON lines, CSV, SQLite). Of an iterable
    that raises, what came before is written, and the file is whole. In the place of `path` a file may stand that is
    open for writing, of bytes or (JSON lines, CSV, XML) of text: it is written to from where it stands, stays open, and
    its name tells the format as well, JSON lines where it has none.

    Raises `ValueError` for an unknown format, `TypeError` for what is no grab, and `OSError` where the file cannot be
    written or another scan writes to it.
    """
    if hasattr(grabs, "__aiter__"):
        raise TypeError(
            "write takes grabs that are there: banner.scan(targets, keep=path) writes as it scans"
        )
    if not isinstance(path, str | os.PathLike):
        return _write_to(path, grabs, form, append=append)
    path = os.fspath(path)
    form = form or format_of(path)
    grabs, count = iter(grabs), 0
    batch = _batch(grabs)  # before the file is emptied
    try:
        sink = open_sink(path, form, append=append)
        try:
            while batch:
                sink.write(batch)
                count += len(batch)
                batch = _batch(grabs)
        finally:
            sink.close()
    except OutputError as error:
        raise OSError(errno.EIO, str(error)) from error
    return count


def _write_to(file: Writable, grabs: Iterable[Grab], form: str | None, *, append: bool) -> int:
    """The same into a file that is open: by way of one on the disk, as some formats are written at many places."""
    if not hasattr(file, "write"):
        raise TypeError(f"written is to a path, or a file that is open for writing, not to {file!r}")
    if append:
        raise ValueError("a file that is open is written to from where it stands: leave append=True out")
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "records")
        try:
            return write(path, grabs, form=form or _form_of(file))
        finally:
            if os.path.exists(path):
                with _like(file, path) as written:
                    copyfileobj(written, file)


def _form_of(file: Writable) -> str:
    name = getattr(file, "name", None)
    form = format_of(name) if isinstance(name, str) else "jsonl"
    plain = isinstance(file, io.FileIO | io.BufferedWriter | io.BufferedRandom)
    return (
        form if plain else form.removesuffix(".gz").removesuffix(".zst")
    )  # gzip's and such pack by themselves


def _like(file: Writable, path: str) -> IO[Any]:
    """`path`, open for what `file` takes: bytes or text."""
    try:
        file.write(b"")
    except TypeError:
        return open(path, encoding="utf-8", errors="surrogateescape", newline="")
    return open(path, "rb")


def _batch(grabs: Iterator[Grab]) -> list[Grab]:
    batch = list(islice(grabs, BATCH))
    for grab in batch:
        _check(grab)
    return batch


def _check(grab: Grab) -> Grab:
    if not isinstance(grab, Grab):
        raise TypeError(f"written are grabs, not {grab!r}")
    return grab


def to_arrow(grabs: Iterable[Grab]) -> Any:
    """`grabs` as a `pyarrow.Table` with the columns of docs/formats.md; needs the extra ``parquet``.

    pandas (``.to_pandas()``), polars (``polars.from_arrow()``) and DuckDB take it as it is. Times are timestamps in
    UTC, banners bytes, lists lists, and ``details`` JSON text. Raises `ImportError` without the extra, `TypeError`
    for what is no grab.
    """
    from .parquet import table

    if not isinstance(grabs, Iterable):
        raise TypeError(f"to_arrow takes grabs, not {grabs!r}")
    return table(map(_check, grabs))
