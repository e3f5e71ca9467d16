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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import aiodns

SIMULTANEOUS = 256
"""Questions in flight: far below what a name server answers in a second, enough for thousands of sockets."""
KEPT = 10_000
"""Names remembered, about 300 bytes each."""
FRESH = 60.0
"""Seconds for which an answer is used again: a scan asks for a name once a minute and no more."""


class ResolveError(Exception):
    """The name did not resolve; the text says in which way."""


Answer = tuple[str, ...] | ResolveError


class Resolver:
    """Resolves names on the running loop; close it, or use it as an async context manager.

    `timeout` is in seconds and covers one name with all its tries. `nameservers` and `port` replace those of
    the system (``/etc/resolv.conf``).
    """

    def __init__(
        self, *, timeout: float = 5.0, nameservers: Sequence[str] | None = None, port: int | None = None
    ) -> None:
        self._timeout = timeout
        self._options: dict[str, Any] = {} if port is None else {"udp_port": port, "tcp_port": port}
        self._nameservers = nameservers
        self._ares: aiodns.DNSResolver | None = None
        self._asking: dict[str, asyncio.Task[Answer]] = {}
        self._answers: OrderedDict[str, tuple[float, Answer]] = OrderedDict()
        self._gate = asyncio.Semaphore(SIMULTANEOUS)

    async def __aenter__(self) -> Resolver:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End what is being asked, and the resolver's sockets."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if self._ares is not None:
            await self._ares.close()
            self._ares = None

    async def resolve(self, name: str) -> tuple[str, ...]:
        """The addresses of `name`, best first, at least one. Raises `ResolveError`."""
        known = self._answers.get(name)
        if known is not None and known[0] > time.monotonic():
            return _given(known[1])
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.get_running_loop().create_task(self._ask(name))
        try:
            # Shielded: one who gives up waiting does not take the answer from the others.
            return _given(await asyncio.shield(task))
        except asyncio.CancelledError:
            if task.cancelled() and not _being_cancelled():
                raise ResolveError("the resolver was closed") from None
            raise

    async def _ask(self, name: str) -> Answer:
        answer: Answer
        try:
            async with self._gate, asyncio.timeout(self._timeout):
                answer = await self._query(name)
        except TimeoutError:
            answer = ResolveError(f"no answer from the name server within {self._timeout:g} s")
        except (OSError, ValueError) as error:
            answer = ResolveError(str(error))
        finally:
            self._asking.pop(name, None)
        self._answers[name] = (time.monotonic() + FRESH, answer)
        if len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        return answer

    async def _query(self, name: str) -> tuple[str, ...]:
        import aiodns  # late: a scan of addresses never needs it

        if self._ares is None:
            self._ares = aiodns.DNSResolver(
                nameservers=self._nameservers, timeout=self._timeout / 2, tries=2, **self._options
            )
        try:
            found = await self._ares.getaddrinfo(name, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM)
        except aiodns.error.DNSError as error:
            raise ValueError(str(error.args[-1]).lower()) from None
        addresses = tuple(dict.fromkeys(_text(node.addr[0]) for node in found.nodes))
        if not addresses:
            raise ValueError("the name has no address")
        return addresses


def _given(answer: Answer) -> tuple[str, ...]:
    if isinstance(answer, ResolveError):
        raise ResolveError(*answer.args)
    return answer


def _text(address: object) -> str:
    return address.decode() if isinstance(address, bytes) else str(address)


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
