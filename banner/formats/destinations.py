"""The outputs of a scan by their names: what format each is in, which one has the journal, and the others beside it.

A file of a format that can have a journal has it, JSON lines before SQLite, which costs more. The others hold the same
records: a scan that is resumed writes them anew from that file before it goes on, so that they need no journal of
their own. What went into a pipe is gone: it gets what is found from then on.
"""

import contextlib
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import Final, NamedTuple

from ..models import Grab, Target
from .files import same_file
from .registry import FanOut, Sink, format_of, is_known, open_sink, suffixes

JOURNALLED: Final = ("jsonl", "sqlite")
"""The formats that can have a journal, the one that is preferred first."""
BATCH: Final = 500
"""Records in hand at once while a file is written anew."""


class Destination(NamedTuple):
    """One output."""

    path: str
    form: str

    @property
    def lasts(self) -> bool:
        """Whether it is a file, or will be one: what can be read again."""
        return keeps(self.path)

    @property
    def journalled(self) -> bool:
        """Whether it can have a journal."""
        return self.lasts and self.form in JOURNALLED


class UnknownFormatError(ValueError):
    """There is no format of this name, which is its only argument."""


def destinations(paths: Sequence[str], form: str | None = None) -> list[Destination]:
    """Where the records go, the one with the journal first; ``-`` is standard output.

    `form` is the format of a single output, and of several of those whose names do not tell theirs. Raises
    `ValueError` where two are one file or a name tells no format, `UnknownFormatError`.
    """
    found = [Destination(path, _form(path, form, alone=len(paths) == 1)) for path in paths]
    for at, one in enumerate(found):
        if any(same_file(one.path, other.path) for other in found[:at]):
            raise ValueError(f"-o {one.path}: two outputs are one file")
    return sorted(found, key=lambda one: JOURNALLED.index(one.form) if one.journalled else len(JOURNALLED))


def _form(path: str, asked: str | None, *, alone: bool) -> str:
    """The format of `path`: with several outputs, the one that was asked for is for those whose names do not tell."""
    if asked is not None and not is_known(asked):
        raise UnknownFormatError(asked)
    if asked is not None and (alone or not path.lower().endswith(suffixes())):
        return asked
    return format_of(path) if path == "-" or keeps(path) else "jsonl"


def opened(found: Sequence[Destination]) -> Sink:
    """What writes to all of `found`, each begun anew. Raises `ValueError`, `OutputError`."""
    sinks = [open_sink(one.path, one.form) for one in found]
    return sinks[0] if len(sinks) == 1 else FanOut(sinks)


def batched(records: Iterable[Grab]) -> Iterator[list[Grab]]:
    """`records` in pieces; Python has it from 3.12 on."""
    records = iter(records)
    while batch := list(islice(records, BATCH)):
        yield batch


class Besides:
    """The outputs beside the one with the journal. Whoever reads one through a pipe may go away."""

    def __init__(self, others: Sequence[Destination], warn: Callable[[str], None]) -> None:
        """`warn` gets what is found damaged in the file that they are written anew from."""
        self._warn = warn
        self._others = others
        self._sinks = FanOut(())

    @property
    def files(self) -> list[str]:
        """Those that can be written anew."""
        return [os.path.abspath(one.path) for one in self._others if one.lasts]

    def begin(self) -> list[Sink]:
        """Begin them with nothing. Raises `ValueError`, `OutputError`."""
        sinks = [open_sink(one.path, one.form) for one in self._others]
        self._sinks = FanOut(sinks)
        return sinks

    def catch_up(self, kept: str) -> None:
        """Write the files among them anew, with the records of `kept`. Raises as `begin` does, and `OSError`.

        Blocks for some 30 us a record: nothing may be in flight.
        """
        from .reader import read_records  # where there is something to read again

        lasting = [one.lasts for one in self._others]
        files = list(compress(self.begin(), lasting))
        records = read_records(kept, lambda _, reason: self._warn(f"{kept}: {reason}")) if files else ()
        for batch in batched(records):
            for sink in files:
                sink.write(batch)

    async def caught_up(self, kept: str, targets: AsyncIterator[Target]) -> AsyncIterator[Target]:
        """`targets`, having caught up before the first of them: then `kept` is known to be whole."""
        behind = True
        async for target in targets:
            if behind:
                self.catch_up(kept)
                behind = False
            yield target
        if behind:
            self.catch_up(kept)

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write to all that are still read. Raises `OutputError`."""
        try:
            self._sinks.write(grabs)
        except BrokenPipeError:
            self._sinks = FanOut(())

    def __len__(self) -> int:
        return len(self._others)

    def close(self) -> None:
        """Close them all. Raises `OutputError`."""
        with contextlib.suppress(BrokenPipeError):
            self._sinks.close()


def keeps(path: str) -> bool:
    """Whether records that go to `path` can have a journal: where it is a file, or will be one."""
    if path == "-":
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True
    except OSError:
        return False
