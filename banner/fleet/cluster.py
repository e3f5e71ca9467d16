"""The same scan on a cluster of Dask: targets dealt in shards to its workers, records gathered in blocks.

Each shard goes to one worker by name, so that what each may do is known; how large a shard is follows from how long
the last ones took (`Cut`). What a worker that is lost owed is dealt to another one, whole, and the first result
is the one that counts: the journal, not Dask, knows what is done, for Dask forgets everything when its scheduler
dies. A shard's future is released once its records are written. When workers come or go, the limits are divided anew
as soon as nothing is under way any more. `shards` is the workers' side.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import pickle
import time
import warnings
from array import array
from collections import deque
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from ..models import Settings, Target, __version__
from ..sweep.admission import Targets
from ..sweep.results import Block
from .dask_log import hush, tell
from .shard_size import Cut
from .shards import Found, OtherVersionError, Shard, check, dismiss, encoded, visit, wind_up
from .slices import OWED, Share, Supply, WorkersDiedError

if TYPE_CHECKING:
    from distributed import Client, Future

LOOK: Final = 0.5
"""Seconds between two looks at who is there: one small message."""
SETTLED: Final = 5.0
"""Seconds for which the number of workers must have been another one before the limits are divided anew: a lost
worker is replaced in two or three, and a batch system starts many at about the same time."""
TRIES: Final = 4
"""Workers that a shard may cost: it is the shard that kills them, or something worse."""
GATHERED: Final = 4
"""Shards whose records are on their way at once: enough to hide round trips."""
FAREWELL: Final = 3.0
"""Seconds that workers and scheduler have to take leave."""


FRUGAL: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""Nobody looks at what workers of our own would measure all the time, for 1 % of a core each."""


class _Lot:
    """A shard that is not done."""

    def __init__(self, targets: list[Target]) -> None:
        self.targets = targets
        self.tries = 0
        self.worker: _Worker
        self.future: Future[Found]
        self.awaited: asyncio.Task[None]


class _Worker:
    """One of those that visit."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.lots: set[_Lot] = set()
        self.fit = False
        """It has this package, in this version."""
        self.told = False
        """It has the scan's settings."""
        self.near = False
        """It can be reached from here, so its records need not go through the scheduler."""


class Crew:
    """Workers of Dask that visit targets: an async context manager, read with `blocks`."""

    def __init__(self, address: str, settings: Settings, divide: Callable[[int], Share], local: int) -> None:
        """`address` is the scheduler's, or ``local``: then `local` processes are started. `divide` says what each
        of so many workers may do."""
        self._address = address
        self._settings = pickle.dumps(settings)
        self._divide = divide
        self._local = local
        self._scan = os.urandom(8).hex()
        self._numbers = itertools.count(1)
        self._stack = contextlib.AsyncExitStack()
        self._client: Client
        self._changed = asyncio.Event()
        self._supply = Supply(self._changed.set)
        self._gathering = asyncio.Semaphore(GATHERED)
        self._present: list[str] = []
        self._workers: dict[str, _Worker] = {}
        self._others_since: float | None = None
        self._share: Share
        self._cut: Cut
        self._again: deque[_Lot] = deque()
        self._found: deque[tuple[_Lot, Found]] = deque()
        self._asides: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._stopped = False
        self._failure: Exception | None = None

    async def __aenter__(self) -> Crew:
        import dask
        from distributed import Client, LocalCluster
        from distributed.versions import VersionMismatchWarning

        hush()
        asyncio.get_running_loop().set_exception_handler(tell)
        self._patience = _seconds(dask.config.get("distributed.comm.timeouts.connect"))
        try:
            async with asyncio.timeout(2 * self._patience):
                place: Any = self._address
                if place == "local":
                    with dask.config.set(FRUGAL):
                        place = await self._stack.enter_async_context(
                            LocalCluster(
                                n_workers=self._local,
                                threads_per_worker=1,
                                memory_limit=0,
                                dashboard_address=None,
                                # An HTTP server is always started, at port 8787 of every address.
                                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                                silence_logs=logging.CRITICAL,
                                asynchronous=True,
                            )
                        )
                with warnings.catch_warnings():
                    # It compares versions, also of what nobody uses here; ours is compared by `check`.
                    warnings.simplefilter("ignore", VersionMismatchWarning)
                    client = Client(place, asynchronous=True, name="banner")
                    self._client = await self._stack.enter_async_context(client)
        except BaseException as error:
            await self._leave()
            if isinstance(error, OSError | ValueError | ImportError):
                raise WorkersDiedError(f"no scheduler at {self._address}: {_said(error)}") from None
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._supply.close()
        lots = [lot for worker in self._workers.values() for lot in worker.lots]
        tasks = [*self._asides, *(lot.awaited for lot in lots)]
        if self._watching is not None:
            tasks.append(self._watching)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lot in lots:
            lot.future.release()
        await self._leave()

    async def _leave(self) -> None:
        """Dismiss the workers and close the connection."""
        await self._tell_all(dismiss)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(FAREWELL):
                await self._stack.aclose()

    async def blocks(self, targets: Targets) -> AsyncIterator[Block]:
        """Visit `targets`. Raises `WorkersDiedError`, and what `targets` raises."""
        self._supply.begin(targets)
        self._watching = asyncio.get_running_loop().create_task(self._watch())
        while True:
            self._changed.clear()
            self._deal()
            while self._found:
                lot, found = self._found.popleft()
                yield _block(lot, found)
                lot.future.release()
            if (failure := self._failure or self._supply.failure) is not None:
                raise failure
            if self._supply.over and not self._again and not self._under_way:
                if not self._found:
                    return
                continue
            await self._changed.wait()

    def in_flight(self) -> int:
        """How many targets are being visited, at most: what a worker has beyond its concurrency waits there."""
        owed = (sum(len(lot.targets) for lot in worker.lots) for worker in self._workers.values())
        return sum(min(number, self._share.concurrency) for number in owed)

    def unread(self) -> list[Block]:
        """What was found and not read: after a cancellation."""
        found, self._found = self._found, deque()
        for lot, _ in found:
            lot.future.release()
        return [_block(lot, came) for lot, came in found]

    def stop(self) -> None:
        """Start nothing more: the blocks end with what is under way."""
        self._stopped = True
        self._supply.stop()
        self._again.clear()
        self._asides.add(task := asyncio.get_running_loop().create_task(self._tell_all(wind_up)))
        task.add_done_callback(self._asides.discard)

    async def _tell_all(self, what: Callable[[str], None]) -> None:
        """Call a function of `shards` in every worker. Whoever does not answer has ended anyway."""
        if self._workers and self._client.status == "running":
            with contextlib.suppress(Exception):
                async with asyncio.timeout(FAREWELL):
                    await self._client.run(what, self._scan, workers=list(self._workers), on_error="ignore")

    @property
    def _under_way(self) -> bool:
        return any(worker.lots for worker in self._workers.values())

    # -- who is there -------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Keep looking at who is there."""
        seen = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    self._present = list(await self._client.nthreads())
            except Exception:
                self._fail(f"the scheduler at {self._address} is gone")
                return
            if self._present:
                seen = time.monotonic()
            elif time.monotonic() - seen >= self._patience:
                self._fail(f"the scheduler at {self._address} has had no worker for {self._patience:g} s")
                return
            self._muster()
            self._changed.set()
            await asyncio.sleep(LOOK)

    def _muster(self) -> None:
        """Part with those who are gone, take others in their place, and divide anew where their number is
        another one."""
        for address in set(self._workers) - set(self._present):
            for lot in self._workers.pop(address).lots:
                if not lot.awaited.done():
                    lot.awaited.cancel()
                    self._repeat(lot, f"the worker {address} is gone")
        if not self._present:
            return
        share = self._divide(len(self._present))
        now = time.monotonic()
        if not self._workers and not self._under_way:
            self._begin(share)
        elif share.workers == self._share.workers:
            self._others_since = None
        elif self._others_since is None:
            self._others_since = now
        elif self._dividing and not self._under_way:
            self._workers.clear()
            self._begin(share)
        for address in self._present:
            if len(self._workers) < self._share.workers and address not in self._workers:
                worker = self._workers[address] = _Worker(address)
                self._asides.add(task := asyncio.get_running_loop().create_task(self._greet(worker)))
                task.add_done_callback(self._asides.discard)

    async def _greet(self, worker: _Worker) -> None:
        """Find out whether a worker can visit, and whether it is near.

        It is asked by a call, which fails there; the first task of a package that it does not have would end it.
        """
        address, answer = worker.address, None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._patience):
                asked = self._client.run(check, __version__, workers=[address], on_error="return")
                answer = (await asked).get(address)
        if isinstance(answer, Exception) and not isinstance(answer, OSError):
            self._fail(f"{address} cannot visit: {_said(answer)}; {_INSTALL}")
        if answer is not True:
            self._workers.pop(address, None)  # and asked again, if it is still there
            return
        worker.fit = True
        self._changed.set()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(FAREWELL):
                await self._client.rpc(address).identity()
                worker.near = True

    @property
    def _dividing(self) -> bool:
        """Nothing more is dealt, for the limits are about to be divided anew."""
        return self._others_since is not None and time.monotonic() - self._others_since >= SETTLED

    def _begin(self, share: Share) -> None:
        self._share = share
        self._others_since = None
        self._cut = Cut(share, max(OWED // 2 // share.workers, 2 * share.concurrency))

    # -- what they do -------------------------------------------------------------------------------

    def _deal(self) -> None:
        """Give every worker what it has room for, to each in turn."""
        room = not self._dividing
        while room:
            room = False
            for worker in self._workers.values():
                if worker.fit and len(worker.lots) < self._cut.deep:
                    if (lot := self._lot(hurried=not worker.lots)) is None:
                        return
                    self._send(lot, worker)
                    room = True

    def _lot(self, hurried: bool) -> _Lot | None:
        """What is next; a whole shard unless `hurried`, for targets from a pipe come one by one."""
        if self._again:
            return self._again.popleft()
        if not self._supply.has(self._cut.size, self._cut.ahead) and not hurried:
            return None
        targets = self._supply.take(self._cut.following(self._supply.left))
        return _Lot(targets) if targets else None

    def _send(self, lot: _Lot, worker: _Worker) -> None:
        settings = None if worker.told else self._settings
        shard = Shard(self._scan, self._share, settings, lot.targets)
        lot.worker = worker
        worker.lots.add(lot)
        lot.future = self._client.submit(
            visit,
            encoded(shard),
            key=f"banner-{self._scan}-{next(self._numbers)}",
            workers=[worker.address],
            pure=False,
        )
        lot.awaited = asyncio.get_running_loop().create_task(self._await(lot))

    async def _await(self, lot: _Lot) -> None:
        """Wait until a shard is done, and fetch what was found."""
        from distributed import wait

        worker, future = lot.worker, lot.future
        found, failure = Found(), None
        try:
            await wait([future])
            async with self._gathering:
                found = await self._client.gather(future, direct=worker.near)
        except Exception as error:
            failure = error
        if lot not in worker.lots:
            return  # it was dealt to another one in the meantime
        worker.lots.discard(lot)
        if failure is not None:
            self._take_failure(lot, failure)
        elif found.unknown:
            worker.told = False
            future.release()
            self._put_back(lot)
        else:
            worker.told = True
            self._cut.learn(len(lot.targets), found)
            self._found.append((lot, found))
        self._changed.set()

    def _take_failure(self, lot: _Lot, error: Exception) -> None:
        address = lot.worker.address
        if self._client.status != "running":
            self._fail(f"the scheduler at {self._address} is gone")
        elif (unfit := _unfit(error)) is not None:
            self._fail(f"{address} cannot visit: {_said(unfit)}; {_INSTALL}")
        else:
            self._repeat(lot, f"the worker {address} failed: {_said(error)}")

    def _repeat(self, lot: _Lot, why: str) -> None:
        """Have a shard visited again, by another one."""
        lot.future.release()
        lot.tries += 1
        if lot.tries >= TRIES:
            self._fail(f"{TRIES} times over {len(lot.targets)} targets came to nothing: {why}")
        self._put_back(lot)

    def _put_back(self, lot: _Lot) -> None:
        if not self._stopped:
            self._again.append(lot)

    def _fail(self, text: str) -> None:
        self._failure = self._failure or WorkersDiedError(text)
        self._changed.set()


_INSTALL: Final = f"install 'aiobanner[dask]=={__version__}' on scheduler and workers"


def _block(lot: _Lot, found: Found) -> Block:
    targets = lot.targets
    if found.partly is not None:
        targets = [targets[place] for place in array("Q", found.partly)]
    return Block(bytes(found.lines), found.statuses, targets)


def _unfit(error: BaseException | None) -> BaseException | None:
    """The error that shows this package to be missing, or to be another one; Dask wraps a scheduler's."""
    while error is not None and not isinstance(error, OtherVersionError | ImportError | AttributeError):
        error = error.__cause__
    return error


def _said(error: BaseException) -> str:
    """An error in one short line."""
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def _seconds(value: Any) -> float:
    from dask.utils import parse_timedelta

    return float(parse_timedelta(value, "s"))
