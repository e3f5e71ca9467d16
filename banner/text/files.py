"""What systems do not have alike when files are opened and read by descriptors."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Final

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


def lock(fd: int) -> None:
    """No two processes write one file: whoever opens it second gets `BlockingIOError`. The lock goes with the
    descriptor. Pipes and devices are anybody's, and a file system without locks has none."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        pass


def create_beside(path: str, mode: int = 0o644) -> int:
    """A new file that is to be renamed: what has the name already, be it a link that was planted, is taken away
    and never followed. Raises `OSError`."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | FLAGS, mode)


UNFINISHED: Final = "user.banner.unfinished"
"""The extended attribute (xattr(7)) of a file whose scan is not complete: it tells one from the other where its
journal was deleted. Where a file system has none, that cannot be told."""


def mark_unfinished(path: str) -> None:
    """The scan that writes `path` has begun."""
    if hasattr(os, "setxattr"):  # Linux
        with contextlib.suppress(OSError):
            os.setxattr(path, UNFINISHED, b"")


def mark_finished(path: str) -> None:
    """The scan that wrote `path` is complete."""
    if hasattr(os, "removexattr"):
        with contextlib.suppress(OSError):
            os.removexattr(path, UNFINISHED)


def unfinished(path: str) -> bool:
    """Whether `path` is known to be of a scan that is not complete."""
    if hasattr(os, "getxattr"):
        with contextlib.suppress(OSError):
            os.getxattr(path, UNFINISHED)
            return True
    return False
