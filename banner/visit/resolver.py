"""Names to addresses, through c-ares: bounded, cached, one question at a time for one name.

The hosts file is honoured, IP literals are never asked for, and a dead name server costs only those who wait
for it: `loop.getaddrinfo` would fill the loop's few threads and block every other name with them (CPython
issue 112169). Addresses come in the order of RFC 6724, as c-ares sorts them.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ..addresses.names import check_host
from ..models import Settings
from ..text.taken import check_port, check_seconds, check_words
from .loop import is_cancelled, running_loop

if TYPE_CHECKING:
    import aiodns

SIMULTANEOUS = 256
"""Questions in flight: far below what a name server answers in a second, enough for thousands of sockets."""
KEPT = 10_000
"""Names remembered, about 300 bytes each."""
FRESH = 60.0
"""Seconds for which an answer is used again: a scan asks for a name once a minute and no more."""
ROUNDS = 3
"""Of the loop, from an answer that is read to the future that has it: c-ares may have a thread of its own."""
T = TypeVar("T")

NO_ADDRESS = "the name has no address"


class ResolveError(Exception):
    """The name did not resolve; the text says in which way."""

    seconds: float | None = None
    """What the lookup took by itself."""


class _Answer(msgspec.Struct, frozen=True):
    """What came of one question."""

    found: tuple[str, ...] | str
    """Addresses, or why there are none."""
    seconds: float
    """What the lookup took, without what it waited for behind others of ours."""
    until: float
    """When it is asked for again (monotonic seconds)."""

    def addresses(self) -> tuple[str, ...]:
        if isinstance(self.found, tuple):
            return self.found
        error = ResolveError(self.found)
        error.seconds = self.seconds
        raise error


class Resolver:
    """Resolves names on the running loop; close it, or use it as an async context manager.

    It belongs to the loop that uses it. Another loop may use it afterwards, with what it remembers; while names are
    being asked for on one, another one gets `RuntimeError`.

    `timeout` is in seconds and covers one name with all its tries. `nameservers` (addresses) and `port` replace those
    of the system (``/etc/resolv.conf``). At most `rate` names are asked for per second.
    """

    def __init__(
        self,
        *,
        timeout: float = 5.0,
        nameservers: Sequence[str] | None = None,
        port: int | None = None,
        rate: float | None = None,
    ) -> None:
        check_seconds("the timeout", timeout)
        if nameservers is not None:
            nameservers = check_words("nameservers", nameservers)
        if rate is not None:
            check_seconds("the rate", rate)
        self._pause = 0.0 if rate is None else 1.0 / rate
        self._next = 0.0
        if port is not None:
            check_port(port)
        self._timeout = timeout
        self._options: dict[str, Any] = {} if port is None else {"udp_port": port, "tcp_port": port}
        self._nameservers = nameservers
        self._ares: aiodns.DNSResolver | None = None
        self._asking: dict[str, asyncio.Task[_Answer]] = {}
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._gate = asyncio.Semaphore(SIMULTANEOUS)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Resolver:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End what is being asked, and the resolver's sockets."""
        self._bind()
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if self._ares is not None:
            await self._ares.close()
            self._ares = None

    async def resolve(self, name: str) -> tuple[str, ...]:
        """The addresses of `name`, best first, at least one. Raises `ResolveError`, and `ValueError` for no name."""
        return (await self.lookup(name))[0]

    async def lookup(self, name: str) -> tuple[tuple[str, ...], float]:
        """`resolve`, and the seconds that the lookup took by itself: none where its answer was known, and what it
        waited for behind others of ours is not counted."""
        if name not in self._answers:
            name = check_host(name)
        self._bind()
        known = self._answers.get(name)
        if known is not None and known.until > time.monotonic():
            return known.addresses(), 0.0
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = running_loop().create_task(self._ask(name))
        try:
            # Shielded: one who gives up waiting does not take the answer from the others.
            answer = await asyncio.shield(task)
            return answer.addresses(), answer.seconds
        except asyncio.CancelledError:
            if task.cancelled() and not is_cancelled():
                raise ResolveError("the resolver was closed") from None
            raise

    async def _ask(self, name: str) -> _Answer:
        found: tuple[str, ...] | str
        try:
            async with self._gate:
                await self._turn()
                began = time.monotonic()
                try:
                    found = await self._query(name)
                except TimeoutError:
                    found = f"no answer from the name server within {self._timeout:g} s"
                except (OSError, ValueError) as error:
                    found = str(error)
        finally:
            self._asking.pop(name, None)
        now = time.monotonic()
        answer = self._answers[name] = _Answer(found, now - began, now + FRESH)
        if len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        return answer

    async def _turn(self) -> None:
        """Wait until the rate allows one more question."""
        if self._pause:
            now = time.monotonic()
            mine = self._next = max(self._next + self._pause, now)
            await asyncio.sleep(mine - now)

    def _bind(self) -> None:
        """Belong to the running loop from now on. Raises `RuntimeError` where another one is asking."""
        loop = running_loop()
        if self._loop is loop:
            return
        if self._loop is not None:
            if self._asking and not self._loop.is_closed():
                raise RuntimeError("this Resolver is asking on another event loop: make one for each")
            self._ares, self._asking, self._gate = None, {}, asyncio.Semaphore(SIMULTANEOUS)
        self._loop = loop

    async def _query(self, name: str) -> tuple[str, ...]:
        import aiodns  # late: a scan of addresses never needs it

        if self._ares is None:
            self._ares = aiodns.DNSResolver(
                nameservers=self._nameservers, timeout=self._timeout / 2, tries=2, **self._options
            )
        asked = self._ares.getaddrinfo(name, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM)
        try:
            found = await self._in_time(asyncio.ensure_future(asked))
        except aiodns.error.DNSError as error:
            raise ValueError(str(error.args[-1]).lower()) from None
        addresses = tuple(dict.fromkeys(_text(node.addr[0]) for node in found.nodes))
        if not addresses:
            raise ValueError(NO_ADDRESS)
        return addresses

    async def _in_time(self, asked: asyncio.Future[T]) -> T:
        """What was `asked` for. Raises `TimeoutError`, but not where a busy loop looks late at what came in time."""
        try:
            await asyncio.wait((asked,), timeout=self._timeout)
            for _ in range(ROUNDS):
                if not asked.done():
                    await asyncio.sleep(0)
            if not asked.done():
                raise TimeoutError
            return asked.result()
        finally:
            asked.cancel()


def resolver_for(settings: Settings) -> Resolver:
    """The one that these settings ask for."""
    return Resolver(
        timeout=settings.timeouts.dns, nameservers=settings.nameservers or None, rate=settings.dns_rate
    )


async def lookup(resolver: Resolver, name: str) -> tuple[tuple[str, ...], float]:
    """`Resolver.lookup`, also of a caller's own resolver that only resolves. Raises `ResolveError`."""
    if getattr(type(resolver), "resolve", None) is Resolver.resolve:
        return await resolver.lookup(name)
    began = time.monotonic()
    try:
        return await resolver.resolve(name), time.monotonic() - began
    except asyncio.CancelledError:
        if is_cancelled():
            raise
        raise RuntimeError(
            "the resolver gave up without a reason"
        ) from None  # what it waited for was cancelled


def _text(address: object) -> str:
    return address.decode() if isinstance(address, bytes) else str(address)
