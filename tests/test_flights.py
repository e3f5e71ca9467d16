"""Records that are only written down: those of a greeting seen before come from a pattern, and are the same."""

from __future__ import annotations

import asyncio
from collections import Counter

import msgspec
import pytest

from banner import Grab, Settings, Status, Target, flights, scan, testing
from banner.models import Mode, Timings
from banner.outbox import Block
from banner.record import decode, encode
from banner.scanner import WrittenScan

GREETINGS = (b"SSH-2.0-OpenSSH_9.2p1\r\n", b"220 100% sure % ESMTP \xff\r\n", b'* OK [\xc3\xa9] "quoted"\r\n')


def told(grab: Grab) -> Grab:
    """All but the times."""
    return msgspec.structs.replace(grab, time=0.0, timings=Timings())


async def written(targets: list[Target], settings: Settings) -> Block:
    rows = []
    async with WrittenScan(targets, settings, 10, None, None) as results:
        async for batch in results.batches():
            rows += batch
    return Block.of(rows)


@pytest.mark.parametrize("mode", ["listen", "light"])
@pytest.mark.parametrize("greeting", GREETINGS)
async def test_a_repeated_greeting_has_the_record_of_a_first_one(
    greeting: bytes, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[Grab] = []

    def encoding(grab: Grab) -> bytes:
        encoded.append(grab)
        return encode(grab)

    monkeypatch.setattr(flights, "encode", encoding)
    settings = Settings(mode=Mode(mode))
    async with testing.closer(greeting, pause=0, host="0.0.0.0") as server, testing.refuser() as refuser:
        targets = [Target(f"127.0.0.{number}", server.port) for number in range(1, 60)]
        targets += [Target("127.0.0.1", server.port, "tagged"), Target("127.0.0.1", refuser.port)]
        block = await asyncio.wait_for(written(targets, settings), 20)
        async with scan(targets, mode=mode) as results:
            expected = [grab async for grab in results]
    lines = block.lines.splitlines()
    grabs = [decode(line) for line in lines]
    assert Counter(block.statuses) == {Status.BANNER: 60, Status.REFUSED: 1}
    assert Counter(block.targets) == Counter(targets)
    assert [(grab.host, grab.port) for grab in grabs] == [
        (target.host, target.port) for target in block.targets
    ]
    place = lambda grab: (grab.host, grab.port, grab.tag or "")  # noqa: E731 - used in two lines
    assert sorted(map(told, grabs), key=place) == sorted(map(told, expected), key=place)
    assert all(grab.timings.total is not None and grab.timings.total < 20 for grab in grabs)
    assert len(encoded) < 40, "most come from the pattern"


async def test_greetings_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "GREETINGS", 8)
    made: list[flights.Rows] = []
    usual = flights.Rows.__init__

    def noted(self: flights.Rows, plan: object) -> None:
        usual(self, plan)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(flights.Rows, "__init__", noted)
    number = iter(range(1000))

    async def greet(connection: testing.Connection) -> None:
        await connection.write(b"SSH-2.0-Server_%d\r\n" % next(number))

    async with testing.serve(greet) as server:
        block = await written([Target("127.0.0.1", server.port)] * 50, Settings(mode=Mode.LISTEN))
    assert block.statuses == {Status.BANNER: 50}
    (rows,) = made
    assert 0 < len(rows._patterns) <= 8
