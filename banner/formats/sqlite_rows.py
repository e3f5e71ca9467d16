"""The rows of one of our databases while it is written: what a journal has to know of them.

On a connection of its own that only reads. What the writer has committed is in the write-ahead log, or in the file
once that was folded in; both are synced here. The database is open elsewhere in this process, so its file is
never opened and closed but by SQLite: that would drop SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import errno
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from ..models import Target, Transport
from .sqlite import APPLICATION

LAST: Final = 8
"""Rows before a checkpoint by which the output is known again."""


class Rows:
    """The table of grabs at `path`, known also by the descriptor `fd`, which stays the caller's.

    Every method raises `OSError` where the file is no database of ours."""

    unit = "rows"

    def __init__(self, path: str, fd: int) -> None:
        self._path = path
        self._fd = fd
        self._db: sqlite3.Connection | None = None

    def size(self) -> int:
        """The number of the last row."""
        if not os.fstat(self._fd).st_size:
            return 0
        (application,) = self._one("PRAGMA application_id")
        if not application and not self._one("SELECT count(*) FROM sqlite_master")[0]:
            return 0  # it was about to be made
        if application != APPLICATION:
            raise OSError(errno.EINVAL, "not a database of grabs")
        return int(self._one("SELECT coalesce(max(id), 0) FROM grabs")[0])

    def tail(self, end: int) -> int:
        """Of the `LAST` rows."""
        query = "SELECT id, time, host, port, status FROM grabs WHERE id <= ? ORDER BY id DESC LIMIT ?"
        return zlib.crc32(b"".join(repr(row).encode() for row in self._all(query, end, LAST))) if end else 0

    def sync(self) -> None:
        """Make what was committed durable."""
        try:
            log = os.open(self._path + "-wal", os.O_RDWR)
        except FileNotFoundError:
            pass
        else:
            try:
                os.fsync(log)
            finally:
                os.close(log)
        os.fsync(self._fd)

    def targets(self, after: int) -> Iterator[Target]:
        """The targets of the rows after one, in their order."""
        if self.size() <= after:
            return
        query = "SELECT host, port, tag, ip, transport FROM grabs WHERE id > ? ORDER BY id"
        try:
            with closing(self._connected().execute(query, (after,))) as cursor:
                for host, port, tag, ip, transport in cursor:
                    yield Target(host, port, tag, ip, transport or Transport.TCP)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise OSError(errno.EIO, str(error)) from None

    def close(self) -> None:
        """Before the writer closes, so that its log can be folded in."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            # Checkpoints are written in threads, one after the other.
            uri = f"{Path(self._path).absolute().as_uri()}?mode=ro"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return self._db

    def _all(self, query: str, *values: int) -> list[Any]:
        try:
            return self._connected().execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error)) from None

    def _one(self, query: str) -> Any:
        return self._all(query)[0]
