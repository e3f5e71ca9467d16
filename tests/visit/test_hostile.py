"""Every status and every end from a real socket event, the same through grab() and both drivers of scan()."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable

import pytest

from banner import End, Grab, Status, Target, Timeouts, grab, scan, testing
from tests.machine import link_local, needs_ipv6
from tests.quick import once

Visit = Callable[..., Awaitable[Grab]]
LATE = 20
"""Seconds: a busy machine is late by a few; what misses its own limit ends at the others, a minute away."""
QUICK = Timeouts(connect=2, read=1.2, total=20)


async def by_grab(host: str, port: int, **options: object) -> Grab:
    return await grab(host, port, mode="listen", **options)  # type: ignore[arg-type]


async def by_sweep(host: str, port: int, **options: object) -> Grab:
    return await _by_scan("sweep", host, port, options)


async def by_streams(host: str, port: int, **options: object) -> Grab:
    return await _by_scan("streams", host, port, options)


async def _by_scan(driver: str, host: str, port: int, options: dict[str, object]) -> Grab:
    async with scan([Target(host, port)], driver=driver, mode="listen", **options) as results:  # type: ignore[arg-type]
        grabs = [found async for found in results]
    assert len(grabs) == 1
    return grabs[0]


@pytest.fixture(params=[by_grab, by_sweep, by_streams], ids=lambda visit: visit.__name__)
def visit(request: pytest.FixtureRequest) -> Visit:
    return request.param  # type: ignore[no-any-return]


def outcome(found: Grab) -> tuple[Status, End | None, bytes]:
    return found.status, found.end, found.banner


SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
SMTP = b"220-mail.example ESMTP\r\n220-no spam\r\n220 ready\r\n"
MYSQL = b"\x4a\x00\x00\x00\x0a8.0.36\x00" + bytes(66)


@pytest.mark.parametrize("greeting", [SSH, SMTP, MYSQL, b"RFB 003.008\n", b"+OK ready\r\n"])
@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_a_greeting_is_whole_in_whatever_segments_it_comes(
    visit: Visit, greeting: bytes, size: int
) -> None:
    async with testing.greeter(testing.segments(greeting, size)) as server:
        found = await visit(server.host, server.port)
    assert outcome(found) == (Status.BANNER, End.COMPLETE, greeting)
    assert found.ip == server.host
    assert found.connections == server.connections == 1
    assert found.probe == "listen"
    assert found.error is None


async def test_a_late_greeting_is_waited_for(visit: Visit) -> None:
    async with testing.greeter(SSH, delay=0.2) as server:
        found = await visit(server.host, server.port)
        assert await once(
            lambda: visit(server.host, server.port), lambda one: (one.timings.connect or 0.0) < 0.15
        )
    assert outcome(found) == (Status.BANNER, End.COMPLETE, SSH)
    assert found.timings.first_byte is not None
    assert found.timings.first_byte >= 0.19


async def test_a_slow_multi_line_greeting_is_waited_for(visit: Visit) -> None:
    async with testing.greeter(SMTP.splitlines(keepends=True), pause=0.1) as server:
        assert outcome(await visit(server.host, server.port)) == (Status.BANNER, End.COMPLETE, SMTP)


async def test_a_greeting_without_an_end_is_whole_after_a_pause(visit: Visit) -> None:
    async with testing.greeter(b"Connection Established") as server:
        found = await visit(server.host, server.port, timeouts=Timeouts(read=60, total=60))
    assert outcome(found) == (Status.BANNER, End.COMPLETE, b"Connection Established")
    assert found.timings.total is not None
    assert found.timings.total < LATE


async def test_binary_bytes_are_kept_exactly(visit: Visit) -> None:
    greeting = bytes(range(256))
    async with testing.greeter(greeting) as server:
        assert (await visit(server.host, server.port)).banner == greeting


async def test_exactly_as_many_bytes_as_are_kept(visit: Visit) -> None:
    async with testing.greeter(b"x" * 1024) as server:
        assert outcome(await visit(server.host, server.port)) == (Status.BANNER, End.LIMIT, b"x" * 1024)


async def test_a_whole_greeting_of_exactly_the_limit_is_complete(visit: Visit) -> None:
    greeting = b"220 " + b"x" * 1018 + b"\r\n"
    async with testing.greeter(greeting) as server:
        assert outcome(await visit(server.host, server.port)) == (Status.BANNER, End.COMPLETE, greeting)


async def test_a_flood_ends_at_the_limit(visit: Visit) -> None:
    async with testing.flooder(b"all work and no play ") as server:
        found = await visit(server.host, server.port, limit=2000)
    assert (found.status, found.end, len(found.banner)) == (Status.BANNER, End.LIMIT, 2000)


async def test_a_drip_ends_at_the_deadline_with_what_had_come(visit: Visit) -> None:
    timeouts = Timeouts(connect=1, read=0.7, total=5)
    async with testing.dripper(b"z", every=0.25) as server:
        assert await once(
            lambda: visit(server.host, server.port, timeouts=timeouts),
            lambda one: outcome(one) in [(Status.BANNER, End.DEADLINE, b"z" * times) for times in (2, 3, 4)],
        )


async def test_half_a_greeting_then_nothing(visit: Visit) -> None:
    async with testing.greeter(SSH[:20]) as server:
        found = await visit(server.host, server.port, timeouts=QUICK)
    assert outcome(found) == (Status.BANNER, End.DEADLINE, SSH[:20])


async def test_half_a_greeting_then_the_end(visit: Visit) -> None:
    async with testing.closer(SSH[:20]) as server:
        assert outcome(await visit(server.host, server.port)) == (Status.BANNER, End.EOF, SSH[:20])


async def test_half_a_greeting_then_a_reset(visit: Visit) -> None:
    async with testing.resetter(SSH[:20]) as server:
        assert outcome(await visit(server.host, server.port)) == (Status.BANNER, End.RESET, SSH[:20])


async def test_silence(visit: Visit) -> None:
    async with testing.silent() as server:
        found = await visit(server.host, server.port, timeouts=Timeouts(connect=60, read=0.4, total=60))
    assert outcome(found) == (Status.SILENT, None, b"")
    assert found.connections == 1
    assert found.timings.total is not None
    assert 0.35 < found.timings.total < LATE


async def test_a_close_before_any_byte(visit: Visit) -> None:
    async with testing.closer() as server:
        assert outcome(await visit(server.host, server.port)) == (Status.CLOSED, None, b"")


@pytest.mark.parametrize("delay", [None, 0, 0.1])
async def test_a_reset_before_any_byte(visit: Visit, delay: float | None) -> None:
    async with testing.resetter(delay=delay) as server:
        found = await visit(server.host, server.port)
    assert outcome(found) == (Status.RESET, None, b"")
    assert found.connections == 1


async def test_a_refusal(visit: Visit) -> None:
    async with testing.refuser() as server:
        found = await visit(server.host, server.port)
    assert outcome(found) == (Status.REFUSED, None, b"")
    assert found.connections == 0
    assert found.probe is None
    assert found.error is not None
    assert "refused" in found.error.lower()


async def test_no_answer_in_time(visit: Visit) -> None:
    async with testing.overloaded() as server:
        found = await visit(server.host, server.port, timeouts=Timeouts(connect=0.3, read=60, total=60))
    assert outcome(found) == (Status.TIMEOUT, None, b"")
    assert found.timings.total is not None
    assert 0.25 < found.timings.total < LATE


async def test_the_deadline_covers_every_phase(visit: Visit) -> None:
    timeouts = Timeouts(connect=60, read=60, total=1.5)
    async with testing.overloaded() as full, testing.silent() as mute, testing.greeter(SSH[:9]) as half:
        for server, status in ((full, Status.TIMEOUT), (mute, Status.SILENT), (half, Status.BANNER)):
            found = await visit(server.host, server.port, timeouts=timeouts)
            assert found.status is status
            assert found.timings.total is not None
            assert 1.4 < found.timings.total < LATE


@needs_ipv6
async def test_ipv6(visit: Visit) -> None:
    async with testing.greeter(SSH, host="::1") as server:
        found = await visit("::1", server.port)
    assert outcome(found) == (Status.BANNER, End.COMPLETE, SSH)
    assert found.ip == "::1"


async def test_unreachable(visit: Visit) -> None:
    # TCP knows no multicast: the kernel itself answers ENETUNREACH, and sends nothing (tcp_v4_connect).
    found = await visit("224.0.0.1", 22, timeouts=QUICK)
    assert found.status is Status.UNREACHABLE
    assert found.connections == 0


async def test_a_link_local_address_of_an_interface(visit: Visit) -> None:
    if (address := link_local()) is None:
        pytest.skip("this machine has no link-local address")
    async with testing.greeter(SSH, host="::") as server:
        found = await visit(address, server.port)
    assert outcome(found) == (Status.BANNER, End.COMPLETE, SSH)
    closed = await visit(address, 1)
    assert closed.status is Status.REFUSED


@pytest.mark.parametrize("zone", ["nowhere0", "4294967294", "99999999999"])
async def test_an_interface_that_is_not_there_is_told_at_once(visit: Visit, zone: str) -> None:
    found = await visit(f"fe80::1%{zone}", 22, timeouts=QUICK)
    assert (found.status, found.error) == (Status.UNREACHABLE, "ENODEV: No such device")


class Forbid:
    def refusal(self, ip: str, port: int) -> str | None:
        return "excluded" if ip == "127.0.0.1" else None


async def test_what_a_policy_forbids_is_denied_and_nothing_is_sent(visit: Visit) -> None:
    async with testing.greeter(SSH) as server:
        found = await visit("127.0.0.1", server.port, policy=Forbid())
        named = await visit("localhost", server.port, policy=Forbid())
        assert server.connections == 0
    assert (found.status, found.error) == (Status.DENIED, "excluded")
    assert named.status is not Status.BANNER


async def test_a_name_is_tried_at_each_of_its_addresses(visit: Visit) -> None:
    async with testing.greeter(SSH, host="127.0.0.1") as server:
        found = await visit("localhost", server.port)
    assert found.status is Status.BANNER
    assert found.ip == "127.0.0.1"
    assert found.host == "localhost"
    assert found.timings.dns is not None


async def test_a_name_without_addresses(visit: Visit) -> None:
    # ".onion" is never asked for outside (RFC 7686): the resolver itself says that there is no such name.
    found = await visit("banner-test.onion", 22)
    assert found.status is Status.DNS_ERROR
    assert found.error
    assert found.connections == 0


async def test_the_service_is_told(visit: Visit) -> None:
    async with testing.greeter(SSH) as server:
        found = await visit(server.host, server.port)
    assert found.service is not None
    assert (found.service.name, found.service.product, found.service.version) == ("ssh", "OpenSSH", "9.2p1")


def test_mysql_of_the_tests_is_a_whole_packet() -> None:
    assert struct.unpack("<I", MYSQL[:4])[0] == len(MYSQL) - 4
