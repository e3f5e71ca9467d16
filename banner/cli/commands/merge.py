"""``banner merge``: the shards of one scan as one file, if they are that: of one scan, complete and disjoint.

A complete shard's journal stays beside it, renamed to ``FILE.shard``: it tells which scan and which part of it
the file holds, and how long the file is.
"""

from __future__ import annotations

import argparse
import os
from functools import partial
from typing import NamedTuple

from ...formats.files import OverwritesInputError, check_inputs
from ...formats.reader import named
from ...formats.registry import format_of
from ...journal import journal
from ...journal.journal import Heading, JournalError
from ...journal.output import File
from ...text.files import whole_file
from . import running

BLOCK = 1 << 20


class Shard(NamedTuple):
    """One file with what its seal says."""

    path: str
    part: int
    of: int
    targets: int
    heading: Heading


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 these are not the shards of one scan, 3 the output could not be written."""
    try:
        sealed = [f"{path}.shard" for path in options.shards]
        check_inputs([options.out], [*options.shards, *sealed])
        _check_out(options.out, force=options.force)
        shards = sorted(map(opened, options.shards), key=lambda shard: shard.part)
        check(shards)
    except (JournalError, OverwritesInputError) as error:
        options.parser.error(str(error))
    except OSError as error:
        options.parser.error(f"{error.filename}: {error.strerror}")
    try:
        copy(shards, options.out)
    except JournalError as error:
        running.complain(str(error))
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename in options.shards:
            running.complain(f"{error.filename}: {error.strerror}")
            return 2
        running.complain(f"cannot write {_called(options.out)}: {error.strerror}")
        return 3
    return 0


def _called(out: str) -> str:
    return "standard output" if out == "-" else out


def _check_out(out: str, *, force: bool) -> None:
    """Raise `JournalError` where what is named `out` cannot be what is written."""
    if out != "-" and os.path.isfile(out) and not force:
        raise JournalError(f"{out} is there already: --force replaces it")
    try:
        form = format_of(out)
    except ValueError:  # an ending that says nothing
        return
    if form != "jsonl":
        raise JournalError(f"{out}: shards are merged as JSON lines; banner convert makes others of them")


def opened(path: str) -> Shard:
    """The shard at `path`, if it is complete. Raises `JournalError`, `OSError`."""
    if os.path.exists(journal.path_of(path)):
        raise JournalError(f"{path} is not complete: go on with banner scan --resume -o {path}")
    try:
        heading, last = journal.read(path + ".shard")
    except FileNotFoundError:
        raise JournalError(f"{path}.shard is missing: banner scan --shard I/N -o {path} leaves it") from None
    if format_of(path) != "jsonl":
        raise JournalError(f"{path}: the shards that are merged are files of JSON lines")
    fd = os.open(path, os.O_RDONLY)
    try:
        journal.check_output(File(fd), path, last)
        if last.gaps or os.fstat(fd).st_size != last.output:
            raise JournalError(f"{path} is not the output of a complete shard")
    finally:
        os.close(fd)
    part, of = heading.targets["shard"]
    return Shard(path, part, of, last.following, heading)


def check(shards: list[Shard]) -> None:
    """Raise `JournalError` unless these are all shards of one scan, each once."""
    first = shards[0]
    for shard in shards:
        for name, value in first.heading.targets.items():
            if name != "shard" and shard.heading.targets.get(name) != value:
                raise JournalError(f"{shard.path} is of another scan than {first.path}: {name} differs")
        if shard.of != first.of:
            raise JournalError(f"{shard.path} is one of {shard.of} shards, {first.path} one of {first.of}")
    parts = [shard.part for shard in shards]
    for part in range(1, first.of + 1):
        if parts.count(part) != 1:
            raise JournalError(
                f"shard {part}/{first.of} is {'missing' if part not in parts else 'there twice'}"
            )


def copy(shards: list[Shard], out: str) -> None:
    """Write the shards one after the other. Raises `JournalError` where a record is missing, `OSError`."""
    # Standard output as a file of its own: unbuffered, its own writes only a part.
    opened = open(1, "wb", closefd=False) if out == "-" else whole_file(out)  # noqa: SIM115 - entered
    with opened as whole:
        for shard in shards:
            lines = 0
            with open(shard.path, "rb") as file:
                for block in named(iter(partial(file.read, BLOCK), b""), shard.path):
                    lines += block.count(b"\n")
                    whole.write(block)
            if lines != shard.targets:
                raise JournalError(f"{shard.path} holds {lines:,} records for {shard.targets:,} targets")
