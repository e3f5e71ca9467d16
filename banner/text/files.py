"""What systems do not have alike when files are opened and read by descriptors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final

FLAGS: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""For `os.open`: no child gets the descriptor (as Windows has it anyway), and no line end is translated (as
Windows would)."""


SHARED: Final = not hasattr(os, "pread")
"""Reading at a place moves the position at which the same descriptor is written, so no thread may do it meanwhile."""


def read_at(fd: int, size: int, start: int) -> bytes:
    """pread(2); where there is none (Windows), by moving the position there and back. Raises `OSError`."""
    if hasattr(os, "pread"):
        return os.pread(fd, size, start)
    before = os.lseek(fd, 0, os.SEEK_CUR)
    try:
        os.lseek(fd, start, os.SEEK_SET)
        return os.read(fd, size)
    finally:
        os.lseek(fd, before, os.SEEK_SET)


def create_beside(path: str) -> int:
    """A descriptor of a new file at `path`, which is to be renamed into the place of another.

    What lies there, from a run that was killed or put there by somebody else, is taken away and never followed or
    written into. Raises `OSError`; `FileExistsError` where somebody is quicker.
    """
    with suppress(FileNotFoundError):
        os.unlink(path)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | FLAGS, 0o644)


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file for what is to stand at `path`, where it appears whole or not at all. Raises `OSError`.

    Links are followed; what is no regular file, such as a device or a pipe, is written into and never replaced.
    """
    place = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            yield file
        return
    begun = f"{place}.part"
    try:
        with open(create_beside(begun), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(begun, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(begun)
        raise
