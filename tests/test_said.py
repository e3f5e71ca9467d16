"""What a record says was said is what the peer heard: no hello less, no byte more or less."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import pytest

from banner import Grab, Mode, Target, Timeouts, grab, scan
from banner.plan.hellos import MOST, MUTE, SAID

PORTS = (
    21,
    22,
    25,
    80,
    110,
    143,
    389,
    443,
    465,
    993,
    1883,
    3306,
    5060,
    5432,
    6379,
    6667,
    8443,
    11211,
    23456,
    31337,
)
"""Twenty: of who speaks first, of who waits, inside TLS, and of which nothing is known."""
ON_ONE = [pytest.param(mode, marks=pytest.mark.one_loop) for mode in (Mode.TLS, Mode.LISTEN)]
QUICK = Timeouts(connect=2, read=0.4, total=2.5)


HELLOS = {
    "tls": re.compile(rb"\x16\x03[\x00\x01\x03]..\x01\x00", re.DOTALL),  # RFC 8446, 5.1; RFC 5246, E.1
    "http": re.compile(rb"GET / HTTP/1\.1\r\n"),
    "redis": re.compile(rb"\*1\r\n\$4\r\nPING"),
    # SSLRequest, or a start-up without one before it
    "postgresql": re.compile(
        rb"\x00\x00\x00\x08\x04\xd2\x16\x2f|(?<!\x00\x00\x00\x08\x04\xd2\x16\x2f)\x00\x00\x00\x09\x00\xff\x00\x00\x00"
    ),
}
"""How some begin: so often as the record names them they were heard."""


@dataclass
class Heard:
    """What one peer wrote down."""

    connections: list[bytearray] = field(default_factory=list)
    written: int = 0

    @property
    def whole(self) -> bytes:
        """All of it, connection by connection."""
        return b"".join(self.connections)


@dataclass
class Peer:
    """The peer's side of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: Heard
    data: bytearray

    async def hear(self) -> bytes:
        """What comes next, written down; empty at the end."""
        with contextlib.suppress(ConnectionError):
            data = await self.reader.read(65536)
            self.data += data
            return data
        return b""

    def say(self, data: bytes) -> None:
        """Say it, and write down how much that was."""
        self.writer.write(data)
        self.heard.written += len(data)

    async def hear_out(self) -> None:
        """Write down all that comes until the other side is gone."""
        while await self.hear():
            pass


GARBAGE = bytes(range(128, 256)) * 2


async def silent(peer: Peer) -> None:
    await peer.hear_out()


async def echoing(peer: Peer) -> None:
    while data := await peer.hear():
        peer.say(data)


async def closing(peer: Peer) -> None:
    peer.writer.write_eof()
    await peer.hear_out()


async def closing_when_spoken_to(peer: Peer) -> None:
    await peer.hear()
    peer.writer.write_eof()
    await peer.hear_out()


async def garbage(peer: Peer) -> None:
    peer.say(GARBAGE)
    await peer.hear_out()


async def garbage_when_spoken_to(peer: Peer) -> None:
    if await peer.hear():
        peer.say(GARBAGE)
    await peer.hear_out()


async def tarpit(peer: Peer) -> None:
    hearing = asyncio.ensure_future(peer.hear_out())
    while not hearing.done():
        peer.say(b"\x80")
        await asyncio.wait([hearing], timeout=0.05)


Manner = Callable[[Peer], Awaitable[None]]
# On addresses of this process: the ports are those of the protocols, and others may run the same at once.
MANNERS: dict[str, Manner] = {
    f"127.{100 + os.getpid() % 100}.{os.getpid() // 100 % 256}.{number}": manner
    for number, manner in enumerate(
        (silent, echoing, closing, closing_when_spoken_to, garbage, garbage_when_spoken_to, tarpit), 1
    )
}


class Recorders:
    """Peers that write down what they hear."""

    def __init__(self) -> None:
        self.heard: dict[tuple[str, int], Heard] = defaultdict(Heard)
        self.places: set[tuple[str, int]] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    async def serve(self, host: str, port: int, manner: Manner) -> asyncio.Server:
        async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._under_way.add(task)
            heard = self.heard[host, port]
            heard.connections.append(data := bytearray())
            try:
                with contextlib.suppress(ConnectionError):
                    await manner(Peer(reader, writer, heard, data))
            finally:
                self._under_way.discard(task)
                writer.close()

        return await asyncio.start_server(attend, host, port, backlog=64)

    def met(self, targets: list[Target]) -> list[Target]:
        """Those of `targets` at which a peer is: nearly all."""
        met = [target for target in targets if (target.host, target.port) in self.places]
        assert len(met) > 0.8 * len(targets)
        return met

    async def all_heard(self) -> None:
        """Every peer has seen the end of its connections."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))


@contextlib.asynccontextmanager
async def recorders(ports: Iterable[int]) -> AsyncIterator[Recorders]:
    """Peers of all manners on `ports`."""
    recorders = Recorders()
    async with contextlib.AsyncExitStack() as stack:
        for host, manner in MANNERS.items():
            for port in ports:
                try:
                    server = await recorders.serve(host, port, manner)
                except PermissionError:
                    pytest.skip("ports below 1024 are not permitted here")
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise
                    continue  # a program of this machine has the port on all addresses
                recorders.places.add((host, port))
                await stack.enter_async_context(server)
                stack.callback(server.close)
        yield recorders


async def visited(targets: list[Target], way: str, mode: Mode) -> list[Grab]:
    if way == "grab":
        return list(
            await asyncio.gather(
                *(grab(target.host, target.port, timeouts=QUICK, mode=mode) for target in targets)
            )
        )
    driver: Literal["sweep", "streams"] = "sweep" if way == "sweep" else "streams"
    async with scan(targets, timeouts=QUICK, mode=mode, driver=driver, per_host=1000) as results:
        return [grab async for grab in results]


def complaints(grab: Grab, heard: Heard, mode: Mode) -> list[str]:
    """In what the record does not tell what the peer heard and said."""
    whole, found = heard.whole, []
    if grab.connections > MOST.get(mode, 1) or len(grab.said) > SAID[mode]:
        found.append(f"{grab.connections} connections, said {grab.said}")
    if grab.sent != len(whole):
        found.append(f"sent {grab.sent}, heard {len(whole)}")
    if bool(grab.said) != bool(whole):
        found.append(f"said {grab.said}, heard {bytes(whole[:40])!r}")
    for name, hello in HELLOS.items():
        count = len(hello.findall(whole))
        if grab.said.count(name) != count:
            found.append(f"said {grab.said}, heard {name} {count} times")
    # One that is begun as the time ends may come to the peer when nobody waits for it any more.
    unmet = heard.connections and not heard.connections[-1] and (grab.timings.total or 0) >= QUICK.total - 0.1
    if len(heard.connections) - grab.connections not in ((0, 1) if unmet else (0,)):
        found.append(f"{grab.connections} connections, {len(heard.connections)} came")
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL, *ON_ONE])
@pytest.mark.parametrize("way", ["sweep", "streams", "grab"])
async def test_a_record_tells_what_its_peer_heard(way: str, mode: Mode) -> None:
    targets = [Target(host, port) for host in MANNERS for port in PORTS]
    # A peer in a busy process may answer when nobody waits any more: what is wrong is looked at again.
    wrong = await untold(targets, way, mode)
    for _ in range(2):
        wrong = await untold(list(wrong), way, mode) if wrong else wrong
    assert not wrong, "\n".join(f"{target}: {found}" for target, found in wrong.items())


async def untold(targets: list[Target], way: str, mode: Mode) -> dict[Target, list[object]]:
    """Whose records do not tell what the peer heard and said, and in what."""
    async with recorders({target.port for target in targets}) as peers:
        targets = peers.met(targets)
        grabs = await visited(targets, way, mode)
        await peers.all_heard()
    wrong: dict[Target, list[object]] = {}
    for got in grabs:
        heard, manner = peers.heard[got.host, got.port], MANNERS[got.host]
        found = complaints(got, heard, mode)
        if got.received > heard.written or (manner is not tarpit and got.received != heard.written):
            found.append(f"received {got.received}, {heard.written} were said")
        if found:
            wrong[Target(got.host, got.port)] = [manner.__name__, *found, got.said]
    assert len(grabs) == len(targets)
    return wrong


@pytest.mark.timeout(120)
@pytest.mark.one_loop
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL, Mode.TLS])
@pytest.mark.parametrize("way", ["sweep", "streams", "grab"])
async def test_nothing_is_written_to_printers_and_controllers(way: str, mode: Mode) -> None:
    targets = [Target(host, port) for host in MANNERS for port in sorted(MUTE)]
    async with recorders(MUTE) as peers:
        targets = peers.met(targets)
        grabs = await visited(targets, way, mode)
        await peers.all_heard()
    spoken_to = {place: heard.whole for place, heard in peers.heard.items() if heard.whole}
    assert len(peers.heard) == len(targets)
    assert not spoken_to
    assert not [grab for grab in grabs if grab.said or grab.sent]
