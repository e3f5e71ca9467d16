"""What is visited next: targets pulled lazily, names resolved ahead of need, rate and ceilings held.

A driver asks `Admission.take` whenever it has room and gets a `Job` that may start now, or None; then `delay`
says when to ask again, unless `wake` is called before. Nothing here blocks and nothing is a list: at most
`AHEAD` targets are resolved, held back or buffered, and no further one is pulled while that is so. A target that a
host turned away after it had answered is visited once more, when the host was left in peace for a while.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Generic

from ..addresses.socket_address import literal
from ..models import Settings, Status, Target
from ..visit.loop import is_cancelled
from ..visit.resolver import Resolver
from .backoff import Backoff
from .job import J
from .naming import Naming
from .pacing import Ceilings, TokenBucket, Waiting
from .second_visits import SecondVisits

log: logging.Logger = logging.getLogger("banner")

AHEAD = 1024
"""Targets pulled but not started: enough to hide the time of names behind that of connections, and to find
other hosts behind a run of targets on one that is held back; about 1 kB each."""

Targets = Iterable[Target] | AsyncIterable[Target]


def not_a_target(given: object) -> TypeError:
    """What is raised for something else among the targets."""
    return TypeError(f"targets are banner.Target(host, port), not {given!r}")


class InBatches(AsyncIterable[Target]):
    """Targets that come several at a time, for less than one by one."""

    def __init__(self, batches: AsyncIterable[Iterable[Target]]) -> None:
        self.batches = batches

    async def __aiter__(self) -> AsyncIterator[Target]:
        async for batch in self.batches:
            for target in batch:
                yield target


class Admission(Generic[J]):
    """The jobs of one scan, in the order of their targets but for those that must wait."""

    def __init__(
        self,
        targets: Targets,
        settings: Settings,
        resolver: Resolver,
        kind: type[J],
        *,
        bucket: TokenBucket | None = None,
        ceilings: Ceilings | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._policy = settings.policy
        self._kind = kind
        self._bucket = bucket
        self._waiting = None if ceilings is None else Waiting[J](ceilings, AHEAD)
        self._second = None if backoff is None else SecondVisits(backoff, kind, AHEAD)
        self.wake: Callable[[], None] = lambda: None
        """Called when `take` may have something again; the driver sets it."""
        self._ready: deque[J] = deque()
        self._naming = Naming[J](resolver, settings.policy, settings.proxy, kind, self._named)
        self.failure: BaseException | None = None
        """What the caller's iterable raised: raised again where the results are read."""
        self.dry: bool = False
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
    def counts(self) -> bool:
        """Whether it matters to it how many connections an address has."""
        return self._waiting is not None

    @property
    def paced(self) -> bool:
        """Whether every further connection has to wait for its turn (`next_turn`)."""
        return self._bucket is not None

    @property
    def exhausted(self) -> bool:
        """Nothing is left to start, now or later."""
        held = self._ready or self._waiting or self._second or self._naming or self._buffer
        return self.dry and not held

    def take(self, most: int, now: float) -> list[J]:
        """At most `most` jobs that may start at `now` (monotonic seconds)."""
        self.delay = None
        second = self._second
        if second is not None:
            self._ready.extend(second.due(now))
            if second.everywhere(now):
                second = None
        if self._bucket is None and self._waiting is None and second is None:
            jobs = self._many(most)
        else:
            jobs = self._few(most, now, second)
        if self._second and self.delay is None and len(jobs) < most:
            self.delay = self._second.delay(now)
        return jobs

    def _few(self, most: int, now: float, second: SecondVisits[J] | None) -> list[J]:
        """The jobs that neither the rate nor a ceiling nor a host's peace holds back."""
        jobs: list[J] = []
        while len(jobs) < most and (job := self._next()) is not None:
            if not job.ready:
                jobs.append(job)
                continue
            if second is not None and not job.ahead and second.keeps(job, now):
                if job.counted:
                    self._release(job)
                continue
            if self._waiting is not None and not job.counted:
                if not self._waiting.offer(job.ip, job):
                    continue
                job.counted = True
            if self._bucket is not None and (wait := self._bucket.take(now)) > 0:
                self.delay = wait
                job.ahead = second is not None
                self._ready.appendleft(job)
                break
            jobs.append(job)
        return jobs

    def _many(self, most: int) -> list[J]:
        """The same where nothing holds a job back: the way of nearly every target of a large scan."""
        jobs: list[J] = []
        if self._policy is None and not self._ready and not self._naming:
            source, seen, kind = self._source, 0, self._kind
            try:
                for target in self._read(most) if source is None else islice(source, most):
                    seen += 1
                    if not isinstance(target, Target):
                        raise not_a_target(target)
                    host = target.ip or target.host
                    if target.ip or literal(host):
                        jobs.append(kind(target, (host,)))
                    else:
                        self._naming.begin(target)
            except (Exception, asyncio.CancelledError) as error:  # as in _pull
                self.failure, self.dry, self._source = error, True, iter(())
            self.dry = self.dry or (source is not None and seen < most)
            return jobs
        while len(jobs) < most and (job := self._next()) is not None:
            jobs.append(job)
        return jobs

    def next_address(self, job: J, now: float) -> None:
        """`job` came to nothing at its address, and waits for its turn at the next one: by the rate, and by that
        address's own ceiling. Its time stands still meanwhile."""
        if job.counted:
            self._release(job)
        job.at += 1
        job.held, job.ahead = now, False
        self._ready.appendleft(job)
        self.wake()

    def owe(self, count: int, now: float) -> None:
        """So many datagrams leave now to a target that was started before; others wait for it where the rate says."""
        if self._bucket is not None:
            self._bucket.owe(count, now)

    async def next_turn(self) -> None:
        """Wait until the rate allows one more connection to a target that was started before."""
        while self._bucket is not None:
            wait = self._bucket.take(time.monotonic())
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    def done(self, job: J, status: Status | None = None, banner: bytes = b"") -> bool:
        """The connections of `job` are closed: one more to its address may start. With its `status` and `banner`,
        return whether it will be handed out again, and this is not its outcome (see `SecondVisits`)."""
        if job.counted:
            self._release(job)
        if self._second is None or status is None or not self._second.takes_back(job, status, banner):
            return False
        self.wake()
        return True

    def _release(self, job: J) -> None:
        assert self._waiting is not None
        job.counted = False
        freed = self._waiting.release(job.ip)
        if freed is not None:
            freed[1].counted = True
            self._ready.appendleft(freed[1])
            self.wake()

    def stop(self) -> None:
        """Start nothing more: what was pulled and not started is dropped."""
        self.dry = True
        self._source = iter(())
        self._ready.clear()
        self._buffer.clear()
        if self._second is not None:
            self._second.close()
        if self._waiting is not None:
            self._waiting.drain()
        self._naming.cancel()
        if self._pump is not None:
            self._pump.cancel()
        self.wake()

    async def close(self) -> None:
        """Stop pulling and resolving."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        await self._naming.close()

    # -- within -------------------------------------------------------------------------------------

    def _next(self) -> J | None:
        if self._ready:
            return self._ready.popleft()
        while len(self._naming) < AHEAD and not (self._waiting is not None and self._waiting.full):
            target = self._pull()
            if target is None:
                return None
            host = target.ip or target.host
            if target.ip or literal(host):
                job = self._kind(target, (host,))
                return job if self._policy is None else self._naming.denied_or(job)
            self._naming.begin(target)
        return None

    def _named(self, job: J | None) -> None:
        if job is not None:
            self._ready.append(job)
        self.wake()

    def _pull(self) -> Target | None:
        if self._source is None:
            return next(iter(self._read(1)), None)
        try:
            target = next(self._source)
            if isinstance(target, Target):
                return target
            raise not_a_target(target)
        except StopIteration:
            self.dry = True
        # The caller's own code: it is told where it reads the results.
        except (Exception, asyncio.CancelledError) as error:
            self.failure, self.dry = error, True
        self._source = iter(())
        return None

    def _read(self, most: int) -> list[Target]:
        """At most `most` of what an asynchronous source has given."""
        buffer = self._buffer
        taken = [buffer.popleft() for _ in range(min(most, len(buffer)))]
        if len(buffer) < AHEAD:
            self._room.set()
        return taken

    async def _drain(self, targets: AsyncIterable[Target]) -> None:
        try:
            several: AsyncIterable[Any] | None = targets.batches if isinstance(targets, InBatches) else None
            source: AsyncIterable[Any] = targets if several is None else several
            async for given in source:
                if several is None and not isinstance(given, Target):
                    raise not_a_target(given)
                self._buffer.extend(given if several is not None else [given])
                self.wake()
                while len(self._buffer) >= AHEAD:
                    self._room.clear()
                    await self._room.wait()
        except (Exception, asyncio.CancelledError) as error:  # as in _pull
            if is_cancelled():
                raise
            self.failure = error
        finally:
            self.dry = True
            self.wake()
