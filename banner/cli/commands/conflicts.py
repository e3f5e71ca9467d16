"""Options that contradict each other or would cost a file that the scan reads, refused before anything is changed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from ...journal import journal
from . import running


def check(options: argparse.Namespace) -> None:
    """Raise `UsageError` where two options of ``banner scan`` cannot both hold."""
    if options.resume and options.force:
        raise running.UsageError("--resume goes on and --force begins anew: one of them")
    if options.seed is not None and options.order == "given":
        raise running.UsageError("--seed is of the shuffled order: it does not go with --order given")


def check_files(options: argparse.Namespace) -> None:
    """Raise `UsageError` where what is written would overwrite what is read."""
    for path in options.output:
        for written in _written(path):
            for option, read in _read(options):
                if _same(written, read):
                    holds = "holds the targets" if option == "-i" else f"would overwrite {option} {read}"
                    raise running.UsageError(f"{path} {holds}: name another file for the records")
    for option, read in _read(options):
        if options.metrics and _same(options.metrics, read):
            raise running.UsageError(f"--metrics {options.metrics} would overwrite {option} {read}")
    if options.metrics and any(_same(options.metrics, path) for path in options.output):
        raise running.UsageError(f"--metrics {options.metrics} would overwrite the records")


def _written(output: str) -> tuple[str, ...]:
    """An output and the files that may come to lie beside it."""
    if output == "-":
        return ()
    beside = journal.path_of(output)
    return (output, beside, beside + ".new", output + ".shard", output + "-wal", output + "-shm")


def _read(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The files that the scan reads, each under its option."""
    for path in options.input:
        if path != "-":
            yield "-i", path
    for path in options.exclude_file:
        yield "--exclude-file", path
    for path in options.rules or filter(None, [os.environ.get("BANNER_RULES")]):
        yield "--rules", path
        if os.path.isdir(path):
            for entry in os.scandir(path):
                yield "--rules", entry.path


def _same(written: str, read: str) -> bool:
    """Whether both are one regular file, by whatever names: what is a device or a pipe cannot be overwritten."""
    try:
        return os.path.isfile(read) and os.path.samefile(written, read)
    except OSError:
        return False
