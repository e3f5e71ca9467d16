"""Collections on disk: which there are, of which kind, and their layers. What builds tables is imported when needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from ..text.plugged import leave_out, plugged
from .engine import Engine, RecogLayer
from .table import Table, built_in_table, loaded

if TYPE_CHECKING:
    from pathlib import Path

    from .engine import Layer


def load(paths: Iterable[str | Path] = (), *, built_in: bool = True) -> Engine:
    """An engine of the built-in rules and of the collections in `paths`. Raises `OSError` and `ValueError`."""
    layers: list[Layer] = []
    rejected: list[str] = []
    if built_in:
        layers.append(RecogLayer(built_in_table(_recog_table)))
        layers += _plugged()
    for path in paths:
        layer, complaints = foreign_layer(path)
        layers.append(layer)
        rejected += complaints
    return Engine(layers, rejected, built_in)


def _plugged() -> Iterator[Layer]:
    """The collections of other packages: entry points of ``banner.rules`` are paths, or give one when called."""
    for name, what in plugged("banner.rules"):
        try:
            layer, complaints = foreign_layer(what() if callable(what) else what)
        except (OSError, ValueError, TypeError) as error:
            leave_out(f"the rules {name}", error)
            continue
        for complaint in complaints:
            leave_out(f"of the rules {name}", complaint)
        yield layer


def foreign_layer(where: str | Path) -> tuple[Layer, list[str]]:
    """The layer of a foreign collection, and what of it could not be honoured."""
    from pathlib import Path  # of many parts, for those who give rules

    path = Path(where)
    if path.is_dir():
        files = sorted(path.glob("*.xml"))
        if not files:
            raise ValueError(f"{path}: no Recog collections (*.xml) in this folder")
    else:
        files = [path]
        if is_nmap(path):
            from .collections.nmap_layer import NmapLayer

            table = loaded("nmap", files, _nmap_table)
            return NmapLayer(table), table.rejected
    table = loaded("recog", files, _foreign_table)
    if not table.keys:
        raise ValueError(f"{path}: " + (table.rejected[0] if table.rejected else "no rules in it"))
    return RecogLayer(table), table.rejected


Packed = tuple[list[tuple[str, bytes]], list[str]]
"""The foreign layers of an engine: of which kind each is, with its table; and what could not be honoured."""


def packed(engine: Engine, built_in: bool) -> Packed:
    """An engine's foreign layers as values; with `built_in`, its first layer is none of them."""
    layers = engine.layers[1:] if built_in else engine.layers
    tables = [
        (
            "recog" if isinstance(layer, RecogLayer) else "nmap",
            msgspec.msgpack.encode(Table(dict(layer.table.keys), layer.table.rejected)),
        )
        for layer in layers
    ]
    return tables, engine.rejected


def unpacked(foreign: Packed, built_in: bool) -> Engine:
    """The engine again."""
    engine = load(built_in=built_in)
    layers = engine.layers
    for kind, encoded in foreign[0]:
        table = msgspec.msgpack.decode(encoded, type=Table)
        if kind == "recog":
            layers.append(RecogLayer(table))
        else:
            from .collections.nmap_layer import NmapLayer

            layers.append(NmapLayer(table))
    return Engine(layers, engine.rejected + foreign[1], built_in)


def is_nmap(path: Path) -> bool:
    """Whether `path` is a file of nmap's probes: XML begins with an angle bracket, and nothing of nmap's
    does."""
    with path.open("rb") as file:
        return not file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _recog_table(files: list[tuple[Path, bytes]]) -> Table:
    from .build import recog_table

    return recog_table(files)


def _foreign_table(files: list[tuple[Path, bytes]]) -> Table:
    from .build import foreign_table

    return foreign_table(files)


def _nmap_table(files: list[tuple[Path, bytes]]) -> Table:
    from .build import nmap_table

    return nmap_table(files)
