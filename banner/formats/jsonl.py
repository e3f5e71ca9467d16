"""JSON lines: the records as they are, in large blocks of whole lines.

Written with plain ``write(2)``, so that nothing is left in a buffer when the process dies, and a reader sees
each batch at once. Where a disk is full, a line that was begun is taken back.
"""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Iterable

from ..models import Grab
from .files import OutputError, close_file
from .record import encode
from .terminal import safe_json


class JsonLines:
    """Appends records to a descriptor, which stays the caller's until `close`."""

    def __init__(self, fd: int, name: str, *, whole_lines: bool = True) -> None:
        """Without `whole_lines` what is written is not lines, and nothing is taken back."""
        self._fd = fd
        self._whole_lines = whole_lines
        self._name = name
        self._regular = stat.S_ISREG(os.fstat(fd).st_mode)
        self._terminal = os.isatty(fd)
        self._closed = False

    def write(self, grabs: Iterable[Grab]) -> None:
        """Write the records of `grabs`. Raises `BrokenPipeError` when the reader went away, else `OutputError`."""
        self.write_lines(b"".join(map(encode, grabs)))

    def write_lines(self, block: bytes) -> None:
        """Write whole encoded lines; on a terminal, with what it would obey escaped."""
        view = memoryview(safe_json(block) if self._terminal else block)
        done = 0
        try:
            while done < len(view):
                try:
                    done += os.write(self._fd, view[done:])
                except BlockingIOError:  # whoever shares the pipe has made it non-blocking
                    select.select([], [self._fd], [])
        except BrokenPipeError:
            raise
        except OSError as error:
            self._take_back(view[:done].tobytes())
            raise OutputError(f"cannot write {self._name}: {error.strerror}") from None

    def flush(self) -> None:
        """Nothing: every batch was handed to the system when it was written."""

    def close(self) -> None:
        """Close the descriptor."""
        if not self._closed:
            self._closed = True
            close_file(self._fd, self._name)

    def _take_back(self, written: bytes) -> None:
        """Cut off the line that was begun, where the output is a file."""
        torn = len(written) - (written.rfind(b"\n") + 1)
        if torn and self._regular and self._whole_lines:
            end = os.lseek(self._fd, -torn, os.SEEK_CUR)
            os.ftruncate(self._fd, end)
