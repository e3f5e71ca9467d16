"""What may start now: targets that a host turned away, in the admission and with both drivers."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from banner import Status, Target, scan, testing
from banner.models import Settings
from banner.sweep import scanner
from banner.sweep.admission import AHEAD, Admission
from banner.sweep.backoff import AGAIN, Backoff
from banner.sweep.job import Job
from banner.sweep.pacing import Ceilings, TokenBucket
from banner.visit import resolver
from tests.sweep.scans import Driver

SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"


@pytest.fixture(params=["sweep", "streams"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return request.param  # type: ignore[no-any-return]


def admission_of(*hosts: str, **held: object) -> Admission[Job]:
    targets = [Target(host, 22, str(number)) for number, host in enumerate(hosts)]
    return Admission(targets, Settings(), resolver.Resolver(), Job, backoff=Backoff(), **held)  # type: ignore[arg-type]


def tags(jobs: list[Job]) -> list[int]:
    return [int(job.target.tag or "") for job in jobs]


async def test_a_host_that_turns_away_is_left_in_peace_and_others_are_not() -> None:
    admission = admission_of("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1")
    now = time.monotonic()
    first, second = admission.take(2, now)
    assert not admission.done(first, Status.BANNER)
    assert admission.done(second, Status.RESET)  # this was not its outcome
    assert tags(admission.take(9, now)) == [3]
    assert admission.delay is not None
    assert 0.5 < admission.delay < 2
    assert not admission.exhausted
    later = now + 1.5
    (ahead,) = admission.take(9, later)
    assert tags([ahead]) == [1]
    assert admission.take(9, later) == []
    assert not admission.done(ahead, Status.BANNER)
    assert tags(admission.take(9, later + 1.1)) == [2, 4]
    assert admission.exhausted


async def test_a_target_is_turned_away_once() -> None:
    admission = admission_of("10.0.0.1", "10.0.0.1")
    first, second = admission.take(2, time.monotonic())
    admission.done(first, Status.BANNER)
    assert admission.done(second, Status.REFUSED)
    (second,) = admission.take(2, time.monotonic() + 5)
    assert not admission.done(second, Status.REFUSED)
    assert admission.exhausted


async def test_a_name_may_be_answered_by_a_closed_connection() -> None:
    admission = admission_of("10.0.0.1", "10.0.0.1")
    first, second = admission.take(2, time.monotonic())
    admission.done(first, Status.BANNER)
    second.dns = 0.01
    assert not admission.done(second, Status.CLOSED)
    assert admission.done(second, Status.RESET)


async def test_a_server_that_says_it_has_no_room_is_asked_again() -> None:
    admission = admission_of("10.0.0.1")
    now = time.monotonic()
    for _ in range(AGAIN):
        (job,) = admission.take(9, now)
        assert admission.done(job, Status.BANNER, b"Exceeded MaxStartups\r\n")
        assert not admission.exhausted
        now += 60
    (job,) = admission.take(9, now)
    assert not admission.done(job, Status.BANNER, b"Exceeded MaxStartups\r\n")
    assert admission.exhausted


async def test_what_waits_is_bounded_and_then_nothing_does() -> None:
    admission = admission_of(*["10.0.0.1"] * (AHEAD + 10))
    now = time.monotonic()
    first, second = admission.take(2, now)
    admission.done(first, Status.BANNER)
    admission.done(second, Status.RESET)
    assert len(admission.take(AHEAD, now)) == 9  # all but `AHEAD`


async def test_ceilings_count_nobody_who_waits() -> None:
    admission = admission_of(*["10.0.0.1"] * 6, ceilings=Ceilings(per_host=2))
    now = time.monotonic()
    first, second = admission.take(9, now)
    admission.done(first, Status.BANNER)
    assert admission.done(second, Status.RESET)
    assert admission.take(9, now) == []
    (ahead,) = admission.take(9, now + 1.5)
    admission.done(ahead, Status.BANNER)
    found = []
    while not admission.exhausted:
        now += 2
        for job in admission.take(9, now):
            assert not admission.done(job, Status.BANNER)
            found.append(job)
    assert sorted(tags([first, ahead, *found])) == list(range(6))


async def test_who_goes_ahead_does_so_at_any_rate() -> None:
    admission = admission_of(*["10.0.0.1"] * 4, bucket=TokenBucket(0.1, 2))
    now = time.monotonic()
    first, second = admission.take(2, now)
    admission.done(first, Status.BANNER)
    admission.done(second, Status.RESET)
    assert admission.take(9, now + 5) == []
    assert admission.delay == pytest.approx(5, abs=0.1)
    assert tags(admission.take(9, now + 10.1)) == [1]


def full(rejected: int) -> Callable[[testing.Connection], Coroutine[Any, Any, None]]:
    """Has no room for the first connections, and says so."""
    seen = 0

    async def talk(connection: testing.Connection) -> None:
        nonlocal seen
        seen += 1
        await connection.write(b"Not allowed at this time\r\n" if seen <= rejected else SSH)

    return talk


def crowded(turned_away: int) -> Callable[[testing.Connection], Coroutine[Any, Any, None]]:
    """Greets the first connection, resets the following ones, then greets again."""
    seen = 0

    async def talk(connection: testing.Connection) -> None:
        nonlocal seen
        seen += 1
        if 1 < seen <= 1 + turned_away:
            connection.reset()
        else:
            await connection.write(SSH)

    return talk


async def test_a_crowd_that_was_turned_away_is_greeted_later(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "Backoff", partial(Backoff, first=0.05))
    answered: list[str | None] = []

    async def targets(port: int) -> AsyncIterator[Target]:
        yield Target("127.0.0.1", port, "first")
        await first_answer.wait()
        for number in range(20):
            yield Target("127.0.0.1", port, str(number))

    first_answer = asyncio.Event()
    async with (
        testing.serve(crowded(6)) as server,
        scan(targets(server.port), mode="listen", driver=driver) as results,
    ):
        statuses: Counter[Status] = Counter()
        async for found in results:
            answered.append(found.tag)
            statuses[found.status] += 1
            first_answer.set()
    assert statuses == {Status.BANNER: 21}
    assert len(set(answered)) == 21


async def test_a_full_server_greets_everybody_later(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "Backoff", partial(Backoff, first=0.01))
    async with testing.serve(full(8)) as server:
        targets = [Target("127.0.0.1", server.port, str(number)) for number in range(10)]
        async with scan(targets, mode="light", driver=driver) as results:
            banners = Counter([found.banner async for found in results])
    assert banners == {SSH: 10}


async def test_a_host_that_shuts_is_believed_in_the_end(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "Backoff", partial(Backoff, first=0.01, strikes=3))
    async with testing.serve(crowded(1000)) as server:
        targets = [Target("127.0.0.1", server.port, str(number)) for number in range(40)]
        async with scan(targets, concurrency=1, mode="listen", driver=driver) as results:
            statuses = Counter([found.status async for found in results])
    assert statuses == {Status.BANNER: 1, Status.RESET: 39}


async def test_a_scan_that_is_stopped_ends_with_what_is_under_way(driver: Driver) -> None:
    pulled: list[Target] = []
    released = asyncio.Event()

    async def hold(connection: testing.Connection) -> None:
        await released.wait()
        await connection.write(SSH)

    async def targets(port: int) -> AsyncIterator[Target]:
        for number in range(300):
            pulled.append(Target("127.0.0.1", port, str(number)))
            yield pulled[-1]
        await asyncio.Event().wait()  # a pipe that nobody writes to

    async with (
        testing.serve(hold) as server,
        scan(targets(server.port), concurrency=50, per_host=3, mode="listen", driver=driver) as results,
    ):
        async with asyncio.timeout(20):
            while server.connections < 3 or len(pulled) < 300:
                await asyncio.sleep(0.01)
            results.stop()
            released.set()
            found = [found.tag async for found in results]
    assert sorted(filter(None, found)) == ["0", "1", "2"]


async def test_nothing_is_left_after_a_stop() -> None:
    async def targets() -> AsyncIterator[Target]:
        for number in range(AHEAD + 5):
            yield Target("10.0.0.1", 22, str(number))

    admission = Admission(
        targets(), Settings(), resolver.Resolver(), Job, backoff=Backoff(), bucket=TokenBucket(0.1)
    )
    now = time.monotonic()
    while not (jobs := admission.take(9, now)):
        await asyncio.sleep(0)
    assert len(jobs) == 1
    assert admission.delay is not None  # the next one waits for the rate, the others are read ahead
    admission.stop()
    await admission.close()
    assert admission.exhausted
    assert admission.take(9, now + 1000) == []
