"""A scan for programs whose targets are visited by several processes: the same interface, and the same grabs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from ..formats.record import decode
from ..inputs.named import NamedTargets
from ..models import Grab, Settings
from ..sweep.admission import Targets
from ..sweep.results import Block
from ..sweep.scanner import OUTSIDE, Scan
from ..visit.loop import running_loop
from .slices import Share
from .spawned import Spawned
from .workers import Crew


class SharedScan(Scan):
    """A `Scan` whose visits other processes make. They are started anew, as a program may have threads (fork(2))."""

    def __init__(self, targets: Targets, settings: Settings, share: Share) -> None:
        super().__init__(targets, settings, share.concurrency * share.workers, None, None)
        self._share = share
        self._crew: Crew | None = None
        self._blocks: AsyncIterator[Block] | None = None
        self._turn = asyncio.Lock()
        """Whose it is to read a block."""
        self._next: asyncio.Future[Block | None] | None = None
        """The next block, which a reader that was cancelled leaves to whoever reads then."""

    async def __aenter__(self) -> Self:
        if self._crew is not None:
            raise RuntimeError("a scan is entered once")
        running_loop()
        self._crew = Crew(self._settings, self._share, start=Spawned)
        await self._crew.__aenter__()
        targets = self._targets.feed() if isinstance(self._targets, NamedTargets) else self._targets
        self._blocks = self._crew.blocks(targets)
        self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._crew is not None
        self._left = True
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._crew.__aexit__(kind, error, trace)

    async def _take(self) -> list[Grab]:
        if self._blocks is None or self._left:
            raise RuntimeError(OUTSIDE)
        async with self._turn:
            coming = None
            while coming is None or coming is not self._next:  # `_drain` may have taken it
                coming = self._next = self._next or asyncio.ensure_future(anext(self._blocks, None))
                await asyncio.wait((coming,))
                if self._left:  # by another task, while this one waited
                    raise RuntimeError(OUTSIDE)
            if (block := coming.result()) is None:
                raise StopAsyncIteration
            self._next = None
        return self._counted(_grabs(block))

    def stop(self) -> None:
        """Start nothing more: the iteration ends with what is under way; of what was pulled, some has no grab then."""
        self._stopped = True
        if self._crew is not None:
            self._crew.stop()

    def in_flight(self) -> int:
        """How many targets are being visited."""
        return 0 if self._crew is None else self._crew.in_flight()

    def _drain(self) -> list[Grab]:
        blocks: list[Any] = [] if self._crew is None else self._crew.unread()
        left = self._next
        if left is not None and left.done() and not left.cancelled() and left.exception() is None:
            self._next = None
            blocks[:0] = filter(None, [left.result()])
        return [grab for block in blocks for grab in _grabs(block)]


def _grabs(block: Block) -> list[Grab]:
    return list(map(decode, block.lines.splitlines()))
