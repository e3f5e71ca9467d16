"""grab() over UDP: what a peer does, and what the record says of it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import pytest

import banner
from banner import Grab, Policy, Status, Timeouts, testing
from banner.testing import udp
from banner.visit import udp as sockets

SOON = Timeouts(read=0.5)


async def ask(server: udp.Server, **more: object) -> Grab:
    return await banner.grab(server.host, server.port, transport="udp", **more)  # type: ignore[arg-type]


@pytest.fixture(params=["heard", "connected"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With Linux's queue of errors, and as on systems that have none."""
    if request.param == "connected":
        monkeypatch.setattr(sockets, "_ERRORS", {})
    return str(request.param)


async def test_an_answer(way: str) -> None:
    async with udp.answerer(b"hello there") as server:
        grab = await ask(server, tag="mine")
    assert (grab.status, grab.banner, grab.end) == (Status.BANNER, b"hello there", banner.End.COMPLETE)
    assert (grab.transport, grab.tag, grab.connections, grab.said) == ("udp", "mine", 0, ("empty",))
    assert (grab.sent, grab.received) == (0, 11)
    assert grab.details == {"datagrams": 1, "amplification": 11.0}
    assert grab.timings.first_byte is not None
    assert grab.timings.total is not None
    assert 0 <= grab.timings.first_byte <= grab.timings.total
    assert server.received == [b""]


async def test_an_empty_answer_is_no_end_of_file(way: str) -> None:
    async with udp.answerer(b"") as server:
        grab = await ask(server)
    assert (grab.status, grab.banner, grab.received, grab.error) == (Status.BANNER, b"", 0, None)


async def test_silence_is_no_service(way: str) -> None:
    async with udp.silent() as server:
        grab = await ask(server, timeouts=SOON)
    assert (grab.status, grab.service, grab.banner, grab.error) == (Status.SILENT, None, b"", None)
    assert len(server.received) == 1


async def test_a_refusal(way: str) -> None:
    async with udp.refuser() as server:
        grab = await ask(server)
    assert (grab.status, grab.service, grab.end) == (Status.REFUSED, None, None)
    assert grab.error == "ECONNREFUSED: Connection refused"


async def test_over_ipv6(way: str) -> None:
    async with udp.answerer(b"six", host="::1") as server:
        assert (await ask(server)).banner == b"six"
    assert (await ask(server)).status is Status.REFUSED


@pytest.mark.skipif(sys.platform != "linux", reason="where it is sent to is Linux' choice")
@pytest.mark.parametrize(
    ("host", "at"),
    [
        ("::1%lo", "::1"),
        ("::1%1", "::1"),
        ("::", "::1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::ffff:7f00:1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::ffff:0.0.0.0", "127.0.0.1"),
    ],
)
async def test_whatever_an_address_looks_like_it_is_heard_and_refuses(way: str, host: str, at: str) -> None:
    async with udp.answerer(b"heard", host=at) as server:
        grab = await banner.grab(host, server.port, transport="udp")
        assert (grab.status, grab.banner, "from_elsewhere" in grab.details) == (
            Status.BANNER,
            b"heard",
            False,
        )
    refused = await banner.grab(host, server.port, transport="udp")
    assert (refused.status, refused.ip) == (Status.REFUSED, grab.ip)


async def test_a_name_has_its_addresses_tried_in_order() -> None:
    """One that refuses costs a datagram; the next one may answer."""

    class Names:
        async def resolve(self, host: str) -> list[str]:
            return ["127.0.0.3", "127.0.0.1"]

    async with udp.answerer(b"second") as server:
        grab = await banner.grab("two.test", server.port, transport="udp", resolver=Names())  # type: ignore[arg-type]
    assert (grab.ip, grab.banner, grab.details["datagrams"]) == ("127.0.0.1", b"second", 2)


async def test_an_echo_is_told_as_such() -> None:
    async with udp.echo() as server:
        grab = await ask(server, mode="full")
    assert grab.service is not None
    assert grab.service.name == "echo"
    assert grab.details["amplification"] == 1.0


@pytest.mark.skipif(sys.platform != "linux", reason="a connected socket hears nobody else")
async def test_who_answers_from_another_port_is_heard() -> None:
    async with udp.from_another_port(b"\x00\x05\x00\x01File not found\x00") as server:
        grab = await ask(server)
    assert grab.status is Status.BANNER
    assert grab.banner.startswith(b"\x00\x05")
    assert grab.details["from_port"] != server.port


@pytest.mark.skipif(sys.platform != "linux", reason="a connected socket hears nobody else")
async def test_who_answers_from_another_address_is_counted_and_not_heard() -> None:
    async with udp.from_another_address(b"forged") as server:
        grab = await ask(server, timeouts=Timeouts(read=1))
    assert (grab.status, grab.banner, grab.received) == (Status.SILENT, b"", 0)
    assert grab.details == {"datagrams": 1, "from_elsewhere": 1}


async def test_of_a_flood_a_few_datagrams_are_read(way: str) -> None:
    async with udp.flooder(b"x" * 1400, 200) as server:
        grab = await ask(server, mode="full")
    assert grab.status is Status.BANNER
    assert grab.end is banner.End.LIMIT
    assert grab.received <= 16 * 1400
    assert len(grab.banner) == 1024
    assert grab.details["datagrams"] == 1


async def test_of_a_flood_of_the_largest_two_are_read(way: str) -> None:
    async with udp.flooder(b"x" * 65507, 20) as server:
        grab = await ask(server)
    assert (grab.status, grab.end) == (Status.BANNER, banner.End.LIMIT)
    assert grab.received <= 2 * 65507


async def test_the_largest_datagram_is_cut_and_said_so(way: str) -> None:
    async with udp.answerer(b"y" * 65507) as server:
        grab = await ask(server, limit=100_000, max_bytes=50_000)
    assert (len(grab.banner), grab.end, grab.received) == (50_000, banner.End.LIMIT, 65507)


async def test_a_storm_of_refusals_is_one(way: str) -> None:
    """Of a port that answers now and then refuses: each target has its own socket, and its own outcome."""
    async with udp.refuser() as closed, udp.answerer(b"open") as server:
        grabs = await asyncio.gather(*[ask(server if n % 2 else closed) for n in range(40)])
    assert [g.status for g in grabs] == [Status.REFUSED, Status.BANNER] * 20


async def test_what_is_denied_is_not_asked() -> None:
    async with udp.answerer(b"never") as server:
        grab = await ask(server, policy=Policy(deny=["127.0.0.0/8"]))
    assert grab.status is Status.DENIED
    assert grab.transport == "udp"
    assert server.received == []


async def test_a_name_that_is_none_says_so() -> None:
    class Nobody:
        async def resolve(self, host: str) -> list[str]:
            return []

    grab = await banner.grab("nobody.test", 53, transport="udp", resolver=Nobody())  # type: ignore[arg-type]
    assert (grab.status, grab.transport, grab.probe) == (Status.DNS_ERROR, "udp", None)


async def test_a_way_that_is_not_there_is_unreachable(way: str) -> None:
    grab = await banner.grab("fe80::1%nowhere0", 9, transport="udp")
    assert grab.status is Status.UNREACHABLE
    assert (grab.said, grab.sent, grab.probe, grab.details) == ((), 0, None, {})


@pytest.mark.skipif(sys.platform != "linux", reason="there a socket is watched with a second descriptor")
async def test_one_descriptor_is_too_few() -> None:
    """The socket can be had, and what watches it not: that is no fault of ours, and nothing stays open."""
    import resource

    async with udp.answerer(b"pong") as server:
        assert (await ask(server)).status is Status.BANNER
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        os.close(last := os.dup(0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, limits[1]))
        try:
            grab = await ask(server, timeouts=Timeouts(total=0.3))
            os.close(os.dup(0))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert (grab.status, grab.error) == (Status.LOCAL_ERROR, "EMFILE: Too many open files")


async def test_a_transport_is_tcp_or_udp() -> None:
    with pytest.raises(ValueError, match="tcp, udp"):
        await banner.grab("127.0.0.1", 9, transport="sctp")


async def test_cancelled_it_leaves_no_socket() -> None:
    async with udp.silent() as server:
        task = asyncio.ensure_future(ask(server))
        while not server.received:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with socket.socket(
        socket.AF_INET, socket.SOCK_DGRAM
    ) as probe:  # an unclosed one is a warning, and an error
        probe.close()


async def test_a_servers_mistake_is_raised() -> None:
    def mistake(data: bytes) -> bytes:
        raise RuntimeError("mistake")

    with pytest.raises(RuntimeError, match="mistake"):
        async with testing.udp.answerer(mistake) as server:
            await ask(server, timeouts=SOON)
