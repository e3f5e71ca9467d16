"""Workers that are begun anew have what the scan has, or it says that they cannot; none of them is left over."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Policy, Settings, Status, Target, testing
from banner.fleet import shared_scan
from banner.fleet.process import Worker
from banner.fleet.slices import Share, shared
from banner.fleet.spawned import Spawned
from banner.fleet.workers import Crew
from tests.command import ENVIRONMENT, PATIENCE
from tests.machine import has_ended

HERE = str(Path(__file__).parents[2])
NOBODY = "nobody at all"


class Strict(Policy):
    """A policy of a caller's own kind: more is denied than its networks say."""

    reason = NOBODY

    def refusal(self, ip: str, port: int) -> str | None:
        return self.reason


class Told(Strict):
    """One that holds something besides."""

    def __init__(self, reason: str) -> None:
        super().__init__(deny=["192.0.2.0/24"])
        object.__setattr__(self, "reason", reason)


class Slow:
    """A policy that takes long to be understood, as rules do whose table can be kept nowhere: until `path` is there."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return _after_a_while, (self.path,)

    def refusal(self, ip: str, port: int) -> str | None:
        return NOBODY


def _after_a_while(path: str) -> Slow:
    until = time.monotonic() + PATIENCE
    while not os.path.exists(path) and time.monotonic() < until:
        time.sleep(0.01)
    return Slow(path)


class Deaf(Spawned):
    """No process: what it is told stays where it is."""

    def _start(self, theirs: socket.socket, settings: Settings, share: Share) -> int:
        self._orders = b""
        self.theirs = theirs.dup()
        return 0

    def kill(self) -> None:
        self.theirs.close()

    def _ended(self) -> int:
        return 0


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(("policy", "reason"), [(Strict(), NOBODY), (Told("so said"), "so said")])
async def test_a_policy_of_ones_own_kind_holds_in_every_process(
    policy: Policy, reason: str, number: int
) -> None:
    async with testing.greeter(b"hi\r\n") as server:
        targets = [Target(server.host, server.port, tag=str(count)) for count in range(4)]
        async with banner.scan(targets, policy=policy, workers=number) as results:
            found = [(grab.status, grab.error) async for grab in results]
    assert found == [(Status.DENIED, reason)] * 4


async def test_what_cannot_go_to_other_processes_is_refused() -> None:
    class Local(Strict):
        pass

    results = banner.scan([Target("127.0.0.1", 1)], policy=Local(), workers=2)
    with pytest.raises(ValueError, match=r"several workers cannot have .*Local"):
        await results.__aenter__()


def test_what_the_program_itself_defines_is_refused() -> None:
    program = """
import asyncio, banner
class Mine(banner.Policy):
    pass
async def main():
    async with banner.scan([banner.Target("127.0.0.1", 1)], policy=Mine(), workers=2):
        pass
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**ENVIRONMENT, "PYTHONPATH": HERE}, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last == "ValueError: several workers do not have the program itself: put Mine into a module"
    assert done.stderr.count("Traceback") == 1


async def test_a_worker_that_takes_long_to_begin_says_that_it_is_alive(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    settings = Settings(policy=Slow(str(begun)))
    async with Crew(settings, shared(1, 8, None, None, None), Spawned) as crew:
        inbox = crew._workers[0].inbox
        blocks = crew.blocks([Target("127.0.0.1", 9)])
        first = asyncio.ensure_future(anext(blocks))
        async with asyncio.timeout(PATIENCE):
            for _ in range(3):
                inbox.silent = -1000_000
                while inbox.silent < 0:
                    await asyncio.sleep(0.01)
                assert not first.done()
            begun.touch()
            assert (await first).statuses == {Status.DENIED: 1}


async def test_who_is_cancelled_while_workers_begin_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Worker] = []

    class Noted(Spawned):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            begun.append(self)

    monkeypatch.setattr(shared_scan, "Spawned", Noted)
    results = banner.scan([Target("127.0.0.1", 9)], workers=2)
    entering = asyncio.ensure_future(results.__aenter__())
    await asyncio.sleep(0)
    assert begun
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert [worker.pid for worker in begun if not has_ended(worker.pid)] == []


async def test_where_one_worker_cannot_begin_none_is_left() -> None:
    begun: list[Worker] = []

    class OnlyOne(Spawned):
        def _start(self, theirs: socket.socket, settings: Settings, share: Share) -> int:
            if begun:
                raise BlockingIOError("no process is to be had")
            begun.append(self)
            return super()._start(theirs, settings, share)

    with pytest.raises(BlockingIOError):
        Crew(Settings(), shared(2, 8, None, None, None), OnlyOne)
    assert [worker.pid for worker in begun if not has_ended(worker.pid)] == []


async def test_a_loop_forgets_the_pipe_of_a_worker_that_does_not_read() -> None:
    """Whoever gets the number of its socket next is not taken for it."""
    targets = [Target("192.0.2.1", 1, tag="x" * 2000 + str(number)) for number in range(500)]
    async with testing.greeter(b"hi\r\n") as server:
        async with Crew(Settings(), shared(1, 1000, None, None, None), Deaf) as crew:
            (worker,) = crew._workers
            number = worker.sock.fileno()
            first = asyncio.ensure_future(anext(crew.blocks(targets)))
            while worker.outbox is None or not worker.outbox.get_write_buffer_size():
                await asyncio.sleep(0)
            first.cancel()
            with suppress(asyncio.CancelledError):
                await first
        for _ in range(5):  # uvloop closes it in a later turn
            await asyncio.sleep(0)
        taken = [socket.socket() for _ in range(number + 1)]
        try:
            one = next(sock for sock in taken if sock.fileno() == number)
            one.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(one, (server.host, server.port))
            assert await loop.sock_recv(one, 100) == b"hi\r\n"
        finally:
            for sock in taken:
                sock.close()
