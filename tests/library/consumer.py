"""A consumer's module that uses every public name: for mypy and pyright, strictly; nothing of it is run."""

from __future__ import annotations

import gzip
import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, assert_type, cast

import banner


def talk(wire: banner.Wire) -> Generator[banner.Want, None, banner.Service | None]:
    try:
        line = yield from wire.line()
    except banner.Ended as ended:
        assert_type(ended.end, banner.End)
        return None
    assert_type(line, bytes)
    assert_type(wire.host, str)
    assert_type(wire.manners, banner.Manners)
    wire.send(b"x")
    secure = yield from wire.start_tls()
    assert_type(secure, bool)
    wire.details["count"] = 1
    return banner.Service("count", version=line.decode())


class Seen:
    """A trace."""

    def opened(self, target: banner.Target, ip: str) -> None: ...
    def sent(self, target: banner.Target, data: bytes) -> None: ...
    def received(self, target: banner.Target, data: bytes) -> None: ...
    def inside(self, target: banner.Target, data: bytes, *, sent: bool) -> None: ...
    def secured(self, target: banner.Target, tls: banner.Tls) -> None: ...
    def decided(self, target: banner.Target, why: str) -> None: ...
    def ended(self, target: banner.Target, grab: banner.Grab) -> None: ...


class Writer:
    """What a format writes with."""

    def __init__(self, file: BinaryIO) -> None: ...
    def write(self, grabs: Iterable[banner.Grab]) -> None: ...
    def close(self) -> None: ...


def lines(parts: Iterator[bytes]) -> Iterator[banner.Grab]:
    yield from map(banner.Grab.from_json, parts)


COUNT = banner.Probe("count", talk=talk, ports=(7999,), greets=True)
PLACES = banner.Format("places", Writer, suffixes=(".places",), read=lambda parts, bad: lines(parts))
TRACE: banner.Trace = Seen()
WAY: banner.Source | None = banner.source("192.0.2.7", interface="eth0")
SETTINGS = banner.Settings(
    mode=banner.Mode.FULL,
    timeouts=banner.Timeouts(connect=1, read=2.5),
    manners=banner.Manners(ehlo="a.example"),
    policy=banner.Policy(allow=["global"], ports="22"),
    rules=banner.Rules("folder"),
    own=(COUNT,),
    source=WAY,
)


async def visits() -> None:
    hosts = banner.targets("192.0.2.0/24", ports=[22, 80], exclude="192.0.2.1", seed=1, shard=(1, 2))
    assert_type(hosts, banner.NamedTargets)
    assert_type(hosts[0], banner.Target)
    assert_type(hosts[10:20], Sequence[banner.Target])
    async with banner.scan(hosts[10:20]) as some:
        assert_type(some.progress(), banner.Progress)
    assert_type(hosts.size, int | None)
    async with (
        banner.Resolver(timeout=2, nameservers=["192.0.2.53"]) as resolver,
        banner.scan(hosts, resolver=resolver, settings=SETTINGS, keep="scan.jsonl") as results,
    ):
        assert_type(results, banner.Scan)
        async for grab in results:
            looked_at(grab)
        async for batch in results.batches():
            assert_type(batch, list[banner.Grab])
        progress = results.progress()
        assert_type(progress, banner.Progress)
        assert_type(progress.left, int | None)
        assert_type(progress.statuses, dict[banner.Status, int])
    target = banner.Target("h", 1, transport=banner.Transport.UDP, via="socks5://192.0.2.1:1080")
    async with banner.scan([target], trace=TRACE, probes=["ssh", COUNT], without=["http"]):
        pass
    looked_at(await banner.grab("h", 1, transport="udp", mode="full", policy=Hours(), trace=TRACE))


class Hours:
    """A policy of one's own."""

    def refusal(self, ip: str, port: int) -> str | None: ...


def looked_at(grab: banner.Grab) -> None:
    assert_type(grab.status, banner.Status)
    assert_type(grab.end, banner.End | None)
    assert_type(grab.banner, bytes)
    assert_type(grab.text, str)
    assert_type(grab.where, str)
    assert_type(grab.datetime, datetime)
    assert_type(grab.timings, banner.Timings)
    assert_type(grab.transport, banner.Transport)
    if grab.tls is not None and (certificate := grab.tls.certificate) is not None:
        assert_type(certificate, banner.Certificate)
        assert_type(certificate.names, tuple[str, ...])
        assert_type(certificate.chain, tuple[banner.Issued, ...])
    ssh = cast(banner.details.SshDetails, grab.details)
    assert_type(ssh.get("kex_algorithms"), list[str] | None)
    try:
        assert_type(grab.raise_for_status(), banner.Grab)
    except banner.GrabError as error:
        assert_type(error.grab, banner.Grab)
    assert_type(banner.Grab.from_json(grab.to_json()), banner.Grab)


def files() -> None:
    found = banner.read("scan.jsonl", lambda number, reason: print(number + 1, reason.upper()))
    assert_type(banner.write("scan.csv", found, append=True), int)
    with gzip.open("scan.jsonl.gz", "wb") as packed, io.StringIO() as text, open("scan.db", "rb") as database:
        banner.write(packed, banner.read(database))
        banner.write(text, banner.read(io.BytesIO()), form="csv")
    with gzip.open("scan.jsonl.gz", "rt") as lines_of_text:
        banner.write("scan.jsonl", banner.read(lines_of_text))
    banner.to_arrow(found)
    assert_type(banner.identify(b"", port=22), banner.Service | None)
    assert_type(banner.__version__, str)
