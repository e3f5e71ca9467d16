"""Scans read back from any format that is written, with what is damaged told and left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..formats.reader import read_records
from ..models import Grab

Complain = Callable[[str, int, str], None]
"""Told of a file's name, a line's number (0 where it has none), and what is wrong with it."""


class ScanError(Exception):
    """A scan could not be read; the text says why, fit for a person."""


def read_scan(path: str, complain: Complain) -> Iterator[Grab]:
    """The records of the file at `path`; ``-`` is standard input. Raises `ScanError`.

    `complain` is told of each line that is no record.
    """

    def bad(number: int, reason: str) -> None:
        complain(path, number, reason)

    try:
        yield from read_records(path, bad)
    except OSError as error:
        raise ScanError(f"{path}: {error.strerror or error}") from None
    except (ValueError, ImportError) as error:
        raise ScanError(f"{path}: {error}") from None
