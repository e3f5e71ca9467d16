"""Dialogues of others that tell what cannot be written down: each costs its own record, whoever visits and writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Probe, Service, Status, Target, Timeouts, Transport, Want, testing
from banner.testing import udp

TIMEOUTS = Timeouts(connect=60, read=60, total=120)
FIVE: Any = 5
WRONG: list[Any] = [
    Service("odd", product="\ud800"),
    Service("odd", version=FIVE),
    "no service",
    {"field": object()},
    {"field": "\ud800"},
    {"field": [{"deep": 1j}]},
    {None: 1},
]


def odd(what: Any, transport: Transport = Transport.TCP) -> Probe:
    """A dialogue that tells `what`: details where it is a dict, else a service."""

    def talk(wire: Any) -> Generator[Want, None, Any]:
        wire.send(b"?")
        if transport is Transport.TCP:
            yield from wire.some()
        else:
            yield from wire.datagram()
        if not isinstance(what, dict):
            return what
        wire.details.update(what)
        return Service("odd")

    return Probe("odd", talk=talk, transport=transport)


@pytest.mark.parametrize("how", ["sweep", "streams", ".jsonl", ".sqlite"])
async def test_it_costs_the_one_record(how: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    async with testing.conversation([(b"?", b"!\r\n")]) as server:
        target = Target(server.host, server.port)

        async def check(number: int, what: Any) -> None:
            probe, path = odd(what), f"{tmp_path}/{number}{how}"
            ways: dict[str, Any] = {"keep": path} if how[0] == "." else {"driver": how}
            async with banner.scan([target], probes=[probe], timeouts=TIMEOUTS, **ways) as results:
                (grab,) = [grab async for grab in results]
            right = what == {"field": 1}
            told = (Status.BANNER, what) if right else (Status.FAULT, {})
            assert (grab.status, grab.details) == told, what
            assert banner.Grab.from_json(grab.to_json()) == grab
            if how[0] == ".":
                assert list(banner.read(path)) == [grab]

        await asyncio.gather(*map(check, range(len(WRONG) + 1), [*WRONG, {"field": 1}]))


async def test_so_it_does_where_one_target_is_grabbed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    async with testing.conversation([(b"?", b"!\r\n")]) as server, udp.answerer(b"!") as door:

        async def check(what: Any) -> None:
            grab = await banner.grab(server.host, server.port, probes=[odd(what)], timeouts=TIMEOUTS)
            assert grab.status is Status.FAULT, what
            probe = odd(what, Transport.UDP)
            grab = await banner.grab(door.host, door.port, transport="udp", probes=[probe], timeouts=TIMEOUTS)
            assert grab.status is Status.FAULT, what

        await asyncio.gather(*map(check, WRONG))
