"""What is visited next: targets pulled lazily, names resolved ahead of need, rate and ceilings held.

A driver asks `Feed.take` whenever it has room and gets a `Job` that may start now, or None; then `delay`
says when to ask again, unless `wake` is called before. Nothing here blocks and nothing is a list: at most
`AHEAD` targets are resolved, held back or buffered, and no further one is pulled while that is so.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from itertools import islice

from .address import literal
from .models import Settings, Target
from .pacing import Ceilings, TokenBucket, Waiting
from .resolver import ResolveError, Resolver

AHEAD = 1024
"""Targets pulled but not started: enough to hide the time of names behind that of connections, and to find
other hosts behind a run of targets on one that is held back; about 1 kB each."""

Targets = Iterable[Target] | AsyncIterable[Target]


class Job:
    """A target that may start: its addresses, or the error that is its outcome."""

    __slots__ = ("addresses", "began", "counted", "denied", "dns", "error", "target")

    def __init__(self, target: Target, addresses: tuple[str, ...]) -> None:
        self.target = target
        self.addresses = addresses
        self.began: float | None = None
        """When its name began to be resolved (monotonic seconds), where it has one."""
        self.dns: float | None = None
        self.error: str | None = None
        """Why its name has no address."""
        self.counted = False
        """A ceiling counts its connection."""
        self.denied: str | None = None
        """Why a policy forbids it."""

    @property
    def ready(self) -> bool:
        """Whether there is somewhere to connect to."""
        return self.error is None and self.denied is None


class Feed:
    """The jobs of one scan, in the order of their targets but for those that must wait."""

    def __init__(
        self,
        targets: Targets,
        settings: Settings,
        resolver: Resolver,
        *,
        bucket: TokenBucket | None = None,
        ceilings: Ceilings | None = None,
    ) -> None:
        self._policy = settings.policy
        self._resolver = resolver
        self._bucket = bucket
        self._waiting = None if ceilings is None else Waiting[Job](ceilings, AHEAD)
        self.wake: Callable[[], None] = lambda: None
        """Called when `take` may have something again; the driver sets it."""
        self._ready: deque[Job] = deque()
        self._naming: set[asyncio.Task[None]] = set()
        self.failure: BaseException | None = None
        """What the caller's iterable raised: raised again where the results are read."""
        self.dry = False
        """The source has given its last target."""
        self.delay: float | None = None
        """Seconds after which `take` may have something, where time alone brings it."""
        self._buffer: deque[Target] = deque()
        self._room = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._source: Iterator[Target] | None = None
        if isinstance(targets, AsyncIterable):
            self._pump = asyncio.get_running_loop().create_task(self._drain(targets))
        else:
            self._source = iter(targets)

    @property
    def exhausted(self) -> bool:
        """Nothing is left to start, now or later."""
        return self.dry and not (self._ready or self._waiting or self._naming or self._buffer)

    def take(self, most: int, now: float) -> list[Job]:
        """At most `most` jobs that may start at `now` (monotonic seconds)."""
        self.delay = None
        if self._bucket is None and self._waiting is None:
            return self._many(most)
        jobs: list[Job] = []
        while len(jobs) < most and (job := self._next()) is not None:
            if not job.ready:
                jobs.append(job)
                continue
            if self._waiting is not None and not job.counted:
                if not self._waiting.offer(job.addresses[0], job):
                    continue
                job.counted = True
            if self._bucket is not None and (wait := self._bucket.take(now)) > 0:
                self.delay = wait
                self._ready.appendleft(job)
                break
            jobs.append(job)
        return jobs

    def _many(self, most: int) -> list[Job]:
        """The same where nothing holds a job back: the way of nearly every target of a large scan."""
        jobs: list[Job] = []
        if self._source is not None and self._policy is None and not self._ready and not self._naming:
            seen = 0
            try:
                for target in islice(self._source, most):
                    seen += 1
                    if literal(target.host):
                        jobs.append(Job(target, (target.host,)))
                    else:
                        self._resolve(target)
            except Exception as error:  # as in _pull
                self.failure, self.dry, self._source = error, True, iter(())
            else:
                self.dry = self.dry or seen < most
            return jobs
        while len(jobs) < most and (job := self._next()) is not None:
            jobs.append(job)
        return jobs

    async def next_turn(self) -> None:
        """Wait until the rate allows one more connection to a target that was started before."""
        while self._bucket is not None:
            wait = self._bucket.take(time.monotonic())
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    def done(self, job: Job) -> None:
        """The connections of `job` are closed: one more to its address may start."""
        if self._waiting is None or not job.counted:
            return
        freed = self._waiting.release(job.addresses[0])
        if freed is not None:
            freed[1].counted = True
            self._ready.appendleft(freed[1])
            self.wake()

    def denied_or(self, job: Job) -> Job:
        """`job`, marked where every one of its addresses is forbidden; forbidden ones are left out."""
        refusals = {ip: self._policy.refusal(ip, job.target.port) for ip in job.addresses}
        permitted = tuple(ip for ip, refusal in refusals.items() if refusal is None)
        if not permitted:
            job.denied = next(iter(refusals.values()))
        else:
            job.addresses = permitted
        return job

    async def close(self) -> None:
        """Stop pulling and resolving."""
        tasks = [*self._naming, *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- within -------------------------------------------------------------------------------------

    def _next(self) -> Job | None:
        if self._ready:
            return self._ready.popleft()
        while len(self._naming) < AHEAD and not (self._waiting is not None and self._waiting.full):
            target = self._pull()
            if target is None:
                return None
            host = target.host
            if literal(host):
                job = Job(target, (host,))
                return job if self._policy is None else self.denied_or(job)
            self._resolve(target)
        return None

    def _resolve(self, target: Target) -> None:
        task = asyncio.get_running_loop().create_task(self._name(target))
        self._naming.add(task)
        task.add_done_callback(self._named)

    def _pull(self) -> Target | None:
        if self._source is None:
            self._room.set()
            return self._buffer.popleft() if self._buffer else None
        try:
            return next(self._source)
        except StopIteration:
            self.dry = True
        except Exception as error:  # the caller's own code: it is told where it reads the results
            self.failure, self.dry = error, True
        self._source = iter(())
        return None

    async def _name(self, target: Target) -> None:
        job = Job(target, ())
        job.began = time.monotonic()
        try:
            job.addresses = await self._resolver.resolve(target.host)
        except ResolveError as error:
            job.error = str(error)
        job.dns = time.monotonic() - job.began
        if self._policy is not None and job.addresses:
            self.denied_or(job)
        self._ready.append(job)

    def _named(self, task: asyncio.Task[None]) -> None:
        self._naming.discard(task)
        self.wake()

    async def _drain(self, targets: AsyncIterable[Target]) -> None:
        try:
            async for target in targets:
                self._buffer.append(target)
                self.wake()
                while len(self._buffer) >= AHEAD:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:  # as in _pull
            self.failure = error
        finally:
            self.dry = True
            self.wake()
