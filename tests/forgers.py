"""A UDP server among forgers: what they send at once comes before its answer, and after it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from banner.testing import udp

FORGED = 300
"""More than the buffer holds that a socket has unless it asks for a larger one."""


@asynccontextmanager
async def among_forgers(
    host: str, forgers: str, answer: Callable[[bytes], Sequence[bytes]], count: int = FORGED, slow: float = 0
) -> AsyncIterator[tuple[str, int]]:
    """A server whose datagrams come between `count` that a forger sends and as many more.

    It is `slow` by so many seconds, in which whoever runs in the same loop has no turn.
    """
    loop = asyncio.get_running_loop()
    with udp.bind(host, 0) as door, udp.bind(forgers, 0) as forger:

        def hear() -> None:
            question, asker = door.recvfrom(65536)
            for number in range(count):
                forger.sendto(b"%d" % number, asker)
            for datagram in answer(question):
                door.sendto(datagram, asker)
            for number in range(count):
                forger.sendto(b"%d" % number, asker)
            time.sleep(slow)

        loop.add_reader(door, hear)
        try:
            yield door.getsockname()[:2]
        finally:
            loop.remove_reader(door)
