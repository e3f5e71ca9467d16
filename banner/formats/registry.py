"""The formats of a scan's records, one per file: each writes its format and reads it back.

`open_sink` chooses by name. All sinks are alike (`Sink`); what of a file is left after an interruption is said
in each module and in ``docs/formats.md``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Protocol

from ..models import Grab
from .files import OutputError, open_file
from .foreign import ForeignSink, Format, foreign
from .jsonl import JsonLines

FORMATS: dict[str, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "jsonl.gz": (".jsonl.gz", ".ndjson.gz", ".json.gz"),
    "jsonl.zst": (".jsonl.zst", ".ndjson.zst", ".json.zst"),
    "csv": (".csv",),
    "sqlite": (".sqlite", ".sqlite3", ".db"),
    "parquet": (".parquet",),
    "xml": (".xml",),
    "zgrab2": (),
}
"""A format's name and the suffixes of files that are written in it."""

APPENDABLE = frozenset(("jsonl", "csv", "sqlite", "zgrab2"))
"""The formats whose files can be continued."""


class Sink(Protocol):
    """Where records go. Every method raises `OutputError` where the output cannot be written, and
    `BrokenPipeError` where the reader of a pipe went away."""

    def write(self, grabs: Sequence[Grab]) -> None:
        """Take these records, in order."""

    def flush(self) -> None:
        """Hand over what was taken, so that it outlives this process, as far as the format can."""

    def close(self) -> None:
        """Finish the file; a second call does nothing."""


class FanOut:
    """Several sinks as one: each record goes to each, in their order. A pipe whose reader went away is left
    out from then on; `BrokenPipeError` is raised where nothing else is left."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = list(sinks)

    def __len__(self) -> int:
        return len(self._sinks)

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write to every sink that is still read."""
        for sink in tuple(self._sinks):
            try:
                sink.write(grabs)
            except BrokenPipeError:
                self._sinks.remove(sink)
                if not self._sinks:
                    raise

    def flush(self) -> None:
        """Flush every sink."""
        for sink in self._sinks:
            sink.flush()

    def close(self) -> None:
        """Close every sink, also after one that failed; the first failure is raised at the end."""
        failed: Exception | None = None
        for sink in self._sinks:
            try:
                sink.close()
            except (OutputError, BrokenPipeError) as error:
                failed = failed or error
        if failed:
            raise failed


def others() -> Mapping[str, Format]:
    """The formats of other packages, by their names."""
    return foreign(tuple(FORMATS))


def is_known(form: str) -> bool:
    """Whether there is a format of this name."""
    return form in FORMATS or form in others()


def names() -> list[str]:
    """Of all formats."""
    return [*FORMATS, *others()]


def suffixes() -> tuple[str, ...]:
    """By which files tell their formats."""
    ours = [suffix for known in FORMATS.values() for suffix in known]
    return (*ours, *(suffix for one in others().values() for suffix in one.suffixes))


def format_of(path: str) -> str:
    """The format that a file's name asks for. A name without a suffix means JSON lines, as ``-`` does;
    an unknown suffix is a `ValueError`."""
    name = os.path.basename(path).lower()
    for known, endings in FORMATS.items():
        if name.endswith(endings):
            return known
    for one in others().values():
        if one.suffixes and name.endswith(one.suffixes):
            return one.name
    if path == "-" or "." not in name.strip(".") or name.endswith((".txt", ".log", ".out")):
        return "jsonl"
    known = ", ".join(endings[0] for endings in FORMATS.values() if endings)
    raise ValueError(f"{path}: which format? known by name: {known}")


def open_sink(path: str, form: str | None = None, *, append: bool = False) -> Sink:
    """A sink that writes to `path` (``-`` is standard output) in the format `form`, or the one that its name
    asks for. The file is emptied, or with `append` continued after its last whole record.

    Raises `ValueError` for a format that does not exist, cannot be continued or cannot go into a pipe, and
    `OutputError` where the file cannot be opened.
    """
    form = form or format_of(path)
    if not is_known(form):
        raise ValueError(f"no format {form!r}; there are {', '.join(names())}")
    if append and form not in APPENDABLE:
        raise ValueError(f"{path}: {form} cannot be continued: write .jsonl and convert it when all is done")
    if form == "sqlite":
        from .sqlite import Sqlite

        return Sqlite(path, append=append)
    fd, name = open_file(path, append=append)
    try:
        return _on_descriptor(form, fd, name)
    except BaseException:
        os.close(fd)
        raise


def _on_descriptor(form: str, fd: int, name: str) -> Sink:
    if form == "csv":
        from .csv import Csv

        return Csv(fd, name)
    if form in ("jsonl.gz", "jsonl.zst"):
        from .compressed import Compressed

        return Compressed(fd, name, form.rpartition(".")[2])
    if form == "parquet":
        from .parquet import Parquet

        return Parquet(fd, name)
    if form == "xml":
        from .nmap_xml import NmapXml

        return NmapXml(fd, name)
    if form not in FORMATS:
        return ForeignSink(others()[form], fd, name)
    if form == "zgrab2":
        from .zgrab2 import Zgrab2

        return Zgrab2(fd, name)
    return JsonLines(fd, name)
