"""The records of a scan in their file, and the journal beside it that lets the scan go on.

A scan begins anew on a file, or goes on from its journal. Whatever does not fit is refused before anything is
changed. While the scan runs, a checkpoint is written every `INTERVAL` in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Final

from ..formats.files import OutputError, mark_finished, mark_unfinished
from ..inputs.route import Route
from ..models import Grab, Target
from ..text.files import SHARED
from . import journal
from .aside import aside
from .journal import Checkpoint, Heading, Journal, JournalError
from .kept import opened
from .ledger import ForeignRecordError, Ledger, Positions, reconcile

INTERVAL: Final = 1.0
"""Seconds between two checkpoints: what is read again from the output after a crash, and one fsync of each."""


class Keeping:
    """An async context manager around a scan that writes its records to a file."""

    def __init__(self, path: str, form: str, warn: Callable[[str], None]) -> None:
        """Open the file, changing nothing; `warn` gets what a person should know of that ends nothing. Raises
        `OSError`, or `OutputInUseError` where another scan writes it."""
        self._path = path
        self._warn = warn
        self._kept = opened(path, form)
        self._journal: Journal | None = None
        self._ledger = Ledger()
        self._positions: Positions | None = None
        self._told = False
        self._stop = asyncio.Event()
        self._recording: asyncio.Task[None] | None = None
        self.complete = False
        """Set it once every target was visited."""
        self.done_before: int = 0
        """How many targets were done in earlier runs."""
        self.sealed_as: str | None = None
        """Where the journal of a shard goes when it is complete, for ``banner merge``."""

    # -- beginning, anew or again -------------------------------------------------------------------

    def begin(self, heading: Heading) -> Ledger:
        """Begin a scan with nothing done. Raises `OSError`, `OutputError`."""
        self._kept.clear()
        self._journal = Journal(journal.path_of(self._path), heading, self._kept)
        self._journal.begin(journal.checkpoint(0, self._ledger))
        mark_unfinished(self._path)
        self._kept.begin()
        return self._ledger

    def go_on(self, heading: Heading, last: Checkpoint, route: Route, most: int) -> Ledger:
        """Go on where the records end. Raises `JournalError`, `OSError`."""
        self._check(last)
        if last.following > route.size:
            raise JournalError(
                f"the scan had begun {last.following:,} targets, and these are {route.size:,}: they are not its own"
            )
        self._ledger = Ledger(last.following, {at: route[at] for at in journal.pending(last)})
        targets = route.walk(last.following)
        with _ForeignTold(self._path):
            step = self._reconciling(heading, last, most)
            with contextlib.suppress(StopIteration):
                next(step)
                while True:
                    step.send(next(targets, None))
        return self._ledger

    async def go_on_later(
        self, heading: Heading, last: Checkpoint, targets: AsyncIterator[Target], most: int
    ) -> AsyncIterator[Target]:
        """The same where targets have to be read up to there; gives what is left of them."""
        self._check(last)
        wanted = set(journal.pending(last))
        found: dict[int, Target] = {}
        for position in range(last.following):
            target = await anext(targets, None)
            if target is None:
                raise JournalError(
                    f"of the {last.following:,} targets that the scan had begun, the pipe gave {position:,}: "
                    "pipe in the same ones, from the first on"
                )
            if position in wanted:
                found[position] = target
        self._ledger = Ledger(last.following, found)
        with _ForeignTold(self._path):
            step = self._reconciling(heading, last, most)
            with contextlib.suppress(StopIteration):
                next(step)
                while True:
                    step.send(await anext(targets, None))
        async for target in self._ledger.hand_out_later(targets):
            yield target

    def _reconciling(
        self, heading: Heading, last: Checkpoint, most: int
    ) -> Generator[None, Target | None, None]:
        yield from reconcile(self._ledger, self._kept.targets(last.output), most)
        if lost := self._kept.go_on():
            self._warn(f"{self._path}: cut {lost:,} bytes at its end that are no whole record")
        self._journal = Journal(journal.path_of(self._path), heading, self._kept)
        self._journal.begin(journal.checkpoint(self._kept.end, self._ledger))
        mark_unfinished(self._path)
        self.done_before = self._ledger.done

    def _check(self, last: Checkpoint) -> None:
        try:
            journal.check_output(self._kept, self._path, last)
        except OSError as error:
            raise JournalError(f"{self._path}: {error.strerror}") from None

    def by_position(self, route: Route) -> Iterator[int] | None:
        """The positions that are left, where who visits them has the `route`, and tells which of them are done by
        `write_done`; None where the records themselves have to tell it."""
        if not (self._kept.takes_lines and route.in_memory):
            return None
        self._positions = Positions(self._ledger.following, self._ledger.pending())
        self._ledger = self._positions
        return self._positions.hand_out_to(route.size)

    # -- under way ----------------------------------------------------------------------------------

    def write(self, grabs: Sequence[Grab]) -> None:
        """Write the records of `grabs`: they are done. Raises `OutputError`."""
        self._ledger.settle(self._kept.write(grabs))

    def write_lines(self, lines: bytes, targets: Sequence[Target]) -> None:
        """Write the encoded records of `targets`: they are done. Raises `OutputError`."""
        self._ledger.settle_targets(self._kept.write_lines(lines, targets))

    def write_done(self, lines: bytes, positions: Sequence[int]) -> None:
        """Write the encoded records of the targets at `positions`: they are done. Raises `OutputError`."""
        assert self._positions is not None
        self._kept.write_lines(lines, ())
        self._positions.settle_positions(positions)

    def abandon(self) -> None:
        """Close the file as it is. Raises `OutputError`."""
        if self._journal is not None:
            self._journal.close()
        self._kept.close()

    async def __aenter__(self) -> Keeping:
        self._recording = asyncio.get_running_loop().create_task(self._record_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._recording is not None:
            await self._recording
        try:
            if self._journal is not None:  # else it never came to that
                self._conclude(self._journal, failed=error is not None)
        finally:
            self._kept.close()

    def _conclude(self, kept: Journal, *, failed: bool) -> None:
        """Write the last checkpoint, or take the journal away. Raises `OutputError`."""
        try:
            self._flush()
        finally:
            now = journal.checkpoint(self._kept.end, self._ledger)
            try:
                if self.complete and not failed and not len(self._ledger):
                    if self.sealed_as is not None:
                        kept.record(now)
                    mark_finished(self._path)
                    kept.end(self.sealed_as)
                else:
                    kept.record(now)
            except OSError as problem:
                self._complain(problem)
            kept.close()

    def _flush(self) -> None:
        self._ledger.settle(self._kept.flush())

    async def _record_on(self) -> None:
        recorded = -1
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), INTERVAL)
            except TimeoutError:
                if self._journal is None:
                    continue
                with contextlib.suppress(OutputError):  # which is raised again by the next `write`
                    self._flush()
                if self._kept.end != recorded:
                    recorded = self._kept.end
                    now = journal.checkpoint(recorded, self._ledger)
                    try:
                        if SHARED:
                            self._journal.record(now)
                        else:
                            await aside(partial(self._journal.record, now))
                    except OSError as problem:
                        self._complain(problem)

    def _complain(self, problem: OSError) -> None:
        """The last checkpoint still holds, so the scan goes on."""
        if not self._told:
            self._told = True
            self._warn(f"cannot write {journal.path_of(self._path)}: {problem.strerror}")


class _ForeignTold:
    """Tells of a record that is none of the scan's."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, ForeignRecordError):
            raise JournalError(f"{self._path} holds a record of no target of the scan: {error}") from None
