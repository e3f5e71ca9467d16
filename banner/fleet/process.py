"""One local worker: a fork of the scan's process with an event loop and a sweep of its own, and the pipe between them.

It numbers the targets as they come and gives back the numbers that are done with their encoded records; the parent
keeps what it still owes. Its own loop says every `BEAT` that it turns: a worker that is stopped, or held by something
that never ends, says nothing more. A parent that dies is seen as the end of the targets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import traceback
from array import array
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, NoReturn, cast

import msgspec

from ..inputs.route import Route
from ..journal.ledger import Ledger
from ..models import Settings, Target
from ..plan.planner import prepare
from ..sweep.admission import InBatches
from ..sweep.results import Block
from ..sweep.scanner import WrittenScan
from .lots import Lot
from .messages import LENGTH, Done, Inbox, done, message
from .slices import Dealt, Share

BEAT: Final = 1.0
"""Seconds between two of its signs of life: one small message."""

_encode = msgspec.msgpack.Encoder().encode
_decode_targets = msgspec.msgpack.Decoder(list[Target]).decode


class Worker:
    """One process, as the parent sees it."""

    def __init__(self, settings: Settings, share: Share, route: Route | None = None) -> None:
        """With a `route`, what it is dealt are positions, and it finds the targets itself."""
        self.sock: socket.socket
        self.sock, theirs = socket.socketpair()
        self._route = route
        try:
            self.pid: int = self._start(theirs, settings, share)
        except BaseException:
            self.sock.close()
            raise
        finally:
            theirs.close()
        self.owed: dict[int, Dealt] = {}
        """By number, or by position."""
        self.dealt: int = 0
        self.lot: Lot[Dealt] | None = None
        """What it has been given alone, for it had cost another worker."""
        self.inbox = Inbox()
        self.outbox: asyncio.WriteTransport | None = None

    def _start(self, theirs: socket.socket, settings: Settings, share: Share) -> int:
        """Begin a process that has `theirs`; its number."""
        pid = os.fork()
        if not pid:
            _become_worker(theirs, settings, share, self._route)
        return pid

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        self.outbox, _ = await loop.create_connection(lambda: self.inbox, sock=self.sock)

    @property
    def listens(self) -> bool:
        """Whether it can be told something: it is connected, and was not lost a moment ago."""
        return self.outbox is not None and not self.outbox.is_closing()

    def room(self, size: int, most: int) -> bool:
        """Whether it takes `size` more targets where it may owe at most so many."""
        return self.listens and self.lot is None and len(self.owed) + size <= most

    def deal(self, targets: list[Dealt]) -> None:
        """Have these visited."""
        assert self.outbox is not None
        if self._route is not None:
            positions = array("Q", cast("list[int]", targets))
            self.owed.update(zip(positions, targets, strict=True))
            self.outbox.write(message(positions.tobytes()))
            return
        self.owed.update(enumerate(targets, self.dealt))
        self.dealt += len(targets)
        self.outbox.write(message(_encode(targets)))

    def deal_alone(self, lot: Lot[Dealt]) -> None:
        """Have these visited, and nothing beside them."""
        self.lot = lot
        self.deal(lot.targets)

    def settle(self, done: Done) -> Block:
        settled = list(map(self.owed.pop, done.numbers))
        if not self.owed:
            self.lot = None
        if self._route is not None:
            return Block(done.lines, done.statuses, [], done.numbers)
        return Block(done.lines, done.statuses, cast("list[Target]", settled))

    def left(self) -> Lot[Dealt] | None:
        """What it still owes, when it is lost: the lot that it had alone where nothing came of that."""
        if self.lot is not None and len(self.owed) == len(self.lot.targets):
            return self.lot
        return Lot(list(self.owed.values())) if self.owed else None

    def stop(self) -> None:
        """Have it start nothing more, and end."""
        if self.outbox is not None and self.listens:
            self.outbox.write_eof()

    def kill(self) -> None:
        """End it, also where it is stopped: what has come of it so far can still be read."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Kill it where it lives; how it ended: its exit status, or less than nothing where a signal ended it."""
        if self.outbox is not None:
            self.outbox.abort()  # what waits to be written would keep the loop at a socket that is closed
        self.sock.close()
        self.kill()
        return self._ended()

    def _ended(self) -> int:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:  # whoever started us ignores SIGCHLD (wait(2)), and so do we
            return 0


# -- in the worker ----------------------------------------------------------------------------------


def _become_worker(sock: socket.socket, settings: Settings, share: Share, route: Route | None) -> NoReturn:
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
        _run(_work(sock, (settings, share), route))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def begin(fd: int) -> None:
    """What a process that was begun anew does: its orders come first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _run(_work(socket.socket(fileno=fd), None))


def _run(main: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _work(
    sock: socket.socket, orders: tuple[Settings, Share] | None, route: Route | None = None
) -> None:
    reader, writer = await asyncio.open_connection(sock=sock, limit=1 << 20)
    beating = asyncio.get_running_loop().create_task(_beat(writer))
    try:
        if orders is None:
            if (frame := await _read_frame(reader)) is None:
                return
            # To make a table of rules, where none can be kept, takes longer than whoever says nothing is waited for.
            orders = await asyncio.to_thread(_understood, frame)
        settings, share = orders
        ledger = Ledger()
        frames = _dealt(reader, lambda: results.stop())
        targets = _decoded(frames, ledger) if route is None else _found(frames, route, ledger)
        async with share.written_scan(InBatches(targets), settings) as results:
            await _report(results, ledger, writer)
    finally:
        beating.cancel()


def _understood(frame: bytes) -> tuple[Settings, Share]:
    """The orders of the parent, which began this process, and what they need is loaded."""
    import pickle

    orders: tuple[Settings, Share] = pickle.loads(frame)
    prepare(orders[0])
    return orders


async def _beat(writer: asyncio.StreamWriter) -> None:
    """Say that the loop turns, unless the pipe is full: then the parent does not read, and knows it."""
    while not writer.is_closing():
        if not writer.transport.get_write_buffer_size():
            writer.write(message(b""))
        await asyncio.sleep(BEAT)


async def _report(results: WrittenScan, ledger: Ledger, writer: asyncio.StreamWriter) -> None:
    """Give back what is found, as it comes, until all is or the parent is gone."""
    async for rows in results.batches():
        numbers = ledger.settle_targets([target for _, _, target in rows])
        if writer.is_closing():
            return  # nobody is there any more
        try:
            writer.write(done(numbers, rows))
            await writer.drain()
        except ConnectionError:
            return


async def _dealt(reader: asyncio.StreamReader, stop: Callable[[], None]) -> AsyncIterator[bytes]:
    """What the parent deals, until it ends, or wants nothing more to be started."""
    while (frame := await _read_frame(reader)) is not None:
        yield frame
    stop()


async def _decoded(frames: AsyncIterator[bytes], ledger: Ledger) -> AsyncIterator[list[Target]]:
    """The targets that were dealt, entered in the `ledger` in their order."""
    async for frame in frames:
        yield list(ledger.hand_out(_decode_targets(frame)))


async def _found(frames: AsyncIterator[bytes], route: Route, ledger: Ledger) -> AsyncIterator[list[Target]]:
    """The same where positions were dealt: entered under these."""
    async for frame in frames:
        positions = array("Q", frame)
        yield ledger.enter_all(positions, route.at(positions))


async def _read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next message; None where the other side has ended, also in the middle of one."""
    try:
        (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
