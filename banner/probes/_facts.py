"""The facts of the dialogues in this folder, kept from run to run: a plan needs them all, and holds few.

To import every dialogue takes some 20 ms, a quarter of what one visit costs a process. So what is kept beside the
rules' tables, or built into the wheel, are the facts, with a stamp of the files that they stand in; a dialogue is
imported when it is first held. Where nothing can be kept, everything is imported as it stands.
"""

import os
from binascii import crc32
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

import msgspec

from ..dialogue import Probe, Talk
from ..models import Transport, __version__
from ..recognition import cache

HERE: Final = os.path.dirname(os.path.abspath(__file__))
FOLDERS: Final = (HERE, os.path.join(HERE, "udp"), os.path.join(os.path.dirname(HERE), "dialogue"))
"""Where facts stand: with the dialogues, and what these share."""
APART: Final = ("name", "talk", "ports", "tls_ports", "transport")

Row = tuple[str, str, tuple[int, ...], tuple[int, ...], dict[str, Any]]
"""A module, its probe's name and ports, and what else is not as usual."""


class _Kept(msgspec.Struct, array_like=True):
    stamp: str
    rows: list[Row]


_decoder = msgspec.msgpack.Decoder(_Kept)


class _Later:
    """A dialogue that is imported when it is first held."""

    __slots__ = ("_module", "_talk")

    def __init__(self, module: str) -> None:
        self._module = module
        self._talk: Callable[[Any], Talk] | None = None

    def __call__(self, wire: Any) -> Talk:
        return (self._talk or self.real)(wire)

    @property
    def real(self) -> Callable[[Any], Talk]:
        if self._talk is None:
            probe: Probe = import_module(self._module).PROBE
            self._talk = probe.talk
        return self._talk

    def __eq__(self, other: object) -> bool:
        return bool(self.real == (other.real if isinstance(other, _Later) else other))

    def __hash__(self) -> int:
        return hash(self.real)


def probes(transport: Transport) -> list[Probe]:
    """The built-in ones over `transport`, by name."""
    rows = _shipped(transport) or _from_cache(transport)
    return [
        Probe(name, _Later(module), ports, tls_ports, transport=transport, **rest)
        for module, name, ports, tls_ports, rest in rows
    ]


def to_ship(transport: Transport) -> bytes:
    """What a wheel has of them: the file of `shipped_at`."""
    return b"".join(cache.written(msgspec.msgpack.encode(_Kept(_sizes(), _read(transport))), []))


def shipped_at(transport: Transport) -> str:
    """Where the facts lie in an installed package."""
    return os.path.join(HERE, f"{transport}.table")


def _shipped(transport: Transport) -> list[Row]:
    entry = cache.opened(shipped_at(transport), ours=False)
    return [] if entry is None else _rows(entry, _sizes())


def _from_cache(transport: Transport) -> list[Row]:
    key = f"probes-{transport}-{crc32(f'{__version__} {HERE!a}'.encode()):08x}"
    stamp = _stamp()
    entry = cache.fetch(key)
    if entry is not None and (rows := _rows(entry, stamp)):
        return rows
    rows = _read(transport)
    if cache.settled(_files()) and stamp == _stamp():  # else it may not be what the stamp tells
        cache.keep(key, msgspec.msgpack.encode(_Kept(stamp, rows)), [])
    return rows


def _rows(entry: cache.Entry, stamp: str) -> list[Row]:
    """What is kept, unless it is of other files."""
    with suppress(msgspec.DecodeError):
        kept = _decoder.decode(entry.head)
        if kept.stamp == stamp:
            return kept.rows
    return []


def _read(transport: Transport) -> list[Row]:
    """The same from the dialogues themselves."""
    package = f"{__package__}.udp" if transport is Transport.UDP else f"{__package__}"
    usual = Probe("", _Later(""))
    rest = [name for name in Probe.__struct_fields__ if name not in APART]
    rows: list[Row] = []
    for module in _modules(FOLDERS[transport is Transport.UDP]):
        probe: Probe = import_module(f"{package}.{module}").PROBE
        facts = {name: value for name in rest if (value := getattr(probe, name)) != getattr(usual, name)}
        rows.append((f"{package}.{module}", probe.name, probe.ports, probe.tls_ports, facts))
    return sorted(rows, key=lambda row: row[1])


def _modules(folder: str) -> list[str]:
    """The dialogues in a folder, also in one that lies in an archive."""
    try:
        files = os.listdir(folder)
    except OSError:
        from pkgutil import iter_modules

        files = [f"{module.name}.py" for module in iter_modules([folder]) if not module.ispkg]
    return [file[:-3] for file in files if file.endswith(".py") and not file.startswith("_")]


def _files() -> list[str]:
    """The files that facts stand in; of an archive none."""
    found: list[str] = []
    for folder in FOLDERS:
        with suppress(OSError):
            found += sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".py"))
    return found


def _sizes() -> str:
    """What shipped facts depend on: which files there are, how long each is, and the version that reads them."""
    return "\n".join(
        [__version__, *(f"{os.path.basename(path)} {os.stat(path).st_size}" for path in _files())]
    )


def _stamp() -> str:
    """What kept facts depend on."""
    return "\n".join([__version__, *cache.states(_files())])
