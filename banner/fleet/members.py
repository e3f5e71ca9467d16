"""Who of a cluster visits: workers that come, go, stand still, or are not fit to.

A worker that has another version of this package, or none, is left aside with a word, and so is one from which nothing
comes for longer than the scan's own time limits allow: it may be alive, and hold what it owes for ever. The scan fails
when nobody is left. When workers come or go, the limits are divided anew as soon as nothing is under way any more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from ..models import __version__
from .lots import Lot
from .scheduler import INSTALL, Scheduler, said
from .shards import check
from .slices import Dealt, Share, WorkersDiedError
from .sweeper import progress

LOOK: Final = 0.5
"""Seconds between two looks at who is there: one small message."""
SETTLED: Final = 5.0
"""Seconds for which the number of workers must have been another one before the limits are divided anew: a lost
worker is replaced in two or three, and a batch system starts many at about the same time."""

log: logging.Logger = logging.getLogger("banner")


class Worker:
    """One of those that visit."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.lots: set[Lot[Dealt]] = set()
        self.fit = False
        """It has this package, in this version."""
        self.told = False
        """It has the scan's settings."""
        self.near = False
        """It can be reached from here, so its records need not go through the scheduler."""
        self.heard: float = time.monotonic()
        """When something came of it, or it was given something to do."""
        self.done = 0
        """Targets that it had visited when it was asked last."""
        self.asked = False
        """It is being asked whether it does anything."""

    def take(self, lot: Lot[Dealt]) -> None:
        """It has this to do."""
        if not self.lots:
            self.hear()
        lot.worker = self
        self.lots.add(lot)

    def hear(self) -> None:
        """Something came of it."""
        self.heard = time.monotonic()


class Members:
    """The workers of one scan."""

    def __init__(
        self,
        scheduler: Scheduler,
        scan: str,
        divide: Callable[[int], Share],
        still: Callable[[Share], float],
        begin: Callable[[Share], None],
        lose: Callable[[Worker, str], None],
        changed: Callable[[], None],
    ) -> None:
        """`divide` says what each of so many workers may do, and `still` for how many seconds nothing may come
        of one that has something to do. `begin` is called when the limits are divided, `lose` for a worker that
        is parted with, `changed` when there may be something to deal."""
        self.workers: dict[str, Worker] = {}
        self.share: Share
        self._scheduler = scheduler
        self._scan = scan
        self._divide = divide
        self._still = still
        self._begin = begin
        self._lose = lose
        self._changed = changed
        self._aside: dict[str, str] = {}  # why, by address
        self._others_since: float | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> bool:
        """Whether anybody has anything to do."""
        return any(worker.lots for worker in self.workers.values())

    @property
    def dividing(self) -> bool:
        """Nothing more is to be dealt, for the limits are about to be divided anew."""
        return self._others_since is not None and time.monotonic() - self._others_since >= SETTLED

    async def watch(self) -> None:
        """Keep looking at who is there. Raises `WorkersDiedError` when nobody is."""
        seen = time.monotonic()
        patience = self._scheduler.patience
        while True:
            present = await self._scheduler.present()
            self._aside = {address: why for address, why in self._aside.items() if address in present}
            if present:
                seen = time.monotonic()
                if len(self._aside) == len(present):
                    raise WorkersDiedError("; ".join(dict.fromkeys(self._aside.values())))
            elif time.monotonic() - seen >= patience:
                raise WorkersDiedError(
                    f"the scheduler at {self._scheduler.address} has had no worker for {patience:g} s"
                )
            self._muster([address for address in present if address not in self._aside])
            self._changed()
            await asyncio.sleep(LOOK)

    async def close(self) -> None:
        """Ask nobody any more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _muster(self, present: list[str]) -> None:
        """Part with those who are gone, take others in their place, and divide anew where their number is
        another one."""
        for address in set(self.workers) - set(present):
            self._part(address, f"the worker {address} is gone")
        if not present:
            return
        share = self._divide(len(present))
        now = time.monotonic()
        if not self.workers and not self.under_way:
            self._divided(share)
        elif share.workers == self.share.workers:
            self._others_since = None
        elif self._others_since is None:
            self._others_since = now
        elif self.dividing and not self.under_way:
            self.workers.clear()
            self._divided(share)
        for address in present:
            if len(self.workers) < self.share.workers and address not in self.workers:
                worker = self.workers[address] = Worker(address)
                self._aside_of_watching(self._greet(worker))
        for worker in self.workers.values():
            if worker.lots and not worker.asked and now - worker.heard >= self._still(self.share):
                worker.asked = True
                self._aside_of_watching(self._look_after(worker))

    def _divided(self, share: Share) -> None:
        self.share = share
        self._others_since = None
        self._begin(share)

    def _part(self, address: str, why: str) -> None:
        if (worker := self.workers.pop(address, None)) is not None:
            self._lose(worker, why)

    def _leave_aside(self, address: str, why: str) -> None:
        log.warning("%s; it is left aside", why)
        self._aside[address] = why
        self._part(address, why)

    async def _greet(self, worker: Worker) -> None:
        """Find out whether a worker can visit, and whether it is near.

        It is asked by a call, which fails there; the first task of a package that it does not have would end it.
        """
        address = worker.address
        answer = await self._scheduler.ask(address, check, __version__)
        if isinstance(answer, Exception) and not isinstance(answer, OSError):
            self._leave_aside(address, f"{address} cannot visit: {said(answer)}; {INSTALL}")
        elif answer is not True:
            self.workers.pop(address, None)  # and asked again, if it is still there
        else:
            worker.fit = True
            self._changed()
            worker.near = await self._scheduler.near(address)

    async def _look_after(self, worker: Worker) -> None:
        """Nothing has come of it for long: leave it aside unless it has visited something in the meantime."""
        heard = worker.heard
        done = await self._scheduler.ask(worker.address, progress, self._scan)
        worker.asked = False
        if worker.heard != heard:
            return
        if isinstance(done, int) and done != worker.done:
            worker.done, worker.heard = done, time.monotonic()
        else:
            since = time.monotonic() - heard
            self._leave_aside(
                worker.address, f"the worker {worker.address} has stood still for {since:.0f} s"
            )

    def _aside_of_watching(self, asking: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.get_running_loop().create_task(asking))
        task.add_done_callback(self._tasks.discard)
