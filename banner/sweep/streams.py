"""The streams driver of a scan: tasks that each visit one target after the other, as ``grab()`` does.

Used where a selector cannot be nested in the loop. A task lives as long as there is something to start, so
there are never more tasks than targets in flight, and none per target.
"""

from __future__ import annotations

import asyncio
import time
from typing import Generic, TypeVar

from ..models import Settings
from ..visit.visit import Visit
from .admission import Feed
from .job import Job
from .results import Outbox

T = TypeVar("T")


class Streams(Generic[T]):
    """Visits what `feed` gives, `concurrency` at a time, and puts every outcome into `outbox`."""

    def __init__(self, feed: Feed[Job], outbox: Outbox[T], settings: Settings, concurrency: int) -> None:
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._concurrency = concurrency
        self._changed = asyncio.Event()
        self._workers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Return when everything is visited; cancelled, close all sockets."""
        self._feed.wake = self._outbox.room = self._changed.set
        try:
            async with asyncio.TaskGroup() as group:
                while not (self._feed.exhausted and not self._workers):
                    self._changed.clear()
                    self._start(group)
                    if self._feed.exhausted and not self._workers:
                        return
                    await self._wait()
        except* Exception as group_error:
            raise group_error.exceptions[0] from None

    def in_flight(self) -> int:
        """How many targets are being visited."""
        return len(self._workers)

    def _start(self, group: asyncio.TaskGroup) -> None:
        while len(self._workers) < self._concurrency and (job := self._next()) is not None:
            worker = group.create_task(self._work(job))
            self._workers.add(worker)
            worker.add_done_callback(self._ended)

    def _next(self) -> Job | None:
        if self._outbox.full:
            return None
        jobs = self._feed.take(1, time.monotonic())
        return jobs[0] if jobs else None

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._feed.delay):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _work(self, first: Job) -> None:
        job: Job | None = first
        while job is not None:
            visit = Visit(job.target, self._settings, began=job.asked, dns=job.dns, turn=self._feed.next_turn)
            grab = await visit.run_job(job.addresses, job.error, job.denied)
            if not self._feed.done(job, grab.status, grab.banner):
                self._outbox.put(grab)
            job = self._next()

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        self._changed.set()
