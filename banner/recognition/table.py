"""What is loaded: rules by key with their literals, as values that a file can hold.

Reading XML, translating patterns and extracting literals take seconds; what comes of it is built into the wheel for the
built-in rules, and else kept in the user's cache, beside a stamp of everything that it depends on: the collections'
files, this code, and Python's parser. The stamp is made of sizes and times, so that nothing needs to be read to see
that nothing changed. A key's rules are read when first asked, and decoded one by one.
"""

import os
import sys
from binascii import crc32
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, overload

import msgspec

from ..models import __version__
from . import cache
from .cache import settled, states
from .need import Need

if TYPE_CHECKING:
    from pathlib import Path

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules")
"""The folder of the rules that ship with the package."""
SHIPPED = os.path.join(os.path.dirname(RULES), "rules.table")
"""Their table, in an installed package."""


class KeyTable(msgspec.Struct, array_like=True):
    """The rules for one key, in order, and what each needs."""

    rules: list[msgspec.Raw] = []
    """Each an encoded `Rule`."""
    needs: list[Need] = []


class Table(msgspec.Struct, array_like=True):
    """A collection, ready to be asked."""

    keys: Mapping[str, Any]
    """``matches`` key -> encoded `KeyTable` (or nmap's own)."""
    rejected: list[str]


class _Index(msgspec.Struct, array_like=True):
    """The head of a kept table."""

    stamp: str
    """What the table was made of (`stamp_of`)."""
    rejected: list[str]
    places: dict[str, tuple[int, int, int]]
    """Of each key: where its bytes stand, how many, and their checksum."""


Build = Callable[[list[tuple["Path", bytes]]], Table]
_T = TypeVar("_T")
_decoder = msgspec.msgpack.Decoder(_Index)


class _Kept(Mapping[str, bytes]):
    """The keys of a kept table, read when asked for; built again where the file went or was damaged meanwhile."""

    def __init__(
        self, entry: cache.Entry, places: dict[str, tuple[int, int, int]], again: Callable[[], Table]
    ) -> None:
        self._entry = entry
        self._places = places
        self._again = again
        self._whole: Mapping[str, Any] | None = None

    def __getitem__(self, key: str) -> bytes:
        data = self._entry.read(*self._places[key])
        return self._rebuilt(key) if data is None else data

    def _rebuilt(self, key: str) -> bytes:
        with suppress(OSError, ValueError, KeyError):  # where the rules were exchanged meanwhile, or went
            if self._whole is None:  # once: it takes seconds, and who lost one key has mostly lost all
                self._whole = self._again().keys
            return bytes(self._whole[key])
        return msgspec.msgpack.encode(KeyTable())

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def built_in_table(build: Build) -> Table:
    """The table of the built-in rules: the shipped one, or that of the files. Raises `OSError` and `ValueError`."""
    with os.scandir(RULES) as entries:
        paths = sorted(entry.path for entry in entries if entry.name.endswith(".xml"))
    shipped = cache.opened(SHIPPED, ours=False)
    if shipped is not None:
        stamp = shipped_stamp((path, os.stat(path).st_size) for path in paths)
        table = _read(shipped, stamp, lambda: _built(paths, build))
        if table is not None:
            return table
    return loaded("built-in", paths, build)


def shipped_stamp(files: Iterable[tuple[str, int]]) -> str:
    """What a shipped table depends on: which files there are, how long each is, and the version that reads them."""
    return "\n".join([__version__, *(f"{os.path.basename(path)} {size}" for path, size in files)])


def loaded(kind: str, files: Iterable["str | Path"], build: Build) -> Table:
    """The table of `files`: from the cache, or else built and kept. Raises what reading and `build` raise."""
    paths = [os.path.abspath(path) for path in files]
    stamp = stamp_of(kind, paths)
    where = "\0".join([__version__, sys.version, *paths])
    key = f"{kind}-{crc32(where.encode(errors='surrogateescape')):08x}"
    kept = cache.fetch(key)
    if kept is not None:
        table = _read(kept, stamp, lambda: _built(paths, build))
        if table is not None:
            return table
    table = _built(paths, build)
    if settled(paths) and stamp == stamp_of(kind, paths):  # else it may not be what the stamp tells
        cache.keep(key, *split(table, stamp))
    return table


def _read(entry: cache.Entry, stamp: str, again: Callable[[], Table]) -> Table | None:
    try:
        index = _decoder.decode(entry.head)
    except msgspec.DecodeError:
        return None  # of another version in spite of its name
    return Table(_Kept(entry, index.places, again), index.rejected) if index.stamp == stamp else None


def _built(paths: list[str], build: Build) -> Table:
    from pathlib import Path

    return build([(path, path.read_bytes()) for path in map(Path, paths)])


def split(table: Table, stamp: str) -> tuple[bytes, list[bytes]]:
    """`table` as an entry: its head, and its parts."""
    places, at = {}, 0
    for key, data in table.keys.items():
        places[key] = at, len(data), crc32(data)
        at += len(data)
    return msgspec.msgpack.encode(_Index(stamp, table.rejected, places)), list(table.keys.values())


def stamp_of(kind: str, paths: Iterable["str | Path"]) -> str:
    """What a table of the files at `paths` (absolute) depends on: the same stamp, the same table. Raises `OSError`."""
    return "\n".join([f"{kind} {__version__} {sys.version}", *_CODE, *states(paths)])


def _code() -> list[str]:
    """The files of this code."""
    here = os.path.dirname(RULES)
    folders = here, os.path.join(here, "collections")
    return sorted(os.path.join(at, name) for at in folders for name in os.listdir(at) if name.endswith(".py"))


_CODE = states(_code())
"""What this process runs: the files may be exchanged while it does, and its tables are none of the new ones."""


class Decoded(Sequence[_T]):
    """Encoded values, each decoded when it is first asked for: of a collection's rules few ever speak."""

    def __init__(self, encoded: list[msgspec.Raw], kind: type[_T]) -> None:
        self._encoded = encoded
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._known: dict[int, _T] = {}

    @overload
    def __getitem__(self, index: int) -> _T: ...

    @overload
    def __getitem__(self, index: slice) -> list[_T]: ...

    def __getitem__(self, index: int | slice) -> _T | list[_T]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        known = self._known.get(index)
        if known is None:
            known = self._known[index] = self._decode(self._encoded[index])
        return known

    def __len__(self) -> int:
        return len(self._encoded)


class Patterns(Sequence[tuple[str, int]]):
    """The patterns of rules, with their flags."""

    def __init__(self, rules: Sequence[Any]) -> None:
        """`rules` have a ``pattern`` and ``flags``."""
        self._rules = rules

    def __getitem__(self, index: Any) -> Any:
        rule = self._rules[index]
        return rule.pattern, rule.flags

    def __len__(self) -> int:
        return len(self._rules)
