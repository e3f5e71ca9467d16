"""Where the records of a scan go: to outputs as they are, or kept in a file with a journal, and beside that.

JSON lines or an SQLite database are kept (`keeping.Keeping`), so that their scan can be resumed, with all its outputs.
`Output` gives the targets that are to be visited, and takes what was found of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from ..formats.destinations import Besides, Destination
from ..formats.files import OutputError
from ..formats.jsonl import JsonLines
from ..formats.record import decode
from ..formats.registry import FanOut, Sink
from ..inputs.route import Left, Route
from ..inputs.selection import Selection, Targets
from ..inputs.spec import BadLine
from ..models import Grab
from ..sweep.results import Block
from .journal import Heading, JournalError
from .keeping import Keeping
from .ledger import Ledger
from .resuming import BESIDES, Found


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
        self.path: str | None = None
        """The file with the journal, if there is one: what a scan that was cut short has left is told there."""
        self.takes_lines: bool = isinstance(sink, JsonLines)
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
        main: Destination,
        others: Sequence[Destination] = (),
        *,
        arguments: Mapping[str, Any],
        found: Found | None = None,
        most: int,
        warn: Callable[[str], None],
        terminal: bool = False,
    ) -> None:
        """The records go to `main`, which is locked and otherwise left as it is until `targets` is called, and to
        `others` beside it.

        `arguments` are what makes the scan what it is, fit for JSON, for `resuming.check_arguments`; `found` is
        what `resuming.find` gave, to go on with it; `most` is how many targets may have been handed out and not
        written at any moment; `warn` gets what a person should know and what ends nothing; one of `others` may be a
        `terminal`. Raises `OutputError`, `OutputInUseError`.
        """
        try:
            self._keeping = Keeping(main.path, main.form, warn)
        except OSError as error:
            raise OutputError(f"cannot write {main.path}: {error.strerror}") from None
        super().__init__(FanOut(()), terminal=terminal)
        besides = Besides(others, warn)
        self.path: str | None = main.path
        self.name: str = main.path
        self._path = main.path
        self._besides = besides
        self.takes_lines: bool = not besides
        self._arguments = arguments
        self._found = found
        self._most = most

    @property
    def done_before(self) -> int:
        """How many targets were done in earlier runs."""
        return self._keeping.done_before

    def targets(self, selection: Selection, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """What is left to be visited, each under its position."""
        if self._found is not None and self._found.heading.targets["seed"] is not None:
            selection.choose(self._found.heading.targets["seed"])
        if selection.shard != (1, 1):
            self._keeping.sealed_as = self._path + ".shard"
        if not selection.seekable:
            targets = selection.stream(on_bad)
            heading = self._heading(selection)
            if self._found is None:
                self._besides.begin()
                return self._keeping.begin(heading).hand_out_later(targets)
            left = self._keeping.go_on_later(heading, self._found.last, targets, self._most)
            return self._besides.caught_up(self._path, left)
        route = selection.route(on_bad)
        heading = self._heading(selection)
        if self._found is None:
            self._besides.begin()
            ledger = self._keeping.begin(heading)
            return self._left(route, ledger)
        ledger = self._keeping.go_on(heading, self._found.last, route, self._most)
        self._besides.catch_up(self._path)
        selection.resumed(ledger.done)
        return self._left(route, ledger)

    def _left(self, route: Route, ledger: Ledger) -> Left:
        walk = route.walk(ledger.following)
        return Left(route, ledger.hand_out(walk), lambda: self._keeping.by_position(route))

    def _heading(self, selection: Selection) -> Heading:
        what = dict(self._arguments) | ({BESIDES: self._besides.files} if self._besides.files else {})
        heading = Heading(what, selection.identity())
        if self._found is not None and heading.targets != self._found.heading.targets:
            raise JournalError("the targets are not those that the scan began with: a file has changed since")
        return heading

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`: these targets are done."""
        self._keeping.write(grabs)
        self._besides.write(grabs)

    def write_block(self, block: Block) -> None:
        """Write records that are encoded already: their targets are done."""
        if block.positions:
            self._keeping.write_done(block.lines, block.positions)
        else:
            self._keeping.write_lines(block.lines, block.targets)
        if self._besides:
            self._besides.write(list(map(decode, block.lines.splitlines())))

    def abandon(self) -> None:
        """Close what was opened: it never came to a scan."""
        self._keeping.abandon()

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
