"""Files of former scans that are no streams (SQLite, Parquet), as files of targets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Final

from ..addresses.ports import carried_port
from ..models import Grab
from ..text.files import read_at
from .files import InputError, Source
from .neighbours.place import place
from .spec import BadLine, Spec

DATABASES: Final = {b"SQLite format 3\0": "records (SQLite)", b"PAR1": "records (Parquet)"}
"""By what such a file begins with (sqlite.org/fileformat.html, section 1.3; Parquet's file format)."""


def opened(path: str, on_bad: Callable[[BadLine], None]) -> tuple[Source, str | None]:
    """The file at `path`, to read targets from, and what it is where that is a database. Raises `OSError`,
    `InputError`, and `ValueError` or `ImportError` where it cannot be read."""
    source = Source(path)
    try:
        start = (
            read_at(source.fd, 16, os.lseek(source.fd, 0, os.SEEK_CUR)) if source.size is not None else b""
        )
    except OSError as error:
        raise InputError(f"cannot read {source.name}: {error.strerror}") from None
    kind = next((what for magic, what in DATABASES.items() if start.startswith(magic)), None)
    if kind is not None:
        source.become(_targets(path, on_bad), on_bad)
    return source, kind


def _targets(path: str, on_bad: Callable[[BadLine], None]) -> Iterator[Spec | BadLine]:
    from ..formats.reader import read_records  # for who has such a file

    for grab in read_records(path, lambda number, reason: on_bad(BadLine(number, "", reason))):
        yield from _target(grab)


def _target(grab: Grab) -> Iterator[Spec | BadLine]:
    try:
        yield place(grab.host, (carried_port(grab.port, grab.transport),), grab.tag, ip=grab.ip)
    except ValueError as error:
        yield BadLine(0, "", f"a record of no host: {error}")
