"""A policy that cannot answer, or fails: nothing is sent, and it costs that record, by every way."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import Any

import pytest

import banner
from banner import (
    Grab,
    Policy,
    Status,
    Target,
    Timeouts,
    testing,
)

SSH = b"SSH-2.0-OpenSSH_9.2\r\n"
QUICK = Timeouts(connect=5, read=1.5, total=20)
drivers = pytest.mark.parametrize("driver", ["sweep", "streams"])


async def found(targets: Any, driver: Any, **options: Any) -> list[Grab]:
    async with banner.scan(targets, driver=driver, timeouts=QUICK, **options) as results:
        return [grab async for grab in results]


# -- fault 11: policies that cannot answer -------------------------------------------------------------------------


class Answer:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def refusal(self, ip: str, port: int) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def _later(ip: str, port: int) -> None: ...


class Later:
    async def refusal(self, ip: str, port: int) -> None: ...


class LaterStill:
    class Called:
        async def __call__(self, ip: str, port: int) -> None: ...

    refusal = Called()


@pytest.mark.parametrize("policy", [Later(), LaterStill(), Later, Policy, "loopback", 5, object()])
async def test_fault_11_a_policy_that_cannot_be_asked_is_refused_when_it_is_given(policy: Any) -> None:
    with pytest.raises(TypeError, match="policy"):
        banner.scan([], policy=policy)
    with pytest.raises(TypeError, match="policy"):
        await banner.grab("127.0.0.1", 22, policy=policy)


@pytest.mark.parametrize("answer", [ZeroDivisionError("mine"), True, False, 0, b"no"], ids=repr)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_fault_11_a_policy_that_fails_costs_that_record_everywhere(
    host: str, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    policy = Answer(answer)
    async with testing.greeter(SSH) as server:
        with caplog.at_level(logging.CRITICAL):
            one = await banner.grab(host, server.port, policy=policy, timeouts=QUICK)
            grabs = [one]
            for driver in ("sweep", "streams"):
                grabs += await found([Target(host, server.port)], driver, policy=policy)
        assert server.connections == 0
    assert {(grab.status, grab.error, grab.ip, grab.connections) for grab in grabs} == {
        (Status.FAULT, one.error, one.ip, 0)
    }
    assert one.error is not None
    assert one.error.startswith(("TypeError: a policy answers", "ZeroDivisionError: mine"))


async def test_fault_11_a_coroutine_as_the_answer_is_no_permission() -> None:
    class Sly:
        def refusal(self, ip: str, port: int) -> Any:
            return _later(ip, port)

    async with testing.greeter(SSH) as server:
        grabs = [await banner.grab(server.host, server.port, policy=Sly())]
        for driver in ("sweep", "streams"):
            grabs += await found([Target(server.host, server.port)], driver, policy=Sly())
        assert server.connections == 0
    assert [grab.status for grab in grabs] == [Status.FAULT] * 3


async def test_fault_11_an_empty_reason_is_a_refusal_everywhere() -> None:
    async with testing.greeter(SSH) as server:
        grabs = [await banner.grab(server.host, server.port, policy=Answer(""))]
        for driver in ("sweep", "streams"):
            grabs += await found([Target(server.host, server.port)], driver, policy=Answer(""))
    assert [grab.status for grab in grabs] == [Status.DENIED] * 3


async def test_fault_11_a_policy_need_not_be_hashable() -> None:
    @dataclass
    class Mine:
        words: list[str]

        def refusal(self, ip: str, port: int) -> str | None:
            return self.words[0]

    grab = await banner.grab("127.0.0.1", 22, policy=Mine(["no"]))
    assert (grab.status, grab.error) == (Status.DENIED, "no")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems connect these elsewhere, or nowhere")
@pytest.mark.parametrize("ip", ["0.0.0.0", "::ffff:0.0.0.0", "::ffff:127.0.0.1", "127.9.9.9", "::", "::1"])
async def test_fault_11_what_the_kernel_connects_to_itself_is_denied(ip: str) -> None:
    home = {"::": "::1", "::1": "::1", "127.9.9.9": "127.9.9.9"}.get(ip, "127.0.0.1")
    deny = Policy(deny=["loopback"])
    async with testing.greeter(SSH, host=home) as server:
        for policy, status in ((None, Status.BANNER), (deny, Status.DENIED)):
            grabs = [await banner.grab(ip, server.port, policy=policy, timeouts=QUICK)]
            for driver in ("sweep", "streams"):
                grabs += await found([Target(ip, server.port)], driver, policy=policy)
            assert [grab.status for grab in grabs] == [status] * 3
        assert server.connections == 3
