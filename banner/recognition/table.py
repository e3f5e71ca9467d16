"""What is loaded: rules by key with their literals, as one value that the cache can hold.

Reading XML, translating patterns and extracting literals take half a second; what comes of it is kept beside a stamp
of everything that it depends on: the collections' files, this code, and Python's parser. The stamp is made of sizes and
times, so that nothing needs to be read to see that nothing changed. A key is decoded when first asked.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from zlib import crc32

import msgspec

from ..models import __version__
from . import cache

_UNSETTLED = 2.0
"""Seconds for which a changed file may change again without another time: FAT's times have steps of 2 s."""


class Table(msgspec.Struct, array_like=True):
    """A collection, ready to be asked."""

    keys: dict[str, memoryview]
    """``matches`` key -> encoded `KeyTable` (or nmap's own)."""
    rejected: list[str]
    stamp: str = ""
    """What the table was made of (`stamp_of`)."""


_decoder = msgspec.msgpack.Decoder(Table)


def loaded(kind: str, files: Iterable[Path], build: Callable[[list[tuple[Path, bytes]]], Table]) -> Table:
    """The table of `files`: from the cache, or else built and kept. Raises what reading and `build` raise."""
    paths = list(files)
    stamp = stamp_of(kind, paths)
    where = "\0".join([__version__, sys.version, *(os.path.abspath(path) for path in paths)])
    key = f"{kind}-{crc32(where.encode(errors='surrogateescape')):08x}"
    kept = cache.fetch(key)
    if kept is not None:
        try:
            table = _decoder.decode(kept)
        except msgspec.DecodeError:
            pass  # of another version in spite of its name: built again
        else:
            if table.stamp == stamp:
                return table
    table = build([(path, path.read_bytes()) for path in paths])
    if settled(paths) and stamp == stamp_of(kind, paths):  # else it may not be what the stamp tells
        table.stamp = stamp
        cache.keep(key, msgspec.msgpack.encode(table))
    return table


def stamp_of(kind: str, paths: Iterable[Path]) -> str:
    """What a table depends on: one that has the same stamp is the same. Raises `OSError`.

    The time of the last change of a file's data can be set by whoever copies it; that of its state cannot.
    """
    code = sorted(Path(__file__).parent.glob("*.py"))
    lines = [f"{kind} {__version__} {sys.version}"]
    for path in (*code, *paths):
        state = os.stat(path)
        name = ascii(os.path.abspath(path))  # names may be no UTF-8
        lines.append(f"{name} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}")
    return "\n".join(lines)


def settled(paths: Iterable[Path]) -> bool:
    """Whether a later change of one of `paths` is sure to have another time."""
    changed = (max(state.st_mtime, state.st_ctime) for state in map(os.stat, paths))
    return time.time() - max(changed, default=0.0) > _UNSETTLED
