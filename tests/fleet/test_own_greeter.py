"""A dialogue of one's own that waits for a greeting which no rule knows: its port or its name says where it is held."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

import banner
from banner import testing


def talk(wire: banner.Wire) -> Generator[banner.Want, None, banner.Service | None]:
    name = yield from wire.line()
    if not name.startswith(b"Counter"):
        return None
    wire.claim(banner.Service("counter", product="Counter"))
    if name.endswith(b"!"):
        raise RuntimeError("a dialogue of one's own that breaks")
    if name.endswith(b"?"):
        wire.send(b"VERSION?\r\n")
    if name.endswith((b"?", b",")):
        version = yield from wire.line()
        return banner.Service("counter", product="Counter", version=version.decode())
    wire.details["whole"] = True
    return banner.Service("counter", product="Counter")


def served(greeting: bytes) -> AbstractAsyncContextManager[testing.Server]:
    if greeting.endswith(b"?\r\n"):
        return testing.conversation([(b"", greeting), (b"VERSION?\r\n", b"1.5\r\n")])
    return testing.closer(greeting)


GREETINGS: dict[bytes, tuple[Any, ...]] = {
    b"Counter\r\n": ("Counter", None, {"whole": True}),
    b"Counter?\r\n": ("Counter", "1.5", {}),
    b"Counter,\r\n": ("Counter", None, {}),
    b"Other\r\n": (None, None, {}),
}


async def visited(port: int, driver: str | None, **how: Any) -> banner.Grab:
    if driver is None:
        return await banner.grab("127.0.0.1", port, **how)
    scan: Any = banner.scan
    async with scan([banner.Target("127.0.0.1", port)], driver=driver, **how) as results:
        (grab,) = [grab async for grab in results]
    assert isinstance(grab, banner.Grab)
    return grab


@pytest.mark.parametrize("driver", [None, "sweep", "streams"])
@pytest.mark.parametrize("greeting", GREETINGS, ids=str)
@pytest.mark.parametrize("how", ["probes", "own"])
async def test_it_is_held_on_a_greeting_that_nobody_knows(
    driver: str | None, greeting: bytes, how: str
) -> None:
    async with served(greeting) as server:
        probe = banner.Probe("counter", talk=talk, greets=True, ports=(server.port,) if how == "own" else ())
        grab = await visited(server.port, driver, **{how: [probe]})
        assert (grab.status, grab.banner) == (banner.Status.BANNER, greeting)
        service = grab.service or banner.Service("")
        assert (service.product, service.version, grab.details) == GREETINGS[greeting]


async def test_elsewhere_it_reads_nothing() -> None:
    async with testing.closer(b"Counter\r\n") as server:
        probe = banner.Probe("counter", talk=talk, greets=True, ports=(7999,))
        assert (await banner.grab(server.host, server.port, own=[probe])).service is None


@pytest.mark.parametrize("driver", [None, "sweep", "streams"])
async def test_one_that_breaks_costs_its_own_target_alone(
    driver: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with testing.closer(b"Counter!\r\n") as server:
        probe = banner.Probe("counter", talk=talk, greets=True, ports=(server.port,))
        grab = await visited(server.port, driver, own=[probe])
    assert grab.status is banner.Status.FAULT
    assert "a dialogue of one's own that breaks" in caplog.text
