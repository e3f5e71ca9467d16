"""JSON lines, compressed with gzip or Zstandard (extra ``zstd``; in the standard library from Python 3.14).

Records are compressed as they come; after 64 KB, or when a second has passed, everything so far is
pushed out in a form that decompresses on its own. So a file whose writer was killed holds all but what came
after that: ``zcat``, ``zstdcat`` and ``banner convert`` read up to there and say that the end is missing.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

from ..models import Grab
from .files import OutputError
from .jsonl import JsonLines
from .record import encode

BLOCK = 65536
"""Bytes of lines after which the compressor is flushed: gzip's window is half of that, so little is lost."""
INTERVAL = 1.0
"""Seconds after which it is, at the next record: what a killed scan may lose."""
GZIP = 16 + zlib.MAX_WBITS
"""zlib's way to ask for gzip's header and trailer."""


class Compressor(Protocol):
    """What both compressors can do."""

    def compress(self, data: bytes) -> bytes: ...
    def push(self) -> bytes: ...
    def end(self) -> bytes: ...


class Gzip:
    """gzip (RFC 1952)."""

    def __init__(self) -> None:
        # Level 6, zlib's own default: 9 costs three times as much for a percent.
        self._engine = zlib.compressobj(6, zlib.DEFLATED, GZIP)
        self.compress: Callable[[bytes], bytes] = self._engine.compress

    def push(self) -> bytes:
        return self._engine.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._engine.flush()


class Zstandard:
    """Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        from ..text.compression import zstd

        self._engine = zstd().ZstdCompressor()

    def compress(self, data: bytes) -> bytes:
        out: bytes = self._engine.compress(data)
        return out

    def push(self) -> bytes:
        out: bytes = self._engine.flush(self._engine.FLUSH_BLOCK)
        return out

    def end(self) -> bytes:
        out: bytes = self._engine.flush(self._engine.FLUSH_FRAME)
        return out


class Compressed:
    """Writes compressed JSON lines to a descriptor and closes it at the end."""

    def __init__(self, fd: int, name: str, kind: str) -> None:
        try:
            self._compressor: Compressor = Gzip() if kind == "gz" else Zstandard()
        except ImportError as error:
            raise OutputError(f"cannot write {name}: {error}") from None
        self._out = JsonLines(fd, name, whole_lines=False)
        self._pending = 0
        self._pushed = time.monotonic()
        self._closed = False

    def write(self, grabs: Iterable[Grab]) -> None:
        """Compress the records of `grabs`."""
        self.write_lines(b"".join(map(encode, grabs)))

    def write_lines(self, block: bytes) -> None:
        """Compress whole encoded lines."""
        self._pending += len(block)
        self._out.write_lines(self._compressor.compress(block))
        if self._pending >= BLOCK or time.monotonic() - self._pushed >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Push out what the compressor holds back."""
        if self._pending:
            self._out.write_lines(self._compressor.push())
        self._pending = 0
        self._pushed = time.monotonic()

    def close(self) -> None:
        """Write the trailer and close."""
        if not self._closed:
            self._closed = True
            try:
                self._out.write_lines(self._compressor.end())
            finally:
                self._out.close()
