"""A folder of the user's where tables of literals are kept, so that they are computed once.

An entry is a checksum and the bytes that it covers. What is damaged, cut, foreign-owned or a link is as if it
were not there; what cannot be written is not kept. Nothing here raises. Entries are data (MessagePack),
never code.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from zlib import crc32

_CHECKSUM = 4
"""Bytes: CRC-32 finds what disks and crashes do; nobody else may write here. A cryptographic digest of 1.3 MB would
cost more than all else that loading does, and its module pulls in OpenSSL."""
_KEPT = 12
"""Entries that stay: the built-in rules of a few versions, and the collections that somebody uses."""
_MOST = 256 * 1024 * 1024
"""Bytes of one entry: nmap's whole list takes about 3 MB."""


def folder() -> Path:
    """Where entries are kept: the platform's cache folder of this user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "banner" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "banner"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if given.startswith("/") else Path.home() / ".cache") / "banner"


def fetch(key: str) -> memoryview | None:
    """The bytes kept under `key`, or None."""
    with suppress(OSError, RuntimeError):  # RuntimeError: no home folder
        data = _own(folder() / f"{key}.table")
        if data is not None and data[:_CHECKSUM] == _checksum(body := memoryview(data)[_CHECKSUM:]):
            return body
    return None


def keep(key: str, data: bytes) -> None:
    """Keep `data` under `key`, whole or not at all."""
    with suppress(OSError, RuntimeError):
        home = folder()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = home / f"{key}.{os.getpid()}.new"
        new.unlink(missing_ok=True)
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:
                file.write(_checksum(data) + data)
            os.replace(new, home / f"{key}.table")
        finally:
            new.unlink(missing_ok=True)
        _prune(home)


def _checksum(data: bytes | memoryview) -> bytes:
    return crc32(data).to_bytes(_CHECKSUM)


def _own(path: Path) -> bytes | None:
    """The content of a regular file that belongs to this user and that nobody else can write."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with open(os.open(path, flags), "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > _MOST:
            return None
        if sys.platform != "win32" and (state.st_uid != os.getuid() or state.st_mode & 0o022):
            return None
        return file.read()


def _prune(home: Path) -> None:
    entries = sorted(home.glob("*.table"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[_KEPT:]:
        path.unlink(missing_ok=True)
