"""The journal beside an output: what of a scan is done and durable, so that it can go on after anything.

Its first line tells which scan it is; each further one is a checkpoint: so far the output reached, in bytes or rows,
and these positions were pending. Every checkpoint stays true, for what was written later is read from the output
itself: so a torn or damaged end of the journal costs nothing but reading. A line carries its CRC-32. A checkpoint is
written once the output was fsynced up to it, and is fsynced itself. What outgrows `LEAST` and eight checkpoints is
written anew and renamed into place.
"""

from __future__ import annotations

import contextlib
import os
from binascii import crc32
from typing import Any, Final

import msgspec

from ..text.files import create_beside
from .ledger import Ledger
from .output import Medium

VERSION: Final = 1
LEAST: Final = 65536
"""Bytes that a journal may have before it is written anew."""
ROOM: Final = 1024
"""Bytes that a line takes at least: damage to less than that at the journal's end leaves its first line."""
MOST: Final = 1 << 28
"""Bytes of a journal that are read: it has 2 for each target in flight, and 8 checkpoints."""


class JournalError(ValueError):
    """The scan cannot go on from this journal; the text says why, fit for a person. Nothing was changed."""


class Heading(msgspec.Struct, frozen=True):
    """Which scan it is."""

    arguments: dict[str, Any]
    """The options of the command line that make the scan what it is."""
    targets: dict[str, Any]
    """What tells these targets and their order from others."""
    banner_journal: int = VERSION


class Checkpoint(msgspec.Struct, frozen=True):
    """What was done when the output was `output` bytes or rows long."""

    output: int
    tail: int
    """The CRC-32 of what stands last before that."""
    following: int
    gaps: list[int]
    """The pending positions: the first, and from each to the next."""


class _Versioned(msgspec.Struct):
    banner_journal: int


def path_of(output: str) -> str:
    """Where the journal of `output` lies."""
    return output + ".journal"


def checkpoint(output: int, ledger: Ledger) -> Checkpoint:
    """How things stand. Its `tail` is not known yet."""
    gaps, last = [], 0
    for position in ledger.pending():
        gaps.append(position - last)
        last = position
    return Checkpoint(output, 0, ledger.following, gaps)


def pending(of: Checkpoint) -> list[int]:
    """The positions that are pending at a checkpoint."""
    positions, last = [], 0
    for gap in of.gaps:
        last += gap
        positions.append(last)
    return positions


class Journal:
    """The journal of one output that is being written."""

    def __init__(self, path: str, heading: Heading, output: Medium) -> None:
        self._path = path
        self._heading = _line(heading)
        self._output = output
        self._fd = -1
        self._size = 0
        self._last = b""

    def begin(self, first: Checkpoint) -> None:
        """Put the journal in place, or a new one for the old. Raises `OSError`, with the old one untouched."""
        self._rewrite(self._checkpoint_line(first))

    def record(self, now: Checkpoint) -> None:
        """Make the output durable, then say so. Blocks on the disk: call it in a thread, one call at a time.

        Raises `OSError`; the checkpoint before holds then.
        """
        line = self._checkpoint_line(now)
        if self._size + len(line) > LEAST + 8 * len(line):
            self._rewrite(self._last + line)
            self._last = line
            return
        try:
            _write(self._fd, line)
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self._size)
            os.lseek(self._fd, self._size, os.SEEK_SET)
            raise
        self._size += len(line)
        self._last = line

    def end(self, sealed_as: str | None = None) -> None:
        """The scan is complete: the output is made durable, the journal taken away, or renamed to stay."""
        self._output.sync()
        if sealed_as is None:
            os.unlink(self._path)
        else:
            os.replace(self._path, sealed_as)
        self.close()
        _fsync_folder(self._path)

    def close(self) -> None:
        """Leave the journal where it is."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _checkpoint_line(self, of: Checkpoint) -> bytes:
        self._output.sync()
        return _line(msgspec.structs.replace(of, tail=self._output.tail(of.output)))

    def _rewrite(self, checkpoints: bytes) -> None:
        beside = self._path + ".new"
        fd = create_beside(beside)
        try:
            _write(fd, self._heading + checkpoints)
            os.fsync(fd)
            os.replace(beside, self._path)
        except OSError:
            os.close(fd)
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
        _fsync_folder(self._path)
        self.close()
        self._fd, self._size = fd, len(self._heading) + len(checkpoints)
        self._last = checkpoints


def read(path: str) -> tuple[Heading, Checkpoint]:
    """What the journal at `path` says last. Raises `OSError`, or `JournalError` where it says nothing."""
    with open(path, "rb") as file:
        heading = _heading(path, file.readline(MOST))
        found: Checkpoint | None = None
        while (content := _content(file.readline(MOST))) is not None:
            try:
                found = msgspec.json.decode(content, type=Checkpoint)
            except msgspec.DecodeError:
                break
    return heading, found or Checkpoint(0, 0, 0, [])


def check_output(output: Medium, name: str, last: Checkpoint) -> None:
    """Raise `JournalError` where the file is not the output that the journal is of."""
    size = output.size()
    if size < last.output:
        raise JournalError(f"{name} is {last.output - size:,} {output.unit} shorter than its journal says")
    if output.tail(last.output) != last.tail:
        raise JournalError(f"{name} is not the output that its journal is of")


def _heading(path: str, line: bytes) -> Heading:
    content = _content(line)
    if content is None:
        raise JournalError(f"{path} is damaged: its first line is not whole")
    try:
        version = msgspec.json.decode(content, type=_Versioned).banner_journal
        if version != VERSION:
            raise JournalError(f"{path} is a journal of version {version}: this program writes {VERSION}")
        return msgspec.json.decode(content, type=Heading)
    except msgspec.DecodeError as error:
        raise JournalError(f"{path} is no journal of a scan: {error}") from None


def _line(value: Heading | Checkpoint) -> bytes:
    content = msgspec.json.encode(value).ljust(ROOM)
    return b"%08x %b\n" % (crc32(content), content)


def _content(line: bytes) -> bytes | None:
    """What a whole line holds; None for one that is torn or damaged, and at the end."""
    content = line[9:-1]
    return content if line == b"%08x %b\n" % (crc32(content), content) else None


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _fsync_folder(path: str) -> None:
    """A name that was made or taken away is durable once its folder is."""
    if hasattr(os, "O_DIRECTORY"):  # not on Windows, which cannot open folders
        fd = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
