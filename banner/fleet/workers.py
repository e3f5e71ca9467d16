"""The same scan on several local processes: targets dealt by the parent in slices, lines handed back in blocks.

A worker is a fork of the parent with an event loop and a sweep of its own. It numbers the targets as they come and
gives back the numbers that are done with their encoded records; the parent keeps what each worker still owes. A
block counts when it has arrived whole, so a worker that dies costs nothing: what it owes is dealt again, to a
new one. Rate, concurrency and ceilings are divided, so that they hold for the whole. A parent that dies is seen
as the end of the targets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys
import traceback
from array import array
from collections.abc import AsyncIterator, Callable, Coroutine
from types import TracebackType
from typing import Any, Final, NoReturn

import msgspec

from ..journal.ledger import Ledger
from ..models import Settings, Target
from ..sweep.admission import Targets
from ..sweep.results import Block
from .slices import FRUITLESS, SLICE, Share, Supply, WorkersDiedError

LINGER: Final = 0.01
"""Seconds for which a worker gathers records before it hands them over, unless `SLICE` are there."""


class _Done(msgspec.Struct, frozen=True, array_like=True):
    """What a worker says."""

    numbers: bytes
    statuses: dict[str, int]
    lines: bytes


class _Worker:
    """One process, as the parent sees it."""

    def __init__(self, settings: Settings, share: Share) -> None:
        self.sock, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            _become_worker(theirs, settings, share)
        theirs.close()
        self.owed: dict[int, Target] = {}
        self.dealt = 0
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(sock=self.sock, limit=1 << 20)

    def deal(self, targets: list[Target]) -> None:
        """Have these visited."""
        assert self.writer is not None
        for number, target in enumerate(targets, self.dealt):
            self.owed[number] = target
        self.dealt += len(targets)
        self.writer.write(_frame(_encoder.encode(targets)))

    def settle(self, done: _Done) -> Block:
        owed = self.owed
        return Block(done.lines, done.statuses, [owed.pop(number) for number in array("Q", done.numbers)])

    def stop(self) -> None:
        """Have it start nothing more, and end."""
        if self.writer is not None:
            self.writer.write_eof()

    def end(self) -> int:
        """Kill it where it lives; how it ended."""
        if self.writer is not None:
            self.writer.close()
        self.sock.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return os.waitpid(self.pid, 0)[1]


class Crew:
    """Workers that visit targets: an async context manager, read with `blocks`.

    Made before an event loop runs, for the processes are forked then.
    """

    def __init__(self, settings: Settings, share: Share) -> None:
        self._settings = settings
        self._share = share
        self._listening: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._supply = Supply(self._changed.set)
        self._found: asyncio.Queue[Block] = asyncio.Queue(4 * share.workers)
        self._failure: BaseException | None = None
        self._deaths = 0  # since a block came
        self._stopped = False
        # Slices of a quarter of a second at most, so that a slow scan is dealt evenly and can be stopped.
        self._size = SLICE if share.rate is None else min(SLICE, max(1, int(share.rate / 4)))
        self._most = share.concurrency + 4 * self._size  # owed by a worker: in flight, and what is next
        self._workers = [_Worker(settings, share) for _ in range(share.workers)]

    async def __aenter__(self) -> Crew:
        for worker in self._workers:
            await self._listen_to(worker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._supply.close()
        tasks = list(self._listening)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for worker in self._workers:
            worker.end()

    async def blocks(self, targets: Targets) -> AsyncIterator[Block]:
        """Visit `targets`. Raises `WorkersDiedError`, and what `targets` raises."""
        self._supply.begin(targets)
        while True:
            self._changed.clear()
            self._deal()
            while not self._found.empty():
                yield self._found.get_nowait()
            if (failure := self._failure or self._supply.failure) is not None:
                raise failure
            if self._supply.over and not any(worker.owed for worker in self._workers):
                if self._found.empty():
                    return
                continue
            await self._changed.wait()

    def stop(self) -> None:
        """Start nothing more: the blocks end with what is under way."""
        self._stopped = True
        self._supply.stop()
        for worker in self._workers:
            worker.stop()

    def in_flight(self) -> int:
        """How many targets are being visited, at most: what a worker has beyond its concurrency waits there."""
        return sum(min(len(worker.owed), self._share.concurrency) for worker in self._workers)

    def unread(self) -> list[Block]:
        """What was found and not read: after a cancellation."""
        found = []
        while not self._found.empty():
            found.append(self._found.get_nowait())
        return found

    def _deal(self) -> None:
        """Give every worker what it has room for, to each in turn."""
        room = True
        while room:
            room = False
            for worker in self._workers:
                if worker.writer is not None and len(worker.owed) + self._size <= self._most:
                    if not (slice_ := self._supply.take(self._size)):
                        return
                    worker.deal(slice_)
                    room = True

    async def _listen_to(self, worker: _Worker) -> None:
        await worker.connect()
        task = asyncio.get_running_loop().create_task(self._listen(worker))
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)

    async def _listen(self, worker: _Worker) -> None:
        """Take blocks until the worker dies; then let another one do what it owes."""
        try:
            while (frame := await _read_frame(worker.reader)) is not None:
                self._deaths = 0
                await self._found.put(worker.settle(_done_decoder.decode(frame)))
                self._changed.set()
            self._workers.remove(worker)
            how = worker.end()
            if self._stopped:
                self._changed.set()
                return
            self._supply.give_back(worker.owed.values())
            self._deaths += 1
            if self._deaths > FRUITLESS:
                raise WorkersDiedError(
                    f"{self._deaths} workers died in a row, the last with wait status {how:#06x}"
                )
            fresh = _Worker(self._settings, self._share)
            self._workers.append(fresh)
            await self._listen_to(fresh)
        except Exception as error:
            self._failure = error
        self._changed.set()


# -- in the worker ----------------------------------------------------------------------------------


def _become_worker(sock: socket.socket, settings: Settings, share: Share) -> NoReturn:
    """What a fork does from here on: it never returns to the parent's frames."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
        # The output and its lock are the parent's alone, and so are the other workers' sockets: they would
        # never see the parent's end.
        kept = sock.fileno()
        os.closerange(3, kept)
        os.closerange(kept + 1, 1 << 20)  # the kernel's ceiling for descriptors (fs.nr_open)
        _run(_work(sock, settings, share))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _run(main: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _work(sock: socket.socket, settings: Settings, share: Share) -> None:
    reader, writer = await asyncio.open_connection(sock=sock, limit=1 << 20)
    ledger = Ledger()
    targets = ledger.hand_out_later(_dealt(reader, lambda: results.stop()))
    async with share.written_scan(targets, settings) as results:
        async for rows in results.batches():
            block = Block.of(rows)
            numbers = array("Q", ledger.settle_targets(block.targets))
            done = _Done(numbers.tobytes(), block.statuses, block.lines)
            if writer.is_closing():
                return  # nobody is there any more
            try:
                writer.write(_frame(_encoder.encode(done)))
                await writer.drain()
            except ConnectionError:
                return
            if len(rows) < SLICE:
                await asyncio.sleep(LINGER)


async def _dealt(reader: asyncio.StreamReader, stop: Callable[[], None]) -> AsyncIterator[Target]:
    """What the parent deals, until it ends, or wants nothing more to be started."""
    while (frame := await _read_frame(reader)) is not None:
        for target in _targets_decoder.decode(frame):
            yield target
    stop()


# -- between them -----------------------------------------------------------------------------------

_LENGTH: Final = struct.Struct("!I")
_encoder = msgspec.msgpack.Encoder()
_done_decoder = msgspec.msgpack.Decoder(_Done)
_targets_decoder = msgspec.msgpack.Decoder(list[Target])


def _frame(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


async def _read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next message; None where the other side has ended, also in the middle of one."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
