"""An output that lasts: what a journal has to know of it, and how the records of a file of lines are found again."""

from __future__ import annotations

import os
from binascii import crc32
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, Final, Protocol

import msgspec

from ..models import Target, Transport
from ..text.files import read_at

TAIL: Final = 4096
"""Bytes of the output before a checkpoint by which the output is known again."""
LINE: Final = 1 << 26
"""Bytes of a line in the output that are read: the largest record is far below."""


class Medium(Protocol):
    """What a journal has to know of its output, whose format it is. Every method may raise `OSError`, and may be
    called in a thread while the output is written to."""

    @property
    def unit(self) -> str:
        """What it is long in."""

    def size(self) -> int:
        """How long it is."""

    def tail(self, end: int) -> int:
        """The CRC-32 of what stands last before `end`, by which the output is known again."""

    def sync(self) -> None:
        """Make durable what was written."""


class File:
    """A file of lines, by a descriptor that is open for reading too and stays the caller's."""

    unit = "bytes"

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def size(self) -> int:
        """In bytes."""
        return os.fstat(self._fd).st_size

    def tail(self, end: int) -> int:
        """Of `TAIL` bytes."""
        start = max(0, end - TAIL)
        return crc32(read_at(self._fd, end - start, start))

    def sync(self) -> None:
        """fsync(2)"""
        os.fsync(self._fd)


class Records:
    """The targets of the records in the output from an offset on, as far as its lines are whole records."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self.end: int = offset
        """Where the last whole record ends that was read."""

    def __iter__(self) -> Iterator[Target]:
        decode = _decoder().decode
        self._file.seek(self.end)
        while line := self._file.readline(LINE):
            try:
                place = decode(line)
                target = Target(place.host, place.port, place.tag, place.ip, place.transport)
            except (ValueError, RecursionError):  # no record, or one of no target that there can be
                return
            if not line.endswith(b"\n"):
                return
            self.end += len(line)
            yield target


class _Place(msgspec.Struct):
    host: str
    port: int
    tag: str | None = None
    ip: str | None = None
    transport: Transport = Transport.TCP


@lru_cache(1)
def _decoder() -> msgspec.json.Decoder[_Place]:
    return msgspec.json.Decoder(_Place)
