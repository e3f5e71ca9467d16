"""The same scan on several local processes: targets dealt by the parent in slices, lines handed back in blocks.

What a worker is, `process` tells. A block counts when it has arrived whole, so a worker that dies costs nothing: what
it owes is dealt again, to a new one, which gets nothing beside it: so a target that ends whoever visits it is found
as on a cluster (`lots`). One that stands still is ended. Rate, concurrency and ceilings are divided, so that they
hold for the whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Coroutine, Iterable
from types import TracebackType
from typing import Any, Final

from ..inputs.route import Route
from ..models import Settings, Target
from ..sweep.results import Block
from .lots import Lost
from .process import Worker
from .slices import FIRST, FRUITLESS, SLICE, Dealt, Share, Supply, WorkersDiedError

LOOK: Final = 0.5
"""Seconds between two looks at who still gives signs of life."""
STILL: Final = 20.0
"""Seconds without one after which a worker is given up: nothing that it does holds its loop for one."""

log: logging.Logger = logging.getLogger("banner")


class Crew:
    """Workers that visit targets: an async context manager, read with `blocks`.

    Made before an event loop runs, for the processes are forked then.
    """

    def __init__(
        self,
        settings: Settings,
        share: Share,
        start: type[Worker] = Worker,
        route: Route | None = None,
    ) -> None:
        """`start` begins a worker: a fork, unless it says otherwise. With a `route`, which forks have as it is,
        `blocks` takes positions, and what is found is told by these."""
        self._start = start
        self._route = route
        self._settings = settings
        self._share = share
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._supply = Supply[Dealt](self._changed.set, Target if route is None else int)
        self._lost = Lost[Dealt]()
        self._found: deque[Block] = deque()
        self._room = asyncio.Event()
        self._most_found = 4 * share.workers
        self._failure: BaseException | None = None
        self._deaths = 0  # since a block came
        self._stopped = False
        # Slices of a quarter of a second at most, so that a slow scan is dealt evenly and can be stopped.
        self._size = SLICE if share.rate is None else min(SLICE, max(1, int(share.rate / 4)))
        self._most = share.concurrency + 2 * self._size  # owed by a worker: in flight, and what is next
        self._workers: list[Worker] = []
        try:
            for _ in range(share.workers):
                self._workers.append(start(settings, share, route))
        except BaseException:
            self._end_all()
            raise

    async def __aenter__(self) -> Crew:
        try:
            for worker in self._workers:
                await self._listen_to(worker)
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        self._begin(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._supply.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._end_all()

    def _end_all(self) -> None:
        for worker in self._workers:
            worker.end()

    async def blocks(self, targets: Iterable[Dealt] | AsyncIterable[Dealt]) -> AsyncIterator[Block]:
        """Visit `targets`. Raises `WorkersDiedError`, and in the end what `targets` raised."""
        self._supply.begin(targets)
        while True:
            self._changed.clear()
            self._deal()
            while self._found:
                block = self._found.popleft()
                self._room.set()
                yield block
            if self._failure is not None:
                raise self._failure
            if self._supply.over and not (self._lost or any(worker.owed for worker in self._workers)):
                if self._supply.failure is not None:
                    raise self._supply.failure
                return
            await self._changed.wait()

    def stop(self) -> None:
        """Start nothing more: the blocks end with what is under way."""
        self._stopped = True
        self._supply.stop()
        self._lost.clear()
        for worker in self._workers:
            worker.stop()

    def in_flight(self) -> int:
        """How many targets are being visited, at most: what a worker has beyond its concurrency waits there."""
        return sum(min(len(worker.owed), self._share.concurrency) for worker in self._workers)

    def unread(self) -> list[Block]:
        """What was found and not read: after a cancellation."""
        found, self._found = self._found, deque()
        return list(found)

    def _deal(self) -> None:
        """Give every worker what it has room for, to each in turn, and what cost one to those that have nothing."""
        for worker in self._workers:
            if self._lost and not worker.owed and worker.listens:
                worker.deal_alone(self._lost.take())
        room = True
        while room:
            room = False
            for worker in self._workers:
                if worker.room(self._size, self._most):
                    size = self._size if worker.owed else min(FIRST, self._size)
                    if not (slice_ := self._supply.take(size)):
                        return
                    worker.deal(slice_)
                    room = True

    def _begin(self, what: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.get_running_loop().create_task(what))
        task.add_done_callback(self._tasks.discard)

    async def _listen_to(self, worker: Worker) -> None:
        await worker.connect()
        self._begin(self._listen(worker))

    async def _listen(self, worker: Worker) -> None:
        """Take blocks until the worker dies; then let another one do what it owes."""
        try:
            while (done := await worker.inbox.read()) is not None:
                self._deaths = 0
                self._tell(worker.settle(done))
                while len(self._found) >= self._most_found:
                    self._room.clear()
                    await self._room.wait()
            await self._replace(worker)
        except Exception as error:
            self._failure = error
        self._changed.set()

    def _tell(self, block: Block) -> None:
        """These are owed no more, and from now on to be read."""
        self._found.append(block)
        self._changed.set()

    async def _replace(self, worker: Worker) -> None:
        self._workers.remove(worker)
        code = worker.end()
        how = f"exit status {code}" if code >= 0 else f"signal {-code}"
        if self._stopped:
            return
        if (lot := worker.left()) is not None and not self._lost.repeat(lot):
            why = f"whichever worker visits it dies, the last with {how}"
            self._tell(lot.fault(why, self._route))
        self._deaths += 1
        if self._deaths > FRUITLESS:
            raise WorkersDiedError(f"{self._deaths} workers died in a row, the last with {how}")
        fresh = self._start(self._settings, self._share, self._route)
        self._workers.append(fresh)
        await self._listen_to(fresh)

    async def _watch(self) -> None:
        """End whoever stands still. Nothing is read while many blocks wait for whoever writes them."""
        while True:
            await asyncio.sleep(LOOK)
            for worker in () if len(self._found) >= self._most_found else self._workers:
                worker.inbox.silent += 1
                if worker.inbox.silent * LOOK >= STILL:
                    log.warning("the worker %d has stood still for %.0f s; it is ended", worker.pid, STILL)
                    worker.inbox.silent = 0
                    worker.kill()
