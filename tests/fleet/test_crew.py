"""What workers give back is read, each block once, however late and by however many, and until the end."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Grab, Settings, Status, Target, testing
from banner.fleet.lots import Lot
from banner.fleet.messages import done
from banner.fleet.process import Worker
from banner.fleet.slices import Share, shared
from banner.fleet.workers import Crew

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


class Scripted(Worker):
    """No process: what it is dealt is done at once, a block for each."""

    def _start(self, theirs: socket.socket, settings: Settings, share: Share) -> int:
        self.theirs = theirs.dup()
        return 0

    def deal(self, targets: list[Any]) -> None:
        first = self.dealt
        super().deal(targets)
        for number, target in enumerate(targets, first):
            self.theirs.sendall(done([number], [(b"a record\n", Status.BANNER, target)]))

    def kill(self) -> None:
        self.theirs.close()

    def end(self) -> int:
        assert self.outbox is not None
        self.outbox.close()
        self.sock.close()
        self.kill()
        return 0


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_reader_who_pauses_loses_no_block(workers: int) -> None:
    share = shared(workers, 100, None, None, None)
    for count in range(2, 30):
        targets = [Target("192.0.2.1", port) for port in range(1, 1 + count)]
        found = []
        async with Crew(Settings(), share, Scripted) as crew:
            async for block in crew.blocks(targets):
                found += block.targets
                if len(found) == 1:
                    for _ in range(100):  # the workers come to their end meanwhile
                        await asyncio.sleep(0)
        assert Counter(found) == Counter(targets)


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("wrong", [OSError("no more"), asyncio.CancelledError("no more"), "127.0.0.1:1"])
@pytest.mark.parametrize("count", [0, 1, 70])
async def test_what_came_before_a_sources_failure_is_told(count: int, wrong: Any, asynchronous: bool) -> None:
    """As in one process; and of what is no target no worker dies."""
    targets = [Target("192.0.2.1", port) for port in range(1, 1 + count)]

    def given() -> Iterator[Any]:
        yield from targets
        if isinstance(wrong, BaseException):
            raise wrong
        yield wrong
        yield Target("192.0.2.2", 1)

    async def given_later() -> AsyncIterator[Any]:
        for one in given():
            yield one

    found: list[Target] = []
    failure = type(wrong) if isinstance(wrong, BaseException) else TypeError
    async with Crew(Settings(), shared(2, 100, None, None, None), Scripted) as crew:
        with pytest.raises(failure, match=r"no more|targets are banner\.Target"):
            async for block in crew.blocks(given_later() if asynchronous else given()):
                found += block.targets
    assert Counter(found) == Counter(targets)


async def test_who_was_lost_a_moment_ago_is_told_nothing() -> None:
    share = shared(1, 100, None, None, None)
    async with Crew(Settings(), share, Scripted) as crew:
        (worker,) = crew._workers
        assert isinstance(worker, Scripted)
        assert worker.room(1, 100)
        lost = asyncio.Event()
        worker.inbox.connection_lost = lambda error: lost.set()  # type: ignore[method-assign]  # nobody hears of it yet
        worker.theirs.close()
        await lost.wait()
        assert not worker.room(1, 100)
        crew._lost.repeat(Lot([Target("192.0.2.1", 1)]))
        crew._deal()
        assert not worker.owed
        crew.stop()


WAYS: list[dict[str, Any]] = [{"driver": "sweep"}, {"driver": "streams"}, {"workers": 2}]


@pytest.mark.parametrize("how", WAYS, ids=repr)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_cancellation_that_is_the_sources_own_ends_no_scan_in_silence(
    asynchronous: bool, how: dict[str, Any]
) -> None:
    async def given_later() -> AsyncIterator[Target]:
        for port in (1, 2, 3):
            yield Target("127.0.0.1", port)
        work = asyncio.create_task(asyncio.sleep(3600))
        work.cancel()
        await work

    def given() -> Iterator[Target]:
        for port in (1, 2, 3):
            yield Target("127.0.0.1", port)
        raise asyncio.CancelledError

    found: list[int] = []
    async with banner.scan(given_later() if asynchronous else given(), **how) as results:
        with pytest.raises(asyncio.CancelledError):
            async for grab in results:
                found += [grab.port]
    assert sorted(found) == [1, 2, 3]


class Upset:
    """A policy whose code lets a cancellation through."""

    def refusal(self, ip: str, port: int) -> str | None:
        raise asyncio.CancelledError("upset")


@pytest.mark.parametrize("how", WAYS, ids=repr)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_cancellation_that_is_a_policys_own_costs_its_record(how: dict[str, Any], host: str) -> None:
    async with banner.scan([Target(host, 1)], policy=Upset(), **how) as results:
        found = [(grab.status, grab.error) async for grab in results]
    assert found == [(Status.FAULT, "CancelledError: upset")]


@pytest.fixture(params=WAYS, ids=repr)
async def scan(request: pytest.FixtureRequest) -> AsyncIterator[banner.Scan]:
    """Of 60 targets that greet, by each way that there is."""
    async with testing.greeter(SSH) as server:
        targets = [Target(server.host, server.port, tag=str(number)) for number in range(60)]
        timeouts = banner.Timeouts(connect=60, read=60, total=120)
        async with banner.scan(targets, per_host=4, timeouts=timeouts, **request.param) as results:
            yield results


def all_of_them(grabs: list[Grab]) -> bool:
    assert {grab.status for grab in grabs} == {Status.BANNER}
    return sorted(int(grab.tag or "") for grab in grabs) == list(range(60))


async def test_several_may_read_one_scan(scan: banner.Scan) -> None:
    found: list[Grab] = []

    async def read() -> None:
        async for grab in scan:
            found.append(grab)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(read())
    assert all_of_them(found)


async def test_a_reader_who_gives_up_leaves_the_scan_to_the_others(scan: banner.Scan) -> None:
    found: list[Grab] = []

    async def read() -> None:
        found.extend([grab async for grab in scan])

    async def give_up() -> None:
        with pytest.raises(asyncio.CancelledError):
            await anext(scan)

    async with asyncio.TaskGroup() as group:
        first, _, _ = (group.create_task(one) for one in (give_up(), read(), read()))
        await asyncio.sleep(0)
        first.cancel()
    assert all_of_them(found)


async def test_the_next_grab_may_be_waited_for_a_while_at_a_time(scan: banner.Scan) -> None:
    found: list[Grab] = []
    while True:
        try:
            async with asyncio.timeout(0.001):
                found.append(await anext(scan))
        except TimeoutError:
            continue
        except StopAsyncIteration:
            break
    assert all_of_them(found)


async def test_what_is_unread_is_told_once(scan: banner.Scan) -> None:
    """It may be asked for while a reader waits, and after one gave up."""
    first = asyncio.create_task(anext(scan))
    await asyncio.sleep(0)
    found = scan.unread()
    found.append(await first)
    while len(found) < 60:
        waiting = asyncio.create_task(anext(scan))
        for _ in range(3):
            await asyncio.sleep(0)
        if not waiting.done():
            waiting.cancel()
        with suppress(asyncio.CancelledError):
            found.append(await waiting)
        for _ in range(10):
            await asyncio.sleep(0)
        found += scan.unread()
    assert all_of_them(found)
    assert [grab async for grab in scan] == []


@pytest.mark.parametrize("workers", [1, 2])
async def test_what_is_handed_out_unread_is_kept(workers: int, tmp_path: Path) -> None:
    async with testing.greeter(SSH) as server:
        targets = [Target(server.host, server.port, tag=str(number)) for number in range(60)]
        async with banner.scan(targets, keep=tmp_path / "scan.jsonl", workers=workers) as results:
            found = [await anext(results)]
            while len(found) < 60:
                await asyncio.sleep(0.001)
                found += results.unread()
    assert all_of_them(found)
    assert all_of_them(list(banner.read(tmp_path / "scan.jsonl")))
