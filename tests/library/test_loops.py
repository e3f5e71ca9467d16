"""The library on whatever runs the loop: eager tasks, uvloop, anyio, threads, processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import pytest
import uvloop

import banner
from banner import testing
from tests.command import PATIENCE, Servers
from tests.documents import ROOT
from tests.library.using import GREETING, failure, record, run, used

pytestmark = pytest.mark.one_loop  # each test runs a loop of its own


@pytest.fixture(scope="module")
def ssh() -> Iterator[testing.Server]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(GREETING))


@asynccontextmanager
async def eager() -> AsyncIterator[None]:
    """Tasks begin to run where they are made, until they wait."""
    loop = asyncio.get_running_loop()
    factory: Any = getattr(asyncio, "eager_task_factory", None)
    loop.set_task_factory(factory)
    nothing = asyncio.sleep(0)
    try:
        await loop.create_task(nothing)
    except TypeError as error:  # an argument that factories take from Python 3.13.3 on
        nothing.close()
        loop.set_task_factory(None)
        pytest.skip(f"{type(loop).__module__} and this Python have no eager tasks together: {error}")
    yield
    loop.set_task_factory(None)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="asyncio has eager tasks from Python 3.12 on")
@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_eager_tasks(ssh: testing.Server, new_loop: Any) -> None:
    async def main() -> None:
        async with eager():
            await used(ssh.host, ssh.port)
            async with (
                asyncio.TaskGroup() as group
            ):  # each ends while it is made, or goes on beside the others
                running = [group.create_task(banner.grab(ssh.host, ssh.port)) for _ in range(20)]
            assert [task.result().banner for task in running] == [GREETING] * 20
            refused = await banner.grab("127.0.0.1", 22, policy=banner.Policy(deny=["loopback"]))
            assert refused.status is banner.Status.DENIED

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())


def test_uvloop_runs_it(ssh: testing.Server) -> None:
    async def main() -> str:
        await used(ssh.host, ssh.port)
        return type(asyncio.get_running_loop()).__module__

    assert uvloop.run(main()).startswith("uvloop")


@pytest.mark.parametrize("use_uvloop", [False, True])
def test_anyio_on_asyncio(ssh: testing.Server, use_uvloop: bool) -> None:
    async def main() -> None:
        await used(ssh.host, ssh.port)
        found: list[banner.Grab] = []

        async def one() -> None:
            found.append(await banner.grab(ssh.host, ssh.port))

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(one)
        assert [grab.banner for grab in found] == [GREETING] * 5

    anyio.run(main, backend_options={"use_uvloop": use_uvloop})


def test_anyios_cancelling_closes_the_sockets() -> None:
    """anyio cancels again and again until its scope is left: a cleanup that waits has to bear it."""

    async def main() -> None:
        async with testing.silent() as silent:
            with anyio.move_on_after(0.05) as scope:
                await banner.grab(silent.host, silent.port, mode="listen")
            assert scope.cancelled_caught
            with anyio.move_on_after(0.05) as scope:
                endless = (banner.Target(silent.host, silent.port) for _ in range(10**9))
                async with banner.scan(endless, concurrency=10, mode="listen") as results:
                    async for _ in results:
                        pass
            assert scope.cancelled_caught
            with anyio.fail_after(PATIENCE):
                while silent.open:
                    await anyio.sleep(0.005)

    anyio.run(main)


def test_anyio_on_trio_is_told_what_is_missing() -> None:
    pytest.importorskip("trio")

    async def scanned() -> None:
        async with banner.scan([banner.Target("127.0.0.1", 22)]):
            pass

    for used_there in (partial(banner.grab, "127.0.0.1", 22), scanned):
        with pytest.raises(RuntimeError, match="banner needs asyncio"):
            anyio.run(used_there, backend="trio")


def test_threads_with_a_loop_each(ssh: testing.Server) -> None:
    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(run, ssh.host, ssh.port) for _ in range(8)]
        assert [future.result(PATIENCE) for future in running] == [os.getpid()] * 8


def processes(start: str) -> Executor:
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start))


FORKED = """
import asyncio, multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from tests.library.using import run

host, port = sys.argv[1], int(sys.argv[2])
run(host, port)  # here first: what it leaves in this process is there in the children
with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
    assert pool.submit(run, host, port).result() != os.getpid()
run(host, port)
"""


def test_a_pool_of_forked_processes_after_a_scan(ssh: testing.Server) -> None:
    """As on Linux up to Python 3.13. With warnings as errors: from 3.12 on, to fork beside threads is one."""
    subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKED, ssh.host, str(ssh.port)],
        check=True,
        timeout=PATIENCE,
        cwd=ROOT,
    )


@pytest.mark.parametrize("start", ["spawn", "forkserver"])
def test_a_pool_of_processes(ssh: testing.Server, start: str) -> None:
    with processes(start) as pool:
        assert pool.submit(run, ssh.host, ssh.port).result(PATIENCE) != os.getpid()
        grab = pool.submit(record, ssh.host, ssh.port).result(PATIENCE)
        assert (grab.banner, type(grab)) == (GREETING, banner.Grab)
        with pytest.raises(banner.GrabError) as raised:
            pool.submit(failure, "127.0.0.1", 1).result(PATIENCE)
        assert raised.value.grab.status is banner.Status.REFUSED


async def test_a_pool_of_processes_under_a_running_loop(ssh: testing.Server) -> None:
    loop = asyncio.get_running_loop()
    with processes("spawn") as pool:
        assert await banner.grab(ssh.host, ssh.port)
        assert await loop.run_in_executor(pool, run, ssh.host, ssh.port) != os.getpid()
