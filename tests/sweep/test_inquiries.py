"""UDP targets of a scan: both drivers tell the same of every behaviour, and hold rate, ceilings and room."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Literal

import msgspec
import pytest

import banner
from banner import Grab, Status, Target, Timeouts, Timings, Transport
from banner.plan import exchange
from banner.sweep import inquiries
from banner.testing import greeter, udp

SOON = Timeouts(read=0.2)
"""Where nothing comes."""
PATIENT = Timeouts(connect=60, read=60, total=120)
DRIVERS: tuple[Literal["sweep", "streams"], ...] = ("sweep", "streams")

PEERS: dict[str, Callable[[], Any]] = {
    "answers": lambda: udp.answerer(b"pong"),
    "answers nothing in a datagram": lambda: udp.answerer(b""),
    "answers twice": lambda: udp.answerer([b"one", b"two"]),
    "sends back": udp.echo,
    "is silent": udp.silent,
    "refuses": udp.refuser,
    "floods": lambda: udp.flooder(b"x" * 700, 300),
    "sends the largest": lambda: udp.answerer(b"y" * 65507),
    "answers from another port": lambda: udp.from_another_port(b"hm"),
    "answers from another address": lambda: udp.from_another_address(b"hm"),
    "is forged, then answers": lambda: udp.answerer([b"", b"\xff" * 12, b"late"]),
}

NEVER = ("is silent", "answers from another port", "answers from another address")
"""Those of whom nothing ends the waiting."""


async def scanned(targets: list[Target], **more: Any) -> list[Grab]:
    async with banner.scan(targets, timeouts=more.pop("timeouts", SOON), **more) as results:
        return [grab async for grab in results]


def told(grab: Grab) -> Grab:
    """What does not differ from visit to visit; of a flood as much as was there was read."""
    details = {k: v for k, v in grab.details.items() if k not in ("from_port", "amplification")}
    details |= {"other": "from_port" in grab.details}
    if grab.service is not None and grab.service.name == "echo":
        grab = msgspec.structs.replace(
            grab, banner=b"?" * len(grab.banner)
        )  # a question's numbers are by chance
    return msgspec.structs.replace(
        grab, time=0.0, timings=Timings(), details=details, received=min(grab.received, 1)
    )


async def grabbed(targets: list[Target], timeouts: Timeouts, mode: Any) -> list[Grab]:
    return await asyncio.gather(
        *[
            banner.grab(t.host, t.port, tag=t.tag, transport="udp", mode=mode, timeouts=timeouts)
            for t in targets
        ]
    )


async def found(targets: list[Target], ask: Callable[..., Awaitable[list[Grab]]]) -> dict[str | None, Grab]:
    """What is told of each, by its tag. Who answers has its time: no pause of the machine is silence."""
    answering = [target for target in targets if target.tag not in NEVER]
    silent = [target for target in targets if target.tag in NEVER]
    grabs = await asyncio.gather(ask(answering, timeouts=PATIENT), ask(silent, timeouts=SOON))
    return {grab.tag: told(grab) for some in grabs for grab in some}


@pytest.mark.parametrize("mode", ["light", "full", "listen"])
async def test_both_drivers_and_grab_tell_the_same(mode: str) -> None:
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(make()) for name, make in PEERS.items()}
        targets = [Target(one.host, one.port, name, transport=Transport.UDP) for name, one in servers.items()]
        (sweep, streams, alone) = await asyncio.gather(
            found(targets, partial(scanned, driver="sweep", mode=mode)),
            found(targets, partial(scanned, driver="streams", mode=mode)),
            found(targets, partial(grabbed, mode=mode)),
        )
    assert sweep == streams == alone
    assert sweep.keys() == PEERS.keys()
    if mode != "listen":
        assert sweep["refuses"].status is Status.REFUSED
        assert sweep["is silent"].status is Status.SILENT
        assert sweep["floods"].status is Status.BANNER
    else:
        assert not any(one.received for one in servers.values())


@pytest.mark.parametrize("driver", DRIVERS)
async def test_both_transports_in_one_scan(driver: Literal["sweep", "streams"]) -> None:
    async with greeter(b"220 hello\r\n") as tcp, udp.answerer(b"hello") as answering:
        port = answering.port
        targets = [
            target
            for _ in range(50)
            for target in (
                Target(tcp.host, tcp.port),
                Target(answering.host, port, transport=Transport.UDP),
            )
        ]
        grabs = await scanned(targets, driver=driver, concurrency=20, timeouts=PATIENT)
    assert sorted((g.transport, g.banner) for g in grabs) == [
        *[("tcp", b"220 hello\r\n")] * 50,
        *[("udp", b"hello")] * 50,
    ]


class Names:
    """Both have a first address that refuses."""

    async def resolve(self, host: str) -> list[str]:
        return [] if host == "nobody.test" else ["127.0.0.3", "127.0.0.1"]


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_names_addresses_are_asked_in_order(driver: Literal["sweep", "streams"]) -> None:
    async with udp.answerer(b"second") as server, udp.refuser() as closed:
        ports = {"two.test": server.port, "none.test": closed.port, "nobody.test": 53}
        targets = [Target(name, port, transport=Transport.UDP) for name, port in ports.items()]
        grabs = {g.host: g for g in await scanned(targets, driver=driver, resolver=Names(), timeouts=PATIENT)}
    assert (grabs["two.test"].ip, grabs["two.test"].banner) == ("127.0.0.1", b"second")
    assert grabs["two.test"].details["datagrams"] == 2
    assert grabs["none.test"].status is Status.REFUSED
    assert grabs["nobody.test"].status is Status.DNS_ERROR
    assert grabs["nobody.test"].transport == "udp"


@pytest.mark.parametrize("driver", DRIVERS)
async def test_what_cannot_leave_was_not_said(driver: Literal["sweep", "streams"]) -> None:
    """A broadcast is not permitted to a socket that did not ask for it (socket(7)): the system refuses to send it."""
    [grab] = await scanned([Target("255.255.255.255", 53, transport=Transport.UDP)], driver=driver)
    assert grab.status is Status.UNREACHABLE
    assert (grab.said, grab.sent, grab.probe, grab.details) == ((), 0, None, {})


@pytest.mark.parametrize("driver", DRIVERS)
async def test_the_rate_is_one_of_datagrams(driver: Literal["sweep", "streams"]) -> None:
    """Those that leave again, or for another question, count as well: here three for each target, a second apart."""
    rate, count = 20.0, 12
    came: list[float] = []
    async with udp.answerer(lambda _: came.append(time.monotonic())) as server:
        target = Target(server.host, server.port, transport=Transport.UDP)
        await scanned([target] * count, driver=driver, rate=rate, mode="full", timeouts=Timeouts())
    assert len(came) == 3 * count
    assert came[-1] - came[0] >= (3 * count - 3) / rate


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_ceiling_for_a_host_holds(driver: Literal["sweep", "streams"]) -> None:
    async with udp.silent() as server:
        targets = [Target(server.host, server.port, transport=Transport.UDP)] * 6
        began = time.monotonic()
        grabs = await scanned(targets, driver=driver, per_host=2)
    assert [g.status for g in grabs] == [Status.SILENT] * 6
    assert time.monotonic() - began >= 3 * 0.2


@pytest.mark.parametrize("driver", DRIVERS)
async def test_fault_17_a_fault_of_ours_costs_one_record(
    driver: Literal["sweep", "streams"], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from banner.plan.exchange import Exchange

    arrived = Exchange.arrived

    def wrong(self: Exchange, data: bytes, now: float, port: int | None = None) -> None:
        if data == b"bad":
            raise ZeroDivisionError("a mistake")
        arrived(self, data, now, port)

    monkeypatch.setattr(Exchange, "arrived", wrong)
    async with udp.answerer(b"bad") as bad, udp.answerer(b"good") as good:
        targets = [Target(s.host, s.port, transport=Transport.UDP) for s in (bad, good, bad, good)]
        grabs = await scanned(targets, driver=driver, timeouts=PATIENT)
    assert sorted(g.status for g in grabs) == ["banner", "banner", "fault", "fault"]
    faults = [g for g in grabs if g.status is Status.FAULT]
    assert {g.error for g in faults} == {"ZeroDivisionError: a mistake"}
    assert {(g.said, g.probe, g.details["datagrams"]) for g in faults} == {(("empty",), "empty", 1)}
    assert len(caplog.records) == 2


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_scan_that_is_left_leaves_no_socket(
    driver: Literal["sweep", "streams"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        exchange, "ANSWER", PATIENT.read
    )  # so that none is over while the machine stands still
    monkeypatch.setattr(exchange, "REPEAT", PATIENT.read)
    async with udp.silent() as server:
        targets = [Target(server.host, server.port, transport=Transport.UDP)] * 30
        async with banner.scan(targets, driver=driver, timeouts=PATIENT) as results:
            while len(server.received) < 30:
                await asyncio.sleep(0)
            assert results.in_flight() == 30
        gc.collect()  # a socket that was not closed is a warning, and that an error
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as later:
            later.close()


async def test_many_silent_targets_are_held_in_little_memory() -> None:
    """Each has gone when its outcome was read: nothing grows with their number."""
    import tracemalloc

    held: list[int] = []

    def endless(server: udp.Server, count: int) -> Iterator[Target]:
        for _ in range(count):
            yield Target(server.host, server.port, transport=Transport.UDP)

    async with udp.silent() as server:
        tracemalloc.start()
        for count in (200, 2000):
            server.received.clear()
            async with banner.scan(
                endless(server, count), concurrency=200, timeouts=Timeouts(read=0.05), driver="sweep"
            ) as results:
                async for _ in results:
                    pass
            server.received.clear()
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert held[1] - held[0] < 500 * 1800  # less than half a kilobyte for each further target


@pytest.mark.parametrize("driver", DRIVERS)
async def test_what_came_while_the_loop_stood_still_came_in_time(driver: Literal["sweep", "streams"]) -> None:
    async with (
        udp.answerer(b"pong") as server,
        banner.scan(
            [Target(server.host, server.port, transport=Transport.UDP)],
            driver=driver,
            timeouts=Timeouts(read=0.7),
        ) as results,
    ):
        while not server.received:
            await asyncio.sleep(0)
        time.sleep(0.8)  # noqa: ASYNC251 - somebody else's callback takes longer than there is time
        [grab] = [grab async for grab in results]
    assert grab.banner == b"pong"


async def test_no_more_are_asked_at_once_than_there_are_ports(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each silent one holds a port of this machine until its time is up; the others wait, and none is lost."""
    monkeypatch.setattr(inquiries, "chosen_ports", lambda: (40000, 40000 + inquiries.SPARE + 9))
    most = 0
    async with udp.silent() as server:
        targets = [Target(server.host, server.port, transport=Transport.UDP)] * 60
        async with banner.scan(targets, driver="sweep", timeouts=SOON) as results:
            grabs = []
            async for grab in results:
                grabs.append(grab)
                most = max(most, results.in_flight())
    assert [grab.status for grab in grabs] == [Status.SILENT] * 60
    assert most <= 10 + 16  # a burst may be begun at once
    assert [record.levelname for record in caplog.records] == ["WARNING"]
