"""``banner show``: a scan as a table, or those of its records that are asked for, sorted or counted.

Records are read and shown one by one; only sorting and counting wait for the last. A peer's bytes are escaped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from ...formats.filters import all_of, check_column, texts_of
from ...formats.naming import product_of
from ...formats.ordering import natural, ordered
from ...formats.reader import read_records
from ...formats.record import encode
from ...formats.terminal import greeting, safe, safe_json
from ...models import Grab, Transport
from . import running
from .complaints import Complaints
from .table import write_table


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 something was shown, 1 nothing matched, 2 usage or something damaged in the file."""
    complaints = Complaints(running.complain, each=3)
    bad = partial(complaints, options.scan)
    try:
        wanted = all_of(options.where)
        columns, keys, counted = map(_names, (options.columns, options.sort, options.count))
        if counted and keys:
            raise ValueError("--count stands in its own order: it does not go with --sort")
    except ValueError as error:
        options.parser.error(str(error))
    try:
        grabs = filter(wanted, read_records(options.scan, bad))
        if counted:
            count = _write_counts(grabs, counted, options)
        else:
            some = islice(_sorted(grabs, keys, reverse=options.reverse), options.limit)
            count = (
                _write_json(map(encode, some))
                if options.json
                else _write_records(some, columns, colour=running.coloured(options.color))
            )
    except BrokenPipeError:
        return 0  # the reader has what it wanted
    except OSError as error:
        if error.filename is None:
            raise  # of standard output
        options.parser.error(f"{error.filename}: {error.strerror}")
    except (ValueError, ImportError) as error:
        options.parser.error(f"{options.scan}: {error}")
    complaints.end()
    if not (count or complaints.count):
        asked = " and ".join(options.where)
        running.complain(f"{options.scan} holds no records" + (f" with {asked}" if asked else ""))
    return 2 if complaints.count else 0 if count else 1


def _names(text: str | None) -> list[str]:
    """Columns with commas between. Raises `ValueError` for one that does not exist."""
    names = text.split(",") if text else []
    for name in names:
        check_column(name)
    return names


def _sorted(grabs: Iterable[Grab], keys: list[str], *, reverse: bool) -> Iterable[Grab]:
    """`grabs` by the columns `keys`, the first first."""
    for name in reversed(keys):
        grabs = ordered(grabs, name, partial(texts_of, name=name), reverse=reverse)
    return reversed(list(grabs)) if reverse and not keys else grabs


def _write_counts(grabs: Iterable[Grab], names: list[str], options: argparse.Namespace) -> int:
    """How many records have the same in the columns `names`, the most first."""
    numbers = Counter(tuple(cell(grab, name) for name in names) for grab in grabs)
    ranked = sorted(numbers.items(), key=lambda each: (-each[1], [natural(text) for text in each[0]]))
    if options.reverse:
        ranked.reverse()
    ranked = ranked[: options.limit]
    if options.json:
        objects = ({"count": number} | dict(zip(names, cells, strict=True)) for cells, number in ranked)
        return _write_json(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in objects)
    return write_table(
        ([f"{number}", *cells] for cells, number in ranked),
        ["count", *names],
        colour=running.coloured(options.color),
    )


def _write_json(lines: Iterable[bytes]) -> int:
    count = 0
    escaped = sys.stdout.isatty()
    for line in lines:
        sys.stdout.write((safe_json(line) if escaped else line).decode())
        count += 1
    return count


def _write_records(grabs: Iterable[Grab], columns: list[str], *, colour: bool) -> int:
    rows: Iterator[list[str]] = ([cell(grab, name) for name in columns] for grab in grabs)
    return write_table(rows, columns, colour=colour)


def cell(grab: Grab, name: str) -> str:
    """What the table says of `grab` in the column `name`; nothing in it acts on a terminal or holds a tab."""
    if name == "banner":
        return greeting(grab) if grab.banner else ""
    if name == "port" and grab.transport is not Transport.TCP:
        return f"{grab.port}/{grab.transport}"
    if name == "product":
        return safe(product_of(grab.service) or "")
    return safe(" ".join(texts_of(grab, name)))
