"""Visits of a crowd by every driver: what is wrong, what differs, what was left, and what each peer cost."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Coroutine, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from banner import Grab, Settings, Timeouts, grab, scan

from .crowd import Stranger
from .heartbeat import Heartbeat
from .judging import complaints, differences, uncounted

AGAIN = 2
"""Times that a peer is visited again, by both drivers, before a difference is told: one may be the clock's."""

LEAVE = 5.0
"""Seconds that the last peers have to see that we have gone."""

Driver = Literal["sweep", "streams"]
Grabs = dict[tuple[str, int], Grab]


class Metered(Awaitable[Grab]):
    """A visit whose steps' CPU is counted: seconds of this thread, in `cost`."""

    def __init__(self, visit: Coroutine[Any, Any, Grab]) -> None:
        self._visit = visit
        self.cost = 0.0

    def __await__(self) -> Generator[Any, Any, Grab]:
        step, given = self._visit.send, None
        while True:
            began = time.thread_time()
            try:
                awaited = step(given)
            except StopIteration as done:
                grab: Grab = done.value
                return grab
            finally:
                self.cost += time.thread_time() - began
            step, given = self._visit.send, None
            try:
                yield awaited
            except BaseException as error:
                step, given = self._visit.throw, error


@dataclass
class Tally:
    """What came of all visits."""

    wrong: list[str] = field(default_factory=list)
    connections: int = 0
    visits: int = 0
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    costs: list[tuple[float, str]] = field(default_factory=list)
    """Seconds of CPU that grab() spent on each peer."""

    def note(self, how: str, crowd: Iterable[Stranger], grabs: list[Grab], timeouts: Timeouts) -> None:
        """Judge the records that `how` gave of a crowd."""
        self.wrong += [f"{how}: {text}" for text in uncounted((one.target for one in crowd), grabs)]
        for one in grabs:
            self.connections += one.connections
            self.visits += 1
            self.wrong += [
                f"{how}: {one.host}:{one.port}: {text}"
                for text in complaints(one, timeouts, self.heartbeat.elapsed)
            ]


class Watch(logging.Handler):
    """Hears what is logged, what nobody awaited, and which descriptors were left open, while it is entered."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(logging.WARNING)
        self._tally = tally

    def emit(self, record: logging.LogRecord) -> None:
        self._tally.wrong.append(f"logged: {self.format(record)}")

    async def __aenter__(self) -> Watch:
        logging.getLogger().addHandler(self)
        self._tasks, self._open = asyncio.all_tasks(), _descriptors()
        self._tally.heartbeat.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        self._tally.heartbeat.stop()
        # Peers in this loop see our end when we have gone.
        loop = asyncio.get_running_loop()
        patience = loop.time() + LEAVE
        while self._left() and loop.time() < patience:
            await asyncio.sleep(0.01)
        self._tally.wrong += self._left()

    def _left(self) -> list[str]:
        tasks, descriptors = asyncio.all_tasks() - self._tasks, sorted(_descriptors() - self._open)
        under_way = [f"left under way: {task}" for task in tasks if task is not asyncio.current_task()]
        return under_way + [f"left open: descriptor {one}" for one in descriptors]


def _descriptors() -> set[str]:
    return {name for name in os.listdir("/proc/self/fd") if _is_held(f"/proc/self/fd/{name}")}


def _is_held(path: str) -> bool:
    """Whether the descriptor is still open, and not the one that libuv keeps in reserve from its first stream on."""
    return os.path.lexists(path) and os.readlink(path) != os.devnull


async def scanned(crowd: list[Stranger], driver: Driver, settings: Settings) -> list[Grab]:
    """One scan by `driver`."""
    async with scan(
        [one.target for one in crowd],
        timeouts=settings.timeouts,
        limit=settings.limit,
        mode=settings.mode,
        driver=driver,
    ) as results:
        return [found async for found in results]


def _by_target(grabs: list[Grab]) -> Grabs:
    return {(found.host, found.port): found for found in grabs}


async def grabbed(crowd: list[Stranger], settings: Settings, tally: Tally, together: int = 500) -> Grabs:
    """grab() for each, so many at a time."""
    room, grabs = asyncio.Semaphore(together), list[Grab]()

    async def visit(one: Stranger) -> None:
        async with room:
            visit = Metered(
                grab(one.host, one.port, timeouts=settings.timeouts, limit=settings.limit, mode=settings.mode)
            )
            grabs.append(await visit)
            tally.costs.append((visit.cost, f"{one} ({settings.mode})"))

    async with asyncio.TaskGroup() as group:
        for one in crowd:
            group.create_task(visit(one))
    tally.note("grab", crowd, grabs, settings.timeouts)
    return _by_target(grabs)


async def compared(crowd: list[Stranger], settings: Settings, tally: Tally) -> list[str]:
    """Scan by both drivers until each peer's two records were equal once, and say in what the others differ."""
    differ: dict[int, dict[str, tuple[Any, Any]]] = {}
    for _ in range(1 + AGAIN):
        swept, streamed = await asyncio.gather(
            scanned(crowd, "sweep", settings), scanned(crowd, "streams", settings)
        )
        # Judging takes a millisecond a record: only now, when it keeps nobody waiting.
        tally.note("sweep", crowd, swept, settings.timeouts)
        tally.note("streams", crowd, streamed, settings.timeouts)
        sweep, streams = _by_target(swept), _by_target(streamed)
        differ = {
            one.number: fields
            for one in crowd
            if (where := (one.host, one.port)) in sweep
            and where in streams
            and (
                fields := differences(
                    sweep[where],
                    streams[where],
                    settings.timeouts.total,
                    slowed=one.slowed,
                    resets=one.resets,
                )
            )
        }
        crowd = [one for one in crowd if one.number in differ]
        if not crowd:
            break
    return [
        f"{one} ({settings.mode}, {settings.limit}): sweep and streams differ: {differ[one.number]}"
        for one in crowd
    ]
