"""Scans read back from any format that is written, with what is damaged told and left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..formats.reader import read_records
from ..models import Grab

Complain = Callable[[str], None]


class ScanError(Exception):
    """A scan could not be read; the text says why, fit for a person."""


def read_scan(path: str, complain: Complain) -> Iterator[Grab]:
    """The records of the file at `path`; ``-`` is standard input. Raises `ScanError`.

    ``complain(text)`` is called for each line that is no record, with its number and the reason.
    """

    def bad(number: int, reason: str) -> None:
        complain(f"{path}: " + (f"line {number}: " if number else "") + reason)

    try:
        yield from read_records(path, bad)
    except OSError as error:
        raise ScanError(f"{path}: {error.strerror or error}") from None
    except (ValueError, ImportError) as error:
        raise ScanError(f"{path}: {error}") from None
