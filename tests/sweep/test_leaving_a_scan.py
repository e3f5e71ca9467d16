"""A scan that is left, cancelled or short of descriptors closes what it opened; the same with both drivers."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import random
import sys
from collections import Counter
from unittest import mock

import pytest

from banner import Status, Target, grab, scan, testing
from banner.visit.descriptors import SPARE, USUAL, clamp
from tests.sweep.scans import SSH, Driver


def descriptors() -> int:
    """How many sockets are open: loops and resolvers keep other descriptors for themselves."""
    sockets = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            sockets += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    return sockets


async def test_leaving_the_block_closes_every_socket(driver: Driver) -> None:
    async with testing.silent() as server:
        before = descriptors()
        targets = itertools.repeat(Target("127.0.0.1", server.port))
        async with scan(targets, concurrency=40, driver=driver):
            while server.connections < 40:
                await asyncio.sleep(0.01)
            assert descriptors() >= before + 40
        assert descriptors() <= before + 40  # the server's sides
        while server.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


async def test_an_exception_of_the_reader_closes_every_socket(driver: Driver) -> None:
    async with testing.greeter(SSH) as server, testing.silent() as mute:
        before = descriptors()
        targets = itertools.chain([Target("127.0.0.1", server.port)], [Target("127.0.0.1", mute.port)] * 20)
        with pytest.raises(ZeroDivisionError):
            async with scan(targets, driver=driver) as results:
                async for _ in results:
                    _ = 1 / 0
        while server.open or mute.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


async def test_cancelling_the_task_closes_every_socket(driver: Driver) -> None:
    async with testing.silent() as server:
        before = descriptors()

        async def run() -> None:
            async with scan([Target("127.0.0.1", server.port)] * 30, driver=driver) as results:
                async for _ in results:
                    pass

        task = asyncio.create_task(run())
        while server.connections < 30:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while server.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before


ELSEWHERE = """
from banner.testing.server import bind
with bind("127.0.0.1", 0, backlog=128) as server:
    server.setblocking(True)
    print(server.getsockname()[1], flush=True)
    while True:
        with server.accept()[0] as client:
            client.sendall(b"SSH-2.0-OpenSSH_9.2p1\\r\\n")
            client.recv(1)  # until the client has gone: one after the other
"""


async def test_descriptors_that_run_out_are_waited_for(driver: Driver) -> None:
    import resource

    # A process of its own, or the server would run out of descriptors together with the scan.
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ELSEWHERE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        port = int(await server.stdout.readline())
        async with scan([Target("127.0.0.1", port)] * 40, concurrency=40, driver=driver) as results:
            # Room for a few connections of the forty; the others back off until those are done.
            used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (used + 24, hard))
            try:
                statuses = Counter([found.status async for found in results])
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    finally:
        server.kill()
        await server.wait()
    assert statuses == {Status.BANNER: 40}


async def test_a_machine_that_stays_out_of_descriptors_says_so() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with testing.greeter(SSH) as server:
        used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        holes = [
            os.open("/dev/null", os.O_RDONLY) for _ in range(used - len(os.listdir("/proc/self/fd")) + 8)
        ]
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(holes) + 1, hard))
        try:
            found = await grab("127.0.0.1", server.port, mode="listen")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for hole in holes:
                os.close(hole)
    assert found.status is Status.LOCAL_ERROR
    assert "EMFILE" in (found.error or "")


def test_only_who_asked_for_more_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    with mock.patch("resource.getrlimit", return_value=(500, 500)), caplog.at_level("WARNING", "banner"):
        assert clamp(USUAL) == 500 - SPARE
        assert not caplog.messages
        assert clamp(USUAL + 1) == 500 - SPARE
    assert "500 descriptors" in caplog.text


def test_concurrency_is_clamped_to_the_descriptors(caplog: pytest.LogCaptureFixture) -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert clamp(10) == 10
    if hard != resource.RLIM_INFINITY:
        assert clamp(hard + 1) == hard - SPARE
        assert "descriptors" in caplog.text


@pytest.mark.timeout(120)
async def test_cancelled_grabs_leave_nothing_behind() -> None:
    chance = random.Random(7)
    async with (
        testing.greeter(testing.segments(SSH, 4), pause=0.002) as dribble,
        testing.silent() as mute,
        testing.resetter(SSH[:9]) as broken,
    ):
        before = descriptors()
        for _ in range(20):
            tasks = [
                asyncio.create_task(
                    grab("127.0.0.1", chance.choice((dribble, mute, broken)).port, mode="listen")
                )
                for _ in range(100)
            ]
            for task in chance.sample(tasks, len(tasks)):
                if chance.random() < 0.2:
                    await asyncio.sleep(0)
                if chance.random() < 0.05:
                    await asyncio.sleep(chance.random() / 200)
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        while dribble.open or mute.open or broken.open:
            await asyncio.sleep(0.01)
        assert descriptors() == before
        gc.collect()
    assert len(asyncio.all_tasks()) == 1
