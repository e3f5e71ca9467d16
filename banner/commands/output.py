"""Where the records of a scan go: to standard output, to a file in another format, or kept with a journal.

A file of JSON lines is kept (`keeping.Keeping`), so that its scan can be resumed. Nothing that is there already is
overwritten unless that is asked for.
"""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Callable, Sequence
from types import TracebackType

from .. import journal
from ..dealing import Block
from ..feed import Targets
from ..journal import Checkpoint, Heading
from ..models import Grab
from ..record import decode
from ..sinks import Sink, format_of, open_sink
from ..targets import BadLine
from . import running
from .keeping import Keeping, arguments, keeps, take_over
from .selection import Selection


class Resumption:
    """What ``--resume`` finds; fills `options` with what the scan began with.

    Raises `UsageError`, `OSError`, or `JournalError` with nothing changed.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        path = options.output
        if not keeps(path) or format_of(path) != "jsonl":
            raise running.UsageError("--resume goes with -o FILE, a file of JSON lines")
        self.found: tuple[Heading, Checkpoint] | None = None
        """The journal; None where the scan had not begun."""
        self.nothing_to_do = False
        """There are records and no journal: the scan is complete."""
        try:
            self.found = journal.read(journal.path_of(path))
        except FileNotFoundError:
            self.nothing_to_do = os.path.exists(path) and os.path.getsize(path) > 0
            return
        if not os.path.exists(path):
            raise running.UsageError(f"{path} is gone, although its journal is there")
        take_over(options, self.found[0].arguments)


class Output:
    """Records that are written and not kept: an async context manager around the scan."""

    def __init__(self, sink: Sink, *, shows: bool = False, terminal: bool = False) -> None:
        self._sink = sink
        self.shows = shows
        """A person looks at the records themselves."""
        self.terminal = terminal
        """The records go to a terminal."""
        self.complete = False
        """Set it once every target was visited."""
        self.remainder = "which ones is not kept: with -o FILE.jsonl it would be"
        """How one gets what a scan that was cut short has left."""

    def targets(self, selection: Selection, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """What is to be visited. Raises `InputError`, `OSError`, `JournalError`."""
        return selection.targets(on_bad)

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`. Raises `OutputError`, `BrokenPipeError`."""
        self._sink.write(grabs)

    def write_block(self, block: Block) -> None:
        """Write what a worker hands over. Raises `OutputError`, `BrokenPipeError`."""
        self.write(list(map(decode, block.lines.splitlines())))

    async def __aenter__(self) -> Output:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sink.close()


class KeptOutput(Output):
    """Records in a file with a journal beside it."""

    def __init__(self, options: argparse.Namespace, found: tuple[Heading, Checkpoint] | None) -> None:
        self._keeping = Keeping(options.output)
        super().__init__(self._keeping.sink)
        self._options = options
        self._found = found

    def targets(self, selection: Selection, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """What is left to be visited, each under its position."""
        if self._found is not None and self._found[0].targets["seed"] is not None:
            selection.choose(self._found[0].targets["seed"])
        piped = "" if selection.seekable else ", with the same targets piped in from the first on,"
        self.remainder = f"banner scan --resume -o {self._options.output}{piped} goes on"
        if selection.shard != (1, 1):
            self._keeping.sealed_as = self._options.output + ".shard"
        # In flight, read and not started, found and not written, with any number of workers.
        most = 4 * self._options.concurrency + 65536
        if not selection.seekable:
            targets = selection.stream(on_bad)
            heading = self._heading(selection)
            if self._found is None:
                return self._keeping.begin(heading).hand_out_later(targets)
            return self._keeping.go_on_later(heading, self._found[1], targets, most)
        route = selection.route(on_bad)
        heading = self._heading(selection)
        if self._found is None:
            return self._keeping.begin(heading).hand_out(route.walk())
        ledger = self._keeping.go_on(heading, self._found[1], route, most)
        selection.resumed(ledger.done)
        return ledger.hand_out(route.walk(ledger.following))

    def _heading(self, selection: Selection) -> Heading:
        heading = Heading(arguments(self._options), selection.identity())
        if self._found is not None and heading.targets != self._found[0].targets:
            raise journal.JournalError(
                "the targets are not those that the scan began with: a file has changed since"
            )
        return heading

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`: these targets are done."""
        self._keeping.write(grabs)

    def write_block(self, block: Block) -> None:
        """Write what a worker hands over, as it is: these targets are done."""
        self._keeping.write_lines(block.lines, block.targets)

    async def __aenter__(self) -> Output:
        await self._keeping.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeping.complete = self.complete
        await self._keeping.__aexit__(kind, error, trace)


def opened(options: argparse.Namespace, resumption: Resumption | None) -> Output:
    """The output that `options` name. Raises `UsageError`, `ValueError`, `OSError`, `OutputError`."""
    path = options.output
    if path in (None, "-"):
        terminal = os.isatty(1)
        return Output(open_sink("-", "jsonl"), shows=path is None and terminal, terminal=terminal)
    form = format_of(path) if keeps(path) else "jsonl"
    there = keeps(path) and os.path.exists(path) and os.path.getsize(path) > 0
    if there and not (options.force or options.resume):
        begun = os.path.exists(journal.path_of(path))
        raise running.UsageError(
            f"{path} holds records already: "
            + ("--resume goes on with its scan, " if begun else "")
            + "--force begins anew in it"
        )
    if not keeps(path) or form != "jsonl":
        return Output(open_sink(path, form), terminal=_is_terminal(path))
    try:
        return KeptOutput(options, resumption.found if resumption else None)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror}") from None


def _is_terminal(path: str) -> bool:
    if not (os.path.exists(path) and stat.S_ISCHR(os.stat(path).st_mode)):
        return False
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOCTTY", 0))
    try:
        return os.isatty(fd)
    finally:
        os.close(fd)
