"""Many targets, bounded, as an async iterator of grabs in the order in which they finish.

A `Scan` owns the shell that both drivers share: the admission (what is visited next), the results (what was found
and not yet read) and the resolver. The driver visits: `sweep.Sweep` holds all sockets itself; where the loop
cannot nest a selector, `streams.Streams` keeps N workers. Leaving the block closes every socket first.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar

from ..addresses.judge import All, Judge
from ..inputs.cut import Cut
from ..inputs.named import NamedTargets
from ..models import Grab, Settings, Status
from ..plan.planner import Planner, planner
from ..text.taken import check_policy
from ..visit.descriptors import check_room, clamp
from ..visit.loop import running_loop
from ..visit.resolver import Resolver, resolver_for
from .admission import Admission, Targets
from .attempts import Attempt
from .backoff import Backoff
from .driver import Sweep
from .job import Job
from .outcomes import Grabs, Outcomes, Rows
from .pacing import Ceilings, TokenBucket
from .progress import Progress, size
from .results import Results, Row, as_row
from .selector import nestable
from .stint import LONG, SHORT
from .streams import Streams

T = TypeVar("T")
J = TypeVar("J", bound=Job)


def excluding(targets: NamedTargets | Cut, policy: Judge | None) -> Judge | None:
    """`policy`, with what is excluded from `targets`."""
    if targets.policy is None or policy is None:
        return targets.policy or policy
    check_policy(policy)
    return All(targets.policy, policy)


OUTSIDE = "a scan is used inside its block: async with scan(...) as results"


class Visiting(Generic[T]):
    """What both kinds of scan are: the shell around a driver, used as an async context manager."""

    _form: Callable[[Grab], T]
    """Makes of a grab what the reader wants."""
    _outcomes: Callable[[Planner], Outcomes[T]]
    """Makes the same for the sweep."""
    _stint = SHORT
    _linger = 0.0
    """Seconds for which outcomes are gathered before they are handed over."""

    def __init__(
        self,
        targets: Targets,
        settings: Settings,
        concurrency: int,
        bucket: TokenBucket | None,
        ceilings: Ceilings | None,
        resolver: Resolver | None = None,
        driver: Literal["sweep", "streams"] | None = None,
    ) -> None:
        self._targets = targets
        self._settings = settings
        self._concurrency = concurrency
        self._bucket = bucket
        self._ceilings = ceilings
        self._given_resolver = resolver
        self._driver = driver
        self._resolver: Resolver | None = None
        self._admission: Admission[Any] | None = None
        self._results: Results[T] | None = None
        self._under_way: Sweep[T] | Streams[T] | None = None
        self._task: asyncio.Task[None] | None = None
        self._left = False

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise RuntimeError("a scan is entered once")
        loop = running_loop()
        check_room()
        targets = self._targets.feed() if isinstance(self._targets, NamedTargets) else self._targets
        concurrency = clamp(self._concurrency)
        self._resolver = self._given_resolver or resolver_for(self._settings)
        self._results = Results(max(concurrency, 64), self._form, self._linger)
        driver: Sweep[T] | Streams[T]
        if (self._driver or self._usual_driver()) == "sweep":
            attempts = self._fed_with(Attempt, targets)
            outcomes = self._outcomes(planner(self._settings))
            driver = Sweep(attempts, self._results, self._settings, concurrency, outcomes, self._stint)
        else:
            jobs = self._fed_with(Job, targets)
            driver = Streams(jobs, self._results, self._settings, concurrency)
        self._under_way = driver
        self._task = loop.create_task(self._run(driver))
        return self

    def _usual_driver(self) -> str:
        plain = self._settings.trace is None and self._settings.proxy is None
        return "sweep" if plain and nestable() else "streams"

    def _fed_with(self, kind: type[J], targets: Targets) -> Admission[J]:
        assert self._resolver is not None
        self._admission = admission = Admission(
            targets,
            self._settings,
            self._resolver,
            kind,
            bucket=self._bucket,
            ceilings=self._ceilings,
            backoff=Backoff(),
        )
        return admission

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        assert self._admission is not None
        self._left = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._admission.close()
        if self._resolver is not None and self._given_resolver is None:
            await self._resolver.close()

    async def batches(self) -> AsyncIterator[list[T]]:
        """All outcomes that are there at a time: cheaper where each is only written down."""
        while True:
            try:
                yield await self._take()
            except StopAsyncIteration:
                return

    def stop(self) -> None:
        """Start nothing more: the iteration ends with what is under way; of what was pulled, some has no grab then."""
        if self._admission is not None:
            self._admission.stop()

    def in_flight(self) -> int:
        """How many targets are being visited."""
        return self._under_way.in_flight() if self._under_way is not None else 0

    def unread(self) -> list[T]:
        """What was found and not yet read, for one who stops reading and keeps what was done."""
        return self._results.drain() if self._results is not None else []

    async def _take(self) -> list[T]:
        if self._results is None or self._task is None or self._admission is None or self._left:
            raise RuntimeError(OUTSIDE)
        taken = await self._results.take()
        if taken:
            return taken
        if self._left:  # by another task, while this one waited
            raise RuntimeError(OUTSIDE)
        await self._task  # raises what the driver met
        if self._admission.failure is not None:
            raise self._admission.failure
        raise StopAsyncIteration

    async def _run(self, driver: Sweep[T] | Streams[T]) -> None:
        assert self._results is not None
        try:
            await driver.run()
        finally:
            self._results.close()


class Scan(Visiting[Grab]):
    """A scan under way; made by `scan`, used as an async context manager and iterator."""

    _outcomes = Grabs

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._batch: deque[Grab] = deque()
        self._whole: object = self._targets
        self._statuses: Counter[Status] = Counter()
        self._began = self._last = 0.0
        self._stopped = False

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._begin()
        return self

    def _begin(self) -> None:
        self._began = self._last = time.monotonic()

    async def _take(self) -> list[Grab]:
        return self._counted(await super()._take())

    def _counted(self, grabs: list[Grab]) -> list[Grab]:
        self._statuses.update([grab.status for grab in grabs])
        self._last = time.monotonic()
        return grabs

    def stop(self) -> None:
        """Start nothing more: the iteration ends with what is under way; of what was pulled, some has no grab then."""
        self._stopped = True
        super().stop()

    def progress(self) -> Progress:
        """How far it is. Of files of targets, which are counted when this is asked for first, that takes a moment."""
        before, whole = self.done_before(), self._size()
        in_flight = self.in_flight()
        now = time.monotonic() if in_flight and not self._left else self._last
        return Progress(
            self._statuses.total(),
            dict(self._statuses),
            in_flight,
            now - self._began,
            None if whole is None else max(0, whole - before),
            before,
        )

    def done_before(self) -> int:
        """How many targets earlier runs have done, where the scan is kept."""
        return 0

    def _size(self) -> int | None:
        """How many targets there are, those of earlier runs as well; None where that is not known."""
        return size(self._whole)

    @staticmethod
    def _form(grab: Grab) -> Grab:
        return grab

    def __aiter__(self) -> AsyncIterator[Grab]:
        return self

    async def __anext__(self) -> Grab:
        while not self._batch or self._left:
            self._batch.extend(await self._take())
        return self._batch.popleft()

    async def batches(self) -> AsyncIterator[list[Grab]]:
        """The same grabs, all that are there at a time: cheaper where each is only written down."""
        if self._batch and not self._left:
            batch = list(self._batch)
            self._batch.clear()
            yield batch
        async for batch in super().batches():
            yield batch

    def unread(self) -> list[Grab]:
        """What was found and not yet read, for one who stops reading and keeps what was done."""
        left = list(self._batch)
        self._batch.clear()  # and no other one made: a reader may wait to add to it
        return left + self._drain()

    def _drain(self) -> list[Grab]:
        return super().unread()


class WrittenScan(Visiting[Row]):
    """The same for one who only writes the records down: they come encoded."""

    _form = staticmethod(as_row)
    _outcomes = Rows
    _stint = LONG
    _linger = 0.01
