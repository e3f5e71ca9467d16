"""UDP among forgers: what strangers send at once, from elsewhere, takes no answer away."""

from __future__ import annotations

import sys
from typing import Literal

import pytest

import banner
from banner import Grab, Status, Target, Timeouts, Transport
from tests.forgers import FORGED, among_forgers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a connected socket hears nobody else")

HOSTS = [("127.0.0.1", "127.0.0.9"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")]
"""Where the server is, and the forgers."""
Driver = Literal["sweep", "streams"]


async def asked(driver: Driver, host: str, port: int, probe: str, **more: object) -> Grab:
    targets = [Target(host, port, transport=Transport.UDP)]
    async with banner.scan(targets, driver=driver, probes=[probe], **more) as results:  # type: ignore[arg-type]
        [grab] = [grab async for grab in results]
    return grab


def dns(question: bytes) -> list[bytes]:
    return [question[:2] + DNS]


NAME = b"\x07version\x04bind\0\0\x10\0\3"
DNS = b"\x84\0\0\1\0\0\0\0\0\0" + NAME


@pytest.mark.parametrize("hosts", HOSTS, ids=str)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_the_answer_is_found_among_forgeries(driver: Driver, hosts: tuple[str, str]) -> None:
    async with among_forgers(*hosts, dns) as (host, port):
        grab = await asked(driver, host, port, "dns")
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")
    assert grab.banner[2:] == DNS
    assert grab.received == len(grab.banner)
    assert grab.details["from_elsewhere"] >= FORGED  # there was room for all of them, and for the answer
    assert "from_port" not in grab.details


@pytest.mark.parametrize("hosts", HOSTS, ids=str)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_what_no_buffer_holds_costs_a_repeat(driver: Driver, hosts: tuple[str, str]) -> None:
    """The kernel drops the forgeries by then."""
    async with among_forgers(*hosts, dns, count=8000) as (host, port):
        grab = await asked(driver, host, port, "dns")
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_the_answer_among_forgeries_came_while_the_loop_stood_still(driver: Driver) -> None:
    async with among_forgers("127.0.0.1", "127.0.0.9", dns, slow=1.2) as (host, port):
        grab = await asked(driver, host, port, "dns", timeouts=Timeouts(read=1))
    assert (grab.status, grab.service and grab.service.name) == (Status.BANNER, "dns")


@pytest.mark.parametrize("driver", ["sweep", "streams"])
async def test_strangers_alone_are_no_answer(driver: Driver) -> None:
    async with among_forgers("127.0.0.1", "127.0.0.9", lambda _: []) as (host, port):
        grab = await asked(driver, host, port, "dns", timeouts=Timeouts(read=1))
    assert (grab.status, grab.banner, grab.received) == (Status.SILENT, b"", 0)
    assert grab.details["from_elsewhere"] >= 16
