"""Records and files for programs: `read`, `write` and `to_arrow`, which the package offers by name."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, Any, Final

from ..models import Grab
from .files import OutputError
from .reader import read_file, read_records
from .registry import format_of, open_sink

BATCH: Final = 500
"""Records in hand at once."""


def read(
    source: str | os.PathLike[str] | IO[bytes] | IO[str], bad: Callable[[int, str], None] | None = None
) -> Iterator[Grab]:
    """The grabs of a file, in their order and one after the other: no file is held as a whole.

    Read is every format that is written (docs/formats.md), recognised by its content: JSON lines, plain or compressed
    (gzip, Zstandard), also zgrab2's, CSV, SQLite, Parquet, and our nmap XML. `source` is a path, ``-`` for standard
    input, or a file that is open for reading, which stays open.

    What is damaged is left out and told to `bad`, as the number of its line or row (from 1; 0 where it has none) and
    what is wrong with it. Without `bad` it is a `ValueError`.

    Raises `FileNotFoundError` at once, and as it is read: `OSError`, `ValueError` for a file in none of these formats,
    `ImportError` where an extra is missing.
    """
    if hasattr(source, "read"):
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
    path: str | os.PathLike[str],
    grabs: Iterable[Grab],
    *,
    form: str | None = None,
    append: bool = False,
) -> int:
    """Write `grabs` to a file, some at a time, and return how many there were.

    The name tells the format (``.jsonl``, ``.jsonl.gz``, ``.jsonl.zst``, ``.csv``, ``.sqlite``, ``.parquet``,
    ``.xml``), or `form` does (``"jsonl"``, ..., ``"zgrab2"``); ``-`` is standard output. What the file held is
    replaced once the first grabs are there; with `append` it is continued (JSON lines, CSV, SQLite). Of an iterable
    that raises, what came before is written, and the file is whole.

    Raises `ValueError` for an unknown format, `TypeError` for what is no grab, and `OSError` where the file cannot be
    written or another scan writes to it.
    """
    path = os.fspath(path)
    if hasattr(grabs, "__aiter__"):
        raise TypeError(
            "write takes grabs that are there: banner.scan(targets, keep=path) writes as it scans"
        )
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
