"""``banner sql``: a scan in any of the formats as the table ``scan`` of a database in memory, asked by DuckDB."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any, Final

from ...formats.columns import COLUMNS
from ...formats.parquet import table as arrow_table
from ...formats.reader import read_records
from ...formats.terminal import safe, safe_json
from . import running
from .complaints import Complaints
from .table import write_table

MISSING: Final = "banner sql needs DuckDB: pip install 'aiobanner[sql]'"
GROUP: Final = 1000
"""Rows that are fetched at once."""
_JSON: Final = [column.name for column in COLUMNS if column.kind == "json"]


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 1 no row, 2 usage, a query that DuckDB refuses, or something damaged in the file."""
    complaints = Complaints(running.complain, each=3)
    bad = partial(complaints, options.scan)
    try:
        duckdb = import_module("duckdb")
        records = arrow_table(read_records(options.scan, bad))
    except ImportError:
        options.parser.error(MISSING)
    except OSError as error:
        options.parser.error(f"{options.scan}: {error.strerror or error}")
    except ValueError as error:
        options.parser.error(f"{options.scan}: {error}")
    complaints.end()
    try:
        with duckdb.connect() as database:
            database.execute("SET TimeZone = 'UTC'")
            database.register("records", records)
            database.execute(f"CREATE TABLE scan AS SELECT * REPLACE ({_parsed()}) FROM records")
            database.unregister("records")
            database.execute(options.query)
            columns = [(name, str(kind)) for name, kind, *_ in database.description or ()]
            rows = _rows(database)
            count = (
                _write_json(rows, columns)
                if options.json
                else _write_text(rows, columns, colour=running.coloured(options.color))
            )
    except duckdb.Error as error:
        # What follows shows the query once more, with a mark under the place.
        told = str(error).partition("\n\nLINE")[0].split("\n")
        options.parser.error(safe(" ".join(filter(None, told))))
    except BrokenPipeError:
        return 0  # the reader has what it wanted
    return 2 if complaints.count else 0 if count else 1


def _parsed() -> str:
    """What is JSON in a row is JSON for the query, whose ``->>`` looks into it."""
    return ", ".join(f"{name}::JSON AS {name}" for name in _JSON)


def _rows(database: Any) -> Iterator[tuple[Any, ...]]:
    while rows := database.fetchmany(GROUP):
        yield from rows


def _write_text(rows: Iterator[tuple[Any, ...]], columns: list[tuple[str, str]], *, colour: bool) -> int:
    return write_table(
        ([text(value) for value in row] for row in rows), [safe(name) for name, _ in columns], colour=colour
    )


def text(value: object) -> str:
    """What a cell says of `value`; nothing in it acts on a terminal or holds a tab."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(text, value))
    return safe(str(_plain(value)))


def _plain(value: object) -> Any:
    """`value` as JSON knows it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value if isinstance(value, int | float | str | list | dict | None) else str(value)


def _write_json(rows: Iterator[tuple[Any, ...]], columns: list[tuple[str, str]]) -> int:
    count = 0
    escaped = sys.stdout.isatty()
    for row in rows:
        cells = zip(columns, row, strict=True)
        values = {
            name: json.loads(value) if kind == "JSON" and value else value for (name, kind), value in cells
        }
        record = json.dumps(values, ensure_ascii=False, default=_plain)
        line = record.encode("utf-8", "backslashreplace")
        sys.stdout.write((safe_json(line) if escaped else line).decode() + "\n")
        count += 1
    return count
