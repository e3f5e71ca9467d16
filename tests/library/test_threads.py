"""Scans in several threads at once: what one hears is never told by another."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest

from banner import Status, Target, Timeouts, Transport, scan

pytestmark = pytest.mark.one_loop  # each thread runs a loop of its own
THREADS, TARGETS = 4, 400
PATIENT = Timeouts(connect=60, read=60, total=120)


@contextlib.contextmanager
def answerer(word: bytes) -> Iterator[int]:
    """Answers each datagram with 900 bytes of `word`; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                query, client = sock.recvfrom(4096)
                if query == b"over":
                    return
                sock.sendto(word * 900, client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            sock.sendto(b"over", sock.getsockname())
            thread.join()


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns a thousand times as often as usual."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("driver", ["sweep", "streams"])
def test_an_answer_is_told_of_whom_it_is(driver: Literal["sweep", "streams"]) -> None:
    async def wrong(word: bytes, port: int) -> int:
        targets = [Target("127.0.0.1", port, transport=Transport.UDP) for _ in range(TARGETS)]
        async with scan(targets, per_host=20, driver=driver, timeouts=PATIENT) as results:
            grabs = [grab async for grab in results]
        assert len(grabs) == TARGETS
        return sum(grab.status is Status.BANNER and set(grab.banner) != set(word) for grab in grabs)

    words = [b"%c" % letter for letter in b"abcdefgh"[:THREADS]]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(THREADS) as pool:
        ports = [stack.enter_context(answerer(word)) for word in words]
        found = pool.map(lambda one: asyncio.run(wrong(*one)), zip(words, ports, strict=True))
        assert list(found) == [0] * THREADS
