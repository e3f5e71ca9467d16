"""What thousands in flight keep little of: an attempt's attributes, and a dialogue that waits."""

from __future__ import annotations

import enum
import gc
import sys
from collections import Counter
from types import GeneratorType

import pytest

from banner import testing
from banner.dialogue import Want, Wire
from banner.models import Mode, Settings, Target
from banner.plan.planner import planner
from banner.sweep import driver
from banner.sweep.attempts import Attempt
from banner.sweep.scanner import WrittenScan

RARE = {"held", "dns", "error", "denied", "fault", "inquiry"}
"""What an attempt over TCP to an address that greets does not have: the table of names holds thirty."""


def test_attempts_share_the_names_of_their_attributes() -> None:
    """A dictionary of its own makes one twice as large."""
    attempts = [
        Attempt(Target("192.0.2.1", 22), ("192.0.2.1",)) for _ in range(64)
    ]  # the table is closed by then
    names = {*Attempt.__annotations__, "state", "fd", "tries", "data", "began", "counted"} - RARE
    for name in sorted(names):
        setattr(attempts[-1], name, 0)
    assert not any(isinstance(what, dict) for what in gc.get_referents(attempts[-1]))


def test_who_waits_for_bytes_waits_in_one_generator() -> None:
    wire = Wire("192.0.2.1", 22)
    for waiting in (wire.some(), wire.exactly(1), wire.until(b"\n")):
        assert next(waiting) is Want.BYTES
        assert isinstance(waiting, GeneratorType)
        assert waiting.gi_yieldfrom is None


@pytest.mark.parametrize("mode", [Mode.LISTEN, Mode.LIGHT])
async def test_no_member_of_an_enumeration_is_looked_up_for_each_that_greets(
    monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    """Until Python 3.11 that takes 0.2 us."""
    looks: Counter[tuple[str, str, str]] = Counter()

    def counting(members: type, name: str) -> object:
        code = sys._getframe(1).f_code
        if "banner/sweep" in code.co_filename or "banner/plan" in code.co_filename:
            looks[code.co_filename, code.co_qualname, name] += 1
        return type.__getattribute__(members, name)

    planner(Settings(mode=mode))  # made beforehand: it looks at each dialogue
    monkeypatch.setattr(driver, "TICK", 3600.0)  # a look at the deadlines is no target's
    number = iter(range(1000))

    async def greet(connection: testing.Connection) -> None:
        await connection.write(b"SSH-2.0-OpenSSH_9.2p1 light-%s-%d\r\n" % (mode.encode(), next(number)))

    async with testing.serve(greet) as server:
        targets = [Target("127.0.0.1", server.port)] * 40
        enum.EnumType.__getattribute__ = counting  # type: ignore[method-assign, assignment]
        try:
            async with WrittenScan(targets, Settings(mode=mode), 10, None, None) as results:
                told = [row async for batch in results.batches() for row in batch]
        finally:
            del enum.EnumType.__getattribute__
    assert len(told) == len(targets)
    assert [look for look, times in looks.items() if times >= len(targets)] == []
