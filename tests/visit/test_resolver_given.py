"""A resolver of the caller's that fails, or has nothing to say: it costs that record, by every way."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

import banner
from banner import Grab, Resolver, Status, Target, testing
from banner.visit.resolver import ResolveError


class Given(Resolver):
    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    async def resolve(self, name: str) -> tuple[str, ...]:
        if isinstance(self.answer, BaseException):
            raise self.answer
        answer: tuple[str, ...] = self.answer
        return answer


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (ZeroDivisionError("mine"), Status.FAULT, "ZeroDivisionError: mine"),
        (OSError(5, "mine"), Status.FAULT, "OSError: [Errno 5] mine"),
        (asyncio.CancelledError(), Status.FAULT, "RuntimeError: the resolver gave up without a reason"),
        (ResolveError("nobody"), Status.DNS_ERROR, "nobody"),
        ((), Status.DNS_ERROR, "the name has no address"),
    ],
    ids=repr,
)
async def test_what_a_resolver_does_costs_one_record(
    answer: Any, status: Status, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with testing.greeter(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
        targets = [Target("name.example", server.port), Target(server.host, server.port)]
        with_policy: list[Any] = [None, banner.Policy()]
        grabs: list[list[Grab]] = []
        for policy in with_policy:
            grabs.append(
                [await banner.grab("name.example", server.port, resolver=Given(answer), policy=policy)]
            )
            for driver in ("sweep", "streams"):
                scan = banner.scan(targets, driver=driver, resolver=Given(answer), policy=policy)
                async with scan as results:
                    found = [grab async for grab in results]
                assert len(found) == 2
                grabs.append([grab for grab in found if grab.host == "name.example"])
    assert {(grab.status, grab.error) for one in grabs for grab in one} == {(status, error)}
    assert all(len(one) == 1 for one in grabs)


async def test_a_resolver_asks_for_a_labels_and_refuses_what_is_no_name() -> None:
    async with Resolver(timeout=0.5) as resolver:
        for name in ("a\0b", "", "a b", 5, None):
            given: Any = name
            with pytest.raises((TypeError, ValueError)):
                await resolver.resolve(given)


def test_a_resolver_without_asyncio_says_so() -> None:
    with pytest.raises(RuntimeError, match="banner needs asyncio"):
        Resolver().resolve("name.example").send(None)
