"""What an application does with the library, whoever runs its loop: importable by other processes."""

from __future__ import annotations

import asyncio
import os
from typing import Literal, get_args

import banner

GREETING = b"SSH-2.0-OpenSSH_9.2p1\r\n"
MANY = 20
Driver = Literal["sweep", "streams"]


async def used(host: str, port: int) -> None:
    """A grab, a scan by either driver, one that is left early, a grab that is cancelled: all of it is looked at."""
    grab = await banner.grab(host, port)
    assert (grab.status, grab.banner) == (banner.Status.BANNER, GREETING), grab
    for driver in get_args(Driver):
        await _scanned(host, port, driver)
    running = asyncio.ensure_future(banner.grab(host, port))
    await asyncio.sleep(0)
    running.cancel()
    assert isinstance((await asyncio.gather(running, return_exceptions=True))[0], asyncio.CancelledError)


async def _scanned(host: str, port: int, driver: Driver) -> None:
    async with banner.scan((banner.Target(host, port) for _ in range(MANY)), driver=driver) as results:
        found = [grab.banner async for grab in results]
    assert found == [GREETING] * MANY
    endless = (banner.Target(host, port) for _ in range(10**9))
    async with banner.scan(endless, driver=driver, concurrency=MANY) as results:
        async for grab in results:
            assert grab.banner == GREETING
            break


def run(host: str, port: int) -> int:
    """All of it on a loop of its own; the process that it ran in."""
    asyncio.run(used(host, port))
    return os.getpid()


def record(host: str, port: int) -> banner.Grab:
    """A grab as it comes back from another process."""
    return asyncio.run(banner.grab(host, port))


def failure(host: str, port: int) -> None:
    """Raises what `raise_for_status` does, in another process."""
    record(host, port).raise_for_status()
