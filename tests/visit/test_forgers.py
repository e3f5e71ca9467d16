"""UDP among forgers: what strangers send at once, from elsewhere, takes no answer away."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest

import banner
from banner import Grab, Status, Target, Timeouts, Transport
from banner.testing import udp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a connected socket hears nobody else")

FORGED = 300
"""More than the buffer holds that a socket has unless it asks for a larger one."""
HOSTS = [("127.0.0.1", "127.0.0.9"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")]
"""Where the server is, and the forgers."""
Driver = Literal["sweep", "streams"]


@asynccontextmanager
async def among_forgers(
    host: str, forgers: str, reply: bytes | None, count: int = FORGED, slow: float = 0
) -> AsyncIterator[tuple[str, int]]:
    """A server whose answer begins as the question did and ends with `reply`, after what the forgers say."""
    loop = asyncio.get_running_loop()
    with udp.bind(host, 0) as door, udp.bind(forgers, 0) as forger:

        def hear() -> None:
            question, asker = door.recvfrom(65536)
            for number in range(count):
                forger.sendto(b"%d" % number, asker)
            if reply is not None:
                door.sendto(question[:2] + reply, asker)
            for number in range(count):
                forger.sendto(b"%d" % number, asker)
            time.sleep(slow)  # who serves holds the asker's loop up

        loop.add_reader(door, hear)
        try:
            yield door.getsockname()[:2]
        finally:
            loop.remove_reader(door)


async def asked(driver: Driver, host: str, port: int, probe: str, **more: object) -> Grab:
    targets = [Target(host, port, transport=Transport.UDP)]
    async with banner.scan(targets, driver=driver, probes=[probe], **more) as results:  # type: ignore[arg-type]
        [grab] = [grab async for grab in results]
    return grab


NAME = b"\x07version\x04bind\0\0\x10\0\3"
DNS = b"\x84\0\0\1\0\0\0\0\0\0" + NAME


@pytest.mark.parametrize("hosts", HOSTS, ids=str)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_the_answer_is_found_among_forgeries(driver: Driver, hosts: tuple[str, str]) -> None:
    async with among_forgers(*hosts, DNS) as (host, port):
        grab = await asked(driver, host, port, "dns")
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")
    assert grab.banner[2:] == DNS
    assert grab.received == len(grab.banner)
    assert grab.details["datagrams"] == 1  # nothing was asked again
    assert "from_port" not in grab.details


@pytest.mark.parametrize("hosts", HOSTS, ids=str)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_what_no_buffer_holds_costs_a_repeat(driver: Driver, hosts: tuple[str, str]) -> None:
    """The kernel drops the forgeries by then."""
    async with among_forgers(*hosts, DNS, count=8000) as (host, port):
        grab = await asked(driver, host, port, "dns")
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_the_answer_among_forgeries_came_while_the_loop_stood_still(driver: Driver) -> None:
    async with among_forgers("127.0.0.1", "127.0.0.9", DNS, slow=0.6) as (host, port):
        grab = await asked(driver, host, port, "dns", timeouts=Timeouts(read=0.3))
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_strangers_alone_are_no_answer(driver: Driver) -> None:
    async with among_forgers("127.0.0.1", "127.0.0.9", None) as (host, port):
        grab = await asked(driver, host, port, "dns", timeouts=Timeouts(read=0.3))
    assert (grab.status, grab.banner, grab.received) == (Status.SILENT, b"", 0)
    assert grab.details["from_elsewhere"] >= 16
