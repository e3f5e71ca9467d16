"""The same scan on a cluster of Dask: targets dealt in shards to its workers, records gathered in blocks.

Each shard goes to one worker by name, so that what each may do is known; how large a shard is follows from how long
the last ones took (`Cut`). What a worker that is lost owed is dealt to another one, and the first result is the one
that counts: the journal, not Dask, knows what is done, for Dask forgets everything when its scheduler dies. Who
visits is told by `members`, what becomes of a lot that fails by `lots`, and `sweeper` is the workers' side.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import pickle
from array import array
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Final, cast

from msgspec.structs import replace

from ..inputs.route import Route
from ..models import Settings, Target
from ..sweep.results import Block
from .lots import Lost, Lot
from .members import Members, Worker
from .scheduler import INSTALL, Scheduler, said
from .shard_size import Cut
from .shards import Found, OtherVersionError, Shard, encoded, sent
from .slices import FRUITLESS, OWED, Dealt, Share, Supply, WorkersDiedError
from .sweeper import dismiss, visit, wind_up

GATHERED: Final = 4
"""Shards whose records are on their way at once: enough to hide round trips."""
GRACE: Final = 30.0
"""Seconds, besides those that targets may take, for what a worker does between them: to read rules, to leave a host
in peace, to be short of the processor."""


class Crew:
    """Workers of Dask that visit targets: an async context manager, read with `blocks`."""

    def __init__(
        self,
        address: str,
        settings: Settings,
        divide: Callable[[int], Share],
        local: int,
        route: Route | None = None,
    ) -> None:
        """`address` is the scheduler's, or ``local``: then `local` processes are started. `divide` says what each
        of so many workers may do. With a `route` that is `sent` with the settings, `blocks` takes positions."""
        self._settings = pickle.dumps(settings)
        self._route = route
        self._sent = None if route is None else sent(route)
        self._total = settings.timeouts.total
        self._scan = os.urandom(8).hex()
        self._numbers = itertools.count(1)
        self._scheduler = Scheduler(address, local)
        self._changed = asyncio.Event()
        self._members = Members(
            self._scheduler, self._scan, divide, self._still, self._begin, self._lose, self._changed.set
        )
        self._supply = Supply[Dealt](self._changed.set, Target if route is None else int)
        self._gathering = asyncio.Semaphore(GATHERED)
        self._cut: Cut
        self._again = Lost[Dealt]()
        self._found: deque[Block] = deque()
        self._watching: asyncio.Task[None] | None = None
        self._winding_up: asyncio.Task[None] | None = None
        self._fruitless = 0  # workers lost and lots failed since something was found
        self._stopped = False
        self._failure: Exception | None = None

    async def __aenter__(self) -> Crew:
        await self._scheduler.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._supply.close()
        lots = [lot for worker in self._members.workers.values() for lot in worker.lots]
        tasks = [lot.awaited for lot in lots]
        tasks += [task for task in (self._watching, self._winding_up) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._members.close()
        for lot in lots:
            lot.future.release()
        await self._scheduler.tell_all(self._members.workers, dismiss, self._scan)
        await self._scheduler.close()

    async def blocks(self, targets: Iterable[Dealt] | AsyncIterable[Dealt]) -> AsyncIterator[Block]:
        """Visit `targets`. Raises `WorkersDiedError`, and in the end what `targets` raised."""
        self._supply.begin(targets)
        self._watching = asyncio.get_running_loop().create_task(self._watch())
        while True:
            self._changed.clear()
            self._deal()
            while self._found:
                yield self._found.popleft()
            if self._failure is not None:
                raise self._failure
            if self._supply.over and not self._again and not self._members.under_way:
                if self._found:
                    continue
                if self._supply.failure is not None:
                    raise self._supply.failure
                return
            await self._changed.wait()

    def in_flight(self) -> int:
        """How many targets are being visited, at most: what a worker has beyond its concurrency waits there."""
        workers = self._members.workers.values()
        owed = (sum(len(lot.targets) for lot in worker.lots) for worker in workers)
        return sum(min(number, self._members.share.concurrency) for number in owed)

    def unread(self) -> list[Block]:
        """What was found and not read: after a cancellation."""
        found, self._found = self._found, deque()
        return list(found)

    def stop(self) -> None:
        """Start nothing more: the blocks end with what is under way."""
        self._stopped = True
        self._supply.stop()
        self._again.clear()
        telling = self._scheduler.tell_all(self._members.workers, wind_up, self._scan)
        self._winding_up = asyncio.get_running_loop().create_task(telling)

    async def _watch(self) -> None:
        try:
            await self._members.watch()
        except Exception as error:
            self._fail(error)

    def _begin(self, share: Share) -> None:
        self._cut = Cut(share, max(OWED // 2 // share.workers, 2 * share.concurrency))

    def _still(self, share: Share) -> float:
        """Seconds within which something must come of a worker: the longest that a target may take, twice, for
        who was turned away is visited once more, and what the rate leaves between two of them."""
        return 2 * self._total + GRACE + (2 / share.rate if share.rate is not None else 0)

    # -- what they do -------------------------------------------------------------------------------

    def _deal(self) -> None:
        """Give every worker what it has room for, to each in turn."""
        room = not self._members.dividing
        while room:
            room = False
            for worker in self._members.workers.values():
                if worker.fit and len(worker.lots) < self._cut.deep:
                    if (lot := self._lot(hurried=not worker.lots)) is None:
                        return
                    self._send(lot, worker)
                    room = True

    def _lot(self, hurried: bool) -> Lot[Dealt] | None:
        """What is next; a whole shard unless `hurried`, for targets from a pipe come one by one."""
        if self._again:
            return self._again.take()
        if not self._supply.has(self._cut.size, self._cut.ahead) and not hurried:
            return None
        targets = self._supply.take(self._cut.following(self._supply.left))
        return Lot(targets) if targets else None

    def _send(self, lot: Lot[Dealt], worker: Worker) -> None:
        share, settings, dealt = self._members.share, self._settings, lot.targets
        shard = Shard(self._scan, share, settings, cast("list[Target]", dealt))
        if self._route is not None:
            positions = array("Q", cast("list[int]", dealt)).tobytes()
            shard = Shard(self._scan, share, settings, [], positions, self._sent)
        if worker.told:
            shard = replace(shard, settings=None, route=None)
        worker.take(lot)
        lot.future = self._scheduler.client.submit(
            visit,
            encoded(shard),
            key=f"banner-{self._scan}-{next(self._numbers)}",
            workers=[worker.address],
            pure=False,
        )
        lot.awaited = asyncio.get_running_loop().create_task(self._await(lot))

    async def _await(self, lot: Lot[Dealt]) -> None:
        """Wait until a shard is done, and fetch what was found."""
        from distributed import wait

        worker, future = lot.worker, lot.future
        found, failure = Found(), None
        try:
            await wait([future])
            worker.hear()
            async with self._gathering:
                found = await self._scheduler.client.gather(future, direct=worker.near)
        except Exception as error:
            failure = error
        if lot not in worker.lots:
            return  # it was dealt to another one in the meantime
        worker.lots.discard(lot)
        if failure is not None:
            self._take_failure(lot, failure)
        elif found.unknown:
            worker.told = False
            self._put_back(lot)
        else:
            worker.told = True
            self._fruitless = 0
            self._cut.learn(len(lot.targets), found)
            self._found.append(lot.block(found))
        future.release()
        self._changed.set()

    # -- what comes to nothing ----------------------------------------------------------------------

    def _take_failure(self, lot: Lot[Dealt], error: Exception) -> None:
        address = lot.worker.address
        if not self._scheduler.running:
            self._fail(self._scheduler.gone())
        elif (unfit := _unfit(error)) is not None:
            self._fail(WorkersDiedError(f"{address} cannot visit: {said(unfit)}; {INSTALL}"))
        else:
            why = f"the worker {address} failed: {said(error)}"
            self._count(why)
            self._repeat(lot, why)

    def _lose(self, worker: Worker, why: str) -> None:
        """What it owed is another one's to do."""
        if worker.lots:
            self._count(why)
        for lot in worker.lots:
            lot.awaited.cancel()
            lot.future.release()
            self._repeat(lot, why)
        worker.lots.clear()

    def _count(self, why: str) -> None:
        """Nothing came of something once more: it ends the scan where nothing comes of anything."""
        self._fruitless += 1
        if self._fruitless > max(FRUITLESS, 2 * self._members.share.workers):
            self._fail(
                WorkersDiedError(f"{self._fruitless} times in a row nothing came of what was dealt: {why}")
            )

    def _repeat(self, lot: Lot[Dealt], why: str) -> None:
        """Have a shard visited again, by another one."""
        if not self._stopped and not self._again.repeat(lot):
            self._found.append(lot.fault(why, self._route))

    def _put_back(self, lot: Lot[Dealt]) -> None:
        if not self._stopped:
            self._again.put_back(lot)

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._changed.set()


def _unfit(error: BaseException | None) -> BaseException | None:
    """The error that shows this package to be missing, or to be another one; Dask wraps a scheduler's."""
    while error is not None and not isinstance(error, OtherVersionError | ImportError | AttributeError):
        error = error.__cause__
    return error
