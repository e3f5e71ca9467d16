"""SQLite: a table of grabs and one of certificates, which may be queried while the scan runs.

One connection writes, in transactions of at most 1,000 rows; the write-ahead log lets others read meanwhile.
What was committed survives a kill of the process; what is younger than half a second and the last 1,000 rows
may not. A certificate is stored once, by its fingerprint, as it was first seen.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from ..models import Grab
from .columns import COLUMNS, NAMES, grab_of, json_text, row_of
from .files import OutputError, open_locked
from .record import parse_timestamp, timestamp

BATCH: Final = 1000
"""Rows in a transaction at most: 308,000 rows a second against 8,000 with one each."""
INTERVAL: Final = 0.5
"""Seconds between two commits at most while records come: how far a query may lag behind."""
APPLICATION: Final = 0x62616E6E
"""``bann``: SQLite's application_id, by which file(1) and we know our files."""

_TYPES = {
    "text": "TEXT",
    "time": "TEXT",
    "list": "TEXT",
    "json": "TEXT",
    "integer": "INTEGER",
    "flag": "INTEGER",
    "real": "REAL",
    "bytes": "",
}
_OWN: Final = ("cert_sha256", "cert_expired", "cert_name_matches", "cert_chain")
"""The others belong to the certificate, these to the grab."""
_CERTIFICATE: Final = [column for column in COLUMNS if column.name.startswith("cert_")]
_STORED: Final = [column for column in _CERTIFICATE if column.name not in _OWN[1:]]
_GRAB: Final = [column for column in COLUMNS if column not in _CERTIFICATE or column.name in _OWN]

_INDEXES = {
    "host_port": "host, port",
    "ip": "ip",
    "status": "status",
    "service": "service, product, version",
    "certificate": "cert_sha256",
}


def _schema() -> Iterator[str]:
    yield f"PRAGMA application_id={APPLICATION}"
    grab = ", ".join(f"{column.name} {_TYPES[column.kind]}".strip() for column in _GRAB)
    yield f"CREATE TABLE IF NOT EXISTS grabs (id INTEGER PRIMARY KEY, {grab})"
    rest = ", ".join(f"{column.name[5:]} {_TYPES[column.kind]}" for column in _STORED[1:])
    yield f"CREATE TABLE IF NOT EXISTS certificates (sha256 TEXT PRIMARY KEY, {rest}) WITHOUT ROWID"
    for name, columns in _INDEXES.items():
        yield f"CREATE INDEX IF NOT EXISTS grabs_by_{name} ON grabs ({columns})"


def _insert(table: str, names: list[str], extra: str = "") -> str:
    return f"INSERT {extra} INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_INSERT_GRAB = _insert("grabs", [column.name for column in _GRAB])
_INSERT_CERTIFICATE = _insert("certificates", [column.name[5:] for column in _STORED], "OR IGNORE")


class Sqlite:
    """Writes to a database file."""

    def __init__(self, path: str, *, append: bool = False, locked: bool = False) -> None:
        """`locked`: whoever calls has the file to himself already (`files.open_locked`)."""
        if path == "-":
            raise ValueError("SQLite writes to a file, not to standard output")
        self._name = path
        self._pending: list[Grab] = []
        self._committed = time.monotonic()
        self._closed = False
        self._lock = -1
        self.last: int = 0
        """The number of the last row that is committed."""
        try:
            if not locked:
                self._lock = open_locked(path)
            if not append:
                self._begin_anew(locked)
            self._open()
        except (sqlite3.Error, OSError) as error:
            self._unlock()
            raise OutputError(f"cannot write {path}: {error}") from None

    def _begin_anew(self, locked: bool) -> None:
        # The log goes first: without its file it would be taken for that of the next one.
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                os.unlink(self._name + suffix)
        if not locked:
            new = open_locked(self._name)
            self._unlock()
            self._lock = new

    def _unlock(self) -> None:
        # Not before SQLite has closed the file: a process that closes any descriptor of it loses SQLite's locks.
        fd, self._lock = self._lock, -1
        if fd >= 0:
            os.close(fd)

    def _open(self) -> None:
        # Batches may be written from a thread of the caller's, one after the other.
        self._db = sqlite3.connect(self._name, isolation_level=None, check_same_thread=False)
        try:
            self._set_up()
        except sqlite3.Error:
            self._db.close()
            raise

    def _set_up(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        # In the write-ahead log this is safe against a kill of the process; a power cut may cost the last commits.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        for statement in _schema():
            self._db.execute(statement)
        self._db.execute("COMMIT")
        (self.last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM grabs").fetchone()

    @property
    def behind(self) -> bool:
        """Whether something was taken that is not committed."""
        return bool(self._pending)

    def write(self, grabs: Iterable[Grab]) -> None:
        """Take `grabs`; whole batches are committed."""
        self._pending.extend(grabs)
        if len(self._pending) >= BATCH or time.monotonic() - self._committed >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Commit what was taken."""
        taken, self._pending = self._pending, []
        self._committed = time.monotonic()
        for start in range(0, len(taken), BATCH):
            self._commit([row_of(grab) for grab in taken[start : start + BATCH]])

    def _commit(self, rows: list[tuple[Any, ...]]) -> None:
        values = [dict(zip(NAMES, map(_stored, COLUMNS, row), strict=True)) for row in rows]
        certificates = [
            tuple(row[column.name] for column in _STORED) for row in values if row["cert_sha256"] is not None
        ]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(_INSERT_CERTIFICATE, certificates)
            self._db.executemany(
                _INSERT_GRAB, [tuple(row[column.name] for column in _GRAB) for row in values]
            )
            (last,) = self._db.execute("SELECT max(id) FROM grabs").fetchone()
            self._db.execute("COMMIT")
            self.last = last
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise OutputError(f"cannot write {self._name}: {error}") from None

    def close(self) -> None:
        """Commit, and fold the log into the file, so that it is one file that may be moved and read anywhere."""
        if self._closed:
            return
        self._closed = True
        try:
            self.flush()
            with suppress(sqlite3.Error):  # somebody reads just now: the log stays, and is as good
                self._db.execute("PRAGMA journal_mode=DELETE")
        finally:
            self._db.close()
            self._unlock()


def _stored(column: Any, value: Any) -> Any:
    if value is None or column.kind in ("text", "integer", "real", "json"):
        return value
    if column.kind == "flag":
        return int(value)
    if column.kind == "time":
        return timestamp(value)
    if column.kind == "list":
        return json_text(value) if value else None
    return _banner(value)


def _banner(data: bytes) -> str | bytes:
    """Text where it is UTF-8 without NUL (LIKE and many tools stop there), else a BLOB."""
    if b"\0" in data:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def read_sqlite(path: str, bad: Callable[[int, str], None]) -> Iterator[Grab]:
    """The grabs of one of our databases, in the order in which they were written; ``bad(number, reason)`` for
    a row that holds none, and 0 for what comes after damage. Raises `ValueError` for another database."""
    names = [f"g.{column.name}" for column in _GRAB]
    names += [f"c.{column.name[5:]} AS {column.name}" for column in _STORED[1:]]
    query = f"SELECT {', '.join(names)} FROM grabs g LEFT JOIN certificates c ON c.sha256 = g.cert_sha256 ORDER BY g.id"
    kinds = dict(COLUMNS)
    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("PRAGMA trusted_schema=OFF")  # a foreign file's views and triggers run nothing
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            cursor = db.execute(query)
            columns = [column.name for column in (*_GRAB, *_STORED[1:])]
            for number, row in enumerate(cursor, 1):
                try:
                    yield grab_of(
                        {name: _read(kinds[name], value) for name, value in zip(columns, row, strict=True)}
                    )
                except ValueError as error:
                    bad(number, str(error))
    except sqlite3.OperationalError as error:  # it has not our tables, or cannot be opened
        raise ValueError(f"not a database of grabs: {error}") from None
    except sqlite3.Error as error:
        bad(0, f"the database is damaged: {error}")


def _read(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "flag":
        return bool(value)
    if kind == "bytes" and isinstance(value, str):
        return value.encode()
    if kind == "time":
        return parse_timestamp(str(value))
    return value
