"""What both drivers tell of a peer, where one of them once told something else (found by tests.bench.strangers)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from banner import End, Grab, Mode, Status, Target, Timeouts, scan, testing
from tests.strangers.visiting import Driver

DRIVERS = pytest.mark.parametrize("driver", ["sweep", "streams"])
HELLO = re.compile(rb".+", re.DOTALL)


async def told(server: testing.Server, driver: Driver, limit: int = 1024, **timeouts: float) -> Grab:
    given: dict[str, Any] = {"limit": limit, "timeouts": Timeouts(**timeouts)}
    async with scan([Target(server.host, server.port)], driver=driver, mode=Mode.LIGHT, **given) as results:
        return await anext(results)


@DRIVERS
@pytest.mark.parametrize(("length", "end"), [(99, End.COMPLETE), (100, End.LIMIT), (5000, End.LIMIT)])
async def test_an_answer_of_which_more_may_have_come_ends_at_the_limit(
    driver: Driver, length: int, end: End
) -> None:
    async with testing.conversation([(HELLO, b"?" * length)]) as server:
        grab = await told(server, driver, 100, read=0.5)
    assert (grab.banner, grab.end) == (b"?" * min(length, 100), end)


@DRIVERS
async def test_no_wait_is_longer_than_the_read_timeout(driver: Driver) -> None:
    async with testing.silent() as server:
        grab = await told(server, driver, read=0.1, total=3)
    assert (grab.status, grab.connections > 3) == (Status.SILENT, True)
