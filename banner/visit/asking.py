"""One UDP target, asked over asyncio: its addresses in order, its questions (``plan/exchange.py``), one record."""

from __future__ import annotations

import asyncio
import logging
import os
import select
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TypeVar

from ..addresses.choice import to_try
from ..addresses.judge import judge
from ..models import Grab, Settings, Status
from ..plan.exchange import Exchange
from ..plan.questions import questions
from ..plan.refusals import Refusals
from .answered import answered
from .failures import EXHAUSTED, Failed, reason, status_of
from .findings import Findings
from .link import BACKOFF
from .udp import Came, Lost, News, Socket

T = TypeVar("T")

log: logging.Logger = logging.getLogger("banner")

BATCH = 16
"""Datagrams read between two looks at the time."""


def tell(exchange: Exchange, news: list[News], now: float) -> None:
    """Tell `exchange` what came."""
    for one in news:
        if isinstance(one, Came):
            exchange.arrived(one.data, now, one.port)
        elif isinstance(one, Lost):
            exchange.failed(one.status, one.error)
        else:
            exchange.from_elsewhere()


def waiting(exchange: Exchange, sock: Socket) -> Iterator[list[News]]:
    """What waits to be read while `exchange` is not over: it came in time, if others had their turn too long."""
    while not exchange.over and (news := sock.news(BATCH)):
        yield news


class Asking:
    """One target under way."""

    def __init__(
        self,
        found: Findings,
        settings: Settings,
        deadline: float,
        turn: Callable[[], Awaitable[None]] | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        """`deadline` is when the target's whole time is up (monotonic seconds); `turn` waits until a scan's rate allows
        one more datagram; `refusals` are those of the scan."""
        self._found = found
        self._settings = settings
        self._turn = turn
        self._refusals = refusals
        self.exchange: Exchange = Exchange(
            found.target, settings, questions(settings), os.urandom(32), deadline
        )
        self._began = False

    async def run(self, addresses: tuple[str, ...]) -> Grab:
        """Ask at the first of `addresses` that answers, of a few, and that a policy permits. Raises `Failed`."""
        found, status, why = self._found, None, None
        try:
            await self._run(addresses)
        except Failed:
            raise
        except Exception as error:  # a bug of ours: what was said by then is told
            where = found.target
            log.error("a fault of our own at %s port %d", where.host, where.port, exc_info=error)
            status, why = Status.FAULT, f"{type(error).__name__}: {error}"
        now, dns = time.monotonic(), found.timing.get("dns")
        clock = time.time() - now
        return answered(self.exchange, found.ip, clock, found.began, now, dns=dns, status=status, error=why)

    async def _run(self, addresses: tuple[str, ...]) -> None:
        exchange, found, policy = self.exchange, self._found, self._settings.policy
        if policy is not None:
            port, found.ip = found.target.port, addresses[0]
            refusals = {ip: judge(policy, ip, port) for ip in addresses}
            addresses = tuple(ip for ip, refusal in refusals.items() if refusal is None)
            if not addresses:
                raise Failed(Status.DENIED, refusals[found.ip] or "")
        for ip in to_try(addresses):
            found.ip = ip
            exchange.begin(time.monotonic())
            await self._ask(ip)
            if self._refusals is not None:
                wait = exchange.doubts(self._refusals, ip, time.monotonic())
                if wait is not None:
                    await asyncio.sleep(wait)
                    exchange.ask_again(time.monotonic())
                    await self._ask(ip)
                    exchange.doubts(self._refusals, ip, time.monotonic())
            if not exchange.may_go_on(time.monotonic()):
                break

    async def _ask(self, ip: str) -> None:
        """Ask at one address until that is over."""
        exchange, port = self.exchange, self._found.target.port
        if exchange.over:
            return
        try:
            watch = await self._patiently(lambda: Watch(Socket(ip, port, self._settings.source)))
        except OSError as error:
            exchange.kept_back(exchange.leaving())
            exchange.failed(status_of(error.errno), reason(error.errno, str(error)))
            return
        sock = watch.sock
        try:
            await self._send(sock)
            while not exchange.over:
                news = await watch.news(exchange.until - time.monotonic())
                now = time.monotonic()
                self._hear(news, now)
                if now >= exchange.until:
                    for news in waiting(exchange, sock):
                        self._hear(news, now)
                    if now >= exchange.until:
                        exchange.due(now)
                await self._send(sock)
        finally:
            watch.close()

    def _hear(self, news: list[News], now: float) -> None:
        tell(self.exchange, news, now)
        for one in news:
            if isinstance(one, Came):
                self._found.traffic.read(one.data)

    async def _send(self, sock: Socket) -> None:
        """Send what is to leave, the first datagram at once: whoever started the target waited for that one's turn."""
        exchange = self.exchange
        leaving = exchange.leaving()
        for number, data in enumerate(leaving):
            if self._turn is not None and self._began:
                waits = time.monotonic()
                await self._turn()
                waited = time.monotonic() - waits
                exchange.stand_still(waited)
                self._found.began += waited
            self._began = True
            try:
                lost = await self._patiently(partial(sock.send, data))
            except OSError as error:
                lost = Lost(status_of(error.errno), reason(error.errno))
            if lost is not None:
                exchange.kept_back(leaving[number:])
                exchange.failed(*lost)
                return
            self._found.traffic.wrote(data)

    async def _patiently(self, call: Callable[[], T]) -> T:
        """`call`, again after a while where this machine has no room just now. Raises `OSError`."""
        for pause in BACKOFF:
            try:
                return call()
            except OSError as error:
                if error.errno not in EXHAUSTED or time.monotonic() + pause >= self.exchange.deadline:
                    raise
            await asyncio.sleep(pause)
        return call()


class Watch:
    """Waits for what comes at one socket, on any loop, and closes it in the end.

    Where there is epoll the loop watches one of those, which holds the socket: not every loop tells a reader that only
    the queue of errors has something.
    """

    __slots__ = ("_epoll", "_loop", "_news", "sock")

    def __init__(self, sock: Socket) -> None:
        """Raises `OSError`, with `sock` closed, where this machine has no room for what watches it."""
        self._loop = asyncio.get_running_loop()
        self.sock: Socket = sock
        self._news = asyncio.Event()
        self._epoll: select.epoll | None = None
        if not sock.connected:
            try:
                self._epoll = select.epoll()
            except OSError:
                sock.close()
                raise
            self._epoll.register(sock.fd, select.EPOLLIN)
            self._loop.add_reader(self._epoll.fileno(), self._news.set)

    async def news(self, seconds: float) -> list[News]:
        """What came within so many `seconds`, or while others had their turn; empty where nothing did."""
        try:
            async with asyncio.timeout(seconds):
                if self._epoll is None:
                    return await self.sock.next(self._loop)
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()
        return self.sock.news(BATCH)

    def close(self) -> None:
        """Watch it no more, and close it."""
        if self._epoll is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
        self.sock.close()
