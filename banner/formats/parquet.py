"""Parquet (extra ``parquet``): the columns of ``columns.COLUMNS``, for DuckDB, pandas, polars, Spark.

Rows are held until a row group of 20,000 is whole. A Parquet file has its table of contents at its end: it
is readable once the scan has ended, also by Ctrl-C or SIGTERM, but not after a kill. A scan that must survive
anything writes ``.jsonl`` as well, or alone and converts it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, Final

from ..models import Grab
from .columns import COLUMNS, NAMES, grab_of, row_of
from .files import OutputError, close_file

GROUP: Final = 20_000
"""Rows of a group: some 10 MB of them in memory, and large enough for statistics to be worth it."""


def arrow() -> Any:
    """pyarrow with its Parquet part. Raises `ImportError` with what to install."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        raise ImportError("Parquet needs the extra: pip install 'aiobanner[parquet]'") from None


def schema() -> Any:
    """The Arrow schema of a row."""
    pa = arrow()
    types = {
        "text": pa.string(),
        "time": pa.timestamp("ms", "UTC"),
        "list": pa.list_(pa.string()),
        "json": pa.string(),
        "integer": pa.int32(),
        "flag": pa.bool_(),
        "real": pa.float64(),
        "bytes": pa.binary(),
    }
    return pa.schema([(column.name, types[column.kind]) for column in COLUMNS])


def table(grabs: Iterable[Grab]) -> Any:
    """`grabs` as a `pyarrow.Table`. Raises `ImportError` without the extra."""
    pa, kinds = arrow(), schema()
    rows, batches = map(row_of, grabs), []
    while group := list(islice(rows, GROUP)):
        batches.append(_batch(pa, group, kinds))
    return pa.Table.from_batches(batches, kinds)


def _batch(pa: Any, rows: list[tuple[Any, ...]], kinds: Any) -> Any:
    columns = [list(values) for values in zip(*rows, strict=True)]
    columns[0] = [round(seconds * 1000) for seconds in columns[0]]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=kinds)


class _Unbuffered(io.RawIOBase):
    """What pyarrow writes to: nothing is held back here, and once the descriptor is given up nothing gets there.

    pyarrow's writer ends a file that it could not end before when it is collected, and another file may have the
    descriptor's number by then.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._written = 0

    def abandon(self) -> None:
        """Whatever still comes goes nowhere."""
        self._fd = -1

    @property
    def given_up(self) -> bool:
        """Whether nothing gets to the descriptor any more."""
        return self._fd < 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        size = len(view)
        while view and self._fd >= 0:
            view = view[os.write(self._fd, view) :]
        self._written += size
        return size


class Parquet:
    """Writes row groups to a descriptor and closes it at the end."""

    def __init__(self, fd: int, name: str) -> None:
        self._fd = fd
        self._name = name
        self._rows: list[tuple[Any, ...]] = []
        self._closed = False
        self._file = _Unbuffered(fd)
        try:
            self._pa = arrow()
            self._schema = schema()
            self._writer = self._pa.parquet.ParquetWriter(self._file, self._schema, compression="zstd")
        except (ImportError, OSError) as error:
            self._file.abandon()
            raise OutputError(f"cannot write {name}: {error}") from None

    def write(self, grabs: Iterable[Grab]) -> None:
        """Take `grabs`; whole row groups are written."""
        self._rows.extend(map(row_of, grabs))
        while len(self._rows) >= GROUP:
            taken, self._rows = self._rows[:GROUP], self._rows[GROUP:]
            self._write_group(taken)

    def _write_group(self, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._writer.write_table(self._pa.Table.from_batches([_batch(self._pa, rows, self._schema)]))
        except BrokenPipeError:
            self._file.abandon()
            raise
        except (OSError, self._pa.ArrowException) as error:
            self._file.abandon()  # a file with a hole in it has no table of contents
            raise OutputError(f"cannot write {self._name}: {error}") from None

    def flush(self) -> None:
        """Nothing: small row groups would make the file slow for ever, and it is unreadable until the end."""

    def close(self) -> None:
        """Write the last row group and the table of contents."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._file.given_up:
                return
            if self._rows:
                self._write_group(self._rows)
            self._writer.close()
        except BrokenPipeError:
            raise
        except (OSError, self._pa.ArrowException) as error:
            raise OutputError(f"cannot write {self._name}: {error}") from None
        finally:
            self._file.abandon()
            close_file(self._fd, self._name)


def read_parquet(path: str, bad: Callable[[int, str], None]) -> Iterator[Grab]:
    """The grabs of a Parquet file of ours; ``bad(number, reason)`` for a row that holds none, and 0 where it is
    damaged. Raises `OSError`, and `ImportError` without the extra."""
    pa = arrow()
    number = 0
    try:
        with pa.parquet.ParquetFile(path) as file:
            names = [name for name in file.schema_arrow.names if name in NAMES]
            for batch in file.iter_batches(batch_size=1000, columns=names):
                for row in _rows(pa, batch):
                    number += 1
                    try:
                        yield grab_of(row)
                    except ValueError as error:
                        bad(number, str(error))
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        bad(0, f"the Parquet file is damaged: {error}")


def _rows(pa: Any, batch: Any) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    if "time" in names:
        at = names.index("time")
        millis = batch.column(at).cast(pa.timestamp("ms", "UTC")).cast(pa.int64())
        batch = batch.set_column(at, "time", millis)
    for row in batch.to_pylist():
        if isinstance(row.get("time"), int):
            row["time"] /= 1000
        yield row
