"""Targets from files and standard input, read as they are needed and never as a whole.

A file is read in chunks on the loop (its pages come from the system's cache or the disk, as a log's do);
standard input and pipes may make one wait for ever, so a thread of their own reads them and hands over what it
has parsed, a bounded amount ahead.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from itertools import chain

from ..models import Target
from ..text.files import FLAGS, read_at
from ..text.lines import split_lines
from .neighbours import HEAD, NOTHING, describe, foreign, read
from .spec import BadLine, Spec, read_lines
from .tags import literal

CHUNK = 65536
"""Bytes read at a time: some 3,000 lines."""
HANDED = 512
"""Specs handed over at a time."""
AHEAD = 4
"""So many times they may be under way between thread and loop."""


class InputError(OSError):
    """A source could not be read to its end; the text says why, fit for a person."""


class _LeftError(Exception):
    """Nobody waits for targets any more: the thread that reads them ends."""


class Source:
    """An open file of targets. ``-`` is standard input. Raises `OSError` where it cannot be opened."""

    def __init__(self, path: str) -> None:
        self.name: str = "standard input" if path == "-" else path
        self._replaced = 0
        self.fd: int = -1
        self.fd = os.dup(0) if path == "-" else os.open(path, os.O_RDONLY | FLAGS)
        found = os.fstat(self.fd)
        if stat.S_ISDIR(found.st_mode):
            self.close()
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        self.empty: bool = False
        """Whether it was told that it names nothing."""
        self.size: int | None = None
        """Bytes, where it is a regular file, so that reading it never waits for somebody."""
        if stat.S_ISREG(found.st_mode):
            self.size = max(0, found.st_size - os.lseek(self.fd, 0, os.SEEK_CUR))

    def make_plain(self, ports: Sequence[int], on_bad: Callable[[BadLine], None]) -> None:
        """Where a regular file is another tool's, put a plain list with its targets into its place: a file
        without a name, which the system removes. Raises `InputError`."""
        try:
            if self.size is None or not foreign(read_at(self.fd, HEAD, os.lseek(self.fd, 0, os.SEEK_CUR))):
                return
            self.become(read(self.chunks(), ports), on_bad)
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror}") from None

    def become(self, items: Iterable[Spec | BadLine], on_bad: Callable[[BadLine], None]) -> None:
        """Put a plain list of `items` into its place, once it was read. Raises `OSError`."""
        import tempfile  # late: a plain list needs none

        with tempfile.TemporaryFile() as plain:
            for item in items:
                if isinstance(item, Spec):
                    plain.write(f"{literal(str(item))}\n".encode())
                else:
                    on_bad(item)
            plain.flush()
            self.size = plain.tell()
            self.empty = not self.size
            self.close()
            self.fd = os.dup(plain.fileno())
            self._replaced += 1
        os.lseek(self.fd, 0, os.SEEK_SET)

    def chunks(self) -> Iterator[bytes]:
        """What it holds, until its end; then it is closed. Raises `InputError`."""
        replaced = self._replaced
        try:
            while data := os.read(self.fd, CHUNK):
                yield data
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror}") from None
        finally:
            if replaced == self._replaced:  # else that file was closed, and another stands in its place
                self.close()

    def close(self) -> None:
        """Close it; a second call does nothing."""
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)

    __del__ = close
    """What is not read to its end is closed with whoever wanted it."""


def understood(source: Source, ports: Sequence[int]) -> tuple[str, Iterator[Spec | BadLine]]:
    """How `source` is understood, and what it names, read as it is asked for. Raises `InputError`."""
    stream = source.chunks()
    head = b""
    while len(head) < HEAD and (chunk := next(stream, b"")):
        head += chunk
    return describe(head), _told(chain([head] if head else [], stream), ports)


def _told(chunks: Iterator[bytes], ports: Sequence[int]) -> Iterator[Spec | BadLine]:
    named = False
    for item in read(chunks, ports):
        named = True
        yield item
    if not named:
        yield BadLine(0, "", NOTHING, note=True)


class Progress:
    """How far into its files a scan is, where that can be told."""

    def __init__(self, sources: Sequence[Source]) -> None:
        sizes = [source.size for source in sources]
        self.size: int | None = None if None in sizes else sum(size or 0 for size in sizes)
        """Bytes of all files; None where one has no end that is known."""
        self.read = 0
        """Bytes of the lines that were read."""
        self.targets = 0
        """How many targets they named."""

    @property
    def expected(self) -> float | None:
        """How many targets the files name, judged by what was read; exact at their end."""
        if self.size is None:
            return None
        return self.targets * self.size / self.read if self.read else 0.0


def read_now(
    source: Source, ports: Sequence[int], on_bad: Callable[[BadLine], None], progress: Progress
) -> Iterator[Target]:
    """The targets of a regular file."""
    before = source.size or 0
    source.make_plain(ports, on_bad)
    progress.size = (progress.size or 0) - before + (source.size or 0)

    def counted() -> Iterator[bytes]:
        for line in split_lines(source.chunks()):
            progress.read += len(line) + 1
            yield line

    found = source.empty
    for item in read_lines(counted(), ports):
        found = True
        if isinstance(item, Spec):
            progress.targets += item.size
            yield from item
        else:
            on_bad(item)
    if not found:
        on_bad(BadLine(0, "", NOTHING, note=True))


async def read_later(
    source: Source, ports: Sequence[int], on_bad: Callable[[BadLine], None]
) -> AsyncGenerator[Target, None]:
    """The targets of a pipe, a terminal or a socket."""
    pump = _Pump(source, ports)
    try:
        while (handed := await pump.take()) is not None:
            for item in handed:
                if isinstance(item, BadLine):
                    on_bad(item)
                    continue
                for target in item:
                    yield target
    finally:
        pump.stop()


class _Pump:
    """A thread that reads a source, and hands over to the loop what it has parsed."""

    def __init__(self, source: Source, ports: Sequence[int]) -> None:
        self._source, self._ports = source, ports
        self._loop = asyncio.get_running_loop()
        self._handed: asyncio.Queue[list[Spec | BadLine] | BaseException | None] = asyncio.Queue()
        self._room = threading.Semaphore(AHEAD)
        self._stopped = threading.Event()
        self._batch: list[Spec | BadLine] = []
        # A daemon: it may wait in read(2) for ever, and must not keep the process.
        threading.Thread(target=self._run, name="banner-input", daemon=True).start()

    async def take(self) -> list[Spec | BadLine] | None:
        """What it has handed over next; None where that was all. Raises what reading raised."""
        handed = await self._handed.get()
        self._room.release()
        if isinstance(handed, BaseException):
            raise handed
        return handed

    def stop(self) -> None:
        """Let the thread end; what it waits for in read(2) it may wait for still."""
        self._stopped.set()
        self._room.release()

    # -- in the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            for item in _told(self._prompt_chunks(), self._ports):
                self._batch.append(item)
                if len(self._batch) >= HANDED:
                    self._flush()
            self._flush()
            self._hand_over(None)
        except _LeftError:
            pass
        except Exception as error:
            with contextlib.suppress(_LeftError):
                self._hand_over(error)

    def _prompt_chunks(self) -> Iterator[bytes]:
        # What was parsed goes out before the next read, so that what a person types is visited at once.
        for data in self._source.chunks():
            yield data
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            self._hand_over(self._batch)
            self._batch = []

    def _hand_over(self, item: list[Spec | BadLine] | BaseException | None) -> None:
        self._room.acquire()
        if self._stopped.is_set():
            raise _LeftError
        try:
            self._loop.call_soon_threadsafe(self._handed.put_nowait, item)
        except RuntimeError:  # the loop was closed meanwhile
            raise _LeftError from None
