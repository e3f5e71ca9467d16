"""The streams driver of a scan: tasks that each visit one target after the other, as ``grab()`` does.

Used where a selector cannot be nested in the loop. A task lives as long as there is something to start, so
there are never more tasks than targets in flight, and none per target.
"""

from __future__ import annotations

import asyncio
import time
from typing import Generic, TypeVar

from ..models import Grab, Settings, Transport
from ..plan.refusals import Refusals
from ..visit.visit import Visit
from .admission import Admission
from .job import Job, unreached
from .results import Results

T = TypeVar("T")


class Streams(Generic[T]):
    """Visits what `admission` gives, `concurrency` at a time, and puts every outcome into `results`."""

    def __init__(
        self, admission: Admission[Job], results: Results[T], settings: Settings, concurrency: int
    ) -> None:
        self._admission = admission
        self._results = results
        self._settings = settings
        self._concurrency = concurrency
        self._refusals = Refusals()
        self._changed = asyncio.Event()
        self._workers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Return when everything is visited; cancelled, close all sockets."""
        self._admission.wake = self._results.room = self._changed.set
        try:
            async with asyncio.TaskGroup() as group:
                while not (self._admission.exhausted and not self._workers):
                    self._changed.clear()
                    self._start(group)
                    if self._admission.exhausted and not self._workers:
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
        if self._results.full:
            return None
        jobs = self._admission.take(1, time.monotonic())
        return jobs[0] if jobs else None

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._admission.delay):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _work(self, first: Job) -> None:
        job: Job | None = first
        while job is not None:
            job.start(time.monotonic())
            grab = await self._visit(job)
            if unreached(job, grab, time.monotonic(), self._settings):
                self._admission.next_address(job, time.monotonic())
            elif job.target.transport is Transport.UDP:
                self._admission.done(job)
                self._results.put(grab)
            elif not self._admission.done(job, grab.status, grab.banner):
                self._results.put(grab)
            job = self._next()

    async def _visit(self, job: Job) -> Grab:
        turn = self._admission.next_turn
        visit = Visit(
            job.target, self._settings, began=job.began, dns=job.dns, turn=turn, refusals=self._refusals
        )
        try:
            # A UDP target has so many datagrams, at however many addresses.
            last = None if job.target.transport is Transport.UDP else job.at + 1
            return await visit.run_job(job.addresses[job.at : last], job.error, job.denied, job.fault)
        except Exception as error:
            return visit.fault(error)

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        self._changed.set()
