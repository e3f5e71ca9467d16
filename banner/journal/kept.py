"""The file that holds the records of a scan with a journal: lines, or the rows of a database.

It is opened and locked without a change to it, so that whatever does not fit can be refused. A record is done once it
would outlive this process: a line when it is written, a row when it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from ..formats.files import OutputError, open_locked
from ..formats.jsonl import JsonLines
from ..formats.record import decode
from ..models import Grab, Target
from .output import File, Medium, Records


class Kept(Medium, Protocol):
    """An output with a journal."""

    takes_lines: bool
    """Encoded records are done as soon as they are written."""

    @property
    def end(self) -> int:
        """How long it is, as far as it is done."""

    def clear(self) -> None:
        """Begin with nothing in it. Raises `OSError`."""

    def begin(self) -> None:
        """Begin to write, where nothing is in it. Raises `OutputError`."""

    def targets(self, after: int) -> Iterator[Target]:
        """Those of the records from `after` on, as far as they are whole. Raises `OSError`."""

    def go_on(self) -> int:
        """Begin to write behind the records that `targets` gave; how many bytes were cut off there. Raises
        `OSError`, `OutputError`."""

    def write(self, grabs: Sequence[Grab]) -> Sequence[Grab]:
        """Write these; which ones are done now. Raises `OutputError`."""

    def write_lines(self, lines: bytes, targets: Sequence[Target]) -> Sequence[Target]:
        """Write encoded records of `targets`; which ones are done now. Raises `OutputError`."""

    def flush(self) -> Sequence[Grab]:
        """Have all that was written done; which ones are now. Raises `OutputError`."""

    def close(self) -> None:
        """Raises `OutputError`."""


class KeptLines(File):
    """JSON lines."""

    takes_lines = True

    def __init__(self, path: str) -> None:
        """Raises `OSError`, or `OutputInUseError` where another scan writes it."""
        self._fd = open_locked(path)
        super().__init__(self._fd)
        self._sink = JsonLines(self._fd, path)
        self._records: Records | None = None
        self._path = path
        self.end: int = 0

    def clear(self) -> None:
        os.ftruncate(self._fd, 0)

    def begin(self) -> None:
        pass

    def targets(self, after: int) -> Iterator[Target]:
        with open(self._path, "rb") as file:
            self._records = Records(file, after)
            yield from self._records

    def go_on(self) -> int:
        assert self._records is not None
        lost = self.size() - self._records.end
        os.ftruncate(self._fd, self._records.end)
        self.end = os.lseek(self._fd, self._records.end, os.SEEK_SET)
        return lost

    def write(self, grabs: Sequence[Grab]) -> Sequence[Grab]:
        self._sink.write(grabs)
        self.end = os.lseek(self._fd, 0, os.SEEK_CUR)
        return grabs

    def write_lines(self, lines: bytes, targets: Sequence[Target]) -> Sequence[Target]:
        self._sink.write_lines(lines)
        self.end = os.lseek(self._fd, 0, os.SEEK_CUR)
        return targets

    def flush(self) -> Sequence[Grab]:
        return ()

    def close(self) -> None:
        self._sink.close()


class KeptRows:
    """An SQLite database."""

    takes_lines = False

    unit = "rows"

    def __init__(self, path: str) -> None:
        """Raises `OSError`, or `OutputInUseError` where another scan writes it."""
        from ..formats.sqlite import Sqlite
        from ..formats.sqlite_rows import Rows

        self._path = path
        self._fd = open_locked(path)
        self._rows = Rows(path, self._fd)
        self._open_sink = Sqlite
        self._sink: Sqlite | None = None
        self._written: list[Grab] = []
        self._failure: OutputError | None = None

    @property
    def end(self) -> int:
        return 0 if self._sink is None else self._sink.last

    def size(self) -> int:
        return self._rows.size()

    def tail(self, end: int) -> int:
        return self._rows.tail(end)

    def sync(self) -> None:
        self._rows.sync()

    def clear(self) -> None:
        self._rows.close()
        # The log goes first: without its file it would be taken for that of the next one.
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                os.unlink(self._path + suffix)
        old, self._fd = self._fd, open_locked(self._path)
        os.close(old)
        self._rows = type(self._rows)(self._path, self._fd)

    def begin(self) -> None:
        self._sink = self._open_sink(self._path, append=True, locked=True)

    def targets(self, after: int) -> Iterator[Target]:
        return self._rows.targets(after)

    def go_on(self) -> int:
        self.begin()
        return 0  # a transaction is whole or not there

    def write(self, grabs: Sequence[Grab]) -> Sequence[Grab]:
        if self._failure is not None:
            raise self._failure
        assert self._sink is not None
        self._written.extend(grabs)
        try:
            self._sink.write(grabs)
        except OutputError as error:
            self._failure = error  # what it dropped must never be taken for done
            raise
        return self._done()

    def write_lines(self, lines: bytes, targets: Sequence[Target]) -> Sequence[Target]:
        done = self.write(list(map(decode, lines.splitlines())))
        return [Target(grab.host, grab.port, grab.tag, grab.ip, grab.transport) for grab in done]

    def flush(self) -> Sequence[Grab]:
        if self._failure is not None:
            raise self._failure
        if self._sink is None:
            return ()
        try:
            self._sink.flush()
        except OutputError as error:
            self._failure = error
            raise
        return self._done()

    def close(self) -> None:
        self._rows.close()
        try:
            if self._sink is not None:
                self._sink.close()
        finally:
            os.close(self._fd)

    def _done(self) -> Sequence[Grab]:
        assert self._sink is not None
        if self._sink.behind:
            return ()
        done, self._written = self._written, []
        return done


def opened(path: str, form: str) -> Kept:
    """The file at `path`, unchanged, to be written in `form`. Raises `OSError`, or `OutputInUseError` where another
    scan writes it."""
    return KeptRows(path) if form == "sqlite" else KeptLines(path)
