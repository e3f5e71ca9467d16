"""What is loaded: rules by key with their literals, as one value that the cache can hold.

Reading XML, translating patterns and extracting literals take time; their result depends on the collections'
bytes, on this code and on Python's parser, so it is kept under a digest of those. A key is decoded when
first asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path

import msgspec

from ..models import __version__
from . import cache

FORMAT = 5
"""Raised whenever a table's meaning changes."""


class Table(msgspec.Struct, array_like=True):
    """A collection, ready to be asked."""

    keys: dict[str, msgspec.Raw]
    """``matches`` key -> encoded `KeyTable` (or nmap's own)."""
    rejected: list[str]


_decoder = msgspec.msgpack.Decoder(Table)


def loaded(kind: str, files: Iterable[Path], build: Callable[[list[tuple[Path, bytes]]], Table]) -> Table:
    """The table of `files`: from the cache, or else built and kept. Raises what reading and `build` raise."""
    read = [(path, path.read_bytes()) for path in files]
    key = digest(kind, read)
    kept = cache.fetch(key)
    if kept is not None:
        try:
            return _decoder.decode(kept)
        except msgspec.DecodeError:
            pass  # of another version in spite of its key: built again
    table = build(read)
    cache.keep(key, msgspec.msgpack.encode(table))
    return table


def digest(kind: str, files: list[tuple[Path, bytes]]) -> str:
    """The name under which the table of `files` is kept."""
    hashed = blake2b(f"{FORMAT} {__version__} {sys.version_info[:3]} {kind}".encode(), digest_size=20)
    for path, data in files:
        hashed.update(f"\0{path.name}\0{len(data)}\0".encode(errors="surrogateescape"))
        hashed.update(data)
    return hashed.hexdigest()
