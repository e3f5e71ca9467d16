"""What a worker of Dask does: it visits shards of a scan, and gives back their encoded records.

Dask calls `visit` for each shard, in a thread of its own. All shards of a scan are visited by one `_Sweeper`, with a
loop and a thread to itself, so connections in flight, rate and ceilings hold for the process, and nothing of
it meets Dask's loop. Once the last target of a shard is taken, its thread leaves Dask's pool (``secede``): the
next shard begins while the slow ones of this one are waited for. A sweeper ends when its scan does, or `IDLE` after
its last shard, if nobody is there any more to end it.
"""

from __future__ import annotations

import asyncio
import gc
import pickle
import threading
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from typing import Final

from ..formats.record import decode
from ..inputs.route import Route
from ..journal.ledger import Ledger
from ..models import Settings, Target
from ..sweep.admission import InBatches
from ..sweep.results import Row
from .shards import Found, Shard, decoded
from .slices import SLICE, Share

IDLE: Final = 10.0
"""Seconds: the next shard comes within one round trip to the scheduler, unless the scan's output is stuck."""

LAZY: Final = (50_000, 20, 100)
"""Thresholds of the collection of garbage while a process visits, as the command has them: with Python's own, Dask's
100,000 objects are looked through again and again for our records, for 1 us of each."""


def visit(order: bytes) -> Found:
    """Visit an encoded `Shard`.

    Settings are unpickled: a worker of Dask runs whatever its scheduler sends it anyway.
    """
    shard = decoded(order)
    if shard.scan in _winding_up:
        return Found(partly=b"")
    errand = _Errand(shard)
    if not _hand_over(shard, errand):
        return Found(unknown=True)
    errand.taken.wait()
    _secede()
    return errand.found.result()


def wind_up(scan: str) -> None:
    """Start nothing more for a scan: its shards end with what is under way."""
    with _lock:
        _winding_up.add(scan)
        for sweeper in _of(scan):
            sweeper.wind_up()


def dismiss(scan: str) -> None:
    """End what this process does for a scan, now; what is under way is dropped."""
    with _lock:
        _winding_up.discard(scan)
        for sweeper in _of(scan):
            sweeper.stop()


def progress(scan: str) -> int:
    """How many targets of a scan this process has visited: what tells a slow worker from one that stands still."""
    with _lock:
        return sum(sweeper.visited for sweeper in _of(scan))


def _secede() -> None:
    from distributed import secede

    secede()


class _Errand:
    """A shard, on its way through a sweeper."""

    def __init__(self, shard: Shard) -> None:
        self._targets = shard.targets
        self._positions = array("Q", shard.positions)
        self.size = len(self._targets) or len(self._positions)
        self.taken = threading.Event()
        """All its targets are about to be visited, or it has failed."""
        self.found: Future[Found] = Future()
        self.first = 0  # its first position in the sweeper
        self._done = array("Q")
        self._blocks: list[bytes] = []  # joined while they are in the processor's cache
        self._bounds: list[bytes] = []  # the least and the greatest line of each
        self._statuses: Counter[str] = Counter()

    def targets(self, route: Route | None) -> Iterator[Target]:
        """Who is to be visited, found on the `route` where that was sent."""
        return iter(self._targets) if route is None else route.at(self._positions)

    def keep(self, positions: Sequence[int], rows: Sequence[Row]) -> bool:
        """These are done, at their positions in the sweeper; whether all are."""
        self._done.extend(positions)
        lines = [line for line, _, _ in rows]
        self._blocks.append(b"".join(lines))
        self._bounds += min(lines), max(lines)
        self._statuses.update([status for _, status, _ in rows])
        if len(self._done) == self.size:
            self.end()
        return self.found.done()

    def end(self) -> None:
        """Nothing more will be done."""
        partly = None
        if len(self._done) < self.size:
            partly = array("Q", [position - self.first for position in self._done]).tobytes()
        began = last = time.time()
        if self._bounds:  # a record begins with the time of its start
            began, last = decode(min(self._bounds)).time, decode(max(self._bounds)).time
        lagged = max(0.0, time.time() - last)
        self.found.set_result(Found(b"".join(self._blocks), self._statuses, last - began, lagged, partly))
        self.taken.set()

    def fail(self, error: Exception) -> None:
        """Nothing comes of it."""
        self.found.set_exception(error)
        self.taken.set()


class _Sweeper:
    """One scan in this process, or rather this process's share of it."""

    def __init__(self, key: tuple[str, Share], settings: Settings, route: Route | None) -> None:
        self._key = key
        self._settings = settings
        self._route = route
        self._waiting: asyncio.Queue[_Errand] = asyncio.Queue()
        self._errands: list[_Errand] = []  # those that have positions
        self.visited = 0
        self._owed = 0  # errands that are not done; with `_lock`
        self._ledger = Ledger()
        self._end_targets: Callable[[], None] = lambda: None
        # Here, not in the thread: where no loop or thread is to be had, whoever asks is told.
        self._runner = asyncio.Runner(loop_factory=_loop_factory())
        self._loop = self._runner.get_loop()
        self._task: asyncio.Task[None] | None = self._loop.create_task(self._sweep())
        try:
            threading.Thread(target=self._run, name="banner", daemon=True).start()
        except BaseException:
            self._runner.close()
            raise

    def accept(self, errand: _Errand) -> None:
        """Visit this too. Called with `_lock`."""
        self._owed += 1
        self._loop.call_soon_threadsafe(self._waiting.put_nowait, errand)

    def wind_up(self) -> None:
        """Start nothing more. Called with `_lock`."""
        self._loop.call_soon_threadsafe(self._end_targets)

    def stop(self) -> None:
        """Close every socket and end. Called with `_lock`."""
        self._leave()
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _leave(self) -> None:
        """Nobody hands anything over any more. Called with `_lock`."""
        if _sweepers.get(self._key) is self:
            del _sweepers[self._key]
            _tune()

    def _run(self) -> None:
        with self._runner as runner:
            assert self._task is not None
            failure: BaseException | None = None
            try:
                runner.run(_settled(self._task))
            except (Exception, asyncio.CancelledError) as error:
                failure = error
            with _lock:  # from here on nobody hands anything over
                self._leave()
                self._task = None
            runner.run(asyncio.sleep(0))  # what was handed over until then has arrived
            while not self._waiting.empty():
                self._errands.append(self._waiting.get_nowait())
            for errand in self._errands:
                if failure is None:
                    errand.end()
                else:
                    errand.fail(RuntimeError(f"the scan has ended: {failure!r}"))

    async def _sweep(self) -> None:
        share = self._key[1]
        async with share.written_scan(InBatches(self._batches()), self._settings) as results:
            self._end_targets = results.stop
            if self._key[0] in _winding_up:
                results.stop()
            async for rows in results.batches():
                self._settle(rows)

    async def _batches(self) -> AsyncIterator[list[Target]]:
        ledger = self._ledger
        while True:
            try:
                errand = await asyncio.wait_for(self._waiting.get(), IDLE)
            except TimeoutError:
                with _lock:
                    if not self._owed:
                        self._leave()
                        return
                continue
            errand.first = ledger.following
            self._errands.append(errand)
            targets = errand.targets(self._route)
            while batch := list(ledger.hand_out(islice(targets, SLICE))):
                yield batch
            errand.taken.set()

    def _settle(self, rows: list[Row]) -> None:
        """Give each outcome to the errand that its target is of."""
        self.visited += len(rows)
        positions = self._ledger.settle_targets([target for _, _, target in rows])
        least, most = min(positions), max(positions)
        for errand in list(self._errands):
            first, end = errand.first, errand.first + errand.size
            if first <= least and most < end:  # as nearly always: shards are large, and begun in turn
                self._keep(errand, positions, rows)
                return
            if mine := [place for place, position in enumerate(positions) if first <= position < end]:
                self._keep(errand, [positions[place] for place in mine], [rows[place] for place in mine])

    def _keep(self, errand: _Errand, positions: Sequence[int], rows: Sequence[Row]) -> None:
        if errand.keep(positions, rows):
            self._errands.remove(errand)
            with _lock:
                self._owed -= 1


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def _settled(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
    task.result()


_sweepers: dict[tuple[str, Share], _Sweeper] = {}
"""By scan and share, so that any number of scans keep apart: Dask calls functions, which find nothing else again."""
_winding_up: set[str] = set()
_lock = threading.Lock()
_usual = gc.get_threshold()


def _tune() -> None:
    """Have garbage collected rarely for as long as somebody visits. Called with `_lock`."""
    gc.set_threshold(*(LAZY if _sweepers else _usual))


def _of(scan: str) -> list[_Sweeper]:
    return [sweeper for (name, _), sweeper in _sweepers.items() if name == scan]


def _hand_over(shard: Shard, errand: _Errand) -> bool:
    """Give the errand to the scan's sweeper, a new one where there is none; False where its settings lack."""
    key = (shard.scan, shard.share)
    with _lock:
        sweeper = _sweepers.get(key)
        if sweeper is None:
            if shard.settings is None:
                return False
            route = None if shard.route is None else pickle.loads(shard.route)
            sweeper = _sweepers[key] = _Sweeper(key, pickle.loads(shard.settings), route)
            _tune()
        sweeper.accept(errand)
    return True
