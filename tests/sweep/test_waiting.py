"""What a target waits for in queues of ours is not its time; and of a name's addresses a few are tried, by the rate."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from typing import Any, cast

import pytest

from banner import Resolver, Status, Target, Timeouts, scan, testing
from banner.addresses.choice import to_try
from banner.sweep.job import Job
from tests.own_address import own_address
from tests.sweep.scans import Driver

SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"
both = pytest.mark.parametrize("driver", ["sweep", "streams"])


class Names:
    """Stands in for DNS."""

    def __init__(self, *addresses: str, seconds: float = 0.0) -> None:
        self.addresses = addresses
        self.seconds = seconds

    async def resolve(self, name: str) -> tuple[str, ...]:
        await asyncio.sleep(self.seconds)
        return self.addresses

    async def close(self) -> None:
        pass


def resolver(*addresses: str, seconds: float = 0.0) -> Resolver:
    return cast(Resolver, Names(*addresses, seconds=seconds))


@both
@pytest.mark.parametrize("limits", [{"per_host": 1}, {"rate": 20}])
async def test_fault_9_names_that_wait_are_not_told_silent(driver: Driver, limits: dict[str, Any]) -> None:
    timeouts = Timeouts(connect=1.4, read=1.4, total=1.5)
    async with testing.greeter(SSH, delay=0.05) as server:
        targets = [Target(f"n{number}.example", server.port) for number in range(40)]
        began = time.monotonic()
        scanning = scan(targets, timeouts=timeouts, resolver=resolver("127.0.0.1"), driver=driver, **limits)
        async with scanning as results:
            statuses = Counter([grab.status async for grab in results])
    assert time.monotonic() - began > 1.5  # longer than a target has
    assert statuses == {Status.BANNER: 40}


@both
async def test_fault_18_a_lookup_is_the_targets_own_time(driver: Driver) -> None:
    async with testing.silent() as server:
        target = Target("slow.example", server.port)
        timeouts = Timeouts(connect=5, read=5, total=1.5)
        async with scan(
            [target],
            timeouts=timeouts,
            resolver=resolver("127.0.0.1", seconds=0.3),
            driver=driver,
            mode="listen",
        ) as results:
            (grab,) = [grab async for grab in results]
    assert grab.status is Status.SILENT
    assert grab.timings.dns is not None
    assert grab.timings.dns > 0.25
    assert grab.timings.total is not None
    assert grab.timings.total >= 1.5


def test_fault_18_a_target_begins_with_its_lookup_and_stands_still_while_it_waits() -> None:
    job = Job(Target("slow.example", 22), ("192.0.2.1", "192.0.2.2"))
    job.dns = 2.0
    job.start(100.0)
    assert job.began == 98.0
    job.held = 101.0  # for its turn at the next address
    job.start(111.0)
    assert job.began == 108.0


@both
async def test_fault_2_hundreds_of_addresses_that_cannot_be_connected_to(driver: Driver) -> None:
    many = resolver(*(f"fe80::{number:x}" for number in range(1, 601)))
    async with testing.greeter(SSH) as server:
        targets = [Target("many.example", server.port), Target("127.0.0.1", server.port)]
        async with scan(targets, resolver=many, driver=driver) as results:
            found = {grab.host: grab.status async for grab in results}
    assert found == {"many.example": Status.UNREACHABLE, "127.0.0.1": Status.BANNER}


@both
async def test_fault_2_further_addresses_wait_for_the_rate_and_for_their_own_ceiling(driver: Driver) -> None:
    """Twelve names lead to an address that refuses, then to one that counts how many are there at a time."""
    own = own_address(2)  # where nobody else has the refuser's port
    there = most = 0
    times: list[float] = []

    async def handle(connection: testing.Connection) -> None:
        nonlocal there, most
        there += 1
        most = max(most, there)
        times.append(time.monotonic())
        await connection.write(SSH)
        await connection.read()
        there -= 1

    async with (
        testing.refuser(host="127.0.0.1") as refuser,  # holds the port: another process may listen there
        testing.serve(handle, host=own, port=refuser.port) as server,
    ):
        targets = [Target(f"n{number}.example", server.port) for number in range(12)]
        names = resolver("127.0.0.1", own)
        async with scan(
            targets, resolver=names, driver=driver, rate=60, per_host=1, mode="listen"
        ) as results:
            found = [grab async for grab in results]
    assert Counter((grab.ip, grab.status) for grab in found) == {(own, Status.BANNER): 12}
    assert most == 1
    assert times[-1] - times[0] > 12 * 2 / 60 - 0.2  # each took two turns


def test_to_try() -> None:
    assert to_try(["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2", "192.0.2.3"]) == (
        "2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2",
    )  # fmt: skip
    assert to_try(["192.0.2.1", "2001:db8::1"]) == ("192.0.2.1", "2001:db8::1")
    assert to_try(["192.0.2.1"] * 9) == ("192.0.2.1", "192.0.2.1")


@both
async def test_fault_19_a_connection_to_itself_is_refused(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel is made to choose the very port that is visited."""
    from banner.addresses import socket_address

    own = own_address()  # where nobody else connects from
    with socket.socket() as free:
        free.bind((own, 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(socket_address, "chosen_ports", lambda: (port, port))
    connect = socket.SocketType.connect_ex

    class Bound(socket.SocketType):
        def connect_ex(self, address: Any, /) -> int:
            self.bind((own, port))
            return connect(self, address)

    from banner.sweep import connector

    monkeypatch.setattr(connector, "_Socket", Bound)
    if driver == "streams":
        loop = asyncio.get_running_loop()
        usually = loop.create_connection

        async def bound(factory: Any, host: str, port: int) -> Any:
            return await usually(factory, host, port, local_addr=(own, port))

        try:
            monkeypatch.setattr(loop, "create_connection", bound)
        except AttributeError:
            pytest.skip("uvloop's methods cannot be replaced")
    async with scan([Target(own, port)], driver=driver, mode="listen") as results:
        (grab,) = [grab async for grab in results]
    assert grab.status is Status.REFUSED
