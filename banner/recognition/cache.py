"""A folder of the user's where tables of rules are kept, so that they are computed once.

An entry is a head, with its length and checksum before it, and what the head tells where to find: only the parts that
are asked for are read. What is damaged, cut, foreign-owned or a link is as if it were not there; what cannot be
written is not kept. Nothing here raises. Entries are data (MessagePack), never code
but that of patterns, which `re` checks before it runs it.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from binascii import crc32
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_WORD = 4
"""Bytes of a checksum, and of a head's length. CRC-32 finds what disks and crashes do; nobody else may write here."""
_KEPT = 12
"""Entries of a kind that stay: the built-in rules of a few versions, and the collections that somebody uses."""
_UNSETTLED = 2.0
"""Seconds for which a changed file may change again without another time: FAT's times have steps of 2 s."""
_MOST = 256 * 1024 * 1024
"""Bytes of one entry: nmap's whole list takes about 3 MB."""


class Entry:
    """What is kept in one file."""

    def __init__(self, path: str, head: bytes, ours: bool = True) -> None:
        """With `ours`, the file is this user's alone: else it is not read."""
        self._path = path
        self._ours = ours
        self.head = head

    def read(self, at: int, size: int, checksum: int) -> bytes | None:
        """`size` bytes from `at` on, counted from the head's end; None where they are not those of `checksum`."""
        with suppress(OSError):
            data = _part(self._path, 2 * _WORD + len(self.head) + at, size, self._ours)
            if data is not None and crc32(data) == checksum:
                return data
        return None


def folder() -> str | None:
    """Where entries are kept: the platform's cache folder of this user; None for a user without a home."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        place = os.path.join(os.environ.get("LOCALAPPDATA") or f"{home}/AppData/Local", "banner", "cache")
    elif sys.platform == "darwin":
        place = os.path.join(home, "Library", "Caches", "banner")
    else:
        given = os.environ.get("XDG_CACHE_HOME", "")
        place = os.path.join(given if given.startswith("/") else os.path.join(home, ".cache"), "banner")
    return place if os.path.isabs(place) else None  # a container's user may be in no list, and "~" stays "~"


def fetch(key: str) -> Entry | None:
    """The entry kept under `key`, or None."""
    home = folder()
    return None if home is None else opened(os.path.join(home, f"{key}.table"))


def opened(path: str, ours: bool = True) -> Entry | None:
    """The entry in the file `path`, or None."""
    with suppress(OSError):
        start = _part(path, 0, 2 * _WORD, ours) or b""
        size = int.from_bytes(start[_WORD:])
        if len(start) == 2 * _WORD and size <= _MOST:
            head = _part(path, 2 * _WORD, size, ours)
            if head is not None and len(head) == size and crc32(head) == int.from_bytes(start[:_WORD]):
                return Entry(path, head, ours)
    return None


def keep(key: str, head: bytes, parts: Iterable[bytes | memoryview]) -> None:
    """Keep `head` and `parts` under `key`, whole or not at all."""
    home = folder()
    if home is None:
        return
    with suppress(OSError):
        os.makedirs(home, mode=0o700, exist_ok=True)
        path = os.path.join(home, f"{key}.{os.getpid()}.new")
        _unlink(path)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(written(head, parts))
            os.replace(path, os.path.join(home, f"{key}.table"))
        finally:
            _unlink(path)
        _prune(home, key.rpartition("-")[0])


def written(head: bytes, parts: Iterable[bytes | memoryview]) -> list[bytes | memoryview]:
    """An entry's file, as `opened` reads it."""
    return [crc32(head).to_bytes(_WORD), len(head).to_bytes(_WORD), head, *parts]


def states(paths: Iterable[str | Path]) -> list[str]:
    """A line for each file, for the stamp of what is made of them: one that has the same is the same. Raises `OSError`.

    The time of the last change of a file's data can be set by whoever copies it; that of its state cannot.
    """
    found = [(path, os.stat(path)) for path in paths]
    # Names may be no UTF-8.
    return [f"{path!a} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}" for path, state in found]


def settled(paths: Iterable[str | Path]) -> bool:
    """Whether a later change of one of `paths` is sure to have another time. Raises `OSError`."""
    changed = (max(state.st_mtime, state.st_ctime) for state in map(os.stat, paths))
    return time.time() - max(changed, default=0.0) > _UNSETTLED


def _part(path: str, at: int, size: int, ours: bool) -> bytes | None:
    """What stands at a place of a regular file; with `ours` it belongs to this user, and nobody else can write it."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with open(os.open(path, flags), "rb", buffering=0) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > _MOST:
            return None
        if ours and sys.platform != "win32" and (state.st_uid != os.getuid() or state.st_mode & 0o022):
            return None
        file.seek(at)
        return file.read(size)


def _unlink(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _prune(home: str, kind: str) -> None:
    with os.scandir(home) as entries:
        alike = [entry for entry in entries if entry.name.endswith(".table") and entry.name.startswith(kind)]
        tables = [(entry.stat().st_mtime, entry.path) for entry in alike]
    for _, path in sorted(tables, reverse=True)[_KEPT:]:
        _unlink(path)
