"""Collections into tables: parsed, translated, and what each pattern needs read off. Imported on a cache miss only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from .cache import written
from .collections import nmap
from .collections.recog import Collection, parse
from .literals import needs
from .rule import Rule
from .table import RULES, KeyTable, Table, shipped_stamp, split

BUILT_IN = Path(RULES)
"""The folder of the rules that ship with the package."""


def shipped() -> bytes:
    """The file ``rules.table`` of a wheel (`table.SHIPPED`): nobody's first run has to build it."""
    files = [(path, path.read_bytes()) for path in sorted(BUILT_IN.glob("*.xml"))]
    stamp = shipped_stamp((str(path), len(data)) for path, data in files)
    return b"".join(written(*split(recog_table(files), stamp)))


def recog_table(files: list[tuple[Path, bytes]]) -> Table:
    """The table of Recog collections: by key, the higher preference first, then by file name."""
    return table_of([parse(data, path, examples=False) for path, data in files])


def foreign_table(files: list[tuple[Path, bytes]]) -> Table:
    """`recog_table` for collections of others: whatever does not load costs itself alone."""
    collections, rejected = [], []
    for path, data in files:
        try:
            collections.append(parse(data, path, foreign=True, examples=False))
        except ValueError as error:
            rejected.append(str(error))
    table = table_of(collections)
    table.rejected += rejected
    return table


def table_of(collections: list[Collection]) -> Table:
    """One table of many collections."""
    by_key: dict[str, list[Collection]] = {}
    for collection in sorted(collections, key=lambda c: -c.preference):
        by_key.setdefault(collection.matches, []).append(collection)
    rejected = [f"{r.where}: {r.reason}" for collection in collections for r in collection.rejected]
    keys = {key: msgspec.msgpack.encode(_key_table(own)) for key, own in by_key.items()}
    return Table(keys, rejected)


def _key_table(collections: list[Collection]) -> KeyTable:
    rules = [rule for collection in collections for rule in collection.rules]
    return KeyTable(_encoded(rules), needs((rule.pattern, rule.flags) for rule in rules))


def nmap_table(files: list[tuple[Path, bytes]]) -> Table:
    """The table of one nmap-service-probes file."""
    from .collections.nmap_layer import NmapTable

    ((path, data),) = files
    read = nmap.parse(data, path)
    asked = [
        needs(((rule.pattern, rule.flags) for rule in rules), "latin-1")
        for rules in (read.rules, read.datagrams)
    ]
    table = NmapTable(_encoded(read.rules), asked[0], read.probes, _encoded(read.datagrams), asked[1])
    return Table({"nmap": msgspec.msgpack.encode(table)}, read.rejected)


def _encoded(rules: Iterable[Rule | nmap.NmapRule]) -> list[msgspec.Raw]:
    return [msgspec.Raw(msgspec.msgpack.encode(rule)) for rule in rules]
