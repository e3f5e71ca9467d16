"""What the several workers of one scan share: its limits, divided, and its targets, dealt in slices.

The targets are pulled as room allows and never as a list; what a lost worker owed goes back in front. What comes
back from a worker is a `Block` of encoded records. Who the workers are is told by those that deal: `workers`
(processes of this machine) and `cluster` (those of Dask).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Generic, TypeVar

import msgspec

from ..models import Settings, Target
from ..sweep.admission import Targets, not_a_target
from ..sweep.pacing import Ceilings, TokenBucket
from ..sweep.scanner import Scan, WrittenScan
from ..visit.loop import is_cancelled

SLICE: Final = 512
"""Targets dealt at a time: both sides of the message and what it wakes cost 0.2 ms."""
FIRST: Final = 64
"""The same of one that has none, so that a few are dealt to all."""
OWED: Final = 1 << 18
"""Targets that workers owe at most, besides those in flight: a journal's checkpoint has two bytes for each."""

FRUITLESS: Final = 20
"""Workers that may be lost in a row, without any record in between: more than chance kills them."""


Dealt = Target | int
D = TypeVar("D")
"""What is dealt: `Target`s, or positions where workers know the way."""


class WorkersDiedError(Exception):
    """The scan cannot go on for want of workers; the text says why, fit for a person."""


MOST_WORKERS: Final = 256
"""Processes on one machine: more than cores that there are would only take memory, 30 MB each."""


class Share(msgspec.Struct, frozen=True):
    """What each of `workers` may do, so that together they keep the whole's limits."""

    workers: int
    concurrency: int
    rate: float | None
    per_host: int | None
    per_net: int | None

    def scan(self, targets: Targets, settings: Settings) -> Scan:
        """The scan of one of them."""
        return Scan(targets, settings, self.concurrency, *self.limits())

    def written_scan(self, targets: Targets, settings: Settings) -> WrittenScan:
        """The same where its records are only written down."""
        return WrittenScan(targets, settings, self.concurrency, *self.limits())

    def limits(self) -> tuple[TokenBucket | None, Ceilings | None]:
        """What keeps one of them to its rate and its ceilings."""
        bucket = None if self.rate is None else TokenBucket(self.rate)
        ceilings = None
        if self.per_host is not None or self.per_net is not None:
            ceilings = Ceilings(self.per_host, self.per_net)
        return bucket, ceilings


def shared(
    workers: int, concurrency: int, rate: float | None, per_host: int | None, per_net: int | None
) -> Share:
    """Divide the limits; there are no more workers than each has a whole part of every ceiling for."""
    workers = min(workers, concurrency, *(ceiling for ceiling in (per_host, per_net) if ceiling is not None))
    return Share(
        workers,
        concurrency // workers,
        None if rate is None else rate / workers,
        None if per_host is None else per_host // workers,
        None if per_net is None else per_net // workers,
    )


class Supply(Generic[D]):
    """The targets that are still to be dealt, or their positions."""

    def __init__(self, changed: Callable[[], None], kind: type[Target] | type[int]) -> None:
        """`changed` is called when a `take` that gave nothing may give something, or nothing more will come. What is
        of another `kind` is a failure of the source: workers would die of it."""
        self._changed, self._kind = changed, kind
        self._source: Iterator[D] = iter(())
        self._buffer: deque[D] = deque()
        self._room = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._dry = False
        self._ahead = SLICE  # targets of an asynchronous source that are read before there is room for them
        self.failure: BaseException | None = None
        """What the source raised: then it is dry, and what it gave before is dealt still."""

    def has(self, size: int, ahead: int) -> bool:
        """Whether `take` would give `size` now, or all that is left. `ahead` are read ahead from here on."""
        if self._pump is None:
            self._fill(ahead)
            return True
        self._ahead = max(SLICE, size, ahead)
        self._room.set()
        return self._dry or len(self._buffer) >= size

    @property
    def left(self) -> int | None:
        """How many are left; None where the end is not in sight."""
        return len(self._buffer) if self._dry else None

    @property
    def over(self) -> bool:
        """Whether all that there was is dealt."""
        return self._dry and not self._buffer

    def begin(self, targets: Iterable[D] | AsyncIterable[D]) -> None:
        """Deal these."""
        if isinstance(targets, AsyncIterable):
            self._pump = asyncio.get_running_loop().create_task(self._drain(targets))
        else:
            self._source = iter(targets)

    async def close(self) -> None:
        """Read no further."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def stop(self) -> None:
        """Deal nothing more: what was read is dropped."""
        self._dry, self._source = True, iter(())
        self._buffer.clear()
        if self._pump is not None:
            self._pump.cancel()
        self._changed()

    def take(self, size: int) -> list[D]:
        """At most `size` of them; none where there is nothing now."""
        buffer = self._buffer
        if not buffer and self._pump is None:
            self._fill(size)
        if len(buffer) <= size:
            taken = list(buffer)
            buffer.clear()
        else:
            taken = [buffer.popleft() for _ in range(size)]
        self._room.set()
        return taken

    def _fill(self, size: int) -> None:
        """Have at least `size` in the buffer, or all that an iterable still gives."""
        missing = size - len(self._buffer)
        if missing <= 0 or self._dry:
            return
        buffer, kind = self._buffer, self._kind
        try:
            for target in islice(self._source, missing):
                if not isinstance(target, kind):
                    raise not_a_target(target)
                buffer.append(target)
        except (Exception, asyncio.CancelledError) as error:
            self.failure = error
        self._dry = len(self._buffer) < size

    def give_back(self, targets: Iterable[D]) -> None:
        """These were taken and are not done: they are next."""
        self._buffer.extendleft(reversed(list(targets)))

    async def _drain(self, targets: AsyncIterable[D]) -> None:
        try:
            async for target in targets:
                if not isinstance(target, self._kind):
                    raise not_a_target(target)
                self._buffer.append(target)
                self._changed()
                if len(self._buffer) >= self._ahead:
                    self._room.clear()
                    await self._room.wait()
        except (Exception, asyncio.CancelledError) as error:
            if is_cancelled():
                raise
            self.failure = error
        finally:
            self._dry = True
            self._changed()
