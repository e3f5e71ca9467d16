"""Where the records of a scan go: to outputs as they are, or kept in a file with a journal, and beside that.

JSON lines or an SQLite database are kept (`keeping.Keeping`), so that their scan can be resumed, with all its outputs.
Nothing that is there already is overwritten unless that is asked for.
"""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final

from ...fleet.slices import OWED
from ...formats.files import OutputError, is_unfinished
from ...formats.jsonl import JsonLines
from ...formats.record import decode
from ...formats.registry import FanOut, Sink
from ...journal import journal
from ...journal.journal import Checkpoint, Heading
from ...models import Grab
from ...sweep.admission import Targets
from ...sweep.results import Block
from ...targets.spec import BadLine
from . import running
from .destinations import Besides, Destination, destinations
from .destinations import opened as opened_sink
from .keeping import Keeping, arguments, take_over
from .selection import Selection

BESIDES: Final = "besides"
"""Under which name the scan's other files stand in the journal."""


class Resumption:
    """What ``--resume`` finds; fills `options` with what the scan began with.

    Raises `UsageError`, `OSError`, or `JournalError` with nothing changed.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        main = destinations(options)[0]
        if not main.journalled:
            raise running.UsageError("--resume goes with -o FILE, a file of JSON lines or an SQLite database")
        path = self.path = main.path
        self.besides: list[str] = []
        """The scan's other files."""
        self.found: tuple[Heading, Checkpoint] | None = None
        """The journal; None where the scan had not begun."""
        self.nothing_to_do = False
        """There are records and no journal: the scan is complete."""
        try:
            self.found = journal.read(journal.path_of(path))
        except FileNotFoundError:
            self.nothing_to_do = os.path.exists(path) and os.path.getsize(path) > 0
            if is_unfinished(path):
                raise running.UsageError(
                    f"{path} is not complete, and its journal {journal.path_of(path)} is gone: --force begins anew"
                ) from None
            if not self.nothing_to_do and not options.targets and not options.input:
                raise running.UsageError(
                    f"{path} has no records and no journal: there is no scan to resume"
                ) from None
            return
        if not os.path.exists(path):
            raise running.UsageError(f"{path} is gone, although its journal is there")
        stored = dict(self.found[0].arguments)
        self.besides = stored.pop(BESIDES, [])
        take_over(options, stored)
        given = {os.path.abspath(one) for one in options.output}
        options.output = [*options.output, *(one for one in self.besides if one not in given)]


class Output:
    """Records that are written and not kept: an async context manager around the scan."""

    def __init__(self, sink: Sink, *, shows: bool = False, terminal: bool = False) -> None:
        self._sink = sink
        self.name = "the output"
        """What an error is told of."""
        self.shows = shows
        """A person looks at the records themselves."""
        self.terminal = terminal
        """The records go to a terminal."""
        self.complete = False
        """Set it once every target was visited."""
        self.remainder = "which ones is not kept: with -o FILE.jsonl it would be"
        """How one gets what a scan that was cut short has left."""
        self.takes_lines = isinstance(sink, JsonLines)
        """Encoded records are written as they are."""

    @property
    def done_before(self) -> int:
        """How many targets were done in earlier runs."""
        return 0

    def targets(self, selection: Selection, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """What is to be visited. Raises `InputError`, `OSError`, `JournalError`."""
        return selection.targets(on_bad)

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`. Raises `OutputError`, `BrokenPipeError`."""
        self._sink.write(grabs)

    def write_block(self, block: Block) -> None:
        """Write records that are encoded already. Raises `OutputError`, `BrokenPipeError`."""
        if isinstance(self._sink, JsonLines):
            self._sink.write_lines(block.lines)
        else:
            self.write(list(map(decode, block.lines.splitlines())))

    async def __aenter__(self) -> Output:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sink.close()


class KeptOutput(Output):
    """Records in a file with a journal beside it."""

    def __init__(
        self,
        options: argparse.Namespace,
        main: Destination,
        besides: Besides,
        found: tuple[Heading, Checkpoint] | None,
    ) -> None:
        self._keeping = Keeping(main.path, main.form)
        super().__init__(FanOut(()))
        self._path = self.name = main.path
        self._besides = besides
        self.takes_lines = not besides
        self._options = options
        self._found = found

    @property
    def done_before(self) -> int:
        """How many targets were done in earlier runs."""
        return self._keeping.done_before

    def targets(self, selection: Selection, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """What is left to be visited, each under its position."""
        if self._found is not None and self._found[0].targets["seed"] is not None:
            selection.choose(self._found[0].targets["seed"])
        piped = "" if selection.seekable else ", with the same targets piped in from the first on,"
        self.remainder = f"banner scan --resume -o {self._path}{piped} goes on"
        if selection.shard != (1, 1):
            self._keeping.sealed_as = self._path + ".shard"
        # In flight, read and not started, found and not written, with any number of workers.
        most = 4 * self._options.concurrency + OWED
        if not selection.seekable:
            targets = selection.stream(on_bad)
            heading = self._heading(selection)
            if self._found is None:
                self._besides.begin()
                return self._keeping.begin(heading).hand_out_later(targets)
            left = self._keeping.go_on_later(heading, self._found[1], targets, most)
            return self._besides.caught_up(self._path, left)
        route = selection.route(on_bad)
        heading = self._heading(selection)
        if self._found is None:
            self._besides.begin()
            return self._keeping.begin(heading).hand_out(route.walk())
        ledger = self._keeping.go_on(heading, self._found[1], route, most)
        self._besides.catch_up(self._path)
        selection.resumed(ledger.done)
        return ledger.hand_out(route.walk(ledger.following))

    def _heading(self, selection: Selection) -> Heading:
        what = arguments(self._options) | ({BESIDES: self._besides.files} if self._besides.files else {})
        heading = Heading(what, selection.identity())
        if self._found is not None and heading.targets != self._found[0].targets:
            raise journal.JournalError(
                "the targets are not those that the scan began with: a file has changed since"
            )
        return heading

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`: these targets are done."""
        self._keeping.write(grabs)
        self._besides.write(grabs)

    def write_block(self, block: Block) -> None:
        """Write records that are encoded already: their targets are done."""
        self._keeping.write_lines(block.lines, block.targets)
        if self._besides:
            self._besides.write(list(map(decode, block.lines.splitlines())))

    async def __aenter__(self) -> Output:
        await self._keeping.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._besides.close()
            self._keeping.complete = self.complete
        finally:
            await self._keeping.__aexit__(kind, error, trace)


def opened(options: argparse.Namespace, resumption: Resumption | None) -> Output:
    """The outputs that `options` name. Raises `UsageError`, `ValueError`, `OSError`, `OutputError`."""
    found = destinations(options)
    main, *others = found
    known = [main.path, *resumption.besides] if resumption else []
    for one in found:
        if not options.force and not any(
            os.path.abspath(one.path) == os.path.abspath(path) for path in known
        ):
            refuse_to_overwrite(one)
    if not main.journalled:
        shown = not options.output and options.format is None and os.isatty(1)
        return Output(opened_sink(found), shows=shown, terminal=any(map(_is_terminal, found)))
    try:
        return KeptOutput(options, main, Besides(others), resumption.found if resumption else None)
    except OSError as error:
        raise OutputError(f"cannot write {main.path}: {error.strerror}") from None


def refuse_to_overwrite(one: Destination) -> None:
    """Raise `UsageError` where `one` holds something."""
    if one.lasts and os.path.exists(one.path) and os.path.getsize(one.path) > 0:
        begun = one.journalled and os.path.exists(journal.path_of(one.path))
        raise running.UsageError(
            f"{one.path} holds records already: "
            + ("--resume goes on with its scan, " if begun else "")
            + "--force begins anew in it"
        )


def _is_terminal(one: Destination) -> bool:
    if one.path == "-":
        return os.isatty(1)
    if not (os.path.exists(one.path) and stat.S_ISCHR(os.stat(one.path).st_mode)):
        return False
    fd = os.open(one.path, os.O_RDONLY | getattr(os, "O_NOCTTY", 0))
    try:
        return os.isatty(fd)
    finally:
        os.close(fd)
