"""The file that an output is written to: opened, locked, and closed once.

No two scans write one file: whoever opens it has it to himself until it is closed, also where it is overwritten. It
is emptied only once it is locked.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from ..text.files import FLAGS, read_at

UNFINISHED: Final = "user.banner.unfinished"
"""The extended attribute (xattr(7)) of a file to which records are still to come."""


class OutputError(Exception):
    """The output could not be written; the text says why, fit for a person."""


class OverwritesInputError(Exception):
    """An output would overwrite what is read; nothing was changed."""


class OutputInUseError(OutputError):
    """Another scan writes to the file just now."""


def open_file(path: str, *, append: bool = False) -> tuple[int, str]:
    """A descriptor to write `path` with, and how to call it in a message. A line that was begun in a file
    that is continued is cut off. Raises `OutputError`."""
    if path == "-":
        return os.dup(1), "standard output"
    try:
        fd = open_locked(path, os.O_RDWR if append else os.O_WRONLY)
        try:
            if append:
                cut_torn_line(fd)
            elif stat.S_ISREG(os.fstat(fd).st_mode):
                os.ftruncate(fd, 0)
        except BaseException:
            os.close(fd)
            raise
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from None
    return fd, path


def open_locked(path: str, access: int = os.O_RDWR) -> int:
    """A descriptor of `path`, which is made where it is missing and left as it is, and of which nobody else gets
    one here until it is closed. Raises `OSError`, `OutputInUseError`."""
    while True:
        fd = os.open(path, access | os.O_CREAT | FLAGS, 0o644)
        try:
            _lock(fd, path)
            if _still_there(fd, path):
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)  # it was replaced between the two calls: the lock is on what has no name any more


def _lock(fd: int, path: str) -> None:
    """Pipes and devices are shared as their owners like. Raises `OutputInUseError`."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutputInUseError(f"{path} is being written by another scan") from None
    except OSError:
        pass  # a file system without locks


def _still_there(fd: int, path: str) -> bool:
    there = os.fstat(fd)
    if not stat.S_ISREG(there.st_mode):
        return True
    try:
        return os.path.samestat(there, os.stat(path))
    except FileNotFoundError:
        return False


def cut_torn_line(fd: int) -> None:
    """Cut a file after its last LF and stand there. Raises `OSError`."""
    end = os.lseek(fd, 0, os.SEEK_END)
    while end:
        start = max(0, end - 65536)
        at = read_at(fd, end - start, start).rfind(b"\n")
        if at >= 0:
            end = start + at + 1
            break
        end = start
    os.ftruncate(fd, end)
    os.lseek(fd, end, os.SEEK_SET)


def close_file(fd: int, name: str) -> None:
    """Close `fd`; a failure (NFS writes as late as that) is an `OutputError`."""
    try:
        os.close(fd)
    except OSError as error:
        raise OutputError(f"cannot write {name}: {error.strerror}") from None


COMPANIONS: Final = ("", ".journal", ".journal.new", ".shard", ".part", "-wal", "-shm")
"""What stands behind an output's name in the names of the files that are written or taken away with it."""


def same_file(one: str, other: str) -> bool:
    """Whether two names lead to one file, also where it is still to be made; ``-`` is standard output."""
    if one == other:
        return True
    try:
        return os.path.samestat(_stat(one), _stat(other))
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def _stat(path: str) -> os.stat_result:
    return os.fstat(1) if path == "-" else os.stat(path)


def check_inputs(outputs: Iterable[str], inputs: Iterable[str]) -> None:
    """Raise `OverwritesInputError` where one of `outputs`, or a file that goes with it, is one of `inputs`.

    A folder among these stands for what is in it. Pipes and devices may be both.
    """
    read = [path for path in inputs if path != "-"]
    for output in outputs:
        if output == "-":
            continue
        for suffix in COMPANIONS:
            for path in read:
                if _overwrites(output + suffix, path):
                    raise OverwritesInputError(
                        f"{output}: what is read ({path}) and what is written are one file: it would be overwritten"
                    )


def _overwrites(written: str, read: str) -> bool:
    if os.path.isdir(read):
        return os.path.realpath(written).startswith(
            os.path.join(os.path.realpath(read), "")
        ) and os.path.exists(written)
    return os.path.isfile(read) and same_file(written, read)


def mark_unfinished(path: str) -> None:
    """Note at the file itself that records are still to come, where the system can: so it is not taken for whole
    when the journal beside it is lost."""
    if hasattr(os, "setxattr"):
        with suppress(OSError):  # a file system without attributes
            os.setxattr(path, UNFINISHED, b"1")


def mark_finished(path: str) -> None:
    """The file is whole."""
    if hasattr(os, "removexattr"):
        with suppress(OSError):
            os.removexattr(path, UNFINISHED)


def is_unfinished(path: str) -> bool:
    """Whether records were still to come when the file was written to last, as far as it tells."""
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            return UNFINISHED in os.listxattr(path)
    return False
