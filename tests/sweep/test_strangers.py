"""Strange peers end no scan and bend no record, and what one driver tells of a peer the other tells as well."""

from __future__ import annotations

import os
import re
from contextlib import AsyncExitStack

import msgspec
import pytest

from banner import Mode, Settings, Timeouts, testing
from banner.testing import Serving
from tests.strangers.acts import End, Hear, Say
from tests.strangers.crowd import Stranger, strangers
from tests.strangers.served import served
from tests.strangers.visiting import Tally, Watch, compared, grabbed
from tests.tls_peer import lax_context

SHORT = Settings(timeouts=Timeouts(connect=3, read=0.8, total=3.6))


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_crowd_is_told_alike_by_both_drivers(seed: int) -> None:
    tally = Tally()
    async with served(strangers(seed, range(120), street=os.getpid())) as crowd, Watch(tally):
        tally.wrong += await compared(crowd, SHORT, tally)
    assert tally.wrong == []
    assert len(crowd) > 100


async def test_a_crowd_is_grabbed() -> None:
    tally = Tally()
    async with served(strangers(3, range(120), street=os.getpid())) as crowd, Watch(tally):
        await grabbed(crowd, SHORT, tally)
    assert tally.wrong == []
    assert len(tally.costs) == len(crowd) > 100


def behaviours() -> dict[str, Serving]:
    """Every kind of server of `banner.testing`, in the clear and inside TLS."""
    greeting, tls = b"220 mail.example ESMTP Postfix\r\n", lax_context()
    hello = re.compile(rb".+", re.DOTALL)
    return {
        "greeter": testing.greeter(greeting),
        "greeter in pieces": testing.greeter(testing.segments(greeting, 3)),
        "greeter inside": testing.greeter(greeting, ssl=tls),
        "closer": testing.closer(),
        "closer with a greeting": testing.closer(greeting),
        "closer inside": testing.closer(ssl=tls),
        "resetter": testing.resetter(),
        "resetter after connecting": testing.resetter(delay=0),
        "resetter with a greeting": testing.resetter([greeting, b""], pause=0.05),
        "silent": testing.silent(),
        "silent inside": testing.silent(ssl=tls),
        "dripper": testing.dripper(),
        "flooder": testing.flooder(),
        "flooder inside": testing.flooder(ssl=tls),
        "answers anything": testing.conversation([(hello, b"HTTP/1.1 400 Bad Request\r\n\r\n")]),
        "echo": testing.conversation([(hello, b"ERR\r\n")] * 9),
        "STARTTLS": testing.conversation(
            [(b"", greeting), (hello, b"250 STARTTLS\r\n"), (hello, b"220 go\r\n")]
        ),
        "refuser": testing.refuser(),
        "overloaded": testing.overloaded(),
    }


ACTS = {
    "resetter": (End("reset"),),
    "resetter after connecting": (End("reset"),),
    "STARTTLS": (Say(b"220"), Hear(), Say(b"250")),
}
"""What those do of whom the kernel decides how much of a hello they took, or how much of an answer had come."""


@pytest.mark.parametrize("mode", list(Mode))
async def test_the_servers_of_testing_are_told_alike_by_both_drivers(mode: Mode) -> None:
    tally, crowd = Tally(), []
    async with AsyncExitStack() as stack:
        for number, (title, serving) in enumerate(behaviours().items()):
            server = await stack.enter_async_context(serving)
            crowd.append(Stranger(number, title, server.host, server.port, ACTS.get(title, ())))
        tally.wrong += await compared(crowd, msgspec.structs.replace(SHORT, mode=mode), tally)
    assert tally.wrong == []


LONG = b"RFB 003.\xff" + b"\xfb\x01" * 30_000, b"-ERR " + b"*1\r\n" * 15_000


@pytest.mark.parametrize("greeting", LONG, ids=["an open form", "a line"])
async def test_of_what_comes_in_one_go_both_drivers_read_as_much(greeting: bytes) -> None:
    tally, crowd = Tally(), []
    hello = re.compile(rb".+", re.DOTALL)
    settings = msgspec.structs.replace(SHORT, limit=65536)
    async with AsyncExitStack() as stack:
        for number, serving in enumerate(
            (testing.greeter(greeting), testing.conversation([(hello, greeting)]), testing.greeter(greeting))
        ):
            server = await stack.enter_async_context(serving)
            crowd.append(Stranger(number, "long", server.host, server.port, ()))
        for _ in range(5):
            tally.wrong += await compared(crowd, settings, tally)
    assert tally.wrong == []
